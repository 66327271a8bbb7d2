"""The documents as a bibliography: BibTeX (biblatex fields) and CSL-JSON.

In: a store. Out: one entry a document, keyed by its short name, with the hash of its bytes.
An outlet that is not identified stays out of the entry; nothing is guessed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from kg.dates import parse_when
from kg.export.asked import answers

if TYPE_CHECKING:
    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["bibtex", "csl_json"]

_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}

_IN_URL: Final = {ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"}


def bibtex(store: Store, project: Project) -> bytes:
    """Write the documents as `@online` entries; dates stay in EDTF, which biblatex reads."""
    entries = [_entry(row) for row in answers(store, project, "documents")]
    return "\n".join(entries).encode("utf-8")


def _entry(row: dict[str, str]) -> str:
    fields = {
        "title": _latex(row["title"]),
        "author": f"{{{_latex(row['byline'])}}}" if row["byline"] else "",
        "organization": _latex(_outlet(row)),
        "date": row["published"],
        "url": row["url"].translate(_IN_URL),
        "langid": row["textLanguage"],
        "note": f"SHA-256 of the text: {row['sha256']}",
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@online{{{_key(row['document'])},\n{''.join(lines)}}}\n"


def _key(slug: str) -> str:
    return re.sub(r"[^\w:.+/-]", "-", slug)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in " ".join(text.split()))


def _outlet(row: dict[str, str]) -> str:
    return "" if "/outlet/unidentified-" in row["outlet_id"] else row["outlet_name"]


def csl_json(store: Store, project: Project) -> bytes:
    """Write the documents as CSL-JSON items of the type `article-newspaper`."""
    items = [_item(row) for row in answers(store, project, "documents")]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _item(row: dict[str, str]) -> dict[str, object]:
    item: dict[str, object] = {
        "id": row["document"],
        "type": "article-newspaper",
        "title": row["title"],
        "language": row["textLanguage"],
        "note": f"SHA-256 of the text: {row['sha256']}",
    }
    if row["byline"]:
        item["author"] = [{"literal": row["byline"]}]
    if _outlet(row):
        item["container-title"] = _outlet(row)
    if row["url"]:
        item["URL"] = row["url"]
    issued = _issued(row["published"])
    if issued:
        item["issued"] = issued
    return item


def _issued(edtf: str) -> dict[str, object]:
    """Write an EDTF date as CSL wants it; an interval open on one side has no such form."""
    if not edtf or ".." in edtf:
        return {}
    try:
        parse_when(edtf)
    except ValueError:
        return {"literal": edtf}
    parts = [[int(number) for number in day.rstrip("~").split("-")] for day in edtf.split("/")]
    found: dict[str, object] = {"date-parts": parts}
    if "~" in edtf:
        found["circa"] = True
    return found
