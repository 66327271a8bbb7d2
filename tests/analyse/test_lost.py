"""An attribution is lost by one rule, whoever asks: drift, derived graph, question, picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BASE, claim_row, make_material, make_row

from kg.analyse.derived import derived_quads
from kg.analyse.drift import drifts
from kg.analyse.lost import OwnVoice, lost_attributions, own_voices
from kg.analyse.material import AlignmentFact, Material, SourceFact, UtteranceFact
from kg.graph.build import collection_quads, project_lookup
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.rows import AttributionRow
from kg.graph.store import MemoryStore
from kg.project import data_folder, find_project
from kg.records import load_collection

CLAIM, WIDER = "port opensOn 2025", "port opensSoon ever"


def said(identifier: str = "a#1", **known: object) -> AttributionRow:
    return make_row(identifier, **({"speakers": ["mayor"], "claims": [CLAIM]} | known))


def own(identifier: str = "b#1", **known: object) -> AttributionRow:
    return make_row(identifier, form="authorial", **({"claims": [CLAIM]} | known))


def told(*rows: AttributionRow, **known: object) -> list[tuple[str, str, str]]:
    """Who says it, who says it as their own, and why that is no loss."""
    return [
        (item.named.identifier, item.own.identifier, item.why_not)
        for item in own_voices(make_material(*rows, **known))
    ]


def test_what_a_speaker_said_and_another_outlet_states_is_lost() -> None:
    """Later or on the same day, with the dates unknown or open: nothing shows it came first."""
    for published in ("2025-04-03", "2025-04-09", "", "../2025-04-09"):
        assert told(said(), own(published=published)) == [("a#1", "b#1", "")]


@pytest.mark.parametrize(
    ("named", "bare", "why"),
    [
        ({"speakers": [], "unresolved": "on dit"}, {}, "nobody could tell who speaks"),
        ({}, {"outlet_iri": f"{BASE}outlet/a"}, "one outlet"),
        ({}, {"published": "2025-04-02"}, "published before"),
        ({}, {"published": "../2025-04-02"}, "published before"),
        ({"illocution": "commitment"}, {}, "commitment there, assertion here"),
        (
            {"illocution": "commitment"},
            {"illocution": "expectation"},
            "commitment there, expectation here",
        ),
        ({}, {"chain": ["agency"]}, "its text says from whom it has it"),
    ],
)
def test_what_is_no_loss_is_told_with_its_reason(
    named: dict[str, object], bare: dict[str, object], why: str
) -> None:
    """It is told in an own voice too, and nothing was lost on the way."""
    rows = said(**named), own(**bare)
    (item,) = drifts(make_material(*rows), kinds=["attribution-lost", "also-in-own-voice"])

    assert told(*rows) == [("a#1", "b#1", why)]
    assert item.kind == "also-in-own-voice"
    assert item.note.endswith(f"({why})")


def test_who_credits_the_claim_anywhere_in_the_text_lost_nobody() -> None:
    """A lead in the outlet's voice, and the speaker named three lines below."""
    below = said("b#2", speakers=["captain"])

    assert told(said(), own(), below) == [("a#1", "b#1", "its text says from whom it has it")]


def test_what_was_printed_before_it_was_said_was_not_taken_from_the_speaker() -> None:
    """The day of speaking is known, and the own voice is older than that."""
    told_on = UtteranceFact(f"{BASE}utterance/u", "u", (), "2025-04-08", "2025-04-08", "2025-04-08")
    rows = said(published="", utterance="u"), own(published="2025-04-07")

    assert told(*rows, utterances={told_on.iri: told_on}) == [("a#1", "b#1", "published before")]


def test_affirmed_and_denied_are_told_apart() -> None:
    """Who states what a speaker denies has not lost the speaker; who denies it too, has."""
    denial = said(polarity="denied")

    assert told(denial, own()) == []
    assert told(denial, own(polarity="denied")) == [("a#1", "b#1", "")]


