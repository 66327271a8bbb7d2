"""The index gives back the rows of the graph, counts what is there, and finds words."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kg.analyse.chains import only_through
from kg.analyse.projection import load_material
from kg.errors import StoreError
from kg.graph.rows import attribution_rows
from kg.graph.store import open_store
from kg.serve.index import Index, Narrowing
from kg.serve.index_file import write_index
from kg.serve.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.rows import AttributionRow
    from kg.project import Project


@pytest.fixture(scope="module")
def rows(ferry: Project) -> list[AttributionRow]:
    """Every attribution, read from the graph itself."""
    with open_store(ferry.store, base=ferry.base) as store:
        return attribution_rows(store, language="fr")


@pytest.fixture(scope="module")
def index(ferry: Project) -> Index:
    """The explorer's index of the same graph."""
    return Library(ferry).shelf().index


def test_rows_come_back_as_they_were(index: Index, rows: list[AttributionRow]) -> None:
    """Every field of every row, in the same order; an outlet nobody identified has no name."""
    assert index.rows(Narrowing(withdrawn=True), "fr") == rows


def test_names_follow_the_language(ferry: Project, index: Index) -> None:
    """Rows asked for in English are those of the graph in English."""
    with open_store(ferry.store, base=ferry.base) as store:
        english = attribution_rows(store, language="en")

    assert index.rows(Narrowing(withdrawn=True), "en") == english


@pytest.mark.parametrize(
    ("field", "attribute"),
    [("outlet", "outlet_iri"), ("form", "form"), ("slug", "slug"), ("status", "review_status")],
)
def test_narrowing_is_filtering(
    index: Index, rows: list[AttributionRow], field: str, attribute: str
) -> None:
    """What the index narrows to is what a plain filter keeps."""
    live = [row for row in rows if not row.is_withdrawn]
    for value in {getattr(row, attribute) for row in live}:
        narrowing = Narrowing(**{field: value})
        kept = [row.iri for row in live if getattr(row, attribute) == value]
        assert [row.iri for row in index.rows(narrowing, "fr")] == kept
        assert index.count(narrowing) == len(kept)


def test_ties_narrow_too(index: Index, rows: list[AttributionRow]) -> None:
    """Speakers, claims, topics, sources and utterances narrow to the rows that have them."""
    live = [row for row in rows if not row.is_withdrawn]
    ways = {
        "speaker": lambda row: set(row.speaker_iris) if row.form != "authorial" else set(),
        "claim": lambda row: {claim.iri for claim in row.claims},
        "topic": lambda row: {c.subject_iri for c in row.claims} | {c.object for c in row.claims},
        "source": lambda row: set(row.chain_iris),
        "utterance": lambda row: {row.utterance_iri} - {""},
    }
    for field, of in ways.items():
        values = {value for row in live for value in of(row)}
        assert values
        for value in values:
            found = [row.iri for row in index.rows(Narrowing(**{field: value}), "fr")]
            assert found == [row.iri for row in live if value in of(row)]


def test_counts_add_up(index: Index, rows: list[AttributionRow]) -> None:
    """Voice by outlet, forms and claims are counted as the rows say."""
    live = [row for row in rows if not row.is_withdrawn]
    counted = index.counts(Narrowing())

    assert sum(item.number for item in counted) == len(live)
    assert index.tally("form", Narrowing()) == dict(Counter(row.form for row in live))
    claims = {claim.iri for row in live for claim in row.claims}
    assert index.claim_count(Narrowing(), 10_000) == len(claims)
    direct = {claim.iri for row in live if row.form == "direct" for claim in row.claims}
    assert index.claim_count(Narrowing(form="direct"), 10_000) == len(direct)
    assert index.document_count(Narrowing()) == len({row.slug for row in live})
    assert index.relayed_count(Narrowing()) == sum(bool(row.chain) for row in live)


