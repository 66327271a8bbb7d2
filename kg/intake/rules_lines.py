"""Reads reports that the shape of a line makes: signatures, speaker lines, a name in brackets.

In: a reading and one sentence. Out: drafts. `— Name (@name)` signs the paragraph above;
`Name: words` is a turn of talk where a document has several; `"words" (Name)` is a headline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.drafts import Draft, Reading, inner_span, is_first_person
from kg.intake.flags import CAP, DET, PUNCT, QUOTE, TIME, TITLE
from kg.intake.phrases import Mention, phrase_from
from kg.intake.proposal import TextSpan

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["count_turns", "read_line"]

LONGEST_NAME = 5
SHORTEST_TURN = 4
FEWEST_TURNS = 3
FEWEST_SHOUTED = 2
TITLED = 2
DASHES = ("—", "–", "-", "―")


def count_turns(reading: Reading) -> int:
    """Return how many paragraphs look like `Name: words`; `NAME: words` twice is a transcript."""
    openings = [
        sentence
        for sentence in reading.stream.sentences
        if sentence.opens_paragraph and _turn(reading, sentence) > 0
    ]
    shouted = sum(1 for sentence in openings if _is_transcript(reading, sentence))
    return max(len(openings), FEWEST_TURNS) if shouted >= FEWEST_SHOUTED else len(openings)


def _is_transcript(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line opens as a transcript's does: `PIKE:`, `MS. PIKE:`, `THE COURT:`."""
    stream = reading.stream
    name = stream.words(sentence.first, _turn(reading, sentence))
    opening = stream.flags[sentence.first]
    words = len(name.split())
    return name.isupper() and (words == 1 or (words == TITLED and bool(opening & (TITLE | DET))))


def read_line(reading: Reading, number: int, *, turns: int) -> bool:
    """Add the draft of a signature, a turn or a bracketed name; tell if the sentence is taken."""
    sentence = reading.sentence(number)
    if not sentence.opens_paragraph:
        return False
    _read_signature(reading, number, sentence)
    if turns >= FEWEST_TURNS and _read_turn(reading, number, sentence):
        return True
    return _read_bracket(reading, number, sentence)


def _turn(reading: Reading, sentence: Sentence) -> int:
    """Return the item of the colon after a name that opens the paragraph, or -1."""
    flags, lows = reading.stream.flags, reading.stream.low
    for item in range(
        sentence.first, min(sentence.last - SHORTEST_TURN, sentence.first + LONGEST_NAME + 1)
    ):
        if lows[item] == ":":
            return item if item > sentence.first else -1
        if not flags[item] & CAP or flags[item] & (PUNCT | QUOTE | TIME):
            return -1
    return -1


def _read_turn(reading: Reading, number: int, sentence: Sentence) -> bool:
    """`Name: words` up to the end of the paragraph."""
    stream = reading.stream
    colon = _turn(reading, sentence)
    if colon < 0 or stream.flags[colon + 1] & QUOTE:
        return False
    end = number
    while (
        end + 1 < len(stream.sentences)
        and stream.sentences[end + 1].paragraph == sentence.paragraph
    ):
        end += 1
    last = stream.sentences[end].last
    mention = Mention(
        sentence.first, colon, sentence.first, colon, flags=stream.flags[sentence.first]
    )
    reading.add(
        Draft(
            content=[reading.span(colon + 1, last)],
            form="UnmarkedDirect"
            if is_first_person(reading, colon + 1, last) or _is_transcript(reading, sentence)
            else "Indirect",
            rule="line.turn",
            confidence=0.8,
            sentence=number,
            mention=mention,
        )
    )
    reading.use(colon + 1, last)
    return True


def _read_bracket(reading: Reading, number: int, sentence: Sentence) -> bool:
    """`"words" (Name)` on a line of its own."""
    stream = reading.stream
    item = sentence.first
    if sentence.last - item < LONGEST_NAME - 1 or not stream.flags[item] & QUOTE:
        return False
    if stream.low[item + 1] != "(" or stream.low[sentence.last - 1] != ")":
        return False
    mention = phrase_from(stream, reading.language, item + 2, sentence.last - 1)
    if mention is None or not mention.has_name or mention.last != sentence.last - 1:
        return False
    reading.add(
        Draft(
            content=[inner_span(stream.quotes[item])],
            form="Direct",
            rule="line.bracket",
            confidence=0.8,
            sentence=number,
            mention=mention,
        )
    )
    reading.use(item, item + 1)
    return True


def _read_signature(reading: Reading, number: int, sentence: Sentence) -> None:
    """`— Name (@name)` under a paragraph signs that paragraph."""
    stream = reading.stream
    if not sentence.opens_paragraph or number == 0:
        return
    if stream.low[sentence.first] not in ("—", "–", "-", "―"):
        return
    window = stream.low[sentence.first : sentence.first + 14]
    if "@" not in window:
        return
    mention = phrase_from(stream, reading.language, sentence.first + 1, sentence.last)
    before = list(stream.sentences[max(0, number - 12) : number])
    block = [entry for entry in before if entry.paragraph == before[-1].paragraph]
    if mention is None or not block:
        return
    span = TextSpan(stream.start[block[0].first], stream.end[block[-1].last - 1])
    reading.drop_from(span.start)
    reading.add(
        Draft(
            content=[span],
            form="Direct",
            rule="flow.signature",
            confidence=0.9,
            sentence=number,
            mention=mention,
        )
    )
