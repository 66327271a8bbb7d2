"""The ledger: speaker, claim and outlet in three columns, each curve one attribution.

In: a scene. Out: SVG whose every position is computed here, so that equal rows give equal bytes
and nothing needs a browser to be laid out. One band a voice: its claims in the order that crosses
fewest curves, its outlets facing them, repeated where the band is long. The page around it belongs
to `kg.export.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.export.glyphs import curve, glyph, number
from kg.export.labels import (
    claim_tags,
    denial,
    denied_by,
    mark_name,
    outlet_label,
    via,
    voice_label,
    voice_note,
)
from kg.export.safe_text import escape
from kg.export.svg_text import block, line_path, single
from kg.export.text_width import fit, measure, wrap
from kg.export.untangle import spread, untangle
from kg.export.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.export.scene import Band, Line, Mark, OutletColumn, Scene

__all__ = ["WIDTH", "Drawing", "draw_ledger", "speaker_block", "tags_block"]

WIDTH = 1120
SPEAKER_WIDTH = 176
SPINE_X = 202
CLAIM_X = 222
CLAIM_WIDTH = 440
MARK_X = 696
OUTLET_X = 916
OUTLET_WIDTH = WIDTH - OUTLET_X - 14
VIA_WIDTH = 128
MARK_STEP = 24
PORT_STEP = 9
LINE = 20
SMALL = 15
BAND_GAP = 20
RUN = 8
"""Claims that share one set of outlets beside them; a longer band repeats its outlets."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """SVG fragments and the height they take."""

    body: str
    height: float


@dataclass(frozen=True, slots=True)
class _Tie:
    """One mark beside its claim, at its height: where a curve starts."""

    mark: Mark
    y: float


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim in its place: wrapped text, top, height, and the ties that leave it."""

    line: Line
    text: tuple[str, ...]
    top: float
    height: float
    ties: tuple[_Tie, ...]


@dataclass(frozen=True, slots=True)
class _Outlet:
    """An outlet in its place within a band: wrapped name, top, height."""

    column: OutletColumn
    text: tuple[str, ...]
    top: float
    height: float


def draw_ledger(scene: Scene, language: str) -> Drawing:
    """Draw every band under the three column heads; an empty scene gives the heads alone."""
    parts = [
        single(word("ui", "speaker", language).upper(), 0, 14, "head"),
        single(word("ui", "claim", language).upper(), CLAIM_X, 14, "head"),
        single(word("ui", "outlet", language).upper(), OUTLET_X + 14, 14, "head"),
    ]
    top = 26.0
    for band in scene.bands:
        drawing = _draw_band(band, top, language)
        parts.append(drawing.body)
        top += drawing.height
    return Drawing("".join(parts), top)


def speaker_block(band: Band, x: float, y: float, width: float, language: str) -> Drawing:
    """Write a voice's name over its note and the roles the texts state."""
    name = wrap(voice_label(band.voice, language), width, 16, bold=True)
    style = "speaker" if band.voice.iris else "speaker words"
    note = voice_note(band.voice, language)
    small = wrap(note, width, 12) if note else []
    for role in band.roles[:3]:
        small += wrap(role, width, 12)
    body = block(name, x, y, style, leading=LINE)
    below = y + LINE * len(name) - 2
    body += block(small, x, below, "role", leading=SMALL)
    return Drawing(body, LINE * len(name) + SMALL * len(small))


def tags_block(line: Line, x: float, y: float, width: float, language: str) -> Drawing:
    """Write who denies a claim, its tags, and under them that its speaker was lost."""
    denied = wrap(denied_by(line, language), width, 11.5, bold=True)
    tags = wrap(" · ".join(claim_tags(line, language)), width, 11.5)
    lost = [word("ui", "lost", language)] if line.is_lost else []
    body = ""
    below = y
    for lines, style in ((denied, "tag deny"), (tags, "tag"), (lost, "tag lost")):
        body += block(lines, x, below, style, leading=SMALL)
        below += SMALL * len(lines)
    return Drawing(body, below - y)


