"""An article is pasted, seen with what is proposed in it, and saved as a record."""

from __future__ import annotations

import re
from html import unescape

from starlette.testclient import TestClient

from kg.project import Project
from kg.records import load_collection
from tests.serve.conftest import FORM_KEY, client_of

ARTICLE = (
    "Le quai nord rouvre lundi\n\n"
    "Yann Kerdoncuff, maire de Kerlan, a annoncé que « le quai nord rouvrira lundi matin ». "
    "Selon lui, les travaux sont terminés depuis vendredi.\n\n"
    "Une décision attendue par les pêcheurs.\n"
)


def look(client: TestClient, **fields: str):
    """Send an article to be looked at."""
    return client.post("/add/look", data={"key": FORM_KEY, **fields})


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_looking_marks_proposals_and_writes_nothing(fresh: Project) -> None:
    """Proposals stand in the text with voice and form; the project is untouched."""
    before = sorted(fresh.sources.rglob("*"))
    with client_of(fresh) as client:
        page = look(client, text=ARTICLE.replace("\n", "\r\n")).text

    assert page.count('class="foot"') == 2
    assert "Yann Kerdoncuff" in page
    assert "direct quote" in page or "mixed quote" in page
    assert sorted(fresh.sources.rglob("*")) == before


def test_saving_writes_a_record_with_its_proposals(fresh: Project) -> None:
    """What was looked at becomes a record, its text is kept here, its proposals wait."""
    with client_of(fresh) as client:
        page = look(client, text=ARTICLE, outlet="Le Phare", published="2024-06-01").text
        fields = {
            name: hidden(page, name)
            for name in ("raw", "file_name", "outlet", "published", "title")
        }
        saved = client.post("/add/save", data={"key": FORM_KEY, **fields}, follow_redirects=False)
        queue = client.get(saved.headers["location"]).text
        assert client.app.state.desks.desk().rebuilder.wait(60)
        shown = client.get("/list/documents").text
    loaded = load_collection(fresh)
    record = next(item for item in loaded.collection.records if "quai" in item.slug)

    assert saved.status_code == 303
    assert loaded.errors == ()
    assert len(record.attributions) == 2
    assert record.document.published is not None
    assert f"Saved as {record.slug}" in queue
    assert queue.count('class="proposal"') == 2
    assert "Le quai nord rouvre lundi" in shown


def test_a_file_is_read_by_its_format(fresh: Project) -> None:
    """A dropped HTML page is read as one; its menu is no article text."""
    html = (
        "<html lang=fr><head><title>Le quai nord rouvre lundi</title></head><body>"
        "<nav><a href=/>Accueil</a></nav><article><h1>Le quai nord rouvre lundi</h1>"
        + "".join(f"<p>{line}</p>" for line in ARTICLE.split("\n\n")[1:])
        + "</article></body></html>"
    )
    with client_of(fresh) as client:
        page = client.post(
            "/add/look",
            data={"key": FORM_KEY, "text": ""},
            files={"file": ("quai.html", html.encode(), "text/html")},
        )

    assert page.status_code == 200
    assert "Yann Kerdoncuff" in page.text
    assert "Accueil" not in page.text.partition('class="text"')[2]


def test_an_article_that_is_there_already_is_told(fresh: Project) -> None:
    """The same text again leads to its record, and saving it changes nothing."""
    text = (fresh.root / "texts" / "fanal-accord.txt").read_text(encoding="utf-8")
    before = (fresh.sources / "fanal-accord" / "record.yaml").read_bytes()
    with client_of(fresh) as client:
        page = look(client, text=text).text
        fields = {name: hidden(page, name) for name in ("raw", "file_name")}
        saved = client.post("/add/save", data={"key": FORM_KEY, **fields}, follow_redirects=False)

    assert "in the collection already" in page
    assert "slug=fanal-accord" in saved.headers["location"]
    assert (fresh.sources / "fanal-accord" / "record.yaml").read_bytes() == before


def test_what_cannot_be_read_is_told_and_kept(client: TestClient) -> None:
    """An empty text, a wrong date and a binary file are told in the form, nothing is lost."""
    empty = look(client, text="  ")
    dated = look(client, text=ARTICLE, published="yesterday")
    binary = client.post(
        "/add/look",
        data={"key": FORM_KEY},
        files={"file": ("x.pdf", b"\x00\x01\x02 not a pdf", "application/pdf")},
    )

    assert {empty.status_code, dated.status_code, binary.status_code} == {400}
    assert "Paste a text" in empty.text
    assert "rouvrira lundi matin" in dated.text
    assert 'value="yesterday"' in dated.text


def test_hostile_articles_stay_text(client: TestClient) -> None:
    """Script in an article is shown as words."""
    page = look(client, text="<script>alert(1)</script> « Bonjour », a dit Awa Sy.\n")

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_an_address_that_is_none_of_the_web_is_refused(fresh: Project) -> None:
    """No script gets into a record as the address of an article, when looking or when saving."""
    with client_of(fresh) as client:
        seen = look(client, text=ARTICLE, url="javascript:alert(9)")
        page = look(client, text=ARTICLE, url="https://phare.example/quai").text
        fields = {name: hidden(page, name) for name in ("raw", "file_name")}
        forged = {"key": FORM_KEY, **fields, "url": "JavaScript:alert(9)"}
        saved = client.post("/add/save", data=forged, follow_redirects=False)

    assert (seen.status_code, saved.status_code) == (400, 400)
    assert "is not a web address" in seen.text
    assert "rouvrira lundi matin" in seen.text
    assert not any(item.is_dir() and "quai" in item.name for item in fresh.sources.iterdir())


def test_a_dropped_file_is_named_by_its_title(fresh: Project) -> None:
    """The record of `crlf.txt` goes by what the article is called; its line ends are not shown."""
    text = ARTICLE.replace("\n", "\r\n")
    with client_of(fresh) as client:
        page = client.post(
            "/add/look",
            data={"key": FORM_KEY, "text": ""},
            files={"file": ("crlf.txt", text.encode(), "text/plain")},
        ).text
        fields = {name: hidden(page, name) for name in ("raw", "file_name", "title")}
        saved = client.post("/add/save", data={"key": FORM_KEY, **fields}, follow_redirects=False)
        queue = client.get(saved.headers["location"]).text
    record = next(item for item in load_collection(fresh).collection.records if "quai" in item.slug)

    assert record.slug == "le-quai-nord-rouvre-lundi"
    assert f"Saved as {record.slug}." in queue
    assert "U+000D" not in page + queue
    assert record.document.characters == len(text)
