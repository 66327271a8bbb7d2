"""Triples as a drawing: subjects left, objects right, one curve a triple with its property on it.

In: triples as text. Out: SVG whose every position is computed here; equal triples, equal bytes.
What an attribution is, the ledger of `kg.export` shows better; this draws whatever was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.export.safe_text import escape
from kg.export.svg_text import block, single
from kg.export.text_width import fit, wrap

__all__ = ["draw_triples"]

WIDTH = 1120
SIDE = 330
STEP = 26.0
GAP = 10.0
LEADING = 17.0


def draw_triples(triples: Sequence[tuple[str, str, str]], name: str) -> str:
    """Draw triples in the order given, grouped by subject."""
    left = list(dict.fromkeys(subject for subject, _, _ in triples))
    right = list(dict.fromkeys(target for _, _, target in triples))
    ordered = sorted(triples, key=lambda triple: (left.index(triple[0]), right.index(triple[2])))
    ports = {triple: 20 + STEP * place for place, triple in enumerate(ordered)}
    parts: list[str] = []
    bottom = 20.0
    starts, low = _column(left, [(s, ports[s, p, o]) for s, p, o in ordered], 0, "speaker", parts)
    bottom = max(bottom, low)
    ends, low = _column(
        right, [(o, ports[s, p, o]) for s, p, o in ordered], WIDTH - SIDE, "claim", parts
    )
    bottom = max(bottom, low)
    for triple in ordered:
        subject, prop, target = triple
        y0, y1, middle = starts[subject], ends[target], ports[triple]
        centre = WIDTH / 2
        parts.append(
            f'<path class="line said" d="M{SIDE + 8} {y0:.1f}C{SIDE + 60} {y0:.1f} '
            f"{centre - 110:.1f} {middle:.1f} {centre - 90:.1f} {middle:.1f}H{centre + 90:.1f}"
            f"C{centre + 110:.1f} {middle:.1f} {WIDTH - SIDE - 60} {y1:.1f} "
            f'{WIDTH - SIDE - 8} {y1:.1f}"/>'
        )
        parts.append(single(fit(prop, 180, 11), round(centre - 88), middle - 4, "via"))
    height = round(max(bottom, 20 + STEP * len(ordered)) + 10)
    return (
        f'<svg class="ledger triples" role="img" aria-label="{escape(name)}" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">{"".join(parts)}</svg>'
    )


def _column(
    labels: Sequence[str],
    ports: Sequence[tuple[str, float]],
    x: float,
    style: str,
    parts: list[str],
) -> tuple[dict[str, float], float]:
    """Write a column of labels, each as near to the middle of its curves as room allows."""
    places: dict[str, float] = {}
    wanted = {label: [y for name, y in ports if name == label] for label in labels}
    bottom = 6.0
    for label in sorted(labels, key=lambda item: sum(wanted[item]) / len(wanted[item])):
        size = 13 if style == "claim" else 14
        lines = wrap(label, SIDE - 12, size)[:3]
        height = LEADING * len(lines)
        middle = sum(wanted[label]) / len(wanted[label])
        top = max(bottom, middle - height / 2)
        parts.append(block(lines, x + (12 if x else 0), top + 13, "count", leading=LEADING))
        places[label] = top + height / 2
        bottom = top + height + GAP
    return places, bottom
