"""Wordings as tokens: how two quotes differ, without noise, and how alike they are.

In: two strings. Out: a list of changes made of their own words, and likeness from 0 to 1.
Case, accents, quotation marks and punctuation never count as a difference; order does.
Knows no language's grammar and no speaker; decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

__all__ = ["Change", "Token", "anchors", "diff", "fold", "likeness", "stems", "tokens"]

_WORD = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[^\W\d_]+(?:-[^\W\d_]+)*|\d+")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o"})
_STEM = 6
"""Letters of a word kept when words are compared across inflection."""
_ABSORB = 4
"""An equal stretch of fewer letters than this between two changes is chaff, and joins them."""
_DWARFED = 4
"""So is one whose letters, so many times over, are fewer than those of either change."""


class Token(NamedTuple):
    """A word or number: its folded form and its place in the text it came from."""

    folded: str
    start: int
    end: int


class Change(NamedTuple):
    """One stretch of a diff: `same`, `added`, `dropped`, `replaced` or `moved`.

    `left` and `right` are verbatim stretches of the two wordings; "" where there is none.
    """

    kind: str
    left: str
    right: str


def fold(text: str) -> str:
    """Take case, accents and ligatures off a text.

    >>> fold("Confédération des ÉTATS, cœur")
    'confederation des etats, coeur'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


def tokens(text: str) -> list[Token]:
    """Cut a text into words and numbers; elided articles stand alone, `1 000` is one number.

    >>> [token.folded for token in tokens("l’AES, dès 1 000")]
    ['l', 'aes', 'des', '1000']
    """
    return [
        Token(_folded_word(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


@lru_cache(maxsize=65536)
def _folded_word(word: str) -> str:
    folded = fold(word)
    return re.sub(r"[\s.,](?=\d{3})", "", folded) if folded[:1].isdigit() else folded


def stems(text: str) -> list[str]:
    """Give the folded words of a text cut to six letters, numbers whole, words of one letter out.

    >>> stems("les coopérations renforcées de 1 000 pays")
    ['les', 'cooper', 'renfor', 'de', '1000', 'pays']
    """
    return [
        token.folded if token.folded[0].isdigit() else token.folded[:_STEM]
        for token in tokens(text)
        if len(token.folded) > 1 or token.folded.isdigit()
    ]


def anchors(text: str) -> frozenset[str]:
    """Give what survives translation: numbers, and capitalised words inside the text, folded.

    >>> sorted(anchors("Le Mali a donné 42 millions à l’ONU"))
    ['42', 'mali', 'onu']
    """
    found = set()
    for position, token in enumerate(tokens(text)):
        first = text[token.start]
        if first.isdigit() or (position and first.isupper()):
            found.add(token.folded)
    return frozenset(found)


def diff(left: str, right: str) -> tuple[Change, ...]:
    """Compare two wordings word by word; the changes, in order, use the words as they stand.

    A run of words dropped in one place and added in another is `moved`. Equal stretches too short
    to mean anything (an article between two changed words) join the change around them.
    """
    ours, theirs = tokens(left), tokens(right)
    codes = Indel.opcodes([token.folded for token in ours], [token.folded for token in theirs])
    runs: list[list[int]] = []
    kinds: list[bool] = []
    for code in codes:
        same = code.tag == "equal"
        a, b, c, d = code.src_start, code.src_end, code.dest_start, code.dest_end
        if runs and kinds[-1] == same:
            runs[-1][1], runs[-1][3] = b, d
        else:
            runs.append([a, b, c, d])
            kinds.append(same)
    sizes = [
        max(sum(len(token.folded) for token in words) for words in (ours[a:b], theirs[c:d]))
        for a, b, c, d in runs
    ]
    for place in range(1, len(runs) - 1):
        around = min(sizes[place - 1], sizes[place + 1])
        if kinds[place] and (sizes[place] < _ABSORB or sizes[place] * _DWARFED < around):
            kinds[place] = False
    changes: list[Change] = []
    for same, (a, b, c, d) in _joined(kinds, runs):
        was, now = _slice(left, ours[a:b]), _slice(right, theirs[c:d])
        if same:
            changes.append(Change("same", was, now))
        elif was and now:
            changes.append(Change("replaced", was, now))
        else:
            changes.append(Change("dropped" if was else "added", was, now))
    return tuple(_with_moves(changes))


def _joined(kinds: list[bool], runs: list[list[int]]) -> list[tuple[bool, list[int]]]:
    found: list[tuple[bool, list[int]]] = []
    for same, run in zip(kinds, runs, strict=True):
        if found and found[-1][0] == same:
            found[-1][1][1], found[-1][1][3] = run[1], run[3]
        else:
            found.append((same, list(run)))
    return found


def _slice(text: str, words: list[Token]) -> str:
    return text[words[0].start : words[-1].end] if words else ""


def _with_moves(changes: list[Change]) -> list[Change]:
    added = {
        tuple(token.folded for token in tokens(change.right)): place
        for place, change in enumerate(changes)
        if change.kind == "added"
    }
    moved: dict[int, Change] = {}
    for place, change in enumerate(changes):
        if change.kind != "dropped":
            continue
        target = added.pop(tuple(token.folded for token in tokens(change.left)), None)
        if target is not None:
            moved[place] = Change("moved", change.left, "")
            moved[target] = Change("moved", "", changes[target].right)
    return [moved.get(place, change) for place, change in enumerate(changes)]


@lru_cache(maxsize=65536)
def _grams(text: str) -> Counter[str]:
    """Count the letter trigrams of each word, so that inflected and cognate words share most."""
    counts: Counter[str] = Counter()
    for token in tokens(text):
        word = f" {token.folded} "
        counts.update(word[place : place + 3] for place in range(max(len(word) - 2, 1)))
    return counts


def likeness(left: str, right: str) -> float:
    """Tell how much of the shorter wording is in the longer, by letter trigrams, from 0 to 1.

    >>> likeness("nous avons gagné", "Nous avons gagné !")
    1.0
    """
    ours, theirs = _grams(left), _grams(right)
    smaller = min(ours.total(), theirs.total())
    return (ours & theirs).total() / smaller if smaller else 0.0
