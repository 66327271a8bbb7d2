"""The nouns: dates, claims and content ids."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg.dates
import kg.model
from kg.model import (
    Attribution,
    Claim,
    Document,
    Finding,
    Form,
    Level,
    Qualifier,
    Span,
    content_id,
    parse_claim,
    parse_when,
)

IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][A-Za-z0-9]{0,12}", fullmatch=True)
LITERALS = st.text(
    st.characters(blacklist_characters='"[]', blacklist_categories=("Cs", "Cc", "Zl", "Zp")),
    max_size=20,
).map(lambda text: f'"{text}"')


def test_docstring_examples_are_true() -> None:
    """Every example in the docstrings gives what it says."""
    assert doctest.testmod(kg.model).failed == 0
    assert doctest.testmod(kg.dates).failed == 0


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2025", "2025-01-01", "2025-12-31", "year"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2023-02", "2023-02-01", "2023-02-28", "month"),
        ("2025-04-03", "2025-04-03", "2025-04-03", "day"),
        ("2025-04~", "2025-03-01", "2025-05-31", "month"),
        ("2024-12~", "2024-11-01", "2025-01-31", "month"),
        ("2024-03-01~", "2024-02-29", "2024-03-02", "day"),
        ("2024-12-31~", "2024-12-30", "2025-01-01", "day"),
        ("2025~", "2024-01-01", "2026-12-31", "year"),
        ("2024-06~/2024-09~", "2024-05-01", "2024-10-31", "interval"),
        ("2025-04-03/2025-04-04", "2025-04-03", "2025-04-04", "interval"),
        ("../2025-04-03", "", "2025-04-03", "interval"),
        ("2025-04/..", "2025-04-01", "", "interval"),
    ],
)
def test_a_date_gives_its_bounds(text: str, earliest: str, latest: str, precision: str) -> None:
    """Each precision and interval of the subset has its earliest and latest day."""
    when = parse_when(text)

    assert (earliest, latest, precision) == (when.earliest, when.latest, when.precision)


@pytest.mark.parametrize(
    "text",
    ["", "3 avril", "2025-13", "2025-02-30", "2025-04-31", "../..", "2025-05/2025-04", "٢٠٢٥"],
)
def test_a_wrong_date_is_refused(text: str) -> None:
    """What is no date of the subset is refused with a reason."""
    with pytest.raises(ValueError, match=r"."):
        parse_when(text)


@given(IDS, NAMES, IDS | LITERALS)
def test_a_claim_reads_back_from_its_line(subject: str, predicate: str, value: str) -> None:
    """parse_claim and line are inverse."""
    claim = Claim(subject, predicate, value, (Qualifier("when", "2025-04"),))

    assert parse_claim(claim.line) == claim


def test_the_order_of_qualifiers_does_not_matter() -> None:
    """Two ways of writing the same circumstances are one claim."""
    left = parse_claim("a meets b [when=2025, where=c]")
    right = parse_claim("a meets b [where=c, when=2025]")

    assert left.id == right.id


@pytest.mark.parametrize(
    "line",
    [
        "a meets",
        "A meets b",
        "a meets b c",
        "a meets b [x=1]",
        "a meets b [when=soon]",
        "a meets b [where=]",
        "a meets b [where=c, where=d]",
        'a meets "unclosed',
    ],
)
def test_a_wrong_claim_is_refused(line: str) -> None:
    """Each way of writing a claim wrongly is told apart from a right one."""
    with pytest.raises(ValueError, match=r"claim|qualifier|date"):
        parse_claim(line)


@given(st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_content_ids_differ_where_content_does(left: list[str], right: list[str]) -> None:
    """Equal fields give equal ids, unequal fields unequal ones (no joining accident)."""
    if any("\x1f" in text for text in left + right):
        return
    assert (content_id("k", *left) == content_id("k", *right)) == (
        "\x1f".join(["k", *left]) == "\x1f".join(["k", *right])
    )


def test_an_attribution_is_named_by_text_place_speaker_and_chain() -> None:
    """A changed illocution keeps the key; a changed place, speaker, chain or text changes it."""
    document = Document("a" * 64, 10, "fr", "", "unidentified")
    other = Document("b" * 64, 10, "fr", "", "unidentified")
    item = Attribution("a1", Form.DIRECT, ("abc",), (Span(1, 4),), speakers=("diop",))
    moved = Attribution("a1", Form.DIRECT, ("abc",), (Span(2, 5),), speakers=("diop",))
    renamed = Attribution("zz", Form.INDIRECT, ("abc",), (Span(1, 4),), speakers=("diop",))
    relayed = Attribution("a1", Form.DIRECT, ("abc",), (Span(1, 4),), ("diop",), chain=("rfi",))

    assert item.key(document) == renamed.key(document)
    assert (
        len({item.key(document), moved.key(document), relayed.key(document), item.key(other)}) == 4
    )


def test_a_finding_reads_like_a_compiler_line() -> None:
    """Path, line, level, code and message stand in that order."""
    finding = Finding("sources/x/record.yaml", 12, Level.ERROR, "quote-not-found", "not there")

    assert str(finding) == "sources/x/record.yaml:12: error quote-not-found: not there"
