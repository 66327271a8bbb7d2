"""Reads talk set off by dashes: `—Q —dijo X—. Q`, `— Q,— сказал X.— Q`.

In: a reading and one sentence that opens a paragraph. Out: one draft for the turn, its fragments on
both sides of the tag. A turn without a tag belongs to whom the paragraph before announced with a
colon; without either it is left to the other rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import Cue, find_cues
from kg.intake.drafts import Draft, Reading
from kg.intake.flags import ADV, COORD, PRON, PUNCT
from kg.intake.phrases import Mention, is_agent
from kg.intake.proposal import TextSpan
from kg.intake.subjects import clause_subject, subject_after, subject_before

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["read_dialogue"]

DASHES = ("—", "–", "―", "-")
ENDS = (".", "!", "?", "…")
LONGEST_TAG = 30
NEAR = 4


def read_dialogue(reading: Reading, number: int) -> bool:
    """Add the draft of a turn that begins here; tell if its paragraph holds a tag."""
    stream = reading.stream
    sentence = reading.sentence(number)
    if not sentence.opens_paragraph or sentence.last - sentence.first < NEAR:
        return False
    if stream.low[sentence.first] not in DASHES:
        return False
    end = number
    while (
        end + 1 < len(stream.sentences)
        and stream.sentences[end + 1].paragraph == sentence.paragraph
    ):
        end += 1
    last = stream.sentences[end].last
    first = sentence.first + 1
    for dash in range(first + 1, last - 1):
        if stream.low[dash] not in DASHES:
            continue
        tag = _tag(reading, dash, last)
        if tag is None:
            continue
        cue, mention, stop = tag
        _turn(
            reading, number, first=first, dash=dash, stop=stop, last=last, cue=cue, mention=mention
        )
        return True
    announced = _announced(reading, number)
    if announced is None:
        return False
    reading.add(
        Draft(
            content=[TextSpan(stream.start[first], stream.end[last - 1])],
            form="UnmarkedDirect",
            rule="dialogue.announced",
            confidence=0.8,
            sentence=number,
            mention=announced,
        )
    )
    reading.use(first, last)
    return True


def _tag(reading: Reading, dash: int, last: int) -> tuple[Cue, Mention, int] | None:
    """Return the verb, the speaker and the end of a tag that a dash opens."""
    stream, language = reading.stream, reading.language
    limit = min(last, dash + LONGEST_TAG)
    stop = next(
        (
            item
            for item in range(dash + 1, limit)
            if stream.low[item] in DASHES or (stream.low[item] in ENDS and item + 1 < last)
        ),
        limit,
    )
    for cue in find_cues(stream, language, dash + 1, stop):
        if cue.first > dash + NEAR or cue.shape != "finite":
            continue
        if (
            any(
                not stream.flags[item] & (PRON | ADV) and cue.first > dash + 1
                for item in range(dash + 1, dash + 2)
            )
            and subject_before(stream, language, dash + 1, cue.first) is None
        ):
            continue
        mention = subject_after(stream, language, cue.last, stop) or subject_before(
            stream, language, dash + 1, cue.first
        )
        if mention is None:
            mention = Mention(cue.verb, cue.verb + 1, is_pronoun=True, flags=PRON)
        return cue, mention, stop
    return None


def _turn(  # noqa: PLR0913 - the bounds of the turn and of its tag
    reading: Reading,
    number: int,
    *,
    first: int,
    dash: int,
    stop: int,
    last: int,
    cue: Cue,
    mention: Mention,
) -> None:
    stream = reading.stream
    content = []
    head = reading.span(first, dash)
    if head.end > head.start:
        content.append(head)
    rest = stop
    while rest < last and stream.flags[rest] & PUNCT:
        rest += 1
    if rest < last:
        tail = TextSpan(stream.start[rest], stream.end[last - 1])
        content.append(tail)
    if not content:
        return
    reading.add(
        Draft(
            content=content,
            form="UnmarkedDirect",
            rule="dialogue.tag",
            confidence=0.92,
            sentence=number,
            cue=cue,
            mention=mention,
        )
    )
    reading.use(first, last)


def _announced(reading: Reading, number: int) -> Mention | None:
    """The subject of the sentence before, where that sentence ends with a colon."""
    if number == 0:
        return None
    before: Sentence = reading.sentence(number - 1)
    stream, language = reading.stream, reading.language
    if stream.low[before.last - 1] != ":":
        return None
    for cue in reversed(find_cues(stream, language, before.first, before.last)):
        begin = before.first
        for item in range(before.first + 1, cue.first):
            if stream.low[item - 1] == "," and stream.flags[item] & COORD:
                begin = item + 1
        mention = subject_before(stream, language, begin, cue.first) or subject_after(
            stream, language, cue.last, before.last - 1
        )
        if mention is not None and is_agent(mention):
            return mention
    return clause_subject(stream, language, before.first, before.last - 1)
