"""An evidence bundle to hand on: an RO-Crate 1.1 in a zip file (https://w3id.org/ro/crate/1.1).

In: a store. Out: a zip whose bytes are the same for the same graph: the graph, the table of
attributions, the bibliography, the hash of every quote, and a description of them all.
Holds no article: hashes, offsets and the short quotes let the holder of a text check them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.dates import parse_when
from kg.export.asked import answers
from kg.export.bibliography import bibtex
from kg.export.rdf import trig, turtle
from kg.export.tables import csv_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["crate"]

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: ours say nothing of when they were made."""

_CONTEXT: Final = "https://w3id.org/ro/crate/1.1/context"
_RIGHTS: Final = (
    "Quoted words remain the property of their publishers and authors; they are reproduced only as "
    "far as needed to identify and verify what was said and where. For the rest, the licence of "
    "the collection applies."
)


class _File(NamedTuple):
    name: str
    media_type: str
    description: str
    content: bytes


def crate(store: Store, project: Project) -> bytes:
    """Write the bundle."""
    documents = answers(store, project, "documents")
    files = [
        _File("graph.ttl", "text/turtle", "The graph.", turtle(store, project)),
        _File(
            "graph.trig",
            "application/trig",
            "The graph, and each claim's triple quoted in a graph of its own.",
            trig(store, project),
        ),
        _File(
            "attributions.csv",
            "text/csv",
            "Who said what, in which words, where: one attribution a line.",
            csv_table(store, project),
        ),
        _File(
            "quotes.csv",
            "text/csv",
            "Place and SHA-256 of every quoted span, and of the text it stands in.",
            _quotes(answers(store, project, "evidence")),
        ),
        _File("documents.bib", "application/x-bibtex", "The documents.", bibtex(store, project)),
    ]
    described = _File(
        "ro-crate-metadata.json", "application/ld+json", "", _metadata(files, documents, project)
    )
    return _zipped([described, *files])


def _quotes(spans: Iterable[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("attribution", "role", "start", "end", "span_sha256", "text_sha256"))
    for row in spans:
        digest = hashlib.sha256(row["exact"].encode("utf-8")).hexdigest()
        writer.writerow((row["id"], row["role"], row["start"], row["end"], digest, row["sha256"]))
    return stream.getvalue().encode("utf-8")


def _metadata(files: list[_File], documents: list[dict[str, str]], project: Project) -> bytes:
    root: dict[str, object] = {
        "@id": "./",
        "@type": "Dataset",
        "name": project.title,
        "description": "Who said what, in which words, in which outlet, relayed by whom.",
        "license": {"@id": "#rights"},
        "hasPart": [{"@id": file.name} for file in files],
        "mentions": [{"@id": f"urn:sha256:{row['sha256']}"} for row in documents],
    }
    days = sorted(day for row in documents for day in _days(row["published"]))
    if days:
        # There is no clock here: the newest publication that the graph knows dates the bundle.
        root["datePublished"] = days[-1]
    graph: list[dict[str, object]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        {"@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": _RIGHTS},
        *(_described(file) for file in files),
        *(_article(row) for row in documents),
    ]
    crate_document = {"@context": _CONTEXT, "@graph": graph}
    return (json.dumps(crate_document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _days(edtf: str) -> Iterable[str]:
    if edtf:
        when = parse_when(edtf)
        yield when.latest or when.earliest


def _described(file: _File) -> dict[str, object]:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": file.description,
        "encodingFormat": file.media_type,
        "contentSize": str(len(file.content)),
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }


def _article(row: dict[str, str]) -> dict[str, object]:
    node: dict[str, object] = {
        "@id": f"urn:sha256:{row['sha256']}",
        "@type": "NewsArticle",
        "identifier": row["document"],
        "name": row["title"],
        "inLanguage": row["textLanguage"],
    }
    if row["published"]:
        node["datePublished"] = row["published"]
    if row["url"]:
        node["url"] = row["url"]
    return node


def _zipped(files: Iterable[_File]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=_EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            # Stored, not deflated: another zlib would give other bytes.
            entry.compress_type = zipfile.ZIP_STORED
            archive.writestr(entry, file.content)
    return stream.getvalue()
