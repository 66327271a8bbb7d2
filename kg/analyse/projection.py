"""The material of all readings, read from a store through the queries of `queries/readings`.

In: a store that is open, the predicate vocabulary. Out: `Material`, plain values only.
Withdrawn attributions stay out unless asked for. Reads no record file and no article text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from kg.analyse.material import (
    AlignmentFact,
    ClaimFact,
    DocumentFact,
    Material,
    PredicateFact,
    SourceFact,
    UtteranceFact,
)
from kg.graph.predicates import Predicates
from kg.graph.rows import attribution_rows
from kg.graph.store import Store
from kg.graph.vocab import CONCEPTS, KG
from kg.project import data_folder

__all__ = ["load_material", "predicate_facts"]

_Cells = dict[str, str]

_SPECIFIC = ("place", "event", "project", "work", "agent", "outlet", "source", "family", "topic")
"""What a thing is called where it is several, most specific first."""

_WORD = {iri: value for scheme in CONCEPTS.values() for value, iri in scheme.items()}


def load_material(
    store: Store,
    *,
    base: str,
    predicates: Predicates | None = None,
    language: str = "en",
    withdrawn: bool = False,
) -> Material:
    """Read everything the readings look at.

    Args:
        store: an open store.
        base: where the data's addresses start.
        predicates: what the ontology declares; without it no conflict can be derived.
        language: the language of names, where there is one.
        withdrawn: whether retracted and rejected attributions count too.

    Raises:
        QueryError: the store refused a query.
    """
    things = _ask(store, "things")
    labels = _labels(things, language)
    rows = attribution_rows(store, language=language)
    outlets = _ask(store, "outlets")
    return Material(
        base=base,
        rows=tuple(row for row in rows if withdrawn or not row.is_withdrawn),
        language=language,
        alignments=tuple(sorted(_alignment(cells) for cells in _ask(store, "alignments"))),
        documents=_documents(store, labels),
        utterances=_utterances(store, labels),
        sources={
            cells["source"]: SourceFact(
                cells["source"],
                labels.get(cells["source"], ""),
                cells.get("kind", ""),
                cells.get("publisher", ""),
            )
            for cells in _ask(store, "sources")
        },
        claims=_claims(store),
        predicates=predicate_facts(predicates, language) if predicates else {},
        families={cells["outlet"]: cells["family"] for cells in outlets if "family" in cells},
        affiliations=_affiliations(store),
        outlet_agents={cells["outlet"]: cells["agent"] for cells in outlets if "agent" in cells},
        classes=_classes(things),
        labels=labels,
    )


def predicate_facts(predicates: Predicates, language: str = "en") -> Mapping[str, PredicateFact]:
    """Give what the vocabulary declares, by IRI, with inverse and disjoint predicates as IRIs."""
    return {
        item.iri: PredicateFact(
            iri=item.iri,
            name=item.name,
            label=item.label(language),
            kind=str(item.kind),
            functional=item.functional,
            symmetric=item.symmetric,
            ordered=item.ordered,
            inverse=predicates.iri(item.inverse) if item.inverse else "",
            disjoint=tuple(predicates.iri(name) for name in item.disjoint),
        )
        for item in predicates.by_name.values()
    }


def _ask(store: Store, name: str) -> list[_Cells]:
    """Answer one query, sorted here: an engine takes longer over ORDER BY than over the rest."""
    query = (data_folder("queries") / "readings" / f"{name}.rq").read_text(encoding="utf-8")
    table = store.select(query)
    rows = sorted(tuple(term.value if term else "" for term in row) for row in table.rows)
    return [
        {column: value for column, value in zip(table.columns, row, strict=True) if value}
        for row in rows
    ]


def _labels(things: list[_Cells], language: str) -> dict[str, str]:
    """Choose the label of each thing: the language asked for, English, French, or any."""
    order = {"": 3, "fr": 2, "en": 1, language: 0}
    best: dict[str, tuple[int, str]] = {}
    for cells in things:
        if "label" in cells:
            rank = (order.get(cells.get("language", ""), 4), cells["label"])
            known = best.get(cells["thing"])
            if known is None or rank < known:
                best[cells["thing"]] = rank
    return {iri: label for iri, (_, label) in best.items()}


def _classes(things: list[_Cells]) -> dict[str, str]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for cells in things:
        found[cells["thing"]].add(cells["class"])
    return {
        iri: next((word for word in _SPECIFIC if word in words), min(words))
        for iri, words in found.items()
    }


def _alignment(cells: _Cells) -> AlignmentFact:
    return AlignmentFact(
        left=cells["left"],
        right=cells["right"],
        relation=_WORD.get(cells["relation"], cells["relation"]),
        judgement=_WORD.get(cells["judgement"], cells["judgement"]),
        basis=cells.get("basis", ""),
        by=cells.get("by", ""),
        judge_kind=cells.get("kind", "software"),
        conflict=_WORD.get(cells.get("conflict", ""), ""),
        iri=cells["alignment"],
    )


def _documents(store: Store, labels: Mapping[str, str]) -> dict[str, DocumentFact]:
    aside: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for cells in _ask(store, "boilerplate"):
        aside[cells["document"]].append((int(cells["start"]), int(cells["end"])))
    return {
        cells["document"]: DocumentFact(
            iri=cells["document"],
            slug=cells["slug"],
            sha256=cells["sha256"],
            language=cells.get("language", ""),
            title=cells.get("title", ""),
            outlet_iri=cells.get("outlet", ""),
            outlet=labels.get(cells.get("outlet", ""), ""),
            outlet_known="unidentified" not in cells and "outlet" in cells,
            byline=cells.get("byline", ""),
            published=cells.get("published", ""),
            earliest=cells.get("earliest", ""),
            latest=cells.get("latest", ""),
            characters=int(cells.get("characters", "0")),
            url=cells.get("url", ""),
            boilerplate=tuple(sorted(aside[cells["document"]])),
        )
        for cells in _ask(store, "documents")
    }


def _utterances(store: Store, labels: Mapping[str, str]) -> dict[str, UtteranceFact]:
    speakers: defaultdict[str, list[str]] = defaultdict(list)
    first: dict[str, _Cells] = {}
    for cells in _ask(store, "utterances"):
        first.setdefault(cells["utterance"], cells)
        if "speaker" in cells and cells["speaker"] not in speakers[cells["utterance"]]:
            speakers[cells["utterance"]].append(cells["speaker"])
    return {
        iri: UtteranceFact(
            iri=iri,
            label=labels.get(iri, ""),
            speakers=tuple(speakers[iri]),
            date=cells.get("date", ""),
            earliest=cells.get("earliest", ""),
            latest=cells.get("latest", ""),
            place=cells.get("place", ""),
            event=cells.get("event", ""),
        )
        for iri, cells in first.items()
    }


def _claims(store: Store) -> dict[str, ClaimFact]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for cells in _ask(store, "qualifiers"):
        found[cells["claim"]].append((cells["property"].removeprefix(KG.NS), cells["value"]))
    return {iri: ClaimFact(iri, tuple(sorted(pairs))) for iri, pairs in found.items()}


def _affiliations(store: Store) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for cells in _ask(store, "affiliations"):
        found[cells["agent"]].append(cells["organisation"])
    return {iri: tuple(organisations) for iri, organisations in found.items()}
