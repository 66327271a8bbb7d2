"""Finds what stands in an article's text and is no article text, and who signs it.

In: a text. Out: stretches with the reason for each, and the lines that name outlet and author.
Marks, never deletes: extraction and comparison look past the stretches, offsets stay true. It
does not decide which outlet an article is from, it proposes with the words it goes by.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from kg.model import Boilerplate, Span

__all__ = [
    "Credits",
    "Signed",
    "Survey",
    "find_boilerplate",
    "find_credits",
    "find_title",
    "mask",
    "survey",
]

LINK_LIST = "link list"
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_ENDS = (".", "!", "?", "…", "»", "”", '"', ":", "؟", ")", ";", ",")
_PROSE = 140
_LONGEST_TITLE = 220
_LONGEST_FOLD = 620
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "ʼ": "'", "\ufeff": " "})
_FOLDED = _PLAIN | dict.fromkeys(range(ord("1"), ord("9") + 1), "0")
_DATELINE = re.compile(r"^((?:[A-Za-z0-9-]{2,30}\.)+[a-z]{2,6})\s{0,2}[-–—:]")
_ALL_MARKS = '«»“”"'


class Signed(NamedTuple):
    """A name a text signs with, where it stands, and what makes us think so."""

    name: str
    span: Span
    basis: str


class Credits(NamedTuple):
    """The outlet and the byline a text names, or None."""

    outlet: Signed | None
    byline: Signed | None


@dataclass(frozen=True, slots=True)
class _Kind:
    reason: str
    longest: int
    equals: frozenset[str]
    starts: tuple[str, ...]
    contains: tuple[str, ...]
    all_of: tuple[tuple[str, ...], ...]
    inline: tuple[str, ...]
    to_end: bool

    def fits(self, line: str) -> bool:
        """Whether a folded line is of this kind."""
        if line in self.equals:
            return True
        if len(line) > self.longest:
            return False
        return (
            line.startswith(self.starts)
            or any(words in line for words in self.contains)
            or any(all(words in line for words in group) for group in self.all_of)
        )


@dataclass(frozen=True, slots=True)
class _Rules:
    kinds: tuple[_Kind, ...]
    outlet: tuple[str, ...]
    byline: tuple[str, ...]
    particles: frozenset[str]
    agencies: frozenset[str]


class _Line(NamedTuple):
    span: Span
    words: str
    folded: str


class Survey(NamedTuple):
    """All that stands around an article's text: what is not read, who signs, the title."""

    boilerplate: tuple[Boilerplate, ...]
    credits: Credits
    title: str


def survey(text: str) -> Survey:
    """Mark boilerplate, then find credits and title in what is left, in one walk of the lines."""
    lines = _lines(text)
    found = _boilerplate(lines)
    left = _article_lines(lines, found)
    return Survey(found, _credits(left), _title(text, left))


def find_boilerplate(text: str) -> tuple[Boilerplate, ...]:
    r"""Mark the stretches that are no article text, in order, none overlapping.

    >>> [item.reason for item in find_boilerplate("A ferry.\n\nRead also: A bridge\n")]
    ['link to another article']
    """
    return _boilerplate(_lines(text))


def find_credits(text: str, boilerplate: tuple[Boilerplate, ...]) -> Credits:
    """Find who signs a text: near its start or end, a “Source:” line, a “By …”, a name alone."""
    return _credits(_article_lines(_lines(text), boilerplate))


def find_title(text: str, boilerplate: tuple[Boilerplate, ...]) -> str:
    """Take the first line of article text for the title where it stands apart and is short."""
    return _title(text, _article_lines(_lines(text), boilerplate))


def mask(text: str, stretches: tuple[Boilerplate, ...]) -> str:
    """Blank out stretches, character for character, so that every other offset stays true."""
    if not stretches:
        return text
    parts: list[str] = []
    here = 0
    for stretch in stretches:
        start, end = stretch.span
        parts.append(text[here:start])
        parts.append("".join(c if c in "\n\r" else " " for c in text[start:end]))
        here = end
    return "".join([*parts, text[here:]])


