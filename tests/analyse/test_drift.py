"""What is lost or gained between texts is found per claim and utterance, with its order in time."""

from __future__ import annotations

import time

import pytest
from conftest import BASE, claim_row, make_material, make_row

from kg.analyse.drift import Drift, drifts
from kg.analyse.material import AlignmentFact, ClaimFact, Material
from kg.analyse.tables import drift_sheets

CLAIM = "port opensOn 2025"


def kinds(found: list[Drift]) -> set[tuple[str, str, str]]:
    return {(item.kind, item.left.identifier, item.right.identifier) for item in found}


def test_the_planted_drifts_of_the_example(ferry: Material) -> None:
    """The opening day loses its speaker, the hedge of the crossing goes, the mayor comes after."""
    found = kinds(drifts(ferry))

    assert ("attribution-lost", "fanal-accord#a5", "cabotier-deux-rives#a6") in found
    assert ("attribution-lost", "fanal-accord#a5", "courier-fifty-minutes#a2") in found
    assert ("also-in-own-voice", "estran-pecheurs#a10", "fanal-accord#a4") in found
    assert ("hedge-dropped", "fanal-accord#a6", "cabotier-deux-rives#a5") in found
    assert ("relay-lost", "estran-pecheurs#a9", "nouvelle-ligne#a2") in found


def test_an_own_voice_before_the_named_speaker_lost_nobody() -> None:
    """After him it is a lost attribution; the order is said."""
    named = make_row("b#1", speakers=["mayor"], claims=[CLAIM], published="2025-04-05")
    later = make_row("c#1", form="authorial", claims=[CLAIM], published="2025-04-06")
    earlier = make_row("a#1", form="authorial", claims=[CLAIM], published="2025-04-01")
    found = drifts(make_material(named, later, earlier))

    assert [(item.kind, item.order) for item in found] == [
        ("attribution-lost", "later"),
        ("also-in-own-voice", "earlier"),
    ]


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("../2025-04-02", "2025-04-04", "later"),
        ("2025-04-04", "../2025-04-02", "earlier"),
        ("2025-04-02/..", "2025-04-01", "earlier"),
        ("../2025-04-04", "2025-04-04", "unknown"),
        ("2025-04-03~", "2025-04-04", "unknown"),
        ("2025-04-03~", "2025-04-05", "later"),
        ("2025-04-03", "2025-04-03", "same-day"),
        ("", "2025-04-03", "unknown"),
    ],
)
def test_open_and_rough_dates_settle_the_order_where_they_can(
    left: str, right: str, order: str
) -> None:
    """What appeared by the 2nd is earlier than what appeared on the 4th, and that is said."""
    rows = [make_row("a#1", published=left), make_row("b#1", published=right)]
    material = Material(BASE, tuple(rows))

    assert material.order(*rows) == order


def test_a_plan_that_had_its_day_is_no_dropped_hedge() -> None:
    """Announced on the 1st for the 3rd and told on the 4th: the time changed, not the certainty."""
    dated = ClaimFact(claim_row(CLAIM).iri, (("when", "2025-04-03"),))
    rows = [
        make_row("a#1", speakers=["x"], claims=[CLAIM], modality="planned", published="2025-04-01"),
        make_row("b#1", speakers=["x"], claims=[CLAIM], published="2025-04-04"),
        make_row("c#1", speakers=["x"], claims=[CLAIM], published="2025-04-02"),
    ]
    material = make_material(*rows, claims={dated.iri: dated})

    assert kinds(drifts(material)) == {("hedge-dropped", "a#1", "c#1")}
    assert drifts(make_material(*rows)) == []


def test_a_promise_is_not_taken_as_kept_because_time_passed() -> None:
    """A later text that tells it as so, where no day is named, drops the hedge."""
    rows = [
        make_row(
            "a#1", speakers=["x"], claims=[CLAIM], modality="planned", illocution="commitment"
        ),
        make_row("b#1", speakers=["x"], claims=[CLAIM], published="2025-04-09"),
    ]

    assert kinds(drifts(make_material(*rows))) == {("hedge-dropped", "a#1", "b#1")}


def test_two_own_voices_in_no_known_order_differ_and_nothing_is_dropped() -> None:
    """Neither can be shown to have the other's words."""
    soft = make_row("a#1", form="authorial", claims=[CLAIM], reporter_modality="conditional")
    firm = make_row("b#1", form="authorial", claims=[CLAIM], published="")
    later = make_row("c#1", form="authorial", claims=[CLAIM], published="2025-04-09")

    assert kinds(drifts(make_material(soft, firm, later))) == {("hedge-dropped", "a#1", "c#1")}


def test_the_claim_shown_is_one_that_both_make() -> None:
    """Where they share a claim and what it entails, the claim itself; else it says who has more."""
    wide = "port opens ever"
    link = AlignmentFact(
        claim_row(CLAIM).iri, claim_row(wide).iri, "entails", "positive", "read", "me", "person"
    )
    rows = [
        make_row("a#1", speakers=["x"], claims=[CLAIM], modality="probable"),
        make_row("b#1", speakers=["x"], claims=[CLAIM]),
        make_row("c#1", speakers=["x"], claims=[wide]),
    ]
    material = make_material(*rows, alignments=(link,))
    shared = {row[2]: row[5] for row in drift_sheets(material, drifts(material))[0].rows}

    assert shared == {"b#1": CLAIM, "c#1": f"{wide} (a#1 has what entails it: {CLAIM})"}


def test_two_speakers_of_different_certainty_drop_no_hedge() -> None:
    """The minister expects it and the engineer knows it: nobody's hedge went."""
    rows = [
        make_row("a#1", speakers=["minister"], claims=[CLAIM], modality="probable"),
        make_row("b#1", speakers=["engineer"], claims=[CLAIM]),
    ]

    assert drifts(make_material(*rows)) == []


