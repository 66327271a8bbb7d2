"""People's decisions on proposals: what waits, what was decided, by whom, and how to take it back.

In: a project; a decision with who made it and when. Out: records with one review more, written
whole, and the history beside them. The machine's proposal stays in the history for good. Both
doors, the terminal and the review desk, decide through `queue`, `decide` and `undo`.

A decision is asked again when
  1. it was taken back (`undone`);
  2. it was only skipped;
  3. the attribution's words, places, speaker, form, polarity, modality, illocution, chain or claims
     have changed in the record since it was made.
It is not asked again when the rules or a model change, when an article is added anew, or when
confidence, notes or registries change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from kg.dates import is_moment
from kg.errors import RecordError, UsageError
from kg.intake.decisions import append_history, digest_of, read_history, standing
from kg.intake.edits import EditError, Judge, edited, plain_of, refuse_new_faults
from kg.intake.lock import writing
from kg.intake.named import NOTHING, Additions
from kg.intake.record_file import RecordFile, history_of, open_record
from kg.intake.registries import add_to_registries
from kg.model import (
    Attribution,
    Decision,
    Document,
    Form,
    Record,
    Review,
    Run,
    RunKind,
)
from kg.project import Project
from kg.records import load_collection
from kg.records.encode import Plain
from kg.records.texts import held_texts

__all__ = [
    "ALL",
    "WAITING",
    "ChangedSinceError",
    "Decided",
    "Filters",
    "Waiting",
    "decide",
    "queue",
    "undo",
]

WAITING = "waiting"
ALL = "all"
_SKIPPED = "skipped"


class ChangedSinceError(RecordError):
    """Somebody else changed the record since it was read; nothing of theirs or yours is lost."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show: one document, a band of confidence, a form, a speaker, a state."""

    document: str = ""
    above: float = 0.0
    below: float = 1.0
    form: Form | None = None
    speaker: str = ""
    state: str = WAITING


@dataclass(frozen=True, slots=True)
class Waiting:
    """One attribution in the queue, with what a person needs to decide it.

    `state` is waiting, skipped, changed (since it was decided), or the decision that stands;
    `text` is "" where the document's text is not attached; `digest` names the record as read and
    goes back into `decide`.
    """

    slug: str
    attribution: Attribution
    document: Document
    run: Run | None
    state: str
    decided: Review | None
    digest: str
    text: str
    proposal: Plain

    @property
    def id(self) -> str:
        """The name `slug#id`."""
        return f"{self.slug}#{self.attribution.id}"


class Decided(NamedTuple):
    """What a decision left: the record's new digest and the attribution as it now stands.

    `of` counts the decisions of one moment among which a decision taken back was the last.
    """

    slug: str
    attribution: Attribution
    review: Review
    digest: str
    of: int = 1


def queue(project: Project, filters: Filters | None = None) -> list[Waiting]:
    """List what waits for a decision, in the order of the texts, what was skipped last.

    Attributions that a program made and no person decided wait; so do those that changed since.
    With the state `all`, everything is listed; with a decision's name, what it stands for.
    """
    wanted = filters or Filters()
    loaded = load_collection(project)
    records = [
        record for record in loaded.collection.records if wanted.document in ("", record.slug)
    ]
    if wanted.document and not records:
        raise UsageError(f"there is no record `{wanted.document}`; kg review --list names them")
    held = held_texts(project, {record.document.sha256 for record in records})
    histories: dict[str, dict[str, list[Plain]]] = {}
    found: list[Waiting] = []
    for record in records:
        place = loaded.locations[record.slug].path
        if place not in histories:
            histories[place] = _by_record(project.root / place, record.slug)
        kept = held.get(record.document.sha256)
        context = _Context(
            histories[place].get(record.slug, []),
            loaded.digests.get(f"record:{record.slug}", ""),
            kept.text if kept else "",
        )
        found.extend(_waiting(record, wanted, context))
    return sorted(found, key=lambda item: item.state == _SKIPPED)


