"""The explorer's index: every attribution of one graph in a file that answers by place and word.

In: rows and names read once from a store. Out: an `Index`, an SQLite file that many threads read
at a time; pages fetch the few rows they show instead of holding them all. It is a cache: it is
named after the graph's revision, made anew when that changes, and may be deleted at any time.
Judges nothing, and keeps nothing that the graph does not say.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, cast

from kg.errors import StoreError
from kg.graph.rows import AttributionRow, ClaimRow

__all__ = ["Count", "Hit", "Index", "Narrowing", "Thing"]


class Thing(NamedTuple):
    """Something with a page: its kind, the id in its address, its name, its live attributions."""

    iri: str
    kind: str
    short: str
    name: str
    note: str
    live: int


class Hit(NamedTuple):
    """One thing found by words: what it is, its IRI, its text with U+0002 and U+0003 around hits.

    `other` is its English name, where that differs from the French one in `marked`.
    """

    what: str
    ref: str
    marked: str
    other: str


class Count(NamedTuple):
    """How many live attributions a voice has in an outlet; "" where nobody is identified."""

    voice: str
    outlet: str
    number: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which attributions to show: every field that is not "" narrows; ids are IRIs.

    `voice` is one of the voices that are counted: "outlet", "" for nobody, IRIs joined by U+001F.
    """

    speaker: str = ""
    outlet: str = ""
    claim: str = ""
    topic: str = ""
    source: str = ""
    utterance: str = ""
    slug: str = ""
    form: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    withdrawn: bool = False
    voice: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Narrowing(withdrawn=self.withdrawn)


_NAMES = 50_000
"""Names remembered, before they are looked up anew."""
_TIES = ("speaker", "claim", "topic", "source", "utterance")