def test_one_utterance_holds_many_statements() -> None:
    """A hedge of one is not dropped by another, but in like words; no id stands for a claim."""
    soft = make_row("a#1", "the port may open in the spring", speakers=["x"], modality="possible")
    other = make_row("b#1", "fishermen were heard at length", speakers=["x"])
    alike = make_row("c#1", "the port will open in the spring", speakers=["x"])
    same = [
        AlignmentFact(left.iri, right.iri, "same-utterance", "positive")
        for left, right in ((soft, other), (soft, alike))
    ]
    (item,) = drifts(make_material(soft, other, alike, alignments=tuple(same)))
    (row,) = drift_sheets(make_material(soft), [item])[0].rows

    assert (item.kind, item.right.identifier, item.shared) == ("hedge-dropped", "c#1", "")
    assert row[5] == "one utterance"


def test_hedges_of_speaker_and_reporter_both_count() -> None:
    """« Devrait » of the reporter and « may » of the speaker are each told when they go."""
    soft = make_row("a#1", speakers=["x"], claims=[CLAIM], reporter_modality="conditional")
    firm = make_row("b#1", speakers=["x"], claims=[CLAIM], published="2025-04-09")
    (item,) = drifts(make_material(soft, firm))

    assert (item.kind, item.note) == ("hedge-dropped", "conditional (reporter) in a; certain in b")


def test_a_relay_is_lost_only_where_the_words_are_alike() -> None:
    """Another reporter on the spot needs no agency."""
    words = "the bridge will stay closed until the end of the winter"
    relayed = make_row("a#1", words, speakers=["x"], claims=[CLAIM], chain=["agency"])
    copied = make_row("b#1", words, speakers=["x"], claims=[CLAIM], published="2025-04-04")
    present = make_row("c#1", "no crossing before spring", speakers=["x"], claims=[CLAIM])
    found = drifts(make_material(relayed, copied, present), kinds=["relay-lost"])

    assert [item.right.identifier for item in found] == ["b#1"]


def test_a_text_that_can_be_no_later_than_the_relaying_one_lost_no_relay() -> None:
    """Out by the day on which the other can have appeared at the earliest; undated, it may be."""
    words = "the bridge will stay closed until the end of the winter"
    relayed = make_row(
        "a#1", words, speakers=["x"], chain=["agency"], claims=[CLAIM], published="2025-04-03/.."
    )
    rough = make_row("b#1", words, speakers=["x"], claims=[CLAIM], published="../2025-04-03")
    undated = make_row("c#1", words, speakers=["x"], claims=[CLAIM], published="")
    found = drifts(make_material(relayed, rough, undated), kinds=["relay-lost"])

    assert [item.right.identifier for item in found] == ["c#1"]


def test_a_denial_is_no_drift_of_what_it_denies() -> None:
    """A firm denial does not drop the hedge of what it denies."""
    rows = [
        make_row("a#1", speakers=["x"], claims=[CLAIM], modality="planned"),
        make_row("b#1", speakers=["y"], claims=[CLAIM], polarity="denied"),
    ]

    assert drifts(make_material(*rows)) == []


def test_a_denial_told_by_its_speech_act_alone_drops_no_hedge() -> None:
    """Where only the speech act says that it is denied, it is denied none the less."""
    rows = [
        make_row("a#1", speakers=["x"], claims=[CLAIM], modality="probable"),
        make_row("b#1", speakers=["x"], claims=[CLAIM], illocution="denial"),
    ]

    assert drifts(make_material(*rows)) == []


def test_denials_drift_among_themselves() -> None:
    """A hedged denial told as a firm one is drift; the claim affirmed beside them takes no part."""
    rows = [
        make_row("a#1", speakers=["x"], claims=[CLAIM], polarity="denied", modality="probable"),
        make_row("b#1", speakers=["x"], claims=[CLAIM], polarity="denied", published="2025-04-07"),
        make_row("c#1", speakers=["y"], claims=[CLAIM], published="2025-04-08"),
    ]

    assert kinds(drifts(make_material(*rows))) == {("hedge-dropped", "a#1", "b#1")}


def test_who_denies_the_narrower_claim_denies_no_wider_one() -> None:
    """To deny that the port opens in May is not to deny that it opens."""
    narrow, wide = "port opensIn may", "port opens ever"
    rows = [
        make_row("a#1", speakers=["x"], claims=[narrow], polarity="denied", modality="probable"),
        make_row("b#1", speakers=["x"], claims=[wide], polarity="denied", published="2025-04-07"),
    ]
    link = AlignmentFact(
        claim_row(narrow).iri, claim_row(wide).iri, "entails", "positive", "read", "me", "person"
    )

    assert drifts(make_material(*rows, alignments=(link,))) == []


def test_one_text_does_not_drift_from_itself() -> None:
    """A speaker and the outlet's summary in one text are no drift."""
    rows = [
        make_row("a#1", speakers=["x"], claims=[CLAIM], modality="possible"),
        make_row("a#2", form="authorial", claims=[CLAIM]),
    ]

    assert drifts(make_material(*rows)) == []


def test_five_thousand_tellings_of_one_claim_are_linear() -> None:
    """Half of them in own voice: thousands of drifts, in seconds."""
    rows = [
        make_row(
            f"t{number:04}#1",
            form="authorial" if number % 2 else "direct",
            speakers=[] if number % 2 else ["mayor"],
            claims=[CLAIM],
            modality="certain" if number % 3 else "planned",
        )
        for number in range(5000)
    ]
    start = time.process_time()

    assert len(drifts(make_material(*rows))) > 4000
    assert time.process_time() - start < 20
