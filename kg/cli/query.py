"""`kg query`: ask a named or own SPARQL query and print the answer."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from kg.cli.options import emit, format_option, output_option, with_project
from kg.errors import UsageError
from kg.graph.query import (
    Answer,
    QueryFile,
    ask_query,
    explain_empty,
    load_queries,
    load_query,
    own_query,
    values_of,
)
from kg.graph.store import open_store
from kg.graph.table import (
    Table,
    render_boolean,
    render_csv,
    render_json,
    render_text,
    render_tsv,
    render_xml,
)
from kg.graph.triples import triples_table, triples_turtle
from kg.graph.vocab import PREFIXES
from kg.project import Project, data_folder

__all__ = ["query"]

_STYLES = ("table", "csv", "tsv", "json", "xml", "ttl")
_WRITERS: dict[str, Callable[[Table], str]] = {
    "csv": render_csv,
    "tsv": render_tsv,
    "json": render_json,
    "xml": render_xml,
}
_WIDTH = 100
"""Cells to fill where the answer does not go to a terminal; COLUMNS changes it."""


@click.command(epilog="Example:  kg query support -p words=recognise --format csv")
@click.argument("name", required=False)
@click.option("--parameter", "-p", "given", multiple=True, metavar="KEY=VALUE", help="Narrow it.")
@click.option("--list", "listing", is_flag=True, help="List the named queries.")
@click.option("--show", is_flag=True, help="Print the query itself: its header and its SPARQL.")
@format_option(_STYLES, "table")
@output_option
def query(
    name: str | None,
    given: tuple[str, ...],
    *,
    listing: bool,
    show: bool,
    style: str,
    output: str,
) -> None:
    """Ask NAME, a file FILE.rq, or - for a query on standard input.

    Answers are a table that fits the terminal, or csv, tsv, json, xml; triples are ttl.
    """
    if listing:
        emit(_listing(style), output)
        return
    if name is None:
        raise UsageError("name a query, a .rq file or -; kg query --list shows the named ones")
    if show:
        emit(load_query(data_folder("queries"), name).text, output)
        return
    _ask(name, given, style=style, output=output)


@with_project
def _ask(project: Project, name: str, given: tuple[str, ...], *, style: str, output: str) -> None:
    asked = _query_of(name, project.base)
    pairs = _pairs(given)
    if any(parameter.name == "language" for parameter in asked.parameters):
        pairs.setdefault("language", project.language)
    values = values_of(asked, pairs, base=project.base)
    with open_store(project.store, base=project.base) as store:
        answer = ask_query(store, asked, values)
        if answer.is_empty:
            folder = data_folder("queries")
            told = explain_empty(
                store, asked, values, folder=folder, base=project.base, given=pairs
            )
            click.echo(told, err=True)
            if style == "table":
                return
    emit(_rendered(answer, style, project.base), output)


def _query_of(name: str, base: str) -> QueryFile:
    if name == "-":
        return own_query(_stdin(), name="-", base=base)
    if name.endswith(".rq") or "/" in name:
        try:
            return own_query(Path(name).read_text(encoding="utf-8"), name=name, base=base)
        except UnicodeDecodeError as error:
            raise UsageError(f"{name}: cannot be read: it is not UTF-8 text") from error
        except OSError as error:
            raise UsageError(f"{name}: cannot be read: {error.strerror or error}") from error
    return load_query(data_folder("queries"), name)


def _stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"-: the query on standard input is not UTF-8 text: {error}") from error


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in given:
        key, equals, value = item.partition("=")
        if not equals or not key:
            raise UsageError(f"-p {item}: write  -p key=value")
        if key in pairs:
            raise UsageError(f"-p {key} is given twice")
        pairs[key] = value
    return pairs


def _rendered(answer: Answer, style: str, base: str) -> str:
    if answer.boolean is not None:
        if style == "ttl":
            raise UsageError("a yes or no is no Turtle; choose table, csv, tsv, json or xml")
        return render_boolean(answer.boolean, "text" if style == "table" else style)
    if answer.triples is not None:
        if style in {"table", "ttl"}:
            return triples_turtle(answer.triples)
        return _table_as(triples_table(answer.triples), style, base)
    assert answer.table is not None
    if style == "ttl":
        raise UsageError(
            "a SELECT query gives rows, not triples; choose table, csv, tsv, json, xml"
        )
    return _table_as(answer.table, style, base)


def _table_as(table: Table, style: str, base: str) -> str:
    if style == "table":
        width = shutil.get_terminal_size((_WIDTH, 24)).columns
        return render_text(table, width=width, base=base, prefixes=PREFIXES)
    return _WRITERS[style](table)


def _listing(style: str) -> str:
    queries = load_queries(data_folder("queries"))
    if style == "json":
        rows = [
            {
                "name": item.name,
                "purpose": item.purpose,
                "parameters": {parameter.name: parameter.meaning for parameter in item.parameters},
                "columns": {column.name: column.meaning for column in item.columns},
            }
            for item in queries
        ]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    widest = max(len(item.name) for item in queries)
    return "".join(f"{item.name:<{widest}}  {item.purpose}\n" for item in queries)
