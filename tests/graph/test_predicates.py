"""The predicate vocabulary is read strictly, and claims are held to it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sample

from kg.errors import RecordError
from kg.graph.predicates import ObjectKind, load_predicates, predicate_findings, qualifier_labels
from kg.graph.vocab import KGP
from kg.model import Collection, parse_claim
from kg.project import data_folder

HEAD = """
@prefix kg: <https://w3id.org/claim-provenance/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix my: <https://example.org/terms#> .
"""


def sources(tmp_path: Path, turtle: str) -> Path:
    (tmp_path / "predicates.ttl").write_text(HEAD + turtle, "utf-8")
    return tmp_path


def test_a_collection_adds_its_own_predicates(tmp_path: Path) -> None:
    """What a collection defines stands beside the shipped vocabulary, with all it says."""
    folder = sources(
        tmp_path,
        """
        my:carried a owl:DatatypeProperty , owl:FunctionalProperty , kg:ClaimPredicate ;
            rdfs:label "carried"@en , "a transporté"@fr ; rdfs:range xsd:decimal ;
            kg:ordered true ; owl:propertyDisjointWith my:left .
        my:left a owl:ObjectProperty , kg:ClaimPredicate ; rdfs:label "left" ;
            owl:inverseOf my:wasLeftBy .
        my:notForClaims a owl:ObjectProperty .
        """,
    )
    found = load_predicates(data_folder("ontology"), folder)
    carried, left = found.by_name["carried"], found.by_name["left"]

    assert (carried.kind, carried.functional, carried.ordered) == (ObjectKind.NUMBER, True, True)
    assert carried.disjoint == ("left",)
    assert carried.label("fr") == "a transporté"
    assert (left.kind, left.inverse, left.label("fr")) == (ObjectKind.ENTITY, "wasLeftBy", "left")
    assert found.get("notForClaims") is None
    assert found.iri("carried") == "https://example.org/terms#carried"
    assert found.iri("metWith") == KGP + "metWith"
    assert found.digest != load_predicates(data_folder("ontology")).digest


def test_an_unknown_predicate_offers_the_nearest() -> None:
    """The message names what is written nearly so, and the command that lists all."""
    made = sample.attribution("a1", claims=(parse_claim("ada firstRecognised isle"),))
    collection = Collection(records=(sample.record("one", made),))
    (finding,) = predicate_findings(collection, load_predicates(data_folder("ontology")), {})

    assert "(nearest: firstToRecognise" in finding.message
    assert "kg vocabulary" in finding.message


def test_a_broken_vocabulary_is_placed(tmp_path: Path) -> None:
    """Bad Turtle is told with file and line."""
    folder = sources(tmp_path, "my:x a kg:ClaimPredicate ;;; oops")
    with pytest.raises(RecordError, match=r"predicates\.ttl:7: not Turtle"):
        load_predicates(data_folder("ontology"), folder)


def test_one_name_means_one_thing(tmp_path: Path) -> None:
    """A collection cannot give a shipped name to another predicate."""
    folder = sources(tmp_path, "my:metWith a kg:ClaimPredicate .")
    with pytest.raises(RecordError, match="`metWith` is taken"):
        load_predicates(data_folder("ontology"), folder)


def test_a_predicate_name_must_fit_a_claim(tmp_path: Path) -> None:
    """A name that no claim line could hold is refused."""
    folder = sources(tmp_path, "<https://example.org/terms#Big-Name> a kg:ClaimPredicate .")
    with pytest.raises(RecordError, match="lower case"):
        load_predicates(data_folder("ontology"), folder)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ada neverHeardOf isle", "unknown-predicate"),
        ('ada metWith "words"', "wrong-object"),
        ("ferry takesPlaceOn isle", "wrong-object"),
        ('ferry takesPlaceOn "one day"', "wrong-object"),
    ],
)
def test_a_wrong_claim_is_found(line: str, code: str) -> None:
    """Unknown predicates and objects of the wrong kind are findings at the attribution's line."""
    made = sample.attribution("a1", claims=(parse_claim(line),))
    collection = Collection(records=(sample.record("one", made),))
    findings = predicate_findings(
        collection, load_predicates(data_folder("ontology")), {"one#a1": ("sources/one", 12)}
    )

    assert [(item.code, item.line, item.subject) for item in findings] == [(code, 12, "one#a1")]


def test_right_claims_have_no_finding() -> None:
    """The sample uses the vocabulary as it should."""
    found = predicate_findings(sample.sample(), load_predicates(data_folder("ontology")), {})

    assert found == []


def test_qualifiers_have_labels() -> None:
    """Each qualifier has a label in English and French."""
    labels = qualifier_labels(data_folder("ontology"))

    assert labels["when"] == {"en": "when", "fr": "quand"}
