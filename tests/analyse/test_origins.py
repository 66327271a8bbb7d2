"""Origins are counted as an interval, and every merge and doubt says why."""

from __future__ import annotations

import pytest
from conftest import BASE, claim_row, make_material, make_row

from kg.analyse.finding import find_claim
from kg.analyse.material import AlignmentFact, Material, SourceFact, UtteranceFact
from kg.analyse.origins import Interval, OriginReading, SharedWording, origins

CLAIM = "port opensOn 2025"


def read(*rows: object, **known: object) -> OriginReading:
    return origins(make_material(*rows, **known), claim_row(CLAIM).iri)


def says(identifier: str, *speakers: str, **known: object) -> object:
    return make_row(identifier, speakers=speakers, claims=[CLAIM], **known)


def own(identifier: str, **known: object) -> object:
    return make_row(identifier, form="authorial", claims=[CLAIM], **known)


def test_two_texts_of_one_utterance_are_one_origin(five: Material) -> None:
    """002 and 004: two texts, one utterance, one interested speaker, one origin."""
    reading = origins(five, find_claim(five, "russia firstPartnerToRecognise aes"))

    assert (reading.texts, reading.utterances, reading.speakers) == (2, (1, 1), (1, 1))
    assert reading.independent == Interval(1, 1)
    assert reading.endorsed_by == ("Abdoulaye Diop",)
    assert len(reading.conveying) == 2  # 004's claim entails it, and counts
    assert {reason.kind for group in reading.groups for reason in group.merges} == {
        "same-speaker",
        "same-utterance",
    }


def test_the_entailing_claim_does_not_count_the_weaker_one(five: Material) -> None:
    """Only 004 says « first of all to recognise »."""
    reading = origins(five, find_claim(five, "russia firstToRecognise aes"))

    assert reading.texts == 1


def test_two_speakers_on_two_occasions_are_two_origins() -> None:
    """Endorsement by two unconnected people is not one origin."""
    reading = read(says("a#1", "mayor"), says("b#1", "captain"))

    assert reading.independent == Interval(2, 2)
    assert reading.speakers == Interval(2, 2)
    assert reading.doubts == ()


def test_attestation_and_endorsement_are_different_counts() -> None:
    """Three texts report one mayor: three attest, one endorses."""
    reading = read(says("a#1", "mayor"), says("b#1", "mayor"), says("c#1", "mayor"))

    assert (reading.texts, reading.outlets) == (3, Interval(3, 3))
    assert reading.speakers == reading.independent == Interval(1, 1)


def test_outlets_of_one_family_count_once() -> None:
    """Two papers of a publisher, each in its own voice, are one origin, and the reason is told."""
    families = {f"{BASE}outlet/a": f"{BASE}family/f", f"{BASE}outlet/b": f"{BASE}family/f"}
    reading = read(own("a#1"), own("b#1"), families=families)

    assert (reading.outlets, reading.families) == (Interval(2, 2), Interval(1, 1))
    assert reading.independent == Interval(1, 1)
    assert [reason.kind for reason in reading.groups[0].merges] == ["same-family"]


def test_an_unidentified_outlet_is_a_doubt_not_a_source() -> None:
    """It may be the known outlet: at least one, at most two."""
    reading = read(own("a#1"), own("b#1", outlet="", outlet_known=False))

    assert reading.outlets == Interval(1, 2)
    assert reading.independent == Interval(1, 2)
    assert {reason.kind for reason in reading.doubts} == {"may-repeat", "unidentified-outlet"}


def test_an_own_voice_after_a_speaker_may_repeat_him() -> None:
    """It names no source: at least one origin, at most two."""
    reading = read(says("a#1", "mayor"), own("b#1", published="2025-04-04"))

    assert reading.independent == Interval(1, 2)
    assert [reason.kind for reason in reading.doubts] == ["may-repeat"]


def test_an_own_voice_printed_before_the_words_were_said_cannot_repeat_them() -> None:
    """The speech of the 9th is no source for a paper of the 3rd."""
    spoken = UtteranceFact(f"{BASE}utterance/u", "u", (), "2025-04-09", "2025-04-09", "2025-04-09")
    reading = read(
        own("a#1"),
        says("b#1", "mayor", published="2025-04-09", utterance="u"),
        utterances={spoken.iri: spoken},
    )

    assert reading.independent == Interval(2, 2)


