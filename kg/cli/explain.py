"""`kg explain`: walk from any node back to the words."""

from __future__ import annotations

import dataclasses
import json
import shutil

import click

from kg.analyse.explained import explain_derived, may_be_derived
from kg.cli.options import format_option, plural, with_project
from kg.cli.readings import open_material
from kg.errors import UsageError
from kg.graph.explain import Explained, Explanation, find_node
from kg.graph.explain import explain as explain_node
from kg.graph.store import open_store
from kg.project import Project, data_folder
from kg.records import load_collection
from kg.records.texts import held_texts, wanted_texts

__all__ = ["explain"]


@click.command(epilog="Example:  kg explain 'russia firstToRecognise aes'")
@click.argument("node")
@click.option("--limit", default=20, show_default=True, help="Attributions to follow.")
@click.option("--language", default="", help="Labels in fr or en; the project's by default.")
@format_option(("text", "json"), "text")
@with_project
def explain(project: Project, node: str, limit: int, language: str, style: str) -> None:
    """Walk from NODE back to the words.

    NODE is an id (an agent, outlet, utterance …), slug#a2, a claim in its one-line form, or an IRI.
    """
    queries = data_folder("queries")
    held = held_texts(project, wanted_texts(load_collection(project).collection))
    with open_store(project.store, base=project.base) as store:
        texts = {digest: item.text for digest, item in held.items()}
        try:
            told = explain_node(
                store,
                find_node(store, node, base=project.base, queries=queries),
                base=project.base,
                queries=queries,
                texts=texts,
                language=language or project.language,
                limit=limit,
            )
        except UsageError:
            # Not in the graph of the records: what the readings derive is looked at last.
            if not may_be_derived(node):
                raise
            derived = explain_derived(
                store, open_material(project), node, queries=queries, texts=texts, limit=limit
            )
            if derived is None:
                raise
            told = derived
    if style == "json":
        click.echo(json.dumps(dataclasses.asdict(told), ensure_ascii=False, indent=1))
    else:
        click.echo(_rendered(told))


def _rendered(told: Explanation) -> str:
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    lines = [f"{told.kind}: {told.label}" if told.label else told.kind, f"  {told.iri}"]
    lines += [_fact(fact.name, fact.value, "  ", width) for fact in told.facts]
    if told.kind != "Attribution":
        lines += ["", f"It rests on {plural(told.total, 'attribution')}:"]
    for item in told.attributions:
        lines += ["", *_attribution(item, width)]
    left = told.total - len(told.attributions)
    if left:
        lines += ["", f"… and {left} more; --limit {told.total} shows all"]
    return "\n".join(lines)


def _attribution(item: Explained, width: int) -> list[str]:
    lines = [f"{item.identifier}  ({item.how})"]
    for before, exact, after in item.contexts:
        start = "…" if before else ""
        end = "…" if after else ""
        shown = " ".join(f"{start}{before}⟦{exact}⟧{after}{end}".split())
        lines.append(click.wrap_text(shown, width, "  │ ", "  │ "))
    if not item.is_held:
        lines.append("  (its text is not held here; kg attach FOLDER shows the words around it)")
    lines += [_fact(fact.name, fact.value, "  ", width) for fact in item.facts[1:]]
    return lines


def _fact(name: str, value: str, indent: str, width: int) -> str:
    head = f"{indent}{name:<20} "
    return click.wrap_text(" ".join(value.split()) or "–", width, head, " " * len(head))