def test_what_has_no_other_way_is_what_the_reading_finds(
    ferry: Project, index: Index, rows: list[AttributionRow]
) -> None:
    """For each cited source and outlet the index names what `kg.analyse.chains` names."""
    with open_store(ferry.store, base=ferry.base) as store:
        material = load_material(store, base=ferry.base)
    links = {iri for row in rows for iri in row.chain_iris if "/attribution/" not in iri}
    read = {item.link.iri: item for item in only_through(material)}

    assert links <= read.keys()
    for iri in links:
        relayed, only = index.only_through(iri)
        assert relayed == read[iri].relayed
        assert only["claim"] == sorted(claim for claim, _ in read[iri].claims)
        assert only["utterance"] == sorted(told for told, _ in read[iri].utterances)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("traversee", "traversée"),
        ("TRAVERSÉE", "traversée"),
        ("d'une heure", "d'une heure"),
        ("d’une heure", "d'une heure"),
        ("premier serv", "premier service"),
    ],
)
def test_words_are_found_folded(index: Index, words: str, found: str) -> None:
    """Accents, apostrophes, case and the end of the last word do not matter."""
    quotes = [hit.marked for hit in index.search(words, what="quote")]

    assert quotes
    assert any(found in quote.replace("\x02", "").replace("\x03", "") for quote in quotes)


def test_withdrawn_words_are_not_found(
    ferry: Project, rows: list[AttributionRow], tmp_path
) -> None:
    """A retracted attribution is neither listed nor found, and is there when asked for."""
    gone = [replace(rows[0], retracted=True), *rows[1:]]
    path = tmp_path / "index.sqlite"
    write_index(path, gone, names={}, kinds={}, facts={}, base=ferry.base)
    made = Index(path)

    assert rows[0].iri not in {row.iri for row in made.rows(Narrowing(), "fr")}
    assert rows[0].iri in {row.iri for row in made.rows(Narrowing(withdrawn=True), "fr")}
    assert rows[0].iri not in {hit.ref for hit in made.search(rows[0].quote[:30])}


def test_a_damaged_index_is_made_again(fresh: Project) -> None:
    """A cache that was cut short is thrown away, and the pages do not notice."""
    library = Library(fresh)
    library.shelf()
    (cached,) = (fresh.root / ".kg" / "explorer").glob("*.sqlite")
    cached.write_bytes(cached.read_bytes()[:100])

    assert Library(fresh).shelf().index.count(Narrowing()) == 80


def test_an_index_of_another_version_is_not_read(fresh: Project) -> None:
    """The file is named after the graph's revision and the version of the tables."""
    Library(fresh).shelf()
    folder = fresh.root / ".kg" / "explorer"
    (cached,) = folder.glob("*.sqlite")
    cached.rename(folder / "0000-0-0.sqlite")
    Library(fresh).shelf()
    deadline = time.monotonic() + 20
    while (folder / "0000-0-0.sqlite").exists():
        assert time.monotonic() < deadline, "what is of no use is swept a moment later"
        time.sleep(0.05)

    assert [path.name for path in folder.glob("*.sqlite")] == [cached.name]


def test_what_is_no_index_is_told(tmp_path: Path) -> None:
    """A file that is none raises our own error."""
    path = tmp_path / "x.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE other(x)")
    other.close()

    with pytest.raises(StoreError, match="damaged"):
        Index(path)


def test_a_day_within_a_period_is_in_it(tmp_path: Path, rows: list[AttributionRow]) -> None:
    """A text of two days, of a month or of a year is kept where it can be of the day asked for."""
    written = (
        "2025-04-01",
        "2025-04-03",
        "2025-04-02/2025-04-03",
        "2025-04",
        "2025-03",
        "2004-03/..",
        "../2025-04-02",
        "2025-04-03~",
    )
    dated = [
        replace(row, published=day)
        for row, day in zip(rows, written, strict=False)
        if not row.retracted
    ]
    assert len(dated) == len(written)
    write_index(tmp_path / "days", dated, names={}, kinds={}, facts={}, base="https://e/")
    index = Index(tmp_path / "days")
    since = index.rows(Narrowing(since="2025-04-03", withdrawn=True), "fr")
    until = index.rows(Narrowing(until="2025-04-02", withdrawn=True), "fr")

    assert [row.published for row in since] == [
        "2025-04-03",
        "2025-04-02/2025-04-03",
        "2025-04",
        "2004-03/..",
        "2025-04-03~",
    ]
    assert {"2025-04-01", "2025-04-02/2025-04-03", "2025-04", "2025-03", "2004-03/.."} <= {
        row.published for row in until
    }
