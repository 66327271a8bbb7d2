"""Differences between wordings carry no noise and lose no word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analyse.wording import anchors, diff, likeness, tokens

VOCABULARY = ["le", "pont", "bac", "premier", "service", "public", "vrai", "et", "de", "42"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12)


def changes(left: str, right: str) -> list[tuple[str, str, str]]:
    return [tuple(change) for change in diff(left, right) if change.kind != "same"]


def test_added_dropped_and_replaced_words_are_told_apart() -> None:
    """Each kind of change is named, in the words of the texts."""
    left = "le second navire à charger et livrer le blé"
    right = "le second à charger et revendre le blé, enfin"

    assert changes(left, right) == [
        ("dropped", "navire", ""),
        ("replaced", "livrer", "revendre"),
        ("added", "", "enfin"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        "LE PONT A FERMÉ",
        "« le pont a fermé »",
        "le pont a fermé !",
        "le  pont\u00a0a fermé",
        "le pont a ferme",
    ],
)
def test_case_marks_accents_and_spaces_are_no_difference(other: str) -> None:
    """What is not a word is never shown as a change."""
    assert changes("le pont a fermé", other) == []


def test_moved_words_are_moved_not_lost() -> None:
    """A run that stands elsewhere on the other side is neither dropped nor added."""
    found = changes(
        "with my children I will take the boat", "I will take the boat with my children"
    )

    assert {kind for kind, _, _ in found} == {"moved"}


def test_a_lone_article_does_not_break_a_change_in_two() -> None:
    """An equal article between two changed words joins them."""
    found = changes("deux beaux jours de foire", "une triste nuit de tempête")

    assert [kind for kind, _, _ in found] == ["replaced"]


@given(WORDS, WORDS)
def test_both_sides_can_be_read_back_from_the_diff(ours: list[str], theirs: list[str]) -> None:
    """No word is lost: same + dropped is the left side, same + added the right one."""
    found = diff(" ".join(ours), " ".join(theirs))

    def folded(parts: list[str]) -> list[str]:
        return [token.folded for part in parts for token in tokens(part)]

    assert folded([change.left for change in found]) == ours
    assert folded([change.right for change in found if change.right]) == theirs


def test_likeness_is_one_for_a_part_and_low_for_other_words() -> None:
    """A short quote inside a long one is wholly like it; unrelated words are not."""
    assert likeness("premier service public", "c’est le premier service public du pays") == 1.0
    assert likeness("premier service public", "qui paiera nos filets") < 0.3


def test_numbers_and_names_survive_translation() -> None:
    """A thousands space is part of its number, and a sentence's first word is no name."""
    assert anchors("Le Mali a 1 000 soldats à Kidal") == {"mali", "1000", "kidal"}


def test_a_chance_word_between_two_long_changes_joins_them() -> None:
    """Two sentences that share « nous » alone are one replacement, not three changes."""
    found = changes(
        "garder les mêmes horaires que nous depuis toujours sans retard",
        "repeindre ce vieux bac dès les premiers beaux jours nous enchante et grandement",
    )

    assert [kind for kind, _, _ in found] == ["replaced"]
