"""CSV, JSON Lines, bibliography and bundle, each read back and compared with the store."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile

import pyoxigraph as ox
import pytest

from kg.errors import UsageError
from kg.export import FORMATS, export
from kg.export.tables import COLUMNS
from kg.graph.rows import attribution_rows
from kg.graph.store import MemoryStore
from kg.project import Project

BASE = "https://example.org/id/"


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_csv_has_one_attribution_a_line(mini_store: MemoryStore, mini_project: Project) -> None:
    """Every attribution is there once, withdrawn ones marked, with words, place and hash."""
    rows = _rows(export(mini_store, mini_project, "csv"))
    by_name = {row["attribution"]: row for row in rows}
    relay = by_name["notes-jetee#a2"]

    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(by_name) == 15
    assert relay["quote"] == "M. Ild n’a jamais été consulté"
    assert (relay["start"], relay["end"]) == ("107", "137")
    assert relay["chain"] == "Harbour Post | Radio Cap"
    assert relay["speaker"] == "Tomas Ild"
    assert relay["outlet"] == ""
    assert relay["outlet_identified"] == "no"
    assert re.fullmatch(r"[0-9a-f]{64}", relay["text_sha256"])
    assert by_name["gazette-jetee#a3"]["speaker_as_written"] == "Un habitant"
    assert by_name["gazette-jetee#a5"]["retracted"] == "yes"
    assert by_name["notes-jetee#a4"]["review"] == "rejected"


def test_csv_keeps_words_as_they_stand(mini_project: Project, mini_store: MemoryStore) -> None:
    """Quotation marks, line breaks, commas and a leading equals sign come back unchanged."""
    token = next(
        quad.subject for quad in mini_store.raw if quad.object == ox.Literal("gazette-jetee#a2")
    )
    predicate = ox.NamedNode("https://w3id.org/claim-provenance/ns#quote")
    words = '=1+1, «\xa0a "b"\nc\xa0»\r\n\té'
    for quad in list(mini_store.raw.quads_for_pattern(token, predicate, None, None)):
        mini_store.raw.remove(quad)
    mini_store.raw.add(ox.Quad(token, predicate, ox.Literal(words)))
    rows = {row["attribution"]: row for row in _rows(export(mini_store, mini_project, "csv"))}

    assert rows["gazette-jetee#a2"]["quote"] == words


def test_json_lines_hold_every_field(mini_store: MemoryStore, mini_project: Project) -> None:
    """One object a line, with the fields of the shared row."""
    lines = export(mini_store, mini_project, "jsonl").decode("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    rows = attribution_rows(mini_store, language="en")

    assert [item["identifier"] for item in found] == [row.identifier for row in rows]
    assert [item["quote"] for item in found] == [row.quote for row in rows]
    assert found[0]["spans"] == [list(span) for span in rows[0].spans]


def test_bibtex_has_one_entry_a_document(mini_store: MemoryStore, mini_project: Project) -> None:
    """Entries are keyed by short name, balanced, and guess no outlet."""
    text = export(mini_store, mini_project, "bibtex").decode("utf-8")
    entries = re.findall(r"@online\{([^,]+),\n((?:  \w+ = \{.*\},\n)+)\}\n", text)
    fields = {key: dict(re.findall(r"  (\w+) = \{(.*)\},\n", body)) for key, body in entries}

    assert sorted(fields) == ["gazette-jetee", "harbour-post-pier", "notes-jetee"]
    assert text.count("{") == text.count("}")
    assert fields["harbour-post-pier"]["author"] == "{Ann Doe}"
    assert fields["harbour-post-pier"]["date"] == "2030-05-02"
    assert "organization" not in fields["notes-jetee"]
    assert "date" not in fields["notes-jetee"]


def test_bibtex_escapes_what_latex_reads(mini_store: MemoryStore, mini_project: Project) -> None:
    """Characters that LaTeX would take for commands are escaped in a title."""
    text = next(quad.subject for quad in mini_store.raw if quad.object == ox.Literal("notes-jetee"))
    title = ox.NamedNode("http://purl.org/dc/terms/title")
    for quad in list(mini_store.raw.quads_for_pattern(text, title, None, None)):
        mini_store.raw.remove(quad)
    mini_store.raw.add(ox.Quad(text, title, ox.Literal("50 % & {more} $_#")))

    assert rb"title = {50 \% \& \{more\} \$\_\#}," in export(mini_store, mini_project, "bibtex")


def test_csl_items_follow_the_schema(mini_store: MemoryStore, mini_project: Project) -> None:
    """Items have id, type and title; dates are date-parts; an unknown date is absent."""
    items = {item["id"]: item for item in json.loads(export(mini_store, mini_project, "csl"))}

    assert sorted(items) == ["gazette-jetee", "harbour-post-pier", "notes-jetee"]
    assert {item["type"] for item in items.values()} == {"article-newspaper"}
    assert items["harbour-post-pier"]["issued"] == {"date-parts": [[2030, 5, 2]]}
    assert items["harbour-post-pier"]["container-title"] == "Harbour Post"
    assert "issued" not in items["notes-jetee"]
    assert "container-title" not in items["notes-jetee"]


def test_crate_describes_every_file(mini_store: MemoryStore, mini_project: Project) -> None:
    """Sizes and hashes of the description are those of the files; none is missing."""
    archive = zipfile.ZipFile(io.BytesIO(export(mini_store, mini_project, "rocrate")))
    graph = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
    nodes = {node["@id"]: node for node in graph}
    files = [node for node in graph if node["@type"] == "File"]

    assert archive.testzip() is None
    assert {node["@id"] for node in files} == set(archive.namelist()) - {"ro-crate-metadata.json"}
    assert nodes["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert nodes["./"]["hasPart"] == [{"@id": node["@id"]} for node in files]
    assert nodes["./"]["datePublished"] == "2030-05-03"
    for node in files:
        content = archive.read(node["@id"])
        assert hashlib.sha256(content).hexdigest() == node["sha256"]
        assert str(len(content)) == node["contentSize"]
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_crate_hashes_quotes_and_holds_no_text(
    mini_store: MemoryStore, mini_project: Project
) -> None:
    """Each span's hash is that of its words; the bundle holds the graph of the other exports."""
    archive = zipfile.ZipFile(io.BytesIO(export(mini_store, mini_project, "rocrate")))
    spans = _rows(archive.read("quotes.csv"))
    quotes = {row.identifier: row for row in attribution_rows(mini_store)}
    evidence = [row for row in spans if row["role"] == "evidence"]

    assert len(evidence) == 15
    for row in evidence:
        words = quotes[row["attribution"]].quote.encode("utf-8")
        assert hashlib.sha256(words).hexdigest() == row["span_sha256"]
    assert archive.read("graph.ttl") == export(mini_store, mini_project, "turtle")


def test_unknown_formats_are_told(mini_store: MemoryStore, mini_project: Project) -> None:
    """A format that is not there names those that are."""
    with pytest.raises(UsageError, match="no format `docx`; choose one of turtle, trig"):
        export(mini_store, mini_project, "docx")


def test_an_empty_graph_exports_in_every_format(mini_project: Project) -> None:
    """A graph without attributions gives whole, empty files, not errors."""
    empty = MemoryStore(base=BASE)

    for name in FORMATS:
        assert export(empty, mini_project, name) is not None
    assert _rows(export(empty, mini_project, "csv")) == []