class Index:
    """The file, open for reading by any number of threads."""

    def __init__(self, path: Path) -> None:
        """Keep the path; each thread opens it when it first asks.

        Raises:
            StoreError: the file is no index.
        """
        self._path = path
        self._own = threading.local()
        # One connection a thread; all are closed when the last page has let go of the index.
        self._opened: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._opened)
        self._names: dict[str, tuple[str, str]] = {}
        self._ask("SELECT iri, fr, en FROM thing LIMIT 1")

    def _ask(self, question: str, given: Sequence[object] = ()) -> list[tuple[object, ...]]:
        try:
            if not hasattr(self._own, "file"):
                self._own.file = sqlite3.connect(
                    f"{self._path.resolve().as_uri()}?mode=ro&immutable=1",
                    uri=True,
                    check_same_thread=False,
                )
                self._opened.append(self._own.file)
            return cast(
                "list[tuple[object, ...]]", self._own.file.execute(question, given).fetchall()
            )
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: the explorer's index is damaged; delete it") from error

    def name(self, iri: str, language: str) -> str:
        """Give a thing's name in a language, or ""."""
        pair = self._names.get(iri)
        if pair is None:
            found = self._ask("SELECT fr, en FROM thing WHERE iri = ?", (iri,))
            pair = (str(found[0][0]), str(found[0][1])) if found else ("", "")
            if len(self._names) >= _NAMES:
                self._names.clear()
            self._names[iri] = pair
        return pair[0 if language == "fr" else 1]

    def names(self, language: str) -> Mapping[str, str]:
        """Give the names of all things in a language, each looked up when it is asked for."""
        return _Names(self, language)

    def iris(self) -> list[str]:
        """Give the IRIs of all things."""
        return [str(iri) for (iri,) in self._ask("SELECT iri FROM thing ORDER BY iri")]

    def facts(self, kind: str) -> list[object]:
        """Give the values kept under a kind, in order."""
        found = self._ask("SELECT body FROM fact WHERE kind = ? ORDER BY rowid", (kind,))
        # One text is read several times as fast as its many parts.
        told: list[object] = json.loads(f"[{','.join(str(body) for (body,) in found)}]")
        return told

    def bodies(self, kind: str) -> dict[str, str]:
        """Give the values kept under a kind as they are kept, by the IRI that each begins with."""
        found = self._ask("SELECT body FROM fact WHERE kind = ? ORDER BY rowid", (kind,))
        kept = (str(body) for (body,) in found)
        return {body[2 : body.index('"', 2)]: body for body in kept}

    def document(self, slug: str) -> list[object] | None:
        """Give what is kept of one document, by its slug, or None."""
        question = (
            "SELECT body FROM fact WHERE kind = 'document' "
            "AND json_extract(body, '$[1]') = ? LIMIT 1"
        )
        found = self._ask(question, (slug,))
        return cast("list[object]", json.loads(str(found[0][0]))) if found else None

    def rows(
        self, narrowing: Narrowing, language: str, *, limit: int = -1, offset: int = 0
    ) -> list[AttributionRow]:
        """Give the attributions of a narrowing, in the order of the documents."""
        where, given = _where(narrowing)
        found = self._ask(
            f"SELECT body FROM attribution a WHERE {where} ORDER BY id LIMIT ? OFFSET ?",  # noqa: S608 - our words only
            (*given, limit, offset),
        )
        return self._decoded((str(body) for (body,) in found), language)

    def count(self, narrowing: Narrowing) -> int:
        """Count the attributions of a narrowing."""
        where, given = _where(narrowing)
        ((number,),) = self._ask(f"SELECT COUNT(*) FROM attribution a WHERE {where}", given)  # noqa: S608
        return int(str(number))

    def claim_count(self, narrowing: Narrowing, most: int) -> int:
        """Count the claims of a narrowing, up to `most`."""
        where, given = _where(narrowing)
        if narrowing.is_open:
            question = "SELECT COUNT(*) FROM thing WHERE kind = 'claim' AND live > 0"
            return int(str(self._ask(question)[0][0]))
        found = self._ask(
            f"SELECT COUNT(*) FROM (SELECT DISTINCT t.iri FROM attribution a JOIN tie t "  # noqa: S608
            f"ON t.id = a.id AND t.kind = 'claim' WHERE {where} LIMIT ?)",
            (*given, most),
        )
        return int(str(found[0][0]))

    def document_count(self, narrowing: Narrowing) -> int:
        """Count the documents of a narrowing."""
        where, given = _where(narrowing)
        question = f"SELECT COUNT(DISTINCT a.slug) FROM attribution a WHERE {where}"  # noqa: S608
        return int(str(self._ask(question, given)[0][0]))

    def relayed_count(self, narrowing: Narrowing) -> int:
        """Count the attributions of a narrowing that came through a relay."""
        where, given = _where(narrowing)
        question = f"SELECT COUNT(*) FROM attribution a WHERE {where} AND a.chained = 1"  # noqa: S608
        return int(str(self._ask(question, given)[0][0]))

    def counts(self, narrowing: Narrowing, voices: Sequence[str] = ()) -> list[Count]:
        """Count live attributions by voice and outlet, of some voices or all."""
        where, given = _where(narrowing)
        if voices:
            where += f" AND a.voice IN ({','.join('?' * len(voices))})"
        found = self._ask(
            f"SELECT voice, outlet, COUNT(*) FROM attribution a WHERE {where} "  # noqa: S608
            "GROUP BY voice, outlet",
            (*given, *voices),
        )
        return [Count(str(voice), str(outlet), int(str(n))) for voice, outlet, n in found]

    def tally(self, column: str, narrowing: Narrowing) -> dict[str, int]:
        """Count live attributions by `form`, `status`, `voice` or `outlet`."""
        assert column in {"form", "status", "voice", "outlet"}
        where, given = _where(narrowing)
        found = self._ask(
            f"SELECT {column}, COUNT(*) FROM attribution a WHERE {where} GROUP BY 1",  # noqa: S608
            given,
        )
        return {str(value): int(str(number)) for value, number in found}

    def row(self, iri: str, language: str) -> AttributionRow | None:
        """Give one attribution by its IRI, or None."""
        found = self._ask("SELECT body FROM attribution WHERE iri = ?", (iri,))
        return next(iter(self._decoded((str(body) for (body,) in found), language)), None)

    def row_by(self, name: str, language: str) -> AttributionRow | None:
        """Give one attribution by its key, or by its identifier `slug#a2`."""
        question = "SELECT body FROM attribution WHERE key = ? OR identifier = ? LIMIT 1"
        found = self._ask(question, (name, name))
        return next(iter(self._decoded((str(body) for (body,) in found), language)), None)

    def identifier(self, iri: str) -> str:
        """Give the identifier `slug#a2` of an attribution, or ""."""
        found = self._ask("SELECT identifier FROM attribution WHERE iri = ?", (iri,))
        return str(found[0][0]) if found else ""

    def rows_of(self, iris: Iterable[str], language: str) -> list[AttributionRow]:
        """Give attributions by their IRIs, in the order of the documents."""
        wanted = sorted(set(iris))
        found: list[tuple[object, ...]] = []
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            found.extend(
                self._ask(f"SELECT id, body FROM attribution WHERE iri IN ({marks})", part)  # noqa: S608
            )
        found.sort(key=lambda pair: int(str(pair[0])))
        return self._decoded((str(body) for _, body in found), language)

    def rows_conveying(
        self, claims: Iterable[str], language: str, *, each: int
    ) -> list[AttributionRow]:
        """Give live attributions of several claims, at most `each` of one, in the order asked."""
        found: dict[str, AttributionRow] = {}
        for iri in claims:
            for row in self.rows(Narrowing(claim=iri), language, limit=each):
                found.setdefault(row.iri, row)
        return list(found.values())

    def only_through(self, link: str) -> tuple[int, dict[str, list[str]]]:
        """Count what passes through a link, and name what has no way around it, by kind of tie.

        A chain that names an attribution goes on with that attribution's own chain.
        """
        passing: dict[int, None] = {}
        queue = [link]
        seen = {link}
        while queue:
            question = (
                "SELECT a.id, a.iri FROM tie t JOIN attribution a ON a.id = t.id "
                "WHERE t.kind = 'source' AND t.iri = ? AND t.withdrawn = 0"
            )
            for number, iri in self._ask(question, (queue.pop(),)):
                passing[int(str(number))] = None
                if str(iri) not in seen:
                    seen.add(str(iri))
                    queue.append(str(iri))
        found: dict[str, list[str]] = {"claim": [], "speaker": [], "utterance": []}
        question = (
            "WITH passing(id) AS (SELECT value FROM json_each(?)) "
            "SELECT DISTINCT t.kind, t.iri FROM tie t WHERE t.id IN (SELECT id FROM passing) "
            "AND t.kind IN ('claim', 'speaker', 'utterance') AND NOT EXISTS ("
            "SELECT 1 FROM tie o WHERE o.kind = t.kind AND o.iri = t.iri AND o.withdrawn = 0 "
            "AND o.id NOT IN (SELECT id FROM passing)) ORDER BY t.kind, t.iri"
        )
        for kind, iri in self._ask(question, (json.dumps(list(passing)),)):
            found[str(kind)].append(str(iri))
        return len(passing), found

    def claims_about(self, iris: Iterable[str], most: int) -> list[str]:
        """Name claims with one of these things as subject or object."""
        found: dict[str, None] = {}
        for iri in iris:
            for side in ("subject", "object"):
                question = f"SELECT iri FROM claim WHERE {side} = ? ORDER BY iri LIMIT ?"  # noqa: S608 - our words only
                for (claim,) in self._ask(question, (iri, most)):
                    found[str(claim)] = None
        return list(found)[:most]

    def claim(self, iri: str) -> ClaimRow | None:
        """Give one claim, or None."""
        found = self._ask("SELECT body FROM claim WHERE iri = ?", (iri,))
        return ClaimRow(*json.loads(str(found[0][0]))) if found else None

    def thing(self, iri: str, language: str) -> Thing | None:
        """Give one thing, or None."""
        found = self._things("WHERE iri = ?", (iri,), language)
        return found[0] if found else None

    def things(
        self, kind: str, language: str, *, limit: int = -1, offset: int = 0, spoken: bool = False
    ) -> list[Thing]:
        """List the things of a kind, those with most attributions first."""
        less = "AND live > 0 " if spoken else ""
        return self._things(
            f"WHERE kind = ? {less}ORDER BY live DESC, short LIMIT ? OFFSET ?",
            (kind, limit, offset),
            language,
        )

    def thing_count(self, kind: str) -> int:
        """Count the things of a kind."""
        return int(str(self._ask("SELECT COUNT(*) FROM thing WHERE kind = ?", (kind,))[0][0]))

    def _things(self, rest: str, given: Sequence[object], language: str) -> list[Thing]:
        name = "fr" if language == "fr" else "en"
        found = self._ask(f"SELECT iri, kind, short, {name}, note, live FROM thing {rest}", given)  # noqa: S608
        return [
            Thing(str(iri), str(kind), str(short), str(label), str(note), int(str(live)))
            for iri, kind, short, label, note, live in found
        ]

    def search(self, words: str, *, what: str = "", limit: int = 50, offset: int = 0) -> list[Hit]:
        """Find quotes and names that hold all the words, the last one as it begins; best first."""
        match = _match(words)
        if not match:
            return []
        only, given = ("AND what = ? ", (what,)) if what else ("", ())
        found = self._ask(
            "SELECT what, ref, highlight(word, 0, char(2), char(3)), "  # noqa: S608
            "highlight(word, 1, char(2), char(3)) FROM word "
            f"WHERE word MATCH ? {only}ORDER BY rank, rowid LIMIT ? OFFSET ?",
            (match, *given, limit, offset),
        )
        return [Hit(*(str(cell) for cell in cells)) for cells in found]

    def search_counts(self, words: str, most: int) -> dict[str, int]:
        """Count what holds the words by what it is, up to `most` in all."""
        match = _match(words)
        if not match:
            return {}
        found = self._ask(
            "SELECT what, COUNT(*) FROM (SELECT what FROM word WHERE word MATCH ? LIMIT ?) "
            "GROUP BY what",
            (match, most),
        )
        return {str(what): int(str(number)) for what, number in found}

    def _decoded(self, bodies: Iterable[str], language: str) -> list[AttributionRow]:
        read = [json.loads(body) for body in bodies]
        wanted = {iri for cells in read for iri in cells[-1]}
        claims = self._claims(wanted)
        return [self._row(cells, claims, language) for cells in read]

    def _claims(self, wanted: set[str]) -> dict[str, ClaimRow]:
        found: dict[str, ClaimRow] = {}
        ordered = sorted(wanted)
        for start in range(0, len(ordered), 500):
            part = ordered[start : start + 500]
            marks = ",".join("?" * len(part))
            for iri, body in self._ask(f"SELECT iri, body FROM claim WHERE iri IN ({marks})", part):  # noqa: S608
                found[str(iri)] = ClaimRow(*json.loads(str(body)))
        return found

    def _row(
        self, cells: list[object], claims: Mapping[str, ClaimRow], language: str
    ) -> AttributionRow:
        *values, told = cells
        # JSON has no tuples: fields that hold several values come back as lists.
        made = AttributionRow(*(_frozen(value) for value in values))  # type: ignore[arg-type] # as written by `_lines`
        if language == "fr":
            return replace(made, claims=tuple(claims[iri] for iri in cast("list[str]", told)))
        name = self.name
        return replace(
            made,
            claims=tuple(claims[iri] for iri in cast("list[str]", told)),
            speakers=_renamed(name, made.speaker_iris, made.speakers, language),
            chain=_renamed(name, made.chain_iris, made.chain, language),
            outlet=(name(made.outlet_iri, language) or made.outlet) if made.outlet_known else "",
            utterance=name(made.utterance_iri, language) or made.utterance,
        )


