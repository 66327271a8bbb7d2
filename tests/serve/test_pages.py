"""Every page says what it must, in both languages, and leads only to pages that are there."""

from __future__ import annotations

import html
import re
import shutil

import pytest
from starlette.testclient import TestClient

from kg.model import parse_claim
from kg.project import Project, find_project
from tests.serve.conftest import client_of

CLAIM = parse_claim('ferry-line opensOn "2024-09-01"').id
LISTS = ("documents", "claims", "speakers", "outlets", "utterances", "sources", "topics")


def text_of(page: str) -> str:
    """What a reader sees of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_overview_compares_claims_by_outlet(client: TestClient) -> None:
    """The first page holds the table with a mark per attribution, the ledger and the counts."""
    page = client.get("/")

    assert page.status_code == 200
    assert '<table class="claims"' in page.text
    assert 'class="ledger wide"' in page.text
    assert page.text.count('class="mark"') > 100
    assert "attribution lost" in page.text
    assert "The strait ferry" in text_of(page.text)


@pytest.mark.parametrize(
    ("query", "kept", "gone"),
    [
        ("speaker=mevenn-tardouel", "Mévenn Tardouël", "Orvandia covers extra cost"),
        ("outlet=le-cabotier-de-lurve", "own voice", "Orvandia covers extra cost"),
        ("form=scare-quote", "floating bridge", "Orvandia covers extra cost"),
        ("topic=ferry-timetable", "timetable", "Orvandia covers extra cost"),
        ("since=2024-05-16", "L’Estran orvandais", "Kelvarsk bridge closed in 2011"),
        ("until=2024-05-14", "Kelvarsk bridge closed in 2011", "risk"),
    ],
)
def test_filters_narrow_the_overview(client: TestClient, query: str, kept: str, gone: str) -> None:
    """Each filter keeps what it names and takes away the rest."""
    body = client.get(f"/?{query}").text
    shown = text_of(body.partition('id="table"')[2])

    assert kept in shown
    assert gone not in shown


def test_the_overview_strikes_denials_through_and_says_who_denies(client: TestClient) -> None:
    """Table, ledger and legend show a denial as one, and the speaker total is the picture's."""
    page = client.get("/").text
    table = page.partition('id="table"')[2].partition('id="ledger"')[0]
    rows = [row for row in table.split("<tr ") if "eliminates jobs" in row]

    assert "<b>10</b> denies the claim" in table
    assert rows
    assert '<bdi>Jorund Aksvelle</bdi> <span class="denied">denies</span>' in rows[0]
    assert rows[0].count('class="deny-bar"') == 1
    assert "denied by Jorund Aksvelle" in page.partition('id="ledger"')[2]
    assert "<dt>speakers</dt><dd>9</dd>" in page


def test_a_filter_that_matches_nothing_says_so(client: TestClient) -> None:
    """An empty overview is a sentence, not an empty table."""
    page = client.get("/?speaker=nobody-at-all")

    assert page.status_code == 200
    assert "Nothing matches these filters" in page.text
    assert "<table" not in page.text


@pytest.mark.parametrize("voice", ["outlet", "nobody", "ysaline-corvandre"])
def test_a_counted_voice_can_be_opened(client: TestClient, voice: str) -> None:
    """The outlet itself and nobody are voices too: each narrows to what is counted for it."""
    rows = client.get(f"/overview.json?voice={voice}").json()["attributions"]
    everything = client.get("/overview.json").json()["attributions"]

    speakers = [[iri.rpartition("/")[2] for iri in row["speaker_iris"]] for row in rows]

    if voice == "outlet":
        assert {row["form"] for row in rows} == {"authorial"}
    else:
        assert all(ids == [voice] * (voice != "nobody") for ids in speakers)
    assert 0 < len(rows) < len(everything)


@pytest.mark.parametrize("given", ["3 avril 2025", "2025-13-45", "2025-02-30", "25"])
def test_a_date_that_is_none_is_told(client: TestClient, given: str) -> None:
    """What cannot be read does not silently show everything, or nothing."""
    page = client.get("/", params={"since": given})

    assert page.status_code == 400
    assert "is no date here; write 2025" in page.text


