"""Attributions as plain rows: the one projection that tables, picture, readings and explorer share.

In: a store. Out: `AttributionRow` values holding nothing but strings, numbers and tuples, sorted
by document, place and key. No RDF term leaves this module, and nothing is judged or counted here.
The questions are `queries/rows/*.rq`, each asked once whatever the size of the graph.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from kg.graph.vocab import CONCEPTS, KG
from kg.project import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.graph.store import Store

__all__ = ["AttributionRow", "ClaimRow", "attribution_rows"]


@dataclass(frozen=True, slots=True, order=True)
class ClaimRow:
    """One claim as an attribution conveys it: its IRI, its triple and a label per language.

    `object` is an IRI, or the characters of a literal.
    """

    iri: str
    label_fr: str
    label_en: str
    subject_iri: str
    predicate_iri: str
    object: str

    def label(self, language: str) -> str:
        """Give the label in a language, or the other one where that is missing, or the IRI."""
        first, second = (
            (self.label_en, self.label_fr) if language == "en" else (self.label_fr, self.label_en)
        )
        return first or second or self.iri


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """One attribution with everything a reader needs to see where its words come from.

    Absent values are "" (or an empty tuple); `outlet` is "" and `outlet_known` false where the
    text's outlet is not identified. `chain` runs from the text outward, nearest link first.
    Enumerated values (`form`, `modality`, …) are spelled as in `kg.model`: "unmarked-direct".
    `confidence` is None where the record states none.
    """

    iri: str
    key: str
    identifier: str
    document_iri: str
    slug: str
    title: str
    language: str
    sha256: str
    published: str
    outlet_iri: str
    outlet: str
    outlet_known: bool
    byline: str
    speakers: tuple[str, ...]
    speaker_iris: tuple[str, ...]
    unresolved: str
    speaker_kind: str
    role: str
    mention: str
    resolution_basis: str
    cue: str
    form: str
    illocution: str
    polarity: str
    modality: str
    reporter_modality: str
    stance: str
    quote: str
    spans: tuple[tuple[int, int], ...]
    claims: tuple[ClaimRow, ...]
    utterance_iri: str
    utterance: str
    utterance_date: str
    chain: tuple[str, ...]
    chain_iris: tuple[str, ...]
    review_status: str
    confidence: float | None
    run: str
    retracted: bool
    note: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was retracted, or rejected in review: kept, and hidden by default."""
        return self.retracted or self.review_status == "rejected"


_VALUES: Final[dict[str, str]] = {
    iri: value for values in CONCEPTS.values() for value, iri in values.items()
} | {KG.MachineOnly: "machine-only", KG.Unreviewed: "unreviewed"}
"""The spelling of `kg.model` for each concept of a closed vocabulary."""

_Value = TypeVar("_Value")

_Cells = dict[str, str]
"""One row of an answer: column → value, without the columns that are unbound."""


def attribution_rows(store: Store, *, language: str = "fr") -> list[AttributionRow]:
    """Read every attribution of a graph, withdrawn ones included.

    Names of speakers, outlets and relays are those of `language` where there is one, else English,
    French, or any; a thing without a name goes by the last part of its IRI.
    """
    material = _Material(
        documents=_single(_ask(store, "documents"), "document"),
        spans=_grouped(
            (cells["attribution"], (int(cells["start"]), int(cells["end"])))
            for cells in _ask(store, "spans")
        ),
        speakers=_grouped(
            (cells["attribution"], cells["speaker"]) for cells in _ask(store, "speakers")
        ),
        claims=_claims(store),
        hops=_grouped(
            (cells["attribution"], (int(cells["position"]), cells["through"]))
            for cells in _ask(store, "hops")
        ),
        names=_names(store, language),
    )
    attributions = _single(_ask(store, "attributions"), "attribution")
    for iri, cells in attributions.items():
        # A relay may itself be an attribution; it goes by the outlet that made it.
        document = material.documents.get(cells["document"], {})
        material.names.setdefault(iri, material.outlet_name(document) or document.get("slug", ""))
    rows = [_row(iri, cells, material) for iri, cells in attributions.items()]
    return sorted(rows, key=lambda row: (row.slug, row.spans[:1], row.key))


@dataclass(frozen=True, slots=True)
class _Material:
    """Everything about attributions that can be said more than once, by IRI."""

    documents: Mapping[str, _Cells]
    spans: Mapping[str, list[tuple[int, int]]]
    speakers: Mapping[str, list[str]]
    claims: Mapping[str, list[ClaimRow]]
    hops: Mapping[str, list[tuple[int, str]]]
    names: dict[str, str]

    def name(self, iri: str) -> str:
        """Give the name of a thing, or the last part of its IRI."""
        return self.names.get(iri) or iri.rstrip("/#").rpartition("/")[2]

    def outlet_name(self, document: _Cells) -> str:
        """Give the name of a document's outlet, or "" where it is not identified."""
        if "unidentified" in document or "outlet" not in document:
            return ""
        return self.name(document["outlet"])


