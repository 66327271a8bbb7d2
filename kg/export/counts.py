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
from kg.export.scene import voice_of
from kg.export.svg_text import block, line_path, single
from kg.export.text_width import wrap
from kg.export.words import each, word

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def html_counts(counts: Counts) -> str:
    """Write the counts as a table; a zero is an empty cell."""
    head = "".join(
        f'<th scope="col"><bdi>{each(outlet_label(o, "fr"), outlet_label(o, "en"))}</bdi></th>'
        for o in counts.outlets
    )
    if counts.more_outlets:
        head += f'<th scope="col">{_both("counts_more_outlets", counts.more_outlets)}</th>'
    rows = [
        _row(each(voice_label(voice, "fr"), voice_label(voice, "en")), _cells(counts, index), total)
        for index, (voice, total) in enumerate(zip(counts.voices, counts.sums, strict=True))
    ]
    if counts.more_voices:
        left = counts.total - sum(counts.sums)
        empty = [0] * (len(counts.outlets) + bool(counts.more_outlets))
        rows.append(_row(_both("counts_more_speakers", counts.more_voices), empty, left))
    total = each(word("ui", "total", "fr"), word("ui", "total", "en"))
    speaker = each(word("ui", "speaker", "fr"), word("ui", "speaker", "en"))
    return (
        f'<table class="counts"><thead><tr><th scope="col">{speaker}</th>'
        f'{head}<th scope="col">{total}</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


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


def _row(label: str, values: Sequence[int], total: int) -> str:
    cells = "".join(f"<td>{value or ''}</td>" for value in values)
    return f'<tr><th scope="row"><bdi>{label}</bdi></th>{cells}<td class="sum">{total}</td></tr>'


def _both(key: str, number: int) -> str:
    return each(word("ui", key, "fr", n=number), word("ui", key, "en", n=number))
