"""Words of a text as a page shows them, and back: what is spelled out, marked, selected, sent.

In: text of unknown origin, and what a form sends of it. Out: pieces to show, each with how many
characters of the text it stands for; and the very characters that a reader meant.
The places a reader selects are those of the text, whatever a page had to spell out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.export.safe_text import respelled, visible

__all__ = ["JOIN", "Piece", "Stretch", "as_sent", "restored", "stretches", "words_at"]

JOIN = " […] "
"""What stands between the parts of a quote that is split, on pages and in forms."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Shown characters; `stands_for` counts those of the text where they differ, else 0."""

    shown: str
    stands_for: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces within a passage or between passages."""

    pieces: tuple[Piece, ...]
    marked: bool


def as_sent(text: str) -> str:
    """Spell a text as a form field shows it and sends it back, trimmed."""
    return visible(text).strip()


def restored(given: str, like: str) -> str:
    """Put back what a page spelled out of `like`: its own controls, its own line ends.

    >>> restored("a[U+202E]b", "x" + chr(0x202E)) == "a" + chr(0x202E) + "b"
    True
    """
    text = given.replace("\r\n", "\n").replace("\r", "\n")
    for shown in {shown for _, _, shown in respelled(like)} - {"\n"}:
        text = text.replace(shown, chr(int(shown[3:-1], 16)))
    if "\r\n" in like:
        return text.replace("\n", "\r\n")
    return text.replace("\n", "\r") if "\r" in like and "\n" not in like else text


def words_at(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Give the words at some places as a form shows them."""
    return JOIN.join(as_sent(text[start:end]) for start, end in spans)


def stretches(text: str, spans: Sequence[tuple[int, int]]) -> list[Stretch]:
    """Cut a text at the borders of a passage, and every piece that a page spells otherwise.

    >>> [(s.marked, [p.shown for p in s.pieces]) for s in stretches("one two", [(4, 7)])]
    [(False, ['one ']), (True, ['two'])]
    """
    inside = sorted((start, end) for start, end in spans if 0 <= start < end <= len(text))
    made: list[Stretch] = []
    pieces: list[Piece] = []
    is_marked = False
    for start, end, shown in _cuts(text, {border for span in inside for border in span}):
        marked = any(first <= start < last for first, last in inside)
        opens = any(start == first for first, _ in inside)
        if pieces and (marked != is_marked or opens):
            made.append(Stretch(tuple(pieces), is_marked))
            pieces = []
        is_marked = marked
        is_plain = shown == text[start:end]
        pieces.append(Piece(shown, 0 if is_plain else end - start))
    if pieces:
        made.append(Stretch(tuple(pieces), is_marked))
    return made


def _cuts(text: str, borders: set[int]) -> Iterator[tuple[int, int, str]]:
    """Yield the text whole: plain stretches between borders, and what is spelled otherwise."""
    signs = list(respelled(text))
    within = {place for start, end, _ in signs for place in range(start + 1, end)}
    ordered = sorted(
        {0, len(text), *(borders - within)} | {place for sign in signs for place in sign[:2]}
    )
    spelled = {start: shown for start, _, shown in signs}
    for start, end in pairwise(ordered):
        yield start, end, spelled.get(start, text[start:end])
