"""Flags what the outlet reports without a speaker: hearsay forms, and indirect speech that goes on.

In: a reading and one sentence that no rule has read. Out: drafts of the forms Authorial and
FreeIndirect, which are kept for review and never counted as somebody's statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.drafts import Draft, Reading, skip_connectives
from kg.intake.flags import AUX, CAP, COND, QUOTE

if TYPE_CHECKING:
    from kg.intake.cues import Cue

__all__ = ["read_authorial"]

SHORTEST = 4


def read_authorial(reading: Reading, number: int, cues: list[Cue]) -> None:
    """Add a flagged draft where the verb form alone says that others have said it."""
    stream = reading.stream
    sentence = reading.sentence(number)
    if cues or sentence.last - sentence.first < SHORTEST or reading.of_sentence(number):
        return
    if any(stream.flags[item] & QUOTE for item in range(sentence.first, sentence.last)):
        return
    follows = _follows_indirect(reading, number)
    hedge = _hedge(reading, sentence.first, sentence.last)
    if hedge < 0:
        return
    first = skip_connectives(reading, sentence.first, sentence.last)
    reading.add(
        Draft(
            content=[reading.span(first, sentence.last)],
            form="FreeIndirect" if follows else "Authorial",
            rule="flow.indirect" if follows else "authorial.hedge",
            confidence=0.5,
            sentence=number,
            same_speaker_as=reading.drafts[-1] if follows else None,
            cue_span=reading.span(hedge, hedge + 1),
            reasons=["the verb form marks what others have said"],
        )
    )


def _hedge(reading: Reading, first: int, last: int) -> int:
    """Return the auxiliary or adverb that marks hearsay, or -1."""
    stream, language = reading.stream, reading.language
    adverbs = language.lists.get("hearsay", frozenset())
    for item in range(first, last):
        if stream.low[item] in adverbs and not stream.flags[item] & CAP:
            return item
        if (
            language.has("press_conditional")
            and stream.flags[item] & AUX
            and stream.flags[item] & COND
        ):
            return item
    return -1


def _follows_indirect(reading: Reading, number: int) -> bool:
    """Whether the sentence before, in the same paragraph, was somebody's indirect speech."""
    if not reading.drafts:
        return False
    before = reading.drafts[-1]
    return (
        before.form in ("Indirect", "FreeIndirect")
        and number - before.sentence == 1
        and reading.sentence(number).paragraph == reading.sentence(before.sentence).paragraph
        and (before.mention is not None or before.same_speaker_as is not None)
    )