def _boilerplate(lines: list[_Line]) -> tuple[Boilerplate, ...]:
    marked = _by_kind(lines)
    _mark_tail(lines, marked)
    found: list[Boilerplate] = []
    for position, line in enumerate(lines):
        reason = marked.get(position, "")
        if not reason:
            found.extend(_inline(line))
        elif found and position - 1 in marked and found[-1].reason == reason:
            found[-1] = Boilerplate(Span(found[-1].span.start, line.span.end), reason)
        else:
            found.append(Boilerplate(line.span, reason))
    return tuple(found)


def _credits(lines: list[_Line]) -> Credits:
    if not lines:
        return Credits(None, None)
    rules = _rules()
    head, tail = lines[1:5], lines[-4:] if len(lines) > 4 else lines[1:]
    outlet = _first_outlet([*reversed(tail), *head], rules) or _dateline(lines)
    return Credits(outlet, _first_byline([*head, *reversed(tail)], rules))


def _title(text: str, lines: list[_Line]) -> str:
    if len(lines) < 2 or len(lines[0].words) > _LONGEST_TITLE:
        return ""
    first, second = lines[0], lines[1]
    is_apart = text.count("\n", first.span.end, second.span.start) > 1
    if first.words.endswith((".", ",", ";")) and not is_apart:
        return ""
    return " ".join(first.words.split())


def _lines(text: str) -> list[_Line]:
    made: list[_Line] = []
    for match in _LINE.finditer(text):
        raw = match.group()
        words = raw.strip(" \t\u00a0\u202f\ufeff\u200b")
        if words:
            start = match.start() + raw.index(words[0])
            folded = words[:_LONGEST_FOLD].translate(_FOLDED).lower().strip()
            made.append(_Line(Span(start, start + len(words)), words, folded))
    return made


def _by_kind(lines: list[_Line]) -> dict[int, str]:
    marked: dict[int, str] = {}
    kinds = _rules().kinds
    running = ""
    for position, line in enumerate(lines):
        # a line longer than what is folded is article text, whatever it starts with
        is_short = len(line.words) <= _LONGEST_FOLD
        kind = next((kind for kind in kinds if kind.fits(line.folded)), None) if is_short else None
        if kind is not None:
            marked[position] = kind.reason
            running = kind.reason if kind.to_end else running
        elif running and not _is_prose(line):
            marked[position] = running
        else:
            running = ""
    return marked


def _mark_tail(lines: list[_Line], marked: dict[int, str]) -> None:
    """After the last article text, what follows a marked line and is no sentence is a link list."""
    last = max(
        (
            position
            for position, line in enumerate(lines)
            if position not in marked and (_is_prose(line) or _is_sentence(line))
        ),
        default=len(lines),
    )
    is_after = False
    for position in range(last + 1, len(lines)):
        if position in marked:
            is_after = True
        elif is_after and len(lines[position].words.split()) > 4:
            marked[position] = LINK_LIST


def _inline(line: _Line) -> list[Boilerplate]:
    if len(line.words) > 20_000:
        return []
    low = line.words.translate(_PLAIN).lower()
    if len(low) != len(line.words):
        return []
    for kind in _rules().kinds:
        for phrase in kind.inline:
            place = low.find(phrase)
            before = low[:place].rstrip() if place > 0 else ""
            is_close = len(low) - place <= kind.longest
            if before.endswith((".", "!", "?", "»", "”", '"', ")")) and is_close:
                start, end = line.span
                return [Boilerplate(Span(start + place, end), kind.reason)]
    return []


def _is_prose(line: _Line) -> bool:
    words = line.words
    return len(words) > _PROSE and (words.endswith(_ENDS) or ". " in words)


