"""Knows the agents of a collection by name, and by the role they held on a day.

In: the collection's agents and the day a text speaks of. Out: a `Match` with basis and
confidence, or nothing: who cannot be told apart stays unknown. `find_name` is what the extraction
asks (`kg.intake.resolve.Gazetteer`); it guesses at nobody and reads no file of the project.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import NamedTuple

from kg.model import Agent, AgentKind, CitedSource, Outlet, Role, Text, Topic, When

__all__ = ["AgentIndex", "Match", "Mentioned", "build_agent_index", "folded", "word_places"]

_WORD = re.compile(r"[^\W_]+")
_LONGEST_NAME = 12
_LONGEST_MENTION = 300
_PARTICLES = frozenset({"de", "du", "des", "von", "van", "al", "el", "ben", "bin", "ould"})


class Match(NamedTuple):
    """The agent behind some words: who, how we know, and how surely (0–1)."""

    agent: str
    basis: str
    confidence: float


class Mentioned(NamedTuple):
    """The entity, or the entities of one name, that a text names, and where."""

    start: int
    end: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Post:
    """A post as sets of words, and the words of its organisation."""

    agent: str
    role: Role
    wordings: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class AgentIndex:
    """The agents of a collection, ready to be asked about one text."""

    names: dict[str, frozenset[str]]
    surnames: dict[str, frozenset[str]]
    descriptions: frozenset[str]
    labels: dict[str, Text]
    bodies: dict[str, frozenset[str]]
    posts: tuple[_Post, ...]
    day: When | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    entities: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = field(
        default_factory=dict
    )

    def find_name(self, words: str, *, language: str) -> str:
        """Return the registered name of the agent behind these words; "" where none is known."""
        match = self.find(words)
        return self.name(match.agent, language) if match else ""

    def find(self, words: str) -> Match | None:
        """Find the agent behind a mention: by name, by role at the day, by surname, by capital."""
        key = " ".join(_content_words(words)) if len(words) <= _LONGEST_MENTION else ""
        if not key:
            return None
        named = self._by_name(words)
        if named is not None and key not in self.descriptions:
            return named
        # a role is asked before a listed description: a role ends, a description does not say when
        by_role, ended = self._by_role(words)
        if by_role is not None:
            return by_role
        if named is not None:
            return None if named.agent in ended else named
        return self._by_surname(words) or self._by_capital(key)

    def name(self, agent: str, language: str) -> str:
        """Give an agent's name, in the language where there is one."""
        labels = dict(self.labels.get(agent, ()))
        return labels.get(language) or next(iter(labels.values()), "")

    def mentions(self, text: str) -> Iterator[Mentioned]:
        """Yield the entities a text names, left to right, the longest name first."""
        words = [
            (match.start(), match.end(), _bare(match.group())) for match in _WORD.finditer(text)
        ]
        position = 0
        while position < len(words):
            step = 1
            for name, entity in self.entities.get(words[position][2], ()):
                last = position + len(name)
                if tuple(word for _, _, word in words[position:last]) == name:
                    yield Mentioned(words[position][0], words[last - 1][1], entity)
                    step = len(name)
                    break
            position += step

    def _by_name(self, words: str) -> Match | None:
        for key in (folded(words), " ".join(_content_words(words))):
            found = self.names.get(key, frozenset())
            if len(found) == 1:
                (agent,) = found
                if key in self.descriptions:
                    return Match(agent, f"“{words}” is listed as a way of naming them", 0.7)
                return Match(agent, f"“{words}” is a name in agents.yaml", 0.95)
        return None

    def _by_surname(self, words: str) -> Match | None:
        tokens = _content_words(words)
        found = self.surnames.get(" ".join(tokens), frozenset())
        if len(found) == 1:
            (agent,) = found
            return Match(agent, f"“{words}” is the surname of one person in agents.yaml", 0.7)
        alike = [
            agent
            for agent in sorted(self.surnames.get(tokens[-1], frozenset()))
            if any(set(tokens) < set(_tokens(name)) for _, name in self.labels[agent])
        ]
        if len(tokens) > 1 and len(alike) == 1:
            return Match(alike[0], f"“{words}” is part of one name in agents.yaml", 0.8)
        return None

    def _by_capital(self, key: str) -> Match | None:
        found = self.bodies.get(_capitals().get(key, "-"), frozenset())
        if len(found) != 1:
            return None
        (agent,) = found
        return Match(agent, f"a capital, for the government of {self.name(agent, 'en')}", 0.55)

    def _by_role(self, words: str) -> tuple[Match | None, frozenset[str]]:
        """Find who holds a role at the day, and who held it only at another time."""
        wanted, bodies = _post_words(words, self.bodies)
        found: dict[str, Match] = {}
        ended: set[str] = set()
        for post in self.posts:
            if bodies and post.role.organisation not in bodies:
                continue
            if not wanted or not any(_fits(wanted, wording) for wording in post.wordings):
                continue
            certainty = self._held(post.role)
            if certainty == 0:
                ended.add(post.agent)
                continue
            # a post without its state is one of many: believed less, and only where unique
            certainty *= 1.0 if bodies else 0.7
            match = Match(post.agent, self._told(words, post.role), round(certainty, 3))
            if post.agent not in found or found[post.agent].confidence < match.confidence:
                found[post.agent] = match
        only = next(iter(found.values())) if len(found) == 1 else None
        return only, frozenset(ended - found.keys())

    def _held(self, role: Role) -> float:
        if role.held is None:
            return 0.7
        if self.day is None:
            return 0.5
        starts_late = (
            role.held.earliest and self.day.latest and self.day.latest < role.held.earliest
        )
        ended = role.held.latest and self.day.earliest and role.held.latest < self.day.earliest
        return 0.0 if starts_late or ended else 0.85

    def _told(self, words: str, role: Role) -> str:
        post = dict(role.post).get("en") or next(iter(dict(role.post).values()), "")
        where = self.name(role.organisation, "en") or role.organisation
        if role.held is None:
            when = "no dates given in agents.yaml"
        elif self.day is None:
            when = f"held {role.held.text}; the text has no date"
        else:
            when = f"held {role.held.text}, the text speaks of {self.day.text}"
        return f"“{words}” is the role {post}, {where} ({when})"


