"""Four tours in a real browser: find, review, add, query; wide and narrow, light and dark.

Each ends with no word on the console, no request to anywhere else, and nothing that axe objects to.
"""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from kg.intake.review import Filters, queue
from kg.records import load_collection
from tests.browser_support import Watched, axe_violations
from tests.serve.conftest import until_read
from tests.serve.test_add import ARTICLE
from tests.serve.test_pages import CLAIM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.serve.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
PAGES = (
    "/",
    "/list/documents",
    "/document/fanal-accord",
    "/attribution/fanal-accord%23a2",
    f"/claim/{CLAIM}",
    "/speaker/ysaline-corvandre",
    "/outlet/le-fanal-brevanais",
    "/search?q=ferry",
    "/graph/speaker/ysaline-corvandre",
    "/review",
    "/review?edit=fanal-accord%23a2",
    "/add",
    "/sparql?name=who-said",
    "/sparql?query=CONSTRUCT%20WHERE%20{%3Fs%20a%20<https://w3id.org/claim-provenance/ns%23Agent>}",
    "/none",
)


@contextmanager
def visit(
    browser: Browser,
    served: Served,
    *,
    width: int = 1280,
    scheme: str = "light",
    script: bool = True,
    language: str = "en",
) -> Iterator[Watched]:
    """A page of a fresh visitor, watched from the first request to the last."""
    until_read(served)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
        accept_downloads=True,
    )
    context.add_cookies([{"name": "kg-language", "value": language, "url": served.address}])
    watched = Watched(context.new_page())
    page = watched.page
    page.on("console", lambda message: watched.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: watched.said.append(f"error: {error}"))
    page.on("request", lambda request: watched.asked.append(request.url))
    page.set_default_timeout(20_000)
    yield watched
    outside = [url for url in watched.asked if not url.startswith((served.address, "data:"))]
    context.close()
    assert watched.said == []
    assert outside == []


