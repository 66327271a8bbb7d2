"""Reuse: wording that texts share without saying so, and where it may come from.

In: `Material` and the texts held on this machine. Out: `ReuseReading`: passages with offsets on
both sides, what explains each, clusters with the likely first text, and which texts were not seen.
Boilerplate is set aside first. A shared passage shows a common origin, not who wrote it: the first
text in the collection may itself have it from elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.analyse.aside import aside_spans, repeated_lines
from kg.analyse.judgements import Groups
from kg.analyse.material import DocumentFact, Material
from kg.analyse.origins import SharedWording
from kg.analyse.passages import MINIMUM, RUN, SUPPORT, Passage, Place, SourceText, shared_passages
from kg.analyse.reasons import reason_in
from kg.analyse.variants import utterance_groups
from kg.graph.rows import AttributionRow

__all__ = ["Cluster", "ReuseReading", "SharedPassage", "Translation", "reuse", "shared_wording"]

_COVER = 0.6
"""Share of a passage that an attribution must cover to explain it."""


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """One passage with its words on both sides and what explains it.

    `explained` is `one utterance` (both sides quote it), `credited` (a side names its source),
    or "" where neither text says where the words come from.
    """

    passage: Passage
    left_words: str
    right_words: str
    explained: str
    note: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One stretch of wording and every text that has it.

    `first` is the slug of the text published before all others, "" where dates do not tell.
    `credited` names the texts that say where they have it from, and the source they name.
    """

    words: str
    places: tuple[Place, ...]
    kind: str
    evidence: float
    first: str
    reason: str
    credited: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """Two quotes in two languages that make the same claims by the same speaker."""

    left: AttributionRow
    right: AttributionRow
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReuseReading:
    """All shared wording; `missing` names the documents whose text is not on this machine."""

    passages: tuple[SharedPassage, ...]
    clusters: tuple[Cluster, ...]
    translations: tuple[Translation, ...]
    compared: int
    missing: tuple[str, ...]


def reuse(
    material: Material,
    texts: Mapping[str, str],
    *,
    run: int = RUN,
    minimum: float = MINIMUM,
    support: float = SUPPORT,
) -> ReuseReading:
    """Compare every text that is held; `texts` maps a SHA-256 to its characters.

    Texts of one outlet are not compared with each other: a paper may repeat itself.
    """
    held = [item for item in material.documents.values() if item.sha256 in texts]
    by_outlet: defaultdict[str, list[str]] = defaultdict(list)
    for item in held:
        by_outlet[item.outlet_iri].append(texts[item.sha256])
    template = repeated_lines(by_outlet)
    sources = [
        SourceText(
            item.slug,
            texts[item.sha256],
            aside_spans(texts[item.sha256], item.boilerplate, template[item.outlet_iri]),
        )
        for item in held
    ]
    by_slug = {item.slug: item for item in held}
    passages = [
        item
        for item in shared_passages(sources, run=run, minimum=minimum, support=support)
        if by_slug[item.left.text].outlet_iri != by_slug[item.right.text].outlet_iri
    ]
    characters = {source.name: source.text for source in sources}
    spans = _attributed(material)
    return ReuseReading(
        passages=tuple(_shown(material, item, characters, spans) for item in passages),
        clusters=tuple(_clusters(material, passages, by_slug, characters, spans, minimum)),
        translations=tuple(_translations(material)),
        compared=len(held),
        missing=tuple(
            sorted(item.slug for item in material.documents.values() if item.sha256 not in texts)
        ),
    )


def shared_wording(material: Material, reading: ReuseReading) -> dict[str, list[SharedWording]]:
    """Turn unexplained passages into pairs of attributions they touch, for `origins` to doubt."""
    spans = _attributed(material)
    found: dict[tuple[str, str], SharedWording] = {}
    for item in reading.passages:
        if item.explained == "one utterance":
            continue
        for left in _touching(spans, item.passage.left):
            for right in _touching(spans, item.passage.right):
                first, second = sorted((left.iri, right.iri))
                words = item.left_words[:80]
                note = reason_in(material.language, "shared-wording", words=words)
                found.setdefault((first, second), SharedWording(first, second, note))
    by_left: defaultdict[str, list[SharedWording]] = defaultdict(list)
    for pair in sorted(found):
        by_left[pair[0]].append(found[pair])
    return dict(by_left)


_Spans = Mapping[str, Sequence[tuple[int, int, AttributionRow]]]


def _attributed(material: Material) -> _Spans:
    found: defaultdict[str, list[tuple[int, int, AttributionRow]]] = defaultdict(list)
    for row in material.rows:
        for start, end in row.spans:
            found[row.slug].append((start, end, row))
    return found


def _touching(spans: _Spans, place: Place) -> list[AttributionRow]:
    return [
        row
        for start, end, row in spans.get(place.text, ())
        if min(end, place.end) - max(start, place.start)
        > 0.5 * min(end - start, place.end - place.start)
    ]


def _covering(spans: _Spans, place: Place) -> list[AttributionRow]:
    """Give the attributions, other than the outlet's own voice, that hold most of a passage."""
    return [
        row
        for start, end, row in spans.get(place.text, ())
        if row.form != "authorial"
        and min(end, place.end) - max(start, place.start) >= _COVER * (place.end - place.start)
    ]


