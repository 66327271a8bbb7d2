"""Load a project's records and registries, with every fault found between them.

In: a project folder. Out: a `Loaded` collection, the place of each subject, a digest per owner.
Reads files only; never looks at article texts (`kg.records.anchor`, `kg.records.verify`) nor RDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, cast

from kg.errors import RecordError
from kg.model import (
    Agent,
    Alignment,
    CitedSource,
    Collection,
    Finding,
    Level,
    Outlet,
    OutletFamily,
    Record,
    Topic,
    Utterance,
)
from kg.project import Project
from kg.records.check import Known, cross_findings, follows_from_unread, record_findings
from kg.records.decode import decode_record, decode_registry
from kg.records.fields import Faults, Place
from kg.records.files import SyntaxFaultError, parse_json_line, parse_yaml

__all__ = ["Loaded", "Location", "ReadRecord", "load_collection", "read_records", "read_registries"]

_FILES = {
    "agents": ("agents",),
    "topics": ("topics",),
    "outlets": ("families", "outlets", "sources"),
    "utterances": ("utterances",),
    "alignments": ("alignments",),
}
"""Each registry file and the lists it holds."""


_HIDING = frozenset({"unknown-key", "wrong-type", "not-a-mapping"})
_OF_OTHER_LISTS = frozenset({"unknown-attribution", "unknown-run", "missing-run"})
"""What is not told of a record of which a list could not be read."""

LineOf = Callable[[Place], int]


class Location(NamedTuple):
    """A file, relative to the project folder, and a line counted from 1."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One record as read: its owner name, digest, place, the line of each part, its own faults.

    It is not `whole` where a fault hides some of its lists, or all that it holds.
    """

    record: Record
    owner: str
    digest: str
    location: Location
    lines: Mapping[str, Location]
    findings: tuple[Finding, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Loaded:
    """A collection with what is known of its files.

    `locations` maps `slug`, `slug#id`, `agents/id`, `topics/id`, … to places; `digests` maps each
    owner (`record:slug`, `registry:agents`, …) to the SHA-256 of its bytes. `skipped` names the
    owners whose digest was already known and whose records were therefore not read. `unread` names
    the registry files that could not be read whole: what is not found may stand in them.
    """

    collection: Collection
    locations: Mapping[str, Location]
    digests: Mapping[str, str]
    findings: tuple[Finding, ...]
    skipped: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    def require(self) -> Collection:
        """Give the collection, or raise all its errors at once.

        Raises:
            RecordError: with the findings, where any is an error.
        """
        if self.errors:
            count = len(self.errors)
            raise RecordError(
                f"{count} error{'s' if count > 1 else ''} in the records; nothing was built",
                self.findings,
            )
        return self.collection


@dataclass(slots=True)
class _Registries:
    items: dict[str, tuple[object, ...]] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def load_collection(project: Project, *, known: Mapping[str, str] | None = None) -> Loaded:
    """Read every record and registry; nothing is raised for a fault in a file.

    With `known` digests of an earlier load, records that did not change are skipped, unless a
    registry changed (then a record may have lost what it refers to, so all are read).

    Raises:
        RecordError: the sources folder is not there.
    """
    if not project.sources.is_dir():
        raise RecordError(
            f"{project.relative(project.sources)}: no such folder; records belong there"
        )
    registries = read_registries(project)
    collection = registries.collection
    usable = known or {}
    if any(usable.get(owner) != digest for owner, digest in registries.digests.items()):
        usable = {}
    locations = dict(registries.locations)
    digests = dict(registries.digests)
    findings = list(registries.findings)
    records: list[Record] = []
    skipped: set[str] = set()
    partial: set[str] = set()
    between: list[Finding] = []
    index = Known.of(collection)
    for item in read_records(project, known=usable):
        digests[item.owner] = item.digest
        if item.digest == usable.get(item.owner):
            skipped.add(item.owner)
            continue
        records.append(item.record)
        locations.update(item.lines)
        findings.extend(item.findings)
        about = record_findings(item.record, index, locations)
        if not item.whole:
            partial.add(item.record.slug)
            about = (finding for finding in about if finding.code not in _OF_OTHER_LISTS)
        between.extend(about)
    records.sort(key=lambda record: record.slug)
    collection = replace(collection, records=tuple(records))
    slugs = frozenset(owner.removeprefix("record:") for owner in skipped) | partial
    between.extend(cross_findings(collection, locations, unread=slugs))
    unread = registries.unread
    findings.extend(item for item in between if not follows_from_unread(item, unread))
    found = tuple(sorted(set(findings)))
    return Loaded(collection, locations, digests, found, frozenset(skipped), unread)


def read_registries(project: Project) -> Loaded:
    """Read the registries alone; a missing file is an empty registry."""
    found = _Registries()
    for name, lists in _FILES.items():
        for path in (project.sources / f"{name}.yaml", project.sources / f"{name}.jsonl"):
            if path.is_file():
                _read_registry(project, path, name, lists, found)

    def items(name: str) -> tuple[object, ...]:
        return found.items.get(name, ())

    def by_id(item: object) -> str:
        return str(getattr(item, "id"))  # noqa: B009 - the items are of seven types

    collection = Collection(
        agents=cast("tuple[Agent, ...]", tuple(sorted(items("agents"), key=by_id))),
        topics=cast("tuple[Topic, ...]", tuple(sorted(items("topics"), key=by_id))),
        families=cast("tuple[OutletFamily, ...]", tuple(sorted(items("families"), key=by_id))),
        outlets=cast("tuple[Outlet, ...]", tuple(sorted(items("outlets"), key=by_id))),
        sources=cast("tuple[CitedSource, ...]", tuple(sorted(items("sources"), key=by_id))),
        utterances=cast("tuple[Utterance, ...]", tuple(sorted(items("utterances"), key=by_id))),
        alignments=cast("tuple[Alignment, ...]", tuple(sorted(items("alignments"), key=by_id))),
    )
    findings, unread = tuple(found.findings), frozenset(found.unread)
    return Loaded(collection, found.locations, found.digests, findings, unread=unread)


def read_records(
    project: Project, *, known: Mapping[str, str] | None = None
) -> Iterator[ReadRecord]:
    """Stream the records in the order of their file names, each with its own faults.

    A record whose digest is in `known` is given unread: empty, with its owner and digest.
    """
    known = known or {}
    for path in sorted(project.sources.glob("*/record.yaml")):
        yield _read_yaml_record(project, path, known)
    for path in sorted(project.sources.rglob("*.records.jsonl")):
        yield from _read_bulk(project, path, known)


def _read_yaml_record(project: Project, path: Path, known: Mapping[str, str]) -> ReadRecord:
    slug = path.parent.name
    owner = f"record:{slug}"
    place = project.relative(path)
    content = _bytes(path)
    if isinstance(content, str):
        return _unreadable(slug, owner, "", Finding(place, 0, Level.ERROR, "unreadable", content))
    digest = _digest(content)
    if known.get(owner) == digest:
        return ReadRecord(_nothing(slug), owner, digest, Location(place, 1), {}, ())
    faults = Faults()
    try:
        parsed = parse_yaml(content)
    except SyntaxFaultError as fault:
        finding = Finding(place, fault.line, Level.ERROR, fault.code, str(fault), slug)
        return _unreadable(slug, owner, digest, finding)
    record = decode_record(parsed.data, slug, faults)
    lines = {slug: Location(place, 1)}
    for position, attribution in enumerate(record.attributions):
        line = parsed.line_of(("attributions", position))
        lines[f"{slug}#{attribution.id}"] = Location(place, line)
    findings = [
        Finding(place, parsed.line_of(where), Level.ERROR, code, message, slug)
        for code, where, message in faults.found
    ]
    findings.extend(
        Finding(place, line, Level.ERROR, "duplicate-key", f"`{key}` stands twice here", slug)
        for key, line in parsed.twice
    )
    here, whole = Location(place, 1), _is_whole(faults)
    return ReadRecord(record, owner, digest, here, lines, tuple(findings), whole)


def _read_bulk(project: Project, path: Path, known: Mapping[str, str]) -> Iterator[ReadRecord]:
    place = project.relative(path)
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _read_bulk_line(line, number, place, known)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        finding = Finding(place, 0, Level.ERROR, "unreadable", message)
        yield _unreadable(place, f"record:{place}", "", finding)


def _read_bulk_line(line: bytes, number: int, place: str, known: Mapping[str, str]) -> ReadRecord:
    digest = _digest(line)
    slug = _slug_of(line)
    if slug and known.get(f"record:{slug}") == digest:
        owner = f"record:{slug}"
        return ReadRecord(_nothing(slug), owner, digest, Location(place, number), {}, ())
    faults = Faults()
    try:
        data = parse_json_line(line, number)
    except SyntaxFaultError as fault:
        finding = Finding(place, number, Level.ERROR, fault.code, str(fault))
        name = slug or f"{place}-{number}"
        return _unreadable(name, f"record:{place}-{number}", digest, finding)
    slug = f"{place}-{number}"
    if isinstance(data, dict) and isinstance(data.get("slug"), str) and data["slug"]:
        slug = data.pop("slug")
    else:
        faults.add("missing", (), '"slug" is missing; a record in JSON Lines names itself')
    record = decode_record(data, slug, faults)
    here = Location(place, number)
    lines = {slug: here} | {f"{slug}#{item.id}": here for item in record.attributions}
    findings = tuple(
        Finding(place, number, Level.ERROR, code, f"{_dotted(where)}{message}", slug)
        for code, where, message in faults.found
    )
    return ReadRecord(record, f"record:{slug}", digest, here, lines, findings, _is_whole(faults))


_SLUG_KEY = b'{"slug": "'


def _slug_of(line: bytes) -> str:
    """Read the slug from the front of a line that our own writer made, without parsing it all."""
    if not line.startswith(_SLUG_KEY):
        return ""
    end = line.find(b'"', len(_SLUG_KEY))
    name = line[len(_SLUG_KEY) : end]
    return "" if b"\\" in name else name.decode("utf-8", "replace")


def _read_registry(
    project: Project, path: Path, name: str, lists: tuple[str, ...], found: _Registries
) -> None:
    place = project.relative(path)
    content = _bytes(path)
    if isinstance(content, str):
        found.findings.append(Finding(place, 0, Level.ERROR, "unreadable", content))
        found.unread.add(name)
        return
    owner = f"registry:{name}"
    found.digests[owner] = _digest(found.digests.get(owner, "").encode() + content)
    faults = Faults()
    try:
        if path.suffix == ".jsonl":
            data, line_of = _bulk_registry(content, lists, faults)
        else:
            parsed = parse_yaml(content)
            data, line_of = parsed.data, parsed.line_of
            found.findings.extend(
                Finding(place, line, Level.ERROR, "duplicate-key", f"`{key}` stands twice here")
                for key, line in parsed.twice
            )
    except SyntaxFaultError as fault:
        found.findings.append(Finding(place, fault.line, Level.ERROR, fault.code, str(fault)))
        found.unread.add(name)
        return
    made = decode_registry(data, lists, faults)
    if not _is_whole(faults):
        found.unread.add(name)
    for key, items in made.items():
        found.items[key] = (*found.items.get(key, ()), *items)
        for position, item in enumerate(items):
            line = line_of((key, position))
            found.locations[f"{key}/{getattr(item, 'id')}"] = Location(place, line)  # noqa: B009
    found.findings.extend(
        Finding(place, line_of(where), Level.ERROR, code, message)
        for code, where, message in faults.found
    )


def _bulk_registry(content: bytes, lists: tuple[str, ...], faults: Faults) -> tuple[object, LineOf]:
    data: dict[str, list[object]] = {key: [] for key in lists}
    numbers: dict[tuple[str, int], int] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        item = parse_json_line(line, number)
        key = item.pop("list", lists[0]) if isinstance(item, dict) else lists[0]
        if key not in data:
            faults.add("unknown-word", (), f'line {number}: "list" must be {" or ".join(lists)}')
            continue
        numbers[key, len(data[key])] = number
        data[key].append(item)

    def line_of(place: Place) -> int:
        if len(place) < 2:
            return 1
        return numbers.get((str(place[0]), int(place[1])), 1)

    return data, line_of


def _bytes(path: Path) -> bytes | str:
    try:
        return path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _is_whole(faults: Faults) -> bool:
    """A fault in the top level of a file hides a list or more; one further down does not."""
    return not any(len(place) <= 1 and code in _HIDING for code, place, _ in faults.found)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _nothing(slug: str) -> Record:
    return decode_record({"document": {}}, slug, Faults())


def _unreadable(slug: str, owner: str, digest: str, finding: Finding) -> ReadRecord:
    here = Location(finding.path, finding.line)
    nothing, lines = _nothing(slug), {slug: here}
    return ReadRecord(nothing, owner, digest, here, lines, (finding,), whole=False)


def _dotted(place: Place) -> str:
    steps = ".".join(str(step) for step in place if step != "")
    return f"{steps}: " if steps else ""
