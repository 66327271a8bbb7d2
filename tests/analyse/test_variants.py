"""Wordings of one utterance stand side by side, and judgements decide what belongs together."""

from __future__ import annotations

import time
from dataclasses import replace

from conftest import BASE, make_material, make_row

from kg.analyse.candidates import candidates
from kg.analyse.material import AlignmentFact, Material
from kg.analyse.tables import told_diff, variant_sheets
from kg.analyse.variants import variants
from kg.analyse.wording import diff
from kg.graph.rows import AttributionRow


def told(identifier: str, quote: str, **known: object) -> AttributionRow:
    return make_row(identifier, quote, speakers=["diop"], utterance="u", **known)


def align(left: str, right: str, judgement: str, relation: str = "same-utterance") -> AlignmentFact:
    return AlignmentFact(
        f"{BASE}{left}", f"{BASE}{right}", relation, judgement, "read", "me", "person"
    )


def test_the_variants_of_the_five_articles(five: Material) -> None:
    """002 and 004 report one utterance; « partenaire » and « soutenir » against « féliciter »."""
    pairs = [
        pair
        for item in variants(five).utterances
        for pair in item.comparisons
        if (pair.left.slug[:3], pair.right.slug[:3]) == ("002", "004")
        and "reconn" in pair.left.quote
    ]

    assert len(pairs) == 1
    changed = {(change.kind, change.left, change.right) for change in pairs[0].changes}
    assert ("dropped", "partenaire", "") in changed
    assert ("replaced", "soutenir", "féliciter") in changed


def test_entailment_between_the_claims_is_shown(five: Material) -> None:
    """« First to recognise » entails « first partner to recognise », and is shown so."""
    links = [link for item in variants(five).utterances for link in item.links]

    assert any(
        link.relation == "entails" and "first to recognise" in link.left and "partner" in link.right
        for link in links
    )


def test_roles_and_names_drift(ferry: Material) -> None:
    """The four ways to put Ms Corvandre's post are listed with where they stand."""
    roles = {
        wording
        for item in variants(ferry).utterances
        for drift in item.drifts
        if drift.kind == "role"
        for wording, _ in drift.wordings
    }

    assert {
        "présidente de la Régie portuaire",
        "Orvandia’s ports minister",
        "à la tête du port",
    } <= roles


def test_wordings_are_compared_within_their_language_first(ferry: Material) -> None:
    """The Courier's English is held against the Ledger's, not against the Fanal's French."""
    pairs = {
        (pair.left.identifier, pair.right.identifier): pair
        for item in variants(ferry).utterances
        for pair in item.comparisons
    }
    english = pairs["ledger-ferry-deal#a2", "courier-fifty-minutes#a4"]
    crossing = pairs["fanal-accord#a2", "ledger-ferry-deal#a2"]

    assert ("dropped", "since the bridge closed", "") in set(english.changes)
    assert crossing.translated
    assert crossing.changes == ()


def test_a_negative_judgement_keeps_a_pair_apart_for_good() -> None:
    """Even the utterance of the records does not join what a person parted."""
    rows = [
        told("a#1", "we came first"),
        told("b#1", "we came first"),
        told("c#1", "we came first"),
    ]
    material = make_material(*rows, alignments=(align("a#1", "b#1", "negative"),))
    reading = variants(material)

    for item in reading.utterances:
        assert {"a#1", "b#1"} - {row.identifier for row in item.rows}
    assert [(pair.left, pair.right) for pair in reading.apart] == [(f"{BASE}a#1", f"{BASE}b#1")]
    assert reading.refused


def test_alignments_that_disagree_are_shown_and_decide_nothing() -> None:
    """Two people of two minds: the pair is listed as disputed."""
    rows = [make_row(name, "we came first", speakers=["diop"]) for name in ("a#1", "b#1")]
    both = (align("a#1", "b#1", "positive"), align("a#1", "b#1", "negative"))
    reading = variants(make_material(*rows, alignments=both))

    assert [item.verdict for item in reading.disputed] == ["disputed"]
    assert reading.utterances == ()


def test_candidates_come_from_speaker_day_and_words() -> None:
    """Another speaker, another week or other words make no candidate."""
    words = "the harbour will never close its gates to fishermen"
    rows = [
        make_row("a#1", words, speakers=["diop"]),
        make_row("b#1", words.replace("never", "not"), speakers=["diop"]),
        make_row("c#1", words, speakers=["lavrov"]),
        make_row(
            "d#1", words, speakers=["diop"], published="2025-05-30", utterance_date="2025-05-30"
        ),
        make_row("e#1", "taxes on grain are going up again", speakers=["diop"]),
    ]
    rows[0] = replace(rows[0], utterance_date="2025-04-03")
    found = candidates(make_material(*rows))
    pairs = {tuple(side.removeprefix(BASE) for side in (item.left, item.right)) for item in found}

    assert ("a#1", "b#1") in pairs
    assert ("a#1", "d#1") not in pairs
    assert not any("c#1" in pair or "e#1" in pair for pair in pairs)