def _is_sentence(line: _Line) -> bool:
    return line.words.endswith(_ENDS) and len(line.words[:200].split()) > 3


def _article_lines(lines: list[_Line], boilerplate: tuple[Boilerplate, ...]) -> list[_Line]:
    """Give the lines that no stretch covers whole; both are in order, so one pass does."""
    kept: list[_Line] = []
    place = 0
    for line in lines:
        while place < len(boilerplate) and boilerplate[place].span.end < line.span.end:
            place += 1
        if place == len(boilerplate) or boilerplate[place].span.start > line.span.start:
            kept.append(line)
    return kept


def _first_outlet(lines: list[_Line], rules: _Rules) -> Signed | None:
    for line in lines:
        for phrase in rules.outlet:
            if line.folded.startswith(phrase) and len(line.words) <= 80:
                start = line.span.end - len(line.words[len(phrase) :].lstrip())
                name = line.words[len(phrase) :].strip(" .\u00a0")
                if 0 < len(name.split()) <= 6:
                    span = Span(start, start + len(name))
                    return Signed(name, span, f"the text says “{line.words}”")
    return None


def _dateline(lines: list[_Line]) -> Signed | None:
    for line in lines[:6]:
        match = _DATELINE.match(line.words)
        if match:
            span = Span(line.span.start, line.span.start + match.end(1))
            return Signed(match.group(1), span, f"a paragraph starts with “{match.group()}”")
    return None


def _first_byline(lines: list[_Line], rules: _Rules) -> Signed | None:
    for line in lines:
        for phrase in rules.byline:
            if line.folded.startswith(phrase) and len(line.words) <= 90:
                name = line.words[len(phrase) :].strip(" \u00a0:")
                if _is_name(name, rules):
                    start = line.span.end - len(name)
                    return Signed(name, Span(start, line.span.end), f"the line “{line.words}”")
    for line in lines:
        if _is_name(line.words, rules):
            where = "a name alone on a line"
            return Signed(line.words, line.span, f"{where}: “{line.words}”")
    return None


def _is_name(words: str, rules: _Rules) -> bool:
    """Whether words are two to six names: capitals, initials and particles only."""
    pieces = [piece for piece in re.split(r"[\s,/|]+", words[:120]) if piece]
    if not 1 < len(pieces) <= 8 or any(mark in words for mark in _ALL_MARKS):
        return False
    if words in rules.agencies:
        return True
    names = [piece for piece in pieces if piece.lower() not in rules.particles]
    capital = all(name[0].isupper() and not any(c.isdigit() for c in name) for name in names)
    if not capital or len(names) < 2 or pieces[0].lower() in rules.particles:
        return False
    if ":" in words or words.endswith(("!", "?", "…", ";")):
        return False
    is_initial = len(names[-1].rstrip(".")) == 1
    is_shouted = words.isupper() and len(pieces) > 3
    has_article = any(later.lower() in ("la", "le", "et") for _, later in pairwise(pieces))
    return (
        (is_initial or not words.endswith("."))
        and not is_shouted
        and not (has_article and len(pieces) > 5)
    )


@cache
def _rules() -> _Rules:
    path = resources.files("kg.intake") / "boilerplate.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = tuple(
        _Kind(
            reason=item["reason"],
            longest=item["longest"],
            equals=frozenset(item.get("equals", ())),
            starts=tuple(item.get("starts", ())) or ("\x00",),
            contains=tuple(item.get("contains", ())),
            all_of=tuple(tuple(group) for group in item.get("all_of", ())),
            inline=tuple(item.get("inline", ())),
            to_end=bool(item.get("to_end", False)),
        )
        for item in data["kind"]
    )
    credit = data["credit"]
    return _Rules(
        kinds=kinds,
        outlet=tuple(credit["outlet"]),
        byline=tuple(credit["byline"]),
        particles=frozenset(credit["particles"]),
        agencies=frozenset(credit["agencies"]),
    )
