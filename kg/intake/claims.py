"""Proposes what an attribution conveys: a triple by the words of a predicate, or a known claim.

In: the words of a statement, the entities they name, the claims a collection has. Out: claims with
their basis; nothing where subject or object is not known: the claim is then left open. Patterns
are data (`ontology/predicate_patterns.toml`, and a collection's own); it knows no RDF.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process

from kg.errors import ProjectError
from kg.intake.gazetteer import AgentIndex, Mentioned, folded, word_places
from kg.model import Attribution, Claim, Record
from kg.project import data_folder

__all__ = [
    "ClaimProposal",
    "KnownClaims",
    "Offer",
    "Patterns",
    "known_claims",
    "load_patterns",
    "propose_claims",
]

PATTERN_FILE = "predicate_patterns.toml"
LIKE_ENOUGH = 72.0
"""How like (0–100) two quotes must be for the claim of one to be offered for the other."""

_SHORTEST = 12
_LONGEST_GAP = 300


class ClaimProposal(NamedTuple):
    """A claim a statement may convey, and why."""

    claim: Claim
    basis: str


class Offer(NamedTuple):
    """A claim the collection has already, offered for a new attribution."""

    claim: Claim
    basis: str
    likeness: float


@dataclass(frozen=True, slots=True)
class _Pattern:
    predicate: str
    words: tuple[str, ...]
    shown: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Lexical patterns by language and first word, the longest first."""

    by_language: Mapping[str, Mapping[str, tuple[_Pattern, ...]]]
    first_person: Mapping[str, frozenset[str]]
    relative: Mapping[str, frozenset[str]]
    reach: int


@dataclass(frozen=True, slots=True)
class KnownClaims:
    """The quotes of a collection that convey claims, to compare new quotes with."""

    quotes: tuple[str, ...]
    claims: tuple[tuple[Claim, ...], ...]
    names: tuple[str, ...]

    def offers(self, quote: str, *, limit: int = 3) -> list[Offer]:
        """Offer the claims of the most similar quotes, best first; a person decides."""
        if len(quote) < _SHORTEST or not self.quotes:
            return []
        near = process.extract(
            folded(quote),
            self.quotes,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=LIKE_ENOUGH,
            limit=limit,
        )
        made: dict[Claim, Offer] = {}
        for _, likeness, place in near:
            for claim in self.claims[place]:
                basis = f"conveyed by {self.names[place]} in like words ({likeness:.0f} of 100)"
                made.setdefault(claim, Offer(claim, basis, round(likeness, 1)))
        return list(made.values())


def load_patterns(own: Path | None = None) -> Patterns:
    """Read the patterns of the ontology, and those of a collection where it has its own file.

    Raises:
        ProjectError: a pattern file is faulty.
    """
    files = [data_folder("ontology") / PATTERN_FILE]
    if own is not None and (own / PATTERN_FILE).is_file():
        files.append(own / PATTERN_FILE)
    tables: dict[str, dict[str, list[_Pattern]]] = {}
    first_person: dict[str, frozenset[str]] = {}
    relative: dict[str, frozenset[str]] = {}
    reach = 12
    for path in files:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            reach = int(data.get("reach", reach))
            for table, name in ((first_person, "first_person"), (relative, "relative")):
                for language, words in data.get(name, {}).items():
                    table[language] = frozenset(folded(word) for word in words)
            for item in data.get("pattern", ()):
                _add_pattern(item, tables)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProjectError(f"{path}: these patterns cannot be read: {error}") from error
    frozen = {
        language: {
            head: tuple(sorted(patterns, key=lambda item: (-len(item.words), item.shown)))
            for head, patterns in heads.items()
        }
        for language, heads in tables.items()
    }
    return Patterns(frozen, first_person, relative, reach)


