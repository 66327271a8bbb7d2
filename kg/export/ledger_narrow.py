"""The ledger for a narrow screen: speaker over claim over outlets, one under another.

In: a scene. Out: SVG of the width of a telephone, with the same links, glyphs and line styles as
`kg.export.ledger`; only the arrangement differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.glyphs import curve, glyph, number
from kg.export.labels import denial, mark_name, outlet_label, via, voice_label
from kg.export.ledger import Drawing, speaker_block, tags_block
from kg.export.safe_text import escape
from kg.export.svg_text import block, line_path
from kg.export.text_width import wrap

if TYPE_CHECKING:
    from kg.export.scene import Band, Line, Mark, Scene

__all__ = ["NARROW_WIDTH", "draw_narrow_ledger"]

NARROW_WIDTH = 354
CLAIM_X = 16
CLAIM_WIDTH = NARROW_WIDTH - CLAIM_X - 6
LABEL_X = 92
LABEL_WIDTH = NARROW_WIDTH - LABEL_X - 6


def draw_narrow_ledger(scene: Scene, language: str) -> Drawing:
    """Draw every band, in the order of the wide ledger's bands and of the table's claims."""
    parts: list[str] = []
    top = 2.0
    for band in scene.bands:
        drawing = _draw_band(band, top, language)
        parts.append(drawing.body)
        top += drawing.height
    return Drawing("".join(parts), top)


def _draw_band(band: Band, top: float, language: str) -> Drawing:
    speaker = speaker_block(band, 0, top + 30, NARROW_WIDTH - 4, language)
    parts = [line_path("band", (0, top), (NARROW_WIDTH, top)), speaker.body]
    y = top + 26 + speaker.height
    first = y
    last = y
    for line in band.lines:
        drawing = _draw_claim(line, y, language)
        parts.append(drawing.body)
        last = y
        y += drawing.height
    parts.append(line_path("spine", (4, first - 4), (4, last + 15.5)))
    name = escape(voice_label(band.voice, language))
    body = f'<g class="voice" role="group" aria-label="{name}">{"".join(parts)}</g>'
    return Drawing(body, y - top + 14)


def _draw_claim(line: Line, top: float, language: str) -> Drawing:
    text = wrap(line.claim.label(language), CLAIM_WIDTH, 15)
    below = top + 20 + 20 * len(text) - 2
    tags = tags_block(line, CLAIM_X, below, CLAIM_WIDTH, language)
    parts = [
        line_path("spine", (4, top + 15.5), (12, top + 15.5)),
        block(text, CLAIM_X, top + 20, "claim", leading=20),
        tags.body,
    ]
    y = below + tags.height
    for mark in line.marks:
        drawing = _draw_mark(mark, y, language)
        parts.append(drawing.body)
        y += drawing.height
    if line.is_lost:
        parts.append(line_path("alert-bar", (CLAIM_X - 6, top + 8), (CLAIM_X - 6, y - 4)))
    return Drawing("".join(parts), y - top + 10)


def _draw_mark(mark: Mark, top: float, language: str) -> Drawing:
    """Draw glyph, line and outlet on one row that is a link as a whole."""
    known = mark.outlet.is_known
    label = wrap(outlet_label(mark.outlet, language), LABEL_WIDTH, 13, bold=known)
    denies = wrap(denial(mark, language), LABEL_WIDTH, 11, bold=True)
    through = wrap(via(mark, language), LABEL_WIDTH, 11)
    height = max(26.0, 17.0 * len(label) + 14 * len(denies + through) + 8)
    below = top + 15.5 + 17 * len(label)
    middle = top + 13
    relayed = bool(mark.row.chain)
    path = f"M{CLAIM_X + 26} {number(middle)}H{LABEL_X - 8}"
    name = escape(mark_name(mark, language))
    style = "outlet" if known else "outlet unknown"
    return Drawing(
        f'<a class="mark" href="#{mark.target}" aria-label="{name}"><title>{name}</title>'
        f'<rect class="hit" x="{CLAIM_X}" y="{number(top)}" '
        f'width="{NARROW_WIDTH - CLAIM_X - 2}" height="{number(height)}"/>'
        f"{curve(mark.row.form, path, relayed=relayed)}"
        f"{glyph(mark.row.form, CLAIM_X + 12, middle, relayed=relayed, denied=mark.is_denial)}"
        f"{block(label, LABEL_X, middle + 4.5, style, leading=17)}"
        f"{block(denies, LABEL_X, below, 'via deny', leading=14)}"
        f"{block(through, LABEL_X, below + 14 * len(denies), 'via', leading=14)}</a>",
        height,
    )
