"""Makes registry entries of names that a reviewer gave: a person, a place, a cited source.

In: a name, what it names, the collection it is to join. Out: `Additions`, which nobody has written
yet: a decision writes them with the edit that names them (`kg.intake.review.decide`), or not at
all. What is in the registries already is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.errors import UsageError
from kg.intake.gazetteer import build_agent_index
from kg.intake.newcomers import Newcomers
from kg.intake.slugs import slugify
from kg.model import Agent, AgentKind, CitedSource, Collection, Topic, TopicKind, content_id

__all__ = ["KINDS", "NOTHING", "SOURCE", "Additions", "name_thing"]

SOURCE = "source"
"""The kind of what stands in a chain: a medium or paper that is not in the collection."""

KINDS = (*AgentKind, *TopicKind, SOURCE)
"""What a new name may name."""


@dataclass(frozen=True, slots=True)
class Additions:
    """Entries that the registries lack."""

    agents: tuple[Agent, ...] = ()
    topics: tuple[Topic, ...] = ()
    sources: tuple[CitedSource, ...] = ()

    def within(self, collection: Collection) -> Collection:
        """Give a collection with these in it."""
        return replace(
            collection,
            agents=(*collection.agents, *self.agents),
            topics=(*collection.topics, *self.topics),
            sources=(*collection.sources, *self.sources),
        )


NOTHING = Additions()


def name_thing(
    collection: Collection, name: str, kind: str, *, language: str, slug: str
) -> tuple[Additions, str]:
    """Make an entry for a name, named in a record (`slug`); give it with its id.

    >>> name_thing(Collection(), "Maëlle Tarvoz", "person", language="fr", slug="x")[1]
    'maelle-tarvoz'

    Raises:
        UsageError: there is no such kind, or no name.
    """
    words = " ".join(name.split())[:200]
    if kind not in {str(item) for item in KINDS}:
        raise UsageError(f"`{kind}` is no kind of thing; use one of: {', '.join(KINDS)}")
    if not words:
        raise UsageError("a name needs a letter")
    if kind == SOURCE:
        newcomers = Newcomers(collection, build_agent_index(collection.agents), slug, language)
        link = newcomers.link(words) or f"source-{content_id('name', words)[:8]}"
        return Additions(sources=tuple(newcomers.sources.values())), link
    made = _free(slugify(words) or f"{kind}-{content_id('name', words)[:8]}", _taken(collection))
    label = ((language, words),)
    note = f"named by a reviewer of {slug}"
    if kind in {str(item) for item in AgentKind}:
        return Additions(agents=(Agent(made, AgentKind(kind), label, note=note),)), made
    return Additions(topics=(Topic(made, TopicKind(kind), label, note=note),)), made


def _taken(collection: Collection) -> frozenset[str]:
    lists: tuple[Iterable[Agent | Topic | CitedSource], ...] = (
        collection.agents,
        collection.topics,
        collection.sources,
    )
    ids = {item.id for items in lists for item in items}
    return frozenset(ids | {outlet.id for outlet in collection.outlets})


def _free(wanted: str, taken: frozenset[str]) -> str:
    made, number = wanted, 2
    while made in taken:
        made, number = f"{wanted}-{number}", number + 1
    return made
