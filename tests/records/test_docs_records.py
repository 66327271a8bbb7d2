"""docs/records.md is true: its examples are read without fault, and it names all that is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest

from kg import schemes
from kg.model import QUALIFIER_KEYS
from kg.records import decode
from kg.records.fields import Faults, Fields
from kg.records.files import parse_yaml

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
BLOCKS = [
    parse_yaml(body.encode()).data for body in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
]
NAMED = set(re.findall(r"`([^`\s]+?):?`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))
READERS: list[Callable[[Fields], object]] = [
    *decode.REGISTRIES.values(),
    decode._document,
    decode._boilerplate,
    decode._attribution,
    decode._retraction,
    decode._run,
    decode._review,
    decode._role,
]
WORDS = [
    kind
    for kind in vars(schemes).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in {StrEnum, schemes.Level}
]


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_is_without_fault(number: int) -> None:
    """Each block is a whole file of its kind."""
    data = BLOCKS[number]
    assert isinstance(data, dict)
    faults = Faults()
    if "document" in data:
        decode.decode_record(data, "example", faults)
    else:
        assert decode.decode_registry(data, list(data), faults)

    assert faults.found == []


def test_every_kind_of_file_has_an_example() -> None:
    """A record and each registry list."""
    shown = {key for block in BLOCKS if isinstance(block, dict) for key in block}

    assert shown == {"document", "attributions", "runs", "reviews", *decode.REGISTRIES}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_every_field_is_named_and_shown(reader: Callable[[Fields], object]) -> None:
    """What the reader asks for stands in the page's words and in an example."""
    fields = Fields({"conflict": None}, (), Faults())
    reader(fields)

    assert fields._asked - NAMED == set()
    assert [key for key in sorted(fields._asked) if f"{key}:" not in PAGE] == []


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_closed_word_is_named(kind: type[StrEnum]) -> None:
    """Each word of a closed vocabulary stands on the page."""
    assert {str(word) for word in kind} - NAMED == set()


def test_every_qualifier_is_named() -> None:
    """The keys a claim may be qualified by."""
    assert set(QUALIFIER_KEYS) - NAMED == set()