def test_an_evaluation_told_as_a_fact_is_lost() -> None:
    """Praise, news and plain words are all put forward as so."""
    assert told(said(illocution="evaluation"), own()) == [("a#1", "b#1", "")]


def test_the_own_voice_may_state_less_than_the_speaker_and_not_more() -> None:
    """Who states what follows from a speaker's words has them from the speaker; not the reverse."""
    link = AlignmentFact(claim_row(CLAIM).iri, claim_row(WIDER).iri, "entails", "positive")
    less = make_material(said(), own(claims=[WIDER]), alignments=(link,))
    more = make_material(said(claims=[WIDER]), own(), alignments=(link,))

    assert [item.claim for item in lost_attributions(less)] == [claim_row(WIDER).iri]
    assert lost_attributions(more) == []


def test_what_a_medium_reports_is_nobodys_words() -> None:
    """Two media that report one thing have each looked; no speaker is gone."""
    source = SourceFact(f"{BASE}source/wire", "the wire", "agency", f"{BASE}agent/wire-service")
    rows = said(speakers=["wire-service"]), own()

    assert told(*rows, sources={source.iri: source}) == [("a#1", "b#1", "a medium's own report")]
    assert told(*rows) == [("a#1", "b#1", "")]


def test_a_later_speaker_who_fits_is_found_behind_one_who_does_not() -> None:
    """The first to speak is unknown, the second promises, the third says it."""
    rows = [
        said("a#1", speakers=[], unresolved="on dit", published="2025-04-01"),
        said("c#1", illocution="commitment", published="2025-04-02"),
        said("d#1", published="2025-04-03"),
        own("e#1", published="2025-04-05"),
    ]

    assert told(*rows) == [("d#1", "e#1", "")]


def test_a_promise_told_as_a_fact_drops_a_hedge() -> None:
    """The speaker is kept out of the count of lost ones, and the promise is told."""
    promised = said(illocution="commitment")
    (item,) = drifts(make_material(promised, own()), kinds=["hedge-dropped"])

    assert (item.left.identifier, item.right.identifier) == ("a#1", "b#1")
    assert item.note == "commitment (speaker) in a; a fact in b"


def _pairs(found: list[OwnVoice]) -> set[tuple[str, str]]:
    return {(item.named.identifier, item.own.identifier) for item in found}


@pytest.mark.parametrize("folder", [".", "examples/strait-ferry"])
def test_drift_the_graph_and_the_question_tell_the_same_pairs(
    folder: str, five: Material, ferry: Material, repository: Path
) -> None:
    """One rule: whoever asks gets the same answer."""
    material = five if folder == "." else ferry
    project = find_project(repository / folder)
    collection = load_collection(project).collection
    lines = derived_quads(material)
    quads = collection_quads(collection, project_lookup(collection, project))
    store = MemoryStore([*quads, *lines], base=project.base)
    query = load_query(data_folder("queries"), "attribution-lost")
    table = ask_query(store, query, values_of(query, {}, base=project.base)).table
    assert table is not None
    columns = [table.columns.index(name) for name in ("attributed", "own_voice")]
    asked = {tuple(row[place].value for place in columns if row[place]) for row in table.rows}
    drifted = {
        (item.left.identifier, item.right.identifier)
        for item in drifts(material, kinds=["attribution-lost"])
    }

    assert _pairs(lost_attributions(material)) == drifted == asked
    assert len(drifted) >= 2


def test_lavrovs_words_become_the_outlets_own(five: Material) -> None:
    """003 gives « for the first time … format of four » to Lavrov, 004 to nobody."""
    assert any(
        item.named.slug.startswith("003")
        and item.named.speakers == ("Sergei Lavrov",)
        and item.own.slug.startswith("004")
        and "quadripartite" in item.own.quote
        for item in lost_attributions(five)
    )