class _Names(Mapping[str, str]):
    """The names of things in one language."""

    def __init__(self, index: Index, language: str) -> None:
        self._index = index
        self._language = language

    def __getitem__(self, iri: str) -> str:
        name = self._index.name(iri, self._language)
        if not name:
            raise KeyError(iri)
        return name

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.iris())

    def __len__(self) -> int:
        return len(self._index.iris())


def _close(opened: list[sqlite3.Connection]) -> None:
    for file in opened:
        file.close()


def _renamed(
    name: Callable[[str, str], str],
    iris: Sequence[str],
    labels: Sequence[str],
    language: str,
) -> tuple[str, ...]:
    """Name things in a language; an outlet nobody identified goes by what the row says."""
    return tuple(
        label if "/outlet/unidentified-" in iri else name(iri, language) or label
        for iri, label in zip(iris, labels, strict=False)
    )


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value


def _match(words: str) -> str:
    """Make an FTS5 question of what a person typed: every word must occur, signs mean nothing."""
    found = "".join(mark if mark.isalnum() else " " for mark in words).split()[:12]
    if not found:
        return ""
    return " ".join(f'"{word}"' for word in found) + "*"


def _where(narrowing: Narrowing) -> tuple[str, tuple[object, ...]]:
    parts: list[str] = [] if narrowing.withdrawn else ["a.withdrawn = 0"]
    given: list[object] = []
    for kind in _TIES:
        iri = getattr(narrowing, kind)
        if iri:
            parts.append("a.id IN (SELECT id FROM tie WHERE kind = ? AND iri = ?)")
            given += [kind, iri]
    for column in ("outlet", "slug", "form", "status"):
        value = getattr(narrowing, column)
        if value:
            parts.append(f"a.{column} = ?")
            given.append(value)
    if narrowing.voice is not None:
        parts.append("a.voice = ?")
        given.append(narrowing.voice)
    if narrowing.since:
        # What ends on the day or later: the end of an interval counts, and a year holds its days.
        end = "rtrim(substr(a.published, instr(a.published, '/') + 1), '~?%')"
        parts.append(
            f"a.published != '' AND ({end} IN ('', '..') OR substr(?, 1, length({end})) <= {end})"
        )
        given.append(narrowing.since)
    if narrowing.until:
        parts.append("a.published != '' AND substr(a.published, 1, ?) <= ?")
        given += [len(narrowing.until), narrowing.until]
    return " AND ".join(parts) or "1", tuple(given)
