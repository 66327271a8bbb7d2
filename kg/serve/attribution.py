"""One attribution: its words in context, who says them, through whom, and all that is recorded.

In: its key, or `slug#a2`. Out: what the picture's marks and every count lead to.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from kg.analyse.chains import ways
from kg.analyse.material import AlignmentFact
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.rows import AttributionRow
from kg.project import data_folder
from kg.serve.view import DATA, NotHereError, View

__all__ = ["attribution"]

CONTEXT = 220


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the quote with what stands before and after it, where the text is held."""

    before: str
    words: str
    after: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """A judgement that ties this attribution to another."""

    other: AttributionRow
    fact: AlignmentFact


def attribution(view: View) -> Response:
    """Show one attribution."""
    name = view.path("name")
    row = view.shelf.index.row_by(name, view.language)
    if row is None:
        raise NotHereError(view.t("error_no_attribution", name=name))
    if view.suffix:
        return view.data([row], about=[row.iri])
    text = view.library.text(row.sha256)
    bare = view.shelf.material((), view.language)
    links = [item for item in bare.alignments if row.iri in (item.left, item.right)]
    others = {
        other.iri: other
        for other in view.shelf.index.rows_of(
            {side for item in links for side in (item.left, item.right)} - {row.iri},
            view.language,
        )
    }
    material = view.shelf.material([row, *others.values()], view.language)
    return view.page(
        "attribution.html",
        title=view.t("attribution_title", name=row.identifier),
        data=DATA,
        row=row,
        passages=_passages(row, text),
        is_held=text is not None,
        way=next((way for way in ways(material, minimum=0) if way.row.iri == row.iri), None),
        links=[
            Link(others[other], item)
            for item in links
            for other in (item.left if item.right == row.iri else item.right,)
            if other in others
        ],
        reviews=_reviews(view, row),
        spoken=[
            (view.link(iri), label)
            for iri, label in zip(row.speaker_iris, row.speakers, strict=True)
        ],
    )


def _passages(row: AttributionRow, text: str | None) -> list[Passage]:
    if text is None:
        return [Passage("", row.quote, "", start, end) for start, end in row.spans[:1]] or [
            Passage("", row.quote, "", 0, 0)
        ]
    return [
        Passage(
            text[max(0, start - CONTEXT) : start].lstrip(),
            text[start:end],
            text[end : end + CONTEXT].rstrip(),
            start,
            end,
        )
        for start, end in row.spans
    ]


def _reviews(view: View, row: AttributionRow) -> list[dict[str, str]]:
    query = load_query(data_folder("queries") / "serve", "reviews")
    values = values_of(query, {"attribution": row.iri}, base=view.project.base)
    table = ask_query(view.shelf.store, query, values).table
    assert table is not None
    return [
        {name: term.value if term else "" for name, term in zip(table.columns, line, strict=True)}
        for line in table.rows
    ]
