"""Each format gives its articles with what the file says of itself, or one line on why not."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ExtraMissingError
from kg.intake.document import read_articles
from kg.intake.formats import article as article_module
from kg.intake.formats import format_of
from kg.intake.formats.article import Article, Source
from kg.intake.formats.feed import fragment_text
from kg.intake.formats.pdf import join_lines
from kg.model import Finding, Level

pypdf = pytest.importorskip("pypdf")
pytest.importorskip("trafilatura")
pytest.importorskip("feedparser")
pytest.importorskip("warcio")

Write = Callable[[str, bytes], Path]

BODY = "".join(
    f"<p>« Le bac numéro {n} partira à l’heure », a déclaré la préfète de Corvenne mardi matin "
    "devant les pêcheurs réunis au port.</p>"
    for n in range(1, 6)
)
PAGE = f"""<!doctype html><html lang="fr-FR"><head><title>Le bac | Le Fanal</title>
<script type="application/ld+json">{{"@graph": [{{"@type": "WebPage"}}, {{"@type": "NewsArticle",
"headline": "Le bac de Corvenne", "datePublished": "2024-05-14T08:30:00+02:00", "inLanguage": "fr",
"author": [{{"name": "Jeanne Morvadec"}}], "publisher": {{"name": "Le Fanal"}},
"mainEntityOfPage": {{"@id": "https://fanal.example/bac"}}}}]}}</script></head><body>
<nav><a href="/">Accueil</a></nav><article><h1>Le bac de Corvenne</h1>{BODY}</article>
<footer>Tous droits réservés</footer></body></html>"""


def read(path: Path) -> tuple[list[Article], list[Finding]]:
    """Read one file whole."""
    items = list(read_articles(Source(str(path), path.stem, path)))
    return (
        [item for item in items if isinstance(item, Article)],
        [item for item in items if isinstance(item, Finding)],
    )


def refusal(path: Path) -> str:
    """The message of the one error of a file that holds no article."""
    articles, findings = read(path)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    assert articles == []
    assert len(errors) == 1
    assert "\n" not in str(errors[0])
    return errors[0].message


def pdf_bytes(lines: list[str]) -> bytes:
    """A PDF of one page with these lines, written by hand."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 750 Td {shown} ET".encode("latin-1")
    font = b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font %s >> >>" % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n")
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def warc_bytes(pages: list[tuple[str, bytes]], *, is_gzip: bool = True) -> bytes:
    """A web archive of these pages, each record in its own gzip member."""
    records = []
    for number, (address, content) in enumerate(pages):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + content
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
            f"WARC-Date: 2024-05-14T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        records.append(gzip.compress(record) if is_gzip else record)
    return b"".join(records)


def test_html_gives_text_and_what_the_page_says_of_itself(write: Write) -> None:
    """JSON-LD is believed for title, day, language, author, outlet and address."""
    articles, findings = read(write("page.html", PAGE.encode()))

    found = articles[0]
    assert findings == []
    assert (found.title, found.byline, found.outlet) == (
        "Le bac de Corvenne",
        "Jeanne Morvadec",
        "Le Fanal",
    )
    assert (found.published, found.language, found.url) == (
        "2024-05-14",
        "fr",
        "https://fanal.example/bac",
    )
    assert "08:30:00+02:00" in found.published_basis
    assert "« Le bac numéro 3 partira à l’heure »" in found.text
    assert "Accueil" not in found.text
    assert found.extractor.startswith("trafilatura ")


def test_a_page_in_another_encoding_keeps_its_accents(write: Write) -> None:
    """In its text and in what it says of itself."""
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">')
    page = page.replace('"headline": "Le bac', '"headline": "L’été du bac')

    articles, _ = read(write("page.html", page.encode("cp1252")))

    assert articles[0].title == "L’été du bac de Corvenne"
    assert "à l’heure », a déclaré la préfète" in articles[0].text


