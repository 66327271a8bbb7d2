"""Conflicts come from declarations and judgements, never from likeness, and know time."""

from __future__ import annotations

import pytest
from conftest import BASE, claim_row, make_material, make_row

from kg.analyse.conflicts import Conflict, conflicts
from kg.analyse.material import AlignmentFact, ClaimFact, Material, PredicateFact


def declared(name: str, kind: str = "entity", **known: object) -> PredicateFact:
    return PredicateFact(f"{BASE}{name}", name, kind=kind, **known)  # type: ignore[arg-type]


PREDICATES = {
    item.iri: item
    for item in (
        declared("opensOn", "date", functional=True),
        declared("costs", "number", functional=True),
        declared("locatedIn", functional=True),
        declared("ledBy", functional=True, inverse=f"{BASE}leads"),
        declared("leads", inverse=f"{BASE}ledBy"),
        declared("supports", disjoint=(f"{BASE}opposes",)),
        declared("opposes"),
        declared("visits"),
    )
}


def read(*rows: object, **known: object) -> list[Conflict]:
    return conflicts(make_material(*rows, predicates=PREDICATES, **known))


def says(identifier: str, line: str, who: str = "", **known: object) -> object:
    return make_row(identifier, speakers=[who or identifier[0]], claims=[line], **known)


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("port opensOn 2025-09-01", "port opensOn 2025-09-15", "date"),
        ("port costs 42", "port costs 45.5", "number"),
        ("port locatedIn north", "port locatedIn south", "scope"),
        ("port supports tax", "port opposes tax", "polarity"),
    ],
)
def test_each_kind_is_derived_from_its_declaration(left: str, right: str, kind: str) -> None:
    """Functional dates, numbers and things, and disjoint predicates."""
    (item,) = read(says("a#1", left), says("b#1", right))

    assert (item.kind, item.judgement) == (kind, "derived")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("port opensOn 2025-09", "port opensOn 2025-09-15"),
        ("port costs 42", "port costs 42.0"),
        ("port visits north", "port visits south"),
        ("port supports tax", "town opposes tax"),
        ("port opensOn 2025-09-01", "town opensOn 2025-09-15"),
    ],
)
def test_what_can_both_hold_is_no_conflict(left: str, right: str) -> None:
    """A month and a day in it, one number in two spellings, many visits, two subjects."""
    assert read(says("a#1", left), says("b#1", right)) == []


def test_places_and_people_have_their_own_kind() -> None:
    """Two places are a conflict of place, two agents one of role."""
    rows = [says("a#1", "port locatedIn north"), says("b#1", "port locatedIn south")]
    classes = {f"{BASE}topic/north": "place", f"{BASE}topic/south": "place"}
    agents = dict.fromkeys(classes, "agent")

    assert [item.kind for item in read(*rows, classes=classes)] == ["place"]
    assert [item.kind for item in read(*rows, classes=agents)] == ["role"]


def test_an_inverse_is_read_the_other_way_round() -> None:
    """« Anna leads the port » and « Bert leads the port », where one leads at a time."""
    (item,) = read(says("a#1", "anna leads port"), says("b#1", "bert leads port"))

    assert item.rule == "inverse"


def test_a_denial_is_a_conflict_of_polarity() -> None:
    """One affirms what the other denies; the claim is one."""
    line = "board excludes crew"
    (item,) = read(says("a#1", line), says("b#1", line, polarity="denied"))

    assert (item.kind, item.rule) == ("polarity", "denied")
    assert item.left_claim == item.right_claim


def test_a_later_word_of_the_same_outlet_supersedes() -> None:
    """The paper that moves its own date has changed it, not contradicted itself."""
    early = says("a#1", "port opensOn 2025-09-01", outlet_iri=f"{BASE}outlet/o")
    late = says(
        "b#1", "port opensOn 2025-10-15", published="2025-04-06", outlet_iri=f"{BASE}outlet/o"
    )
    (item,) = read(late, early)

    assert (item.kind, item.left[0].identifier) == ("superseded", "a#1")
    assert item.note.startswith("date: 3 days later")


