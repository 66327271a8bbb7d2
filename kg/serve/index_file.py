"""The file behind the explorer's index: its tables, and how they are filled from rows once.

In: every attribution of a graph, names, and plain values to keep. Out: one SQLite file, written
whole or not at all. `kg.serve.index` reads it; nothing is changed in it afterwards.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from kg.errors import StoreError
from kg.graph.rows import AttributionRow, ClaimRow

__all__ = ["write_index"]

# Whoever changes these tables raises `kg.serve.cache.SCHEMA`.
_TABLES = """
CREATE TABLE attribution(
  id INTEGER PRIMARY KEY, iri TEXT, key TEXT, identifier TEXT, slug TEXT, outlet TEXT, voice TEXT,
  form TEXT, status TEXT, published TEXT, withdrawn INTEGER, chained INTEGER, body TEXT);
CREATE TABLE tie(kind TEXT, iri TEXT, id INTEGER, withdrawn INTEGER);
CREATE TABLE claim(iri TEXT PRIMARY KEY, subject TEXT, object TEXT, body TEXT);
CREATE TABLE thing(
  iri TEXT PRIMARY KEY, kind TEXT, short TEXT, fr TEXT, en TEXT, note TEXT, live INTEGER);
CREATE TABLE fact(kind TEXT, body TEXT);
CREATE VIRTUAL TABLE word USING fts5(
  body, other, what UNINDEXED, ref UNINDEXED, tokenize = "unicode61 remove_diacritics 2");
"""
_KEYS = """
CREATE UNIQUE INDEX attribution_iri ON attribution(iri);
CREATE INDEX attribution_key ON attribution(key);
CREATE INDEX attribution_slug ON attribution(slug, id);
CREATE INDEX attribution_count ON attribution(
  withdrawn, form, status, outlet, voice, slug, chained, published);