def build_agent_index(
    agents: Iterable[Agent],
    *,
    day: When | None = None,
    others: Iterable[Topic | Outlet | CitedSource] = (),
) -> AgentIndex:
    """Prepare the agents of a collection for one text; `others` are entities that do not speak."""
    names: dict[str, set[str]] = {}
    surnames: dict[str, set[str]] = {}
    descriptions: set[str] = set()
    labels: dict[str, Text] = {}
    bodies: dict[str, set[str]] = {}
    listed, named = list(agents), list(others)
    states = _states()
    for agent in listed:
        labels[agent.id] = agent.name
        for _, name in (*agent.name, *agent.aliases):
            for key in {folded(name), " ".join(_content_words(name))} - {""}:
                names.setdefault(key, set()).add(agent.id)
                if not any(word[:1].isupper() for word in name.split()):
                    descriptions.add(key)
                elif agent.kind is not AgentKind.PERSON:
                    bodies.setdefault(key, set()).add(agent.id)
                    if agent.kind is AgentKind.STATE and key in states:
                        bodies.setdefault(states[key], set()).add(agent.id)
        if agent.kind is AgentKind.PERSON:
            for surname in _surnames(agent.name):
                surnames.setdefault(surname, set()).add(agent.id)
    frozen = {key: frozenset(ids) for key, ids in names.items()}
    frozen_bodies = {key: frozenset(ids) for key, ids in bodies.items()}
    posts = tuple(
        _Post(agent.id, role, _wordings(role, frozen_bodies))
        for agent in listed
        for role in agent.roles
    )
    return AgentIndex(
        names=frozen,
        surnames={key: frozenset(ids) for key, ids in surnames.items()},
        descriptions=frozenset(descriptions),
        labels=labels,
        bodies=frozen_bodies,
        posts=posts,
        day=day,
        kinds={item.id: _kind(item) for item in (*listed, *named)},
        entities=_entities(listed, named),
    )


def folded(words: str) -> str:
    """Fold a name for comparing: lower case, no accents, one blank between words.

    >>> folded("Sergueï  LAVROV’s")
    'serguei lavrov s'
    """
    return " ".join(_tokens(words))


def word_places(words: str) -> list[tuple[int, int]]:
    """Say where each word of `folded(words)` stands in the unfolded words."""
    return [match.span() for match in _WORD.finditer(words)]


def _tokens(words: str) -> list[str]:
    return [_bare(word) for word in _WORD.findall(words)]


def _bare(word: str) -> str:
    low = word.casefold()
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFKD", low)
    return "".join(character for character in parts if not unicodedata.combining(character))


