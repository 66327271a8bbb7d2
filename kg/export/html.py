"""The who-said-what page: one file that holds the ledger, the comparison and every quote.

In: attribution rows. Out: HTML that asks the network for nothing, works without script and is the
same, byte for byte, for the same rows. Layout of the ledger is `kg.export.ledger`'s, look is
`assets/page.css`'s; this module puts the parts together and seals them with a content policy.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from kg.export.claim_table import claim_table
from kg.export.counts import count, html_counts
from kg.export.glyphs import sample, small_glyph
from kg.export.ledger import WIDTH, draw_ledger
from kg.export.ledger_narrow import NARROW_WIDTH, draw_narrow_ledger
from kg.export.palette import page_palette
from kg.export.parts import SEVERAL, is_folded, is_too_much, other_parts, shared_part
from kg.export.quote_list import quote_list, quote_panel
from kg.export.safe_text import escape
from kg.export.scene import arrange, narrowed
from kg.export.words import LANGUAGES, asset, both, check_language, each, word
from kg.model import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.export.parts import Part
    from kg.export.scene import Scene, Voice
    from kg.graph.rows import AttributionRow

__all__ = ["LIMIT", "LISTED", "render_page"]

LIMIT = 150
"""Claims above which one drawing is no longer readable."""

LISTED = 2000
"""Quotes listed at most, so that a browser can open the page; those with a mark always are."""

LONG = 300
"""Quotes above which a browser may leave those out of sight undrawn until they are needed."""


def render_page(
    rows: Sequence[AttributionRow],
    *,
    title: str,
    language: str = "fr",
    limit: int = LIMIT,
    lost: Iterable[tuple[str, str]] | None = None,
) -> str:
    """Draw the page.

    Args:
        rows: attributions in any order; retracted and rejected ones stand in a folded list apart.
        title: the page's title, as given.
        language: the language of labels to show first; the other is one key away.
        limit: how many claims one drawing holds; above `SEVERAL` times as many in all, the page
            has counts and what outlets share, and says so.
        lost: claims with the own voices that lost their speaker (`kg.export.scene.arrange`).

    Raises:
        UsageError: for a language the picture has no words in.
    """
    check_language(language)
    scene = arrange(rows, language=language, lost=lost)
    style = page_palette() + asset("ledger.css") + asset("page.css")
    script = asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<link rel="icon" href="data:,">\n<title>{escape(title)}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n{_body(scene, title, language, limit)}"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _body(scene: Scene, title: str, language: str, limit: int) -> str:
    too_much = is_too_much(scene, limit)
    parts = other_parts(scene, language) if is_folded(scene) and not too_much else []
    main = [_header(scene, title, language), '<main id="main">\n']
    if scene.rows:
        main += [
            _overview_section(scene, parts, limit),
            _ledger_section(scene, parts, language, limit),
            _table_section(scene, limit),
            _quotes_section(scene, limit),
        ]
    else:
        main.append(f'<p class="empty">{both("ui", "empty")}</p>\n')
    main += [
        _withdrawn_section(scene),
        "</main>\n",
        f"<footer><p>{both('ui', 'colophon')}</p><p>{both('ui', 'verify')}</p></footer>\n",
        _panel(),
    ]
    return "".join(main)


def _header(scene: Scene, title: str, language: str) -> str:
    switch = "".join(
        f'<label><input type="radio" name="language" id="language-{code}" value="{code}"'
        f'{" checked" if code == language else ""}> <span lang="{code}">{name}</span></label>'
        for code, name in zip(LANGUAGES, ("Français", "English"), strict=True)
    )
    targets = ["overview", "ledger", *(["table"] if scene.lines else []), "quotes"]
    targets = targets if scene.rows else []
    targets += ["withdrawn"] if scene.withdrawn else []
    links = "".join(f'<li><a href="#{key}">{both("ui", key)}</a></li>' for key in targets)
    return (
        f'<a class="skip" href="#main">{both("ui", "skip")}</a>\n'
        f'<header>\n<p class="kicker">{both("ui", "kicker")}</p>\n'
        f"<h1><bdi>{escape(title)}</bdi></h1>\n"
        f'<p class="standfirst">{both("ui", "standfirst")}</p>\n'
        f'<div class="controls"><nav aria-labelledby="sections">'
        f'<span id="sections" class="hidden">{both("ui", "sections")}</span><ul>{links}</ul></nav>'
        f'<fieldset class="language"><legend class="hidden">{both("ui", "language")}</legend>'
        f"{switch}</fieldset></div>\n{_totals(scene)}</header>\n"
    )


def _totals(scene: Scene) -> str:
    """Write the counts the page opens with."""
    figures = "".join(
        f"<div><dt>{both('ui', key)}</dt><dd>{value}</dd></div>"
        for key, value in scene.totals.items()
    )
    return f'<dl class="totals">{figures}</dl>\n'


def _overview_section(scene: Scene, parts: Sequence[Part], limit: int) -> str:
    """Tell who speaks in which outlet at one look; each name leads to its claims."""
    anchors: dict[Voice, str] = {}
    for part in parts:
        anchors.setdefault(part.voice, part.anchor)
    notice = ""
    if is_too_much(scene, limit):
        said = both("ui", "ledger_fallback", claims=len(scene.lines), limit=SEVERAL * limit)
        notice = f'<p class="notice">{said}</p>'
    return (
        f'<section id="overview"><h2>{both("ui", "overview_title")}</h2>'
        f'<p class="lead">{both("ui", "overview_lead")}</p>{notice}'
        f"{_scroll(html_counts(count(scene), anchors))}</section>\n"
    )


def _ledger_section(scene: Scene, parts: Sequence[Part], language: str, limit: int) -> str:
    """Draw every claim, or those that outlets share, and the others folded voice by voice."""
    drawn, key = scene, "ledger_title"
    if is_folded(scene):
        drawn = shared_part(scene, language, limit)
        key = "ledger_shared" if drawn.lines else key
    drawings = _drawings(drawn) if drawn.lines else ""
    claimless = "" if scene.lines else f'<p class="notice">{both("ui", "claimless")}</p>'
    return (
        f'<section id="ledger"><h2>{both("ui", key)}</h2>'
        f'<p class="lead">{both("ui", "ledger_lead")} '
        f'<span class="keys">{both("ui", "keys")}</span></p>'
        f"{_legend(scene)}{claimless}{drawings}{_folded(parts, language, limit)}</section>\n"
    )


def _folded(parts: Sequence[Part], language: str, limit: int) -> str:
    """Fold each voice's other claims under its name and their number."""
    if not parts:
        return ""
    folds: list[str] = []
    for part in parts:
        name = each(part.name("fr"), part.name("en"))
        signs = "".join(
            f"<span>{small_glyph(form)} {number}</span>"
            for form, number in Counter(
                mark.row.form for line in part.scene.lines for mark in line.marks
            ).most_common()
        )
        shown = narrowed(part.scene, part.scene.lines[:limit], language)
        cut = ""
        if len(shown.lines) < len(part.scene.lines):
            said = both("ui", "part_cut", shown=len(shown.lines), claims=len(part.scene.lines))
            cut = f'<p class="notice">{said}</p>'
        folds.append(
            f'<details class="part" id="{escape(part.anchor)}"><summary>'
            f"<b><bdi>{name}</bdi></b> "
            f'<span class="many">{both("ui", "claims_number", n=len(part.scene.lines))}</span> '
            f'<span class="signs" aria-hidden="true">{signs}</span></summary>'
            f"{cut}{_drawings(shown)}</details>"
        )
    return (
        f'<h3 class="others">{both("ui", "others_title")}</h3>'
        f'<p class="lead">{both("ui", "others_lead")}</p>{"".join(folds)}'
    )


