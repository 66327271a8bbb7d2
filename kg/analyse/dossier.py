"""Dossiers: everything the collection holds of one claim or utterance, put together to hand on.

In: `Material`, a claim or utterance, the texts that are held, citations made elsewhere. Out: a
`Dossier` value; `kg.analyse.dossier_html` and `kg.analyse.dossier_markdown` write it down.
It quotes, counts and compares; it ends in no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.analyse.chains import Way, ways
from kg.analyse.conflicts import Conflict, conflicts
from kg.analyse.drift import Drift, drifts
from kg.analyse.material import DocumentFact, Material
from kg.analyse.origins import OriginReading, SharedIndex, origins
from kg.analyse.reuse import ReuseReading
from kg.analyse.variants import UtteranceVariants, variants
from kg.graph.rows import AttributionRow

__all__ = ["CONTEXT", "Dossier", "Wording", "make_dossier"]

CONTEXT = 120
"""Characters shown on either side of a quote, where the text is held."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One attribution with its place; `before` and `after` are "" where the text is not held.

    `verified` is `verified`, `differs` or `not held`: whether the bytes on this machine have the
    words in that place.
    """

    row: AttributionRow
    before: str
    after: str
    verified: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one page tells, in the order it tells it."""

    kind: str
    iri: str
    title: str
    base: str
    wordings: tuple[Wording, ...]
    utterances: tuple[UtteranceVariants, ...]
    origins: tuple[OriginReading, ...]
    conflicts: tuple[Conflict, ...]
    drifts: tuple[Drift, ...]
    ways: tuple[Way, ...]
    reuse: ReuseReading | None
    documents: tuple[DocumentFact, ...]
    machine_only: tuple[str, ...]
    reviewed: tuple[str, ...]
    citations: tuple[str, ...]
    labels: Mapping[str, str]

    def label(self, iri: str) -> str:
        """Give the label of a claim or attribution of this dossier."""
        return self.labels.get(iri, iri)


def make_dossier(
    material: Material,
    kind: str,
    iri: str,
    *,
    texts: Mapping[str, str] | None = None,
    reuse: ReuseReading | None = None,
    shared: SharedIndex | None = None,
    citations: Iterable[str] = (),
) -> Dossier:
    """Put a dossier together.

    Args:
        material: the collection.
        kind: `claim` or `utterance`.
        iri: which one.
        texts: SHA-256 → characters, for those held here.
        reuse: shared wording, where texts were compared.
        shared: the same, as pairs of attributions for the origins to doubt.
        citations: finished BibTeX entries of the documents.
    """
    pairs = shared or {}
    if kind == "claim":
        reading = origins(material, iri, shared=pairs)
        named = {name for group in reading.groups for name in group.identifiers}
        named.update(reading.denying)
        readings = [reading]
    else:
        groups = variants(material, utterance=iri).utterances
        named = {row.identifier for group in groups for row in group.rows}
        claims = sorted(
            {claim.iri for group in groups for row in group.rows for claim in row.claims}
        )
        readings = [origins(material, claim, shared=pairs) for claim in claims]
    rows = [row for row in material.rows if row.identifier in named]
    told = {row.utterance_iri or row.iri for row in rows if row.form != "authorial"}
    touched = {iri} if kind == "claim" else {claim.iri for row in rows for claim in row.claims}
    clashes = {
        (item.left_claim, item.right_claim): item
        for item in conflicts(material)
        if {item.left_claim, item.right_claim} & touched
    }
    found = [
        item
        for item in drifts(material)
        if item.left.identifier in named and item.right.identifier in named
    ]
    # Judgements may put several places into one utterance: it is shown once.
    utterances = {
        group.iri: group
        for place in sorted(told)
        for group in variants(material, utterance=place).utterances
    }
    documents = {row.document_iri for row in rows}
    slugs = {row.slug for row in rows}
    return Dossier(
        kind=kind,
        iri=iri,
        title=material.label(iri),
        base=material.base,
        wordings=tuple(_wording(row, texts or {}) for row in rows),
        utterances=tuple(
            group for group in utterances.values() if group.comparisons or group.drifts
        ),
        origins=tuple(readings),
        conflicts=tuple(clashes[pair] for pair in sorted(clashes)),
        drifts=tuple(found),
        ways=tuple(way for way in ways(material) if way.row.identifier in named),
        reuse=_only(reuse, slugs),
        documents=tuple(
            material.documents[place] for place in sorted(documents) if place in material.documents
        ),
        machine_only=tuple(row.identifier for row in rows if not _is_reviewed(row)),
        reviewed=tuple(row.identifier for row in rows if _is_reviewed(row)),
        citations=tuple(citations),
        labels=_labels(material, rows, clashes.values(), found),
    )


def _is_reviewed(row: AttributionRow) -> bool:
    return row.review_status in ("accepted", "edited")


def _wording(row: AttributionRow, texts: Mapping[str, str]) -> Wording:
    text = texts.get(row.sha256)
    if text is None or not row.spans:
        return Wording(row, "", "", "not held")
    parts = [text[start:end] for start, end in row.spans]
    start, end = row.spans[0][0], row.spans[-1][1]
    return Wording(
        row,
        text[max(start - CONTEXT, 0) : start],
        text[end : end + CONTEXT],
        "verified" if " […] ".join(parts) == row.quote else "differs",
    )


def _only(reuse: ReuseReading | None, slugs: set[str]) -> ReuseReading | None:
    """Keep the shared wording between two texts of the dossier."""
    if reuse is None:
        return None
    return ReuseReading(
        passages=tuple(
            item
            for item in reuse.passages
            if {item.passage.left.text, item.passage.right.text} <= slugs
        ),
        clusters=tuple(
            item
            for item in reuse.clusters
            if len(slugs & {place.text for place in item.places}) > 1
        ),
        translations=tuple(
            item for item in reuse.translations if {item.left.slug, item.right.slug} <= slugs
        ),
        compared=reuse.compared,
        missing=tuple(slug for slug in reuse.missing if slug in slugs),
    )


def _labels(
    material: Material,
    rows: Iterable[AttributionRow],
    clashes: Iterable[Conflict],
    found: Iterable[Drift],
) -> dict[str, str]:
    iris = {iri for item in clashes for iri in (item.left_claim, item.right_claim)}
    iris.update(item.shared for item in found)
    iris.update(claim.iri for row in rows for claim in row.claims)
    return {iri: material.label(iri) for iri in sorted(iris)}