CREATE INDEX tie_iri ON tie(kind, iri, withdrawn, id);
CREATE INDEX tie_id ON tie(id, kind);
CREATE INDEX claim_subject ON claim(subject, iri);
CREATE INDEX claim_object ON claim(object, iri);
CREATE INDEX thing_kind ON thing(kind, live DESC, short);
"""


def write_index(
    path: Path,
    rows: Sequence[AttributionRow],
    *,
    names: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, str],
    facts: Mapping[str, Iterable[object]],
    base: str,
) -> None:
    """Write the file whole or not at all.

    Args:
        path: the file.
        rows: every attribution, withdrawn ones included, in the order pages show them.
        names: the French and the English name of each thing.
        kinds: what each thing is: agent, outlet, source, utterance, topic.
        facts: more plain values by kind, kept as JSON and given back by `Index.facts`.
        base: where the data's addresses start.

    Raises:
        StoreError: the folder cannot be written.
    """
    draft = path.with_suffix(f".{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with sqlite3.connect(draft, isolation_level=None) as made:
            made.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            made.execute("BEGIN")
            _fill(made, rows, names=names, kinds=kinds, base=base)
            made.executemany(
                "INSERT INTO fact VALUES(?, ?)",
                (
                    (kind, json.dumps(value, ensure_ascii=False))
                    for kind in sorted(facts)
                    for value in facts[kind]
                ),
            )
            made.execute("COMMIT")
            made.executescript(_KEYS + "ANALYZE;")
        made.close()
        draft.replace(path)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise StoreError(f"{path}: the explorer's index cannot be written: {error}") from error


def _fill(
    made: sqlite3.Connection,
    rows: Sequence[AttributionRow],
    *,
    names: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, str],
    base: str,
) -> None:
    made.executemany("INSERT INTO attribution VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)", _lines(rows))
    made.executemany("INSERT INTO tie VALUES(?,?,?,?)", _ties(rows))
    claims = {claim.iri: claim for row in rows for claim in row.claims}
    made.executemany(
        "INSERT INTO claim VALUES(?,?,?,?)",
        (
            (iri, claim.subject_iri, claim.object, json.dumps(_claim(claim), ensure_ascii=False))
            for iri, claim in sorted(claims.items())
        ),
    )
    live: Counter[tuple[str, str]] = Counter()
    for kind, iri, _, withdrawn in _ties(rows):
        if not withdrawn:
            live[kind, iri] += 1
    things = list(_things(rows, claims, names=names, kinds=kinds, live=live, base=base))
    made.executemany("INSERT INTO thing VALUES(?,?,?,?,?,?,?)", things)
    made.executemany(
        "INSERT INTO word(body, other, what, ref) VALUES(?,?,?,?)",
        (
            *((row.quote, "", "quote", row.iri) for row in rows if not row.is_withdrawn),
            *(
                (f"{fr} {note}".strip(), "" if en == fr else en, kind, iri)
                for iri, kind, _, fr, en, note, _ in things
            ),
        ),
    )


def _lines(rows: Sequence[AttributionRow]) -> Iterator[tuple[object, ...]]:
    for number, row in enumerate(rows):
        told = [claim.iri for claim in row.claims]
        body = json.dumps([*_before(row), (), *_after(row), told], ensure_ascii=False)
        voice = "" if row.form == "authorial" else "\x1f".join(row.speaker_iris)
        yield (
            number,
            row.iri,
            row.key,
            row.identifier,
            row.slug,
            row.outlet_iri,
            "outlet" if row.form == "authorial" else voice,
            row.form,
            "retracted" if row.retracted else row.review_status,
            row.published,
            int(row.is_withdrawn),
            int(bool(row.chain_iris)),
            body,
        )


_FIELDS = [item.name for item in fields(AttributionRow)]
_PLACE = _FIELDS.index("claims")
# Fields by name, not `astuple`: that copies every value, and there are millions.
_before = attrgetter(*_FIELDS[:_PLACE])
_after = attrgetter(*_FIELDS[_PLACE + 1 :])
_claim = attrgetter(*(item.name for item in fields(ClaimRow)))


def _ties(rows: Sequence[AttributionRow]) -> Iterator[tuple[str, str, int, int]]:
    for number, row in enumerate(rows):
        withdrawn = int(row.is_withdrawn)
        ties = {("speaker", iri) for iri in row.speaker_iris if row.form != "authorial"}
        ties |= {("claim", claim.iri) for claim in row.claims}
        ties |= {("topic", claim.subject_iri) for claim in row.claims}
        ties |= {("topic", claim.object) for claim in row.claims}
        ties |= {("source", iri) for iri in row.chain_iris}
        ties |= {("outlet", row.outlet_iri), ("document", row.document_iri)}
        if row.utterance_iri:
            ties.add(("utterance", row.utterance_iri))
        for kind, iri in sorted(ties):
            yield kind, iri, number, withdrawn


_TIE_OF = {"agent": "speaker"}


def _things(
    rows: Sequence[AttributionRow],
    claims: Mapping[str, ClaimRow],
    *,
    names: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, str],
    live: Mapping[tuple[str, str], int],
    base: str,
) -> Iterator[tuple[str, str, str, str, str, str, int]]:
    for iri, kind in sorted(kinds.items()):
        fr, en = names.get(iri, ("", ""))
        short = iri.removeprefix(base).partition("/")[2] or iri
        count = live.get((_TIE_OF.get(kind, kind), iri), 0)
        yield iri, kind, short, fr or short, en or short, "", count
    for iri, claim in sorted(claims.items()):
        short = iri.removeprefix(base).partition("/")[2] or iri
        fr, en = claim.label("fr"), claim.label("en")
        yield iri, "claim", short, fr, en, "", live.get(("claim", iri), 0)
    documents: dict[str, AttributionRow] = {}
    for row in rows:
        documents.setdefault(row.document_iri, row)
    for iri, row in sorted(documents.items()):
        title = row.title or row.slug
        count = live.get(("document", iri), 0)
        yield iri, "document", row.slug, title, title, row.byline, count
