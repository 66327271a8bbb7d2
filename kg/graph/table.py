"""Answers of a query as rows of plain terms, and the six ways to write them down.

In: a `Table` (or a yes/no answer). Out: text for a terminal of a given width, CSV, TSV, or the
SPARQL 1.1 result formats JSON and XML.
Asks nothing of a store and sorts nothing: the query decides the order of rows and columns.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "Table",
    "Term",
    "compact",
    "display_width",
    "render_boolean",
    "render_csv",
    "render_json",
    "render_text",
    "render_tsv",
    "render_xml",
    "turtle_term",
]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_GAP = "  "
_LONG_WORD = 30
"""Words up to this many cells are not broken; a table that cannot keep them becomes a list."""


class Term(NamedTuple):
    """One RDF term as plain strings: an IRI, or a literal with its language or datatype."""

    kind: Literal["iri", "literal"]
    value: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: column names, and rows of as many terms; None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


def compact(iri: str, *, base: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI: our own data to what follows the base, known vocabularies to `prefix:name`.

    >>> compact("https://example.org/id/agent/x", base="https://example.org/id/", prefixes={})
    'agent/x'
    """
    if base and iri.startswith(base) and len(iri) > len(base):
        return iri[len(base) :]
    for prefix, namespace in prefixes.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[\w.-]+", local):
            return f"{prefix}:{local}"
    return iri


def display_width(text: str) -> int:
    r"""Count the terminal cells a text takes: two for wide East Asian, none for combining marks.

    >>> display_width("é"), display_width("e\u0301"), display_width("漢字")
    (1, 1, 4)
    """
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def render_text(table: Table, *, width: int, base: str, prefixes: Mapping[str, str]) -> str:
    """Draw a table that fits `width` cells: long cells wrap, and no word is left out.

    Where the columns cannot stand side by side, each row becomes a short list instead.
    """
    cells = [
        ["" if term is None else _plain(term, base, prefixes) for term in row] for row in table.rows
    ]
    columns = [
        _needs(name, [row[place] for row in cells]) for place, name in enumerate(table.columns)
    ]
    widths = _fit(columns, width - len(_GAP) * (len(columns) - 1))
    if widths is None:
        return _as_list(table.columns, cells, width)
    lines = [*_row_lines(table.columns, widths), _GAP.join("─" * cell for cell in widths)]
    for row in cells:
        lines.extend(_row_lines(row, widths))
    return "".join(f"{line}\n" for line in lines)


def _plain(term: Term, base: str, prefixes: Mapping[str, str]) -> str:
    text = compact(term.value, base=base, prefixes=prefixes) if term.kind == "iri" else term.value
    # One line, and no control character can reach the terminal.
    return "".join(
        " " if unicodedata.category(character) == "Cc" else character for character in text
    )


class _Needs(NamedTuple):
    """How wide a column must be for its longest word, and would be without wrapping."""

    least: int
    most: int


def _needs(name: str, texts: list[str]) -> _Needs:
    most = max((display_width(text) for text in texts), default=0)
    longest = max((display_width(word) for text in texts for word in text.split(" ")), default=0)
    header = display_width(name)
    return _Needs(max(header, min(longest, _LONG_WORD)), max(header, most))


def _fit(columns: list[_Needs], room: int) -> list[int] | None:
    """Share `room` among the columns; the widest give first. None when they cannot fit."""
    if sum(column.least for column in columns) > room:
        return None
    low, high = 0, max((column.most for column in columns), default=0)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_width(column, middle) for column in columns) <= room:
            low = middle
        else:
            high = middle - 1
    widths = [_width(column, low) for column in columns]
    spare = room - sum(widths)
    for place, column in enumerate(columns):
        if spare and column.most > widths[place]:
            widths[place] += 1
            spare -= 1
    return widths


def _width(column: _Needs, cap: int) -> int:
    return max(column.least, min(column.most, cap))


def _row_lines(texts: list[str] | tuple[str, ...], widths: list[int]) -> Iterator[str]:
    wrapped = [_wrap(text, width) for text, width in zip(texts, widths, strict=True)]
    for level in range(max(len(lines) for lines in wrapped)):
        parts = [
            _pad(lines[level] if level < len(lines) else "", width)
            for lines, width in zip(wrapped, widths, strict=True)
        ]
        yield _GAP.join(parts).rstrip()


