"""From records to the published graph: load, check, build, derive, write files and picture.

In: a project. Out: a `BuildOutcome` to print. Each step is a function of another room; this one
only keeps their order: what can stop a build comes before anything is published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.analyse.derived import MOST_DERIVED, derivation
from kg.errors import RecordError
from kg.export.html import render_page
from kg.graph.build import BuildReport, build_store, last_build
from kg.graph.check import check_collection
from kg.graph.files import write_graph_files
from kg.graph.query import ask_query, load_query
from kg.graph.rows import attribution_rows, lost_pairs
from kg.graph.store import LocalStore, open_store
from kg.intake.record_file import open_record
from kg.model import Collection, Finding, Level, Record
from kg.project import Project, data_folder, write_atomically
from kg.records import Loaded, load_collection
from kg.records.seen import mistaken_hashes, unheld
from kg.records.texts import files_of_length, held_texts, wanted_texts

__all__ = [
    "MANY",
    "BuildOutcome",
    "Counts",
    "build_project",
    "check_project",
    "count_collection",
    "record_judge",
]


MANY = 500
"""Owners above which a build reads and checks only what changed; below, all of it takes a blink."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a collection holds; `verified` and `unseen` count quotes against texts held here."""

    documents: int
    outlets: int
    unidentified: int
    speakers: int
    unresolved: int
    utterances: int
    forms: Mapping[str, int]
    claims: int
    shared: int
    variants: int
    quotes: int
    reviewed: int
    unseen: int

    @property
    def attributions(self) -> int:
        """Attributions of every form."""
        return sum(self.forms.values())


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """What a build did, what it found, and the files to open next."""

    report: BuildReport
    counts: Counts
    findings: tuple[Finding, ...]
    written: tuple[Path, ...]


def build_project(
    project: Project,
    *,
    full: bool = False,
    files: bool = True,
    most_derived: int = MOST_DERIVED,
) -> BuildOutcome:
    """Bring store, graph files and picture to what the records say.

    Args:
        project: the collection.
        full: build everything anew, even what did not change.
        files: write graph files and picture too.
        most_derived: attributions above which no derived graph is made.

    Raises:
        RecordError: the records have errors; the last good graph stands.
        StoreError: another build is at work, or the store cannot be written.
    """
    loaded = _loaded(project, full=full)
    texts = _texts(project, loaded)
    only = {record.slug for record in loaded.collection.records} if loaded.skipped else None
    findings = check_collection(loaded, project, texts=texts, only=only)
    findings = sorted([*findings, *_mistaken_hashes(project, loaded, texts)])
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if errors:
        told = "1 error" if errors == 1 else f"{errors:,} errors"
        raise RecordError(f"{told}; nothing was built and the last good graph stands", findings)
    deriving = derivation(project, most=most_derived)
    report = build_store(loaded, project, full=full, derivation=deriving)
    with open_store(project.store, base=project.base) as store:
        counts = count_collection(store, texts=texts)
        written = _write_files(project, store) if files else ()
    return BuildOutcome(report, counts, tuple(findings), (*written, project.store))


def _loaded(project: Project, *, full: bool) -> Loaded:
    """Read the records; where many are unchanged since the last build, only the others."""
    settled = None if full else last_build(project)
    if settled is None or len(settled.outlines) < MANY:
        return load_collection(project)
    return load_collection(project, settled=settled)


def check_project(project: Project, *, engine: str = "compiled") -> list[Finding]:
    """List every fault of records, texts and graph; builds nothing and writes nothing."""
    loaded = load_collection(project)
    texts = _texts(project, loaded)
    findings = check_collection(loaded, project, texts=texts, engine=engine)
    return sorted([*findings, *_mistaken_hashes(project, loaded, texts)])


def record_judge(project: Project) -> Callable[[Record, Collection], list[Finding]]:
    """Give what tells the faults of one record as a build would, for an edit that is not written.

    It is given the record and the registries it stands on; the records it relays or is aligned
    with are read. It writes nothing.
    """

    def judge(record: Record, registries: Collection) -> list[Finding]:
        sides = {f"{record.slug}#{item.id}" for item in record.attributions}
        alignments = tuple(
            item for item in registries.alignments if not sides.isdisjoint({item.left, item.right})
        )
        named = {side for item in alignments for side in (item.left, item.right)}
        named.update(link for item in record.attributions for link in item.chain)
        others = {name.partition("#")[0] for name in named if "#" in name} - {record.slug}
        records = (record, *(open_record(project, slug).record for slug in sorted(others)))
        used = {item.utterance for one in records for item in one.attributions}
        near = replace(
            registries,
            records=records,
            alignments=alignments,
            utterances=tuple(item for item in registries.utterances if item.id in used),
        )
        return check_collection(Loaded(near, {}, {}, ()), project, texts={})

    return judge


def count_collection(store: LocalStore, *, texts: Mapping[str, str]) -> Counts:
    """Count what the store holds by the query `summary`; `texts` are those held here, by hash."""
    answer = ask_query(store, load_query(data_folder("queries"), "summary"), {})
    assert answer.table is not None
    numbers: dict[str, int] = {}
    forms: dict[str, int] = {}
    unseen = 0
    for what, detail, number in answer.table.rows:
        assert what is not None
        assert number is not None
        told = detail.value if detail is not None else ""
        if what.value == "attributions":
            forms[_spelled(told)] = int(number.value)
        elif what.value == "quotes":
            unseen += 0 if told in texts else int(number.value)
            numbers["quotes"] = numbers.get("quotes", 0) + int(number.value)
        else:
            numbers[what.value] = int(number.value)
    numbers.setdefault("quotes", 0)
    return Counts(forms=forms, unseen=unseen, **numbers)


def _spelled(concept: str) -> str:
    """Give a concept's name as records spell it: UnmarkedDirect is unmarked-direct."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in concept).lstrip("-")


def _mistaken_hashes(project: Project, loaded: Loaded, texts: Mapping[str, str]) -> list[Finding]:
    """Find records whose text is at hand under another hash than the one they name."""
    missing = unheld(loaded, texts)
    lengths = {record.document.characters for record in missing}
    others = files_of_length(project, lengths, wanted_texts(loaded.collection))
    return mistaken_hashes(missing, others, loaded.locations)


def _texts(project: Project, loaded: Loaded) -> dict[str, str]:
    held = held_texts(project, wanted_texts(loaded.collection))
    return {digest: item.text for digest, item in held.items()}


def _write_files(project: Project, store: LocalStore) -> tuple[Path, ...]:
    write_graph_files(project)
    rows = attribution_rows(store, language=project.language)
    page = render_page(rows, title=project.title, language=project.language, lost=lost_pairs(store))
    write_atomically(project.picture, page)
    return (project.picture, project.graph_ttl, project.graph_trig)
