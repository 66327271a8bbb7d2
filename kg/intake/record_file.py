"""One record as its file holds it: read with a digest, written back only over what was read.

In: a project and a record's name. Out: the record, its digest, and a way to put a changed record
in its place. A record stands in a YAML file of its own or as one line of a JSON Lines file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kg.errors import RecordError, UsageError
from kg.model import Finding, Level, Record
from kg.project import Project, write_atomically
from kg.records.decode import decode_record
from kg.records.encode import encode_record
from kg.records.fields import Faults
from kg.records.files import SyntaxFaultError, parse_json_line, parse_yaml, render_yaml

__all__ = ["RecordFile", "history_of", "open_record"]


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A record as read: `digest` names the bytes, `history` the file of its proposals."""

    record: Record
    digest: str
    path: Path
    line: int
    history: Path

    def refuse_unreadable(self, record: Record) -> None:
        """Refuse a changed record that could not be read back.

        Raises:
            UsageError: with the first fault that reading it would find.
        """
        faults = Faults()
        decode_record(encode_record(record), record.slug, faults)
        if faults.found:
            _, _, message = faults.found[0]
            raise UsageError(f"{record.slug}: this decision does not stand: {message}")

    def write(self, record: Record) -> str:
        """Write a changed record in place of the one read; give the new digest.

        Raises:
            ProjectError: the file cannot be written; the old one stands.
        """
        if not self.line:
            previous = self.path.read_text(encoding="utf-8")
            content = render_yaml(encode_record(record), previous)
            write_atomically(self.path, content)
            return _digest(content.encode("utf-8"))
        lines = self.path.read_bytes().splitlines(keepends=True)
        data = json.dumps(encode_record(record, with_slug=True), ensure_ascii=False).encode("utf-8")
        lines[self.line - 1] = data + b"\n"
        write_atomically(self.path, b"".join(lines))
        return _digest(data + b"\n")


def open_record(project: Project, slug: str) -> RecordFile:
    """Read one record by its name.

    Raises:
        UsageError: there is none of that name.
        RecordError: its file is faulty; nothing can be decided until it is mended.
    """
    path = project.sources / slug / "record.yaml"
    if path.is_file() and path.resolve().is_relative_to(project.sources.resolve()):
        return _from_yaml(project, slug, path)
    for bulk in sorted(project.sources.rglob("*.records.jsonl")):
        with bulk.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if slug.encode("utf-8") in line and _slug_of(line) == slug:
                    return _from_line(project, slug, bulk, number, line)
    raise UsageError(f"there is no record `{slug}`; kg review --list names them")


def history_of(path: Path) -> Path:
    """Name the file that keeps the proposals and decisions of a record's file."""
    if path.suffix == ".jsonl":
        return path.with_name(path.name.removesuffix(".records.jsonl") + ".proposals.jsonl")
    return path.parent / "proposals.jsonl"


def _from_yaml(project: Project, slug: str, path: Path) -> RecordFile:
    content = path.read_bytes()
    place = project.relative(path)
    faults = Faults()
    try:
        parsed = parse_yaml(content)
    except SyntaxFaultError as fault:
        finding = Finding(place, fault.line, Level.ERROR, fault.code, str(fault), slug)
        raise RecordError(f"{place}: mend this record first", [finding]) from fault
    record = decode_record(parsed.data, slug, faults)
    findings = [
        Finding(place, parsed.line_of(where), Level.ERROR, code, message, slug)
        for code, where, message in faults.found
    ]
    if findings:
        raise RecordError(f"{place}: mend this record first", findings)
    return RecordFile(record, _digest(content), path, 0, history_of(path))


def _from_line(project: Project, slug: str, path: Path, number: int, line: bytes) -> RecordFile:
    place = project.relative(path)
    faults = Faults()
    data = parse_json_line(line, number)
    assert isinstance(data, dict)
    data.pop("slug", None)
    record = decode_record(data, slug, faults)
    if faults.found:
        findings = [
            Finding(place, number, Level.ERROR, code, message, slug)
            for code, _, message in faults.found
        ]
        raise RecordError(f"{place}:{number}: mend this record first", findings)
    return RecordFile(record, _digest(line), path, number, history_of(path))


def _slug_of(line: bytes) -> str:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return str(data.get("slug", "")) if isinstance(data, dict) else ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
