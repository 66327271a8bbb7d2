"""The questions about reviews follow the decisions that stand: no skip, nothing taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import sample

from kg.graph.build import collection_quads, project_lookup
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.store import MemoryStore
from kg.intake.decisions import standing
from kg.model import Collection, Decision, Form, Modality, Review
from kg.project import data_folder

ADA_YES = ("Ada", Decision.ACCEPTED, "2025-05-01T09:00:00Z")
BEN_NO = ("Ben", Decision.REJECTED, "2025-05-01T10:00:00Z")
BEN_BACK = ("Ben", Decision.UNDONE, "2025-05-01T11:00:00Z")
BEN_SKIPS = ("Ben", Decision.SKIPPED, "2025-05-01T10:00:00Z")
ADA_BACK = ("Ada", Decision.UNDONE, "2025-05-01T09:30:00Z")
BEN_YES = ("Ben", Decision.ACCEPTED, "2025-05-01T12:00:00Z")

Given = Iterable[tuple[str, Decision, str]]


def asked(
    folder: Path, name: str, given: Given, collection: Collection | None = None, **values: str
) -> list[tuple[str, ...]]:
    """Ask a question of the sample, with these decisions on `one#a1` and no others."""
    whole = collection or sample.sample()
    reviews = tuple(Review("a1", decision, by, on) for by, decision, on in given)
    records = tuple(
        replace(record, reviews=reviews if record.slug == "one" else ()) for record in whole.records
    )
    collection = replace(whole, records=records)
    project = sample.project(folder)
    lookup = project_lookup(collection, project)
    store = MemoryStore(collection_quads(collection, lookup), base=project.base)
    query = load_query(data_folder("queries"), name)
    table = ask_query(store, query, values_of(query, values, base=project.base)).table
    assert table is not None
    return [tuple(cell.value if cell else "" for cell in row) for row in table.rows]


@pytest.mark.parametrize(
    ("given", "disputes"),
    [
        ((ADA_YES, BEN_NO), [("Ada", "Accepted", "Ben", "Rejected")]),
        ((ADA_YES, BEN_SKIPS), []),
        ((ADA_YES, BEN_NO, BEN_BACK), []),
        ((ADA_YES, BEN_NO, BEN_BACK, BEN_YES), []),
        ((ADA_YES, ADA_BACK, BEN_NO), []),
        ((ADA_YES, BEN_YES), []),
    ],
)
def test_only_decisions_that_stand_disagree(
    tmp_path: Path, given: Given, disputes: list[tuple[str, ...]]
) -> None:
    """A skip is no opinion, and what was taken back is none any more."""
    rows = asked(tmp_path, "disputed", given)

    assert [row[1:5] for row in rows] == disputes


@pytest.mark.parametrize(
    "given",
    [
        (),
        (ADA_YES,),
        (BEN_NO,),
        (BEN_SKIPS,),
        (ADA_YES, ADA_BACK),
        (ADA_YES, ADA_BACK, BEN_NO),
        (BEN_NO, BEN_BACK, BEN_YES),
    ],
)
def test_summary_and_review_state_count_what_stands(tmp_path: Path, given: Given) -> None:
    """Reviewed is what has a standing decision; every other proposal waits, the withdrawn apart."""
    reviews = tuple(Review("a1", decision, by, on) for by, decision, on in given)
    decided = int(standing(reviews, "a1") is not None)
    summary = asked(tmp_path, "summary", given)
    states = asked(tmp_path, "review-state", given)

    (reviewed,) = [int(number) for what, _, number in summary if what == "reviewed"]
    total = sum(int(number) for what, _, number in summary if what == "attributions")
    by_state = [(row[3], int(row[4]), int(row[5]), int(row[6])) for row in states]
    assert reviewed == decided
    assert sum(many for status, _, _, many in by_state if status != "MachineOnly") == decided
    assert sum(many for *_, many in by_state) == total
    # One attribution of the sample is withdrawn: it waits for nobody.
    assert sum(waiting for _, _, waiting, _ in by_state) == total - decided - 1


def test_why_tells_reviews_in_time(tmp_path: Path) -> None:
    """A later word that starts with an earlier letter does not come first."""
    given = (("Ben", Decision.REJECTED, "2025-05-01"), ("Ada", Decision.ACCEPTED, "2025-05-02"))
    told = [row[2] for row in asked(tmp_path, "why", given, attribution="one#a1") if row[0] == "14"]

    assert told == ["2025-05-01: Rejected by Ben", "2025-05-02: Accepted by Ada"]


@pytest.mark.parametrize(
    ("form", "modality", "reporter", "hedged"),
    [
        (Form.AUTHORIAL, Modality.CONDITIONAL, Modality.CONDITIONAL, True),
        (Form.AUTHORIAL, Modality.PLANNED, Modality.PLANNED, False),
        (Form.AUTHORIAL, Modality.CERTAIN, Modality.CERTAIN, False),
        (Form.INDIRECT, Modality.CERTAIN, Modality.CONDITIONAL, True),
        (Form.INDIRECT, Modality.CONDITIONAL, Modality.CONDITIONAL, False),
    ],
)
def test_a_hedge_is_the_reporters_where_no_speaker_made_it(
    tmp_path: Path, form: Form, modality: Modality, reporter: Modality, *, hedged: bool
) -> None:
    """In the own voice nobody else could have hedged; a plan that is told is no hedge."""
    whole = sample.sample()
    (first, *others) = whole.records[0].attributions
    changed = replace(first, form=form, modality=modality, reporter_modality=reporter)
    record = replace(whole.records[0], attributions=(changed, *others))
    collection = replace(whole, records=(record, *whole.records[1:]))
    rows = asked(tmp_path, "reporter-hedges", (), collection=collection)

    assert any(row[-1] == f"{record.slug}#{first.id}" for row in rows) is hedged