def _drawings(scene: Scene) -> str:
    """Draw a scene in both languages."""
    return "".join(_drawing(scene, code) for code in LANGUAGES)


def _drawing(scene: Scene, language: str) -> str:
    """Draw the ledger of one language, wide and narrow; the stylesheet shows one of the four."""
    name = escape(word("ui", "ledger_title", language))
    drawings = (
        ("wide", WIDTH, draw_ledger(scene, language)),
        ("narrow", NARROW_WIDTH, draw_narrow_ledger(scene, language)),
    )
    pictures = "".join(
        f'<svg class="ledger {shape}" role="group" aria-label="{name}" '
        f'viewBox="0 0 {width} {round(drawing.height)}" '
        f'width="{width}" height="{round(drawing.height)}">{drawing.body}</svg>'
        for shape, width, drawing in drawings
    )
    return f'<div class="{language}" lang="{language}">{pictures}</div>'


def _legend(scene: Scene) -> str:
    """Explain the signs that occur, each with how many attributions have it."""
    items = [
        f"<li>{sample(form)}<b>{number}</b> {both('form_long', form)}</li>"
        for form, number in scene.forms.items()
        if number
    ]
    totals = scene.totals
    if totals["total_relayed"]:
        signs = sample(Form.INDIRECT, relayed=True)
        items.append(f"<li>{signs}<b>{totals['total_relayed']}</b> {both('ui', 'legend_via')}</li>")
    if scene.denials:
        signs = sample(Form.INDIRECT, denied=True)
        items.append(f"<li>{signs}<b>{scene.denials}</b> {both('ui', 'legend_denied')}</li>")
    if totals["total_lost"]:
        lost = f"<b>{totals['total_lost']}</b> {both('ui', 'legend_lost')}"
        items.append(f'<li class="lost-key">{lost}</li>')
    return (
        f'<div class="legend"><h3 class="hidden">{both("ui", "forms_title")}</h3>'
        f"<ul>{''.join(items)}</ul></div>"
    )