def _content_words(words: str) -> list[str]:
    noise, _ = _post_tables()
    tokens = _tokens(words)
    first = next((n for n, token in enumerate(tokens) if token not in noise), len(tokens) - 1)
    return tokens[first:]


def _surnames(name: Text) -> set[str]:
    found: set[str] = set()
    for _, label in name:
        tokens = _tokens(label)
        if len(tokens) > 1:
            found.add(tokens[-1])
            if tokens[-2] in _PARTICLES:
                found.add(" ".join(tokens[-2:]))
    return {surname for surname in found if len(surname) > 2}


def _post_words(
    words: str, bodies: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Split a role into the words of the post and the organisations it names."""
    states = _states()
    organisations: frozenset[str] = frozenset()
    rest: list[str] = []
    tokens = _tokens(words)
    position = 0
    while position < len(tokens):
        taken = 0
        for length in range(min(6, len(tokens) - position), 0, -1):
            phrase = " ".join(tokens[position : position + length])
            state = states.get(phrase, "")
            if phrase in bodies or state in bodies:
                organisations |= bodies.get(phrase) or bodies[state]
                taken = length
                break
            if state:
                # a state the collection does not know: its minister is nobody we know
                rest.append(f"@{state}")
                taken = length
                break
        if not taken:
            rest.append(tokens[position])
        position += taken or 1
    return _post(rest), organisations


def _wordings(role: Role, bodies: Mapping[str, frozenset[str]]) -> tuple[frozenset[str], ...]:
    made = [_post_words(words, bodies)[0] for _, words in (*role.post, *role.aliases)]
    return tuple(dict.fromkeys(wording for wording in made if wording))


def _fits(wanted: frozenset[str], wording: frozenset[str]) -> bool:
    return wanted == wording or (wanted < wording and any(word[0] == "#" for word in wanted))


def _post(tokens: list[str]) -> frozenset[str]:
    """Drop what says nothing and put one name for posts said in several ways."""
    noise, posts = _post_tables()
    words = [token for token in tokens if token not in noise]
    made: set[str] = set()
    position = 0
    while position < len(words):
        taken = 0
        for length in range(min(4, len(words) - position), 0, -1):
            canonical = posts.get(" ".join(words[position : position + length]), "")
            if canonical:
                made.add(f"#{canonical}")
                taken = length
                break
        if not taken:
            made.add(words[position])
        position += taken or 1
    return frozenset(made)


def _entities(
    agents: Iterable[Agent], others: Iterable[Topic | Outlet | CitedSource]
) -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    index: dict[str, dict[tuple[str, ...], set[str]]] = {}
    for entity in (*agents, *others):
        aliases = () if isinstance(entity, CitedSource) else entity.aliases
        for _, label in (*entity.name, *aliases):
            name = tuple(_content_words(label))
            if name and len(name) <= _LONGEST_NAME and len("".join(name)) > 2:
                index.setdefault(name[0], {}).setdefault(name, set()).add(entity.id)
    return {
        head: tuple(
            (name, tuple(sorted(ids)))
            for name, ids in sorted(names.items(), key=lambda item: (-len(item[0]), item[0]))
        )
        for head, names in index.items()
    }


def _kind(entity: Agent | Topic | Outlet | CitedSource) -> str:
    return "outlet" if isinstance(entity, Outlet) else str(entity.kind)


@cache
def _data() -> dict[str, object]:
    path = resources.files("kg.intake") / "roles.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _post_tables() -> tuple[frozenset[str], dict[str, str]]:
    data = _data()
    noise, posts = data["noise"], data["posts"]
    assert isinstance(noise, list)
    assert isinstance(posts, list)
    return frozenset(noise), {wording: group[0] for group in posts for wording in group}


@cache
def _states() -> dict[str, str]:
    """Map every name and adjective of a state to one name of it."""
    words: dict[str, str] = {}
    for names, said in _state_table().items():
        state = folded(names.partition("|")[0])
        words.update({folded(name): state for name in names.split("|")})
        words.update({folded(adjective): state for adjective in said.rpartition(";")[2].split()})
    return words


@cache
def _capitals() -> dict[str, str]:
    """Map every capital to one name of its state."""
    return {
        folded(capital): folded(names.partition("|")[0])
        for names, said in _state_table().items()
        for capital in said.rpartition(";")[0].split()
    }


def _state_table() -> dict[str, str]:
    table = _data()["states"]
    assert isinstance(table, dict)
    return table
