"""Proposes what the registries lack for one article: agents, cited sources, its outlet.

In: names as the text or a person gave them. Out: ids, of what is known or of what is proposed
here. It only proposes: each newcomer says where it was named, and a person may rename or remove it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from kg.intake.gazetteer import AgentIndex, folded
from kg.intake.slugs import slugify
from kg.model import (
    UNIDENTIFIED,
    Agent,
    AgentKind,
    CitedSource,
    Collection,
    Outlet,
    SourceKind,
    SpeakerKind,
)

__all__ = ["Newcomers"]

_AGENT_KINDS = {
    SpeakerKind.NAMED_PERSON: AgentKind.PERSON,
    SpeakerKind.ORGANISATION: AgentKind.ORGANISATION,
    SpeakerKind.STATE: AgentKind.STATE,
}
_PARTICLES = frozenset(
    {"de", "du", "des", "d", "la", "le", "von", "van", "der", "den", "al", "el", "ben", "bin", "of"}
    | {"da", "di", "dos", "das", "ag", "ould", "and", "et", "for", "pour", "the", "y", "e"}
)


@dataclass(slots=True)
class Newcomers:
    """The agents, sources and outlet proposed while one article is drafted."""

    collection: Collection
    index: AgentIndex
    slug: str
    language: str
    agents: dict[str, Agent] = field(default_factory=dict)
    sources: dict[str, CitedSource] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)

    def agent(self, name: str, presented: SpeakerKind) -> str:
        """Propose an agent for a name that could stand in the registry; "" for any other."""
        kind = _AGENT_KINDS.get(presented)
        if kind is None or not _is_proper(name, kind):
            return ""
        slug = slugify(name)
        if not slug:
            return ""
        if slug not in self.agents:
            if slug in self._taken():
                slug = f"{slug}-speaker"
            self.agents.setdefault(
                slug,
                Agent(
                    slug,
                    kind,
                    ((self.language, name),),
                    note=f"proposed when {self.slug} was added; check name and kind",
                ),
            )
        return slug

    def link(self, name: str) -> str:
        """Find the outlet or cited source of a name, or propose a source named in this text."""
        key = folded(name)
        found = self.collection
        for outlet in found.outlets:
            if key in {folded(label) for _, label in (*outlet.name, *outlet.aliases)}:
                return outlet.id
        for source in found.sources:
            if key in {folded(label) for _, label in source.name}:
                return source.id
        slug = slugify(f"{name} in {self.slug}")
        if not slugify(name):
            return ""
        if slug not in self.sources:
            if slug in self._taken():
                return slug
            match = self.index.find(name)
            self.sources[slug] = CitedSource(
                slug,
                _source_kind(name),
                ((self.language, name),),
                publisher=match.agent if match and match.confidence >= 0.9 else "",
                basis=f"named in {self.slug} as “{name}”; proposed, not in the collection",
            )
        return slug

    def outlet(self, words: str, basis: str, url: str) -> str:
        """Find the outlet of a name or id, or propose one; unidentified where there is no name."""
        name = " ".join(words.split())[:120]
        key = folded(name)
        if not key:
            return UNIDENTIFIED
        for outlet in self.collection.outlets:
            labels = {folded(label) for _, label in (*outlet.name, *outlet.aliases)}
            if name == outlet.id or key in labels:
                return outlet.id
        slug = slugify(name)
        if not slug:
            return UNIDENTIFIED
        if slug in self._taken() - {outlet.id for outlet in self.collection.outlets}:
            slug = f"{slug}-outlet"
        if not any(outlet.id == slug for outlet in self.collection.outlets):
            labels_of = ((self.language, name),)
            self.outlets[slug] = Outlet(slug, labels_of, basis, url=_site(url))
        return slug

    def _taken(self) -> set[str]:
        found = self.collection
        taken = {UNIDENTIFIED, *self.agents, *self.outlets}
        for items in (found.agents, found.topics, found.outlets, found.sources):
            taken.update(item.id for item in items)
        return taken


def _site(url: str) -> str:
    """Give the address of the site that a page stands on."""
    scheme, mark, rest = url.partition("://")
    host = rest.partition("/")[0]
    return f"{scheme}{mark}{host}/" if mark and host else ""


def _is_proper(name: str, kind: AgentKind) -> bool:
    """Whether a name is one that could stand in a registry: capitals, not too long, no digits."""
    pieces = name.split()
    if not 1 <= len(pieces) <= 6 or any(character.isdigit() for character in name):
        return False
    names = [piece for piece in pieces if folded(piece) not in _PARTICLES]
    is_capital = bool(names) and all(piece.lstrip("'’\"«(")[:1].isupper() for piece in names)
    enough = 2 if kind is AgentKind.PERSON else 1
    return is_capital and len(names) >= enough and pieces[0] in names


def _source_kind(name: str) -> SourceKind:
    kinds = _source_kinds()
    for word in folded(name).split():
        if word in kinds:
            return kinds[word]
    return SourceKind.ARTICLE


@cache
def _source_kinds() -> dict[str, SourceKind]:
    path = resources.files("kg.intake") / "media.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {word: SourceKind(kind) for kind, words in table.items() for word in words.split()}
