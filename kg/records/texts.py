"""Article texts held on this machine, found by their SHA-256 and never copied into the project.

In: the folders attached to a project. Out: the texts whose hash a record names.
A file is the captured text only if its bytes hash to what the record says; names mean nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.model import Collection
from kg.project import Project, write_atomically

__all__ = [
    "MAXIMUM_TEXT",
    "HeldText",
    "files_of_length",
    "held_texts",
    "keep_text",
    "kept_folder",
    "text_of",
    "wanted_texts",
]

MAXIMUM_TEXT = 100_000_000
"""Bytes; a larger file is no article text and is not read."""

_SUFFIXES = frozenset({"", ".txt", ".text", ".md"})


class HeldText(NamedTuple):
    """A text found on this machine: the file it stands in and its characters, unchanged."""

    path: Path
    text: str


def wanted_texts(collection: Collection) -> frozenset[str]:
    """Name the texts a collection's records speak of, by SHA-256."""
    return frozenset(record.document.sha256 for record in collection.records)


def held_texts(project: Project, wanted: Iterable[str]) -> dict[str, HeldText]:
    """Find the wanted texts in the attached folders; what is not held is not in the answer."""
    missing = set(wanted)
    found: dict[str, HeldText] = {}
    for path in _candidates(project):
        if not missing:
            break
        content = _read(path)
        if content is None:
            continue
        digest = hashlib.sha256(content).hexdigest()
        if digest in missing:
            missing.discard(digest)
            found[digest] = HeldText(path, content.decode("utf-8", "surrogateescape"))
    return found


def files_of_length(
    project: Project, lengths: Iterable[int], but: Iterable[str]
) -> Iterator[tuple[str, HeldText]]:
    """Go through the attached texts of these lengths, in code points, with their SHA-256.

    Those whose hash is among `but` are left out, and so is what is not UTF-8.
    """
    wanted, known = frozenset(lengths), frozenset(but)
    for path in _candidates(project) if wanted else ():
        content = _read(path)
        if content is None or not min(wanted) <= len(content) <= 4 * max(wanted):
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
        digest = hashlib.sha256(content).hexdigest()
        if len(text) in wanted and digest not in known:
            yield digest, HeldText(path, text)


def text_of(project: Project, sha256: str) -> HeldText | None:
    """Find one text, or nothing."""
    return held_texts(project, [sha256]).get(sha256)


def keep_text(project: Project, text: str) -> Path:
    """Keep a captured text beside the project on this machine, under its hash, never in git."""
    content = text.encode("utf-8", "surrogateescape")
    path = kept_folder(project) / f"{hashlib.sha256(content).hexdigest()}.txt"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    return path


def kept_folder(project: Project) -> Path:
    """Give the folder of texts captured by `kg add`; it is git-ignored."""
    return project.root / ".kg" / "texts"


def _candidates(project: Project) -> Iterator[Path]:
    for folder in (kept_folder(project), *project.texts):
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                if path.suffix.lower() in _SUFFIXES and path.is_file():
                    yield path


def _read(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > MAXIMUM_TEXT:
            return None
        return path.read_bytes()
    except OSError:
        return None
