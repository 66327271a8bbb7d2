"""New records are written fast, and read back to the very data they were written from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.intake.fresh_yaml import render_fresh
from kg.records.files import parse_yaml, render_yaml

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(words, words)
def test_any_words_are_read_back(one: str, two: str) -> None:
    """Quotes, colons, dashes, line breaks, control characters, astral planes."""
    plain = {"document": {"title": one, "at": [[1, 2], [3, 4]]}, "list": [{"id": "x", "q": [two]}]}

    assert parse_yaml(render_fresh(plain).encode()).data == plain


def test_the_shape_is_that_of_the_records_own_writer() -> None:
    """What both write of usual words is the same text."""
    plain = {
        "document": {"characters": 12, "title": "Le bac : c’est signé", "outlet": "le-fanal"},
        "attributions": [
            {"id": "a1", "quote": "« Oui », dit-elle", "at": [1, 9], "confidence": 0.5}
        ],
    }

    assert render_fresh(plain) == render_yaml(plain)
