"""Changed records back into the files they came from: YAML or lines of JSON, the rest as it was.

In: records and the places they were read from. Out: files written whole or not at all.
Decides nothing: what is to be written is the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kg.errors import ProjectError
from kg.model import Record
from kg.project import write_atomically
from kg.records.encode import encode_record
from kg.records.files import render_yaml

__all__ = ["rewrite_records"]


def rewrite_records(path: Path, records: Mapping[int, Record]) -> None:
    """Write the records of one file, by the line they start at; comments and other lines stay.

    Raises:
        ProjectError: the file cannot be read or written; it stands as it was.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProjectError(f"{path}: cannot be read: {error.strerror}") from error
    if path.suffix == ".jsonl":
        lines = content.split(b"\n")
        for number, record in records.items():
            ending = b"\r" if lines[number - 1].endswith(b"\r") else b""
            lines[number - 1] = _line(record) + ending
        write_atomically(path, b"\n".join(lines))
        return
    for record in records.values():
        write_atomically(path, render_yaml(encode_record(record), content.decode("utf-8")))


def _line(record: Record) -> bytes:
    plain = encode_record(record, with_slug=True)
    return json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")
