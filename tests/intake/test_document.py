"""Files become captured articles: bytes hashed, characters unchanged, faults told in one line."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.intake.document import (
    Captured,
    Given,
    capture,
    find_sources,
    read_articles,
    read_sidecar,
    sha256_of,
)
from kg.intake.formats.article import MAXIMUM_BYTES, Article
from kg.model import Finding, Level

Write = Callable[[str, bytes], Path]


def read(path: Path, given: Given | None = None) -> tuple[list[Captured], list[Finding]]:
    """Read one path whole."""
    sources, findings = find_sources([str(path)], io.BytesIO())
    captured = []
    for source in sources:
        for item in read_articles(source):
            if isinstance(item, Article):
                captured.append(capture(item, given or Given()))
            else:
                findings.append(item)
    return captured, findings


def fault(path: Path) -> Finding:
    """The one finding of a file that holds no article."""
    captured, findings = read(path)
    assert captured == []
    assert len(findings) == 1
    return findings[0]


def test_plain_text_keeps_every_character(write: Write) -> None:
    """Byte-order mark, carriage returns and no-break spaces stay; the hash is that of the bytes."""
    raw = "\ufeffTitre\r\n\r\n«\u00a0Oui\u202f»,\tdit-elle.\u200b".encode()

    captured, findings = read(write("a.txt", raw))

    assert findings == []
    assert captured[0].text.encode() == raw
    assert captured[0].sha256 == captured[0].raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert captured[0].extractor == "plain text"


def test_text_that_is_not_utf8_is_read_with_a_warning(write: Write) -> None:
    """A Windows file is read, its own bytes hashed apart from the text, and the guess is told."""
    text = "La préfète a déclaré : « Le bac sera là à l’été, promet-elle à Corvenne. »\n" * 8
    raw = text.encode("cp1252")

    captured, findings = read(write("a.txt", raw))

    assert captured[0].text == text
    assert captured[0].raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert captured[0].sha256 == sha256_of(text)
    assert [finding.level for finding in findings] == [Level.WARNING]
    assert "not UTF-8" in findings[0].message


def test_utf16_is_read_by_its_mark(write: Write) -> None:
    """UTF-16 with a byte-order mark is what many editors save."""
    captured, findings = read(write("a.txt", "Le bac est là.".encode("utf-16")))

    assert captured[0].text == "Le bac est là."
    assert "utf-16" in findings[0].message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "holds no text"),
        (b"\x00\x01\x02\x7f\xff" * 400, "not text (binary content)"),
        (b"abc\x00def", "not text (binary content)"),
        (b"\x01\x02\x03\x04 a" * 90, "not text (binary content)"),
        (b"\xff\xfe\x00\xd8a", "marked as utf-16"),
    ],
)
def test_what_is_no_text_is_one_finding(write: Write, content: bytes, words: str) -> None:
    """Empty, blank, binary and broken files are told in one line each."""
    finding = fault(write("a.txt", content))

    assert finding.level is Level.ERROR
    assert words in finding.message
    assert "\n" not in str(finding)


def test_lone_surrogates_in_bytes_are_not_utf8(write: Write) -> None:
    """Half a character coded as UTF-8 is no UTF-8: it is guessed at with a warning, or refused."""
    raw = "Le bac est là, dit la préfète de Corvenne. ".encode() * 4 + b"\xed\xa0\x80"

    captured, findings = read(write("a.txt", raw))

    assert len(findings) == 1
    assert all(not 0xD800 <= ord(c) < 0xE000 for item in captured for c in item.text)


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """A hundred megabytes are no article; the file says so at once."""
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)

    assert f"larger than the {MAXIMUM_BYTES // 1_000_000} MB" in fault(path).message


def test_one_line_of_ten_megabytes_is_captured(write: Write) -> None:
    """Length is no fault below the limit, and boilerplate costs one pass."""
    captured, findings = read(write("a.txt", b"Le bac part demain. " * 500_000))

    assert findings == []
    assert len(captured[0].text) == 10_000_000
    assert captured[0].boilerplate == ()


def test_a_missing_file_and_a_good_one(write: Write) -> None:
    """A bad name is a finding and the rest go on."""
    good = write("good.txt", b"The ferry leaves.")

    sources, findings = find_sources([str(good), "nowhere.txt"], io.BytesIO())

    assert [source.name for source in sources] == ["good"]
    assert findings[0].code == "not-there"


def test_standard_input_is_read() -> None:
    """`-` reads the bytes that come in, and their kind is told from them."""
    sources, _ = find_sources(["-"], io.BytesIO(b"The ferry leaves, she said."))

    items = list(read_articles(sources[0]))

    assert isinstance(items[0], Article)
    assert items[0].name == "stdin"


def test_a_folder_gives_its_articles_and_refuses_links_out(tmp_path: Path, write: Write) -> None:
    """Files of known endings are read in order; hidden files, notes and links out are not."""
    outside = write("secret.txt", b"not yours")
    write("in/b.txt", b"Second.")
    write("in/a.txt", b"First.")
    write("in/.hidden.txt", b"Hidden.")
    write("in/README.txt", b"Notes.")
    write("in/picture.png", b"\x89PNG")
    (tmp_path / "in" / "out.txt").symlink_to(outside)

    sources, findings = find_sources([str(tmp_path / "in")], io.BytesIO())

    assert [source.name for source in sources] == ["a", "b"]
    assert [finding.code for finding in findings] == ["outside-folder"]


def test_what_a_person_says_comes_first() -> None:
    """Outlet, date, byline, address, title and language given are taken before what is found."""
    article = Article(
        "p", "n", "Titre\n\nCorps du texte.", b"x", "plain text", "text", outlet="Autre"
    )
    given = Given("Le Fanal", "2024-05", "https://x.example/1", "A. B.", "fr", "Un titre")

    captured = capture(article, given)

    assert (captured.outlet, captured.outlet_basis) == (
        "Le Fanal",
        "given when the article was added",
    )
    assert (captured.published, captured.byline, captured.title) == ("2024-05", "A. B.", "Un titre")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given(published="yesterday"), "--published"),
        (Given(language="xx"), "--language xx"),
        (Given(url="javascript:alert(9)"), "not a web address"),
    ],
)
def test_a_wrong_option_is_told(given: Given, words: str) -> None:
    """A date, a language or an address that is none is a fault of the call."""
    with pytest.raises(UsageError, match=words):
        capture(Article("p", "n", "Texte.", b"x", "plain text", "text"), given)


def test_a_sidecar_fills_many_files(write: Write) -> None:
    """A CSV with semicolons, as spreadsheets save it, tells outlet and date of each file."""
    write("in/a.txt", b"First.")
    listing = write("in/list.csv", "\ufefffile;outlet;published\na.txt;Le Fanal;2024\n".encode())

    said, findings = read_sidecar(listing)

    assert findings == []
    assert said == {
        (listing.parent / "a.txt").resolve(): Given(outlet="Le Fanal", published="2024")
    }


def test_a_sidecar_row_may_not_leave_its_folder(write: Write) -> None:
    """A path that climbs out, and one that is not there, are findings with their line."""
    write("secret.txt", b"not yours")
    listing = write("in/list.csv", b"file,outlet\n../secret.txt,A\nnone.txt,B\n")

    said, findings = read_sidecar(listing)

    assert said == {}
    assert [(item.line, item.code) for item in findings] == [
        (2, "outside-folder"),
        (3, "not-there"),
    ]


@pytest.mark.parametrize("content", [b"name,outlet\na,b\n", b"file,outlit\na,b\n", b"\xff\xfe\x00"])
def test_a_sidecar_of_the_wrong_form_is_told(write: Write, content: bytes) -> None:
    """A missing or misspelt column, or no text at all, is a fault of the call."""
    with pytest.raises(UsageError, match=r"list\.csv"):
        read_sidecar(write("list.csv", content))
