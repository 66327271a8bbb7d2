"""The role a text states for a speaker is found beside the name, in the text's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.intake.proposal import TextSpan
from kg.intake.stated_role import role_as_stated


def role(text: str, mention: str, name: str) -> str:
    """The role stated for a mention of a text."""
    start = text.index(mention)
    return role_as_stated(text, TextSpan(start, start + len(mention)), name)


@pytest.mark.parametrize(
    ("text", "mention", "name", "expected"),
    [
        (
            "a dit Ada Lund, porte-parole de la délégation.",
            "Ada Lund",
            "Ada Lund",
            "porte-parole de la délégation",
        ),
        (
            "Ada Lund, ministre talvaise qui part, a dit",
            "Ada Lund",
            "Ada Lund",
            "ministre talvaise",
        ),
        ("Ada Lund (directrice du port) a dit", "Ada Lund", "Ada Lund", "directrice du port"),
        (
            "le ministre talvais Tor Vik a dit",
            "le ministre talvais Tor Vik",
            "Tor Vik",
            "ministre talvais",
        ),
        ("la préfète de Corvenne a dit", "la préfète de Corvenne", "", "préfète de Corvenne"),
        ("The harbour director said", "The harbour director", "", ""),
        (
            "said Tor Vik, the minister for transport, on Monday",
            "Tor Vik",
            "Tor Vik",
            "minister for transport",
        ),
        ("said Tor Vik, who left", "Tor Vik", "Tor Vik", ""),
        ("a dit Tor Vik, mardi à Corvenne", "Tor Vik", "Tor Vik", ""),
        ("le ministre a dit", "le ministre", "", ""),
        ("il a dit", "il", "Tor Vik", ""),
    ],
)
def test_a_role_is_read_as_it_stands(text: str, mention: str, name: str, expected: str) -> None:
    """Before, after or instead of the name; a bare title and a day are no role."""
    assert role(text, mention, name) == expected


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80), st.text(max_size=8))
def test_any_mention_is_answered(text: str, start: int, end: int, name: str) -> None:
    """And what is answered stands in the text, but for its blanks."""
    first, last = sorted((min(start, len(text)), min(end, len(text))))

    found = role_as_stated(text, TextSpan(first, last), name)

    assert found in " ".join(text.split())
