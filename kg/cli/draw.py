"""`kg draw`: the who-said-what picture as HTML, SVG or PNG."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import check_output, emit, with_project
from kg.errors import UsageError
from kg.export.html import LIMIT, render_page
from kg.export.png import render_png
from kg.export.svg import render_svg
from kg.export.words import check_language
from kg.graph.rows import attribution_rows, lost_pairs
from kg.graph.store import open_store
from kg.project import Project, write_atomically

__all__ = ["draw"]

_ENDINGS = {"html": "html", "htm": "html", "svg": "svg", "png": "png"}


@click.command(epilog="Example:  kg draw --svg -o who-said-what.svg")
@click.option("--svg", "style", flag_value="svg", help="One SVG drawing.")
@click.option("--png", "style", flag_value="png", help="One PNG picture (needs the extra [png]).")
@click.option("--html", "style", flag_value="html", help="One page (the default).")
@click.option("--language", default="", help="Labels in fr or en; the project's by default.")
@click.option(
    "--limit", default=LIMIT, show_default=True, help="Claims in one drawing; fourfold in all."
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Draw every claim in SVG and PNG, not the shared alone.",
)
@click.option("--scale", default=2.0, show_default=True, help="Pixels per unit of the PNG.")
@click.option("--output", "-o", default="", help="A file, or - for stdout.  [default: in build/]")
@with_project
def draw(
    project: Project,
    style: str | None,
    language: str,
    limit: int,
    *,
    everything: bool,
    scale: float,
    output: str,
) -> None:
    """Draw who said what: one self-contained HTML file, or an SVG or PNG picture."""
    drawn = _style(output, style)
    if limit < 1 or not 0.1 <= scale <= 10:
        raise UsageError("--limit must be at least 1, and --scale between 0.1 and 10")
    shown = language or project.language
    check_language(shown)
    if output:
        check_output(output)
    with open_store(project.store, base=project.base) as store:
        rows = attribution_rows(store, language=shown)
        lost = lost_pairs(store)
    if drawn == "html":
        content: str | bytes = render_page(
            rows, title=project.title, language=shown, limit=limit, lost=lost
        )
    else:
        drawing = render_svg(
            rows,
            title=project.title,
            language=shown,
            limit=limit,
            everything=everything,
            lost=lost,
        )
        content = render_png(drawing, scale) if drawn == "png" else drawing
    if output:
        emit(content, output)
        return
    path = project.picture.with_suffix(f".{drawn}")
    write_atomically(path, content)
    click.echo(f"wrote {path}", err=True)


def _style(output: str, style: str | None) -> str:
    """Tell what to draw from the option, or else from the ending of the file.

    Raises:
        UsageError: the ending is none of a picture, or not that of the picture asked for.
    """
    ending = Path(output).suffix.lower().lstrip(".")
    if output in {"", "-"}:
        return style or "html"
    if ending not in _ENDINGS:
        raise UsageError(f"-o {output}: a picture ends in .html, .svg or .png")
    if style and style != _ENDINGS[ending]:
        raise UsageError(f"-o {output}: --{style} is written to a file that ends in .{style}")
    return _ENDINGS[ending]
