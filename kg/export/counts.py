"""How many attributions each voice has in each outlet: what is left of a ledger too long to read.

In: a scene. Out: a table of numbers, cut to a size a person can read with the rest summed in a
last row and column, as HTML or as SVG. It links to nothing and quotes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.labels import outlet_label, voice_label
from kg.export.ledger import WIDTH, Drawing
from kg.export.safe_text import escape
from kg.export.scene import voice_of
from kg.export.svg_text import block, line_path, single
from kg.export.text_width import wrap
from kg.export.words import both, each, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.export.scene import OutletColumn, Scene, Voice

__all__ = ["Counts", "count", "draw_counts", "html_counts"]

VOICES = 60
OUTLETS = 24
DRAWN_OUTLETS = 10
"""How many outlets fit beside each other in the drawing, whose columns cannot scroll."""

LABEL_WIDTH = 250
ROW = 26


@dataclass(frozen=True, slots=True)
class Counts:
    """Attributions by voice and outlet; `rest` of a row is what its outlets left out hold."""

    voices: tuple[Voice, ...]
    outlets: tuple[OutletColumn, ...]
    cells: tuple[tuple[int, ...], ...]
    sums: tuple[int, ...]
    more_voices: int
    more_outlets: int
    total: int

    def rest(self, index: int) -> int:
        """Give what a voice has in the outlets that are not shown."""
        return self.sums[index] - sum(self.cells[index])


def count(scene: Scene, *, outlets: int = OUTLETS) -> Counts:
    """Count rows by voice and outlet, the busiest first, each attribution once."""
    pairs = Counter((voice_of(row), row.outlet_iri) for row in scene.rows)
    by_voice: Counter[Voice] = Counter()
    for (voice, _), number in pairs.items():
        by_voice[voice] += number
    voices = sorted(by_voice, key=lambda voice: (-by_voice[voice], voice))
    carried = Counter(row.outlet_iri for row in scene.rows)
    columns = sorted(scene.outlets, key=lambda column: -carried[column.iri])
    shown, kept = voices[:VOICES], columns[:outlets]
    return Counts(
        voices=tuple(shown),
        outlets=tuple(kept),
        cells=tuple(tuple(pairs[voice, column.iri] for column in kept) for voice in shown),
        sums=tuple(by_voice[voice] for voice in shown),
        more_voices=len(voices) - len(shown),
        more_outlets=len(columns) - len(kept),
        total=len(scene.rows),
    )


def html_counts(counts: Counts, anchors: Mapping[Voice, str] | None = None) -> str:
    """Write the counts as a table; a zero is an empty cell.

    `anchors` holds the element id of what a voice's name leads to.
    """
    leads = anchors or {}
    heads = [
        f"<bdi>{each(outlet_label(outlet, 'fr'), outlet_label(outlet, 'en'))}</bdi>"
        for outlet in counts.outlets
    ]
    if counts.more_outlets:
        heads.append(both("ui", "counts_more_outlets", n=counts.more_outlets))
    heads.append(both("ui", "total"))
    rows = [
        _row(
            _linked(voice, leads.get(voice, "")),
            [*_cells(counts, index), counts.sums[index]],
            heads,
        )
        for index, voice in enumerate(counts.voices)
    ]
    if counts.more_voices:
        label = both("ui", "counts_more_speakers", n=counts.more_voices)
        rest = counts.total - sum(counts.sums)
        rows.append(_row(label, [0] * (len(heads) - 1) + [rest], heads))
    columns = "".join(f'<th scope="col" role="columnheader">{head}</th>' for head in heads)
    return (
        '<table class="counts" role="table"><thead role="rowgroup"><tr role="row">'
        f'<th scope="col" role="columnheader">{both("ui", "speaker")}</th>{columns}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def _linked(voice: Voice, anchor: str) -> str:
    name = f"<bdi>{each(voice_label(voice, 'fr'), voice_label(voice, 'en'))}</bdi>"
    return f'<a href="#{escape(anchor)}">{name}</a>' if anchor else name


def draw_counts(scene: Scene, language: str) -> Drawing:
    """Draw the counts as a grid of numbers."""
    counts = count(scene, outlets=DRAWN_OUTLETS)
    columns = [outlet_label(column, language) for column in counts.outlets]
    if counts.more_outlets:
        columns.append(word("ui", "counts_more_outlets", language, n=counts.more_outlets))
    columns.append(word("ui", "total", language))
    step = (WIDTH - LABEL_WIDTH) / len(columns)
    heads = [wrap(label, step - 10, 12) for label in columns]
    tallest = max(len(head) for head in heads)
    parts = [
        block(head, LABEL_WIDTH + step * (i + 1) - 2, 14, "role end", leading=15)
        for i, head in enumerate(heads)
    ]
    y = 14.0 + 15 * tallest
    for index, voice in enumerate(counts.voices):
        values = [*_cells(counts, index), counts.sums[index]]
        parts.append(_draw_row(voice_label(voice, language), values, y, step))
        y += ROW
    if counts.more_voices:
        label = word("ui", "counts_more_speakers", language, n=counts.more_voices)
        values = [0] * (len(columns) - 1) + [counts.total - sum(counts.sums)]
        parts.append(_draw_row(label, values, y, step))
        y += ROW
    return Drawing("".join(parts), y + 8)


def _draw_row(label: str, values: Sequence[int], y: float, step: float) -> str:
    written = wrap(label, LABEL_WIDTH - 12, 13)[:1]
    last = len(values) - 1
    return (
        line_path("hair", (0, y), (WIDTH, y))
        + block(written, 0, y + 18, "count", leading=ROW)
        + "".join(
            single(
                str(value),
                LABEL_WIDTH + step * (i + 1) - 2,
                y + 18,
                "sum end" if i == last else "count end",
            )
            for i, value in enumerate(values)
            if value
        )
    )


def _cells(counts: Counts, index: int) -> list[int]:
    cells = list(counts.cells[index])
    return [*cells, counts.rest(index)] if counts.more_outlets else cells


def _row(label: str, values: Sequence[int], heads: Sequence[str]) -> str:
    """Write a row; each number repeats its head for the narrow screen, where columns are gone."""
    last = len(values) - 1
    cells = "".join(
        f'<td role="cell"{" class=sum" if index == last else ""}>'
        f'<span class="where" aria-hidden="true">{head}</span>{value}</td>'
        if value
        else '<td role="cell"></td>'
        for index, (value, head) in enumerate(zip(values, heads, strict=True))
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{label}</th>{cells}</tr>'