def _table_section(scene: Scene, limit: int) -> str:
    """Set the claims against the outlets; of many, those that only one carries are folded."""
    if not scene.lines:
        return ""
    folded = is_folded(scene)
    shown = scene.lines[: SEVERAL * limit]
    shared = [line for line in shown if line.outlet_count > 1] if folded else list(shown)
    single = shown[len(shared) :]
    carried = {mark.outlet for line in shown for mark in line.marks}
    outlets = [outlet for outlet in scene.outlets if outlet in carried]
    cut = ""
    if len(shown) < len(scene.lines):
        text = both("ui", "table_cut", shown=len(shown), claims=len(scene.lines))
        cut = f'<p class="notice">{text}</p>'
    first = _scroll(claim_table(shared, outlets)) if shared else ""
    rest = ""
    if single:
        rest = (
            f'<details class="part"><summary><b>{both("ui", "table_single")}</b> '
            f'<span class="many">{both("ui", "claims_number", n=len(single))}</span></summary>'
            f"{_scroll(claim_table(single, outlets))}</details>"
        )
    return (
        f'<section id="table"><h2 id="comparison">{both("ui", "table_title")}</h2>'
        f'<p class="lead">{both("ui", "table_lead")}</p>{cut}{_filter()}{first}{rest}'
        f'<p class="nothing" hidden>{both("ui", "filter_none")}</p></section>\n'
    )


def _filter() -> str:
    """Offer a filter; it is of no use without script, so only the script unhides it."""
    return (
        f'<p class="filter" hidden><label for="filter">{both("ui", "filter")}</label> '
        '<input id="filter" type="search" autocomplete="off" spellcheck="false"> '
        f'<span class="hint">{both("ui", "filter_hint")}</span></p>'
    )


def _quotes_section(scene: Scene, limit: int) -> str:
    marked = {mark.row.iri for line in scene.lines[: SEVERAL * limit] for mark in line.marks}
    room = max(LISTED - len(marked), 0)
    others = [row.iri for row in scene.rows if row.iri not in marked][:room]
    listed = marked.union(others)
    rows = [row for row in scene.rows if row.iri in listed]
    cut = ""
    if len(rows) < len(scene.rows):
        text = both("ui", "quotes_cut", shown=len(rows), rows=len(scene.rows))
        cut = f'<p class="notice">{text}</p>'
    outlets = {outlet.iri: outlet for outlet in scene.outlets}
    long = ' class="long"' if len(rows) > LONG else ""
    return (
        f'<section id="quotes"{long}><h2>{both("ui", "quotes_title")}</h2>{cut}'
        f"{quote_list(rows, outlets, folded=is_folded(scene))}</section>\n"
    )


def _withdrawn_section(scene: Scene) -> str:
    if not scene.withdrawn:
        return ""
    panels = "".join(quote_panel(row) for row in scene.withdrawn[:LISTED])
    return (
        f'<section id="withdrawn"><h2>{both("ui", "withdrawn_title")}</h2>'
        f'<p class="lead">{both("ui", "withdrawn_lead")}</p><details><summary>'
        f"{len(scene.withdrawn)} {both('ui', 'withdrawn')}</summary>{panels}</details></section>\n"
    )


def _scroll(table: str) -> str:
    return f'<div class="scroll">{table}</div>'


def _panel() -> str:
    """Give the side panel the script fills; closed, and nothing at all without script."""
    return (
        f'<dialog id="panel" aria-labelledby="panel-name"><div class="bar">'
        f'<h2 id="panel-name" tabindex="-1">{both("ui", "quotes")}</h2>'
        f'<button type="button" id="previous">{both("ui", "previous")}</button>'
        f'<button type="button" id="next">{both("ui", "next")}</button>'
        f'<button type="button" id="close">{both("ui", "close")}</button></div>'
        '<div id="panel-quote"></div>'
        f'<p><a id="in-list" href="#quotes">{both("ui", "in_list")}</a></p></dialog>\n'
    )
