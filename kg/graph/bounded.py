"""Answers with a ceiling: a query whose rows are counted as they come, and refused past a limit.

In: a store, a query, limits. Out: an `Answer` (`kg.graph.query`), or the reason why there is none.
It does not stop an engine that finds no row: whoever needs that runs it in a process and ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.query import Answer
from kg.graph.sparql import parse_fault
from kg.graph.store import EmbeddedStore, safe_query
from kg.graph.table import Table, Term
from kg.graph.terms import term_of
from kg.graph.vocab import PREFIXES

__all__ = ["AnswerTooLargeError", "Ceiling", "Graphs", "ask_bounded"]


class AnswerTooLargeError(QueryError):
    """The answer has more rows or characters than are given out."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many rows (or triples) and characters an answer may have.

    `cut` gives the first rows instead of refusing; then the answer says that it is cut.
    """

    rows: int = 100_000
    characters: int = 50_000_000
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Graphs:
    """The graphs a request chose in place of all: those asked as one, and those `GRAPH` finds."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def ask_bounded(
    store: EmbeddedStore, query: str, ceiling: Ceiling, *, base: str, graphs: Graphs | None = None
) -> tuple[Answer, bool]:
    """Answer a query of any form; the second value tells whether the answer is cut.

    `graphs` comes before what FROM says (SPARQL 1.1 Protocol, 2.1.4).

    Raises:
        QueryError: the query is wrong or refused.
        AnswerTooLargeError: the answer passes the ceiling, and is not to be cut.
    """
    text = safe_query(query, base=base)
    try:
        found = (
            store.raw.query(text, prefixes=PREFIXES)
            if graphs is None
            else store.raw.query(
                text,
                prefixes=PREFIXES,
                default_graph=[ox.NamedNode(iri) for iri in graphs.default],
                named_graphs=[ox.NamedNode(iri) for iri in graphs.named],
            )
        )
        if isinstance(found, ox.QueryBoolean):
            return Answer(boolean=bool(found)), False
        if isinstance(found, ox.QueryTriples):
            return _triples(found, ceiling)
        return _table(found, ceiling)
    except SyntaxError as error:
        raise QueryError(parse_fault(text, str(error))) from error
    except ValueError as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _table(found: ox.QuerySolutions, ceiling: Ceiling) -> tuple[Answer, bool]:
    columns = tuple(variable.value for variable in found.variables)
    rows: list[tuple[Term | None, ...]] = []
    weight = 0
    for solution in found:
        row = tuple(term_of(node) for node in solution)
        weight += sum(len(term.value) for term in row if term is not None)
        if len(rows) >= ceiling.rows or weight > ceiling.characters:
            _refuse_unless_cut(ceiling, "rows")
            return Answer(table=Table(columns, tuple(rows))), True
        rows.append(row)
    return Answer(table=Table(columns, tuple(rows))), False


def _triples(found: ox.QueryTriples, ceiling: Ceiling) -> tuple[Answer, bool]:
    lines: set[str] = set()
    weight = 0
    for triple in found:
        line = f"{triple} .\n"
        weight += 0 if line in lines else len(line)
        if len(lines) >= ceiling.rows or weight > ceiling.characters:
            _refuse_unless_cut(ceiling, "triples")
            return Answer(triples="".join(sorted(lines))), True
        lines.add(line)
    return Answer(triples="".join(sorted(lines))), False


def _refuse_unless_cut(ceiling: Ceiling, what: str) -> None:
    if not ceiling.cut:
        raise AnswerTooLargeError(
            f"the answer passes {ceiling.rows:,} {what} or {ceiling.characters:,} characters; "
            "ask for less with LIMIT, or export the whole graph with  kg export"
        )
