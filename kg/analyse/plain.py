"""Readings as plain values for JSON: dictionaries, lists, strings and numbers.

In: any value a reading gives. Out: what `json.dumps` takes, with keys in a fixed order.
An attribution is told by what a reader needs to find its words again, not by all its columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from kg.graph.rows import AttributionRow

__all__ = ["Plain", "plain"]

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]

_ROW = (
    "identifier",
    "iri",
    "slug",
    "outlet",
    "published",
    "language",
    "sha256",
    "spans",
    "quote",
    "speakers",
    "unresolved",
    "role",
    "cue",
    "form",
    "polarity",
    "modality",
    "reporter_modality",
    "utterance_iri",
    "chain",
    "review_status",
)


def plain(value: object) -> Plain:
    """Turn a reading into plain values; named tuples and dataclasses become objects by field."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, AttributionRow):
        return {name: plain(getattr(value, name)) for name in _ROW}
    if is_dataclass(value):
        names = [field.name for field in fields(value) if not field.name.startswith("_")]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: plain(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    raise AssertionError(f"no reading holds a {type(value).__name__}")
