"""How wide a line of text is, and where it breaks: what a page without a browser must know itself.

In: a text, a size and a weight. Out: lengths in pixels and lines that fit a width, from the
advance widths in `assets/widths.toml` (the metrics shared by Arial, Helvetica, Liberation Sans
and Arimo). It draws nothing and knows no columns.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.export.safe_text import visible
from kg.export.words import asset

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["fit", "measure", "wrap"]

_WIDE = 1000
_ZERO_WIDTH = ("Mn", "Me", "Cf")


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Give the length of a line in pixels at a font size.

    >>> round(measure("AES", 10), 2)
    20.01
    """
    return _length(text, bold) * size / 1000


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that fit a width, at spaces.

    A word longer than a line is broken after a hyphen, or else where the line ends. No-break
    spaces hold. No character is lost but the white space at the breaks; unsafe ones are spelled
    out, as they will be drawn. An empty text gives no line.

    >>> wrap("one two three", 60, 16)
    ['one two', 'three']
    """
    return list(_wrapped(text, width, size, bold))


@lru_cache(maxsize=4096)
def _wrapped(text: str, width: float, size: float, bold: bool) -> tuple[str, ...]:
    """Break a text; the same one is asked for by each picture, and for its height before."""
    lines: list[str] = []
    line = ""
    length = 0
    space = _length(" ", bold)
    for piece in _pieces(text, width, size, bold=bold):
        added = _length(piece, bold)
        if line and (length + space + added) * size / 1000 > width:
            lines.append(line)
            line, length = piece, added
        elif line:
            line, length = f"{line} {piece}", length + space + added
        else:
            line, length = piece, added
    return (*lines, line) if line else tuple(lines)


def fit(text: str, width: float, size: float) -> str:
    """Cut a text to one line of a width, with an ellipsis where something is left out.

    >>> fit("one two three", 60, 16)
    'one…'
    """
    text = visible(text)
    if measure(text, size) <= width:
        return text
    lines = wrap(text, width - measure("…", size), size)
    return lines[0].rstrip(" ←·") + "…"


def _pieces(text: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces: list[str] = []
    for piece in visible(text).replace("\t", " ").replace("\n", " ").split(" "):
        rest = piece
        while rest and measure(rest, size, bold=bold) > width:
            cut = _cut(rest, width, size, bold=bold)
            # A hyphen is a place to break, as long as a fair part of the line is used.
            hyphen = rest.rfind("-", 0, cut) + 1
            cut = hyphen if hyphen * 3 >= cut else cut
            pieces.append(rest[:cut])
            rest = rest[cut:]
        if rest:
            pieces.append(rest)
    return pieces


def _cut(text: str, width: float, size: float, *, bold: bool) -> int:
    length = 0.0
    for position, character in enumerate(text):
        length += measure(character, size, bold=bold)
        if length > width:
            return max(position, 1)
    return len(text)


@lru_cache(maxsize=8192)
def _length(text: str, bold: bool) -> int:
    """Give the length of a text in thousandths of its size; words come back often."""
    return sum(map(_widths()["bold" if bold else "regular"].__getitem__, text))


class _Advances(dict[str, int]):
    """The width of each character; one that the face does not have is as wide as its like."""

    def __missing__(self, character: str) -> int:
        if unicodedata.category(character) in _ZERO_WIDTH:
            return 0
        if unicodedata.east_asian_width(character) in "WF":
            return _WIDE
        return self["other"]


@lru_cache(maxsize=1)
def _widths() -> Mapping[str, _Advances]:
    faces = tomllib.loads(asset("widths.toml"))
    return {face: _by_character(groups) for face, groups in faces.items()}


def _by_character(groups: Mapping[str, str | int]) -> _Advances:
    widths = _Advances()
    for width, characters in groups.items():
        if isinstance(characters, int):
            widths[width] = characters
        else:
            widths.update(dict.fromkeys(characters, int(width)))
    return widths
