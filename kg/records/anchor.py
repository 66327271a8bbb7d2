"""Quotes to places: find a typed quote in its text, or say what stands there instead.

In: a record and the text of its document. Out: the record with `at:` filled, and findings.
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

__all__ = ["CONTEXT", "Nearest", "anchor_record", "nearest_text", "places_of"]

CONTEXT = 24
"""Characters of prefix and suffix kept, and only where a quote stands more than once."""

_LONGEST_SEARCH = 400
_REACH = 600


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
    probe = folded_quote[:_LONGEST_SEARCH]
    found = fuzz.partial_ratio_alignment(probe, folded_text, score_cutoff=60)
    if found is None:
        return None
    begin = max(0, found.dest_start)
    span = Span(begin, min(len(text), begin + len(quote)))
    return Nearest(span, found.score, _difference(quote, text[span.start : span.end]))


def anchor_record(
    record: Record, text: str, locations: Mapping[str, Location]
) -> tuple[Record, tuple[Finding, ...]]:
    """Give every quote, cue and mention that lacks one its place; what has a place is left alone.

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


def _anchored(attribution: Attribution, text: str) -> tuple[Attribution, tuple[str, str] | None]:
    spans = attribution.spans
    if not spans:
        found = _quote_spans(attribution, text)
        if isinstance(found, tuple) and isinstance(found[0], str):
            return attribution, (str(found[0]), str(found[1]))
        spans = tuple(item for item in found if isinstance(item, Span))
        attribution = _with_context(replace(attribution, spans=spans), text)
    if attribution.cue and attribution.cue_span is None:
        place = _beside(attribution.cue, spans, text)
        if place is None:
            return attribution, ("cue-not-found", _not_found("cue", attribution.cue, text))
        attribution = replace(attribution, cue_span=place)
    if attribution.mention and attribution.mention_span is None:
        place = _beside(attribution.mention, spans, text)
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
            places = [place for place in places if _agrees(attribution, place, text)]
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


def _with_context(attribution: Attribution, text: str) -> Attribution:
    first, last = attribution.spans[0], attribution.spans[-1]
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


def _beside(words: str, spans: Sequence[Span], text: str) -> Span | None:
    """Place a cue or mention: the nearest one outside the quote, from its start or end."""
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
    shown = _cut(text[near.span.start : near.span.end])
    return (
        f"the {kind} “{_cut(words)}” is not in the text; nearest is “{shown}” "
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
    for column, (wanted, stands) in enumerate(zip(quote, found, strict=False), start=1):
        if wanted != stands:
            return f"column {column}: {_name(stands)} where the quote has {_name(wanted)}"
    if len(quote) != len(found):
        return f"column {min(len(quote), len(found)) + 1}: one of the two ends here"
    return "the same"


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    if character.isalnum() and character.isascii():
        return f"“{character}”"
    return f"{name} ({code})" if name else code


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:67]}…"
