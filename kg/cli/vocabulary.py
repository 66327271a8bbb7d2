"""`kg vocabulary`: the predicates that claims may use, shipped and a collection's own."""

from __future__ import annotations

import json
import shutil

import click

from kg.cli.options import emit, format_option, output_option, with_project
from kg.graph.predicates import Predicate, Predicates, load_predicates
from kg.graph.table import Table, Term, render_csv, render_text
from kg.project import Project, data_folder

__all__ = ["vocabulary"]

_COLUMNS = ("predicate", "object", "fr", "en", "marks")
_WIDTH = 100


@click.command(epilog="Example:  kg vocabulary --format csv")
@format_option(("table", "json", "csv"), "table")
@output_option
@with_project
def vocabulary(project: Project, style: str, output: str) -> None:
    """List the predicates: name, kind of object, labels, and what follows from them.

    A claim is written  subject predicate object; sources/*.ttl adds predicates of your own.
    """
    found = load_predicates(data_folder("ontology"), project.sources)
    emit(_rendered(found, style), output)


def _rendered(found: Predicates, style: str) -> str:
    if style == "json":
        told = [_told(predicate) for predicate in found.by_name.values()]
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    rows = (_row(predicate) for predicate in found.by_name.values())
    table = Table(_COLUMNS, tuple(tuple(Term("literal", cell) for cell in row) for row in rows))
    if style == "csv":
        return render_csv(table)
    width = shutil.get_terminal_size((_WIDTH, 24)).columns
    return render_text(table, width=width, base="", prefixes={})


def _row(predicate: Predicate) -> tuple[str, ...]:
    labels = dict(predicate.labels)
    marks = [
        word
        for word, is_so in (
            ("functional", predicate.functional),
            ("symmetric", predicate.symmetric),
            ("ordered", predicate.ordered),
            (f"inverse of {predicate.inverse}", bool(predicate.inverse)),
            (f"disjoint with {' '.join(predicate.disjoint)}", bool(predicate.disjoint)),
        )
        if is_so
    ]
    return (
        predicate.name,
        str(predicate.kind),
        labels.get("fr", ""),
        labels.get("en", ""),
        ", ".join(marks),
    )


def _told(predicate: Predicate) -> dict[str, object]:
    return {
        "name": predicate.name,
        "iri": predicate.iri,
        "labels": dict(predicate.labels),
        "comments": dict(predicate.comments),
        "object": str(predicate.kind),
        "functional": predicate.functional,
        "symmetric": predicate.symmetric,
        "ordered": predicate.ordered,
        "inverse": predicate.inverse,
        "disjoint": list(predicate.disjoint),
    }
