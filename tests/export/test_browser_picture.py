"""The page in a real Chromium: silent, reachable by keyboard, named, whole at every width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.export.html import render_page
from kg.export.safe_text import attribute_id
from kg.export.svg import render_svg
from tests.browser_support import axe_violations, watch
from tests.export import sample_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser_support import Watched

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390)

SPILLED = """() => {
  const shown = element => element.checkVisibility();
  const faults = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`page wider than the window by ${wide}`);
  for (const element of document.querySelectorAll("body *")) {
    if (!shown(element) || element.closest(".hidden, .skip, svg")) continue;
    if (element.closest(".claims thead, .counts thead") && innerWidth <= 900) continue;
    if (getComputedStyle(element).clipPath !== "none") continue;
    const box = element.getBoundingClientRect();
    if (box.right > innerWidth + 0.5 || box.left < -0.5)
      faults.push(`${element.tagName}.${element.className} from ${box.left} to ${box.right}`);
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
        && getComputedStyle(element).display !== "inline"
        && !["INPUT", "TABLE"].includes(element.tagName))
      faults.push(`${element.tagName}.${element.className} holds ${element.scrollWidth} `
        + `in ${element.clientWidth}`);
  }
  for (const svg of document.querySelectorAll("svg.ledger")) {
    if (!shown(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const lines = [...svg.querySelectorAll("text")].filter(shown);
    for (const line of lines) {
      const box = line.getBoundingClientRect();
      if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 1)
        faults.push(`text out of the ledger: ${line.textContent}`);
    }
    const boxes = lines.map(line => [line.getBoundingClientRect(), line.textContent]);
    boxes.forEach(([a, first], i) => boxes.slice(i + 1).forEach(([b, second]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 4) faults.push(`text on text: ${first} / ${second}`);
    }));
  }
  return faults;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages to look at, as files."""
    made = tmp_path_factory.mktemp("pages")
    for name, rows in (
        ("small", sample_rows.small()),
        ("denied", sample_rows.denied()),
        ("large", sample_rows.large(700)),
        ("parts", sample_rows.large(48)),
        ("middle", sample_rows.small() + sample_rows.large(28)),
        ("hostile", sample_rows.hostile()),
    ):
        title = sample_rows.HOSTILE if name == "hostile" else "Le bac de Lurve"
        (made / f"{name}.html").write_text(render_page(rows, title=title), encoding="utf-8")
    with pytest.MonkeyPatch.context() as few:
        few.setattr("kg.export.parts.FOLD", 3)
        folds = render_page(sample_rows.small(), title="Le bac")
        counts = render_page(sample_rows.small(), title="Le bac", limit=1)
    (made / "folds.html").write_text(folds, encoding="utf-8")
    (made / "counts.html").write_text(counts, encoding="utf-8")
    (made / "ledger.svg").write_text(render_svg(sample_rows.small(), title="Le bac"), "utf-8")
    return made


@pytest.fixture
def look(chromium: Browser, folder: Path) -> Iterator:
    """Open a page at a width and in a colour scheme; everything is closed at the end."""
    contexts = []

    def opened(
        name: str, *, width: int = 1280, scheme: str = "light", script: bool = True
    ) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return watch(context, folder / name)

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "name", ["small.html", "parts.html", "large.html", "hostile.html", "ledger.svg"]
)
def test_nothing_is_said_and_nothing_is_asked(look, name: str) -> None:
    """No console message, no error, no request but the file itself; no script of a text runs."""
    watched = look(name)
    for mark in watched.page.locator("a.mark:visible").all()[:3]:
        if name.endswith("html"):
            mark.focus()
            watched.page.keyboard.press("Enter")
            watched.page.keyboard.press("Escape")

    assert watched.said == []
    assert watched.outside() == []
    assert len(watched.asked) == 1


@pytest.mark.parametrize("width", [*WIDTHS, 320, 800])
@pytest.mark.parametrize(
    "name", ["small.html", "denied.html", "middle.html", "parts.html", "hostile.html"]
)
def test_nothing_is_clipped_or_over_the_edge(look, name: str, width: int) -> None:
    """Page, tables, quotes and all lines of the ledger keep to their frames in both languages."""
    page = look(name, width=width).page

    assert page.evaluate(SPILLED) == []

    page.locator("#language-en").check()

    assert page.evaluate(SPILLED) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_an_open_panel_stays_within_the_window(look, width: int) -> None:
    """The panel shows the quote whole, at both widths."""
    page = look("small.html", width=width).page
    page.locator("a.mark:visible").first.click()
    box = page.locator("#panel").bounding_box()

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.locator("#panel blockquote").is_visible()
    assert page.evaluate(SPILLED) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_no_fault(look, width: int, scheme: str) -> None:
    """The page, and the page with its panel open, break no rule that axe checks."""
    page = look("denied.html", width=width, scheme=scheme).page

    assert axe_violations(page) == []

    page.locator("a.mark:visible").first.click()

    assert axe_violations(page) == []


def test_axe_finds_no_fault_in_the_counts(look) -> None:
    """The page that falls back to counts breaks no rule either."""
    assert axe_violations(look("counts.html").page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_mark_has_a_name_that_says_where_it_leads(look, width: int) -> None:
    """In the accessibility tree each mark is a link whose name gives outlet and form."""
    watched = look("small.html", width=width)
    names = watched.named_nodes("link")
    marks = watched.page.locator("a.mark:visible").count()

    assert all(names)
    assert marks >= 30
    assert sum("Le Fanal" in name for name in names) >= 8
    assert any("via Radio Brévalis" in name and "Le bac" not in name for name in names)
    assert len(names) >= marks
    assert sum(map(bool, watched.named_nodes("StaticText"))) > 150


def test_the_ledger_is_named_and_its_bands_are_groups(look) -> None:
    """Bands of the ledger are groups that bear their speaker's name."""
    names = look("small.html").named_nodes("group")

    assert "Ysaline Corvandre" in names
    assert "Qui parle, que dit-il, qui le rapporte" in names


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_reaches_every_mark(look, width: int) -> None:
    """Tab alone passes over each visible mark, in the order of the page."""
    page = look("small.html", width=width).page
    expected = page.locator("a.mark:visible").evaluate_all(
        "all => all.map(mark => mark.getAttribute('href'))"
    )
    reached = []
    for _ in range(len(expected) + 12):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => document.activeElement.matches('a.mark')"
            " ? document.activeElement.getAttribute('href') : null"
        )
        if focused:
            reached.append(focused)

    assert reached[: len(expected)] == expected
    assert set(reached) == {
        f"#{attribute_id('q', row.key)}" for row in sample_rows.small() if not row.is_withdrawn
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_enter_opens_the_quote_of_each_mark_and_escape_goes_back(look, width: int) -> None:
    """For every mark: Enter shows its words in the panel, Escape returns to the mark."""
    page = look("small.html", width=width).page
    quotes = {attribute_id("#q", row.key): row.quote for row in sample_rows.small()}
    for mark in page.locator("a.mark:visible").all():
        mark.focus()
        page.keyboard.press("Enter")

        assert page.locator("#panel blockquote").inner_text() == quotes[mark.get_attribute("href")]

        page.keyboard.press("Escape")

        assert not page.locator("#panel").is_visible()
        assert mark.evaluate("mark => mark === document.activeElement")


def test_the_panel_walks_from_mark_to_mark(look) -> None:
    """Next and previous follow the marks of the same drawing; the ends are closed."""
    page = look("small.html").page
    marks = page.locator("svg.ledger.wide:visible a.mark")
    marks.first.click()

    assert page.locator("#previous").is_disabled()

    page.locator("#next").click()
    shown = page.locator("#in-list").get_attribute("href")

    assert shown == marks.nth(1).get_attribute("href")

    page.locator("#in-list").click()

    assert not page.locator("#panel").is_visible()
    assert page.evaluate("location.hash") == shown


def test_the_language_can_be_switched(look) -> None:
    """The other language replaces the first everywhere, ledger included, and the tag follows."""
    page = look("small.html").page
    french, english = sample_rows.NETS.label_fr, sample_rows.NETS.label_en

    assert page.get_by_text(french).first.is_visible()
    assert page.locator(f"svg:visible >> text={english}").count() == 0

    page.locator("#language-en").check()

    assert page.locator(f"svg.ledger:visible >> text={english}").count() > 0
    assert page.locator(f"svg.ledger:visible >> text={french}").count() == 0
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_filter_keeps_the_rows_that_match(look) -> None:
    """Words are looked for without accents or case; an empty answer says so."""
    page = look("small.html").page
    rows = page.locator("table.claims tbody tr:visible")
    all_rows = rows.count()
    page.locator("#filter").fill("BREVALIS")

    assert rows.count() == 1

    page.locator("#filter").fill("nothing like it")

    assert rows.count() == 0
    assert page.locator(".nothing").is_visible()

    page.locator("#filter").fill("")

    assert rows.count() == all_rows


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_a_mark_leads_to_its_quote(look, width: int) -> None:
    """Script off: the link brings the quote into view, marked; details open; language switches."""
    watched = look("small.html", width=width, script=False)
    page = watched.page
    mark = page.locator("a.mark:visible").nth(4)
    target = mark.get_attribute("href")
    mark.focus()
    page.keyboard.press("Enter")
    quote = page.locator(f"[id='{target[1:]}']")

    assert page.url.endswith(target)
    assert in_window(page, quote.locator("blockquote").bounding_box())
    assert not page.locator("#filter").is_visible()
    assert not page.locator("#panel").is_visible()

    quote.locator("summary").click()

    assert quote.locator("dl").is_visible()

    page.locator("#language-en").check()

    assert page.get_by_role("heading", name="The claims, outlet by outlet").is_visible()
    assert watched.said == []


def in_window(page: Page, box: dict[str, float]) -> bool:
    """Whether a box lies in the part of the page that is seen."""
    size = page.viewport_size
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def test_withdrawn_quotes_open_only_when_asked(look) -> None:
    """The list of withdrawn attributions is closed until its summary is opened."""
    page = look("small.html").page
    panel = page.locator("#withdrawn .quote").first

    assert not panel.is_visible()

    page.locator("#withdrawn > details > summary").click()

    assert panel.is_visible()


def test_dark_and_light_differ_and_print_is_light(look) -> None:
    """The page follows the system's scheme on screen and prints on white."""
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = look("small.html", scheme="dark").page

    assert dark.evaluate(ground) != look("small.html").page.evaluate(ground)

    dark.emulate_media(media="print")

    assert dark.evaluate(ground) == look("small.html").page.evaluate(ground)
    assert not dark.locator(".controls").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_link_into_a_fold_opens_it(look, *, script: bool) -> None:
    """A speaker of the overview leads to its claims, and a mark to its quote, script or not."""
    page = look("parts.html", script=script).page
    fold = page.locator("#ledger details.part").first
    page.locator(f'#overview a[href="#{fold.get_attribute("id")}"]').click()

    # Without script a browser goes to the fold's line; what lies inside it, it opens itself.
    assert in_window(page, fold.locator("summary").bounding_box())
    if script:
        assert fold.locator("svg.ledger:visible").count() == 1

    mark = page.locator("#ledger > div svg.ledger:visible a.mark").first
    quote = page.locator(f"[id='{mark.get_attribute('href')[1:]}']")

    assert not quote.is_visible()

    mark.focus()
    page.keyboard.press("Enter")
    if script:
        page.locator("#in-list").click()

    assert quote.locator("blockquote").is_visible()


def test_everything_is_unfolded_for_print(look) -> None:
    """On paper nothing can be opened."""
    page = look("parts.html").page
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.locator("details.part:not([open]), details.quotes:not([open])").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_folds(look, scheme: str) -> None:
    """Closed and opened, the parts break no rule."""
    page = look("folds.html", scheme=scheme).page

    assert axe_violations(page) == []

    page.locator("#ledger details.part > summary").first.click()

    assert axe_violations(page) == []


def test_the_large_page_opens_quickly_enough_to_use(look) -> None:
    """Seven hundred claims: counts, what outlets share, and marks that open."""
    page = look("large.html").page

    assert page.locator("#overview table.counts").is_visible()
    assert page.locator("#ledger details.part").count() == 0

    page.locator("a.mark:visible").first.focus()
    page.keyboard.press("Enter")

    assert page.locator("#panel blockquote").is_visible()
