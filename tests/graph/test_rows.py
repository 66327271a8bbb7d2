"""Rows: one an attribution, plain values only, the same from any order of quads."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path

import pytest

from kg.graph.rows import AttributionRow, ClaimRow, attribution_rows
from kg.graph.store import MemoryStore
from kg.graph.vocab import KG

MINI = Path(__file__).parent / "data" / "mini.trig"


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    """The fictional mini-collection."""
    made = MemoryStore()
    made.add(MINI.read_text(encoding="utf-8"), "trig")
    return made


@pytest.fixture(scope="module")
def rows(store: MemoryStore) -> dict[str, AttributionRow]:
    """Its rows by identifier."""
    return {row.identifier: row for row in attribution_rows(store)}


def test_there_is_one_row_an_attribution_in_the_order_of_the_texts(store: MemoryStore) -> None:
    """Every attribution comes once, sorted by text, place and key, withdrawn ones included."""
    rows = attribution_rows(store)
    asked = store.select(f"SELECT ?a WHERE {{ ?a a <{KG.Attribution}> }}")

    assert {row.iri for row in rows} == {found[0].value for found in asked.rows}
    assert len(rows) == len(asked.rows)
    assert rows == sorted(rows, key=lambda row: (row.slug, row.spans[:1], row.key))


def test_a_row_holds_what_the_graph_says(rows: dict[str, AttributionRow]) -> None:
    """Document, outlet, speaker, cue, form, place, claim and utterance are all there."""
    row = rows["gazette-jetee#a1"]

    assert (row.slug, row.title, row.language) == ("gazette-jetee", "La jetée est signée", "fr")
    assert (row.outlet, row.outlet_known) == ("La Gazette du quai", True)
    assert row.published == "2030-05-03"
    assert row.speakers == ("Mara Quell",)
    assert row.speaker_iris == ("https://example.org/id/agent/mara-quell",)
    assert (row.mention, row.cue, row.form) == ("Mme Quell", "a lancé", "unmarked-direct")
    assert (row.modality, row.polarity, row.stance) == ("certain", "affirmed", "emphatic")
    assert row.spans == ((19, 77),)
    assert row.spans[0][1] - row.spans[0][0] == len(row.quote)
    assert row.utterance_date == "2030-05-01"
    assert row.review_status == "accepted"
    assert row.claims[0].label_en == "Norvale was the first to plan and build North Pier"
    assert row.document_iri.endswith(row.sha256[:16])
    assert row.iri.endswith(row.key)


def test_every_value_is_spelled_as_the_records_spell_it(rows: dict[str, AttributionRow]) -> None:
    """No concept's IRI is left in an enumerated field."""
    for row in rows.values():
        for name in ("form", "illocution", "polarity", "modality", "reporter_modality", "stance"):
            assert "://" not in getattr(row, name)
        assert row.review_status in {
            "machine-only",
            "unreviewed",
            "accepted",
            "edited",
            "rejected",
        }


def test_a_chain_runs_from_the_text_outward(rows: dict[str, AttributionRow]) -> None:
    """The nearest link comes first, each with its name."""
    row = rows["notes-jetee#a2"]

    assert row.chain == ("Harbour Post", "Radio Cap")
    assert len(row.chain_iris) == 2


def test_an_unidentified_outlet_has_no_name(rows: dict[str, AttributionRow]) -> None:
    """Its rows say so, and its own voice goes by the last part of its IRI."""
    row = rows["notes-jetee#a1"]

    assert (row.outlet, row.outlet_known) == ("", False)
    assert row.speakers == (row.outlet_iri.rpartition("/")[2],)


def test_joint_unresolved_and_withdrawn_are_told(rows: dict[str, AttributionRow]) -> None:
    """Two speakers, a speaker nobody could identify, a retraction, a rejection."""
    assert rows["gazette-jetee#a4"].speakers == ("Mara Quell", "Tomas Ild")
    assert rows["gazette-jetee#a3"].unresolved == "Un habitant"
    assert rows["gazette-jetee#a3"].speakers == ()
    assert rows["gazette-jetee#a5"].retracted
    assert rows["gazette-jetee#a5"].is_withdrawn
    assert rows["notes-jetee#a4"].is_withdrawn
    assert not rows["notes-jetee#a5"].is_withdrawn


def test_one_quote_may_carry_several_claims(rows: dict[str, AttributionRow]) -> None:
    """All claims of an attribution stand in its one row."""
    assert len(rows["harbour-post-pier#a1"].claims) == 2


def test_names_follow_the_language_asked(store: MemoryStore) -> None:
    """French and English names of relays differ where the graph gives both."""
    french = {row.identifier: row.chain for row in attribution_rows(store, language="fr")}
    english = {row.identifier: row.chain for row in attribution_rows(store, language="en")}

    assert french["gazette-jetee#a4"] == ("communiqué conjoint du 1er mai",)
    assert english.keys() == french.keys()
    assert all(all(chain) for chain in english.values())


def test_rows_do_not_depend_on_the_order_of_quads(store: MemoryStore) -> None:
    """A graph loaded from shuffled lines gives the same rows."""
    lines = [f"{quad} ." for quad in store.raw]
    random.Random(3).shuffle(lines)

    assert attribution_rows(MemoryStore(lines)) == attribution_rows(store)


def test_a_graph_that_says_a_thing_twice_still_gives_one_row(store: MemoryStore) -> None:
    """Where a faulty graph has two forms, one row comes out, the same from any order."""
    row = attribution_rows(store)[0]
    extra = f"<{row.iri}> <{KG.form}> <{KG.Direct}> ."
    lines = [f"{quad} ." for quad in store.raw]
    twice = attribution_rows(MemoryStore([extra, *lines]))

    assert len(twice) == len(attribution_rows(store))
    assert twice == attribution_rows(MemoryStore([*reversed(lines), extra]))


def test_rows_are_plain() -> None:
    """Field types are strings, numbers, booleans and tuples: nothing of an RDF library."""
    kinds = {field.type for field in fields(AttributionRow)}

    assert kinds == {
        "str",
        "bool",
        "float | None",
        "tuple[str, ...]",
        "tuple[tuple[int, int], ...]",
        "tuple[ClaimRow, ...]",
    }


def test_an_empty_graph_has_no_rows() -> None:
    """Nothing in, nothing out."""
    assert attribution_rows(MemoryStore()) == []


def test_a_claim_without_a_label_goes_by_its_iri() -> None:
    """The other language stands in for a missing label, the IRI for both."""
    bare = ClaimRow("https://example.org/id/claim/1", "", "", "s", "p", "o")
    french = ClaimRow("i", "la ligne ouvre", "", "s", "p", "o")

    assert bare.label("fr") == bare.iri
    assert french.label("en") == "la ligne ouvre"