def decide(  # noqa: PLR0913 - a decision is all of this
    project: Project,
    slug: str,
    attribution: str,
    decision: Decision,
    *,
    by: str,
    on: str,
    changes: Mapping[str, object] | None = None,
    note: str = "",
    expected: str = "",
    additions: Additions = NOTHING,
    judge: Judge | None = None,
) -> Decided:
    """Add one decision to a record; an edit also changes the attribution.

    Args:
        project: the project.
        slug: the record's name.
        attribution: the attribution's id in the record.
        decision: accepted, rejected, edited or skipped.
        by: who decides.
        on: when, as 2025-04-03 or 2025-04-03T10:00:00Z.
        changes: for an edit, fields as a record writes them (`speaker`, `quote`, `at`, `form`, …).
        note: why, in the reviewer's words.
        expected: the record's digest as the reviewer saw it; "" takes it as it is.
        additions: what the edit names and the registries lack; written with it, or not at all.
        judge: tells what a build would find wrong with the record (`kg.build.record_judge`).

    Raises:
        UsageError: there is no such attribution, or the edit is not sound.
        ChangedSinceError: the record changed since the reviewer saw it.
        RecordError: the record's file is faulty.
    """
    if decision is Decision.UNDONE:
        raise UsageError("take a decision back with undo, not with a decision")
    if (decision is Decision.EDITED) != bool(changes):
        raise UsageError("an edit needs changes, and only an edit has them")
    if not by.strip():
        raise UsageError("say who decides")
    _require_moment(on)
    with writing(project):
        file = open_record(project, slug)
        _unchanged(file, expected)
        before = _attribution(file, attribution)
        after = before
        if changes:
            after = edited(project, file.record, before, changes, by=by, additions=additions)
        if changes and after == before:
            raise EditError("this edit changes nothing; accept the attribution instead", "nothing")
        review = Review(attribution, decision, by, on, note or _told(before, after))
        line = _history_line(file, review, after)
        if changes:
            line |= {"before": plain_of(before), "after": plain_of(after)}
        step = _Step(project, file, before, after, review, line)
        return _written(step, additions=additions, judge=judge)


def undo(project: Project, by: str, on: str, *, slug: str = "", attribution: str = "") -> Decided:
    """Take back a person's last decision, or the one on a named attribution; a skip counts as one.

    Of decisions of one moment the last written goes first.

    An edit that is taken back restores the attribution as it was before. Decisions of others are
    never taken back, nor are one's own that others have decided over.

    Raises:
        UsageError: there is nothing of theirs to take back.
        ChangedSinceError: the attribution changed after the edit.
    """
    _require_moment(on)
    count = 1
    if not slug:
        slug, attribution, count = _last_decided(project, by)
    with writing(project):
        file = open_record(project, slug)
        now = _attribution(file, attribution)
        last = _to_undo(file.record.reviews, attribution)
        if last is None or last.by != by:
            whose = f"the decision that stands is by {last.by}" if last else "no decision stands"
            raise UsageError(f"{slug}#{attribution}: nothing of {by} to take back ({whose})")
        after = _before_edit(file, now, last) if last.decision is Decision.EDITED else now
        review = Review(attribution, Decision.UNDONE, by, on, f"took back: {last.decision}")
        line = _history_line(file, review, after)
        return _written(_Step(project, file, now, after, review, line))._replace(of=count)


def _to_undo(reviews: tuple[Review, ...], attribution: str) -> Review | None:
    """Give the decision that stands, or the skip that came last where none does."""
    stands = standing(reviews, attribution)
    last = [item for item in reviews if item.attribution == attribution][-1:]
    if stands is None and last and last[0].decision is Decision.SKIPPED:
        return last[0]
    return stands


class _Context(NamedTuple):
    """What stands beside one record: its history, the digest of its file, its text."""

    history: list[Plain]
    digest: str
    text: str


def _by_record(path: Path, slug: str) -> dict[str, list[Plain]]:
    """Read the history beside a record's file, by record; one file may hold many."""
    found: dict[str, list[Plain]] = {}
    for line in read_history(history_of(path)):
        found.setdefault(str(line.get("slug", slug)), []).append(line)
    return found


def _waiting(record: Record, wanted: Filters, context: _Context) -> Iterable[Waiting]:
    proposals = {
        str(line.get("attribution")): line for line in context.history if "proposal" in line
    }
    runs = {run.id: run for run in record.runs}
    for attribution in record.attributions:
        run = runs.get(attribution.run) or (record.runs[0] if len(record.runs) == 1 else None)
        decided = standing(record.reviews, attribution.id)
        state = _state(record, attribution, decided, context.history)
        if not _is_wanted(attribution, run, state, wanted):
            continue
        yield Waiting(
            slug=record.slug,
            attribution=attribution,
            document=record.document,
            run=run,
            state=state,
            decided=decided,
            digest=context.digest,
            text=context.text,
            proposal=proposals.get(attribution.id, {}),
        )


def _state(
    record: Record, attribution: Attribution, decided: Review | None, history: list[Plain]
) -> str:
    if decided is None:
        last = [item for item in record.reviews if item.attribution == attribution.id]
        skipped = bool(last) and last[-1].decision is Decision.SKIPPED
        return _SKIPPED if skipped else WAITING
    known = [
        line.get("digest")
        for line in history
        if line.get("attribution") == attribution.id and "digest" in line
    ]
    if known and known[-1] != digest_of(attribution):
        return "changed"
    return str(decided.decision)


