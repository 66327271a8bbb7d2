"""A text cut at every border of its attributions, so that overlapping ones can all be seen.

In: a text, the spans of attributions, the stretches that are boilerplate. Out: paragraphs of
segments, each with the attributions that cover it and those that begin there.
No span is moved, joined or dropped; one that leads out of the text is left to its card alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Paragraph", "Segment", "paragraphs"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text under the same attributions: their numbers, and those that begin here."""

    text: str
    start: int
    covering: tuple[int, ...]
    opening: tuple[int, ...]
    aside: bool

    @property
    def depth(self) -> int:
        """How many attributions overlap here, as far as styles tell apart."""
        return min(len(self.covering), 3)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text and the attributions that begin in it."""

    segments: tuple[Segment, ...]
    opening: tuple[int, ...]
    aside: bool


def paragraphs(
    text: str,
    spans: Mapping[int, Sequence[tuple[int, int]]],
    aside: Sequence[tuple[int, int]] = (),
) -> list[Paragraph]:
    """Cut a text into paragraphs and segments.

    >>> [s.text for s in paragraphs("one two three", {0: [(0, 7)], 1: [(4, 13)]})[0].segments]
    ['one ', 'two', ' three']
    """
    sound = {
        number: [(start, end) for start, end in places if 0 <= start < end <= len(text)]
        for number, places in spans.items()
    }
    borders = {0, len(text)}
    opens: defaultdict[int, list[int]] = defaultdict(list)
    starts: defaultdict[int, list[int]] = defaultdict(list)
    ends: defaultdict[int, list[int]] = defaultdict(list)
    for number, places in sound.items():
        for place, (start, end) in enumerate(sorted(places)):
            borders |= {start, end}
            starts[start].append(number)
            ends[end].append(number)
            if place == 0:
                opens[start].append(number)
    for start, end in aside:
        borders |= {max(start, 0), min(end, len(text))}
    lines = _lines(text)
    borders |= {start for start, _ in lines} | {end for _, end in lines}
    ordered = sorted(borders)
    segments: list[Segment] = []
    active: list[int] = []
    aside_starts = sorted(aside)
    for start, end in pairwise(ordered):
        active = [number for number in active if number not in ends[start]]
        active += [number for number in sorted(starts[start]) if number not in active]
        is_aside = _inside(aside_starts, start)
        segments.append(
            Segment(text[start:end], start, tuple(active), tuple(sorted(opens[start])), is_aside)
        )
    return list(_paragraphs(lines, segments))


def _lines(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, start + len(line.removesuffix("\r"))))
        start += len(line) + 1
    return found


def _inside(aside: Sequence[tuple[int, int]], place: int) -> bool:
    before = bisect_right(aside, (place, 10**12))
    return any(start <= place < end for start, end in aside[max(before - 3, 0) : before])


def _paragraphs(lines: Sequence[tuple[int, int]], segments: Sequence[Segment]) -> list[Paragraph]:
    starts = [segment.start for segment in segments]
    made = []
    for start, end in lines:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1)
        inside = tuple(item for item in segments[first:last] if item.start >= start)
        opening = tuple(dict.fromkeys(n for item in inside for n in item.opening))
        made.append(Paragraph(inside, opening, all(item.aside for item in inside)))
    return made
