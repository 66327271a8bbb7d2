"""A dossier holds every wording with place and hash, escapes its quotes, and gives no verdict."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from conftest import make_material, make_row

from kg.analyse.dossier import Dossier, make_dossier
from kg.analyse.dossier_html import render_html
from kg.analyse.dossier_markdown import render_markdown
from kg.analyse.finding import find_subject
from kg.analyse.material import Material
from kg.analyse.reuse import reuse, shared_wording

VERDICTS = re.compile(r"\b(true|false|fake|debunked|misleading|reliable|unreliable|lie|lies)\b")


def dossier(material: Material, named: str, texts: dict[str, str]) -> Dossier:
    kind, iri = find_subject(material, named)
    reading = reuse(material, texts)
    pairs = shared_wording(material, reading)
    return make_dossier(material, kind, iri, texts=texts, reuse=reading, shared=pairs)


class Reader(HTMLParser):
    """Collects tags, links and ids, and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and what it points to."""
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.outside.extend(str(value) for name, value in attrs if name in {"src", "href"})

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words a reader sees."""
        if "style" not in self.open:
            self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("named", ["corvandre-first-service", 'ferry-line opensOn "2024-09-01"'])
def test_the_page_is_whole_and_self_contained(
    ferry: Material, ferry_texts: dict[str, str], named: str
) -> None:
    """Tags close, nothing is loaded, and every quote stands there with its hash and place."""
    item = dossier(ferry, named, ferry_texts)
    reader = read(render_html(item))
    words = " ".join(" ".join(reader.words).split())

    assert reader.outside == []
    assert item.wordings
    for wording in item.wordings:
        assert wording.verified == "verified"
        assert " ".join(wording.row.quote.split()) in words
        assert wording.row.sha256 in words
        assert f"{wording.row.spans[0][0]}–{wording.row.spans[-1][1]}" in words


def test_both_forms_tell_the_same_counts(ferry: Material, ferry_texts: dict[str, str]) -> None:
    """The interval of origins and each doubt stand in the page and in the Markdown."""
    item = dossier(ferry, 'ferry-line opensOn "2024-09-01"', ferry_texts)
    (reading,) = item.origins

    assert str(reading.independent) == "1–4"
    for text in (" ".join(read(render_html(item)).words), render_markdown(item)):
        assert "1–4" in text
        assert text.count("names no source") == len(reading.doubts)
        assert "superseded" in text


def test_there_is_no_verdict(ferry: Material, ferry_texts: dict[str, str]) -> None:
    """None of the words of judgement stands in anything the page itself says."""
    item = dossier(ferry, 'ferry-line opensOn "2024-09-01"', ferry_texts)

    assert not VERDICTS.search(" ".join(read(render_html(item)).words).lower())
    assert not VERDICTS.search(render_markdown(item).lower())


def test_what_texts_hold_is_escaped() -> None:
    """A quote with markup stays a quote, in both forms."""
    evil = "<script>alert(1)</script> & [x](javascript:x) *bold* `code`"
    row = make_row("a#1", evil, speakers=["<b>"], claims=["s p o"], outlet="<i>", utterance="u")
    material = make_material(row)
    (claim,) = material.claim_iris
    item = make_dossier(material, "claim", claim)

    assert "<script>" not in render_html(item)
    assert "<script>" not in render_markdown(item)
    assert "[x](" not in render_markdown(item)
    read(render_html(item))


def test_without_texts_the_page_says_so(ferry: Material) -> None:
    """A quote nobody could check is not called checked."""
    kind, iri = find_subject(ferry, "corvandre-first-service")
    item = make_dossier(ferry, kind, iri)
    page = render_html(item)

    assert {wording.verified for wording in item.wordings} == {"not held"}
    assert "not checked: the text is not on this machine" in page
    assert "Not looked for: the texts are not on this machine." in page


def test_a_text_that_differs_is_called_so(ferry: Material, ferry_texts: dict[str, str]) -> None:
    """Where the bytes have other words in the place, the page says it loudly."""
    moved = {digest: "x" + text for digest, text in ferry_texts.items()}
    kind, iri = find_subject(ferry, "corvandre-first-service")
    page = render_html(make_dossier(ferry, kind, iri, texts=moved))

    assert "DIFFER" in page


def test_reviewed_and_machine_only_are_told_apart() -> None:
    """Who looked at it is part of the dossier."""
    rows = [
        make_row("a#1", speakers=["x"], claims=["s p o"], review_status="accepted"),
        make_row("b#1", speakers=["y"], claims=["s p o"]),
    ]
    material = make_material(*rows)
    item = make_dossier(material, "claim", material.claim_iris[0])

    assert (item.reviewed, item.machine_only) == (("a#1",), ("b#1",))
