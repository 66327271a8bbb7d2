"""The order that crosses fewest curves, and the heights that keep neighbours apart.

In: the lines of one band. Out: lines and outlets ordered by the barycentre method (Sugiyama, Tagawa
and Toda 1981), the best of a fixed number of sweeps; heights for boxes that want to face given
points. Deterministic, no randomness, no drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.export.scene import Line, OutletColumn

__all__ = ["crossings", "spread", "untangle"]

SWEEPS = 8


def untangle(lines: Sequence[Line]) -> tuple[list[Line], list[OutletColumn]]:
    """Order a band's lines and outlets; ties keep the order they came in."""
    ordered = list(lines)
    columns = list(dict.fromkeys(mark.outlet for line in lines for mark in line.marks))
    best = (crossings(ordered, columns), ordered, columns)
    for _ in range(SWEEPS):
        ordered = _by_barycentre_of_outlets(ordered, columns)
        columns = _by_barycentre_of_lines(ordered, columns)
        count = crossings(ordered, columns)
        if count < best[0]:
            best = (count, ordered, columns)
    return best[1], best[2]


def crossings(lines: Sequence[Line], columns: Sequence[OutletColumn]) -> int:
    """Count the pairs of curves that cross between two ordered columns."""
    place = {column.iri: index for index, column in enumerate(columns)}
    ends = [sorted(place[mark.outlet.iri] for mark in line.marks) for line in lines]
    flat = [end for line_ends in ends for end in line_ends]
    return sum(earlier > later for i, earlier in enumerate(flat) for later in flat[i + 1 :])


def spread(wanted: Sequence[float], heights: Sequence[float], top: float) -> list[float]:
    """Give each box a top near the middle it wants, in order, none above `top`, none overlapping.

    >>> spread([10, 12, 90], [20, 20, 20], 0)
    [0, 20, 80.0]
    """
    tops: list[float] = []
    floor = top
    for middle, height in zip(wanted, heights, strict=True):
        floor = max(floor, middle - height / 2)
        tops.append(floor)
        floor += height
    return tops


def _by_barycentre_of_outlets(lines: Sequence[Line], columns: Sequence[OutletColumn]) -> list[Line]:
    place = {column.iri: index for index, column in enumerate(columns)}
    return sorted(
        lines, key=lambda line: sum(place[m.outlet.iri] for m in line.marks) / len(line.marks)
    )


def _by_barycentre_of_lines(
    lines: Sequence[Line], columns: Sequence[OutletColumn]
) -> list[OutletColumn]:
    reached: dict[str, list[int]] = {column.iri: [] for column in columns}
    for index, line in enumerate(lines):
        for mark in line.marks:
            reached[mark.outlet.iri].append(index)
    return sorted(columns, key=lambda column: sum(reached[column.iri]) / len(reached[column.iri]))
