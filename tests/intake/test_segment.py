"""Paragraphs, quotes, tokens and sentences stand where the text has them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.intake.language import load
from kg.intake.quotes import pair_quotes
from kg.intake.segment import build_stream, paragraphs


def quoted(text: str, language: str = "fr", *, was_open: bool = False) -> list[str]:
    """Return what stands between the marks."""
    found = pair_quotes(text, 0, len(text), language=load(language), was_open=was_open)
    return [text[quote.inner_start : quote.inner_end] for quote in found]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Il dit « oui » et « non ».", "fr", ["oui", "non"]),
        ("«\u00a0oui\u00a0», dit-il", "fr", ["oui"]),
        ("« un “ deux ” trois »", "fr", ["un “ deux ” trois"]),
        ('"un" et "deux"', "fr", ["un", "deux"]),
        ("''one'' and ''two''", "en", ["one", "two"]),
        ("“one ‘two’ three”", "en", ["one ‘two’ three"]),
        ("Don’t say ‘maybe’ to workers’ faces", "en", ["maybe"]),
        ("“wrong way“ said", "en", ["wrong way"]),
        ('“mixed"', "en", ["mixed"]),
        ("« sans fin", "fr", ["sans fin"]),
        ("fin sans début »", "fr", []),
        (" » à l’envers « , dit-il", "fr", ["à l’envers"]),
        ('<a href="x">y</a> "z"', "en", ["z"]),
    ],
)
def test_marks_are_paired(text: str, language: str, expected: list[str]) -> None:
    """Each kind of mark gives the stretch between."""
    assert expected == quoted(text, language)


def test_an_open_quote_goes_on_in_the_next_paragraph() -> None:
    """A paragraph that closes what the one before left open is quoted from its start."""
    assert quoted("la suite » a dit Awa.", was_open=True) == ["la suite"]


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences as text."""
    stream = build_stream(text, load(language))
    return [stream.words(sentence.first, sentence.last) for sentence in stream.sentences]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("M. Sy part. Il revient.", "fr", ["M. Sy part.", "Il revient."]),
        ("Rep. Al Fox (D-N.Y.) won. He left.", "en", ["Rep. Al Fox (D-N.Y.) won.", "He left."]),
        ("Il dit : « Oui. Non. » Puis il part.", "fr", ["Il dit : « Oui. Non. »", "Puis il part."]),
        ("“Why?” Ann Lee asked. Nobody knew.", "en", ["“Why?” Ann Lee asked.", "Nobody knew."]),
        ("3,5 % en mai. Fin.", "fr", ["3,5 % en mai.", "Fin."]),
        ("LYON (AFP) - Le maire parle.", "fr", ["LYON (AFP) -", "Le maire parle."]),
    ],
)
def test_sentences_are_cut(text: str, language: str, expected: list[str]) -> None:
    """Abbreviations, initials, quotes and datelines are respected."""
    assert expected == sentences(text, language)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_sentences_cover_every_token_once(text: str) -> None:
    """The sentences follow each other without gap or overlap."""
    stream = build_stream(text, load("fr"))
    items = [item for sentence in stream.sentences for item in range(sentence.first, sentence.last)]

    assert list(range(len(stream.low))) == items
    assert all(a <= b for a, b in zip(stream.end, stream.start[1:], strict=False))


def test_blank_lines_are_no_paragraphs() -> None:
    """Only lines with words count."""
    assert list(paragraphs("a\n \nb")) == [(0, 1), (4, 5)]
