"""What the readings read besides attributions, from the index: registries and judgements.

In: an index and its project. Out: a `Material` without rows; pages put in the rows they concern.
Imported by the first page that shows a reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar, cast

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

T = TypeVar("T")


class _Facts(Mapping[str, T], Generic[T]):
    """Facts by IRI, each made of what the index keeps when it is first asked for."""

    def __init__(self, bodies: Mapping[str, str], make: Callable[[object], T]) -> None:
        self._bodies = bodies
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, iri: str) -> T:
        made = self._made.get(iri)
        if made is None:
            made = self._made[iri] = self._make(json.loads(self._bodies[iri]))
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._bodies)

    def __len__(self) -> int:
        return len(self._bodies)


def bare_material(index: Index, project: Project, language: str) -> Material:
    """Give everything the readings look at but the attributions."""
    found, bodies = index.facts, index.bodies

    def document(item: object) -> DocumentFact:
        made = document_fact(item)
        return replace(made, outlet=index.name(made.outlet_iri, language) or made.outlet)

    def utterance(item: object) -> UtteranceFact:
        made = UtteranceFact(*_tuples(item))
        return replace(made, label=index.name(made.iri, language))

    def source(item: object) -> SourceFact:
        made = SourceFact(*_tuples(item))
        return replace(made, label=index.name(made.iri, language))

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
        documents=_Facts(bodies("document"), document),
        utterances=_Facts(bodies("utterance"), utterance),
        sources=_Facts(bodies("source"), source),
        claims=_Facts(bodies("claim"), lambda item: ClaimFact(*_tuples(item))),
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