def test_an_own_voice_of_an_open_date_cannot_repeat_what_was_said_later() -> None:
    """In print by the 2nd, said on the 3rd: two origins; what else it may repeat is still asked."""
    said = UtteranceFact(f"{BASE}utterance/u", "u", (), "2025-04-03", "2025-04-03", "2025-04-03")
    rows = (
        says("b#1", "mayor", published="2025-04-03", utterance="u"),
        own("c#1", published="../2025-04-02"),
    )
    reading = read(*rows, utterances={said.iri: said})
    undated = read(*rows, says("d#1", "captain", published=""), utterances={said.iri: said})

    assert (reading.independent, reading.doubts) == (Interval(2, 2), ())
    assert [(item.kind, item.left, item.right) for item in undated.doubts] == [
        ("may-repeat", "c#1", "d#1")
    ]


def test_one_agency_behind_two_papers_is_one_origin() -> None:
    """Two own voices that credit dispatches of one agency merge by their publisher."""
    sources = {
        f"{BASE}source/{name}": SourceFact(f"{BASE}source/{name}", name, "agency", f"{BASE}agent/x")
        for name in ("one", "two")
    }
    reading = read(own("a#1", chain=["one"]), own("b#1", chain=["two"]), sources=sources)

    assert reading.independent == Interval(1, 1)
    assert [reason.kind for reason in reading.groups[0].merges] == ["same-source"]


def test_two_speakers_heard_through_one_relay_are_doubted() -> None:
    """All we have of both comes through one report."""
    reading = read(says("a#1", "mayor", chain=["rfi"]), says("b#1", "captain", chain=["rfi"]))

    assert reading.independent == Interval(1, 2)
    assert [reason.kind for reason in reading.doubts] == ["same-relay-other-speaker"]


def test_shared_wording_is_a_doubt() -> None:
    """Two speakers, one text of words: perhaps one communiqué."""
    pair = SharedWording(f"{BASE}a#1", f"{BASE}b#1", "the texts share wording")
    material = make_material(says("a#1", "mayor"), says("b#1", "captain"))

    assert origins(
        material, claim_row(CLAIM).iri, shared={pair.left: [pair]}
    ).independent == Interval(1, 2)


def test_a_spokesman_may_speak_for_his_state() -> None:
    """A minister and his state are two names, perhaps one voice."""
    reading = read(
        says("a#1", "minister"),
        says("b#1", "state"),
        affiliations={f"{BASE}agent/minister": (f"{BASE}agent/state",)},
    )

    assert reading.independent == Interval(1, 2)
    assert [reason.kind for reason in reading.doubts] == ["may-speak-for"]


def test_who_denies_a_claim_is_no_origin_of_it() -> None:
    """A denial is told, and counted nowhere."""
    reading = read(says("a#1", "mayor"), says("b#1", "captain", polarity="denied"))

    assert (reading.texts, reading.denying) == (1, ("b#1",))


def test_a_claim_that_all_deny_has_no_origin() -> None:
    """Nothing affirms it: zero, and no crash."""
    reading = read(says("b#1", "captain", polarity="denied"))

    assert reading.independent == Interval(0, 0)


def test_entailments_in_a_circle_end() -> None:
    """Two claims judged to entail each other are counted once each."""
    other = "port opensOn 2026"
    circle = tuple(
        AlignmentFact(claim_row(left).iri, claim_row(right).iri, "entails", "positive")
        for left, right in ((CLAIM, other), (other, CLAIM))
    )
    row = make_row("b#1", speakers=["mayor"], claims=[other])
    reading = read(says("a#1", "mayor"), row, alignments=circle)

    assert len(reading.conveying) == 2
    assert reading.independent == Interval(1, 1)


@pytest.mark.parametrize("collection", ["ferry", "five"])
def test_every_interval_is_one(collection: str, request: pytest.FixtureRequest) -> None:
    """On real records low never passes high, and doubts stand wherever they differ."""
    material: Material = request.getfixturevalue(collection)
    for iri in material.claim_iris:
        reading = origins(material, iri)
        for count in (reading.outlets, reading.families, reading.speakers, reading.independent):
            assert 0 <= count.low <= count.high
        assert len(reading.groups) == reading.independent.high
        assert bool(reading.doubts) == (reading.independent.low < reading.independent.high)
        assert len(reading.doubts) >= reading.independent.high - reading.independent.low


