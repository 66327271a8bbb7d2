"""Pairs quotation marks: finds the quoted stretches of one paragraph.

In: a paragraph and the marks of its language. Out: `Quote` values, top level only, left to right.
One pass; an unclosed, doubled or wrong-way mark spoils one paragraph at most. It decides nothing
about who speaks.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.intake.language import Language

__all__ = ["SPACES", "Quote", "pair_quotes"]

MARKUP = re.compile(r"<[/a-zA-Z][^<>]{0,400}>")

SPACES = " \t\u00a0\u202f\u2009\u200a\u2007\u200b\ufeff\u200e\u200f"

LONGEST_UNCLOSED = 1500

LONGEST_SINGLE = 500
WIDEST_INDENT = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """One quoted stretch; `start`/`end` take in the marks, `inner_*` do not."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    is_closed: bool = True
    is_opening_paragraph: bool = False

    ends_with_comma: bool = False

    @property
    def length(self) -> int:
        """How many characters stand between the marks."""
        return self.inner_end - self.inner_start


def pair_quotes(
    text: str, first: int, last: int, *, language: Language, was_open: bool
) -> list[Quote]:
    """Return the top-level quotes of one paragraph, left to right.

    Marks are paired inside the paragraph only, so one unclosed mark spoils one paragraph at
    most. A quote still open at the end of the paragraph runs to it; a paragraph whose first
    mark closes what the one before left open is quoted from its start.
    """
    stack: list[tuple[int, int, str]] = []
    found: list[tuple[int, int, int, int]] = []
    if was_open:
        lead = language.mark_pattern.search(text, first, last)
        if lead and lead.group() in language.only_closing and not _opens(text, lead, first):
            stack.append((first, first, lead.group()))
    tags = deque(match.span() for match in MARKUP.finditer(text, first, last))
    for match in language.mark_pattern.finditer(text, first, last):
        while tags and tags[0][1] <= match.start():
            tags.popleft()
        if tags and tags[0][0] <= match.start():
            continue
        _read_mark(text, match, first, stack=stack, found=found, language=language)
    quotes = [_quote(text, *span, is_closed=True, paragraph=first) for span in _outermost(found)]
    for start, inner, closers in stack[:1]:
        if closers in language.single_closing:
            continue
        if any(quote.start > start for quote in quotes):
            continue
        if start == first or last - start <= LONGEST_UNCLOSED:
            quotes.append(_quote(text, start, last, inner, last, is_closed=False, paragraph=first))
    return [quote for quote in quotes if quote.length > 0]


def _read_mark(
    text: str,
    match: re.Match[str],
    first: int,
    *,
    stack: list[tuple[int, int, str]],
    found: list[tuple[int, int, int, int]],
    language: Language,
) -> None:
    mark = match.group()
    closers = language.openers.get(mark, "")
    if not stack and mark in language.reversed_marks and _is_blank(text, first, match.start()):
        closers = language.reversed_marks[mark]
    depth = _closes(stack, mark)
    is_single = mark in language.single_marks
    if is_single and depth < 0 and not _opens(text, match, first):
        return
    if is_single and text[match.end() : match.end() + 1].isdigit():
        return
    if depth >= 0 and closers and _is_reopening(text, match, first):
        # A second opening mark of the same kind: the first one was never closed.
        del stack[depth:]
        depth = -1
    if depth >= 0:
        if is_single and (match.end() < len(text) and (text[match.end()].isalnum())):
            return
        start, inner, _ = stack[depth]
        if not is_single or match.start() - start <= LONGEST_SINGLE:
            found.append((start, match.end(), inner, match.start()))
        del stack[depth:]
    elif closers and (not is_single or not stack):
        stack.append((match.start(), match.end(), closers))


def _is_blank(text: str, first: int, last: int) -> bool:
    """Whether nothing but a few spaces stands before a mark; bounded, to stay linear."""
    return last - first <= WIDEST_INDENT and not text[first:last].strip(SPACES)


def _closes(stack: list[tuple[int, int, str]], mark: str) -> int:
    for depth in range(len(stack) - 1, max(-1, len(stack) - 4), -1):
        if mark in stack[depth][2].split(" "):
            return depth
    return -1


def _opens(text: str, match: re.Match[str], first: int) -> bool:
    before = text[match.start() - 1] if match.start() > first else " "
    after = text[match.end()] if match.end() < len(text) else " "
    return not before.isalnum() and before not in ".,;:!?…%)" and not after.isspace()


def _is_reopening(text: str, match: re.Match[str], first: int) -> bool:
    before = text[match.start() - 1] if match.start() > first else " "
    after = text[match.end()] if match.end() < len(text) else " "
    return (before in SPACES or before in "([") and after.isalnum()


def _outermost(found: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    kept: list[tuple[int, int, int, int]] = []
    for span in found:
        while kept and kept[-1][0] >= span[0]:
            kept.pop()
        kept.append(span)
    return kept


def _quote(
    text: str,
    start: int,
    end: int,
    inner_start: int,
    inner_end: int,
    *,
    is_closed: bool,
    paragraph: int,
) -> Quote:
    while inner_start < inner_end and text[inner_start] in SPACES:
        inner_start += 1
    while inner_end > inner_start and text[inner_end - 1] in SPACES:
        inner_end -= 1
    opening = _is_blank(text, paragraph, start)
    comma = inner_end > inner_start and text[inner_end - 1] == ","
    return Quote(start, end, inner_start, inner_end, is_closed, opening, comma)
