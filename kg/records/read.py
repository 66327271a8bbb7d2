"""Each record and registry file read on its own, with its faults and the line of each part.

In: a project folder. Out: a `ReadRecord` a record, as a stream, and the `Registries`.
Faults between files are found by `kg.records.load`; syntax is read by `kg.records.files`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kg.model import Collection, Document, Finding, Level, Record
from kg.project import Project
from kg.records.decode import decode_record, decode_registry
from kg.records.fields import Faults, Place
from kg.records.files import SyntaxFaultError, parse_json_line, parse_yaml
from kg.records.settled import Location, Outline, make_collection

__all__ = [
    "ReadRecord",
    "Registries",
    "Unread",
    "read_records",
    "registries_of",
    "registry_digests",
]

_FILES = {
    "agents": ("agents",),
    "topics": ("topics",),
    "outlets": ("families", "outlets", "sources"),
    "utterances": ("utterances",),
    "alignments": ("alignments",),
}
"""Each registry file and the lists it holds."""

_HIDING = frozenset({"unknown-key", "wrong-type", "not-a-mapping"})
"""Faults that hide what a file holds, where they stand at its top."""

_NOT_IN_NAMES = re.compile(r'[\s#/\\"<>\x00-\x1f\x7f\ud800-\udfff]')
"""What no name of a record may hold."""

LineOf = Callable[[Place], int]


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


class Unread(NamedTuple):
    """A record that is as it was at an earlier load: its owner name and digest."""

    owner: str
    digest: str


@dataclass(slots=True)
class Registries:
    """The registry files as read: items by list, places, digests by owner, faults.

    `unread` names the files that could not be read whole: what is not found may stand in them.
    """

    items: dict[str, tuple[object, ...]] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    @property
    def collection(self) -> Collection:
        """The items as a collection without records."""
        return make_collection(self.items)


def registries_of(project: Project) -> Registries:
    """Read all registries; a missing file is an empty registry."""
    found = Registries()
    for name, path in _registry_files(project):
        _read_registry(project, path, name, found)
    return found


def registry_digests(project: Project) -> dict[str, str] | None:
    """Give the digest of each registry without reading it further; None if one is unreadable."""
    digests: dict[str, str] = {}
    for name, path in _registry_files(project):
        content = _bytes(path)
        if isinstance(content, str):
            return None
        _add_digest(digests, name, content)
    return digests


def _registry_files(project: Project) -> Iterator[tuple[str, Path]]:
    for name in _FILES:
        for path in (project.sources / f"{name}.yaml", project.sources / f"{name}.jsonl"):
            if path.is_file():
                yield name, path


def _add_digest(digests: dict[str, str], name: str, content: bytes) -> None:
    owner = f"registry:{name}"
    digests[owner] = _digest(digests.get(owner, "").encode() + content)


def read_records(
    project: Project, *, known: Mapping[str, Outline] | None = None
) -> Iterator[ReadRecord | Unread]:
    """Stream the records in the order of their file names, each with its own faults.

    A record whose digest is in `known`, by owner, is not read.
    """
    known = known or {}
    for folder in sorted(project.sources.iterdir()):
        path = folder / "record.yaml"
        # A link to nowhere is a record that cannot be read, not none.
        if path.exists() or path.is_symlink():
            yield _read_yaml_record(project, path, known)
    for path in sorted(project.sources.rglob("*.records.jsonl")):
        yield from _read_bulk(project, path, known)


def _read_yaml_record(
    project: Project, path: Path, known: Mapping[str, Outline]
) -> ReadRecord | Unread:
    slug = path.parent.name
    owner = f"record:{slug}"
    place = project.relative(path)
    content = _bytes(path)
    if isinstance(content, str):
        return _unreadable(slug, owner, "", Finding(place, 0, Level.ERROR, "unreadable", content))
    digest = _digest(content)
    if owner in known and known[owner].digest == digest:
        return Unread(owner, digest)
    faults = Faults()
    try:
        parsed = parse_yaml(content)
    except SyntaxFaultError as fault:
        finding = Finding(place, fault.line, Level.ERROR, fault.code, str(fault), slug)
        return _unreadable(slug, owner, digest, finding)
    record = decode_record(parsed.data, slug, faults)
    _check_name(slug, "folder", faults)
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


def _read_bulk(
    project: Project, path: Path, known: Mapping[str, Outline]
) -> Iterator[ReadRecord | Unread]:
    place = project.relative(path)
    try:
        with path.open("rb", buffering=1 << 20) as stream:
            for number, line in enumerate(stream, start=1):
                if not line.isspace():
                    yield _read_bulk_line(line, number, place, known)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        finding = Finding(place, 0, Level.ERROR, "unreadable", message)
        yield _unreadable(place, f"record:{place}", "", finding)


def _read_bulk_line(
    line: bytes, number: int, place: str, known: Mapping[str, Outline]
) -> ReadRecord | Unread:
    digest = _digest(line)
    slug = _slug_of(line)
    owner = f"record:{slug}"
    if owner in known and known[owner].digest == digest:
        return Unread(owner, digest)
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
        _check_name(slug, "slug", faults)
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


def _check_name(slug: str, key: str, faults: Faults) -> None:
    """A record's name stands in `slug#id`, in addresses and in the graph."""
    if _NOT_IN_NAMES.search(slug) or slug.startswith("."):
        told = slug.encode("unicode_escape").decode("ascii")
        faults.add(
            "bad-id",
            (),
            f"`{key}: {told}` cannot name a record; use lower case letters, digits and hyphens",
        )


_SLUG_KEY = b'{"slug": "'


def _slug_of(line: bytes) -> str:
    """Read the slug from the front of a line that our own writer made, without parsing it all."""
    if not line.startswith(_SLUG_KEY):
        return ""
    end = line.find(b'"', len(_SLUG_KEY))
    name = line[len(_SLUG_KEY) : end]
    return "" if b"\\" in name else name.decode("utf-8", "replace")


def _read_registry(project: Project, path: Path, name: str, found: Registries) -> None:
    place = project.relative(path)
    content = _bytes(path)
    if isinstance(content, str):
        found.findings.append(Finding(place, 0, Level.ERROR, "unreadable", content))
        found.unread.add(name)
        return
    _add_digest(found.digests, name, content)
    lists = _FILES[name]
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
    return Record(slug, Document("", 0, "", "", ""))


def _unreadable(slug: str, owner: str, digest: str, finding: Finding) -> ReadRecord:
    here = Location(finding.path, finding.line)
    nothing, lines = _nothing(slug), {slug: here}
    return ReadRecord(nothing, owner, digest, here, lines, (finding,), whole=False)


def _dotted(place: Place) -> str:
    steps = ".".join(str(step) for step in place if step != "")
    return f"{steps}: " if steps else ""
