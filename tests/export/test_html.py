"""The page: sealed, self-contained, complete without script, the same bytes for the same rows."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kg.export
from kg.errors import UsageError
from kg.export.html import LISTED, render_page
from kg.export.parts import FOLD, other_parts, shared_part
from kg.export.safe_text import attribute_id, escape, visible
from kg.export.scene import arrange
from kg.export.words import _table, both
from tests.export import sample_rows


class Page(HTMLParser):
    """A page as the tests read it: its elements, and the text under each id."""

    def __init__(self, source: str) -> None:
        """Read a whole page."""
        super().__init__()
        self.source = source
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text_of: dict[str, list[str]] = {}
        self.open: list[tuple[str, str]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element and remember whose text follows."""
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in ("meta", "link", "input", "br", "img"):
            self.open.append((tag, given.get("id", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that closes itself."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be of this name."""
        assert self.open, tag
        assert self.open.pop()[0] == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        """Add text to every open element that has an id."""
        for _, name in self.open:
            if name:
                self.text_of.setdefault(name, []).append(data)

    def text(self, name: str) -> str:
        """All text under an id."""
        return " ".join(" ".join(self.text_of.get(name, [])).split())

    def links(self, style: str) -> list[str]:
        """Where the links of a class lead."""
        return [
            given.get("href", "")
            for tag, given in self.elements
            if tag == "a" and style in given.get("class", "").split()
        ]

    def having(self, name: str, value: str) -> list[dict[str, str]]:
        """The elements whose attribute holds a word."""
        return [given for _, given in self.elements if value in given.get(name, "").split()]


@pytest.fixture(scope="module")
def small() -> Page:
    """The page of the small collection."""
    return Page(render_page(sample_rows.small(), title="Le bac de Lurve"))


def test_every_element_is_closed_and_every_id_is_single(small: Page) -> None:
    """The page is well-formed, and no two elements share an id."""
    ids = [given["id"] for _, given in small.elements if "id" in given]

    assert small.open == []
    assert len(ids) == len(set(ids))


def test_every_mark_leads_to_a_quote_of_the_page(small: Page) -> None:
    """No mark is a dead end, and every live attribution has a mark in ledger and table."""
    ids = {given["id"] for _, given in small.elements if "id" in given}
    marks = small.links("mark")
    live = {attribute_id("q", row.key) for row in sample_rows.small() if not row.is_withdrawn}

    assert {mark[1:] for mark in marks} == live
    assert live <= ids


def test_a_quote_says_everything_recorded(small: Page) -> None:
    """Words, voice, role, cue, offsets, hash, title, claims and how to verify are in the panel."""
    row = sample_rows.small()[0]
    panel = small.text(attribute_id("q", row.key))

    for wanted in (
        row.quote,
        "Ysaline Corvandre",
        row.role,
        row.cue,
        f"{row.spans[0][0]}–{row.spans[0][1]}",
        row.sha256,
        row.title,
        row.identifier,
        sample_rows.FIRST.label_fr,
        sample_rows.FIRST.label_en,
        "kg check",
    ):
        assert wanted in panel


def test_a_relayed_quote_names_its_chain(small: Page) -> None:
    """The relay stands in the panel, in the ledger and in the table."""
    (row,) = [row for row in sample_rows.small() if row.chain and row.form == "direct"]

    assert "via Radio Brévalis" in small.text(attribute_id("q", row.key))
    assert "via Radio Brévalis" in small.text("ledger")
    assert "via Radio Brévalis" in small.text("table")


def test_shared_claims_come_first_and_lost_ones_are_flagged() -> None:
    """Rows of the table run from most outlets to fewest; lost attributions lead and say so."""
    small = sample_rows.small()
    spoken = {claim.iri for row in small if row.form != "authorial" for claim in row.claims}
    lost = [
        (claim.iri, row.iri)
        for row in small
        if row.form == "authorial"
        for claim in row.claims
        if claim.iri in spoken
    ][:2]
    page = render_page(small, title="t", lost=lost).partition('<table class="claims')[2]
    rows = re.findall(r'<tr role="row"( class="is-lost")?><th scope="row".*?</tr>', page)
    whole = re.findall(r'<tr role="row"(?: class="is-lost")?><th scope="row".*?</tr>', page)
    carried = [row.count('class="where"') for row in whole if 'class="mark"' in row]

    assert carried == sorted(carried, reverse=True)
    assert len(lost) == 2
    assert sum(bool(row) for row in rows) == 2
    assert rows[0]
    assert whole[0].count("attribution perdue") == 1
    assert whole[0].count("attribution lost") == 1


def test_absent_is_said_and_not_only_left_blank(small: Page) -> None:
    """A cell without a mark says that the claim is absent from that outlet."""
    assert small.source.count('class="absent"') == small.source.count(">absent</span>")
    assert small.having("class", "absent")


def test_withdrawn_attributions_are_folded_away() -> None:
    """They stand in a closed list at the end, with why, and nowhere else."""
    page = Page(render_page(sample_rows.small(), title="t"))
    gone = [row for row in sample_rows.small() if row.is_withdrawn]

    for row in gone:
        assert row.quote in page.text("withdrawn")
        assert attribute_id("#q", row.key) not in page.links("mark")
    assert "wrong speaker" in page.text("withdrawn")
    assert "open" not in dict.fromkeys(
        name for tag, given in page.elements if tag == "details" for name in given
    )


def test_a_denial_is_told_in_the_table_the_legend_and_the_quote() -> None:
    """The table names who denies, the legend counts denials, and the quote has its tag."""
    source = render_page(sample_rows.denied(), title="Ferry", language="en")
    denied = re.search(r'<tr role="row"[^>]*>(?:(?!</tr>).)*will lose(?:(?!</tr>).)*</tr>', source)
    legend = re.search(r'<div class="legend">.*?</div>', source)
    tag = '<span class="denied"><span class="fr" lang="fr">nie</span>'

    assert denied
    assert legend
    assert f"<bdi>Mévenn Tardouël</bdi> {tag}" in denied[0].partition("<td")[0]
    assert f"<bdi>Jorund Aksvelle</bdi> {tag}" not in denied[0]
    assert f'<span class="word"><bdi>Mévenn Tardouël</bdi> {tag}' in denied[0]
    assert denied[0].count('class="deny-bar"') == 1
    assert f"<b>3</b> {both('ui', 'legend_denied')}" in legend[0]
    assert source.count(f'<span class="denied">{both("polarity", "denied")}</span></li>') == 3
    assert 'class="deny-bar"' not in render_page(sample_rows.small(), title="Ferry")


def test_the_page_asks_nothing_of_the_network(small: Page) -> None:
    """Every address in it is a place on the page or data of its own; styles fetch nothing."""
    for tag, given in small.elements:
        for name in ("href", "src", "action", "poster", "srcset", "data", "xlink:href"):
            if name in given:
                assert given[name].startswith("#") or given[name] == "data:,", (tag, given)
    assert "url(" not in small.source
    assert "@import" not in small.source


def test_the_policy_allows_its_own_style_and_script_alone(small: Page) -> None:
    """The content policy names both by hash; there is one of each, and no inline handler."""
    policy = next(
        given["content"]
        for tag, given in small.elements
        if given.get("http-equiv") == "Content-Security-Policy"
    )
    for tag in ("style", "script"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", small.source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()

        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not [given for _, given in small.elements if "style" in given]
    assert not [name for _, given in small.elements for name in given if name.startswith("on")]


def test_hostile_text_is_inert() -> None:
    """Markup, overrides, controls, addresses that run code: all of it is characters to read."""
    page = Page(render_page(sample_rows.hostile(), title=sample_rows.HOSTILE))

    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [tag for tag, _ in page.elements if tag in ("img", "iframe", "object", "embed")]
    assert not [name for _, given in page.elements for name in given if name.startswith("on")]
    assert "javascript:" not in "".join(
        value for _, given in page.elements for value in given.values()
    )
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page.source)
    assert "[U+202E]gnp.exe" in page.source
    assert page.source.encode("utf-8")


def test_unsafe_characters_are_spelled_and_never_dropped() -> None:
    """Text and its visible form differ in the unsafe characters alone."""
    assert visible("a\u202eb\x00c\ud800") == "a[U+202E]b[U+0000]c[U+D800]"
    assert visible("عربي\u200f — été\n") == "عربي\u200f — été\n"
    assert escape("<a href=\"x\" title='y'>&") == (
        "&lt;a href=&quot;x&quot; title=&#x27;y&#x27;&gt;&amp;"
    )
    assert attribute_id("q", "a b") != attribute_id("q", "a_b")


def test_labels_come_in_both_languages(small: Page) -> None:
    """Claims and words stand in French and in English, each tagged; the asked one is first."""
    assert sample_rows.LINE.label_en in small.source
    assert sample_rows.LINE.label_fr in small.source
    assert '<html lang="fr">' in small.source
    assert 'id="language-fr" value="fr" checked' in small.source

    english = render_page(sample_rows.small(), title="t", language="en")

    assert '<html lang="en">' in english
    assert 'id="language-en" value="en" checked' in english


def test_every_word_of_the_page_has_two_languages_and_a_use() -> None:
    """No word lacks a language, and none is kept that nothing shows."""
    folder = Path(kg.export.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    for heading, keys in _table().items():
        assert all(len(pair) == 2 and all(pair) for pair in keys.values()), heading
    unused = [key for key in _table()["ui"] if not re.search(f"[\"']{key}[\"']", code)]

    assert unused == []


def test_unidentified_outlets_have_a_column_each(small: Page) -> None:
    """Both unidentified outlets are named in the head of the table, as unidentified."""
    head = re.search(r"<thead.*?</thead>", small.source).group()

    assert "unidentified outlet · Staff report" in head
    assert "média non identifié · line" in head


def test_of_many_claims_the_shared_are_drawn_and_the_others_folded() -> None:
    """Up to forty claims nothing is folded; above, each claim is in one part, closed at first."""
    few = Page(render_page(sample_rows.large(FOLD), title="t"))
    many = Page(render_page(sample_rows.large(FOLD + 1), title="t"))
    scene = arrange(sample_rows.large(FOLD + 1), language="fr")
    shared = shared_part(scene, "fr", 150)
    others = other_parts(scene, "fr")
    parted = [line.claim.iri for part in others for line in part.scene.lines]

    assert not few.having("class", "part")
    assert len(many.having("class", "part")) == len(others) + 1
    assert not [given for given in many.having("class", "part") if "open" in given]
    assert shared.lines
    assert sorted([*parted, *(line.claim.iri for line in shared.lines)]) == sorted(
        line.claim.iri for line in scene.lines
    )
    anchors = {given["id"] for _, given in many.elements if "id" in given}
    assert {part.anchor for part in others} <= anchors


def test_above_several_drawings_counts_and_shared_claims_stand_and_say_so() -> None:
    """At fourfold the limit all claims are drawn; with one more, counts and the shared ones."""
    at_limit = Page(render_page(sample_rows.large(80), title="t", limit=20))
    above = Page(render_page(sample_rows.large(81), title="t", limit=20))

    assert "au-delà de" not in at_limit.text("overview")
    assert "81 affirmations : au-delà de 80" in above.text("overview")
    assert len(above.having("class", "part")) == 1
    assert above.having("class", "counts")
    assert "Les 80 premières affirmations sur 81" in above.text("table")


def test_no_drawing_holds_more_than_the_limit() -> None:
    """What outlets share is cut at the limit, and so is a long part, which says so."""
    rows = sample_rows.large(60)
    lonely = [
        replace(
            rows[0],
            iri=f"{rows[0].iri}-{number}",
            key=f"{rows[0].key}-{number}",
            claims=(sample_rows.claim(f"m{number}", f"mot {number}", f"word {number}"),),
        )
        for number in range(60)
    ]
    for given, said in ((rows, ""), (lonely, "Les 20 premières sur 60.")):
        page = render_page(given, title="t", limit=20)
        drawn = re.findall(r'<svg class="ledger wide".*?</svg>', page, re.DOTALL)

        assert max(svg.count('class="claim"') for svg in drawn) == 20
        assert said in page


def test_quotes_without_claims_are_shown_and_the_ledger_says_what_is_missing() -> None:
    """A new article has quotes before anybody has written its claims."""
    rows = [replace(row, claims=()) for row in sample_rows.small()]
    page = Page(render_page(rows, title="t"))

    assert "No claim is written yet" in page.text("ledger")
    ids = {given.get("id") for _, given in page.elements}
    assert "table" not in ids
    for _, given in page.elements:
        if given.get("href", "").startswith("#"):
            assert given["href"][1:] in ids
    assert page.having("class", "counts")
    assert page.having("class", "quote")


def test_a_very_long_list_of_quotes_is_cut_and_says_so() -> None:
    """Beyond what a browser opens with ease, the list ends with a notice; marks stay links."""
    rows = sample_rows.large(LISTED)
    page = Page(render_page(rows, title="t"))

    assert f"{LISTED} attributions sur {len(rows)}" in page.text("quotes")
    assert len(page.having("class", "quote")) == LISTED
    ids = {given["id"] for _, given in page.elements if "id" in given}
    assert {mark[1:] for mark in page.links("mark")} <= ids


@pytest.mark.parametrize("style", ["small", "large", "hostile"])
def test_the_same_rows_in_any_order_give_the_same_page(style: str) -> None:
    """Shuffling changes no byte, and neither does drawing twice."""
    rows = getattr(sample_rows, style)()
    shuffled = list(rows)
    random.Random(11).shuffle(shuffled)

    assert render_page(rows, title="t") == render_page(shuffled, title="t")


def test_an_empty_collection_is_a_page_that_says_what_to_do() -> None:
    """No rows: no ledger, no table, and a sentence."""
    page = Page(render_page([], title="t"))

    assert "ajoutez un article" in page.text("main")
    assert page.links("mark") == []


def test_an_unknown_language_is_refused() -> None:
    """The message is one line that names the languages there are."""
    with pytest.raises(UsageError, match="choose one of: fr, en"):
        render_page([], title="t", language="xx")
