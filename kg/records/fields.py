"""A strict reader of one mapping: every fault is noted with its place, none is raised.

In: plain data (dicts, lists, scalars) as YAML or JSON give them. Out: typed values.
Knows nothing of files; `kg.records.decode` says which fields a noun has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TypeGuard, TypeVar, cast

from rapidfuzz import process

from kg.model import Span, Text, When, parse_when

__all__ = ["Faults", "Fields", "Place"]

Place = tuple[str | int, ...]
"""Where a value stands in its file: keys and list positions from the top."""

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


class Faults:
    """The faults found while reading one file, each with code, place and message."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        """Start without a fault."""
        self.found: list[tuple[str, Place, str]] = []

    def add(self, code: str, place: Place, message: str) -> None:
        """Note one fault."""
        self.found.append((code, place, message))

    def forget_missing(self, place: Place) -> None:
        """Take back that something is missing there: it stands under a misspelt key."""
        self.found = [
            fault for fault in self.found if fault[1] != place or not fault[0].startswith("missing")
        ]


class Fields:
    """One mapping of a record file, read key by key; `done` reports the keys nobody asked for."""

    __slots__ = ("_asked", "data", "faults", "place")

    def __init__(self, data: object, place: Place, faults: Faults) -> None:
        """Hold the mapping; anything but a mapping is a fault and reads as empty."""
        self.faults = faults
        self.place = place
        self._asked: set[str] = set()
        if isinstance(data, dict):
            self.data: dict[str, object] = data
        else:
            self.data = {}
            faults.add("not-a-mapping", place, f"expected `key: value` lines, found {_told(data)}")

    def fault(self, code: str, key: str, message: str) -> None:
        """Note a fault at one of this mapping's keys."""
        self.faults.add(code, (*self.place, key) if key else self.place, message)

    def text(self, key: str, *, required: bool = False) -> str:
        """Read a string; absent or null is ""."""
        value = self._take(key)
        if isinstance(value, str):
            if required and not value.strip():
                self.fault("missing", key, f"`{key}` is empty; give it a value")
            return value
        if value is None:
            if required:
                self.fault("missing", key, f"`{key}` is missing; add it")
            return ""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        self.fault("wrong-type", key, f"`{key}` must be a text, found {_told(value)}")
        return ""

    def identifier(self, key: str, *, required: bool = False) -> str:
        """Read an id: lower case letters, digits and hyphens."""
        value = self.text(key, required=required)
        if value and not _is_id(value):
            self.fault(
                "bad-id",
                key,
                f"`{key}: {_cut(value)}` is not an id; use lower case letters, digits and hyphens",
            )
        return value

    def integer(self, key: str) -> int:
        """Read a whole number that must be there."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is None:
            self.fault("missing", key, f"`{key}` is missing; add it")
        else:
            self.fault("wrong-type", key, f"`{key}` must be a whole number, found {_told(value)}")
        return 0

    def number(self, key: str) -> float | None:
        """Read a number between 0 and 1, or nothing."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self.fault("wrong-type", key, f"`{key}` must be a number from 0 to 1, found {_told(value)}")
        return None

    def choice(self, key: str, kinds: type[Choice], default: Choice | None) -> Choice:
        """Read one word of a closed vocabulary; without a default it must be there."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        members = _members(kinds)
        if isinstance(value, str) and value in members:
            return cast("Choice", members[value])
        words = list(members)
        if value is None:
            self.fault("missing", key, f"`{key}` is missing; use one of: {', '.join(words)}")
        else:
            self.fault(
                "unknown-word",
                key,
                f"`{key}: {_cut(str(value))}` is not known{_nearest(str(value), words)}; "
                f"use one of: {', '.join(words)}",
            )
        return default if default is not None else next(iter(kinds))

    def when(self, key: str) -> When | None:
        """Read a date of the EDTF subset, or nothing."""
        value = self._take(key)
        if value is None or value == "":
            return None
        try:
            return parse_when(str(value))
        except ValueError as error:
            self.fault("bad-date", key, f"`{key}`: {error}")
            return None

    def words(self, key: str) -> tuple[str, ...]:
        """Read a string or a list of strings."""
        value = self._take(key)
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.fault("wrong-type", key, f"`{key}` must be a text or a list of texts")
        return ()

    def labels(self, key: str, *, required: bool = False) -> Text:
        """Read a text per language: `{fr: …, en: [… , …]}`, or one text in no language."""
        value = self._take(key)
        pairs: list[tuple[str, str]] = []
        if isinstance(value, str):
            pairs.append(("und", value))
        elif isinstance(value, Mapping):
            for language, texts in value.items():
                for text in [texts] if isinstance(texts, str) else texts or ():
                    if not isinstance(text, str):
                        self.fault("wrong-type", key, f"`{key}.{language}` must hold texts")
                        continue
                    pairs.append((str(language), text))
        elif isinstance(value, Sequence) and all(isinstance(item, str) for item in value):
            pairs.extend(("und", str(item)) for item in value)
        elif value is not None:
            self.fault(
                "wrong-type", key, f"`{key}` must be a text, a list, or texts by language (fr: …)"
            )
        if required and not pairs:
            self.fault("missing", key, f"`{key}` is missing; give it a text, or fr: and en: texts")
        return tuple(sorted(set(pairs)))

    def span(self, key: str) -> Span | None:
        """Read `[start, end]`, or nothing."""
        spans = self.spans(key)
        return spans[0] if spans else None

    def spans(self, key: str) -> tuple[Span, ...]:
        """Read `[start, end]` or a list of such pairs; nothing is no span."""
        value = self._take(key)
        if value is None:
            return ()
        pairs = [value] if _is_pair(value) else value
        if (
            not isinstance(pairs, list | tuple)
            or not pairs
            or not all(_is_pair(pair) for pair in pairs)
        ):
            self.fault("bad-offsets", key, f"`{key}` must be [start, end], or a list of such pairs")
            return ()
        spans = tuple(Span(int(pair[0]), int(pair[1])) for pair in pairs)
        for start, end in spans:
            if not 0 <= start < end:
                self.fault(
                    "bad-offsets",
                    key,
                    f"`{key}: [{start}, {end}]`: an offset pair needs 0 ≤ start < end",
                )
        return spans

    def each(self, key: str, read: Callable[[Fields], Value]) -> tuple[Value, ...]:
        """Read a list of mappings with one reader."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.fault("wrong-type", key, f"`{key}` must be a list (lines that start with `-`)")
            return ()
        made = []
        for position, item in enumerate(value):
            fields = Fields(item, (*self.place, key, position), self.faults)
            made.append(read(fields))
            fields.done()
        return tuple(made)

    def one(self, key: str, read: Callable[[Fields], Value]) -> Value | None:
        """Read a nested mapping with a reader, or nothing."""
        value = self._take(key)
        if value is None:
            return None
        fields = Fields(value, (*self.place, key), self.faults)
        made = read(fields)
        fields.done()
        return made

    def done(self) -> None:
        """Report every key that no reader asked for; the one it is like is not missing as well."""
        if len(self._asked) >= len(self.data) and self._asked >= self.data.keys():
            return
        for key in self.data:
            if key not in self._asked:
                near = _like(str(key), sorted(self._asked))
                self.faults.forget_missing((*self.place, near))
                hint = f" (did you mean `{near}`?)" if near else ""
                self.fault("unknown-key", str(key), f"`{_cut(str(key))}` is not a known key{hint}")

    def _take(self, key: str) -> object:
        self._asked.add(key)
        return self.data.get(key)


@lru_cache(maxsize=64)
def _members(kinds: type[StrEnum]) -> dict[str, StrEnum]:
    """Give the members of a closed vocabulary by their words."""
    return {str(kind): kind for kind in kinds}


def _is_pair(value: object) -> TypeGuard[Sequence[int]]:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and type(value[0]) is int
        and type(value[1]) is int
    )


def _is_id(value: str) -> bool:
    return (
        value.isascii()
        and value.lower() == value
        and value[0].isalnum()
        and value.replace("-", "a").isalnum()
    )


def _nearest(word: str, known: list[str]) -> str:
    near = _like(word, known)
    return f" (did you mean `{near}`?)" if near else ""


def _like(word: str, known: list[str]) -> str:
    match = process.extractOne(word, known, score_cutoff=60)
    return str(match[0]) if match else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"


def _told(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text “{_cut(value)}”"
    if isinstance(value, Mapping):
        return "`key: value` lines"
    if isinstance(value, Sequence):
        return "a list"
    return f"`{value}`"
