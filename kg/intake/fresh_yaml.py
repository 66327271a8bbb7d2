"""Writes a new record as YAML, many times faster than a writer that keeps comments.

In: plain data that no person has touched yet. Out: block YAML in the shape the records' own writer
gives, which reads back to the same data. A file that is there already is never written by this:
its comments would be lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from kg.records.encode import Plain

__all__ = ["render_fresh"]

_PLAIN = re.compile(r"(?:[^\W\d_]|[«“])(?:[^\s:]|:(?=[^\s])|[ \u00a0\u202f](?=[^\s#]))*")
_WORD_OF_YAML = re.compile(r"(?:y|n|yes|no|on|off|true|false|null|nan|inf)", re.IGNORECASE)
_SINGLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")


def render_fresh(plain: Plain) -> str:
    """Write plain data as YAML.

    >>> print(render_fresh({"document": {"title": "AES : a visit", "at": [1, 2]}}), end="")
    document:
      title: 'AES : a visit'
      at: [1, 2]
    """
    return "".join(f"{line}\n" for line in _mapping(plain, 0))


def _mapping(plain: Mapping[str, object], depth: int) -> Iterator[str]:
    pad = " " * depth
    for key, value in plain.items():
        if isinstance(value, Mapping):
            yield f"{pad}{key}:"
            yield from _mapping(value, depth + 2)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _list(key, value, depth)
        else:
            yield f"{pad}{key}: {_scalar(value)}"


def _list(key: str, items: Sequence[object], depth: int) -> Iterator[str]:
    pad = " " * depth
    if all(isinstance(item, (int, list)) for item in items):
        yield f"{pad}{key}: {json.dumps(items)}"
        return
    yield f"{pad}{key}:"
    for item in items:
        if isinstance(item, Mapping):
            lines = list(_mapping(item, depth + 4))
            yield f"{pad}  - {lines[0].lstrip()}"
            yield from lines[1:]
        else:
            yield f"{pad}  - {_scalar(item)}"


def _scalar(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if not _SINGLE.fullmatch(value):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    if _PLAIN.fullmatch(value) and not _WORD_OF_YAML.fullmatch(value):
        return value
    return "'" + value.replace("'", "''") + "'"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if _SINGLE.fullmatch(character) else f"\\U{ord(character):08x}"
