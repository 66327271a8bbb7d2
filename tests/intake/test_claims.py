"""Claims are proposed where words and both arguments are known; a known claim is offered."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.errors import ProjectError
from kg.graph.predicates import ObjectKind, load_predicates
from kg.intake.claims import KnownClaims, known_claims, load_patterns, propose_claims
from kg.intake.gazetteer import build_agent_index
from kg.model import (
    Agent,
    AgentKind,
    Attribution,
    Document,
    Form,
    Record,
    Retraction,
    Span,
    Topic,
    TopicKind,
    parse_claim,
)

AGENTS = [
    Agent("talvia", AgentKind.STATE, (("en", "Talvia"), ("fr", "Talvie"))),
    Agent("norrland", AgentKind.STATE, (("en", "Norrland"), ("fr", "Norrlande"))),
    Agent("ada-lund", AgentKind.PERSON, (("en", "Ada Lund"),)),
]
TOPICS = [
    Topic("corvenne", TopicKind.PLACE, (("fr", "Corvenne"), ("en", "Corvenne"))),
    Topic("summit", TopicKind.EVENT, (("en", "the summit"), ("fr", "le sommet"))),
]
REGISTRY = build_agent_index(AGENTS, others=TOPICS)
PATTERNS = load_patterns()


def lines(words: str, language: str = "en", speakers: tuple[str, ...] = ()) -> list[str]:
    """The claims proposed for some words."""
    found = propose_claims(
        words, language=language, index=REGISTRY, patterns=PATTERNS, speakers=speakers
    )
    return [item.claim.line for item in found]


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Talvia met with Norrland on Monday", "en", ["talvia metWith norrland"]),
        (
            "la Talvie a été la première à reconnaître la Norrlande",
            "fr",
            ["talvia firstToRecognise norrland"],
        ),
        ("Ada Lund will visit Corvenne in May", "en", ["ada-lund visits corvenne"]),
        ("la Talvie a quitté le sommet", "fr", ["talvia leaves summit"]),
        ("Talvia attended the summit", "en", ["talvia takesPartIn summit"]),
    ],
)
def test_a_pattern_between_two_known_things_is_a_claim(
    words: str, language: str, expected: list[str]
) -> None:
    """Subject before, object after, both of the collection."""
    assert lines(words, language) == expected


@pytest.mark.parametrize(
    "words",
    [
        "Talvia met with somebody",
        "He met with Norrland",
        "Talvia did not meet with Norrland",
        "Talvia spoke. Then they met with Norrland",
        "Talvia met with Talvia",
        "Talvia will visit Ada Lund",
        "Talvia supports peace and quiet in every land there is and one day perhaps also Norrland",
    ],
)
def test_what_is_not_sure_is_left_open(words: str) -> None:
    """Unknown arguments, other sentences, denials, the wrong kind of thing: no claim."""
    assert lines(words) == []


def test_we_is_the_one_who_speaks() -> None:
    """The speaker is the subject after a first person, where there is one speaker."""
    assert lines("We support Norrland", speakers=("talvia",)) == ["talvia supports norrland"]
    assert lines("We support Norrland", speakers=("ada-lund", "talvia")) == []
    assert lines("We support Norrland") == []


def test_a_claim_says_what_it_rests_on() -> None:
    """The words and both arguments."""
    found = propose_claims(
        "Talvia met with Norrland", language="en", index=REGISTRY, patterns=PATTERNS
    )

    assert found[0].basis == "“met with” between talvia and norrland"


def test_every_pattern_names_a_predicate_of_the_vocabulary(repository: Path) -> None:
    """No pattern proposes what the ontology does not define, and none takes a literal."""
    path = repository / "ontology" / "predicate_patterns.toml"
    named = {item["predicate"] for item in tomllib.loads(path.read_text("utf-8"))["pattern"]}
    predicates = load_predicates(repository / "ontology")
    kinds = {name: found.kind for name in named if (found := predicates.get(name))}

    assert kinds == dict.fromkeys(named, ObjectKind.ENTITY)


def test_a_collection_may_bring_its_own_patterns(tmp_path: Path) -> None:
    """A file beside the records adds words for the collection's own predicates."""
    (tmp_path / "predicate_patterns.toml").write_text(
        '[[pattern]]\npredicate = "tows"\nen = ["is towing"]\n', encoding="utf-8"
    )
    own = load_patterns(tmp_path)

    found = propose_claims("Talvia is towing Norrland", language="en", index=REGISTRY, patterns=own)

    assert [item.claim.line for item in found] == ["talvia tows norrland"]


def test_a_faulty_pattern_file_is_told(tmp_path: Path) -> None:
    """One line, with the file's name."""
    (tmp_path / "predicate_patterns.toml").write_text("[[pattern]\n", encoding="utf-8")

    with pytest.raises(ProjectError, match=r"predicate_patterns\.toml"):
        load_patterns(tmp_path)


def known(*, retracted: bool = False) -> KnownClaims:
    """One quote that conveys one claim."""
    quote = "Talvia was the first of all to stand by Norrland"
    attribution = Attribution(
        "a1",
        Form.DIRECT,
        (quote,),
        (Span(0, len(quote)),),
        ("ada-lund",),
        claims=(parse_claim("talvia firstToRecognise norrland"),),
        retracted=Retraction("withdrawn", "2024-05-14") if retracted else None,
    )
    return known_claims(
        [Record("fanal", Document("0" * 64, 99, "en", "T", "fanal"), (attribution,))]
    )


def test_a_claim_said_in_like_words_is_offered() -> None:
    """With the attribution it comes from, and how like the words are."""
    offers = known().offers("Talvia was the first to stand by Norrland")

    assert [offer.claim.line for offer in offers] == ["talvia firstToRecognise norrland"]
    assert "fanal#a1" in offers[0].basis


def test_other_words_are_offered_nothing() -> None:
    """Nor is anything of what was retracted."""
    assert known().offers("The ferry leaves the harbour at noon on Mondays") == []
    assert known(retracted=True).offers("Talvia was the first to stand by Norrland") == []
