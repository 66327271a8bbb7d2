"""Quotes to places: find a typed quote in its text, or say what stands there instead.

In: a record and the text of its document. Out: the record with `at:` filled, and findings.
A place that is not as long as its words was set for others: it counts as none and is set anew.
A quote is accepted only byte for byte; folding serves to propose the nearest text, never to accept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import fuzz

from kg.model import Attribution, Finding, Level, Record, Span
from kg.records.load import Location

__all__ = [
    "CONTEXT",
    "Nearest",
    "anchor_record",
    "apart",
    "beside",
    "nearest_text",
    "needs_place",
    "places_of",
]

CONTEXT = 24
"""Characters of prefix and suffix kept, and only where a quote stands more than once."""

_LONGEST_SEARCH = 400
_REACH = 600
_SHIFT = 3
_SHOWN = 70
_MARKS = " \"'"


class Nearest(NamedTuple):
    """The stretch of text most like a quote, how like (0–100), and where the two first differ."""

    span: Span
    score: float
    difference: str


def places_of(quote: str, text: str, *, limit: int = 20) -> list[Span]:
    """List where a quote stands, byte for byte, first places first."""
    places: list[Span] = []
    start = text.find(quote) if quote else -1
    while start >= 0 and len(places) < limit:
        places.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return places


def nearest_text(quote: str, text: str) -> Nearest | None:
    """Find the stretch most like a quote that is not in the text; None where nothing is like it.

    The first difference is told by name and column, both counted from 1:
    `column 31: NO-BREAK SPACE where the quote has SPACE`.
    """
    folded_quote, folded_text = _folded(quote), _folded(text)
    start = folded_text.find(folded_quote)
    if start >= 0:
        span = Span(start, start + len(quote))
        return Nearest(span, 100.0, _difference(quote, text[span.start : span.end]))
    bare = folded_quote.strip(_MARKS) or folded_quote
    probe = bare[:_LONGEST_SEARCH]
    found = fuzz.partial_ratio_alignment(probe, folded_text, score_cutoff=60)
    if found is None:
        return None
    begin = _best_start(bare, folded_text, found.dest_start) - folded_quote.index(bare)
    begin = max(0, begin)
    span = Span(begin, min(len(text), begin + len(quote)))
    return Nearest(span, found.score, _difference(quote, text[span.start : span.end]))


def anchor_record(
    record: Record, text: str, locations: Mapping[str, Location]
) -> tuple[Record, tuple[Finding, ...]]:
    """Give every quote, cue and mention that lacks one its place; one that fits is left alone.

    A quote that stands once is placed. One that stands more than once is placed by its `prefix`
    and `suffix`, or else is a finding; so is one that does not stand in the text at all.
    """
    made: list[Attribution] = []
    findings: list[Finding] = []
    for attribution in record.attributions:
        here = f"{record.slug}#{attribution.id}"
        location = locations.get(here, Location(record.slug, 0))
        anchored, fault = _anchored(attribution, text)
        made.append(anchored)
        if fault:
            code, message = fault
            findings.append(Finding(location.path, location.line, Level.ERROR, code, message, here))
    return replace(record, attributions=tuple(made)), tuple(findings)


def needs_place(attribution: Attribution) -> bool:
    """Tell whether a quote has no place, or anything in it a place that is not as long as it."""
    return (
        not _fit(attribution)
        or (
            attribution.cue_span is not None and not _as_long(attribution.cue, attribution.cue_span)
        )
        or (
            attribution.mention_span is not None
            and not _as_long(attribution.mention, attribution.mention_span)
        )
    )


def apart(words: str, found: str) -> tuple[str, str]:
    """Cut two texts to one line each, around the first character in which they differ."""
    place = _first_difference(words, found)
    return _around(words, place), _around(found, place)


def _fit(attribution: Attribution) -> bool:
    quotes, spans = attribution.quotes, attribution.spans
    return len(spans) == len(quotes) and all(map(_as_long, quotes, spans))


def _is_placed(words: str, span: Span | None) -> bool:
    return span is not None and _as_long(words, span)


def _as_long(words: str, span: Span) -> bool:
    return span.end - span.start == len(words)


def _best_start(quote: str, text: str, start: int) -> int:
    """Choose among the starts near a rough one: the most alike, from a word's first letter."""

    def likeness(begin: int) -> tuple[float, bool, int, int]:
        stretch = text[begin : begin + len(quote)]
        starts_word = not (text[:begin][-1:].isalnum() and stretch[:1].isalnum())
        outside = stretch[:1] in _MARKS and quote[:1] not in _MARKS
        same = _first_difference(quote, stretch)
        alike = fuzz.ratio(quote, stretch)
        return alike, starts_word and not outside, same, -abs(begin - start)

    nearby = range(max(0, start - _SHIFT), min(len(text), start + _SHIFT + 1))
    return max(nearby, key=likeness, default=start)


