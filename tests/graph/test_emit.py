"""What a record and the registries become, triple by triple."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sample

from kg.graph.build import collection_quads, project_lookup
from kg.graph.emit_record import record_quads, review_status
from kg.graph.store import MemoryStore
from kg.graph.vocab import DCTERMS, KG, OA, PROV, RDF, RDFS, SCHEMA
from kg.model import Collection, Decision, Record, Review, RunKind, Span, parse_claim


def graph_of(collection: Collection, tmp_path: Path) -> MemoryStore:
    project = sample.project(tmp_path)
    return MemoryStore(collection_quads(collection, project_lookup(collection, project)))


def values(store: MemoryStore, subject: str, *path: str) -> list[str]:
    """Follow properties from a node, and give what stands at the end."""
    steps = "/".join(f"<{step}>" for step in path)
    table = store.select(f"SELECT ?o {{ <{subject}> {steps} ?o }}")
    return sorted(row[0].value for row in table.rows if row[0])


def attribution_iri(record: Record, name: str) -> str:
    found = next(item for item in record.attributions if item.id == name)
    key = found.key(record.document)
    return f"{sample.BASE}text/{record.document.id}/attribution/{key}"


def test_a_document_says_when_it_came_out(tmp_path: Path) -> None:
    """A month is kept as it is, with its first and last day beside it."""
    collection = sample.sample()
    store = graph_of(collection, tmp_path)
    document = f"{sample.BASE}text/{collection.records[0].document.id}"

    assert values(store, document, SCHEMA.datePublished) == ["2025-04"]
    assert values(store, document, KG.publishedEarliest) == ["2025-04-01"]
    assert values(store, document, KG.publishedLatest) == ["2025-04-30"]
    assert values(store, document, SCHEMA.sha256) == [collection.records[0].document.sha256]
    assert values(store, document, KG.hasBoilerplate, KG.boilerplateReason) == ["comment form"]


def test_an_unidentified_outlet_is_one_for_each_text(tmp_path: Path) -> None:
    """It has a class, goes by its text instead of a name, and is nobody else's."""
    collection = sample.sample()
    store = graph_of(collection, tmp_path)
    two = collection.records[1].document
    outlet = f"{sample.BASE}outlet/unidentified-{two.id}"

    assert values(store, f"{sample.BASE}text/{two.id}", SCHEMA.publisher) == [outlet]
    assert values(store, outlet, RDF.type) == [KG.UnidentifiedOutlet]
    assert values(store, outlet, RDFS.label) == [
        "média non identifié (two)",
        "unidentified outlet (two)",
    ]


def test_evidence_has_both_selectors(tmp_path: Path) -> None:
    """Each span gives its place and its words; a split quote has two."""
    collection = sample.sample()
    store = graph_of(collection, tmp_path)
    split = attribution_iri(collection.records[0], "a2")

    exact = values(store, split, KG.hasEvidence, OA.hasSelector, OA.exact)
    starts = values(store, split, KG.hasEvidence, OA.hasSelector, OA.start)
    assert exact == ["la fin", "le début"]
    assert starts == ["100", "120"]
    assert values(store, split, KG.quote) == ["le début […] la fin"]


def test_a_chain_keeps_its_order(tmp_path: Path) -> None:
    """Hops count from the text outward, and every link is a relay."""
    collection = sample.sample()
    store = graph_of(collection, tmp_path)
    relayed = attribution_iri(collection.records[0], "a2")
    table = store.select(
        f"SELECT ?place ?through {{ <{relayed}> <{KG.hasHop}> ?hop . "
        f"?hop <{KG.hopPosition}> ?place ; <{KG.through}> ?through }} ORDER BY ?place"
    )
    links = [
        f"{sample.BASE}source/radio",
        attribution_iri(collection.records[1], "a1"),
    ]

    assert [(row[0].value, row[1].value) for row in table.rows if row[0] and row[1]] == [
        ("1", links[0]),
        ("2", links[1]),
    ]
    assert values(store, relayed, KG.relayedFrom) == sorted(links)


def test_the_own_voice_speaks_as_the_outlet(tmp_path: Path) -> None:
    """An authorial attribution's speaker is its text's outlet, identified or not."""
    collection = sample.sample()
    store = graph_of(collection, tmp_path)
    two = collection.records[1]

    assert values(store, attribution_iri(two, "a2"), KG.speaker) == [
        f"{sample.BASE}outlet/unidentified-{two.document.id}"
    ]


def test_a_claim_is_said_in_two_languages(tmp_path: Path) -> None:
    """Labels are made of the labels of its parts, qualifiers in brackets."""
    store = graph_of(sample.sample(), tmp_path)
    claim = parse_claim("ada metWith isle [when=2025-04, where=port, about=ferry]")

    assert values(store, f"{sample.BASE}claim/{claim.id}", RDFS.label) == [
        "Ada Low a rencontré L’Île [au sujet de: ferry talks; quand: 2025-04; où: Port]",
        "Ada Low met with The Isle [about: ferry talks; when: 2025-04; where: Port]",
    ]


