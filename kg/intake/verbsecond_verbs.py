"""Finds the reporting verbs of a verb-second sentence, their split parts, and their subjects.

In: a reading and the parts of one sentence. Out: `Verb` values, left to right, and the mention that
is a verb's subject. What the verbs report is read by `kg.intake.verbsecond_content`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.intake.cues import Cue
from kg.intake.drafts import skip_connectives
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    MODAL,
    NEG,
    PLURAL,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    VERB,
)
from kg.intake.phrases import Mention, phrase_from
from kg.intake.proposal import TextSpan
from kg.intake.verbsecond_parts import Parts, clause_speaker, has_finite, noun_phrase, words

if TYPE_CHECKING:
    from kg.intake.drafts import Reading
    from kg.intake.language import CueForm

__all__ = ["Verb", "document_of", "find_verbs", "relative_span", "verb_subject"]

FINITE = AUX | MODAL | BE | VERB


@dataclass(frozen=True, slots=True)
class Verb:
    """One reporting verb: its cue, its part, and whether others are its object."""

    cue: Cue
    part: int
    is_passive: bool
    is_last: bool


def find_verbs(reading: Reading, parts: Parts) -> list[Verb]:
    """Return the reporting verbs of a sentence, left to right."""
    stream, table = reading.stream, reading.language.cue_forms
    found = []
    for number, (first, last) in enumerate(parts.ranges):
        helper = next(
            (
                i
                for i in range(first, last)
                if stream.flags[i] & (AUX | MODAL) and _is_lower(reading, i)
            ),
            -1,
        )
        for item in range(first, last):
            if stream.low[item] not in table or stream.flags[item] & (CAP | QUOTE):
                continue
            verb = _verb(reading, parts, number, item, helper)
            if verb is not None:
                found.append(verb)
    return found


def _is_lower(reading: Reading, item: int) -> bool:
    return not reading.stream.flags[item] & CAP or item == 0


def _verb(reading: Reading, parts: Parts, number: int, item: int, helper: int) -> Verb | None:
    stream = reading.stream
    first, last = parts.ranges[number]
    if (
        stream.flags[item - 1] & DET
        and item > first
        and item + 1 < last
        and (stream.flags[item + 1] & CAP)
    ):
        return None
    for form in reading.language.cue_forms[stream.low[item]]:
        tail = _tail(reading, form, item, last)
        if tail < 0:
            continue
        is_aux = helper >= 0 and helper != item
        if form.shape == "participle" and not is_aux:
            continue
        if form.shape == "infinitive" and not (
            is_aux and stream.flags[helper] & MODAL and item == last - 1
        ):
            continue
        if (
            form.shape == "finite"
            and is_aux
            and not form.tail
            and _has_shape(reading, item, "participle")
        ):
            continue
        if form.shape == "finite" and is_aux and item not in (first, last - 1) and helper < item:
            continue
        passive = form.shape == "participle" and stream.low[helper] in words(
            reading, "passive_verbs"
        )
        begin = min(item, helper) if form.shape == "participle" and helper == item - 1 else item
        negated = any(stream.flags[i] & NEG for i in range(item, min(item + 2, last)))
        cue = Cue(begin, item + 1, item, form, "finite", is_negated=negated)
        is_last = item >= last - 1 or (helper == last - 1 and item == last - 2)
        return Verb(cue, number, passive, is_last)
    return None


def _has_shape(reading: Reading, item: int, shape: str) -> bool:
    return any(form.shape == shape for form in reading.language.cue_forms[reading.stream.low[item]])


def _tail(reading: Reading, form: CueForm, item: int, last: int) -> int:
    """Return where the split part of the verb stands (`teilte … mit`); its own place if none."""
    if not form.tail:
        return item
    lows = reading.stream.low
    length = len(form.tail)
    if tuple(lows[max(0, item - length) : item]) == form.tail:
        return item - length
    for place in range(item + 1, last - length + 1):
        if tuple(lows[place : place + length]) == form.tail:
            return place
    return -1


def verb_subject(reading: Reading, verb: Verb, parts: Parts) -> Mention | None:  # noqa: C901, PLR0912 - one condition a line
    """The subject of a reporting verb: before it, after it, or before its relative clause."""
    stream = reading.stream
    first, last = parts.ranges[verb.part]
    cue = verb.cue
    if verb.is_passive:
        for item in range(first, cue.verb):
            if stream.low[item] in words(reading, "agent_prepositions"):
                return noun_phrase(reading, item + 1, cue.verb)
        return None
    begin = skip_connectives(reading, first, last)
    is_relative = (
        verb.is_last
        and verb.part > 0
        and (stream.flags[begin] & DET or stream.flags[begin] & REL)
        and stream.low[begin] in words(reading, "nominative_relatives")
    )
    if is_relative and _is_pronoun(reading, begin, last):
        before = parts.ranges[verb.part - 1]
        here = before[1] - 1
        while here > before[0] and not stream.flags[here - 1] & (PUNCT | PREP | FINITE | ADV):
            here -= 1
            if stream.flags[here] & DET:
                break
        return phrase_from(stream, reading.language, here, before[1])
    if cue.form.lemma in words(reading, "naming_verb"):
        return document_of(reading, first, last)
    after = stream.flags[cue.last] if cue.last < last else PUNCT
    if (
        after & PRON
        and stream.low[cue.last] in words(reading, "subject_forms")
        and cue.first > begin
    ):
        return Mention(cue.last, cue.last + 1, is_pronoun=True, flags=after)
    mention = clause_speaker(reading, begin, cue.first)
    opens = cue.first == begin and verb.part > 0 and not stream.flags[first] & COORD
    if (
        mention is None
        and opens
        and not any(has_finite(reading, parts, n) for n in range(verb.part))
    ):
        mention = clause_speaker(reading, *parts.ranges[0])
    if mention is None:
        mention = clause_speaker(reading, cue.last, last)
    if mention is None and verb.part > 0 and not has_finite(reading, parts, verb.part - 1):
        mention = clause_speaker(reading, parts.ranges[0][0], parts.ranges[0][1])
    if mention is None and verb.part > 0:
        head = parts.ranges[0]
        flag = stream.flags[first - 1] if first else 0
        if cue.first == first and not flag & COMP:
            mention = clause_speaker(reading, head[0], head[1])
    return mention


def relative_span(
    reading: Reading, verb: Verb, parts: Parts, mention: Mention | None
) -> TextSpan | None:
    """The relative pronoun itself, where the speaker stands before its clause."""
    stream = reading.stream
    first = parts.ranges[verb.part][0]
    if mention is None or not verb.is_last or mention.last > first:
        return None
    if stream.low[first] not in words(reading, "nominative_relatives"):
        return None
    return TextSpan(stream.start[first], stream.end[first])


def _is_pronoun(reading: Reading, item: int, last: int) -> bool:
    """Whether `der`, `die`, `das` stands for a noun before it, and does not open a phrase."""
    after = reading.stream.flags[item + 1] if item + 1 < last else PUNCT
    return not after & CAP and bool(after or not reading.stream.flags[item] & PLURAL)


def document_of(reading: Reading, first: int, last: int) -> Mention | None:
    """`In dem Bericht heißt es`, `heißt es aus Berlin`: the document or place is the voice."""
    stream = reading.stream
    for item in range(first, last):
        if stream.low[item] in words(reading, "document_prepositions"):
            return noun_phrase(reading, item + 1, last)
    return None