def test_a_page_in_a_language_without_rules_is_read_with_a_warning(write: Write) -> None:
    """What the page says of its language is believed, and the person is told."""
    page = PAGE.replace('"inLanguage": "fr"', '"inLanguage": "mt"')

    articles, findings = read(write("page.html", page.encode()))

    assert len(articles) == 1
    assert [finding.code for finding in findings] == ["unknown-language"]
    assert "mt" in findings[0].message


def test_html_with_faulty_json_ld_is_still_read(write: Write) -> None:
    """A broken block of data says nothing and breaks nothing."""
    page = PAGE.replace('"@graph"', "@graph")

    articles, _ = read(write("page.html", page.encode()))

    assert "Le bac numéro 3" in articles[0].text


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><html><body><script>var a = 1;</script></body></html>",
        "<html></html>",
        "<html><head><title>x</title></head><body><script>" + "a();" * 5000 + "</script>",
    ],
)
def test_html_without_text_is_refused(write: Write, page: str) -> None:
    """Scripts and menus are no article."""
    assert "no article text in this page" in refusal(write("page.html", page.encode()))


def test_html_that_nests_without_end_is_read_or_refused(write: Write) -> None:
    """A page of fifty thousand open tags neither hangs nor breaks."""
    articles, findings = read(write("deep.html", b"<html><body>" + b"<div>" * 50_000 + b"text"))

    assert len(articles) + len(findings) == 1


def test_pdf_lines_become_paragraphs(write: Write) -> None:
    """Lines broken at the page's width are joined; the reading is marked as one to check."""
    content = pdf_bytes(
        [
            "The ferry of Corvenne will open in May, the minister said on Tues-",
            "day to the fishermen who had come to the harbour in the morning.",
            "Nobody else spoke.",
        ]
    )

    articles, findings = read(write("a.pdf", content))

    assert articles[0].text.split("\n")[0].startswith("The ferry of Corvenne")
    assert "said on Tuesday to the fishermen" in articles[0].text
    assert articles[0].extractor.startswith("pypdf ")
    assert [finding.level for finding in findings] == [Level.WARNING]


def test_pdf_without_text_is_refused_as_a_scan(write: Write) -> None:
    """A page that is a picture has no text to quote."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=200, height=200)
    out = io.BytesIO()
    writer.write(out)

    assert "a scan?" in refusal(write("scan.pdf", out.getvalue()))


def test_pdf_that_is_encrypted_is_refused(write: Write) -> None:
    """A password is asked of the person, not guessed."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_bytes(["Secret."])))
    writer.encrypt("open", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)

    assert "encrypted" in refusal(write("closed.pdf", out.getvalue()))


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"%PDF-1.7\ngarbage" * 50])
def test_pdf_cut_short_is_refused(write: Write, content: bytes) -> None:
    """Half a file is told as such."""
    assert "broken or cut short" in refusal(write("half.pdf", content))


def test_joining_lines_keeps_short_paragraphs_apart() -> None:
    """A line much shorter than the rest ends its paragraph."""
    page = (
        "A long line that runs to the edge of the page,\nand ends.\n"
        "The next long line that runs to the same edge,\nends too."
    )

    assert join_lines(page).count("\n") == 1


@pytest.mark.parametrize("is_gzip", [True, False])
def test_warc_gives_each_page_with_its_address(write: Write, is_gzip: bool) -> None:
    """Every page of an archive is an article of its own."""
    pages = [(f"https://fanal.example/{n}-bac.html", PAGE.encode()) for n in (1, 2)]

    articles, findings = read(
        write("a.warc.gz" if is_gzip else "a.warc", warc_bytes(pages, is_gzip=is_gzip))
    )

    assert findings == []
    assert [item.name for item in articles] == ["a.warc-1-bac", "a.warc-2-bac"] if is_gzip else True
    assert len(articles) == 2
    assert articles[1].place.endswith("#https://fanal.example/2-bac.html")


