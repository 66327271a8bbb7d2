"""Cuts a text into paragraphs, tokens and sentences.

In: a text as read and the marks and abbreviations of its language. Out: a `Stream`, the token
columns in which each quoted stretch is one item, and sentence ranges over it. It changes no
character, and decides nothing about who speaks. Every step is one pass over the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    DET,
    INVERTED,
    LINK,
    MODAL,
    NUMBER,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SUB,
    TIME,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.intake.language import Language
from kg.intake.quotes import SPACES, Quote, pair_quotes

__all__ = ["Sentence", "Stream", "add_tokens", "build_stream", "paragraphs"]

PARAGRAPH = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")

WORD_WITH_ELISION = re.compile(r"\d+(?:[.,  ]\d+)*|\w+(?:[-‐‑]\w+)*['’ʼ]?|[^\w\s]")

WORD_WHOLE = re.compile(
    r"\d+(?:[.,]\d+)*\w*(?:[-‐‑][^\W\d_]\w*)*|\w+(?:[-‐‑'’ʼ&]\w+|\.(?:[^\W\d_](?![^\W\d_])|[a-z]+))*|[^\w\s]"
)

WORD_WITH_VOWELS = re.compile(r"\d+(?:[.,٫٬]\d+)*|[\w\u064b-\u0652\u0670]+|[^\w\s]")
"""Words whose vowel signs stand inside them and are looked through."""

VOWELS = "".join(map(chr, (*range(0x64B, 0x653), 0x670, 0x640)))

APOSTROPHES = str.maketrans("’ʼ‑‐", "''--", VOWELS)

TERMINATORS = frozenset(".!?…؟。")

SHORTEST_PLACE = 4
LONGEST_SENTENCE = 250

"""Items after which a sentence is cut wherever it stands: what keeps every rule linear."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A range of stream items and the paragraph they stand in."""

    first: int
    last: int
    paragraph: int
    opens_paragraph: bool


