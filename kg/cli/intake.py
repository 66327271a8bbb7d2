"""The command that starts records: add."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

import click

from kg import __version__
from kg.cli.model_options import model_options, model_service
from kg.cli.options import plural, with_project
from kg.errors import ExtraMissingError, UsageError
from kg.intake.add import Added, Desk, open_desk
from kg.intake.document import (
    Given,
    capture,
    find_sources,
    read_articles,
    read_sidecar,
)
from kg.intake.formats.article import Source
from kg.model import Finding, Level
from kg.project import Project

__all__ = ["add"]


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]…")
@click.option("--outlet", default="", help="Who published it: an id of outlets.yaml, or a name.")
@click.option("--published", default="", help="When: 2025-04-03, 2025-04, 2025-04-03/2025-04-04.")
@click.option("--url", default="", help="The address it was saved from.")
@click.option("--byline", default="", help="Who signed it.")
@click.option("--title", default="", help="Its title, where the first line is not.")
@click.option("--language", default="", help="A language code; otherwise told from the text.")
@click.option(
    "--sidecar",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV with a column `file` and any of the options above as columns.",
)
@click.option("--no-agents", is_flag=True, help="Leave speakers not in agents.yaml unresolved.")
@click.option("--volitions", is_flag=True, help="Propose wills, praise and invitations too (fr).")
@model_options
@with_project
def add(  # noqa: PLR0913, PLR0917 - one parameter for each option
    project: Project,
    files: tuple[str, ...],
    outlet: str,
    published: str,
    url: str,
    byline: str,
    title: str,
    language: str,
    sidecar: Path | None,
    no_agents: bool,
    volitions: bool,
    model_url: str,
    model_name: str,
) -> int:
    """Start a record from each article: text, HTML, PDF, WARC, feed, a folder, or -.

    Example:  kg add article.txt --outlet "Le Fanal" --published 2024-05-14
    """
    given = Given(outlet, published, url, byline, language, title)
    said, findings = read_sidecar(sidecar) if sidecar else ({}, [])
    if not files and sidecar is None:
        raise UsageError("name the files to add, a folder, - for stdin, or --sidecar LIST.csv")
    listed = [os.path.relpath(path) for path in said] if not files else list(files)
    sources, faults = find_sources(listed, sys.stdin.buffer)
    findings.extend(faults)
    desk = open_desk(project, version=__version__)
    desk.with_new_agents = not no_agents
    desk.volitions = volitions
    model = model_service(model_url, model_name, project)
    desk.other = model.make if model else None
    added: list[tuple[Added, Given]] = []
    stopped = False
    with desk:
        try:
            for item, of_it in _added(desk, sources, given, said, findings):
                added.append((item, of_it))
                if not _has_bar(sources):
                    click.echo(_told(item, of_it))
        except KeyboardInterrupt:
            stopped = True
    if _has_bar(sources):
        # lines between two states of the bar would tear it
        click.echo("".join(f"{_told(item, of_it)}\n" for item, of_it in added), nl=False)
    if model is not None:
        click.echo(model.told(), err=True)
    for finding in findings:
        click.echo(str(finding), err=True)
    new = sum(item.is_new for item, _ in added)
    if stopped:
        click.echo(f"stopped; {plural(new, 'article')} added before that are kept", err=True)
        return 130
    click.echo(f"{plural(new, 'article')} added{_next_step() if new else ''}", err=True)
    return 1 if any(item.level is Level.ERROR for item in findings) else 0


def _added(
    desk: Desk,
    sources: Sequence[Source],
    given: Given,
    said: dict[Path, Given],
    findings: list[Finding],
) -> Iterator[tuple[Added, Given]]:
    """Add the articles of each source, each with what a person said of it.

    What cannot be read is a finding and the rest go on.
    """
    with click.progressbar(
        sources, label="reading", file=sys.stderr, hidden=not _has_bar(sources)
    ) as shown:
        for source in shown:
            own = said.get(source.path.resolve(), Given()) if source.path else Given()
            of_it = own.over(given)
            try:
                for item in read_articles(source):
                    if isinstance(item, Finding):
                        findings.append(item)
                    else:
                        yield desk.add(capture(item, of_it)), of_it
            except ExtraMissingError as error:
                if len(sources) == 1:
                    raise
                findings.append(Finding(source.place, 0, Level.ERROR, "missing-extra", str(error)))


def _has_bar(sources: Sequence[Source]) -> bool:
    return sys.stderr.isatty() and len(sources) > 2


def _next_step() -> str:
    folder = click.get_current_context().obj
    return f"; next:  kg -C {shlex.quote(folder)} review" if folder else "; next:  kg review"


def _told(item: Added, given: Given) -> str:
    if item.drafted is None:
        said = ", ".join(field.name for field in fields(given) if getattr(given, field.name))
        ignored = f"; ignored: {said} (edit the record for that)" if said else ""
        return f"{item.place}: already there as {item.slug}; nothing was changed{ignored}"
    drafted = item.drafted
    document = drafted.record.document
    words = [
        plural(len(drafted.record.attributions), "attribution"),
        f"{drafted.unresolved} with the speaker unresolved",
        f"{drafted.without_claim} with the claim left open",
    ]
    new = [
        plural(len(found), noun)
        for found, noun in (
            (drafted.agents, "new agent"),
            (drafted.outlets, "new outlet"),
            (drafted.sources, "new cited source"),
        )
        if found
    ]
    outlet = "" if document.outlet != "unidentified" else "; outlet unidentified (give --outlet)"
    proposed = f"; proposed: {', '.join(new)}" if new else ""
    return f"{item.place}: {item.slug}: {', '.join(words)}{proposed}{outlet}"