def test_a_decided_pair_is_not_asked_about_again() -> None:
    """A negative judgement ends the matter; an unsure one leaves the question open."""
    words = "the harbour will never close its gates to fishermen"
    rows = [make_row(name, words, speakers=["diop"]) for name in ("a#1", "b#1")]

    assert len(candidates(make_material(*rows))) == 1
    for judgement, left in (("negative", 0), ("positive", 0), ("unsure", 1)):
        links = (align("a#1", "b#1", judgement),)
        assert len(candidates(make_material(*rows, alignments=links))) == left


def test_a_pair_that_stands_in_one_utterance_is_no_candidate() -> None:
    """Neither a pair linked in another way, nor one that two judgements join through a third."""
    words = "the harbour will never close its gates to fishermen"
    rows = [make_row(name, words, speakers=["diop"]) for name in ("a#1", "b#1", "c#1")]
    joined = (align("a#1", "b#1", "positive"), align("b#1", "c#1", "positive"))
    linked = (
        align("a#1", "b#1", "positive", "same-claim"),
        align("c#1", "b#1", "positive", "entails"),
        align("a#1", "c#1", "positive", "contradicts"),
    )

    assert len(candidates(make_material(*rows))) == 3
    assert candidates(make_material(*rows, alignments=joined)) == []
    assert candidates(make_material(*rows, alignments=linked)) == []


def test_an_utterance_is_shown_with_its_id() -> None:
    """What `kg variants` takes as an argument stands beside the label."""
    rows = [told("a#1", "we came first"), told("b#1", "we came in first")]
    material = make_material(*(replace(row, utterance="on the quay") for row in rows))
    sheet = variant_sheets(material, variants(material), [])[0]

    assert sheet.columns[:2] == ("utterance", "id")
    assert sheet.rows[0][:2] == ("on the quay", "u")


def test_candidates_across_languages_need_a_claim() -> None:
    """A translation is found by the claim both convey."""
    rows = [
        make_row(
            "a#1", "nous serons à bord", speakers=["x"], language="fr", claims=["x boards boat"]
        ),
        make_row(
            "b#1", "we shall be aboard", speakers=["x"], language="en", claims=["x boards boat"]
        ),
        make_row("c#1", "we shall be aboard", speakers=["x"], language="en"),
    ]
    found = candidates(make_material(*rows))

    assert [(item.left, item.translated) for item in found if item.right == f"{BASE}b#1"] == [
        (f"{BASE}a#1", True)
    ]


def test_thousands_of_variants_of_one_utterance_are_answered() -> None:
    """3,000 wordings take a second or two, and what is left off is said."""
    rows = [told(f"t{number:04}#1", f"we came first by {number} miles") for number in range(3000)]
    start = time.process_time()
    (item,) = variants(make_material(*rows)).utterances

    assert len(item.rows) == 3000
    assert len(item.comparisons) == 200
    assert item.left_off == 2799
    assert time.process_time() - start < 20


def test_the_outlets_own_voice_is_no_utterance() -> None:
    """Two outlets that say the same in their own voice are not variants of an utterance."""
    rows = [make_row(name, "it rained all day", form="authorial") for name in ("a#1", "b#1")]

    assert variants(make_material(*rows)).utterances == ()
    assert candidates(make_material(*rows)) == []


def test_a_statement_that_no_other_text_has_is_listed_and_not_compared() -> None:
    """An utterance of two texts that share no statement shows both, each alone."""
    rows = [
        make_row("a#1", "we are pleased with this year", speakers=["x"], utterance="u"),
        make_row("b#1", "meetings follow each spring", speakers=["x"], utterance="u"),
        make_row("c#1", "we are very pleased with this year", speakers=["x"], utterance="u"),
    ]
    material = make_material(*rows)
    (item,) = variants(material).utterances
    sheets = {sheet.title: sheet for sheet in variant_sheets(material, variants(material), [])}

    assert [(pair.left.identifier, pair.right.identifier) for pair in item.comparisons] == [
        ("a#1", "c#1")
    ]
    assert [row.identifier for row in item.alone] == ["b#1"]
    assert [row[2] for row in sheets["Statements of it that no other text has"].rows] == ["b#1"]


def test_parts_left_out_of_a_quote_are_no_words_of_a_diff() -> None:
    """`[…]` joins the parts of a quote; the diff shows a plain ellipsis."""
    changes = diff("we built […] the pier together", "we built […] the long pier")

    assert told_diff(changes) == "we built … the {+long+} pier [-together-]"


def test_wordings_stand_in_time_also_with_open_dates() -> None:
    """A text out by the 2nd comes before one of the 4th, and the diff starts from it."""
    words = "we invite the ministers to the harbour"
    rows = [
        make_row("a#1", words, speakers=["x"], utterance="u", published="2025-04-04"),
        make_row("b#1", words, speakers=["x"], utterance="u", published="../2025-04-02"),
    ]
    (item,) = variants(make_material(*rows)).utterances

    assert [row.identifier for row in item.rows] == ["b#1", "a#1"]
