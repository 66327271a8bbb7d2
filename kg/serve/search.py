"""Full text over quotes, claims, names and titles, every hit marked where it stands.

In: words as typed. Out: what holds all of them, best first, by kind. Accents, apostrophes and case
mean nothing; the last word is taken as the beginning of one.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from kg.export.safe_text import escape
from kg.export.tables import guarded
from kg.graph.rows import AttributionRow
from kg.serve.index import Hit
from kg.serve.view import DATA, View

__all__ = ["PER_PAGE", "search"]

PER_PAGE = 40
_MOST = 100_000
_MARK = "\x02"
_WINDOW = 320
"""Characters of a long quote shown around its first hit."""


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as shown: its kind, where it leads, its text with marks, its attribution if any."""

    kind: str
    link: str
    marked: Markup
    row: AttributionRow | None


def search(view: View) -> Response:
    """Answer a search; without words, only its form."""
    words = view.asked("q")[:200]
    what = view.asked("what")
    number = view.number("page", most=2500)
    index = view.shelf.index
    counts = view.shelf.once(("found", words), lambda: index.search_counts(words, _MOST))
    total = counts.get(what, 0) if what else sum(counts.values())
    number = min(number, max(total - 1, 0) // PER_PAGE)
    hits = index.search(words, what=what, limit=PER_PAGE + 1, offset=number * PER_PAGE)
    rows = {
        row.iri: row
        for row in index.rows_of([h.ref for h in hits if h.what == "quote"], view.language)
    }
    if view.suffix:
        return _data(view, words, hits, list(rows.values()))
    return view.page(
        "search.html",
        title=view.t("search_title"),
        data=DATA if words else (),
        words=words,
        what=what,
        counts=counts,
        total=sum(counts.values()),
        hits=[_found(view, hit, rows) for hit in hits[:PER_PAGE]],
        number=number,
        has_more=len(hits) > PER_PAGE,
    )


def _found(view: View, hit: Hit, rows: dict[str, AttributionRow]) -> Found:
    row = rows.get(hit.ref)
    link = f"/attribution/{row.key}" if row else view.link(hit.ref)
    text = _named(hit, view.language)
    return Found(hit.what, link, _html(_window(text)), row)


def _named(hit: Hit, language: str) -> str:
    """Show the name in the reader's language, and the other one too where only that was found."""
    first, second = (hit.other or hit.marked, hit.marked) if language == "en" else (hit[2], hit[3])
    if _MARK in first or not second or first == second:
        return first
    return f"{first} — {second}"


def _window(text: str) -> str:
    if len(text) <= _WINDOW:
        return text
    place = max(text.find("\x02") - _WINDOW // 3, 0)
    cut = text[place : place + _WINDOW]
    if cut.count("\x02") > cut.count("\x03"):
        cut += "\x03"
    return ("…" if place else "") + cut + ("…" if place + _WINDOW < len(text) else "")


def _html(text: str) -> Markup:
    """Escape a text and turn the marks around hits into elements."""
    parts = []
    for number, piece in enumerate(text.split("\x02")):
        inside, mark, outside = piece.partition("\x03")
        if number and mark:
            parts.append(f"<mark>{escape(inside)}</mark>{escape(outside)}")
        else:
            parts.append(escape(piece))
    return Markup("".join(parts))  # noqa: S704 - every piece is escaped above


def _data(view: View, words: str, hits: list[Hit], rows: list[AttributionRow]) -> Response:
    """Give one page of what was found: as a list, or as the things themselves in RDF."""
    shown = hits[:PER_PAGE]
    if view.suffix not in {"json", "csv"}:
        found_rows = {hit.ref for hit in shown}
        return view.data(
            [row for row in rows if row.iri in found_rows],
            about=[hit.ref for hit in shown if hit.what != "quote"],
        )
    found = [
        {
            "kind": hit.what,
            "iri": hit.ref,
            "text": hit.marked.replace("\x02", "").replace("\x03", ""),
        }
        for hit in shown
    ]
    if view.suffix == "csv":
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("kind", "iri", "text"))
        writer.writerows(guarded(hit.values()) for hit in found)
        return Response(stream.getvalue(), media_type="text/csv; charset=utf-8")
    body = json.dumps({"words": words, "found": found}, ensure_ascii=False, indent=1)
    return Response(body + "\n", media_type="application/json")