@dataclass(slots=True)
class Stream:
    """The tokens of a text as parallel columns; a top-level quote is one item."""

    text: str
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    quotes: dict[int, Quote] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)

    def words(self, first: int, last: int) -> str:
        """Return the text from the first item up to the last, exclusive."""
        return self.text[self.start[first] : self.end[last - 1]] if last > first else ""


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each non-blank line of the text."""
    for match in PARAGRAPH.finditer(text):
        if match.group().strip(SPACES):
            yield match.start(), match.end()


def build_stream(text: str, language: Language) -> Stream:
    """Tokenise the text, fold its quotes into items, and cut it into sentences."""
    stream = Stream(text)
    was_open = False
    for number, (first, last) in enumerate(paragraphs(text)):
        quotes = pair_quotes(text, first, last, language=language, was_open=was_open)
        was_open = bool(quotes) and not quotes[-1].is_closed
        item = len(stream.low)
        _add_paragraph(stream, first, last, quotes=quotes, language=language)
        _cut_sentences(stream, item, number, language)
    if language.has_capitals:
        _doubt_first_capitals(stream, language)
    return stream


def _doubt_first_capitals(stream: Stream, language: Language) -> None:
    """Drop the capital that only the place at the start of a sentence explains."""
    flags, lows = stream.flags, stream.low
    firsts = {sentence.first for sentence in stream.sentences}
    inside = {lows[item] for item in range(len(lows)) if flags[item] & CAP and item not in firsts}
    lower = {lows[item] for item in range(len(lows)) if not flags[item] & (CAP | PUNCT)}
    for item in firsts:
        if not flags[item] & CAP or lows[item] in inside:
            continue
        after = flags[item + 1] if item + 1 < len(flags) else 0
        if after & (AUX | BE | MODAL) and not flags[item] & (ADV | PREP):
            continue
        if after & CAP and not flags[item] & ~CAP:
            continue
        text = stream.text[stream.start[item] : stream.end[item]]
        if len(text) > 1 and text.isupper():
            continue
        if lows[item] not in lower and not flags[item] & ~CAP:
            is_given = lows[item] in language.given_names
            follows = lows[item + 1 : item + 2] == [","] and item + 2 < len(flags)
            if is_given or (follows and flags[item + 2] & REL):
                continue
        if (
            not flags[item] & ~CAP
            and not after & (PUNCT | ADV | TIME | PREP | SUB | LINK | DET)
            and lows[item] not in language.cue_forms
            and lows[item] not in lower
        ):
            continue
        flags[item] &= ~CAP


def _add_paragraph(
    stream: Stream, first: int, last: int, *, quotes: list[Quote], language: Language
) -> None:
    here = first
    for quote in quotes:
        if quote.start < here:
            continue
        add_tokens(stream, here, quote.start, language)
        stream.quotes[len(stream.low)] = quote
        stream.start.append(quote.start)
        stream.end.append(quote.end)
        stream.low.append('"')
        stream.flags.append(QUOTE)
        here = quote.end
    add_tokens(stream, here, last, language)


def add_tokens(stream: Stream, first: int, last: int, language: Language) -> None:  # noqa: C901, PLR0912, PLR0915 - one condition a line
    """Append the tokens of one stretch of text, with the flags its language gives them."""
    text = stream.text
    starts, ends, lows, flags = stream.start, stream.end, stream.low, stream.flags
    lookup = language.word_flags
    abbreviations = language.abbreviations
    inversions = language.inversions
    adverbs = language.adverb_endings
    contractions = language.contractions
    role_endings = language.role_endings
    platform = language.lists.get("platform_preps", frozenset())
    for match in language.word_pattern.finditer(text, first, last):
        word = match.group()
        begin, stop = match.span()
        if (
            word == "."
            and starts
            and ends[-1] == begin
            and _is_abbreviation(lows[-1], text[starts[-1]], abbreviations)
            and not (lows[-1] == "x" and lows[-2:-1] and lows[-2] in platform)
        ):
            ends[-1] = stop
            continue
        low = word.lower()
        if not low.isascii():
            low = low.translate(APOSTROPHES)
        head = word[0]
        if "-" in low and inversions:
            cut = _inversion(low, inversions)
            if cut:
                starts.append(begin)
                ends.append(begin + cut)
                lows.append(low[:cut])
                flags.append(lookup.get(low[:cut], 0) | (CAP if head.isupper() else 0))
                starts.append(begin + cut)
                ends.append(stop)
                lows.append(low[cut:])
                flags.append(PRON | INVERTED)
                continue
        if "'" in low and contractions:
            cut = low.rfind("'")
            flag = contractions.get(low[cut:], 0)
            if flag and lookup.get(low[:cut], 0) & PRON:
                starts += (begin, begin + cut)
                ends += (begin + cut, stop)
                lows += (low[:cut], low[cut:])
                flags += (lookup[low[:cut]] | (CAP if head.isupper() else 0), flag)
                continue
        if head.isalpha():
            flag = lookup.get(low, 0)
            if not flag and low.endswith(adverbs) and len(low) > 5:
                flag = ADV
            if not flag and role_endings and head.isupper() and low.endswith(role_endings):
                flag = ROLE
            if head.isupper():
                flag |= CAP
        elif head.isdigit():
            cut = low.find("-")
            flag = NUMBER if cut < 0 else lookup.get("0" + low[cut:], 0)
        else:
            flag = lookup.get(low, PUNCT)
        starts.append(begin)
        ends.append(stop)
        lows.append(low)
        flags.append(flag)


def _is_abbreviation(low: str, head: str, abbreviations: frozenset[str]) -> bool:
    return (
        low in abbreviations
        or (len(low) == 1 and head.isupper())
        or (len(low) > 2 and low[1::2] == "." * (len(low) // 2))
    )


def _inversion(low: str, inversions: tuple[str, ...]) -> int:
    for ending in inversions:
        if low.endswith(ending) and len(low) > len(ending):
            return len(low) - len(ending)
    return 0


def _cut_sentences(stream: Stream, first: int, paragraph: int, language: Language) -> None:
    last = len(stream.low)
    begin = _after_dateline(stream, first, last, language)
    if begin > first:
        stream.sentences.append(Sentence(first, begin, paragraph, opens_paragraph=True))
    first = begin
    for item in range(first, last):
        too_long = item - begin >= LONGEST_SENTENCE
        if too_long or _ends_sentence(stream, item, last, language):
            stop = item + 1
            while stop < last and stream.low[stop] in (")", "]"):
                stop += 1
            if stop > begin:
                stream.sentences.append(Sentence(begin, stop, paragraph, begin == first))
            begin = stop
    if begin < last:
        stream.sentences.append(Sentence(begin, last, paragraph, begin == first))


def _after_dateline(stream: Stream, first: int, last: int, language: Language) -> int:
    """`KATHMANDU (Reuters) - …`, `PARIS, 4 mars — …`: return where the report itself begins."""
    marked = False
    shouted = True
    for item in range(first, min(last, first + 14)):
        low, flag = stream.low[item], stream.flags[item]
        if low in ("(", ")") or (item > first and flag & (NUMBER | TIME)):
            marked = True
        elif low == ":" and item == first + 1 and item + 1 < last:
            place = stream.text[stream.start[first] : stream.end[first]]
            is_dateline = place.isupper() and len(place) > 2 and language.has("dateline_colon")
            return item + 1 if is_dateline else first
        elif low in ("–", "—", "--", "―") and shouted and item > first:
            after = stream.flags[item + 1] if item + 1 < last else PUNCT
            is_place = len(stream.words(first, item)) > SHORTEST_PLACE and after & (CAP | QUOTE)
            return item + 1 if is_place else first
        elif low in ("-", "–", "—", "--", "―") and item > first + 1:
            after = stream.flags[item + 1] if item + 1 < last else PUNCT
            upper = stream.text[stream.start[first] : stream.end[first]].isupper()
            return item + 1 if marked and upper and after & (CAP | QUOTE) else first
        elif not flag & (CAP | NUMBER | TIME) and low not in (",", "."):
            return first
        shouted = (
            shouted
            and not flag & PUNCT
            and stream.text[stream.start[item] : stream.end[item]].isupper()
        )
    return first


def _ends_sentence(stream: Stream, item: int, last: int, language: Language) -> bool:  # noqa: PLR0911 - one condition a line
    flag = stream.flags[item]
    if not flag & (PUNCT | QUOTE):
        return False
    if item + 1 >= last:
        return True
    after = stream.flags[item + 1]
    if flag & QUOTE:
        quote = stream.quotes[item]
        mark = stream.text[quote.inner_end - 1]
        if mark not in TERMINATORS or not after & (CAP | QUOTE | NUMBER):
            return False
        can_be_tagged = mark != "." and language.has("zero_complement")
        return not can_be_tagged or not _is_tagged(stream, item + 1, last, language)
    if stream.low[item] not in TERMINATORS:
        return False
    if stream.low[item + 1] in TERMINATORS or stream.low[item + 1] in ")]":
        return False
    if stream.flags[item - 1] & NUMBER and language.has("ordinal_dot"):
        before = stream.flags[item - 2] if item >= 2 else 0
        if after & TIME or before & (DET | PREP):
            return False
    if after & (CAP | QUOTE | NUMBER):
        return True
    return (
        not after & PUNCT
        and stream.start[item + 1] > stream.end[item]
        and (not language.has_capitals or stream.low[item] in "!?؟")
    )


def _is_tagged(stream: Stream, item: int, last: int, language: Language) -> bool:
    """Whether "…?" or "…!" is followed by its own short tag: a name and a reporting verb."""
    for index in range(item, min(item + 7, last)):
        low = stream.low[index]
        if low in language.cue_forms:
            return True
        if low in TERMINATORS or low == ",":
            return False
    return False
