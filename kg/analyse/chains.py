"""Chains: every way from a speaker to a text, step by step, with the middles nobody has seen.

In: `Material`. Out: one `Way` an attribution, longest first, and what reaches us only through one
outlet or source. A step that is itself an attribution is followed to its own chain; a circle is
shown as one and ends the walk. Knows no dates and weighs no step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.analyse.material import Material
from kg.graph.rows import AttributionRow

__all__ = ["OnlyThrough", "Step", "Way", "only_through", "ways"]


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One stop on a way: `kind` is text, attribution, outlet, source, agent or speaker.

    `seen` is whether the collection holds a text of it; a cited source never is.
    """

    kind: str
    label: str
    iri: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one attribution, from its text outward to its speaker.

    `links` counts what stands between text and speaker; `circle` names where the chain comes back
    to itself, "" where it does not.
    """

    row: AttributionRow
    steps: tuple[Step, ...]
    links: int
    unseen: int
    circle: str


@dataclass(frozen=True, slots=True)
class OnlyThrough:
    """What reaches us only through one link: claims and utterances with no other way.

    `relayed` counts the attributions that pass through it; `speakers` names who is heard only so.
    """

    link: Step
    relayed: int
    claims: tuple[tuple[str, str], ...]
    utterances: tuple[tuple[str, str], ...]
    speakers: tuple[str, ...]


def ways(material: Material, *, minimum: int = 1, speaker: str = "") -> list[Way]:
    """Give the way of every attribution with `minimum` links or more, longest first.

    With `speaker` (an IRI) only those that end with this speaker.
    """
    texts_of = material.once(_texts_of_outlets)
    found = [
        _way(material, row, texts_of)
        for row in material.rows
        if (row.chain_iris or minimum == 0) and (not speaker or speaker in row.speaker_iris)
    ]
    kept = [way for way in found if way.links >= minimum]
    return sorted(kept, key=lambda way: (-way.links, way.row.slug, way.row.spans, way.row.iri))


def _texts_of_outlets(material: Material) -> frozenset[str]:
    return frozenset(
        [row.outlet_iri for row in material.rows]
        + [document.outlet_iri for document in material.documents.values()]
    )


def _way(material: Material, row: AttributionRow, held: frozenset[str]) -> Way:
    steps = [Step("text", row.outlet or "unidentified outlet", row.document_iri, seen=True)]
    circle = ""
    walked = {row.iri}
    queue = list(zip(row.chain_iris, row.chain, strict=False))
    while queue:
        iri, label = queue.pop(0)
        step = _step(material, iri, label, held)
        if iri in walked:
            circle = step.label
            break
        walked.add(iri)
        steps.append(step)
        behind = material.row(iri)
        if behind is not None:
            # The rest of the chain as this text tells it, then what the earlier text says itself.
            known = {other for other, _ in queue}
            queue.extend(
                link
                for link in zip(behind.chain_iris, behind.chain, strict=False)
                if link[0] not in known
            )
    middle = steps[1:]
    return Way(
        row=row,
        steps=(*steps, *_speakers(row)),
        links=len(middle),
        unseen=sum(not step.seen for step in middle),
        circle=circle,
    )


def _step(material: Material, iri: str, label: str, held: frozenset[str]) -> Step:
    behind = material.row(iri)
    if behind is not None:
        place = f"{behind.outlet or 'unidentified outlet'} ({behind.identifier})"
        return Step("attribution", place, iri, seen=True)
    kind = material.classes.get(iri, "") or ("source" if iri in material.sources else "outlet")
    return Step(kind, label or material.label(iri), iri, seen=kind == "outlet" and iri in held)


def _speakers(row: AttributionRow) -> Iterator[Step]:
    if row.form == "authorial":
        return
    if not row.speaker_iris:
        yield Step("speaker", row.unresolved or "unnamed", "", seen=False)
    for iri, label in zip(row.speaker_iris, row.speakers, strict=False):
        yield Step("speaker", label, iri, seen=True)


def only_through(material: Material, *, link: str = "") -> list[OnlyThrough]:
    """Give, for each link (or the one named by IRI), what has no way around it; most first."""
    by_link: defaultdict[str, list[Way]] = defaultdict(list)
    steps: dict[str, Step] = {}
    for way in ways(material):
        for step in way.steps[1 : 1 + way.links]:
            if step.kind != "attribution" and (not link or step.iri == link):
                by_link[step.iri].append(way)
                steps[step.iri] = step
    claims = _passing(material, ((claim.iri, row) for row in material.rows for claim in row.claims))
    told = _passing(material, ((row.utterance_iri, row) for row in material.rows))
    heard = _passing(material, ((iri, row) for row in material.rows for iri in row.speaker_iris))
    found = [
        OnlyThrough(
            link=steps[iri],
            relayed=len({way.row.iri for way in by_link[iri]}),
            claims=_named(material, claims.get(iri, ())),
            utterances=_named(material, told.get(iri, ())),
            speakers=tuple(name for _, name in _named(material, heard.get(iri, ()))),
        )
        for iri in sorted(by_link)
    ]
    return sorted(found, key=lambda item: (-len(item.claims), -item.relayed, item.link))


def _passing(
    material: Material, pairs: Iterable[tuple[str, AttributionRow]]
) -> dict[str, list[str]]:
    """Say per link which things are seen only in attributions that pass through it."""
    passes = material.once(_links_of)
    common: dict[str, frozenset[str]] = {}
    for thing, row in pairs:
        if thing:
            links = passes.get(row.iri, frozenset())
            common[thing] = common[thing] & links if thing in common else links
    found: defaultdict[str, list[str]] = defaultdict(list)
    for thing, links in common.items():
        for iri in links:
            found[iri].append(thing)
    return found


def _links_of(material: Material) -> dict[str, frozenset[str]]:
    return {
        way.row.iri: frozenset(step.iri for step in way.steps[1 : 1 + way.links])
        for way in ways(material)
    }


def _named(material: Material, iris: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((iri, material.label(iri)) for iri in iris))
