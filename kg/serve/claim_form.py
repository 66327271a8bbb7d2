"""Claims in a form: a row of names for each, and rows to make new ones of, without ids.

In: claims and the names of their things. Out: rows to show; and from what a form sends, the
one-line claims that a record holds. A row that nobody touched gives the very claim it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.export.safe_text import visible
from kg.model import QUALIFIER_KEYS, Claim
from kg.serve.names import PREDICATES, THINGS, Names, Reading

__all__ = ["FREE_ROWS", "PARTS", "ClaimRow", "lines_of", "read_rows", "row_of"]

FREE_ROWS = 2
"""Empty rows below those that are there."""

PARTS = ("subject", "predicate", "object", "when", "where", "other")
_WITH_IDS = frozenset({"about", "for", "via", "where", "with"})
_MOST = 60


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as a form shows it; `sentence` says it, "" for a row still to be filled."""

    subject: str = ""
    predicate: str = ""
    object: str = ""
    when: str = ""
    where: str = ""
    other: str = ""
    sentence: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """What a form sends back of it."""
        return tuple(visible(str(getattr(self, part))).strip() for part in PARTS)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filled in."""
        return not any(self.parts)


def row_of(claim: Claim, names: Names) -> ClaimRow:
    """Show a claim by names."""
    marks = dict(claim.qualifiers)
    return ClaimRow(
        names.written(claim.subject, THINGS),
        names.written(claim.predicate, PREDICATES),
        claim.literal if claim.is_literal else names.written(claim.object, THINGS),
        marks.get("when", ""),
        names.written(marks["where"], THINGS) if "where" in marks else "",
        ", ".join(
            f"{key}={names.written(value, THINGS) if key in _WITH_IDS else value}"
            for key, value in claim.qualifiers
            if key not in {"when", "where"}
        ),
        names.sentence(claim),
    )


def read_rows(form: Mapping[str, str]) -> list[ClaimRow]:
    """Read the rows that a form sends (`claim-0-subject` …), those marked to go left out empty."""
    rows = []
    for number in range(_MOST):
        if f"claim-{number}-subject" not in form:
            break
        given = {part: form.get(f"claim-{number}-{part}", "").strip() for part in PARTS}
        rows.append(ClaimRow() if form.get(f"claim-{number}-gone") else ClaimRow(**given))
    return rows


def lines_of(rows: Sequence[ClaimRow], drawn: Sequence[Claim], reading: Reading) -> list[str]:
    """Give the claims of rows as a record writes them; names are kept in `reading` to be told.

    `drawn` are the claims that the form was drawn with, in the order of its first rows.
    """
    names = reading.names
    lines = []
    for number, row in enumerate(rows):
        if row.is_empty:
            continue
        if number < len(drawn) and row.parts == row_of(drawn[number], names).parts:
            lines.append(drawn[number].line)
        else:
            lines.append(_line(row, reading))
    return lines


def _line(row: ClaimRow, reading: Reading) -> str:
    subject = reading.id_of(row.subject, THINGS)
    predicate = reading.id_of(row.predicate, PREDICATES)
    kind = reading.names.kind_of_object(predicate)
    if kind and kind != "entity":
        last = f'"{row.object.strip(chr(34))}"'
    else:
        last = reading.id_of(row.object, THINGS) if predicate else ""
    marks = [f"when={row.when}"] if row.when else []
    if row.where:
        marks.append(f"where={reading.id_of(row.where, THINGS)}")
    for part in filter(None, (piece.strip() for piece in row.other.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        is_named = equals and key in _WITH_IDS and key in QUALIFIER_KEYS
        marks.append(f"{key}={reading.id_of(value, THINGS)}" if is_named else part)
    line = f"{subject} {predicate} {last}"
    return f"{line} [{', '.join(sorted(marks))}]" if marks else line