def _is_wanted(attribution: Attribution, run: Run | None, state: str, wanted: Filters) -> bool:
    confidence = 1.0 if attribution.confidence is None else attribution.confidence
    is_machine = run is not None and run.kind is RunKind.SOFTWARE
    by_state = {
        ALL: True,
        WAITING: attribution.retracted is None
        and (state == "changed" or (is_machine and state in (WAITING, _SKIPPED))),
    }
    speaker = wanted.speaker.casefold()
    names = [
        *attribution.speakers,
        attribution.unresolved.casefold(),
        attribution.mention.casefold(),
    ]
    return (
        by_state.get(wanted.state, state == wanted.state)
        and wanted.above <= confidence <= wanted.below
        and wanted.form in (None, attribution.form)
        and (not speaker or any(speaker in name for name in names))
    )


def _unchanged(file: RecordFile, expected: str) -> None:
    if expected and expected != file.digest:
        last = file.record.reviews[-1:]
        who = f" (last decision by {last[0].by}, {last[0].on})" if last else ""
        raise ChangedSinceError(
            f"{file.record.slug}: the record changed since you saw it{who}; "
            "nothing was written, look at it again and decide anew"
        )


def _attribution(file: RecordFile, name: str) -> Attribution:
    for attribution in file.record.attributions:
        if attribution.id == name:
            return attribution
    raise UsageError(f"{file.record.slug}: there is no attribution `{name}` in this record")


def _require_moment(on: str) -> None:
    if not is_moment(on):
        raise UsageError(
            f"`{on}` is no moment of a decision; write 2025-04-03 or 2025-04-03T10:00:00Z"
        )


class _Step(NamedTuple):
    """One decision on its way into a record's file."""

    project: Project
    file: RecordFile
    before: Attribution
    after: Attribution
    review: Review
    line: Plain


def _written(step: _Step, *, additions: Additions = NOTHING, judge: Judge | None = None) -> Decided:
    """Write history first: an entry too many harms nothing, a decision without one would.

    The registries come before the record, so that it never names what is not there.
    """
    project, file, before, after, review, line = step
    attributions = tuple(
        after if item.id == before.id else item for item in file.record.attributions
    )
    record = replace(file.record, attributions=attributions, reviews=(*file.record.reviews, review))
    if after != before:
        refuse_new_faults(project, file.record, record, after, additions=additions, judge=judge)
    file.refuse_unreadable(record)
    append_history(file.history, line)
    add_to_registries(
        project,
        agents=additions.agents,
        topics=additions.topics,
        sources=additions.sources,
    )
    return Decided(record.slug, after, review, file.write(record))


def _history_line(file: RecordFile, review: Review, after: Attribution) -> Plain:
    line: Plain = {"slug": file.record.slug} if file.line else {}
    return line | {
        "attribution": review.attribution,
        "decision": str(review.decision),
        "by": review.by,
        "on": review.on,
        "digest": digest_of(after),
    }


def _before_edit(file: RecordFile, now: Attribution, last: Review) -> Attribution:
    """Find the attribution as it was before an edit, unless it changed again after it."""
    for line in reversed(read_history(file.history, file.record.slug)):
        if (line.get("attribution"), line.get("on"), line.get("by")) != (now.id, last.on, last.by):
            continue
        if line.get("decision") != str(Decision.EDITED):
            continue
        if line.get("digest") != digest_of(now):
            raise ChangedSinceError(
                f"{file.record.slug}#{now.id}: changed again after this edit; edit it instead"
            )
        return edited(None, file.record, now, line.get("before"), by=last.by)
    raise UsageError(
        f"{file.record.slug}#{now.id}: the history does not hold what it was before the edit"
    )


def _last_decided(project: Project, by: str) -> tuple[str, str, int]:
    """Find a person's last decision that stands, and how many there are of its moment.

    Decisions of one moment are told apart by which file was written last, then by their order.
    """
    loaded = load_collection(project)
    found: list[tuple[str, int, str, int, str]] = []
    for record in loaded.collection.records:
        written = (project.root / loaded.locations[record.slug].path).stat().st_mtime_ns
        for position, review in enumerate(record.reviews):
            if review.by == by and _to_undo(record.reviews, review.attribution) == review:
                found.append((review.on, written, record.slug, position, review.attribution))
    if not found:
        raise UsageError(f"no decision of {by} stands; there is nothing to take back")
    moment, _, slug, _, attribution = max(found)
    return slug, attribution, sum(item[0] == moment for item in found)


def _told(before: Attribution, after: Attribution) -> str:
    """Say which fields an edit changed."""
    if before == after:
        return ""
    one, two = plain_of(before), plain_of(after)
    fields = [key for key in (*one, *two) if one.get(key) != two.get(key)]
    return f"changed: {', '.join(dict.fromkeys(fields))}"
