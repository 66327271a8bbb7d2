"""Reads wills, wishes, praise and invitations, which are attributed and yet not said as a clause.

In: a reading whose statements were read, and one sentence. Out: drafts whose rule begins with
`volition.`: `X entend V`, `X s'engage à V`, `X salue N`, `à l'invitation de X`. It is run only
where a caller asks; what somebody is reported to have said is read elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clause_starts import infinitive_after
from kg.intake.clauses import clause_end, skip_adverbials
from kg.intake.cues import Cue, find_cues, phrase_at
from kg.intake.drafts import Draft, Reading, content_form
from kg.intake.flags import CAP, DET, GROUP, PERSON_NOUN, PLURAL, POSS, QUOTE, REL, ROLE, TIME
from kg.intake.language import load_volitions
from kg.intake.phrases import Mention, phrase_from
from kg.intake.proposal import TextSpan
from kg.intake.reported_subjects import subject_of
from kg.intake.rules_verbs import before_new_predicate

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["read_volitions"]

ASIDE = 8
CONFIDENCE = 0.55
IMPERSONAL = ("x", "q")
HOLDS_WILL = ROLE | GROUP | PERSON_NOUN


def read_volitions(reading: Reading, number: int) -> None:
    """Add the drafts of one sentence's wills, where its language lists verbs for them."""
    wishing = load_volitions(reading.language.code)
    if wishing is None:
        return
    sentence = reading.sentence(number)
    stream = reading.stream
    said = find_cues(stream, reading.language, sentence.first, sentence.last)
    for cue in find_cues(stream, wishing, sentence.first, sentence.last):
        draft = _will(reading, cue, number, said)
        if draft is not None:
            reading.add(draft)
    for item in range(sentence.first, sentence.last):
        length = phrase_at(stream, wishing, item, "invitation")
        if length:
            _read_invitation(reading, number, item, length)


def _will(reading: Reading, cue: Cue, number: int, said: list[Cue]) -> Draft | None:
    """The draft of one verb of will, if it has a holder and something that is willed."""
    sentence = reading.sentence(number)
    if cue.shape not in ("finite", "gerund") or _lacks_reflexive(reading, cue):
        return None
    found = _willed(reading, cue, sentence, said)
    if found is None:
        return None
    first, last = found
    mention, shared = subject_of(reading, cue, number)
    if mention is None and shared is None:
        return None
    if mention is not None and not _holds_will(reading, mention):
        return None
    return Draft(
        content=[reading.span(first, last)],
        form=content_form(reading, first, last),
        rule="volition.verb",
        confidence=CONFIDENCE,
        sentence=number,
        cue=cue,
        mention=mention,
        same_speaker_as=shared,
    )


def _holds_will(reading: Reading, mention: Mention) -> bool:
    """Whether the phrase is somebody: a name, a role, a body, a pronoun that stands for one."""
    if mention.is_pronoun:
        word = reading.stream.low[mention.first].rsplit("-", 1)[-1]
        return reading.language.pronouns.get(word, "") not in IMPERSONAL
    return mention.has_name or bool(mention.flags & HOLDS_WILL)


def _lacks_reflexive(reading: Reading, cue: Cue) -> bool:
    """`s'engage à` is a will, `engage à` is none."""
    if not cue.takes("reflexive"):
        return False
    own = reading.language.lists.get("reflexives", frozenset())
    return not any(reading.stream.low[item] in own for item in range(cue.first - 1, cue.verb))


def _willed(
    reading: Reading, cue: Cue, sentence: Sentence, said: list[Cue]
) -> tuple[int, int] | None:
    """Find the infinitive or the noun phrase that the verb governs."""
    stream, language = reading.stream, reading.language
    here = cue.last
    if here >= sentence.last or stream.low[here] not in cue.form.group.links:
        here = _past_aside(reading, skip_adverbials(stream, language, here, sentence.last))
    if cue.takes("linked"):
        if here >= sentence.last or stream.low[here] not in cue.form.group.links:
            return None
        here += 1
    if cue.takes("infinitive"):
        infinitive = infinitive_after(stream, language, here, sentence.last)
        if infinitive >= 0:
            end = clause_end(stream, language, infinitive, sentence.last, cues=said)
            return infinitive, before_new_predicate(reading, infinitive, end)
    if not cue.takes("object") or here >= sentence.last:
        return None
    if not stream.flags[here] & (DET | POSS | QUOTE) and not cue.takes("linked"):
        return None
    end = clause_end(stream, language, here, sentence.last, cues=said)
    end = _end_of_object(reading, here, before_new_predicate(reading, here, end))
    return (here, end) if end > here + 1 else None


def _past_aside(reading: Reading, here: int) -> int:
    """`s'est félicitée, ce même jeudi, d'un …`: step over a time between commas."""
    stream = reading.stream
    if here >= len(stream.low) or stream.low[here] != ",":
        return here
    stop = min(len(stream.low), here + ASIDE)
    comma = next((item for item in range(here + 1, stop) if stream.low[item] == ","), -1)
    timed = (
        any(stream.flags[item] & TIME for item in range(here + 1, comma)) if comma > 0 else False
    )
    return comma + 1 if timed else here


def _end_of_object(reading: Reading, first: int, last: int) -> int:
    """A noun phrase ends before an apposition or a relative clause; a list behind a colon stays."""
    stream = reading.stream
    for item in range(first + 1, last - 1):
        if stream.low[item] == ":":
            return last
        if stream.low[item] == "," and stream.flags[item + 1] & (REL | DET):
            return item
    return last


def _read_invitation(reading: Reading, number: int, item: int, length: int) -> None:
    """`une visite à Moscou à l'invitation de X`: X invites to the visit, or to what `pour` says."""
    stream, language = reading.stream, reading.language
    sentence = reading.sentence(number)
    mention = phrase_from(stream, language, item + length, sentence.last, follow=True)
    if mention is None or not _holds_will(reading, mention):
        return
    span = _invited_to(reading, item, max(mention.last, mention.name_last), sentence)
    if span is None:
        return
    reading.add(
        Draft(
            content=[reading.span(*span)],
            form=content_form(reading, *span),
            rule="volition.invitation",
            confidence=CONFIDENCE,
            sentence=number,
            mention=mention,
            cue_span=TextSpan(stream.start[item], stream.end[item + length - 1]),
        )
    )


def _invited_to(
    reading: Reading, item: int, after: int, sentence: Sentence
) -> tuple[int, int] | None:
    """The purpose behind the host, else the visit named in the sentence."""
    stream, language = reading.stream, reading.language
    purposes = language.lists.get("purpose", frozenset())
    if after < sentence.last and stream.low[after] in purposes:
        infinitive = infinitive_after(stream, language, after + 1, sentence.last)
        if infinitive >= 0:
            return infinitive, clause_end(stream, language, infinitive, sentence.last, cues=())
    visits = language.lists.get("visits", frozenset())
    for noun in range(sentence.first + 1, sentence.last):
        determiner = noun - 1
        if stream.low[noun] not in visits or not stream.flags[determiner] & DET:
            continue
        if stream.flags[determiner] & (CAP | PLURAL) and noun < item:
            continue
        if noun < item:
            return determiner, item
        return determiner, clause_end(stream, language, determiner, sentence.last, cues=())
    return None
