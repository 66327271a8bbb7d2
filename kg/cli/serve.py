"""`kg serve`: the explorer, the review desk and the SPARQL endpoint on this machine."""

from __future__ import annotations

import os

import click

from kg.cli.options import with_project
from kg.errors import ExtraMissingError
from kg.project import Project
from kg.serve.indexer import Indexer
from kg.serve.settings import Door, Settings

__all__ = ["serve"]

_PATIENCE = 4.0
"""Seconds a page waits for the index before it says that the collection is being read."""


@click.command(epilog="Example:  kg serve --open")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", "-p", default=8001, show_default=True, help="The port; 0 takes any free one."
)
@click.option("--open", "opens", is_flag=True, help="Open the first page in a browser.")
@click.option("--public", is_flag=True, help="Let other machines in; needs --host and --token.")
@click.option("--token", default="", help="A secret of 16 characters or more that lets one in.")
@click.option("--get", "page", default="", metavar="PATH", help="Print one page and stop.")
@click.option("--language", default="", help="Language to start with: fr or en.")
@click.option("--read-only", is_flag=True, help="No review desk and no adding.")
@click.option("--timeout", default=20.0, show_default=True, help="Seconds a SPARQL query may take.")
@with_project
def serve(  # noqa: PLR0913 - one option each
    project: Project,
    host: str,
    port: int,
    *,
    opens: bool,
    public: bool,
    token: str,
    page: str,
    language: str,
    read_only: bool,
    timeout: float,
) -> int:
    """Read, compare, review and query the collection in a browser.

    Listens on this machine alone unless --public and --token say otherwise.
    """
    indexer = Indexer(project, tell=_tell)
    if not page:
        # Before the server's libraries are imported: the one goes on beside the other.
        indexer.begin_current()
    try:
        from kg.serve.run import print_page, run  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        indexer.close()
        raise ExtraMissingError("serve", "the explorer", cause=error) from error
    settings = Settings(
        language=language or project.language,
        read_only=read_only,
        reviewer=os.environ.get("KG_REVIEWER", ""),
        query_seconds=timeout,
        patience=3600.0 if page else _PATIENCE,
    )
    if page:
        return print_page(project, settings, page)
    try:
        run(project, settings, Door(host, port, token), indexer, public=public, opens=opens)
    finally:
        indexer.close()
    return 0


def _tell(stage: str) -> None:
    click.echo(f"reading the collection for the pages: {stage}", err=True)
