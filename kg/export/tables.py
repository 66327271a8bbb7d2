"""Attributions as tables: CSV for spreadsheets, JSON Lines for programs.

In: a store. Out: one attribution a line with its words, place, speaker, chain, outlet and hash;
rejected and retracted ones too, marked as such, so that a sheet shows what was withdrawn.
Cells hold the words as they stand in the text: nothing is trimmed, escaped or folded.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from kg.graph.rows import attribution_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.graph.rows import AttributionRow
    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["COLUMNS", "csv_of", "csv_table", "guarded", "json_lines"]

_JOIN: Final = " | "

COLUMNS: Final = (
    "attribution",
    "document",
    "title",
    "outlet",
    "outlet_identified",
    "byline",
    "published",
    "language",
    "speaker",
    "speaker_kind",
    "speaker_as_written",
    "speaker_basis",
    "role",
    "cue",
    "form",
    "illocution",
    "polarity",
    "modality",
    "reporter_modality",
    "stance",
    "quote",
    "start",
    "end",
    "claims",
    "utterance",
    "utterance_date",
    "chain",
    "review",
    "retracted",
    "confidence",
    "note",
    "text_sha256",
    "attribution_iri",
    "claim_iris",
)
"""The columns of the CSV, in order; `chain` runs from the text outward."""


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets take for a formula."""


def csv_table(store: Store, project: Project) -> bytes:
    """Write a CSV in UTF-8 with a header; several values in a cell are joined by ` | `."""
    return csv_of(attribution_rows(store, language=project.language), project.language)


def csv_of(rows: Iterable[AttributionRow], language: str, *, for_sheets: bool = False) -> bytes:
    """Write some rows as that CSV, in the order given; `for_sheets` guards every cell."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    cells = (_cells(row, language) for row in rows)
    writer.writerows(map(guarded, cells) if for_sheets else cells)
    return stream.getvalue().encode("utf-8")


def guarded(cells: Iterable[str]) -> list[str]:
    """Put an apostrophe before cells that a spreadsheet would run as a formula, as OWASP advises.

    >>> guarded(["=1+1", "1+1", ""])
    ["'=1+1", '1+1', '']
    """
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def _cells(row: AttributionRow, language: str) -> tuple[str, ...]:
    return (
        row.identifier,
        row.slug,
        row.title,
        row.outlet,
        _yes(row.outlet_known),
        row.byline,
        row.published,
        row.language,
        _JOIN.join(row.speakers),
        row.speaker_kind,
        row.unresolved or row.mention,
        row.resolution_basis,
        row.role,
        row.cue,
        row.form,
        row.illocution,
        row.polarity,
        row.modality,
        row.reporter_modality,
        row.stance,
        row.quote,
        _JOIN.join(str(start) for start, _ in row.spans),
        _JOIN.join(str(end) for _, end in row.spans),
        _JOIN.join(claim.label(language) for claim in row.claims),
        row.utterance,
        row.utterance_date,
        _JOIN.join(row.chain),
        row.review_status,
        _yes(row.retracted),
        "" if row.confidence is None else f"{row.confidence:g}",
        row.note,
        row.sha256,
        row.iri,
        _JOIN.join(claim.iri for claim in row.claims),
    )


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def json_lines(store: Store, project: Project) -> bytes:
    """Write one JSON object a line: every field of `kg.graph.rows.AttributionRow`, by its name."""
    lines = [
        json.dumps(asdict(row), ensure_ascii=False, sort_keys=True)
        for row in attribution_rows(store, language=project.language)
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