def test_a_person_refuses_an_entailment_that_a_program_saw() -> None:
    """What a person refused does not count; two of one rank that disagree do not either."""
    iris = (claim_row("port opensOn 2025-01").iri, claim_row(CLAIM).iri)
    seen = AlignmentFact(*iris, "entails", "positive", "seen", "program", "software")
    row = make_row("b#1", speakers=["captain"], claims=["port opensOn 2025-01"])

    assert read(says("a#1", "mayor"), row, alignments=(seen,)).texts == 2
    for kind in ("person", "software"):
        refused = AlignmentFact(*iris, "entails", "negative", "no", "other", kind)
        assert read(says("a#1", "mayor"), row, alignments=(seen, refused)).texts == 1


def test_an_attribution_judged_to_entail_counts_for_the_weaker() -> None:
    """The stronger sentence counts for the weaker claim, not the other way round."""
    link = AlignmentFact(f"{BASE}b#1", f"{BASE}a#1", "entails", "positive")
    stronger = make_row("b#1", speakers=["captain"], claims=["port opensOn 2025-01"])
    rows = (says("a#1", "mayor"), stronger)

    assert read(*rows, alignments=(link,)).texts == 2
    material = make_material(*rows, alignments=(link,))
    assert origins(material, claim_row("port opensOn 2025-01").iri).texts == 1


SOURCE = SourceFact(f"{BASE}source/note", "the note of the board", "communique")


def echo(identifier: str, judgement: str = "positive") -> AlignmentFact:
    return AlignmentFact(
        f"{BASE}{identifier}", SOURCE.iri, "echoes", judgement, "its third sentence", "me"
    )


def test_two_texts_that_echo_one_communique_are_one_origin() -> None:
    """Neither credits it; the source is named with what the judgement rests on."""
    rows = own("a#1"), own("b#1"), says("c#1", "captain")
    known = {"sources": {SOURCE.iri: SOURCE}, "labels": {SOURCE.iri: SOURCE.label}}
    reading = read(*rows, alignments=(echo("a#1"), echo("b#1")), **known)
    (group,) = [group for group in reading.groups if len(group.identifiers) == 2]

    assert reading.independent == Interval(1, 2)
    assert (group.name, group.identifiers) == ("the note of the board", ("a#1", "b#1"))
    (reason,) = group.merges

    assert reason.kind == "same-echo"
    assert "go back to the note of the board" in reason.text
    assert "a#1: its third sentence; b#1: its third sentence" in reason.text


def test_who_echoes_a_source_and_who_credits_it_are_one_origin() -> None:
    """One says « according to the note », the other has its words and says nothing."""
    rows = own("a#1"), own("b#1", chain=["note"])
    reading = read(*rows, alignments=(echo("a#1"),), sources={SOURCE.iri: SOURCE})

    assert reading.independent == Interval(1, 1)


def test_an_echo_that_is_unsure_is_a_doubt_and_a_refused_one_is_nothing() -> None:
    """Two speakers who may read from one note: at least one origin, at most two."""
    rows = says("a#1", "mayor"), says("b#1", "captain")
    unsure = read(*rows, alignments=(echo("a#1"), echo("b#1", "unsure")))
    refused = read(*rows, alignments=(echo("a#1"), echo("b#1", "negative")))

    assert unsure.independent == Interval(1, 2)
    assert [reason.kind for reason in unsure.doubts] == ["unsure-judgement"]
    assert refused.independent == Interval(2, 2)


def test_speakers_who_echo_a_source_are_named_with_it() -> None:
    """The words are somebody's, and came by way of the note."""
    rows = says("a#1", "mayor"), own("b#1")
    known = {"sources": {SOURCE.iri: SOURCE}, "labels": {SOURCE.iri: SOURCE.label}}
    reading = read(*rows, alignments=(echo("a#1"), echo("b#1")), **known)

    assert [group.name for group in reading.groups] == ["mayor (the note of the board)"]


def test_the_communique_behind_two_articles_is_their_origin(five: Material) -> None:
    """000 and 003 have the road map and Mali's presidency in its words, and credit it nowhere."""
    reading = origins(five, find_claim(five, "mali presidesOver aes"))
    (group,) = reading.groups

    assert (reading.texts, reading.independent) == (2, Interval(1, 1))
    assert group.name == "AES communiqué of 1 April 2025"
    assert {reason.kind for reason in group.merges} == {"same-echo"}
