"""Names in place of ids, both ways: what a form shows for an id, and which id some words mean.

In: a collection with its vocabulary, and a language. Out: labels, and ids found by any name of a
thing, accents and case aside; where several things go by one name, all of them, for a person to
choose. It never guesses and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from kg.graph.lookup import Lookup, pick
from kg.intake.gazetteer import folded
from kg.model import Agent, CitedSource, Claim, Collection, Outlet, Text, Topic

__all__ = ["LINKS", "PREDICATES", "SPEAKERS", "THINGS", "Names", "Reading"]

SPEAKERS, LINKS, THINGS, PREDICATES = "speakers", "links", "things", "predicates"
"""Where a name is looked for: who can speak, what can relay, what claims are about and say."""

OFFERED = 1500
"""Names that one list of a form offers; others are found when they are written."""

_NEAR = 3
_ALIKE = 70


class Names:
    """The names of one collection in one language."""

    def __init__(self, collection: Collection, lookup: Lookup, language: str) -> None:
        """Index every name by what it is looked for among."""
        self.language = language
        self._lookup = lookup
        links: tuple[Outlet | CitedSource, ...] = (*collection.outlets, *collection.sources)
        self._texts: dict[str, dict[str, Text]] = {
            SPEAKERS: {item.id: item.name for item in collection.agents},
            LINKS: {item.id: item.name for item in links},
            PREDICATES: {
                item.name: item.labels for item in lookup.predicates.by_name.values() if item.labels
            },
        }
        # As in the graph, of two things of one id the agent holds.
        things: tuple[Agent | Topic | Outlet | CitedSource, ...] = (
            *collection.sources,
            *collection.outlets,
            *collection.topics,
            *collection.agents,
        )
        self._texts[THINGS] = {item.id: item.name for item in things}
        self._titles = {record.slug: record.document.title for record in collection.records}
        aliases = {item.id: item.aliases for item in things if not isinstance(item, CitedSource)}
        self._named = {
            among: _by_name(texts, language, aliases) for among, texts in self._texts.items()
        }

    def label(self, name: str) -> str:
        """Name a thing by its id; an id nothing is known of names itself."""
        slug, mark, rest = name.partition("#")
        if mark:
            return f"{self._titles.get(slug) or slug} · {rest}"
        return self._lookup.label(name, self.language)

    def sentence(self, claim: Claim) -> str:
        """Say a claim in words."""
        return self._lookup.claim_label(claim, self.language)

    def kind_of_object(self, predicate: str) -> str:
        """Tell what a predicate's object is: entity, date, number or text; "" if unknown."""
        found = self._lookup.predicates.get(predicate)
        return str(found.kind) if found else ""

    def written(self, name: str, among: str) -> str:
        """Write an id so that `found` gives it back: its name, with the id where that is shared."""
        text = self._texts[among].get(name)
        shown = pick(text, self.language) if text else ""
        if not shown:
            return name
        return shown if self.found(shown, among) == (name,) else f"{shown} ({name})"

    def found(self, words: str, among: str) -> tuple[str, ...]:
        """Give the ids that some words may mean: none, one, or several of the same name."""
        words = words.strip()
        texts = self._texts[among]
        if words in texts:
            return (words,)
        inside = words.rpartition("(")[2].removesuffix(")").strip()
        if words.endswith(")") and inside in texts:
            return (inside,)
        key = folded(words)
        return next((ids for table in self._named[among] if (ids := table.get(key))), ())

    def near(self, words: str, among: str) -> list[str]:
        """Give the names that are most like some words, for a person to choose from."""
        keys = self._named[among][-1]
        close = process.extract(
            folded(words), list(keys), scorer=fuzz.ratio, limit=_NEAR, score_cutoff=_ALIKE
        )
        ids = dict.fromkeys(name for key, _, _ in close for name in keys[key])
        return [self.written(name, among) for name in ids][:_NEAR]

    def offered(self, among: str, first: Iterable[str] = ()) -> list[str]:
        """List names for a form to offer, those of some ids first."""
        texts = self._texts[among]
        ids = dict.fromkeys(name for name in first if name in texts)
        rest = sorted(
            (name for name in texts if name not in ids),
            key=lambda name: folded(pick(texts[name], self.language)),
        )
        return [self.written(name, among) for name in [*ids, *rest][:OFFERED]]


def _by_name(
    texts: Mapping[str, Text], language: str, aliases: Mapping[str, Text]
) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Index things by name: in the reader's language, then in any, then by other names too."""
    tables: list[defaultdict[str, dict[str, None]]] = [defaultdict(dict) for _ in range(3)]
    for name, text in texts.items():
        own = [pick(text, language)]
        every = [label for _, label in text]
        others = [label for _, label in aliases.get(name, ())]
        for table, labels in zip(tables, (own, own + every, own + every + others), strict=True):
            for label in labels:
                table[folded(label)][name] = None
    return tuple({key: tuple(ids) for key, ids in table.items() if key} for table in tables)


@dataclass(slots=True)
class Reading:
    """The names of one form as they are read: what nobody knows, and what may mean several.

    `new` holds the ids of names that the form itself adds, by their folded words.
    """

    names: Names
    new: Mapping[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    several: dict[str, Sequence[str]] = field(default_factory=dict)

    def id_of(self, words: str, among: str) -> str:
        """Give the id of a name; "" where there is none or several, which is kept to be told."""
        found = self.names.found(words, among)
        if len(found) == 1:
            return found[0]
        added = self.new.get(folded(words), "")
        if added and among != PREDICATES:
            return added
        if found:
            self.several[words] = [self.names.written(name, among) for name in found]
        else:
            self.unknown.setdefault(words, among)
        return ""

    def ids_of(self, words: str, among: str) -> list[str]:
        """Give the ids of several names: parted by semicolons, or by commas where no name has one.

        A name that holds a comma is found whole.
        """
        if not words.strip():
            return []
        if self.names.found(words, among) or folded(words) in self.new:
            return [self.id_of(words, among)]
        parts = words.split(";") if ";" in words else words.split(",")
        return [self.id_of(part.strip(), among) for part in parts if part.strip()]

    @property
    def is_whole(self) -> bool:
        """Whether every name was found."""
        return not (self.unknown or self.several)