def _anchored(attribution: Attribution, text: str) -> tuple[Attribution, tuple[str, str] | None]:
    spans = attribution.spans
    if not _fit(attribution):
        found = _quote_spans(attribution, text)
        if isinstance(found, tuple) and isinstance(found[0], str):
            return attribution, (str(found[0]), str(found[1]))
        spans = tuple(item for item in found if isinstance(item, Span))
        attribution = _with_context(replace(attribution, spans=spans), text)
    if attribution.cue and not _is_placed(attribution.cue, attribution.cue_span):
        place = beside(attribution.cue, spans, text)
        if place is None:
            return attribution, ("cue-not-found", _not_found("cue", attribution.cue, text))
        attribution = replace(attribution, cue_span=place)
    if attribution.mention and not _is_placed(attribution.mention, attribution.mention_span):
        place = beside(attribution.mention, spans, text)
        if place is None:
            message = _not_found("mention", attribution.mention, text)
            return attribution, ("mention-not-found", message)
        attribution = replace(attribution, mention_span=place)
    return attribution, None


def _quote_spans(attribution: Attribution, text: str) -> tuple[Span, ...] | tuple[str, str]:
    spans: list[Span] = []
    for position, quote in enumerate(attribution.quotes):
        places = places_of(quote, text)
        if position:
            places = [place for place in places if place.start >= spans[-1].end][:1]
        elif attribution.prefix or attribution.suffix:
            agreeing = [place for place in places if _agrees(attribution, place, text)]
            places = agreeing if agreeing or not attribution.spans else places
        if not position and len(places) > 1:
            places = _at_old_place(attribution, places)
        if not places:
            return "quote-not-found", _not_found("quote", quote, text)
        if len(places) > 1:
            offsets = ", ".join(str(place.start) for place in places)
            return "ambiguous-quote", (
                f"the quote “{_cut(quote)}” stands {len(places)} times (offsets {offsets}); "
                "give `at:`, or `prefix:` and `suffix:` with the words around it"
            )
        spans.append(places[0])
    return tuple(spans)


def _at_old_place(attribution: Attribution, places: list[Span]) -> list[Span]:
    """Keep the place that starts, or else ends, where the quote was said to; else keep all."""
    if not attribution.spans:
        return places
    old = attribution.spans[0]
    for side in (0, 1):
        same = [place for place in places if place[side] == old[side]]
        if same:
            return same
    return places


def _with_context(attribution: Attribution, text: str) -> Attribution:
    first, last = attribution.spans[0], attribution.spans[-1]
    if not _agrees(attribution, Span(first.start, last.end), text):
        attribution = replace(attribution, prefix="", suffix="")
    if attribution.prefix or attribution.suffix or text.count(attribution.quotes[0]) == 1:
        return attribution
    return replace(
        attribution,
        prefix=text[max(0, first.start - CONTEXT) : first.start],
        suffix=text[last.end : last.end + CONTEXT],
    )


def _agrees(attribution: Attribution, place: Span, text: str) -> bool:
    before, after = text[: place.start], text[place.end :]
    return before.endswith(attribution.prefix) and after.startswith(attribution.suffix)


def beside(words: str, spans: Sequence[Span], text: str) -> Span | None:
    """Place a cue or mention: the nearest one outside the quotes at `spans`; None if not there."""
    best: Span | None = None
    distance = 0
    for place in places_of(words, text, limit=10_000):
        if any(place.start < end and start < place.end for start, end in spans):
            continue
        away = min(min(abs(place.start - end), abs(start - place.end)) for start, end in spans)
        if best is None or away < distance:
            best, distance = place, away
    if best is not None:
        return best
    inside = [place for place in places_of(words, text) if _within_reach(place, spans)]
    return inside[0] if inside else None


def _within_reach(place: Span, spans: Sequence[Span]) -> bool:
    return spans[0].start - _REACH <= place.start <= spans[-1].end + _REACH


def _not_found(kind: str, words: str, text: str) -> str:
    near = nearest_text(words, text)
    if near is None:
        return f"the {kind} “{_cut(words)}” is not in the text, nor anything like it"
    quoted, shown = apart(words, text[near.span.start : near.span.end])
    return (
        f"the {kind} “{quoted}” is not in the text; nearest is “{shown}” "
        f"(offset {near.span.start}, {near.difference})"
    )


_FOLDS = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\n": " ",
        "\t": " ",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "\u2011": "-",
        "\u2010": "-",
    }
)


def _folded(text: str) -> str:
    """Fold look-alikes one to one, so that offsets stay true."""
    lower = text.translate(_FOLDS).lower()
    return lower if len(lower) == len(text) else text.translate(_FOLDS)


def _difference(quote: str, found: str) -> str:
    place = _first_difference(quote, found)
    if place < min(len(quote), len(found)):
        stands, wanted = found[place], quote[place]
        return f"column {place + 1}: {_name(stands)} where the quote has {_name(wanted)}"
    if len(quote) != len(found):
        return f"column {place + 1}: one of the two ends here"
    return "the same"


def _first_difference(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    if character.isalnum() and character.isascii():
        return f"“{character}”"
    return f"{name} ({code})" if name else code


def _around(text: str, place: int) -> str:
    if len(text) <= _SHOWN:
        return _line(text)
    start = max(0, min(place - _SHOWN // 2, len(text) - _SHOWN))
    end = start + _SHOWN
    return f"{'…' if start else ''}{_line(text[start:end])}{'…' if end < len(text) else ''}"


def _line(text: str) -> str:
    return " ".join(text.split(" ")).replace("\n", "⏎")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:67]}…"
