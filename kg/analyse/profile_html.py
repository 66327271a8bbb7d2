"""A profile as one self-contained HTML page: its small pictures and its tables.

In: a `Profile`. Out: HTML text, the same bytes for the same profile; no script, nothing to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from kg.analyse.bars import profile_svgs
from kg.analyse.profile import Profile
from kg.analyse.tables import Sheet, profile_sheets

__all__ = ["render_profile"]


def render_profile(item: Profile) -> str:
    """Write the page: pictures first, then every table."""
    css = files("kg.analyse").joinpath("dossier.css").read_text(encoding="utf-8")
    title = escape(f"Profile of {item.name}")
    pictures = profile_svgs(item)
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{css}</style></head>",
        "<body><main>",
        f"<h1>{title}</h1>",
        "<p>Counts of what the collection holds. They describe; none of them is a grade.</p>",
        *(f'<figure class="scroll">{pictures[name]}</figure>' for name in sorted(pictures)),
        *(line for sheet in profile_sheets(item) if sheet.rows for line in _table(sheet)),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _table(sheet: Sheet) -> Iterator[str]:
    yield f"<h2>{escape(sheet.title)}</h2>"
    yield '<div class="scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col">{escape(name)}</th>' for name in sheet.columns)
    yield "</tr></thead><tbody>"
    for row in sheet.rows:
        yield "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
    yield "</tbody></table></div>"
