"""`kg report`: a dossier on one claim or utterance, as one page or as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import click

from kg.analyse.dossier import Dossier, make_dossier
from kg.analyse.dossier_html import render_html
from kg.analyse.dossier_markdown import render_markdown
from kg.analyse.finding import find_subject
from kg.analyse.reuse import reuse, shared_wording
from kg.cli.options import emit, output_option, with_project
from kg.cli.readings import open_material, texts_of
from kg.export.bibliography import bibtex
from kg.graph.store import open_store
from kg.project import Project

__all__ = ["report"]

_WRITERS: dict[str, Callable[[Dossier], str]] = {"html": render_html, "markdown": render_markdown}
_SUFFIXES = {".md": "markdown", ".markdown": "markdown"}


@click.command(epilog='Example:  kg report "russia firstToRecognise aes" -o dossier.html')
@click.argument("subject", metavar="CLAIM|UTTERANCE")
@click.option(
    "--format",
    "-f",
    "style",
    type=click.Choice(list(_WRITERS)),
    help="How to write it; otherwise by the ending of the output, html at last.",
)
@output_option
@with_project
def report(project: Project, subject: str, style: str | None, output: str) -> None:
    """Write a dossier on one claim or utterance: wordings, origins, conflicts, how to check.

    The subject is an id, an address, the one-line form of a claim in quotes, or an attribution
    (slug#id) for its utterance.
    """
    material = open_material(project)
    kind, iri = find_subject(material, subject)
    texts = texts_of(project, material)
    reading = reuse(material, texts) if texts else None
    dossier = make_dossier(
        material,
        kind,
        iri,
        texts=texts,
        reuse=reading,
        shared=shared_wording(material, reading) if reading else None,
    )
    dossier = replace(dossier, citations=_citations(project, dossier))
    ending = next((style for end, style in _SUFFIXES.items() if output.endswith(end)), "html")
    emit(_WRITERS[style or ending](dossier), output)


def _citations(project: Project, dossier: Dossier) -> tuple[str, ...]:
    """Give the BibTeX entries of the dossier's documents, in their order."""
    with open_store(project.store, base=project.base) as store:
        entries = bibtex(store, project).decode("utf-8").split("\n@")
    by_key = {entry.partition("{")[2].partition(",")[0]: entry for entry in entries}
    found = (by_key.get(item.slug, "") for item in dossier.documents)
    return tuple(f"@{entry.lstrip('@').strip()}" for entry in found if entry)
