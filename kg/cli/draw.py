"""`kg draw`: the who-said-what picture as HTML, SVG or PNG."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import emit, with_project
from kg.errors import UsageError
from kg.export.html import LIMIT, render_page
from kg.export.png import render_png
from kg.export.svg import render_svg
from kg.graph.rows import attribution_rows
from kg.graph.store import open_store
from kg.project import Project

__all__ = ["draw"]


@click.command(epilog="Example:  kg draw --svg -o who-said-what.svg")
@click.option("--svg", "style", flag_value="svg", help="One SVG drawing.")
@click.option("--png", "style", flag_value="png", help="One PNG picture (needs the extra [png]).")
@click.option("--html", "style", flag_value="html", default="html", help="One page (the default).")
@click.option("--language", default="", help="Labels in fr or en; the project's by default.")
@click.option(
    "--limit", default=LIMIT, show_default=True, help="Claims above which counts are shown."
)
@click.option("--scale", default=2.0, show_default=True, help="Pixels per unit of the PNG.")
@click.option("--output", "-o", default="", help="A file, or - for stdout.  [default: in build/]")
@with_project
def draw(
    project: Project, style: str, language: str, limit: int, scale: float, output: str
) -> None:
    """Draw who said what: one self-contained HTML file, or an SVG or PNG picture."""
    ending = Path(output).suffix.lower().lstrip(".")
    if ending in {"svg", "png"} and style == "html":
        style = ending
    if limit < 1 or not 0.1 <= scale <= 10:
        raise UsageError("--limit must be at least 1, and --scale between 0.1 and 10")
    with open_store(project.store, base=project.base) as store:
        rows = attribution_rows(store)
    shown = language or project.language
    if style == "html":
        content: str | bytes = render_page(rows, title=project.title, language=shown, limit=limit)
    else:
        drawing = render_svg(rows, title=project.title, language=shown, limit=limit)
        content = render_png(drawing, scale) if style == "png" else drawing
    emit(content, output or str(project.picture.with_suffix(f".{style}")))