@pytest.mark.parametrize("is_gzip", [True, False])
def test_warc_cut_in_half_gives_what_is_whole_and_says_so(write: Write, is_gzip: bool) -> None:
    """The pages before the cut are read; the cut is a finding."""
    pages = [(f"https://fanal.example/{n}.html", PAGE.encode()) for n in (1, 2)]
    whole = warc_bytes(pages, is_gzip=is_gzip)
    one = warc_bytes(pages[:1], is_gzip=is_gzip)
    cut = whole[: len(one) + (len(whole) - len(one)) // 2]

    articles, findings = read(write("cut.warc", cut))

    assert len(articles) == 1
    assert [finding.code for finding in findings] == ["cut-short"]


def test_warc_that_is_none_is_told(write: Write) -> None:
    """Any other file named .warc is one finding."""
    assert "archive" in refusal(write("no.warc", b"hello, this is no archive at all\n" * 20))


RSS = """<?xml version="1.0"?><rss version="2.0"><channel>
<title>Le Fanal</title><language>fr</language>
<item><title>Le bac &amp; le port</title><link>https://fanal.example/1</link>
<pubDate>Tue, 14 May 2024 08:00:00 GMT</pubDate>
<description>&lt;p&gt;« Le bac part », a dit Maëlle.&lt;/p&gt;&lt;p&gt;Fin.
&lt;/p&gt;</description></item>
<item><title>Vide</title><link>https://fanal.example/2</link></item></channel></rss>"""


def test_feed_gives_each_entry(write: Write) -> None:
    """Title, day, address and outlet come from the feed; an entry without text is a finding."""
    articles, findings = read(write("feed.xml", RSS.encode()))

    found = articles[0]
    assert (found.title, found.outlet, found.published) == (
        "Le bac & le port",
        "Le Fanal",
        "2024-05-14",
    )
    assert found.text == "« Le bac part », a dit Maëlle.\nFin."
    assert sorted(finding.code for finding in findings) == ["check-reading", "no-text"]


def test_atom_content_is_taken_before_its_summary(write: Write) -> None:
    """The whole article is the longer of the two."""
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>E</title>'
        "<id>1</id>"
        "<updated>2024-05-14T00:00:00Z</updated><summary>Short.</summary>"
        '<content type="html">&lt;p&gt;The whole article, longer.&lt;/p&gt;</content>'
        "</entry></feed>"
    )

    articles, _ = read(write("a.atom", atom.encode()))

    assert articles[0].text == "The whole article, longer."


def test_feed_bomb_is_refused_unread(write: Write) -> None:
    """Entities that name entities are how a small file fills a memory."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'

    assert "feed bombs" in refusal(write("bomb.rss", bomb))


@pytest.mark.parametrize("content", [b"<rss></rss>", b"<rss><channel><item>", b"not a feed"])
def test_a_feed_without_entries_is_refused(write: Write, content: bytes) -> None:
    """An empty or broken feed is one line."""
    articles, findings = read(write("a.rss", content))

    assert articles == []
    assert any(finding.level is Level.ERROR for finding in findings)


def test_scripts_in_a_feed_are_no_text() -> None:
    """What a script says, nobody said."""
    assert fragment_text("<p>A<script>b()</script></p><p>C&nbsp;D</p>") == "A\nC D"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.txt", b"<!doctype html>", "text"),
        ("-", b"%PDF-1.7", "pdf"),
        ("-", b"WARC/1.0", "warc"),
        ("a.xml", b"<?xml version='1.0'?><!-- x --><feed xmlns='a'>", "feed"),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE html><html>", "html"),
        ("saved", b"\xef\xbb\xbf  <HTML lang=fr>", "html"),
        ("notes", b"Plain words < other words", "text"),
        ("-", b"<!--" * 900, "text"),
    ],
)
def test_a_format_is_told_by_ending_then_by_first_bytes(name: str, head: bytes, kind: str) -> None:
    """The ending of a file decides where it says something."""
    assert format_of(name, head).name == kind


def test_a_missing_library_names_the_extra(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the message says what to install."""

    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(article_module.importlib, "import_module", absent)

    with pytest.raises(ExtraMissingError, match=r"claim-provenance\[intake\]"):
        article_module.need("pypdf", "Reading PDF")
