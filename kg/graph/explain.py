"""From any node back to the words: claim, attributions, quote in its context, document, maker.

In: a store, the name of a node, the texts held here. Out: an `Explanation`, plain values only.
Derives nothing and judges nothing; it only follows what the graph holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

from kg.errors import UsageError
from kg.graph.query import ask_query, load_query, values_of
from kg.graph.store import Store
from kg.graph.table import Table, compact
from kg.graph.terms import Term
from kg.graph.vocab import KG, PREFIXES, RDF, RDFS
from kg.model import parse_claim

__all__ = ["CONTEXT", "Explained", "Explanation", "Fact", "explain", "find_node"]

CONTEXT = 90
"""Characters of the article shown on either side of a quote, where the text is held."""

_KINDS = ("agent", "topic", "outlet", "source", "utterance", "claim", "alignment", "family")

_HIDDEN = frozenset({RDF.type, RDFS.label})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing told: its name, what is said, and the node it points to, if any."""

    name: str
    value: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """One attribution behind the node: how it concerns it, its facts, its words in context."""

    how: str
    identifier: str
    quote: str
    facts: tuple[Fact, ...]
    contexts: tuple[tuple[str, str, str], ...]
    is_held: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node, what the graph says of it, and the attributions it rests on.

    `total` counts all attributions behind it; `attributions` may hold fewer, as asked.
    """

    iri: str
    kind: str
    label: str
    facts: tuple[Fact, ...]
    attributions: tuple[Explained, ...]
    total: int


def find_node(store: Store, name: str, *, base: str, queries: Path) -> str:
    """Find the IRI of a node by IRI, id, `slug#a2`, path such as `claim/…`, or claim line.

    Raises:
        UsageError: nothing is named so; the nearest ids are offered.
    """
    name = name.strip()
    for iri in _candidates(name, base):
        if _rows(store, queries, "explain-facts", {"node": iri}, base).rows:
            return iri
    named = _rows(store, queries, "explain-node", {"id": name}, base)
    if named.rows:
        return _text(named.rows[0][0])
    # Attributions and claims are too many to search for a likeness, and labels say nothing here.
    question = (queries / "rows" / "ids.rq").read_text(encoding="utf-8")
    ids = [identifier for _, identifier in sorted(set(store.select_values(question)))]
    near = process.extract(name, ids, limit=3, score_cutoff=50)
    hint = f"; the nearest are: {', '.join(match for match, _, _ in near)}" if near else ""
    raise UsageError(f"nothing here is named `{name}`{hint} (kg query known-ids lists all)")


def _candidates(name: str, base: str) -> list[str]:
    if any(character in name for character in '<>"{}|\\^`\n') and " " not in name:
        return []
    if " " in name:
        try:
            return [f"{base}claim/{parse_claim(name).id}"]
        except ValueError:
            return []
    made = [name] if "://" in name or name.startswith("urn:") else []
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        made.append(PREFIXES[prefix] + local)
    if "#" not in name:
        made.append(base + name)
        made.extend(f"{base}{kind}/{name}" for kind in _KINDS)
    return [iri for iri in made if not any(character in iri for character in '<>"{}|\\^` \n')]


def explain(
    store: Store,
    iri: str,
    *,
    base: str,
    queries: Path,
    texts: Mapping[str, str],
    language: str = "en",
    limit: int = 20,
) -> Explanation:
    """Walk from a node to the words it rests on.

    Args:
        store: the graph.
        iri: the node, as `find_node` gives it.
        base: where the collection's addresses start.
        queries: the folder of named queries.
        texts: texts held here, by SHA-256; quotes are shown in context where theirs is among them.
        language: the language of labels.
        limit: how many attributions to follow; the rest are counted.
    """
    facts = _rows(store, queries, "explain-facts", {"node": iri, "language": language}, base)
    classes = [_text(value) for key, value, _ in facts.rows if _text(key) == RDF.type]
    label = _label(facts, language)
    if KG.Attribution in classes:
        identifier = _value(facts, "http://purl.org/dc/terms/identifier")
        links = [("is this one", identifier, _value(facts, KG.quote))]
        told: tuple[Fact, ...] = ()
    else:
        table = _rows(store, queries, "explain-links", {"node": iri}, base)
        links = [(_text(how), _text(name), _text(quote)) for how, name, quote in table.rows]
        told = tuple(_facts(facts, base))
    shown = tuple(
        _explained(store, link, queries=queries, texts=texts, base=base, language=language)
        for link in links[:limit]
    )
    return Explanation(iri, _kind(classes, base), label, told, shown, len(links))


def _explained(
    store: Store,
    link: tuple[str, str, str],
    *,
    queries: Path,
    texts: Mapping[str, str],
    base: str,
    language: str,
) -> Explained:
    how, identifier, quote = link
    why = _rows(store, queries, "why", {"attribution": identifier, "language": language}, base)
    facts = tuple(Fact(_text(name), _text(value)) for _, name, value in why.rows)
    passages = _rows(store, queries, "passage", {"attribution": identifier}, base)
    columns = {name: place for place, name in enumerate(passages.columns)}
    contexts: list[tuple[str, str, str]] = []
    held = False
    for row in passages.rows:
        text = texts.get(_text(row[columns["sha256"]]))
        start, end = int(_text(row[columns["start"]])), int(_text(row[columns["end"]]))
        if text is None:
            before, after = _text(row[columns["before"]]), _text(row[columns["after"]])
            contexts.append((before, _text(row[columns["exact"]]), after))
        else:
            held = True
            contexts.append(
                (text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT])
            )
    return Explained(how, identifier, quote, facts, tuple(contexts), held)


def _rows(store: Store, queries: Path, name: str, given: Mapping[str, str], base: str) -> Table:
    query = load_query(queries, name)
    answer = ask_query(store, query, values_of(query, given, base=base))
    assert answer.table is not None
    return answer.table


def _facts(facts: Table, base: str) -> list[Fact]:
    told: list[Fact] = []
    for key, value, label in facts.rows:
        if _text(key) in _HIDDEN or value is None:
            continue
        name = compact(_text(key), base=base, prefixes=PREFIXES).rpartition(":")[2]
        if value.kind == "iri":
            shown = _text(label) or compact(value.value, base=base, prefixes=PREFIXES)
            told.append(Fact(name, shown, value.value))
        else:
            told.append(Fact(name, value.value))
    return told


def _label(facts: Table, language: str) -> str:
    labels = [value for key, value, _ in facts.rows if _text(key) == RDFS.label and value]
    wanted = [term.value for term in labels if term.language == language]
    return (wanted or [term.value for term in labels] or [""])[0]


def _kind(classes: list[str], base: str) -> str:
    own = [name for name in classes if name.startswith(PREFIXES["kg"])]
    return compact((own or classes or ["node"])[0], base=base, prefixes=PREFIXES).rpartition(":")[2]


def _value(facts: Table, property_iri: str) -> str:
    return next((_text(value) for key, value, _ in facts.rows if _text(key) == property_iri), "")


def _text(term: Term | None) -> str:
    return term.value if term is not None else ""
