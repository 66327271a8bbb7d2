"""The records as the desk sees them: read once, patched by each decision made here, kept fresh.

In: a project. Out: the queue, one item, names for ids, and the outcome of a decision or of taking
one back, with the log of both. Everything goes through `kg.intake.review`; this keeps its answers
while no file has changed, and holds a decision against what the reviewer saw of that one
attribution, so that two people can work in one record and still never write over each other.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from kg.build import record_judge
from kg.graph.build import project_lookup
from kg.intake.decisions import digest_of, standing
from kg.intake.named import NOTHING, Additions
from kg.intake.record_file import open_record
from kg.intake.review import (
    ALL,
    WAITING,
    ChangedSinceError,
    Decided,
    Filters,
    Waiting,
    decide,
    queue,
    undo,
)
from kg.model import Collection, Decision, Review, RunKind
from kg.project import Project
from kg.records import load_collection
from kg.serve.names import Names
from kg.serve.rebuild import Rebuilder

__all__ = ["Desk", "Logged", "SeenOtherwiseError", "Wanted", "asks", "seen_of"]

_SKIPPED = "skipped"
_Fingerprint = tuple[tuple[str, int, int], ...]


class SeenOtherwiseError(Exception):
    """The attribution is not as the reviewer saw it; `item` is how it stands now."""

    def __init__(self, item: Waiting) -> None:
        """Keep how it stands."""
        super().__init__(item.id)
        self.item = item


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue to show."""

    slug: str = ""
    form: str = ""
    state: str = WAITING
    most: float = 1.0
    only: str = ""


class Logged(NamedTuple):
    """One decision of the log: on which record's attribution, by whom, when."""

    slug: str
    review: Review

    @property
    def item(self) -> str:
        """The attribution's name `slug#id`."""
        return f"{self.slug}#{self.review.attribution}"


def seen_of(item: Waiting) -> str:
    """Name what a reviewer saw of an attribution: its content and the decision that stands."""
    decided = item.decided
    stands = f"{decided.decision}:{decided.by}:{decided.on}" if decided else "open"
    return f"{digest_of(item.attribution)}:{stands}"


def asks(item: Waiting) -> bool:
    """Tell whether an item waits for a person: a program's, undecided; or changed since."""
    if item.attribution.retracted is not None:
        return False
    is_machine = item.run is not None and item.run.kind is RunKind.SOFTWARE
    return item.state == "changed" or (is_machine and item.state in {WAITING, _SKIPPED})


