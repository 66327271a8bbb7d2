"""Dates are read whole, and what is no date is shown whole."""

from __future__ import annotations

import pytest

from kg.dates import is_moment, parse_when


@pytest.mark.parametrize("text", ["12/03/2024", "2024-05-14/soon", "soon"])
def test_what_is_no_date_is_shown_whole(text: str) -> None:
    """A slash in it does not hide what was written."""
    with pytest.raises(ValueError, match=f"^'{text}' is not a date; write 2025"):
        parse_when(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-04-03", True),
        ("2024-02-29", True),
        ("2025-04-03T10:00:00Z", True),
        ("2025-04-03T10:00+02:00", True),
        ("yesterday", False),
        ("", False),
        ("2025-04", False),
        ("2025-02-30", False),
        ("2025-13-01", False),
        ("2025-04-03T25:00:00Z", False),
    ],
)
def test_a_moment_is_a_day_or_a_time_that_exists(text: str, expected: bool) -> None:
    """As a decision's `on:` is written."""
    assert is_moment(text) is expected