def _draw_band(band: Band, top: float, language: str) -> Drawing:
    inner = top + 18
    speaker = speaker_block(band, 0, inner + 16, SPEAKER_WIDTH, language)
    ordered, _ = untangle(band.lines)
    claims: list[_Claim] = []
    bottom = inner
    runs: list[str] = []
    for lines in _runs(ordered):
        placed, body, bottom = _draw_run(lines, bottom, language)
        claims += placed
        runs.append(body)
    parts = [
        line_path("band", (0, top), (WIDTH, top)),
        speaker.body,
        _draw_spine(claims),
        *runs,
    ]
    name = escape(voice_label(band.voice, language))
    body = f'<g class="voice" role="group" aria-label="{name}">{"".join(parts)}</g>'
    return Drawing(body, max(inner + speaker.height, bottom) - top + BAND_GAP)


def _runs(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Cut a long band into even runs, each with its outlets beside it, within a reader's sight."""
    count = -(-len(lines) // RUN) or 1
    size, longer = divmod(len(lines), count)
    cuts = [index * size + min(index, longer) for index in range(count + 1)]
    return [lines[first:last] for first, last in pairwise(cuts)]


def _draw_run(lines: Sequence[Line], top: float, language: str) -> tuple[list[_Claim], str, float]:
    """Draw claims with the outlets that carry them; give the claims, the drawing and its end."""
    ordered, columns = untangle(lines)
    claims = _place_claims(ordered, columns, top, language)
    ties = [tie for claim in claims for tie in claim.ties]
    outlets = _place_outlets(columns, ties, top, language)
    ports = _ports(outlets, ties)
    parts = [
        *(_draw_outlet(outlet, ties, ports) for outlet in outlets),
        *(_draw_leader(claim) + _draw_claim(claim, language) for claim in claims),
        *(_draw_tie(tie, ports[tie], language) for tie in ties),
    ]
    bottom = max(claims[-1].top + claims[-1].height, outlets[-1].top + outlets[-1].height)
    return claims, "".join(parts), bottom


def _place_claims(
    lines: Sequence[Line], columns: Sequence[OutletColumn], top: float, language: str
) -> list[_Claim]:
    """Stack the claims; the marks of each follow the order of the outlets they lead to."""
    order = {column.iri: index for index, column in enumerate(columns)}
    claims: list[_Claim] = []
    for line in lines:
        text = tuple(wrap(line.claim.label(language), CLAIM_WIDTH, 15))
        written = LINE * len(text) + tags_block(line, 0, 0, CLAIM_WIDTH, language).height + 18
        marks = sorted(line.marks, key=lambda mark: order[mark.outlet.iri])
        ties = tuple(_Tie(mark, top + 12 + MARK_STEP * i) for i, mark in enumerate(marks))
        height = max(written, MARK_STEP * len(marks) + 12)
        claims.append(_Claim(line, text, top, height, ties))
        top += height
    return claims


def _place_outlets(
    columns: Sequence[OutletColumn], ties: Sequence[_Tie], top: float, language: str
) -> list[_Outlet]:
    """Set each outlet as near as it can to the middle of the marks that lead to it."""
    texts = [
        tuple(wrap(outlet_label(column, language), OUTLET_WIDTH, 13, bold=column.is_known))
        for column in columns
    ]
    reached = [[tie.y for tie in ties if tie.mark.outlet == column] for column in columns]
    heights = [
        max(17.0 * len(text) + 7, PORT_STEP * len(ys) + 13)
        for text, ys in zip(texts, reached, strict=True)
    ]
    tops = spread([sum(ys) / len(ys) for ys in reached], heights, top - 6)
    return [_Outlet(*placed) for placed in zip(columns, texts, tops, heights, strict=True)]


def _ports(outlets: Sequence[_Outlet], ties: Sequence[_Tie]) -> dict[_Tie, float]:
    """Give each tie its own height at the outlet's edge, in the order of the marks."""
    ports: dict[_Tie, float] = {}
    for outlet in outlets:
        arriving = sorted((t for t in ties if t.mark.outlet == outlet.column), key=lambda t: t.y)
        middle = outlet.top + outlet.height / 2
        for index, tie in enumerate(arriving):
            ports[tie] = middle + (index - (len(arriving) - 1) / 2) * PORT_STEP
    return ports


def _draw_spine(claims: Sequence[_Claim]) -> str:
    """Draw the bracket from a speaker to each of its claims."""
    ticks = [claim.top + 12.5 for claim in claims]
    spine = line_path("spine", (SPINE_X, ticks[0]), (SPINE_X, ticks[-1])) if ticks[1:] else ""
    first = line_path("spine", (SPEAKER_WIDTH + 8, ticks[0]), (SPINE_X, ticks[0]))
    return (
        first
        + spine
        + "".join(line_path("spine", (SPINE_X, tick), (CLAIM_X - 8, tick)) for tick in ticks)
    )


def _draw_claim(claim: _Claim, language: str) -> str:
    below = claim.top + 17 + LINE * len(claim.text)
    parts = [
        block(claim.text, CLAIM_X, claim.top + 17, "claim", leading=LINE),
        tags_block(claim.line, CLAIM_X, below - 2, CLAIM_WIDTH, language).body,
    ]
    if claim.line.is_lost:
        parts.append(
            line_path(
                "alert-bar",
                (CLAIM_X - 7, claim.top + 4),
                (CLAIM_X - 7, claim.top + claim.height - 12),
            )
        )
    return "".join(parts)


def _draw_leader(claim: _Claim) -> str:
    """Lead the eye from the claim's first line to its marks."""
    start = CLAIM_X + measure(claim.text[0], 15) + 10 if claim.text else CLAIM_X
    edge = MARK_X - 20
    first, last = claim.ties[0].y, claim.ties[-1].y
    leader = line_path("leader", (start, first + 0.5), (edge, first + 0.5))
    if first == last:
        return leader
    return leader + line_path("spine", (edge, first - 6), (edge, last + 6))


def _draw_outlet(outlet: _Outlet, ties: Sequence[_Tie], ports: dict[_Tie, float]) -> str:
    heights = [ports[tie] for tie in ties if tie.mark.outlet == outlet.column]
    known = outlet.column.is_known
    middle = outlet.top + outlet.height / 2
    first = middle - 17 * (len(outlet.text) - 1) / 2 + 4.5
    bar = line_path(
        "bar" if known else "bar bar-unknown",
        (OUTLET_X, min(heights) - 6),
        (OUTLET_X, max(heights) + 6),
    )
    style = "outlet" if known else "outlet unknown"
    return bar + block(outlet.text, OUTLET_X + 14, first, style, leading=17)


def _draw_tie(tie: _Tie, port: float, language: str) -> str:
    """Draw a mark, its relay's name and its curve as one link to the quote."""
    relayed, form = bool(tie.mark.row.chain), tie.mark.row.form
    denies = denial(tie.mark, language)
    aside = measure(denies, 11, bold=True) + 5 if denies else 0
    through = _through(tie.mark, language)
    wide = max((measure(line, 11) + 8 for line in through), default=3 if denies else 0)
    start = MARK_X + 13 + aside + wide
    bend = (OUTLET_X - start) / 2
    bent = (
        f"{number(start)} {number(tie.y)}C{number(start + bend)} {number(tie.y)} "
        f"{number(OUTLET_X - bend)} {number(port)} {number(OUTLET_X - 3)} {number(port)}"
    )
    name = escape(mark_name(tie.mark, language))
    relay = block(through, MARK_X + 15 + aside, tie.y + 10 - 6 * len(through), "via", leading=12)
    return (
        f'<a class="mark" href="#{tie.mark.target}" aria-label="{name}"><title>{name}</title>'
        f'<path class="reach" d="M{MARK_X} {number(tie.y)}L{bent}"/>'
        f'<circle class="hit" cx="{MARK_X}" cy="{number(tie.y)}" r="12"/>'
        f"{curve(form, f'M{bent}', relayed=relayed)}"
        f"{glyph(form, MARK_X, tie.y, relayed=relayed, denied=tie.mark.is_denial)}"
        f"{single(denies, MARK_X + 15, tie.y + 4, 'via deny') if denies else ''}"
        f"{relay}</a>"
    )


def _through(mark: Mark, language: str) -> list[str]:
    """Say through whom in one line or two, so that it fits beside the next mark."""
    lines = wrap(via(mark, language), VIA_WIDTH, 11)
    return [lines[0], fit(" ".join(lines[1:]), VIA_WIDTH, 11)] if lines[1:] else lines