def _ask(store: Store, name: str) -> Iterator[_Cells]:
    query = (data_folder("queries") / "rows" / f"{name}.rq").read_text(encoding="utf-8")
    table = store.select(query)
    for row in table.rows:
        yield {
            column: term.value
            for column, term in zip(table.columns, row, strict=True)
            if term is not None
        }


def _single(answers: Iterator[_Cells], column: str) -> Mapping[str, _Cells]:
    """Keep one answer a thing: where a faulty graph says twice what can hold once, the least."""
    single: dict[str, _Cells] = {}
    for cells in answers:
        known = single.setdefault(cells[column], cells)
        if known is not cells:
            single[cells[column]] = min(known, cells, key=lambda one: sorted(one.items()))
    return single


def _grouped(pairs: Iterator[tuple[str, _Value]]) -> Mapping[str, list[_Value]]:
    grouped: defaultdict[str, list[_Value]] = defaultdict(list)
    for iri, value in pairs:
        grouped[iri].append(value)
    return grouped


def _claims(store: Store) -> Mapping[str, list[ClaimRow]]:
    """Give the claims of each attribution; a claim has one label a language."""
    known: dict[str, _Cells] = {}
    for cells in _ask(store, "claims"):
        merged = known.setdefault(cells["claim"], cells)
        merged["label@" + cells.get("language", "")] = cells.get("label", "")
    made = {
        iri: ClaimRow(
            iri=iri,
            label_fr=cells.get("label@fr", ""),
            label_en=cells.get("label@en", ""),
            subject_iri=cells["subject"],
            predicate_iri=cells["predicate"],
            object=cells["object"],
        )
        for iri, cells in known.items()
    }
    return _grouped(
        (cells["attribution"], made[cells["claim"]])
        for cells in _ask(store, "conveyed")
        if cells["claim"] in made
    )


def _names(store: Store, language: str) -> dict[str, str]:
    """Choose one name a thing: the wanted language, then English, French, none, any other."""
    wanted = {tag: rank for rank, tag in reversed(list(enumerate((language, "en", "fr", ""))))}
    best: dict[str, tuple[int, str, str]] = {}
    for cells in _ask(store, "labels"):
        tag = cells.get("language", "")
        choice = (wanted.get(tag, len(wanted)), tag, cells["label"])
        thing = cells["thing"]
        best[thing] = min(choice, best.get(thing, choice))
    return {thing: name for thing, (_, _, name) in best.items()}


def _row(iri: str, cells: _Cells, material: _Material) -> AttributionRow:
    document = material.documents.get(cells["document"], {})
    speakers = sorted(material.speakers.get(iri, ()))
    chain = [through for _, through in sorted(material.hops.get(iri, ()))]
    utterance = cells.get("utterance", "")
    confidence = cells.get("confidence")
    return AttributionRow(
        iri=iri,
        key=iri.rpartition("/")[2],
        identifier=cells["identifier"],
        document_iri=cells["document"],
        slug=document.get("slug", ""),
        title=document.get("title", ""),
        language=document.get("language", ""),
        sha256=document.get("sha256", ""),
        published=document.get("published", ""),
        outlet_iri=document.get("outlet", ""),
        outlet=material.outlet_name(document),
        outlet_known="outlet" in document and "unidentified" not in document,
        byline=document.get("byline", ""),
        speakers=tuple(material.name(speaker) for speaker in speakers),
        speaker_iris=tuple(speakers),
        unresolved=cells.get("unresolved", ""),
        speaker_kind=_value(cells, "speaker_kind"),
        role=cells.get("role", ""),
        mention=cells.get("mention", ""),
        resolution_basis=cells.get("resolution_basis", ""),
        cue=cells.get("cue", ""),
        form=_value(cells, "form"),
        illocution=_value(cells, "illocution"),
        polarity=_value(cells, "polarity"),
        modality=_value(cells, "modality"),
        reporter_modality=_value(cells, "reporter_modality"),
        stance=_value(cells, "stance"),
        quote=cells["quote"],
        spans=tuple(sorted(material.spans.get(iri, ()))),
        claims=tuple(sorted(material.claims.get(iri, ()))),
        utterance_iri=utterance,
        utterance=material.name(utterance) if utterance else "",
        utterance_date=cells.get("utterance_date", ""),
        chain=tuple(material.name(link) for link in chain),
        chain_iris=tuple(chain),
        review_status=_value(cells, "review_status"),
        confidence=None if confidence is None else float(confidence),
        run=cells.get("run", ""),
        retracted="retraction" in cells,
        note=cells.get("note") or cells.get("retraction", ""),
    )


def _value(cells: _Cells, column: str) -> str:
    """Spell a concept as `kg.model` does; one outside our vocabulary keeps its IRI."""
    iri = cells.get(column, "")
    return _VALUES.get(iri, iri)
