"""The command that brings annotations of other tools in: annotate."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import plural, with_project
from kg.intake.annotations import import_annotations
from kg.project import Project

__all__ = ["annotate"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--record", "slug", default="", help="The record they belong to, where they do not say."
)
@with_project
def annotate(project: Project, files: tuple[Path, ...], slug: str) -> int:
    """Bring in W3C Web Annotations (Hypothes.is, our own export) as attributions of their records.

    Example:  kg annotate hypothesis.json --record fanal-accord
    """
    orphans = 0
    for path in files:
        done = import_annotations(project, path, slug=slug)
        for name in done.added:
            click.echo(name)
        for finding in done.findings:
            click.echo(str(finding), err=True)
        orphans += len(done.findings)
        click.echo(
            f"{path}: {plural(len(done.added), 'attribution')} added, {done.known} already there, "
            f"{plural(len(done.findings), 'orphan')}",
            err=True,
        )
    return 1 if orphans else 0
