"""Reasons are told in the language of the labels that stand in them."""

from __future__ import annotations

from string import Formatter

import pytest
from conftest import BASE, claim_row, make_material, make_row

from kg.analyse.derived import derived_quads
from kg.analyse.origins import origins
from kg.analyse.projection import load_material
from kg.analyse.reasons import reason_in, sentences
from kg.graph.store import MemoryStore

CLAIM = "port opensOn 2025"


def test_every_reason_has_a_sentence_in_each_language_of_the_same_things() -> None:
    """The languages tell of the same reasons, and each sentence of the same things."""
    told = {
        language: {
            reason: {field for _, field, _, _ in Formatter().parse(sentence) if field}
            for reason, sentence in found.items()
        }
        for language, found in sentences().items()
    }

    assert told["fr"] == told["en"]
    assert len(told["en"]) > 15


def test_a_reading_in_french_gives_its_reasons_in_french() -> None:
    """Labels and sentences are of one language, in the reading and in the derived graph."""
    rows = [
        make_row("a#1", speakers=["mayor"], claims=[CLAIM]),
        make_row("b#1", speakers=["mayor"], claims=[CLAIM]),
        make_row("c#1", form="authorial", claims=[CLAIM], published="2025-04-09"),
    ]
    labels = {f"{BASE}agent/mayor": "la maire"}
    material = make_material(*rows, language="fr", labels=labels)
    reading = origins(material, claim_row(CLAIM).iri)
    merges = {reason.text for group in reading.groups for reason in group.merges}
    alone = "aucune autre attribution connue n’a la même origine"

    assert "un seul locuteur, la maire : le dire deux fois ne fait qu’une origine" in merges
    assert [reason.text for reason in reading.doubts] == [
        "c#1 ne nomme pas de source ; peut reprendre a#1, ou ce que celui-ci reprend"
    ]
    assert any(alone in line for line in derived_quads(material))


def test_a_language_without_sentences_is_told_in_english() -> None:
    """Better another language than none."""
    assert reason_in("pt", "same-source", label="x") == reason_in("en", "same-source", label="x")


@pytest.mark.parametrize(
    ("language", "label"), [("fr", "communiqué de la régie"), ("en", "the board's note")]
)
def test_labels_are_of_the_language_asked_for(language: str, label: str) -> None:
    """A thing with a name in each language goes by that of the reading, French too."""
    source = f"{BASE}source/note"
    store = MemoryStore(base=BASE)
    store.add(
        "PREFIX kg: <https://w3id.org/claim-provenance/ns#>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        f'<{source}> a kg:CitedSource ; rdfs:label "communiqué de la régie"@fr , '
        '"the board\'s note"@en , "nota"@pt .',
        "turtle",
    )

    assert load_material(store, base=BASE, language=language).label(source) == label
