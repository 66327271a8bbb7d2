"""Wills, praise and invitations are proposed where they are asked for, and nowhere else."""

from __future__ import annotations

import pytest

from kg.intake.extract import extract

CASES = [
    ("La Ligue entend relever les digues avant l'hiver.", "relever les digues avant l'hiver"),
    ("Oriane Maubec s'est engagée à rouvrir le bac.", "rouvrir le bac"),
    (
        "Le gouvernement s'est félicité, ce même jeudi, d'un retour rapide des bacs.",
        "un retour rapide des bacs",
    ),
    (
        "Les deux gouvernements ont réaffirmé leur volonté de bâtir un pont.",
        "leur volonté de bâtir un pont",
    ),
    (
        "La délégation est venue à l'invitation du maire Yann Sorel pour signer la charte.",
        "signer la charte",
    ),
    (
        "Les ministres entament une visite à Corvenne sur invitation de la Ligue des ports.",
        "une visite à Corvenne",
    ),
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_a_will_is_proposed_where_it_is_asked_for(text: str, words: str) -> None:
    """Its words are exact, its rule says what it is, and it has a holder."""
    found = extract(text, language="fr", volitions=True)

    assert [
        (span.of(text), proposal.rule.split(".")[0])
        for proposal in found
        for span in proposal.content
    ] == [(words, "volition")]
    assert found[0].speaker.mention is not None


@pytest.mark.parametrize(("text", "words"), CASES)
def test_a_will_is_left_out_by_default(text: str, words: str) -> None:
    """Without the option nothing of it is proposed."""
    del words

    assert not [p for p in extract(text, language="fr") if p.rule.startswith("volition")]


@pytest.mark.parametrize(
    "text",
    [
        "L'usine compte 412 salariés.",
        "Ce choix engage à la prudence.",
        "On entend la mer depuis le quai.",
    ],
)
def test_what_nobody_wills_is_left_alone(text: str) -> None:
    """A number, a thing that obliges, and hearing are no wills."""
    assert extract(text, language="fr", volitions=True) == []


def test_what_was_said_stays_as_it_is() -> None:
    """The option adds proposals; those made without it are made with it too."""
    text = "« Le quai tiendra », a dit Oriane Maubec. Elle souhaite rouvrir le bac en mai."
    plain = extract(text, language="fr")

    assert plain == [p for p in extract(text, language="fr", volitions=True) if p in plain]
    assert len(extract(text, language="fr", volitions=True)) == len(plain) + 1


def test_a_language_without_such_verbs_adds_nothing() -> None:
    """Where the data file lists none, the option changes nothing."""
    text = "Ada Finch hopes to reopen the ferry. “It will float,” she said."

    assert extract(text, language="en", volitions=True) == extract(text, language="en")