def _pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _wrap(text: str, width: int) -> list[str]:
    """Break a text at spaces (not at no-break ones), and inside a word only where it must."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if display_width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _chop(word, width)
        lines.extend(full)
    lines.append(line)
    return lines


def _chop(word: str, width: int) -> list[str]:
    pieces, piece, used = [], "", 0
    for character in word:
        cells = _cells(character)
        if used + cells > width:
            pieces.append(piece)
            piece, used = "", 0
        piece += character
        used += cells
    pieces.append(piece)
    return pieces


def _as_list(columns: tuple[str, ...], cells: list[list[str]], width: int) -> str:
    label = min(max(display_width(name) for name in columns), max(width // 3, 1))
    blocks = []
    for number, row in enumerate(cells, start=1):
        lines = [f"── {number} " + "─" * max(width - len(str(number)) - 4, 0)]
        for name, text in zip(columns, row, strict=True):
            if text:
                lines.extend(_row_lines((name, text), [label, max(width - label - 2, 1)]))
        blocks.append("".join(f"{line}\n" for line in lines))
    return "".join(blocks)


def render_csv(table: Table) -> str:
    """Write SPARQL 1.1 CSV: values alone, without language or datatype; lines end in LF."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(["" if term is None else term.value for term in row])
    return stream.getvalue()


def render_tsv(table: Table) -> str:
    """Write SPARQL 1.1 TSV: terms in Turtle syntax, columns headed `?name`."""
    lines = ["\t".join(f"?{name}" for name in table.columns)]
    lines.extend(
        "\t".join("" if term is None else turtle_term(term) for term in row) for row in table.rows
    )
    return "".join(f"{line}\n" for line in lines)


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def turtle_term(term: Term) -> str:
    r"""Spell a term as N-Triples, Turtle and SPARQL all read it.

    >>> turtle_term(Term("literal", 'say "oui"', language="fr"))
    '"say \\"oui\\""@fr'
    """
    if term.kind == "iri":
        return f"<{term.value}>"
    text = "".join(_ESCAPES.get(character, character) for character in term.value)
    if term.language:
        return f'"{text}"@{term.language}'
    if term.datatype and term.datatype not in {_XSD_STRING, _LANG_STRING}:
        return f'"{text}"^^<{term.datatype}>'
    return f'"{text}"'


def render_json(table: Table) -> str:
    """Write SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    bindings = [
        {
            name: _json_term(term)
            for name, term in zip(table.columns, row, strict=True)
            if term is not None
        }
        for row in table.rows
    ]
    answer = {"head": {"vars": list(table.columns)}, "results": {"bindings": bindings}}
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    if term.kind == "iri":
        return {"type": "uri", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype and term.datatype != _XSD_STRING:
        found["datatype"] = term.datatype
    return found


_XML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)


def render_xml(table: Table) -> str:
    """Write SPARQL Query Results XML (https://www.w3.org/TR/rdf-sparql-XMLres/)."""
    lines = [" <head>"]
    lines.extend(f'  <variable name="{escape(name)}"/>' for name in table.columns)
    lines.extend([" </head>", " <results>"])
    for row in table.rows:
        lines.append("  <result>")
        lines.extend(
            f'   <binding name="{escape(name)}">{_xml_term(term)}</binding>'
            for name, term in zip(table.columns, row, strict=True)
            if term is not None
        )
        lines.append("  </result>")
    lines.extend([" </results>", "</sparql>"])
    return _XML_HEAD + "".join(f"{line}\n" for line in lines)


def _xml_term(term: Term) -> str:
    if term.kind == "iri":
        return f"<uri>{escape(term.value, quote=False)}</uri>"
    text = escape(_no_xml().sub("\ufffd", term.value), quote=False)
    mark = ""
    if term.language:
        mark = f' xml:lang="{escape(term.language)}"'
    elif term.datatype and term.datatype != _XSD_STRING:
        mark = f' datatype="{escape(term.datatype)}"'
    return f"<literal{mark}>{text}</literal>"


@lru_cache(maxsize=1)
def _no_xml() -> re.Pattern[str]:
    """Match what XML 1.0 cannot hold, escaped or not (https://www.w3.org/TR/xml/#charsets)."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_boolean(answer: bool, style: str) -> str:
    """Write the answer of an ASK query in one of the styles `text csv tsv json xml`."""
    word = "true" if answer else "false"
    if style == "json":
        return json.dumps({"head": {}, "boolean": answer}) + "\n"
    if style == "xml":
        return f"{_XML_HEAD} <head/>\n <boolean>{word}</boolean>\n</sparql>\n"
    if style == "text":
        return "yes\n" if answer else "no\n"
    return f"{word}\n"
