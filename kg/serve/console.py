"""The query page: named queries with their parameters, own queries, answers as a table or drawing.

In: parameters of the address or the form. Out: one page; the query stands in its address, so it
can be handed on. Answers come from the same processes as the endpoint's, under the same limits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from kg.errors import KgError, QueryError, UsageError
from kg.graph.query import QueryFile, load_queries, load_query, values_of
from kg.graph.sparql import bind
from kg.graph.table import compact
from kg.graph.vocab import PREFIXES
from kg.project import data_folder
from kg.serve.drawing import draw_triples
from kg.serve.engine import Reply, status_of
from kg.serve.view import View

__all__ = ["SHOWN", "Cell", "Wanted", "page", "wanted"]

SHOWN = 500
"""Rows shown on the page; the files have all."""
DRAWN = 120
"""Triples drawn at most."""

_START = """PREFIX kg: <https://w3id.org/claim-provenance/ns#>

SELECT ?identifier ?quote
WHERE {
  ?attribution a kg:Attribution ;
    <http://purl.org/dc/terms/identifier> ?identifier ;
    kg:quote ?quote .
}
ORDER BY ?identifier
LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an answer: what is shown, where it leads, and the language of its words."""

    text: str
    link: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page was asked for: its form as filled in, and the query to run, if any."""

    parameters: Mapping[str, str]
    queries: tuple[QueryFile, ...]
    chosen: QueryFile | None
    text: str
    fault: str

    @property
    def runs(self) -> bool:
        """Whether there is a query to answer."""
        return bool(self.text) and not self.fault


def wanted(view: View, parameters: Mapping[str, str]) -> Wanted:
    """Read the form."""
    queries = tuple(load_queries(data_folder("queries")))
    return Wanted(parameters, queries, *_query(view, parameters))


def page(view: View, form: Wanted, reply: Reply | KgError | None) -> Response:
    """Show the console, and what became of the query where there is one."""
    fault = str(reply) if isinstance(reply, KgError) else form.fault
    context: dict[str, object] = {
        "queries": form.queries,
        "chosen": form.chosen,
        "given": form.parameters,
        "query": form.text or _START,
        "asked": bool(form.text),
        "fault": fault,
        "columns": (),
        "rows": (),
        "boolean": None,
        "drawing": None,
        "cut": False,
        "shown": SHOWN,
    }
    if isinstance(reply, Reply):
        context.update(_answered(view, reply))
    status = status_of(reply) if isinstance(reply, KgError) else 400 if fault else 200
    return view.page("sparql.html", title=view.t("nav_sparql"), status=status, answer=context)


def _query(view: View, parameters: Mapping[str, str]) -> tuple[QueryFile | None, str, str]:
    """Give the named query if one is chosen, the text to run, and what is wrong with either."""
    name = parameters.get("name", "")
    text = parameters.get("query", "").replace("\r\n", "\n")
    if not name:
        return None, text, ""
    try:
        chosen = load_query(data_folder("queries"), name)
        if text:
            return chosen, text, ""
        # What was filled in for the query chosen before is no parameter of this one.
        given = {
            item.name: value
            for item in chosen.parameters
            if (value := parameters.get(f"p.{item.name}", "").strip())
        }
        missing = [
            item.name
            for item in chosen.parameters
            if item.default is None and item.name not in given
        ]
        if missing:
            return chosen, "", ""
        return chosen, bind(chosen.text, values_of(chosen, given, base=view.project.base)), ""
    except (UsageError, QueryError) as error:
        return None, text, str(error)


def _answered(view: View, reply: Reply) -> dict[str, object]:
    answer = json.loads(reply.body)
    if reply.kind == "boolean":
        return {"boolean": bool(answer["boolean"])}
    columns = [str(name) for name in answer["head"]["vars"]]
    rows = [
        [_cell(view, binding.get(name)) for name in columns]
        for binding in answer["results"]["bindings"]
    ]
    found: dict[str, object] = {"columns": columns, "rows": rows, "cut": reply.cut}
    if reply.kind == "graph" and rows:
        edges = [(row[0].text, row[1].text, row[2].text) for row in rows[:DRAWN]]
        found["drawing"] = Markup(draw_triples(edges, view.t("sparql_drawing")))  # noqa: S704 - escaped where drawn
        found["drawn"] = min(len(rows), DRAWN)
    return found


def _cell(view: View, term: Mapping[str, str] | None) -> Cell:
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        label = view.shelf.index.name(value, view.language)
        if not label and "/attribution/" in value:
            label = view.shelf.index.identifier(value)
        shown = label or compact(value, base=view.project.base, prefixes=PREFIXES)
        return Cell(shown, view.link(value))
    return Cell(value, "", term.get("xml:lang", ""))
