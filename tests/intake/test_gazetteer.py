"""Agents are found by name and by the role they held on the day; who is not sure stays unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.intake.gazetteer import AgentIndex, build_agent_index, folded, word_places
from kg.model import Agent, AgentKind, Role, Topic, TopicKind, parse_when


def role(post: str, organisation: str, held: str = "", *, aliases: tuple[str, ...] = ()) -> Role:
    """A role with its post in French."""
    return Role(
        (("fr", post),),
        organisation,
        parse_when(held) if held else None,
        tuple(("fr", alias) for alias in aliases),
    )


def agent(name: str, words: str, kind: AgentKind = AgentKind.PERSON, *roles: Role) -> Agent:
    """An agent with one name."""
    return Agent(name, kind, (("fr", words),), roles=roles)


MALI = Agent("mali", AgentKind.STATE, (("en", "Mali"), ("fr", "Mali")))
BOARD = agent("board", "Régie du port", AgentKind.ORGANISATION)
SY = agent(
    "awa-sy",
    "Awa Sy",
    AgentKind.PERSON,
    role("ministre des Affaires étrangères", "mali", "2020/2022"),
)
DIARRA = agent(
    "ali-diarra",
    "Ali Diarra",
    AgentKind.PERSON,
    role("ministre des Affaires étrangères et de la Coopération", "mali", "2023-02/.."),
)
HEAD = agent("ines-korr", "Inès Korr", AgentKind.PERSON, role("présidente", "board"))
TRANSPORT = Topic("ferry", TopicKind.PROJECT, (("fr", "ligne de bac"),))


def registry(day: str = "") -> AgentIndex:
    """The registry of these agents on a day."""
    return build_agent_index(
        [MALI, BOARD, SY, DIARRA, HEAD], day=parse_when(day) if day else None, others=[TRANSPORT]
    )


def who(words: str, day: str = "") -> str:
    """The id behind some words, or ""."""
    match = registry(day).find(words)
    return match.agent if match else ""


@pytest.mark.parametrize(
    ("words", "day", "expected"),
    [
        ("le chef de la diplomatie malienne", "2021-05-01", "awa-sy"),
        ("le chef de la diplomatie malienne", "2025-04", "ali-diarra"),
        ("le ministre malien des Affaires étrangères", "2025-04-03", "ali-diarra"),
        ("the Malian foreign minister", "2025-04-03", "ali-diarra"),
        ("Mali's foreign minister", "2021", "awa-sy"),
        ("le chef de la diplomatie malienne", "2022-06/2023-06", ""),
        ("le chef de la diplomatie malienne", "2015", ""),
        ("le chef de la diplomatie malienne", "", ""),
        ("le chef de la diplomatie allemande", "2025-04", ""),
        ("le ministre malien des Transports", "2025-04", ""),
        ("le ministre", "2025-04", ""),
        ("la présidente de la Régie du port", "2025-04", "ines-korr"),
    ],
)
def test_a_role_is_its_holder_on_the_day(words: str, day: str, expected: str) -> None:
    """Two holders of one post are told apart by the day; without one nobody is named."""
    assert who(words, day) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Awa Sy", "awa-sy"),
        ("AWA  SY", "awa-sy"),
        ("Ines Korr", "ines-korr"),
        ("Mme Korr", "ines-korr"),
        ("Diarra", "ali-diarra"),
        ("le Mali", "mali"),
        ("Bamako", "mali"),
        ("la Régie du port", "board"),
        ("Fatou Diarra", ""),
        ("Korrin", ""),
        ("Paris", ""),
        ("", ""),
    ],
)
def test_a_name_is_found_without_accents_and_titles(words: str, expected: str) -> None:
    """Names, surnames of one person, capitals of known states; another's first name is another."""
    assert who(words) == expected


def test_two_people_of_one_surname_are_nobody() -> None:
    """A surname that two share names neither."""
    other = agent("moussa-diarra", "Moussa Diarra")

    assert build_agent_index([DIARRA, other]).find("M. Diarra") is None
    assert build_agent_index([DIARRA, other]).find("Moussa Diarra") is not None


def test_every_match_says_why_and_how_surely() -> None:
    """A name is surer than a role, a role than a surname, a surname than a capital."""
    found = [
        registry("2025-04").find(words)
        for words in ("Ali Diarra", "le chef de la diplomatie malienne", "Diarra", "Bamako")
    ]

    assert all(match and match.basis for match in found)
    confidences = [match.confidence for match in found if match]
    assert confidences == sorted(confidences, reverse=True)
    assert "2023-02/.." in found[1].basis  # type: ignore[union-attr]


def test_a_description_that_is_a_role_of_another_day_names_nobody() -> None:
    """An alias does not outlive the role it describes."""
    held = role(
        "ministre des Affaires étrangères",
        "mali",
        "2020/2022",
        aliases=("chef de la diplomatie malienne",),
    )
    minister = Agent(
        "awa-sy",
        AgentKind.PERSON,
        (("fr", "Awa Sy"),),
        (("fr", "le chef de la diplomatie malienne"),),
        (held,),
    )

    assert build_agent_index([MALI, minister], day=parse_when("2021")).find(
        "le chef de la diplomatie malienne"
    )
    assert (
        build_agent_index([MALI, minister], day=parse_when("2025")).find(
            "le chef de la diplomatie malienne"
        )
        is None
    )


def test_the_extraction_is_given_a_name_in_its_language() -> None:
    """`find_name` answers what the extraction asks."""
    assert (
        registry("2021").find_name("le chef de la diplomatie malienne", language="fr") == "Awa Sy"
    )
    assert registry("2021").find_name("somebody", language="en") == ""


def test_entities_are_found_in_a_text_the_longest_first() -> None:
    """Agents and topics, where they stand."""
    text = "La Régie du port ouvre la ligne de bac au Mali."

    found = [(text[item.start : item.end], item.ids) for item in registry().mentions(text)]

    assert found == [
        ("Régie du port", ("board",)),
        ("ligne de bac", ("ferry",)),
        ("Mali", ("mali",)),
    ]


@given(st.text(max_size=120))
def test_any_words_are_answered(words: str) -> None:
    """No mention breaks the registry, and folding is one to one with its places."""
    registry("2024").find(words)
    list(registry().mentions(words))

    assert len(folded(words).split(" ")) == max(1, len(word_places(words)))
