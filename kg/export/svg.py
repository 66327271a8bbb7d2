"""The ledger as one SVG file of its own: title, legend, bands, all colours in place.

In: attribution rows. Out: SVG without script, style variables or anything outside itself, so that
a browser, a drawing program and a renderer without a browser show the same. Same rows, same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.counts import draw_counts
from kg.export.glyphs import curve, glyph
from kg.export.ledger import WIDTH, Drawing, draw_ledger
from kg.export.palette import resolved
from kg.export.parts import SEVERAL, is_folded, is_too_much, shared_part
from kg.export.safe_text import escape
from kg.export.scene import arrange, narrowed
from kg.export.svg_text import block, single
from kg.export.text_width import measure, wrap
from kg.export.words import asset, check_language, word
from kg.model import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.export.scene import Scene
    from kg.graph.rows import AttributionRow

__all__ = ["render_svg"]

MARGIN = 40
LIMIT = 150


def render_svg(
    rows: Sequence[AttributionRow],
    *,
    title: str,
    language: str = "fr",
    limit: int = LIMIT,
    everything: bool = False,
    lost: Iterable[tuple[str, str]] | None = None,
) -> str:
    """Draw the ledger as a standalone SVG document.

    Of few claims (`kg.export.parts.FOLD`) it draws all. Of more it gives the counts and what
    several outlets carry, and with `everything` the other claims below. Above `SEVERAL` times
    `limit` claims it gives the counts alone, and says so.

    Raises:
        UsageError: for a language the picture has no words in.
    """
    check_language(language)
    scene = arrange(rows, language=language, lost=lost)
    head = _head(scene, title, language, limit)
    picture = _picture(scene, language, limit, everything=everything)
    foot = wrap(word("ui", "colophon", language), WIDTH, 12)
    height = round(MARGIN * 2 + head.height + picture.height + 16 * len(foot) + 10)
    width = WIDTH + 2 * MARGIN
    style = resolved(asset("ledger.css")).replace("\n", "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ledger" lang="{language}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n"
        f'<rect class="paper" width="{width}" height="{height}"/>\n'
        f'<g transform="translate({MARGIN} {MARGIN})">{head.body}</g>\n'
        f'<g transform="translate({MARGIN} {round(MARGIN + head.height)})">{picture.body}</g>\n'
        f'<g transform="translate({MARGIN} {round(MARGIN + head.height + picture.height + 24)})">'
        f"{block(foot, 0, 0, 'role', leading=16)}</g>\n</svg>\n"
    )


def _picture(scene: Scene, language: str, limit: int, *, everything: bool) -> Drawing:
    """Draw what the number of claims allows, one part under another."""
    if not scene.rows:
        return Drawing("", 0)
    if is_too_much(scene, limit):
        return draw_counts(scene, language)
    if not is_folded(scene):
        return draw_ledger(scene, language)
    parts = [draw_counts(scene, language)]
    shared = shared_part(scene, language, limit)
    if shared.lines:
        parts.append(_titled("ledger_shared", draw_ledger(shared, language), language))
    if everything:
        told = {line.claim.iri for line in shared.lines}
        others = [line for line in scene.lines if line.claim.iri not in told]
        drawn = draw_ledger(narrowed(scene, others, language), language)
        parts.append(_titled("others_title", drawn, language))
    body, y = "", 0.0
    for part in parts:
        body += f'<g transform="translate(0 {round(y)})">{part.body}</g>'
        y += part.height + 36
    return Drawing(body, y - 36)


def _titled(key: str, drawing: Drawing, language: str) -> Drawing:
    title = single(word("ui", key, language), 0, 20, "title")
    return Drawing(f'{title}<g transform="translate(0 44)">{drawing.body}</g>', drawing.height + 44)


def _head(scene: Scene, title: str, language: str, limit: int) -> Drawing:
    lines = wrap(title, WIDTH, 24, bold=True)
    parts = [
        single(word("ui", "kicker", language).upper(), 0, 12, "head"),
        block(lines, 0, 44, "title", leading=30),
    ]
    y = 44.0 + 30 * (len(lines) - 1)
    facts = " · ".join(
        f"{value} {word('ui', key, language)}" for key, value in scene.totals.items() if value
    )
    said = wrap(facts or word("ui", "empty", language), WIDTH, 13)
    too_much = is_too_much(scene, limit)
    if too_much:
        claims, most = len(scene.lines), SEVERAL * limit
        notice = word("ui", "ledger_counts", language, claims=claims, limit=most)
        said += wrap(notice, WIDTH, 13)
    parts.append(block(said, 0, y + 26, "count", leading=19))
    y += 26 + 19 * len(said)
    legend = _legend(scene, y + 8, language) if not too_much else Drawing("", 0)
    return Drawing("".join([*parts, legend.body]), y + legend.height + 26)


def _legend(scene: Scene, top: float, language: str) -> Drawing:
    """Set the signs that occur side by side with their counts, in as many rows as they need."""
    entries = [
        (form, False, False, f"{found} {word('form_long', form, language)}")
        for form, found in scene.forms.items()
        if found
    ]
    indirect = Form.INDIRECT.value
    if relayed_rows := scene.totals["total_relayed"]:
        label = f"{relayed_rows} {word('ui', 'legend_via', language)}"
        entries.append((indirect, True, False, label))
    if scene.denials:
        label = f"{scene.denials} {word('ui', 'legend_denied', language)}"
        entries.append((indirect, False, True, label))
    parts: list[str] = []
    x, y = 0.0, top
    for form, relayed, denied, label in entries:
        width = 62 + measure(label, 12) + 28
        if x and x + width > WIDTH:
            x, y = 0.0, y + 26
        line = curve(form, f"M{x + 20:.0f} {y:.0f}H{x + 52:.0f}", relayed=relayed)
        parts += [
            line,
            glyph(form, round(x + 11), y, relayed=relayed, denied=denied),
            single(label, round(x + 60), y + 4, "role"),
        ]
        x += width
    return Drawing("".join(parts), y - top + 20 if entries else 0)
