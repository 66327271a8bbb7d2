"""A dossier holds every wording with place and hash, escapes its quotes, and gives no verdict."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import pytest
from conftest import make_material, make_row

from kg.analyse.dossier import Dossier, make_dossier
from kg.analyse.dossier_html import render_html
from kg.analyse.dossier_markdown import render_markdown
from kg.analyse.finding import find_subject
from kg.analyse.material import AlignmentFact, Material
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


SUBJECTS = [
    'ferry-line opensOn "2024-09-01"',
    "corvandre-first-service",
    "corvandre-postponement",
    "Port-Brévane–Hallemsund ferry line takes less than (minutes) 60",
    "estran-pecheurs#a9",
]


def told(text: str) -> list[str]:
    """The words of a text in order, without marks."""
    return re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize("with_texts", [True, False])
@pytest.mark.parametrize("named", SUBJECTS)
def test_markdown_leaves_nothing_out(
    ferry: Material, ferry_texts: dict[str, str], named: str, *, with_texts: bool
) -> None:
    """Every section and every word of the page stands in the Markdown, as often and in order."""
    kind, iri = find_subject(ferry, named)
    item = dossier(ferry, named, ferry_texts) if with_texts else make_dossier(ferry, kind, iri)
    page, markdown = render_html(item), render_markdown(item)
    headings = re.findall("<h[123]>(.*?)</h[123]>", page)
    body = page.partition("<main>")[2].partition("</main>")[0]

    assert len(headings) > 6
    assert [told(unescape(line)) for line in headings] == [
        told(line) for line in re.findall(r"(?m)^#{1,3} (.*)$", markdown)
    ]
    missing = Counter(told(" ".join(read(body).words))) - Counter(told(markdown))
    assert not missing


def test_a_denial_and_a_relay_read_as_such_in_both_forms() -> None:
    """Who denies a thing is never shown as if he said it, and who passed it on is named."""
    row = make_row("a#1", speakers=["x"], claims=["s p o"], polarity="denied", chain=["Kelpress"])
    material = make_material(row)
    item = make_dossier(material, "claim", material.claim_iris[0])

    for text in (" ".join(read(render_html(item)).words), render_markdown(item)):
        assert "denies « s p o »" in text
        assert "through Kelpress" in text
        assert "How it reached the texts" in text
        assert "Wording the texts share" in text


def test_each_comparison_stands_once() -> None:
    """Two attributions that a judgement alone makes one utterance are compared once, not twice."""
    rows = [
        make_row("a#1", "we came in first", speakers=["x"], claims=["s p o"]),
        make_row("b#1", "we came first of all", speakers=["x"], claims=["s p o"]),
    ]
    link = AlignmentFact(
        rows[0].iri, rows[1].iri, "same-utterance", "positive", "read", "me", "person"
    )
    material = make_material(*rows, alignments=(link,))
    item = make_dossier(material, "claim", material.claim_iris[0])

    assert len(item.utterances) == 1
    for text in (render_html(item), render_markdown(item)):
        assert text.count("a#1 → b#1 · same") + text.count("a\\#1 → b\\#1 · same") == 1


def test_a_drift_names_its_two_attributions(ferry: Material) -> None:
    """A line on what was lost can be followed to both places."""
    kind, iri = find_subject(ferry, 'ferry-line opensOn "2024-09-01"')
    item = make_dossier(ferry, kind, iri)

    assert item.drifts
    for text in (" ".join(read(render_html(item)).words), render_markdown(item)):
        for drift in item.drifts:
            assert f"{drift.left.identifier} → {drift.right.identifier}" in text.replace("\\", "")


def test_only_hashes_and_addresses_break_inside(ferry: Material) -> None:
    """In a narrow column words stay whole; a hash may break."""
    kind, iri = find_subject(ferry, "corvandre-first-service")
    page = render_html(make_dossier(ferry, kind, iri))

    assert re.findall(r"([^\n{}]*)\{[^{}]*overflow-wrap: anywhere", page) == ["td code "]
    assert re.search("<td><code>[0-9a-f]{64}</code></td>", page)


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
