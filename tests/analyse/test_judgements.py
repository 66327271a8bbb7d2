"""Judgements join, keep apart and disagree, and no later join overrules a negative."""

from __future__ import annotations

import pytest

from kg.analyse.judgements import Groups, judge_pairs
from kg.analyse.material import AlignmentFact


def link(judgement: str, relation: str = "same-utterance", kind: str = "software") -> AlignmentFact:
    return AlignmentFact("a", "b", relation, judgement, f"{judgement} by {kind}", "x", kind)


@pytest.mark.parametrize(
    ("links", "verdict"),
    [
        ([link("positive")], "positive"),
        ([link("unsure"), link("positive")], "positive"),
        ([link("positive"), link("negative")], "disputed"),
        ([link("positive"), link("negative", kind="person")], "negative"),
        ([link("negative"), link("positive", kind="person")], "positive"),
        ([link("positive", "unrelated")], "negative"),
        ([link("negative", "unrelated")], "negative"),
        ([link("unsure", "unrelated")], "unsure"),
    ],
)
def test_a_person_overrides_and_equals_disagree(links: list[AlignmentFact], verdict: str) -> None:
    """A person's word holds over a program's; two of one rank leave the pair disputed."""
    assert judge_pairs(links)["a", "b"].verdict == verdict


def test_relations_not_asked_for_do_not_count() -> None:
    """A contradiction says nothing of sameness."""
    assert judge_pairs([link("positive", "contradicts")]) == {}


def test_a_pair_kept_apart_stays_apart_through_third_parties() -> None:
    """Joining both to a third is refused the second time, whichever way round."""
    groups = Groups()
    groups.keep_apart("a", "c")

    assert groups.join("a", "b")
    assert not groups.join("b", "c")
    assert groups.join("c", "d")
    assert not groups.join("d", "a")
    assert groups.sets() == [("a", "b"), ("c", "d")]


def test_what_is_joined_cannot_be_kept_apart_later() -> None:
    """The caller is told; nothing is torn up in silence."""
    groups = Groups()
    groups.join("a", "b")

    assert not groups.keep_apart("a", "b")