@pytest.mark.parametrize("address", ["/list/speakers?page=9999", "/search?q=ferry&page=2000"])
def test_a_page_past_the_last_is_the_last(client: TestClient, address: str) -> None:
    """There is something to read, not a list said to be empty."""
    page = client.get(address).text

    assert "The list is empty" not in page
    assert "Nothing holds all these words" not in page
    assert '<a href="/' in page.partition("<main")[2]


def test_many_claims_become_counts_that_open(
    ferry: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit the overview counts by speaker and outlet; each number narrows to itself."""
    monkeypatch.setattr("kg.serve.overview.LIMIT", 10)
    with client_of(ferry) as client:
        page = client.get("/")
        link = re.search(r'href="([^"]*speaker=ysaline-corvandre&amp;outlet=[^"]+)"', page.text)
        assert link is not None
        opened = client.get(html.unescape(link[1]))

    assert '<table class="counts"' in page.text
    assert re.search(r'href="[^"]*voice=outlet&amp;outlet=[^"]+" aria-label="\d+,', page.text)
    assert not re.search(r'<td role="cell"( class="sum")?>(<span[^>]*>[^<]*</span>)?\d', page.text)
    assert "above 10" in text_of(page.text)
    assert '<table class="claims"' in opened.text


@pytest.mark.parametrize("name", LISTS)
def test_lists_name_things(client: TestClient, name: str) -> None:
    """Each list has rows that lead to pages."""
    page = client.get(f"/list/{name}")
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', page.text)

    assert links
    assert client.get(html.unescape(links[0])).status_code == 200


def test_a_document_marks_every_attribution(client: TestClient) -> None:
    """Each attribution of a held text has its number, its marked words and its card."""
    page = client.get("/document/fanal-accord").text

    assert page.count('class="foot"') == 10
    assert len(re.findall(r'<article class="quote', page)) == 10
    assert "Ce bac est le premier service public que nos deux rives partagent" in page
    assert '<div class="row boiler">' in page


def test_a_document_without_its_text_lists_quotes_in_order(fresh: Project) -> None:
    """Where the text is not held, quotes stand with their places and the way to attach it."""
    for path in (fresh.root / "texts").iterdir():
        path.unlink()
    with client_of(fresh) as client:
        page = client.get("/document/fanal-accord").text
    places = [int(start) for start in re.findall(r'class="at">Place (\d+)–', page)]

    assert "kg attach" in page
    assert places == sorted(places)
    assert len(places) == 10


def test_a_claim_counts_origins_and_shows_who_words_it_how(client: TestClient) -> None:
    """A claim's page has the interval with reasons, the quotes, drift and what links here."""
    page = client.get(f"/claim/{CLAIM}").text
    shown = text_of(page)

    assert "independent origins" in shown
    assert re.search(r"<dd>\d+–\d+</dd>", page)
    assert "reasons to count fewer" in shown
    assert "What changes from text to text" in shown
    assert "What cannot both hold" in shown
    assert "What links here" in shown


def test_an_utterance_shows_its_wordings_as_diffs(client: TestClient) -> None:
    """Wordings of one utterance are set against each other, word by word."""
    links = re.findall(r'href="(/utterance/[^"]+)"', client.get("/list/utterances").text)
    pages = [client.get(link).text for link in links]

    assert any("<ins>" in page and "<del>" in page for page in pages)


def test_a_speaker_has_posts_titles_and_claims(client: TestClient) -> None:
    """A speaker's page sets the registry's posts beside the titles the texts give."""
    shown = text_of(client.get("/speaker/ysaline-corvandre").text)

    assert "Port-Brévane Harbour Board" in shown
    assert "présidente de la Régie portuaire" in shown
    assert "The texts do not give the same title" in shown


def test_a_source_shows_what_reaches_us_only_through_it(client: TestClient) -> None:
    """A cited source lists the claims with no other way, and the chain hop by hop."""
    links = re.findall(r'href="(/source/[^"]+)"', client.get("/list/sources").text)
    shown = " ".join(text_of(client.get(link).text) for link in links)

    assert "Claims with no other way" in shown
    assert "never seen here" in shown


def test_an_attribution_shows_its_words_in_their_context(client: TestClient) -> None:
    """The page of an attribution holds the verbatim words, found by key or by identifier."""
    page = client.get("/attribution/fanal-accord%23a2")

    assert page.status_code == 200
    assert "Ce bac est le premier service public" in page.text
    assert "word for word" in page.text
    assert "a souligné" in text_of(page.text)


def test_search_folds_accents_and_marks_hits(client: TestClient) -> None:
    """Words are found without accents, apostrophes or whole endings, and are marked."""
    page = client.get("/search", params={"q": "traversee"}).text

    assert "<mark>traversée</mark>" in page
    assert "Results for “traversee”" in html.unescape(page)


def test_search_without_a_hit_says_what_to_try(client: TestClient) -> None:
    """An empty answer is a sentence."""
    assert "Nothing holds all these words" in client.get("/search?q=zzyzx").text


@pytest.mark.parametrize("words", ['"', "* OR *", "NEAR(a b)", "a AND", "'; DROP TABLE word", "()"])
def test_search_takes_no_syntax(client: TestClient, words: str) -> None:
    """What a person types is words, never an expression of the engine."""
    assert client.get("/search", params={"q": words}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/graph/speaker/ysaline-corvandre",
        "/graph/outlet/le-fanal-brevanais",
        f"/graph/claim/{CLAIM}",
        "/graph/attribution/fanal-accord%23a2",
        "/graph/document/fanal-accord",
    ],
)
def test_the_graph_around_a_node_says_how_much_is_drawn(client: TestClient, address: str) -> None:
    """A drawing with its numbers, and the same walk as a list of links."""
    page = client.get(address)

    assert page.status_code == 200
    assert re.search(r"\d+ of \d+ attributions drawn", text_of(page.text))
    assert 'class="ledger wide"' in page.text
    assert "Neighbours" in page.text


