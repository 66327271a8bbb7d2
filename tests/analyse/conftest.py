"""Small worlds of attributions, the example collection and the five articles, for the readings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from kg.analyse.material import DocumentFact, Material, window_of
from kg.analyse.projection import load_material
from kg.graph.build import collection_quads, project_lookup
from kg.graph.predicates import load_predicates
from kg.graph.rows import AttributionRow, ClaimRow
from kg.graph.store import MemoryStore
from kg.project import data_folder, find_project
from kg.records import load_collection

BASE = "https://example.org/id/"

RowMaker = Callable[..., AttributionRow]


def claim_row(line: str) -> ClaimRow:
    """A claim from `subject predicate object`; the object of a number or date stays a literal."""
    subject, predicate, thing = line.split(" ", 2)
    literal = thing[:1].isdigit()
    return ClaimRow(
        f"{BASE}claim/{line.replace(' ', '-')}",
        line,
        line,
        f"{BASE}topic/{subject}",
        f"{BASE}{predicate}",
        thing if literal else f"{BASE}topic/{thing}",
    )


def make_row(identifier: str, quote: str = "words", **known: object) -> AttributionRow:
    """A row by its `slug#id`; speakers, claims and chain may be given as plain names."""
    slug = identifier.partition("#")[0]
    values: dict[str, object] = {field.name: "" for field in fields(AttributionRow)}
    values.update(
        iri=f"{BASE}{identifier}",
        key=identifier,
        identifier=identifier,
        document_iri=f"{BASE}text/{slug}",
        slug=slug,
        language="en",
        sha256=hashlib.sha256(slug.encode()).hexdigest(),
        published="2025-04-03",
        outlet_iri=f"{BASE}outlet/{slug}",
        outlet=f"The {slug}",
        outlet_known=True,
        form="direct",
        illocution="assertion",
        polarity="affirmed",
        modality="certain",
        reporter_modality="certain",
        stance="neutral",
        quote=quote,
        spans=((0, len(quote)),),
        confidence=None,
        retracted=False,
        review_status="unreviewed",
        speakers=(),
        chain=(),
        claims=(),
    )
    for name in ("speakers", "chain", "claims"):
        known[name] = tuple(known.get(name, ()))  # type: ignore[arg-type]
    known["speaker_iris"] = tuple(f"{BASE}agent/{name}" for name in known["speakers"])
    known.setdefault("chain_iris", tuple(f"{BASE}source/{name}" for name in known["chain"]))
    known["claims"] = tuple(claim_row(line) for line in known["claims"])
    if known.get("utterance"):
        known["utterance_iri"] = f"{BASE}utterance/{known['utterance']}"
    return AttributionRow(**(values | known))  # type: ignore[arg-type]


def make_material(*rows: AttributionRow, **known: object) -> Material:
    """Material of rows, with a document for each text, published on the row's day."""
    documents = {
        row.document_iri: DocumentFact(
            row.document_iri,
            row.slug,
            row.sha256,
            row.language,
            outlet_iri=row.outlet_iri,
            outlet=row.outlet,
            outlet_known=row.outlet_known,
            published=row.published,
            earliest=window_of(row.published)[0],
            latest=window_of(row.published)[1],
        )
        for row in rows
    }
    ordered = tuple(sorted(rows, key=lambda row: (row.slug, row.spans, row.iri)))
    return Material(BASE, ordered, **({"documents": documents} | known))  # type: ignore[arg-type]


def project_material(root: Path, language: str = "en") -> Material:
    """The material of a project, read through a store built in memory."""
    project = find_project(root)
    loaded = load_collection(project)
    assert not loaded.errors
    lookup = project_lookup(loaded.collection, project)
    store = MemoryStore(collection_quads(loaded.collection, lookup), base=project.base)
    predicates = load_predicates(data_folder("ontology"), project.sources)
    return load_material(store, base=project.base, predicates=predicates, language=language)


def texts_in(folder: Path) -> dict[str, str]:
    """The texts of a folder by their SHA-256."""
    contents = [path.read_bytes() for path in sorted(folder.glob("*.txt"))]
    return {hashlib.sha256(content).hexdigest(): content.decode() for content in contents}


@pytest.fixture(scope="session")
def ferry(repository: Path) -> Material:
    """The example collection."""
    return project_material(repository / "examples" / "strait-ferry")


@pytest.fixture(scope="session")
def ferry_texts(repository: Path) -> dict[str, str]:
    """The texts of the example collection."""
    return texts_in(repository / "examples" / "strait-ferry" / "texts")


@pytest.fixture(scope="session")
def five(repository: Path) -> Material:
    """The project's own records of the five articles; they need no article text."""
    return project_material(repository)


@pytest.fixture(scope="session")
def five_texts(article_texts: Path) -> dict[str, str]:
    """The five article texts, where they are held."""
    return texts_in(article_texts)