def propose_claims(
    words: str,
    *,
    language: str,
    index: AgentIndex,
    patterns: Patterns,
    speakers: Sequence[str] = (),
) -> list[ClaimProposal]:
    """Propose the claims that a statement's words convey, in the order of the words.

    A statement with two readings gives both claims; one with no known pair gives none.
    """
    heads = patterns.by_language.get(language, {})
    mentions = list(index.mentions(words))
    starts = [item.start for item in mentions]
    ends = [item.end for item in mentions]
    made: dict[Claim, ClaimProposal] = {}
    tokens = folded(words).split()
    places = word_places(words)
    for position, token in enumerate(tokens):
        longest = 0
        for pattern in heads.get(token, ()):
            last = position + len(pattern.words)
            if len(pattern.words) < longest or tuple(tokens[position:last]) != pattern.words:
                continue
            longest = len(pattern.words)
            start, end = places[position][0], places[last - 1][1]
            stop = places[min(len(places), last + patterns.reach) - 1][1]
            before = bisect_right(ends, start) - 1
            after = bisect_left(starts, end)
            named = mentions[before] if before >= 0 else None
            subject = _subject(words, start, named, speakers, language, patterns)
            named = mentions[after] if after < len(mentions) else None
            thing = _object(named, stop, pattern, index)
            if not subject or not thing or thing == subject or ". " in words[end:stop]:
                continue
            claim = Claim(subject, pattern.predicate, thing)
            basis = f"“{pattern.shown}” between {subject} and {thing}"
            made.setdefault(claim, ClaimProposal(claim, basis))
    return list(made.values())


def known_claims(records: Iterable[Record]) -> KnownClaims:
    """Gather the quotes of records that convey claims and were not rejected or retracted."""
    quotes: list[str] = []
    claims: list[tuple[Claim, ...]] = []
    names: list[str] = []
    for record in records:
        for attribution in record.attributions:
            if attribution.claims and attribution.retracted is None:
                quotes.append(folded(_whole(attribution)))
                claims.append(attribution.claims)
                names.append(f"{record.slug}#{attribution.id}")
    return KnownClaims(tuple(quotes), tuple(claims), tuple(names))


def _whole(attribution: Attribution) -> str:
    return " ".join(attribution.quotes)


def _add_pattern(item: Mapping[str, object], tables: dict[str, dict[str, list[_Pattern]]]) -> None:
    predicate = str(item["predicate"])
    named = item.get("object", [])
    kinds = frozenset(str(kind) for kind in named) if isinstance(named, list) else frozenset()
    for language, phrases in item.items():
        if language in ("predicate", "object") or not isinstance(phrases, list):
            continue
        for phrase in phrases:
            words = tuple(folded(str(phrase)).split())
            heads = tables.setdefault(language, {})
            heads.setdefault(words[0], []).append(_Pattern(predicate, words, str(phrase), kinds))


def _subject(
    words: str,
    start: int,
    named: Mentioned | None,
    speakers: Sequence[str],
    language: str,
    patterns: Patterns,
) -> str:
    """The last entity named before the words, or the one speaker where the text says we."""
    after = words[max(named.end if named else 0, start - _LONGEST_GAP) : start]
    if any(mark in after for mark in ".;:!?"):
        return ""
    nearest = set(folded(after).split()[-2:])
    relative = patterns.relative.get(language, frozenset())
    if not relative & nearest and patterns.first_person.get(language, frozenset()) & nearest:
        return speakers[0] if len(speakers) == 1 else ""
    is_near = named is not None and start - named.end <= _LONGEST_GAP
    return named.ids[0] if named and is_near and len(named.ids) == 1 else ""


def _object(item: Mentioned | None, stop: int, pattern: _Pattern, index: AgentIndex) -> str:
    """The first entity named after the words; nobody where its name could mean two."""
    if item is None or item.end > stop:
        return ""
    ids = [
        entity
        for entity in item.ids
        if not pattern.kinds or index.kinds.get(entity, "") in pattern.kinds
    ]
    return ids[0] if len(ids) == 1 else ""
