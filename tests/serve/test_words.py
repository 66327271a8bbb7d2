"""The explorer's words: the same keys in both languages, every key used, none missing."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from kg.analyse import conflicts as conflicts_module
from kg.analyse.drift import KINDS
from kg.model import ConflictKind, Decision, Judgement, Relation
from kg.serve.words import LANGUAGES, say, table

if TYPE_CHECKING:
    from pathlib import Path

REASONS = [
    "same-utterance",
    "same-speaker",
    "same-relay",
    "same-source",
    "same-outlet",
    "same-family",
    "joint-speakers",
    "may-speak-for",
    "same-relay-other-speaker",
    "shared-wording",
    "unidentified-outlet",
    "unresolved-speaker",
    "unsure-judgement",
    "may-repeat",
    "same-event",
]


def fields(text: str) -> set[str]:
    """The names that a sentence fills in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    """The same keys in the same order, filled with the same values."""
    french, english = (table(language) for language in LANGUAGES)

    assert list(french) == list(english)
    assert {key: fields(text) for key, text in french.items()} == {
        key: fields(text) for key, text in english.items()
    }
    assert all(text.strip() for text in (*french.values(), *english.values()))


def test_every_word_asked_for_is_there(repository: Path) -> None:
    """Each key that a template or module names stands in the files, and each key is named."""
    asked: set[str] = set()
    built: set[str] = set()
    for path in (repository / "kg" / "serve").rglob("*"):
        if path.suffix in {".html", ".py"}:
            text = path.read_text(encoding="utf-8")
            asked |= set(re.findall(r"\bt\(\s*f?[\"']([a-z_]+)[\"']\s*[,)]", text))
            asked |= set(re.findall(r"[\"']([a-z]+_[a-z_]+)[\"']", text))
            built |= set(re.findall(r"\bt\(\s*f?[\"']([a-z_]+_)(?:[\"']|\{)", text))
    known = set(table("en"))
    used = {
        key
        for key in known
        if key in asked
        or key.removesuffix("_one") in asked
        or any(key.startswith(start) for start in built)
    }
    direct = set()
    for path in (repository / "kg" / "serve").rglob("*"):
        if path.suffix in {".html", ".py"}:
            text = path.read_text(encoding="utf-8")
            direct |= set(re.findall(r"\bt\(\s*[\"']([a-z_]+[a-z])[\"']\s*[,)]", text))

    assert direct <= known
    assert sorted(known - used - {"kicker", "skip", "via", "judged", "against", "unsure"}) == []


@pytest.mark.parametrize(
    ("start", "values"),
    [
        ("conflict", [*ConflictKind]),
        ("relation", [*Relation]),
        ("judgement", [*Judgement]),
        ("decision", [*Decision]),
        ("drift", [*KINDS, "role", "name", "form"]),
        ("reason", REASONS),
        ("rule", ["functional", "disjoint", "inverse", "denied", "judged"]),
        ("state", ["waiting", "accepted", "rejected", "edited", "skipped", "changed", "all"]),
        ("step", ["text", "attribution", "outlet", "source", "agent", "speaker"]),
    ],
)
def test_every_value_of_a_vocabulary_has_a_word(start: str, values: list[str]) -> None:
    """What the readings and records may say can be said in both languages."""
    assert conflicts_module is not None
    for language in LANGUAGES:
        for value in values:
            assert say(f"{start}_{value}", language)


def test_numbers_are_written_as_the_language_does() -> None:
    """French groups digits by a narrow space, English by a comma; one is singular."""
    assert say("attributions_n", "fr", n=12345) == "12\u202f345 attributions"
    assert say("attributions_n", "en", n=12345) == "12,345 attributions"
    assert say("attributions_n", "en", n=1) == "1 attribution"
    assert say("attributions_n", "fr", n=0) == "0 attribution"
    assert say("attributions_n", "en", n=0) == "0 attributions"