def test_a_claim_carries_no_provenance(tmp_path: Path) -> None:
    """Nothing leads from a claim to a text, a run or a reviewer."""
    store = graph_of(sample.sample(), tmp_path)
    table = store.select(f"SELECT DISTINCT ?p {{ ?c a <{KG.Claim}> ; ?p ?o }}")
    used = {row[0].value for row in table.rows if row[0]}

    assert not used & {PROV.wasGeneratedBy, KG.inText, KG.speaker, DCTERMS.date, KG.judgedBy}


def test_two_attributions_may_share_a_span(tmp_path: Path) -> None:
    """The longer context is kept, whichever comes first."""
    words = {"quotes": ("mot",), "spans": (Span(10, 13),)}
    short = sample.attribution("a1", prefix="x ", **words)
    long = sample.attribution("a2", prefix="le x ", speakers=("isle",), **words)
    found = []
    for order in ((short, long), (long, short)):
        record = sample.record("one", *order)
        store = graph_of(replace(sample.sample(), records=(record,), alignments=()), tmp_path)
        quote = f"{sample.BASE}text/{record.document.id}/span/10-13/quote"
        found.append(values(store, quote, OA.prefix))

    assert found == [["le x "], ["le x "]]


PERSON, PROGRAM = RunKind.PERSON, RunKind.SOFTWARE


@pytest.mark.parametrize(
    ("decisions", "status"),
    [
        ((), KG.MachineOnly),
        (((Decision.ACCEPTED, PROGRAM),), KG.MachineOnly),
        (((Decision.ACCEPTED, PERSON),), KG.Accepted),
        (((Decision.ACCEPTED, PERSON), (Decision.REJECTED, PERSON)), KG.Rejected),
        (((Decision.EDITED, PERSON), (Decision.SKIPPED, PERSON)), KG.Edited),
        (((Decision.ACCEPTED, PERSON), (Decision.UNDONE, PERSON)), KG.MachineOnly),
        (
            (
                (Decision.ACCEPTED, PERSON),
                (Decision.REJECTED, PERSON),
                (Decision.UNDONE, PERSON),
            ),
            KG.Accepted,
        ),
    ],
)
def test_the_review_status_follows_the_reviews(
    decisions: tuple[tuple[Decision, RunKind], ...], status: str
) -> None:
    """People's last standing decision holds; programs' and skipped ones change nothing."""
    reviews = tuple(
        Review("a1", decision, "Bo", f"2025-05-0{day}", kind=kind)
        for day, (decision, kind) in enumerate(decisions, start=1)
    )
    record = replace(sample.record("one", sample.attribution("a1")), reviews=reviews)

    assert review_status(record) == {"a1": status}


def test_what_a_person_made_is_not_machine_only() -> None:
    """Without any review it is unreviewed."""
    record = sample.record("one", sample.attribution("a1"))
    by_person = replace(record, runs=tuple(replace(run, kind=PERSON) for run in record.runs))

    assert review_status(by_person) == {"a1": KG.Unreviewed}


def test_a_retraction_stays_with_its_reason(tmp_path: Path) -> None:
    """A withdrawn attribution is in the graph, marked."""
    collection = sample.sample()
    store = graph_of(collection, tmp_path)
    withdrawn = attribution_iri(collection.records[1], "a3")

    assert values(store, withdrawn, KG.retractionReason) == ["misread"]
    assert values(store, withdrawn, PROV.invalidatedAtTime) == ["2025-06-01"]
    assert values(store, withdrawn, RDFS.comment) == ['a "note" \\ with\nlines']


def test_a_time_without_seconds_is_a_time(tmp_path: Path) -> None:
    """`T10:00Z` is written as XML Schema wants it."""
    record = sample.record("one", sample.attribution("a1"))
    review = Review("a1", Decision.ACCEPTED, "Bo", "2025-05-02T10:00Z")
    project = sample.project(tmp_path)
    lookup = project_lookup(sample.sample(), project)
    lines = record_quads(replace(record, reviews=(review,)), lookup)

    assert any('"2025-05-02T10:00:00Z"^^' in line for line in lines)


def test_alignments_of_claims_link_the_claims(tmp_path: Path) -> None:
    """A positive judgement on two claims is also a link between them; on attributions it is not."""
    store = graph_of(sample.sample(), tmp_path)
    one, two = parse_claim("ada metWith isle"), parse_claim("isle expressedSupportFor ferry")

    assert values(store, f"{sample.BASE}claim/{one.id}", KG.contradicts) == [
        f"{sample.BASE}claim/{two.id}"
    ]
    assert store.ask(f"ASK {{ ?x a <{KG.Alignment}> ; <{KG.relation}> <{KG.Contradicts}> }}")