def _shown(
    material: Material, item: Passage, characters: Mapping[str, str], spans: _Spans
) -> SharedPassage:
    explained, note = _explanation(material, item, spans)
    return SharedPassage(
        item,
        characters[item.left.text][item.left.start : item.left.end],
        characters[item.right.text][item.right.start : item.right.end],
        explained,
        note,
    )


def _explanation(material: Material, item: Passage, spans: _Spans) -> tuple[str, str]:
    numbers = material.once(_group_of)
    left, right = _covering(spans, item.left), _covering(spans, item.right)
    ours = {numbers[row.iri]: row for row in left}
    for row in right:
        if numbers[row.iri] in ours:
            both = f"{ours[numbers[row.iri]].identifier} and {row.identifier}"
            return "one utterance", f"{both} report it"
    for row in (*left, *right):
        source = _source_of(material, row)
        if source:
            return "credited", f"{row.identifier} credits {source}"
    return "", "neither text says where it has the words from"


def _group_of(material: Material) -> dict[str, int]:
    return {
        row.iri: number
        for number, group in enumerate(material.once(utterance_groups)[0])
        for row in group
    }


def _source_of(material: Material, row: AttributionRow) -> str:
    if row.chain:
        return row.chain[0]
    return next((material.label(iri) for iri in row.speaker_iris if iri in material.sources), "")


def _clusters(
    material: Material,
    passages: Sequence[Passage],
    documents: Mapping[str, DocumentFact],
    characters: Mapping[str, str],
    spans: _Spans,
    minimum: float,
) -> list[Cluster]:
    """Join passages whose places overlap in some text; each cluster is one stretch of wording."""
    tied = [item for item in passages if item.evidence >= minimum]
    groups = Groups()
    by_text: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for number, item in enumerate(tied):
        name = f"{number:09}"
        groups.add(name)
        for place in (item.left, item.right):
            by_text[place.text].append((place.start, place.end, name))
    for places in by_text.values():
        reach, holder = -1, ""
        for start, end, name in sorted(places):
            if holder and min(reach, end) - start > 0.5 * (end - start):
                groups.join(holder, name)
            if end > reach:
                reach, holder = end, name
    found = []
    for members in groups.sets():
        inside = [tied[int(name)] for name in members]
        found.append(_cluster(material, inside, documents, characters, spans))
    return sorted(found, key=lambda item: (-len(item.places), -item.evidence, item.places))


def _cluster(
    material: Material,
    inside: Sequence[Passage],
    documents: Mapping[str, DocumentFact],
    characters: Mapping[str, str],
    spans: _Spans,
) -> Cluster:
    widest: dict[str, Place] = {}
    for item in inside:
        for place in (item.left, item.right):
            known = widest.get(place.text)
            if known is None:
                widest[place.text] = place
            else:
                widest[place.text] = Place(
                    place.text, min(known.start, place.start), max(known.end, place.end)
                )
    places = tuple(sorted(widest.values()))
    first, reason = _first([documents[place.text] for place in places])
    shown = widest[first] if first else places[0]
    credited = {
        (place.text, _source_of(material, row))
        for place in places
        for row in _covering(spans, place)
        if _source_of(material, row)
    }
    return Cluster(
        words=characters[shown.text][shown.start : shown.end],
        places=places,
        kind="exact" if all(item.kind == "exact" for item in inside) else "near",
        evidence=max(item.evidence for item in inside),
        first=first,
        reason=reason,
        credited=tuple(sorted(credited)),
    )


def _first(documents: Iterable[DocumentFact]) -> tuple[str, str]:
    """Name the text published before every other, if the dates settle it, open ones too."""
    ordered = sorted(documents, key=lambda item: (item.latest or "9999", item.slug))
    head = ordered[0]
    rivals = [
        item
        for item in ordered
        if item is not head and not (head.latest and item.earliest > head.latest)
    ]
    if not rivals:
        return head.slug, f"published {head.published}, before the others"
    undated = [item.slug for item in (head, *rivals) if not item.earliest and not item.latest]
    if undated:
        verb = "have" if len(undated) > 1 else "has"
        return "", f"unknown: {', '.join(undated)} {verb} no date of publication"
    names = ", ".join(item.slug for item in rivals)
    return "", f"unknown: {head.slug} and {names} may be of one day, or in either order"


def _translations(material: Material) -> list[Translation]:
    """Find quotes of one speaker with the same claims in two languages, first of each language."""
    by_claims: defaultdict[tuple[object, ...], dict[str, AttributionRow]] = defaultdict(dict)
    for row in material.rows:
        if row.form == "authorial" or not row.claims or not row.speaker_iris:
            continue
        for claim in row.claims:
            by_claims[row.speaker_iris, claim.iri].setdefault(row.language, row)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (_, claim_iri), rows in by_claims.items():
        ordered = [rows[language] for language in sorted(rows)]
        for other in ordered[1:]:
            found[ordered[0].iri, other.iri].add(str(claim_iri))
    made = []
    for (left, right), claims in found.items():
        one, two = material.row(left), material.row(right)
        assert one is not None
        assert two is not None
        made.append(Translation(one, two, tuple(sorted(map(material.label, claims)))))
    return sorted(made, key=lambda item: (item.left.identifier, item.right.identifier))
