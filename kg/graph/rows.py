"""Attributions as plain rows: the one projection that tables, picture, readings and explorer share.

In: a store. Out: `AttributionRow` values holding nothing but strings, numbers and tuples, sorted
by document, place and key. No RDF term leaves this module, and nothing is judged or counted here.
The questions are `queries/rows/*.rq`, each asked once whatever the size of the graph.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kg.graph.vocab import CONCEPTS, KG
from kg.project import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.graph.store import Store, Values

__all__ = ["AttributionRow", "ClaimRow", "attribution_rows", "lost_pairs"]


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


class _Said(NamedTuple):
    """One row of `attributions.rq`: what an attribution says once; "" where it does not."""

    attribution: str
    identifier: str
    document: str
    quote: str
    form: str
    illocution: str
    polarity: str
    speaker_kind: str
    modality: str
    reporter_modality: str
    stance: str
    review_status: str
    unresolved: str
    role: str
    mention: str
    resolution_basis: str
    cue: str
    utterance: str
    utterance_date: str
    run: str
    confidence: str
    retracted: str
    retraction: str
    note: str


class _Document(NamedTuple):
    """One row of `documents.rq`; `unidentified` is the outlet again where nobody knows it."""

    document: str = ""
    slug: str = ""
    title: str = ""
    language: str = ""
    sha256: str = ""
    published: str = ""
    outlet: str = ""
    unidentified: str = ""
    byline: str = ""


_NO_DOCUMENT: Final = _Document()
_Answer = TypeVar("_Answer", _Said, _Document)


def attribution_rows(store: Store, *, language: str = "fr") -> list[AttributionRow]:
    """Read every attribution of a graph, withdrawn ones included.

    Names of speakers, outlets and relays are those of `language` where there is one, else English,
    French, or any; a thing without a name goes by the last part of its IRI.
    """
    material = _Material(
        documents=_single(map(_Document._make, _ask(store, "documents"))),
        spans=_grouped((iri, (int(start), int(end))) for iri, start, end in _ask(store, "spans")),
        speakers=_grouped((iri, speaker) for iri, speaker in _ask(store, "speakers")),
        claims=_claims(store),
        hops=_grouped((iri, (int(place), through)) for iri, place, through in _ask(store, "hops")),
        names=_names(store, language),
    )
    attributions = _single(map(_Said._make, _ask(store, "attributions")))
    for iri, said in attributions.items():
        # A relay may itself be an attribution; it goes by the outlet that made it.
        document = material.documents.get(said.document, _NO_DOCUMENT)
        material.names.setdefault(iri, material.outlet_name(document) or document.slug)
    rows = [_row(said, material) for said in attributions.values()]
    return sorted(rows, key=lambda row: (row.slug, row.spans[:1], row.key))


@dataclass(frozen=True, slots=True)
class _Material:
    """Everything about attributions that can be said more than once, by IRI."""

    documents: Mapping[str, _Document]
    spans: Mapping[str, list[tuple[int, int]]]
    speakers: Mapping[str, list[str]]
    claims: Mapping[str, list[ClaimRow]]
    hops: Mapping[str, list[tuple[int, str]]]
    names: dict[str, str]

    def name(self, iri: str) -> str:
        """Give the name of a thing, or the last part of its IRI."""
        return self.names.get(iri) or iri.rstrip("/#").rpartition("/")[2]

    def outlet_name(self, document: _Document) -> str:
        """Give the name of a document's outlet, or "" where it is not identified."""
        if document.unidentified or not document.outlet:
            return ""
        return self.name(document.outlet)


def lost_pairs(store: Store) -> list[tuple[str, str]] | None:
    """Give each claim with the own-voice attribution that lost its speaker, as was derived.

    None where the store holds no derived graph: then nothing is known of it.
    """
    answers = list(_ask(store, "lost"))
    return sorted((claim, own) for claim, own in answers if claim) if answers else None


def _ask(store: Store, name: str) -> Values:
    query = (data_folder("queries") / "rows" / f"{name}.rq").read_text(encoding="utf-8")
    return store.select_values(query)


def _single(answers: Iterable[_Answer]) -> dict[str, _Answer]:
    """Keep one answer a thing: where a faulty graph says twice what can hold once, the least."""
    single: dict[str, _Answer] = {}
    for answer in answers:
        known = single.setdefault(answer[0], answer)
        if known is not answer:
            single[answer[0]] = min(known, answer)
    return single


def _grouped(pairs: Iterator[tuple[str, _Value]]) -> Mapping[str, list[_Value]]:
    grouped: defaultdict[str, list[_Value]] = defaultdict(list)
    for iri, value in pairs:
        grouped[iri].append(value)
    return grouped


def _claims(store: Store) -> Mapping[str, list[ClaimRow]]:
    """Give the claims of each attribution; a claim has one label a language."""
    made: dict[str, ClaimRow] = {}
    for iri, subject, predicate, target, french, english in sorted(_ask(store, "claims")):
        made.setdefault(iri, ClaimRow(iri, french, english, subject, predicate, target))
    return _grouped((iri, made[claim]) for iri, claim in _ask(store, "conveyed") if claim in made)


def _names(store: Store, language: str) -> dict[str, str]:
    """Choose one name a thing: the wanted language, then English, French, none, any other."""
    wanted = {tag: rank for rank, tag in reversed(list(enumerate((language, "en", "fr", ""))))}
    best: dict[str, tuple[int, str, str]] = {}
    for thing, label, tag in _ask(store, "labels"):
        choice = (wanted.get(tag, len(wanted)), tag, label)
        best[thing] = min(choice, best.get(thing, choice))
    return {thing: name for thing, (_, _, name) in best.items()}


def _row(said: _Said, material: _Material) -> AttributionRow:
    iri = said.attribution
    document = material.documents.get(said.document, _NO_DOCUMENT)
    speakers = sorted(material.speakers.get(iri, ()))
    chain = [through for _, through in sorted(material.hops.get(iri, ()))]
    return AttributionRow(
        iri=iri,
        key=iri.rpartition("/")[2],
        identifier=said.identifier,
        document_iri=said.document,
        slug=document.slug,
        title=document.title,
        language=document.language,
        sha256=document.sha256,
        published=document.published,
        outlet_iri=document.outlet,
        outlet=material.outlet_name(document),
        outlet_known=bool(document.outlet) and not document.unidentified,
        byline=document.byline,
        speakers=tuple([material.name(speaker) for speaker in speakers]),
        speaker_iris=tuple(speakers),
        unresolved=said.unresolved,
        speaker_kind=_value(said.speaker_kind),
        role=said.role,
        mention=said.mention,
        resolution_basis=said.resolution_basis,
        cue=said.cue,
        form=_value(said.form),
        illocution=_value(said.illocution),
        polarity=_value(said.polarity),
        modality=_value(said.modality),
        reporter_modality=_value(said.reporter_modality),
        stance=_value(said.stance),
        quote=said.quote,
        spans=tuple(sorted(material.spans.get(iri, ()))),
        claims=tuple(sorted(material.claims.get(iri, ()))),
        utterance_iri=said.utterance,
        utterance=material.name(said.utterance) if said.utterance else "",
        utterance_date=said.utterance_date,
        chain=tuple([material.name(link) for link in chain]),
        chain_iris=tuple(chain),
        review_status=_value(said.review_status),
        confidence=float(said.confidence) if said.confidence else None,
        run=said.run,
        retracted=said.retracted == "true",
        note=said.note or said.retraction,
    )


def _value(iri: str) -> str:
    """Spell a concept as `kg.model` does; one outside our vocabulary keeps its IRI."""
    return _VALUES.get(iri, iri)