def test_a_long_graph_is_cut_and_says_so(ferry: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the cap the page tells "5 of 20" and offers more."""
    monkeypatch.setattr("kg.serve.graph.DRAWN", 5)
    with client_of(ferry) as client:
        page = client.get("/graph/outlet/le-fanal-brevanais").text
        more = client.get("/graph/outlet/le-fanal-brevanais?all=1").text

    assert "5 of 20 attributions drawn" in page
    assert "20 of 20 attributions drawn" in more


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/claim/0000000000000000",
        "/speaker/nobody",
        "/outlet/none",
        "/source/none",
        "/topic/none",
        "/utterance/none",
        "/document/none",
        "/attribution/none",
        "/list/nothing",
        "/graph/claim/none",
        "/graph/nothing/none",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client: TestClient, address: str) -> None:
    """A wrong address is 404 with a sentence and a way back, and no traceback."""
    page = client.get(address)

    assert page.status_code == 404
    assert "Back to the overview" in page.text
    assert "Traceback" not in page.text


def test_an_unbuilt_project_says_how_to_build(example, tmp_path) -> None:
    """Before the first build every page tells the command."""
    shutil.copytree(example, tmp_path / "project", ignore=shutil.ignore_patterns("build", ".kg"))
    with client_of(find_project(tmp_path / "project")) as client:
        page = client.get("/")

    assert page.status_code == 503
    assert "kg build" in page.text


def test_the_language_is_chosen_once(client: TestClient) -> None:
    """`?lang=` sets a cookie and leaves the address clean; pages, lists and errors follow it."""
    chosen = client.get("/list/speakers?page=0&lang=fr", follow_redirects=False)
    page = client.get("/list/speakers", headers={"cookie": "kg-language=fr"})
    missing = client.get("/speaker/nobody", headers={"cookie": "kg-language=fr"})
    client.cookies.clear()

    assert chosen.status_code == 303
    assert chosen.headers["location"] == "/list/speakers?page=0"
    assert "kg-language=fr" in chosen.headers["set-cookie"]
    assert '<html lang="fr"' in page.text
    assert "Locuteurs" in page.text
    assert "Aucun locuteur nobody" in missing.text


def test_no_link_of_the_explorer_is_broken(client: TestClient) -> None:
    """Walk from the first page: every page and every file beside it answers."""
    queue, seen, kinds = ["/"], set(), {}
    while queue:
        address = queue.pop(0)
        kind = address.split("/")[1].partition("?")[0]
        if address in seen or kinds.get(kind, 0) >= 12:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        seen.add(address)
        page = client.get(address)
        assert page.status_code == 200, address
        if "text/html" in page.headers["content-type"]:
            links = (html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', page.text))
            queue += [link for link in links if "lang=" not in link and "/static/" not in link]

    assert len(seen) > 100
