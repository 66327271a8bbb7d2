"""The claims outlet by outlet: who attributes, who only reports, who speaks in its own voice.

In: a scene. Out: one HTML table whose every mark links to its quote, those claims first that
several outlets carry. It lays nothing out: `assets/page.css` turns rows into cards on a narrow
screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.glyphs import small_glyph
from kg.export.labels import claim_tags, column_word, denial, denier, outlet_label, told_by
from kg.export.safe_text import escape
from kg.export.words import both, each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.export.scene import Line, Mark, OutletColumn

__all__ = ["claim_table"]

CROWDED = 8
"""From how many outlets on the column heads are set upright to save room."""


def claim_table(lines: Sequence[Line], outlets: Sequence[OutletColumn]) -> str:
    """Write the table; explicit roles keep it a table where the stylesheet turns it into cards."""
    heads = "".join(
        '<th scope="col" role="columnheader">'
        f'<span class="turn"><bdi>{_outlet(o)}</bdi></span></th>'
        for o in outlets
    )
    rows = "".join(_row(line, outlets) for line in lines)
    crowded = " crowded" if len(outlets) >= CROWDED else ""
    return (
        f'<table class="claims{crowded}" role="table" aria-labelledby="comparison">'
        '<thead role="rowgroup"><tr role="row">'
        f'<th scope="col" role="columnheader">{both("ui", "claim")}</th>{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(line: Line, outlets: Sequence[OutletColumn]) -> str:
    cells = "".join(_cell(line, outlet) for outlet in outlets)
    style = ' class="is-lost"' if line.is_lost else ""
    return f'<tr role="row"{style}><th scope="row" role="rowheader">{_claim(line)}</th>{cells}</tr>'


def _claim(line: Line) -> str:
    label = each(line.claim.label("fr"), line.claim.label("en"))
    tags = each(" · ".join(claim_tags(line, "fr")), " · ".join(claim_tags(line, "en")))
    lost = f'<span class="lost">{both("ui", "lost")}</span>' if line.is_lost else ""
    return (
        f'<span class="label"><bdi>{label}</bdi></span> '
        f'<span class="by">{_voices(line)}</span> <span class="tags">{tags}{lost}</span>'
    )


def _voices(line: Line) -> str:
    """Name every voice of the claim, and beside each that denies it, that it does."""
    named = []
    for french, english in zip(told_by(line, "fr"), told_by(line, "en"), strict=True):
        said = each(french[1], english[1])
        tag = f' <span class="denied">{said}</span>' if said else ""
        named.append(f"<bdi>{each(french[0], english[0])}</bdi>{tag}")
    return ", ".join(named)


def _cell(line: Line, outlet: OutletColumn) -> str:
    marks = line.of(outlet)
    if not marks:
        return (
            '<td role="cell" class="absent"><span aria-hidden="true">·</span>'
            f'<span class="hidden">{both("ui", "absent")}</span></td>'
        )
    links = "".join(_link(line, mark) for mark in marks)
    where = f'<span class="where" aria-hidden="true">{_outlet(outlet)}</span>'
    return f'<td role="cell">{where}{links}</td>'


def _link(line: Line, mark: Mark) -> str:
    """Write a mark as a link named by what is seen, then by its form and outlet in full.

    A denial says so first, and who denies where the claim has several voices.
    """
    relayed = bool(mark.row.chain)
    seen = each(column_word(mark, "fr"), column_word(mark, "en"))
    if mark.is_denial:
        name = each(denier(line, mark, "fr"), denier(line, mark, "en"))
        who = f"<bdi>{name}</bdi> " if name else ""
        said = each(denial(mark, "fr"), denial(mark, "en"))
        seen = f'{who}<span class="denied">{said}</span> · {seen}'
    form = both("form", mark.row.form) if relayed else ""
    rest = f'<span class="hidden"> {form} · <bdi>{_outlet(mark.outlet)}</bdi></span>'
    return (
        f'<a class="mark" href="#{escape(mark.target)}">'
        f"{small_glyph(mark.row.form, relayed=relayed, denied=mark.is_denial)}"
        f'<span class="word">{seen}</span>{rest}</a>'
    )


def _outlet(outlet: OutletColumn) -> str:
    return each(outlet_label(outlet, "fr"), outlet_label(outlet, "en"))