def test_other_outlets_within_days_conflict_and_after_weeks_supersede() -> None:
    """What `--days-to-supersede` moves."""
    early = says("a#1", "port costs 42")
    soon = says("b#1", "port costs 45", published="2025-04-05")
    late = says("c#1", "port costs 48", published="2025-05-30")

    assert [item.kind for item in read(early, soon)] == ["number"]
    assert [item.kind for item in read(early, late)] == ["superseded"]


def test_different_times_in_the_claims_are_no_conflict() -> None:
    """Two years, two values."""
    rows = [says("a#1", "port costs 42"), says("b#1", "port costs 45")]
    facts = {
        claim_row(line).iri: ClaimFact(claim_row(line).iri, (("when", year),))
        for line, year in (("port costs 42", "2023"), ("port costs 45", "2024"))
    }

    assert read(*rows, claims=facts) == []


def test_within_one_utterance_there_is_no_conflict() -> None:
    """Two wordings of one sentence differ; nobody contradicted anybody."""
    rows = [
        says("a#1", "port costs 42", "mayor", utterance="u"),
        says("b#1", "port costs 45", "mayor", utterance="u"),
    ]

    assert read(*rows) == []


def test_one_speaker_on_both_sides_is_named() -> None:
    """On one day, in two utterances: incompatible things said by one person."""
    rows = [says("a#1", "port costs 42", "mayor"), says("b#1", "port costs 45", "mayor")]
    (item,) = read(*rows)

    assert (item.kind, item.same_speakers) == ("number", ("mayor",))


def test_a_negative_judgement_removes_a_derived_conflict() -> None:
    """A person saw that both hold."""
    rows = [says("a#1", "port costs 42"), says("b#1", "port costs 45")]
    iris = [claim_row(line).iri for line in ("port costs 42", "port costs 45")]
    refused = AlignmentFact(*iris, "contradicts", "negative", "two ports", "me", "person")

    assert read(*rows, alignments=(refused,)) == []


def test_likeness_is_never_a_ground() -> None:
    """Two opposite sentences with no declaration between their claims are no conflict."""
    rows = [
        make_row("a#1", "the port will open", speakers=["x"], claims=["port visits north"]),
        make_row("b#1", "the port will not open", speakers=["y"], claims=["town visits north"]),
    ]

    assert read(*rows) == []


def test_a_thousand_values_of_one_predicate_are_bounded() -> None:
    """Half a million pairs are not listed; the most attested come first."""
    rows = [says(f"t{number:04}#1", f"port costs {number}") for number in range(1000)]

    assert len(read(*rows)) == 100


def test_the_planted_conflicts_of_the_example(ferry: Material) -> None:
    """Date, number, polarity and superseded, each with both sides."""
    found = {
        (item.kind, row.identifier, other.identifier)
        for item in conflicts(ferry)
        for row in item.left
        for other in item.right
    }

    assert ("date", "fanal-accord#a5", "nouvelle-ligne#a6") in found
    assert ("number", "cabotier-deux-rives#a3", "nouvelle-ligne#a4") in found
    assert ("number", "fanal-accord#a7", "tideway-quayside#a7") in found
    assert ("superseded", "fanal-accord#a5", "fanal-report#a1") in found
    assert ("polarity", "courier-fifty-minutes#a7", "estran-pecheurs#a7") in found


def test_the_example_conflicts_without_any_judgement(ferry: Material) -> None:
    """The declarations alone find the dates and the numbers, and tell what is superseded."""
    bare = Material(
        ferry.base,
        ferry.rows,
        documents=ferry.documents,
        utterances=ferry.utterances,
        claims=ferry.claims,
        predicates=ferry.predicates,
        classes=ferry.classes,
        families=ferry.families,
        labels=ferry.labels,
    )
    kinds = {
        (item.kind, item.left[0].claims and item.rule)
        for item in conflicts(bare)
        if item.judgement == "derived"
    }

    assert {("date", "functional"), ("number", "functional"), ("superseded", "functional")} <= kinds
    assert ("polarity", "denied") in kinds
