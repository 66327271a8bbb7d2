"""Attributions as plain rows: the one projection that tables, picture, readings and explorer share.

In: a store. Out: `AttributionRow` values holding nothing but strings, numbers and tuples, sorted
by document, place and key. No RDF term leaves this module, and nothing is judged or counted here.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AttributionRow", "ClaimRow"]


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