class Desk:
    """The queue of one project, for all requests of one server."""

    def __init__(self, project: Project, rebuilder: Rebuilder) -> None:
        """Keep the project; nothing is read before it is asked for."""
        self._project = project
        self._rebuilder = rebuilder
        self._lock = threading.RLock()
        self._fingerprint: _Fingerprint = ()
        self._items: dict[str, Waiting] = {}
        self._collection: Collection | None = None
        self._log: list[Logged] = []
        self._names: dict[str, Names] = {}

    @property
    def rebuilder(self) -> Rebuilder:
        """What brings the graph up to date."""
        return self._rebuilder

    def collection(self) -> Collection:
        """Give every record and registry."""
        self._refresh()
        assert self._collection is not None
        return self._collection

    def items(self, wanted: Wanted) -> list[Waiting]:
        """List what is wanted, in the order of the texts, skipped ones last."""
        self._refresh()
        found = [item for item in list(self._items.values()) if _is_wanted(item, wanted)]
        return sorted(found, key=lambda item: item.state == _SKIPPED)

    def item(self, name: str) -> Waiting | None:
        """Give one item by `slug#id`."""
        self._refresh()
        return self._items.get(name)

    def count(self, wanted: Wanted) -> int:
        """Count what is wanted."""
        self._refresh()
        return sum(_is_wanted(item, wanted) for item in list(self._items.values()))

    def log(self, limit: int) -> list[Logged]:
        """Give the latest decisions, skips and what was taken back among them, newest first."""
        self._refresh()
        return self._log[: -limit - 1 : -1]

    def names(self, language: str) -> Names:
        """Give the names of things in a language."""
        with self._lock:
            collection = self.collection()
            if language not in self._names:
                lookup = project_lookup(collection, self._project)
                self._names[language] = Names(collection, lookup, language)
            return self._names[language]

    def decide(
        self,
        name: str,
        decision: Decision,
        *,
        by: str,
        seen: str,
        changes: Mapping[str, object] | None = None,
        note: str = "",
        additions: Additions = NOTHING,
    ) -> Decided:
        """Decide on one item as it was seen; an edit is held to what a build would find.

        Raises:
            SeenOtherwiseError: it has changed since; nothing was written.
            KgError: what `kg.intake.review.decide` raises.
        """
        with self._lock:
            self._refresh()
            item = self._items[name]
            if seen != seen_of(item):
                raise SeenOtherwiseError(item)
            try:
                done = decide(
                    self._project,
                    item.slug,
                    item.attribution.id,
                    decision,
                    by=by,
                    on=_now(),
                    changes=changes,
                    note=note,
                    expected=item.digest,
                    additions=additions,
                    judge=record_judge(self._project),
                )
            except ChangedSinceError:
                # Written by another program within the moment since the files were looked at.
                self.forget()
                self._refresh()
                if name not in self._items:
                    raise
                raise SeenOtherwiseError(self._items[name]) from None
            self._patch(done)
            if additions != NOTHING:
                self.forget()
        return done

    def undo(self, by: str) -> Decided:
        """Take back a person's last decision.

        Raises:
            KgError: what `kg.intake.review.undo` raises.
        """
        with self._lock:
            done = undo(self._project, by, _now())
            self._patch(done)
        return done

    def _patch(self, done: Decided) -> None:
        """Put one decision into what was read, instead of reading everything again."""
        record = open_record(self._project, done.slug).record
        decided = standing(record.reviews, done.attribution.id)
        last = [item for item in record.reviews if item.attribution == done.attribution.id][-1:]
        skipped = bool(last) and last[0].decision is Decision.SKIPPED
        state = str(decided.decision) if decided else (_SKIPPED if skipped else WAITING)
        for name, item in list(self._items.items()):
            if item.slug == done.slug:
                self._items[name] = replace(item, digest=done.digest)
        name = f"{done.slug}#{done.attribution.id}"
        self._items[name] = replace(
            self._items[name], attribution=done.attribution, state=state, decided=decided
        )
        if self._collection is not None:
            records = tuple(
                record if item.slug == done.slug else item for item in self._collection.records
            )
            self._collection = replace(self._collection, records=records)
        self._log.append(Logged(done.slug, done.review))
        self._fingerprint = self._look()
        self._rebuilder.ask()

    def forget(self) -> None:
        """Read everything again at the next request."""
        with self._lock:
            self._fingerprint = ()

    def _refresh(self) -> None:
        with self._lock:
            now = self._look()
            if now == self._fingerprint and self._collection is not None:
                return
            self._collection = load_collection(self._project).collection
            self._items = {item.id: item for item in queue(self._project, Filters(state=ALL))}
            self._log = sorted(
                (
                    Logged(record.slug, review)
                    for record in self._collection.records
                    for review in record.reviews
                ),
                key=lambda logged: logged.review.on,
            )
            self._names.clear()
            self._fingerprint = now

    def _look(self) -> _Fingerprint:
        """See which files of records there are, and when each was last written."""
        found = []
        for folder, _, names in os.walk(self._project.sources):
            for name in names:
                if name.endswith((".yaml", ".records.jsonl")) or name in _REGISTRIES:
                    path = os.path.join(folder, name)  # noqa: PTH118 - thousands of files, seen often
                    told = os.stat(path)  # noqa: PTH116
                    found.append((path, told.st_mtime_ns, told.st_size))
        return tuple(sorted(found))


_REGISTRIES = frozenset(
    f"{name}.jsonl" for name in ("agents", "topics", "outlets", "utterances", "alignments")
)


def _is_wanted(item: Waiting, wanted: Wanted) -> bool:
    confidence = 1.0 if item.attribution.confidence is None else item.attribution.confidence
    by_state = asks(item) if wanted.state == WAITING else wanted.state in {ALL, item.state}
    return (
        by_state
        and wanted.only in {"", item.id}
        and wanted.slug in {"", item.slug}
        and wanted.form in {"", str(item.attribution.form)}
        and confidence <= wanted.most
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
