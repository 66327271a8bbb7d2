"""Profiles count quoted characters, forms, cues, subjects and days, and draw themselves."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from conftest import BASE, make_material, make_row

from kg.analyse.bars import bars, profile_svgs
from kg.analyse.material import Material, UtteranceFact
from kg.analyse.profile import Share, profile


def test_shares_count_characters_and_sum_to_one() -> None:
    """Ninety characters against ten, not one attribution against one."""
    rows = [
        make_row("a#1", "x" * 90, speakers=["anna"]),
        make_row("a#2", "y" * 10, form="authorial"),
    ]
    item = profile(make_material(*rows))

    assert [(share.name, share.share) for share in item.voices] == [
        ("anna", 0.9),
        ("own voice: The a", 0.1),
    ]


def test_lag_counts_only_known_days() -> None:
    """Said on the 1st, printed on the 3rd: two days; an unknown day is counted as unknown."""
    said = UtteranceFact(f"{BASE}utterance/u", "u", (), "2025-04-01", "2025-04-01", "2025-04-01")
    rows = [
        make_row("a#1", speakers=["x"], utterance="u"),
        make_row("a#2", speakers=["x"]),
        make_row("a#3", form="authorial"),
    ]
    lag = profile(make_material(*rows, utterances={said.iri: said})).lag

    assert (lag.known, lag.unknown, lag.least, lag.middle, lag.most) == (1, 1, 2, 2.0, 2)


def test_cues_are_counted_with_their_stance() -> None:
    """Case does not part a cue; stance does."""
    rows = [
        make_row("a#1", cue="said"),
        make_row("a#2", cue="Said"),
        make_row("a#3", cue="said", stance="distancing"),
    ]

    assert profile(make_material(*rows)).cues == (
        ("Said", "neutral", 2),
        ("Said", "distancing", 1),
    )


def test_an_outlet_and_a_speaker_see_their_own_rows_only(ferry: Material) -> None:
    """The speaker's list is of outlets, the outlet's of voices."""
    outlet = profile(ferry, "outlet", f"{ferry.base}outlet/le-fanal-brevanais")
    speaker = profile(ferry, "speaker", f"{ferry.base}agent/ysaline-corvandre")

    assert outlet.texts == 2
    assert "own voice: Le Fanal brévanais" in {share.name for share in outlet.voices}
    assert {share.name for share in speaker.voices} >= {"Le Fanal brévanais", "Tideway Lurve"}
    assert {"présidente de la Régie portuaire"} <= {role for role, _ in speaker.roles}


def test_an_empty_collection_has_an_empty_profile() -> None:
    """Nothing is divided by nothing."""
    item = profile(Material(BASE, ()))

    assert (item.attributions, item.voices, item.lag.known, item.unresolved.share) == (
        0,
        (),
        0,
        0.0,
    )


def test_pictures_are_xml_and_escape_names(ferry: Material) -> None:
    """A name with marks of XML stays a name."""
    pictures = profile_svgs(profile(ferry))
    evil = bars("<title>", [Share('<script>&"\x07', 1, 1, 1.0)])

    for picture in (*pictures.values(), evil):
        ET.fromstring(picture)  # noqa: S314 - our own output
    assert "<script>" not in evil
    assert set(pictures) == {"voices", "forms", "stances", "modalities"}