def is_within(page: Page) -> bool:
    """Whether the page is no wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_find_who_said_it_and_how_outlets_differ(
    chromium: Browser, running: Served, width: int, scheme: str
) -> None:
    """Search a word, open the claim, see origins and outlets, open the words in their text."""
    with visit(chromium, running, width=width, scheme=scheme) as watched:
        page = watched.page
        page.goto(running.address)
        page.get_by_role("searchbox").fill("twice a day")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("link", name=re.compile("make it twice a day")).click()
        page.get_by_role("link", name=re.compile(r"sails per day")).click()
        assert page.get_by_text("independent origins").is_visible()
        assert page.locator("dl.totals dd").first.inner_text() == "1–4"
        assert page.get_by_text("Attribution lost").first.is_visible()
        assert is_within(page)
        page.get_by_role("link", name="In the text").first.click()
        assert page.locator("mark.said").count() > 3
        assert page.url.partition("#q-")[2]
        assert is_within(page)
        page.goto(f"{running.address}/list/utterances")
        page.locator("table.things a").first.click()
        assert page.locator("ins").count() > 0
        assert page.locator("del").count() > 0
        assert is_within(page)


def test_the_same_is_found_without_script(chromium: Browser, running: Served) -> None:
    """Search, pages, filters and the text work with JavaScript off."""
    with visit(chromium, running, script=False) as watched:
        page = watched.page
        page.goto(running.address)
        page.get_by_role("searchbox").fill("traversee")
        page.get_by_role("button", name="Search").click()
        assert page.locator(".hits mark").count() > 3
        page.locator(".hits a").first.click()
        page.goto(running.address)
        page.locator("#f-speaker").select_option("mevenn-tardouel")
        page.get_by_role("button", name="Filter").click()
        assert "speaker=mevenn-tardouel" in page.url
        assert page.locator("table.claims tbody tr").count() < 20
        page.goto(f"{running.address}/document/fanal-accord")
        page.locator("a.foot").nth(1).click()
        assert page.locator("article.quote:target").count() == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_review_ten_by_keyboard_and_undo_two(
    chromium: Browser, start: Callable[..., Served], width: int, scheme: str
) -> None:
    """Ten decisions by one key each, two taken back; the records hold all twelve."""
    served = start()
    with visit(chromium, served, width=width, scheme=scheme) as watched:
        page = watched.page
        page.goto(f"{served.address}/review?slug=fanal-accord")
        page.get_by_label("Your name or initials").first.fill("Zoë K.")
        page.get_by_role("button", name="That is me").click()
        page.goto(f"{served.address}/review?slug=fanal-accord")
        assert page.locator(".proposal").count() == 10
        status = page.get_by_role("status")
        for number, key in enumerate("aararsaara"[:9], start=1):
            page.keyboard.press(key)
            page.wait_for_function(
                "n => document.querySelectorAll('.proposal.gone').length === n", arg=number
            )
        for number in (1, 2):
            page.keyboard.press("u")
            page.wait_for_function(
                "n => document.querySelectorAll('.proposal.gone').length === 9 - n", arg=number
            )
            assert "Undone" in status.inner_text()
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("a")
        page.wait_for_function("() => document.querySelectorAll('.proposal.gone').length === 8")
        page.wait_for_function(
            "() => document.getElementById('status').textContent.includes('acc')"
        )
        assert is_within(page)
    collection = load_collection(served.project).collection
    record = next(item for item in collection.records if item.slug == "fanal-accord")
    decisions = [str(item.decision) for item in record.reviews]

    assert len(decisions) == 12
    assert decisions.count("undone") == 2
    assert {item.by for item in record.reviews} == {"Zoë K."}


def test_review_without_script(chromium: Browser, start: Callable[..., Served]) -> None:
    """Buttons decide, the undo button takes back, an edit is a form."""
    served = start()
    with visit(chromium, served, script=False) as watched:
        page = watched.page
        page.goto(f"{served.address}/review")
        page.get_by_label("Your name or initials").first.fill("Plain")
        page.get_by_role("button", name="That is me").click()
        page.get_by_role("button", name="Accept", exact=False).first.click()
        assert "accepted" in page.get_by_role("status").inner_text()
        page.get_by_role("button", name="Undo my last decision").click()
        assert "Undone" in page.get_by_role("status").inner_text()
        page.locator("a.edit").first.click()
        page.get_by_label("Role").fill("a role of her own")
        page.get_by_role("button", name="Save the edit").click()
        assert "edited" in page.get_by_role("status").inner_text()
    edited = queue(served.project, Filters(state="edited"))

    assert [item.attribution.role for item in edited] == ["a role of her own"]


def test_a_span_is_edited_by_selecting_text(
    chromium: Browser, start: Callable[..., Served]
) -> None:
    """Select words in the text, take them, save: the record has their place in code points."""
    served = start()
    words = "le premier service public"
    with visit(chromium, served) as watched:
        page = watched.page
        page.goto(f"{served.address}/review?edit=fanal-accord%23a2")
        page.evaluate(
            """words => {
              const text = document.getElementById("source-text");
              const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
              while (walk.nextNode() && !walk.currentNode.data.includes(words));
              const node = walk.currentNode;
              const place = node.data.indexOf(words);
              const range = document.createRange();
              range.setStart(node, place);
              range.setEnd(node, place + words.length + 1);
              getSelection().removeAllRanges();
              getSelection().addRange(range);
            }""",
            words,
        )
        page.get_by_role("button", name="Take the selection").click()
        assert page.locator("#e-quote").input_value() == words
        page.get_by_label("Your name or initials").fill("Ed")
        page.get_by_role("button", name="Save the edit").click()
        page.get_by_role("status").wait_for()
    (edited,) = queue(served.project, Filters(state="edited"))

    assert edited.attribution.quotes == (words,)
    (span,) = edited.attribution.spans
    assert edited.text[span.start : span.end] == words


@pytest.mark.parametrize(
    ("width", "scheme", "script"), [(1280, "light", True), (390, "dark", False)]
)
def test_paste_an_article_and_save_it(
    chromium: Browser, start: Callable[..., Served], width: int, scheme: str, script: bool
) -> None:
    """Pasted words come back marked with their proposals, and are saved as a record to review."""
    served = start()
    with visit(chromium, served, width=width, scheme=scheme, script=script) as watched:
        page = watched.page
        page.goto(f"{served.address}/add")
        page.get_by_label("Text of the article").fill(ARTICLE)
        page.get_by_label("Outlet").fill("Le Phare")
        page.get_by_role("button", name="See the proposals").click()
        assert page.locator("mark.said").count() >= 2
        assert re.search(r"2 proposals in [\d,]+ ms", page.locator(".head .kind").inner_text())
        assert is_within(page)
        page.get_by_role("button", name="Save to the collection").click()
        assert "Saved as" in page.get_by_role("status").inner_text()
        assert page.locator(".proposal").count() == 2
    slugs = {record.slug for record in load_collection(served.project).collection.records}

    assert len(slugs) == 9


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_run_a_named_query_and_download_it(
    chromium: Browser, running: Served, width: int, scheme: str, tmp_path: Path
) -> None:
    """Choose a query by name, give a parameter, see rows, take them as CSV."""
    with visit(chromium, running, width=width, scheme=scheme) as watched:
        page = watched.page
        page.goto(f"{running.address}/sparql")
        page.get_by_label("Named query").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_label("Named query").select_option("who-said")
        assert "name=" not in page.url
        page.locator("form.named button").first.click()
        page.wait_for_url("**name=who-said**")
        page.locator("#p-words").fill("timetable")
        page.locator("form.named button.strong").click()
        assert "p.words=timetable" in page.url
        shown = page.locator("table.answer tbody tr").count()
        assert shown > 0
        assert is_within(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        path = tmp_path / "answer.csv"
        download.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert len(rows) == shown
    assert all("timetable" in row["said"] for row in rows)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_overflows(
    chromium: Browser, running: Served, address: str, width: int, scheme: str
) -> None:
    """No page has an accessibility fault that axe knows, or is wider than the window."""
    language = "fr" if width == 390 else "en"
    with visit(chromium, running, width=width, scheme=scheme, language=language) as watched:
        page = watched.page
        page.goto(f"{running.address}{address}")
        found = axe_violations(page)
        within = is_within(page)
        watched.said[:] = [said for said in watched.said if "404" not in said]

    assert found == []
    assert within


def test_the_accessibility_tree_names_what_matters(chromium: Browser, running: Served) -> None:
    """Claims, outlets, marks of the ledger and quotes all have names that can be read aloud."""
    with visit(chromium, running) as watched:
        page = watched.page
        page.goto(running.address)
        links = watched.named_nodes("link")
        heads = watched.named_nodes("columnheader")
        page.goto(f"{running.address}/document/fanal-accord")
        numbers = watched.named_nodes("link")

    assert any("Port-Brévane–Hallemsund ferry line opens on 2024-09-01" in name for name in links)
    assert any(name.startswith("Le Fanal brévanais, indirect quote : ") for name in links)
    assert any("Le Fanal brévanais" in name for name in heads)
    assert {f"Attribution {number}" for number in range(1, 11)} <= set(numbers)


def test_the_graph_is_walked_by_keyboard(chromium: Browser, running: Served) -> None:
    """Tab reaches the first mark, arrows go from mark to mark, Enter opens the words."""
    with visit(chromium, running) as watched:
        page = watched.page
        page.goto(f"{running.address}/graph/speaker/ysaline-corvandre")
        page.locator("svg.ledger.wide a.mark").first.focus()
        first = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("ArrowDown")
        second = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.getAttribute('href')") == first
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{second}")

    assert first != second


def test_the_second_editor_is_told_in_the_page(
    chromium: Browser, start: Callable[..., Served]
) -> None:
    """Two windows, one proposal: the second key press is answered by who was first."""
    served = start()
    with visit(chromium, served) as one, visit(chromium, served) as two:
        for watched, name in ((one, "First"), (two, "Second")):
            page = watched.page
            page.goto(f"{served.address}/review?slug=fanal-accord")
            page.get_by_label("Your name or initials").first.fill(name)
            page.get_by_role("button", name="That is me").click()
        one.page.keyboard.press("r")
        one.page.wait_for_function("() => document.getElementById('status').textContent !== ''")
        two.page.keyboard.press("a")
        alert = two.page.locator("#status[role=alert]")
        alert.wait_for()
        assert "rejected in the meantime by First" in alert.inner_text()
        assert two.page.locator(".proposal.gone").count() == 0
        # The browser itself notes the refused request; nothing else may stand there.
        two.said[:] = [said for said in two.said if "409" not in said]
