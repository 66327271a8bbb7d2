"""A speaker: what they are said to have said, where, under which titles, and through whom.

In: an agent's id. Out: their claims by outlet, quotes, posts over time beside the titles the texts
give, wordings that differ, conflicts, chains.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from starlette.responses import Response

from kg.export.html import LIMIT
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.rows import AttributionRow
from kg.project import data_folder
from kg.serve.index import Narrowing
from kg.serve.links import links_to
from kg.serve.overview import board_of
from kg.serve.readings import MOST, rows_reading
from kg.serve.view import DATA, NotHereError, View

__all__ = ["speaker"]

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Title:
    """A title that texts give the speaker, with the outlets that give it, and how often."""

    words: str
    outlets: tuple[str, ...]
    number: int


def speaker(view: View) -> Response:
    """Show one speaker."""
    name = view.path("name")
    iri = f"{view.project.base}agent/{name}"
    index = view.shelf.index
    thing = index.thing(iri, view.language)
    if thing is None:
        raise NotHereError(view.t("error_no_speaker", name=name))
    narrowing = Narrowing(speaker=iri)
    if view.suffix:
        rows = index.rows(narrowing, view.language)
        return view.data(rows, about=[iri], facts={"name": thing.name})
    rows = index.rows(narrowing, view.language, limit=MOST)
    board = board_of(view, rows) if rows else None
    return view.page(
        "speaker.html",
        title=thing.name,
        data=DATA,
        thing=thing,
        rows=rows[:SHOWN],
        total=thing.live,
        seen=len(rows),
        board=board,
        limit=LIMIT,
        posts=_posts(view, iri),
        titles=_titles(view, rows),
        reading=rows_reading(view, iri, rows),
        about=index.claims_about([iri], 40),
        links=links_to(view, iri),
    )


def _posts(view: View, iri: str) -> list[dict[str, str]]:
    query = load_query(data_folder("queries") / "serve", "roles")
    values = values_of(query, {"agent": iri, "language": view.language}, base=view.project.base)
    table = ask_query(view.shelf.store, query, values).table
    assert table is not None
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for line in table.rows:
        cells = {
            name: term.value if term else "" for name, term in zip(table.columns, line, strict=True)
        }
        found.setdefault((cells["organisation"], cells["held"], cells["basis"]), cells)
    return list(found.values())


def _titles(view: View, rows: list[AttributionRow]) -> list[Title]:
    outlets: defaultdict[str, dict[str, None]] = defaultdict(dict)
    numbers: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.role:
            outlets[row.role][view.outlet(row)] = None
            numbers[row.role] += 1
    made = [Title(words, tuple(outlets[words]), numbers[words]) for words in outlets]
    return sorted(made, key=lambda title: (-title.number, title.words))
