"""`kg export`: write the graph in another format."""

from __future__ import annotations

import json
import sys

import click

from kg.cli.options import emit, output_option, with_project
from kg.errors import UsageError
from kg.export import FORMATS
from kg.export import export as write_format
from kg.graph.store import open_store
from kg.project import Project

__all__ = ["export"]

_BINARY = ("rocrate",)


@click.command(epilog="Example:  kg export csv -o attributions.csv")
@click.argument("name", metavar="FORMAT", required=False)
@click.option("--list", "listing", is_flag=True, help="List the formats.")
@click.option("--json", "as_json", is_flag=True, help="List them as JSON.")
@output_option
def export(name: str | None, *, listing: bool, as_json: bool, output: str) -> None:
    """Write the graph in FORMAT: turtle, trig, nquads, jsonld, csv, graphml, gexf and more."""
    if listing or as_json:
        emit(_listing(as_json), output)
        return
    if name is None:
        raise UsageError("name a format; kg export --list shows them")
    _export(name, output)


@with_project
def _export(project: Project, name: str, output: str) -> None:
    if name in _BINARY and output == "-" and sys.stdout.isatty():
        raise UsageError(f"{name} is no text for a terminal; name a file:  -o evidence.zip")
    with open_store(project.store, base=project.base) as store:
        content = write_format(store, project, name)
    emit(content, output)


def _listing(as_json: bool) -> str:
    if as_json:
        rows = [
            {
                "name": name,
                "suffix": found.suffix,
                "media_type": found.media_type,
                "purpose": found.purpose,
            }
            for name, found in FORMATS.items()
        ]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    widest = max(len(name) for name in FORMATS)
    return "".join(f"{name:<{widest}}  {found.purpose}\n" for name, found in FORMATS.items())
