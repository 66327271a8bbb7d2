"""Answers of the shipped questions, row by row, for exports that need more than attribution rows.

In: a store and the name of a query in `queries/`. Out: one dict of plain text a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.graph.query import ask_query, load_query, values_of
from kg.project import data_folder

if TYPE_CHECKING:
    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["answers"]


def answers(store: Store, project: Project, name: str) -> list[dict[str, str]]:
    """Ask a named query with its defaults, labels in the project's language; unbound is ""."""
    query = load_query(data_folder("queries"), name)
    speaks = any(parameter.name == "language" for parameter in query.parameters)
    given = {"language": project.language} if speaks else {}
    table = ask_query(store, query, values_of(query, given, base=project.base)).table
    assert table is not None
    return [
        {
            column: term.value if term else ""
            for column, term in zip(table.columns, row, strict=True)
        }
        for row in table.rows
    ]
