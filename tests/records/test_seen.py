"""What was seen of the texts, and the hash that one digit keeps from its text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.model import Attribution, Collection, Document, Finding, Form, Level, Record, Span
from kg.project import Project
from kg.records.load import Loaded, Location
from kg.records.seen import count_seen, mistaken_hashes, unheld
from kg.records.texts import HeldText, files_of_length

TEXT = "Le quai rouvre, a dit la maire. Il ferme à midi, selon le port.\n"
RIGHT = hashlib.sha256(TEXT.encode()).hexdigest()
WRONG = "0" * 64
PLACES = {"port": Location("sources/port/record.yaml", 2)}


def record(sha256: str = WRONG, *quotes: str) -> Record:
    """A record of the text under a hash, with these quotes."""
    made = []
    for number, quote in enumerate(quotes or ("Le quai rouvre", "Il ferme à midi"), 1):
        start = max(TEXT.find(quote), 0)
        spans = (Span(start, start + len(quote)),)
        made.append(Attribution(f"a{number}", Form.INDIRECT, (quote,), spans, ("mayor",)))
    document = Document(sha256, len(TEXT), "fr", "Le quai", "unidentified")
    return Record("port", document, tuple(made))


def others(path: Path) -> list[tuple[str, HeldText]]:
    return [(RIGHT, HeldText(path / "quai.txt", TEXT))]


def test_a_hash_one_digit_off_is_told_with_the_right_one(tmp_path: Path) -> None:
    """Nothing has the hash, and a text of that length says every quote at its place."""
    (finding,) = mistaken_hashes([record()], others(tmp_path), PLACES)

    assert (finding.path, finding.line, finding.level) == (*PLACES["port"], Level.ERROR)
    assert finding.code == "mistaken-hash"
    assert f"write `sha256: {RIGHT}`" in finding.message
    assert "quai.txt" in finding.message


@pytest.mark.parametrize("quotes", [("Le quai ouvre",), ("Le quai rouvre", "Il ferme à une heure")])
def test_another_text_of_that_length_is_another_text(
    quotes: tuple[str, ...], tmp_path: Path
) -> None:
    """One quote that does not stand there is enough."""
    assert mistaken_hashes([record(WRONG, *quotes)], others(tmp_path), PLACES) == []


def test_a_record_without_quotes_is_no_texts(tmp_path: Path) -> None:
    """Where nothing is quoted nothing speaks for a text but its length."""
    empty = Record("port", record().document, ())

    assert mistaken_hashes([empty], others(tmp_path), PLACES) == []


def test_texts_of_a_length_are_those_nobody_names(tmp_path: Path) -> None:
    """Length counts code points; what a record names, or is not UTF-8, is left out."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "same.txt").write_text(TEXT, encoding="utf-8")
    (folder / "longer.txt").write_text(TEXT + "Fin.\n", encoding="utf-8")
    (folder / "latin.txt").write_bytes(TEXT.encode("latin-1"))
    project = Project(tmp_path, "https://example.org/", "", "fr", tmp_path, tmp_path, (folder,))

    found = list(files_of_length(project, [len(TEXT)], []))
    assert [(digest, held.path.name) for digest, held in found] == [(RIGHT, "same.txt")]
    assert list(files_of_length(project, [len(TEXT)], [RIGHT])) == []
    assert list(files_of_length(project, [], [])) == []


@pytest.mark.parametrize(
    ("texts", "faulty", "counts"),
    [
        ({}, "", (0, 2, 0, 1)),
        ({WRONG: TEXT}, "", (2, 2, 1, 1)),
        ({WRONG: TEXT}, "quote-differs", (1, 2, 1, 1)),
        ({WRONG: TEXT}, "cue-differs", (2, 2, 1, 1)),
    ],
)
def test_quotes_are_counted_as_seen(
    texts: dict[str, str], faulty: str, counts: tuple[int, int, int, int]
) -> None:
    """A quote is verified where its text is held and nothing is said against its words."""
    loaded = Loaded(Collection((record(),)), PLACES, {}, ())
    findings = [Finding("", 0, Level.ERROR, faulty, "…", "port#a1")] if faulty else []

    assert count_seen(loaded, texts, findings) == counts
    assert len(unheld(loaded, texts)) == (0 if texts else 1)
