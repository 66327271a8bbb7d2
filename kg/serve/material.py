"""What the readings read besides attributions, from the index: registries and judgements.

In: an index and its project. Out: a `Material` without rows; pages put in the rows they concern.
Imported by the first page that shows a reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from kg.analyse.material import (
    AlignmentFact,
    ClaimFact,
    DocumentFact,
    Material,
    SourceFact,
    UtteranceFact,
)
from kg.analyse.projection import predicate_facts
from kg.graph.predicates import load_predicates
from kg.project import Project, data_folder
from kg.serve.index import Index

__all__ = ["bare_material", "document_fact"]


def bare_material(index: Index, project: Project, language: str) -> Material:
    """Give everything the readings look at but the attributions."""
    found = index.facts
    documents = [document_fact(item) for item in found("document")]
    utterances = [UtteranceFact(*_tuples(item)) for item in found("utterance")]
    sources = [SourceFact(*_tuples(item)) for item in found("source")]
    claims = [ClaimFact(*_tuples(item)) for item in found("claim")]
    pairs = {
        name: dict(cast("list[tuple[str, str]]", found(name)))
        for name in ("family", "outlet_agent", "class")
    }
    affiliations = cast("list[tuple[str, list[str]]]", found("affiliation"))
    predicates = load_predicates(data_folder("ontology"), project.sources)
    return Material(
        base=project.base,
        rows=(),
        language=language,
        alignments=tuple(AlignmentFact(*_tuples(item)) for item in found("alignment")),
        documents={
            item.iri: replace(item, outlet=index.name(item.outlet_iri, language) or item.outlet)
            for item in documents
        },
        utterances={
            item.iri: replace(item, label=index.name(item.iri, language)) for item in utterances
        },
        sources={item.iri: replace(item, label=index.name(item.iri, language)) for item in sources},
        claims={item.iri: item for item in claims},
        predicates=predicate_facts(predicates, language),
        families=pairs["family"],
        affiliations={iri: tuple(others) for iri, others in affiliations},
        outlet_agents=pairs["outlet_agent"],
        classes=pairs["class"],
        labels=index.names(language),
    )


def document_fact(kept: object) -> DocumentFact:
    """Give one document as the readings know it, from what the index keeps of it."""
    return DocumentFact(*_tuples(kept))


def _tuples(value: object) -> tuple[Any, ...]:
    """Turn the lists of a JSON value into the tuples it was written from by `kg.serve.indexing`."""

    def frozen(item: object) -> object:
        return tuple(frozen(inner) for inner in item) if isinstance(item, list) else item

    return cast("tuple[Any, ...]", frozen(value))
