"""What an earlier load read and found good, so that the next one reads only what changed.

In: a whole load. Out: an `Outline` of each record, the registries' items as plain data, and of
those the ones that some records stand on. Keeps nothing on disk (`kg.graph.generations` does) and
tells no fault: where something does not fit, everything is read again, and that load tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from kg.model import (
    Agent,
    Alignment,
    CitedSource,
    Collection,
    Outlet,
    OutletFamily,
    Record,
    Relation,
    Topic,
    Utterance,
)
from kg.records.check import Known
from kg.records.decode import decode_registry
from kg.records.encode import Plain, encode_item
from kg.records.fields import Faults

__all__ = [
    "Location",
    "Outline",
    "RegistryItem",
    "Settled",
    "all_fit",
    "make_collection",
    "outline_of",
    "plain_items",
]


class Location(NamedTuple):
    """A file, relative to the project folder, and a line counted from 1."""

    path: str
    line: int


class Outline(NamedTuple):
    """What other files may ask of a record or registry that is not read again.

    `digest` is the SHA-256 of its bytes, `text` that of the record's text; `names` are the ids of
    its attributions, `links` the attributions (`slug#id`) that some of them name in their chains.
    """

    digest: str
    text: str = ""
    names: tuple[str, ...] = ()
    links: Mapping[str, tuple[str, ...]] = {}


class RegistryItem(NamedTuple):
    """One item of a registry as plain data, and where it stands."""

    path: str
    line: int
    plain: Plain


Items = Mapping[str, Mapping[str, RegistryItem]]
"""List (`agents`, `families`, …) → id → item."""

LISTS = ("agents", "topics", "families", "outlets", "sources", "utterances", "alignments")


def outline_of(record: Record, digest: str) -> Outline:
    """Sum up a record.

    >>> from kg.model import Document
    >>> outline_of(Record("x", Document("ab", 2, "fr", "", "")), "cd")
    Outline(digest='cd', text='ab', names=(), links={})
    """
    links = {
        attribution.id: tuple(link for link in attribution.chain if "#" in link)
        for attribution in record.attributions
        if any("#" in link for link in attribution.chain)
    }
    names = tuple(attribution.id for attribution in record.attributions)
    return Outline(digest, record.document.sha256, names, links)


def make_collection(items: Mapping[str, Iterable[object]]) -> Collection:
    """Sort the items of each registry list by id into a collection without records."""

    def made(name: str) -> tuple[object, ...]:
        return tuple(sorted(items.get(name, ()), key=_id_of))

    return Collection(
        agents=cast("tuple[Agent, ...]", made("agents")),
        topics=cast("tuple[Topic, ...]", made("topics")),
        families=cast("tuple[OutletFamily, ...]", made("families")),
        outlets=cast("tuple[Outlet, ...]", made("outlets")),
        sources=cast("tuple[CitedSource, ...]", made("sources")),
        utterances=cast("tuple[Utterance, ...]", made("utterances")),
        alignments=cast("tuple[Alignment, ...]", made("alignments")),
    )


def plain_items(
    collection: Collection, locations: Mapping[str, Location]
) -> dict[str, dict[str, RegistryItem]]:
    """Give the registries of a collection as plain data, for a `Settled` of later."""
    items: dict[str, dict[str, RegistryItem]] = {name: {} for name in LISTS}
    for name, made in items.items():
        for item in getattr(collection, name):
            path, line = locations.get(f"{name}/{_id_of(item)}", ("", 0))
            made[_id_of(item)] = RegistryItem(path, line, encode_item(item))
    return items


@dataclass(frozen=True, slots=True)
class Settled:
    """What an earlier load found good: each owner's outline, and the registries' items.

    Owners are named `record:slug` and `registry:agents`.
    """

    outlines: Mapping[str, Outline] = field(default_factory=dict)
    items: Items = field(default_factory=dict)

    def registries(self) -> dict[str, str]:
        """Give the digest of each registry."""
        return {
            owner: outline.digest
            for owner, outline in self.outlines.items()
            if owner.startswith("registry:")
        }

    def alignments(self) -> Iterable[RegistryItem]:
        """Give the alignments."""
        return self.items.get("alignments", {}).values()

    def known(self) -> Known:
        """Name all that records may refer to."""
        ids = {name: frozenset(self.items.get(name, ())) for name in LISTS}
        entities = ids["agents"] | ids["topics"] | ids["outlets"] | ids["sources"]
        return Known(ids["agents"], ids["outlets"], ids["sources"], ids["utterances"], entities)

    def near(self, records: Iterable[Record]) -> tuple[Collection, dict[str, Location]]:
        """Read the items that some records stand on, and where they are.

        They are the items that the records name, and what those name in turn; alignments
        are those with a side in these records. `records` itself is left out of the collection.
        """
        slugs: set[str] = set()
        waiting: set[str] = set()
        for record in records:
            slugs.add(record.slug)
            waiting.update(_named(record))
        plain: dict[str, list[Plain]] = {name: [] for name in LISTS}
        locations: dict[str, Location] = {}

        def take(name: str, key: str) -> RegistryItem:
            item = self.items[name][key]
            plain[name].append(item.plain)
            locations[f"{name}/{key}"] = Location(item.path, item.line)
            return item

        for key, item in self.items.get("alignments", {}).items():
            sides = (str(item.plain["left"]), str(item.plain["right"]))
            if any(side.partition("#")[0] in slugs or side in waiting for side in sides):
                take("alignments", key)
                if item.plain.get("relation") == Relation.ECHOES:
                    waiting.add(sides[1])
        asked: set[str] = set()
        while waiting:
            key = waiting.pop()
            asked.add(key)
            for name in LISTS[:-1]:
                if key in self.items.get(name, ()):
                    waiting.update(word for word in _words(take(name, key).plain))
            waiting -= asked
        return make_collection(decode_registry(plain, LISTS, Faults())), locations


def all_fit(
    outlines: Mapping[str, Outline], changed: Iterable[str], alignments: Iterable[RegistryItem]
) -> bool:
    """Whether records that are good on their own are good together: no text twice, no dead link.

    `outlines` holds every record, by owner; `changed` names those that came, went or are others
    than before. Registries are taken as good, and as naming none but what was there before.
    """
    records = {
        owner.removeprefix("record:"): outline
        for owner, outline in outlines.items()
        if owner.startswith("record:")
    }
    if len({outline.text for outline in records.values()}) != len(records):
        return False
    links = {
        f"{slug}#{name}": targets
        for slug, outline in records.items()
        if outline.links
        for name, targets in outline.links.items()
    }
    sides = [target for targets in links.values() for target in targets]
    touched = {owner.removeprefix("record:") for owner in changed}
    for item in alignments:
        both = (str(item.plain["left"]), str(item.plain["right"]))
        sides.extend(side for side in both if side.partition("#")[0] in touched)
    return all(_is_there(side, records) for side in sides) and not _has_loop(links)


def _is_there(name: str, records: Mapping[str, Outline]) -> bool:
    slug, mark, key = name.partition("#")
    return not mark or (slug in records and key in records[slug].names)


def _has_loop(links: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether some attribution is relayed from itself: no order puts each behind its sources."""
    left = {name: set(targets) & links.keys() for name, targets in links.items()}
    while left:
        free = {name for name, targets in left.items() if not targets}
        if not free:
            return True
        left = {name: targets - free for name, targets in left.items() if name not in free}
    return False


def _named(record: Record) -> Iterator[str]:
    """Give every id, and every claim, that a record names."""
    yield record.document.outlet
    for attribution in record.attributions:
        yield from attribution.speakers
        yield from attribution.chain
        yield attribution.utterance
        for claim in attribution.claims:
            yield claim.line
            yield claim.subject
            yield claim.object
            yield from (value for _, value in claim.qualifiers)


def _words(plain: object) -> Iterator[str]:
    """Give every text in plain data: some of them are ids."""
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, Mapping):
        for value in plain.values():
            yield from _words(value)
    elif isinstance(plain, list | tuple):
        for value in plain:
            yield from _words(value)


def _id_of(item: object) -> str:
    return str(getattr(item, "id"))  # noqa: B009 - the items are of seven types
