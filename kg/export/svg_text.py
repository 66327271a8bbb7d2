"""Lines of text as SVG: the one place where a string becomes `<text>`.

In: lines already broken to width. Out: escaped SVG. It measures nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.glyphs import number
from kg.export.safe_text import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["block", "line_path", "single"]


def single(text: str, x: float, y: float, style: str) -> str:
    """Write one line with its baseline at y."""
    return f'<text class="{style}" x="{number(x)}" y="{number(y)}">{escape(text)}</text>'


def block(lines: Sequence[str], x: float, y: float, style: str, *, leading: float) -> str:
    """Write lines one under another, the first baseline at y; no lines give no markup.

    Every line but the last ends in a space, so that the text reads and copies as one.
    """
    if len(lines) < 2:
        return single(lines[0], x, y, style) if lines else ""
    left = number(x)
    spans = "".join(
        f'<tspan x="{left}" dy="{number(leading if index else 0)}">'
        f"{escape(line)}{' ' if index < len(lines) - 1 else ''}</tspan>"
        for index, line in enumerate(lines)
    )
    return f'<text class="{style}" x="{left}" y="{number(y)}">{spans}</text>'


def line_path(style: str, *points: tuple[float, float]) -> str:
    """Draw straight lines through points."""
    path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f'<path class="{style}" d="M{path}"/>'
