"""The command that proposes: extract. It works in any folder, inside a project or not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kg.cli.model_options import model_options, model_service
from kg.cli.options import emit, format_option, output_option
from kg.errors import ExtraMissingError, ProjectError
from kg.intake.document import Captured, Given, capture, find_sources, read_articles
from kg.intake.formats.article import Source
from kg.intake.proposal import Proposal, to_line
from kg.intake.propose import agent_index_for, propose
from kg.intake.show import explanation
from kg.model import Collection, Finding, Level
from kg.project import Project, find_project

__all__ = ["extract"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@format_option(("jsonl", "yaml"), "jsonl")
@output_option
@click.option("--language", default="", help="A language code; otherwise told from the text.")
@click.option("--explain", is_flag=True, help="Show in the text what was found, and why.")
@click.option("--volitions", is_flag=True, help="Propose wills, praise and invitations too (fr).")
@model_options
def extract(  # noqa: PLR0913, PLR0917 - one parameter for each option
    files: tuple[str, ...],
    style: str,
    output: str,
    language: str,
    explain: bool,
    volitions: bool,
    model_url: str,
    model_name: str,
) -> int:
    """Propose attributed statements with spans, speakers and chains; FILE may be a folder or -.

    Example:  kg extract --explain article.txt
    """
    project = _project()
    collection = _agents(project)
    model = model_service(model_url, model_name, project)
    sources, findings = find_sources(files, sys.stdin.buffer)
    parts: list[str] = []
    for captured in _captured(sources, Given(language=language), findings):
        index = agent_index_for(captured, collection) if collection else None
        proposals = propose(captured, index, volitions=volitions)
        if model is not None:
            proposals = model.join(captured, proposals)
        part = _rendered(captured, proposals, "explain" if explain else style)
        if output == "-":
            emit(part, output)
        else:
            parts.append(part)
    if output != "-":
        emit("".join(parts), output)
    if model is not None:
        click.echo(model.told(), err=True)
    for finding in findings:
        click.echo(str(finding), err=True)
    return 1 if any(item.level is Level.ERROR for item in findings) else 0


def _captured(sources: list[Source], given: Given, findings: list[Finding]) -> Iterator[Captured]:
    for source in sources:
        try:
            for item in read_articles(source):
                if isinstance(item, Finding):
                    findings.append(item)
                else:
                    yield capture(item, given)
        except ExtraMissingError as error:
            if len(sources) == 1:
                raise
            message = str(error)
            findings.append(Finding(source.place, 0, Level.ERROR, "missing-extra", message))


def _rendered(captured: Captured, proposals: list[Proposal], style: str) -> str:
    if style == "explain":
        lines = explanation(captured.name, captured.text, proposals, captured.boilerplate)
        return "".join(f"{line}\n" for line in lines)
    line = to_line(captured.name, captured.text, captured.language, proposals)
    if style == "jsonl":
        return json.dumps(line, ensure_ascii=False) + "\n"
    from kg.records.files import render_yaml  # noqa: PLC0415 - a slow import few calls need

    return f"---\n{render_yaml(line)}"


def _project() -> Project | None:
    named = click.get_current_context().obj
    try:
        return find_project(Path(named) if named else None)
    except ProjectError:
        if named:
            raise
        return None


def _agents(project: Project | None) -> Collection | None:
    if project is None or not project.sources.is_dir():
        return None
    from kg.records.load import read_registries  # noqa: PLC0415 - only inside a project

    return read_registries(project).collection
