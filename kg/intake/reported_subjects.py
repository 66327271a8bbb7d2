"""Finds and tests the subject of a reporting verb that is followed by its content.

In: a reading, a verb and its sentence. Out: the mention that speaks, or the draft whose speaker it
shares; and whether such a subject can govern such a verb. Finding phrases is done elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import Cue
from kg.intake.drafts import Draft, Reading
from kg.intake.flags import (
    ADV,
    CAP,
    COMP,
    COORD,
    DET,
    FIRST,
    NUMBER,
    PLURAL,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SOURCE,
    SUB,
    TIME,
)
from kg.intake.phrases import Mention, is_agent, phrase_from
from kg.intake.proposal import TextSpan
from kg.intake.subjects import clause_subject, subject_before

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["agrees", "can_speak", "is_inside", "relative_span", "subject_of"]


def is_inside(reading: Reading, cue: Cue, number: int) -> bool:
    """Whether the verb stands inside a statement already read in this sentence."""
    place = reading.stream.start[cue.verb]
    return any(
        span.start <= place < span.end
        for draft in reading.drafts[-4:]
        if draft.sentence == number
        for span in draft.content
    )


def relative_span(reading: Reading, cue: Cue, number: int) -> TextSpan | None:
    """The relative pronoun itself, where it is the verb's subject."""
    stream = reading.stream
    before = cue.first - 1
    while before > reading.sentence(number).first and stream.flags[before] & ADV:
        before -= 1
    if (
        before >= reading.sentence(number).first
        and stream.flags[before] & (REL | (COMP if reading.language.has("zero_complement") else 0))
        and not (stream.flags[before] & (CAP | DET))
    ):
        return TextSpan(stream.start[before], stream.end[before])
    return None


def agrees(reading: Reading, cue: Cue, mention: Mention) -> bool:
    """Whether a form that shows number fits its subject (`states` is no verb of `the poor`)."""
    stream, language = reading.stream, reading.language
    if not language.has("bare_infinitive") or cue.first < cue.verb or cue.shape != "finite":
        return True
    low, lemma = stream.low[cue.verb], cue.form.lemma.split()[0]
    if low in language.lists.get("same_past", ()):
        return True
    is_base = low == lemma
    if not is_base and not (low.endswith("s") and low.startswith(lemma[:-1])):
        return True
    head = stream.low[mention.last - 1]
    first = stream.flags[mention.first]
    joined = any(
        stream.flags[item] & COORD and not stream.flags[item] & CAP
        for item in range(mention.first, mention.last)
    )
    is_plural = (
        bool(first & PLURAL)
        or joined
        or (
            head.endswith("s")
            and not head.endswith(("'s", "ss", "us"))
            and not (stream.flags[mention.last - 1] & CAP)
        )
        or head in language.lists.get("plural_heads", ())
    )
    plural_inside = any(
        stream.low[item].endswith("s")
        and not stream.low[item].endswith(("ss", "us", "is"))
        and not stream.flags[item] & (CAP | POSS | PREP | DET)
        and not stream.low[item].endswith("'s")
        for item in range(mention.first, mention.last)
    )
    relative = cue.first - 1 >= 0 and stream.flags[cue.first - 1] & REL
    if relative:
        return True
    if mention.is_pronoun:
        return is_base == (
            bool(first & PLURAL)
            or bool(first & FIRST)
            or head in language.lists.get("plural_heads", ())
        )
    if joined and _is_joined_name(reading, mention):
        return True
    if is_base:
        return (
            is_plural
            or plural_inside
            or bool(mention.has_name and stream.low[mention.name_last - 1].endswith("s"))
        )
    return not is_plural or (mention.has_name and not joined)


def _is_joined_name(reading: Reading, mention: Mention) -> bool:
    """`the Marine and Coastal Union`: capitals on both sides may be one name or two."""
    flags = reading.stream.flags
    return any(
        flags[item] & COORD and flags[item - 1] & CAP and flags[item + 1] & CAP
        for item in range(mention.first + 1, mention.last - 1)
    )


def can_speak(reading: Reading, cue: Cue, mention: Mention) -> bool:
    """Whether this phrase can be the subject of this verb."""
    stream = reading.stream
    if mention.is_pronoun:
        return stream.low[mention.first] not in reading.language.lists.get("expletive", ())
    if is_agent(mention):
        return True
    return bool(cue.form.group.frames & {"incise", "infinitive", "accuse"})


def subject_of(reading: Reading, cue: Cue, number: int) -> tuple[Mention | None, Draft | None]:
    """Return the mention that is the verb's subject, or the draft whose speaker it shares."""
    stream, language = reading.stream, reading.language
    sentence = reading.sentence(number)
    here = [draft for draft in reading.drafts[-4:] if draft.sentence == number and draft.cue]
    if cue.inverted >= 0:
        return Mention(cue.inverted, cue.inverted + 1, is_pronoun=True, flags=PRON), None
    if cue.shape in ("gerund", "infinitive"):
        attached = _attached_subject(reading, cue, sentence)
        if attached is not None:
            return attached, None
        if here:
            return None, here[-1]
        subject = clause_subject(stream, language, sentence.first, cue.first)
        if subject is None and reading.drafts and number - reading.drafts[-1].sentence <= 2:
            return None, reading.drafts[-1]
        return subject, None
    before = stream.flags[cue.first - 1] if cue.first > sentence.first else 0
    if before & COORD and here and not before & CAP:
        return None, here[-1]
    mention = subject_before(stream, language, sentence.first, cue.first)
    if mention is None and here:
        return None, here[-1]
    return mention, None


def _attached_subject(reading: Reading, cue: Cue, sentence: Sentence) -> Mention | None:
    """A participle right after a noun phrase that can speak: `un discours de X jugeant que`."""
    stream, language = reading.stream, reading.language
    if cue.shape != "gerund" or cue.first - 1 <= sentence.first:
        return None
    before = stream.flags[cue.first - 1]
    if before & (PUNCT | SUB | PREP | COORD | ADV | QUOTE | TIME | NUMBER):
        return None
    first = cue.first - 1
    while first > sentence.first and stream.flags[first - 1] & CAP and stream.flags[first] & CAP:
        first -= 1
    if not stream.flags[cue.first - 1] & CAP:
        mention = subject_before(stream, language, sentence.first, cue.first)
        if mention is None or not mention.flags & (SOURCE | ROLE):
            return None
        if not mention.flags & ROLE:
            subject = clause_subject(stream, language, sentence.first, mention.first)
            if subject is not None and is_agent(subject):
                return subject
        return mention
    return phrase_from(stream, language, first, cue.first)
