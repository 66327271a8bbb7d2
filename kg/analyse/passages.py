"""Shared passages: stretches of wording that two texts have in common, exact or lightly edited.

In: texts with the stretches to set aside. Out: `Passage` values with offsets on both sides.
Near-linear: rare runs of content words are seeds, found through one index; seeds near one diagonal
join into a passage, whose extent is then settled word by word. Names and numbers weigh little: two
texts on one event share them without sharing an author. Says nothing of who copied whom.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from kg.analyse.wording import tokens

__all__ = ["MINIMUM", "RUN", "SUPPORT", "Passage", "Place", "SourceText", "shared_passages"]

RUN = 3
"""Content words in a row that two texts must share for a passage to be looked for at all."""

MINIMUM = 3.5
"""Evidence from which a passage ties two texts: at most one a content word, less for names."""

SUPPORT = 1.5
"""Evidence from which a further passage is shown of two texts that are tied already."""

_GAP = 6
"""Content words that may differ between two seeds of one passage."""

_LONE = 0.8
"""Mean weight of a word from which one run alone is worth a look."""

_STRIDE = 2
"""Words from one word in common to the next, where a passage grows beyond its seeds."""

_ALIKE = 0.5
"""Share of the longer side's content words that must stand on the other side, in order."""

_CROWD = 12
"""Texts that share one run and still meet pair by pair; more of them meet the first one only."""

_NAME = 0.25
"""Weight of a capitalised word or a number."""

_TOPICAL = 0.35
"""Least share of its weight that a word keeps, however many of the texts have it."""

_BITS = 26
"""Size of the bitmap of runs: 64 MiB, whatever the number of texts."""


class Place(NamedTuple):
    """A stretch of one text: half-open code-point offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text to compare: its name, its characters, and the spans to leave out."""

    name: str
    text: str
    aside: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Wording that stands in two texts.

    `kind` is `exact` where every word is the same in the same order, else `near`; `words` counts
    the content words in common, `evidence` weighs them.
    """

    left: Place
    right: Place
    kind: str
    words: int
    evidence: float


class _Word(NamedTuple):
    number: int
    start: int
    end: int
    weight: float


class _Read(NamedTuple):
    source: SourceText
    words: list[_Word]
    weights: list[float]


def shared_passages(
    sources: Sequence[SourceText],
    *,
    run: int = RUN,
    minimum: float = MINIMUM,
    support: float = SUPPORT,
) -> list[Passage]:
    """Find the passages that any two of the texts share, sorted by place.

    Two texts are tied by a passage of `minimum` evidence; only then are their passages of
    `support` evidence shown as well. Passages that overlap keep the one with more evidence.
    """
    ordered = sorted(sources, key=lambda source: source.name)
    read = _read(ordered)
    found: list[Passage] = []
    least = min(support, minimum)
    for (first, second), places in sorted(_seeds([item.words for item in read], run).items()):
        # One run of common words is chance, and too little to weigh: most pairs end here.
        if len(places) == 1 and sum(read[first].weights[places[0][0] :][:run]) < _LONE * run:
            continue
        blocks = _blocks(sorted(places), run)
        passages = (_passage(read[first], read[second], block, least) for block in blocks)
        known = [passage for passage in passages if passage is not None]
        if any(passage.evidence >= minimum for passage in known):
            found.extend(_widest(known))
    return sorted(found)


def _read(sources: Sequence[SourceText]) -> list[_Read]:
    """Read the content words of every text, and weigh each by how many texts have it."""
    vocabulary: dict[str, int] = {}
    words = [_content(source, vocabulary) for source in sources]
    holders = Counter(number for found in words for number in {word.number for word in found})
    scale = math.log(max(len(sources), 3) / 2)
    rarity = {
        number: min(1.0, max(_TOPICAL, math.log(max(len(sources), 3) / count) / scale))
        for number, count in holders.items()
    }
    return [
        _Read(source, found, [word.weight * rarity[word.number] for word in found])
        for source, found in zip(sources, words, strict=True)
    ]


def _content(source: SourceText, vocabulary: dict[str, int]) -> list[_Word]:
    """Read the content words of a text: four letters or more, or a number; never set-aside ones.

    Words are cut short, so that inflection does not part them. A name in a sentence's
    first place looks like any word there, which is why weight is given by the letter itself.
    """
    aside = sorted(source.aside)
    found = []
    place = 0
    for token in tokens(source.text):
        while place < len(aside) and aside[place][1] <= token.start:
            place += 1
        if place < len(aside) and aside[place][0] < token.end:
            continue
        first = source.text[token.start]
        if len(token.folded) < 4 and not first.isdigit():
            continue
        stem = token.folded if first.isdigit() else _stem(token.folded)
        weight = _NAME if first.isdigit() or first.isupper() else 1.0
        number = vocabulary.setdefault(stem, len(vocabulary))
        found.append(_Word(number, token.start, token.end, weight))
    return found


def _stem(word: str) -> str:
    """Cut a word so that number and most endings do not part it: `storms` is `storm`."""
    return (word[:-1] if len(word) > 4 and word[-1] in "sx" else word)[:6]


def _seeds(
    read: Sequence[Sequence[_Word]], run: int
) -> Mapping[tuple[int, int], list[tuple[int, int]]]:
    """Index the runs of words that more than one text has; give places per pair of texts.

    A first pass marks each run in a fixed bitmap, so that the many runs that stand in one text
    only never enter the index: memory grows with what is shared, not with what is read.
    """
    mask = (1 << _BITS) - 1
    seen = bytearray(1 << _BITS)
    for words in read:
        for key in set(_runs(words, run)):
            spot = hash(key) & mask
            seen[spot] = min(seen[spot] + 1, 2)
    index: defaultdict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, words in enumerate(read):
        for place, key in enumerate(_runs(words, run)):
            if seen[hash(key) & mask] > 1:
                index[key].append((number, place))
    pairs: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for holders in index.values():
        crowded = len(holders) > _CROWD
        for position, (first, at) in enumerate(holders[:1] if crowded else holders):
            for second, where in holders[position + 1 :]:
                if first != second:
                    pairs[first, second].append((at, where))
    return pairs


def _runs(words: Sequence[_Word], run: int) -> Iterator[tuple[int, ...]]:
    numbers = [word.number for word in words]
    return zip(*(numbers[shift:] for shift in range(run)), strict=False)


def _blocks(places: Sequence[tuple[int, int]], run: int) -> Iterator[tuple[int, int, int, int]]:
    """Join seeds that follow each other on both sides within a gap; give word ranges."""
    open_blocks: list[list[int]] = []
    for at, where in places:
        for block in reversed(open_blocks):
            near = -run < at - block[1] <= _GAP and -run < where - block[3] <= _GAP
            if near and where >= block[2]:
                block[1], block[3] = max(block[1], at + run), max(block[3], where + run)
                break
        else:
            done = [block for block in open_blocks if at - block[1] > _GAP]
            yield from ((block[0], block[1], block[2], block[3]) for block in done)
            open_blocks = [block for block in open_blocks if at - block[1] <= _GAP]
            open_blocks.append([at, at + run, where, where + run])
    yield from ((block[0], block[1], block[2], block[3]) for block in open_blocks)


def _passage(
    left: _Read, right: _Read, block: tuple[int, int, int, int], minimum: float
) -> Passage | None:
    """Settle a block: let it grow word by word, weigh what is in common, cut both ends to it."""
    pairs = _common(left.words, right.words, block)
    (a, c), (b, d) = pairs[0], pairs[-1]
    if len(pairs) < _ALIKE * max(b - a, d - c):
        return None
    evidence = sum(max(left.weights[at], right.weights[where]) for at, where in pairs)
    if evidence < minimum:
        return None
    first = Place(left.source.name, left.words[a].start, left.words[b].end)
    second = Place(right.source.name, right.words[c].start, right.words[d].end)
    exact = _words_of(left.source, first) == _words_of(right.source, second)
    return Passage(first, second, "exact" if exact else "near", len(pairs), round(evidence, 2))


def _common(
    ours: Sequence[_Word], theirs: Sequence[_Word], block: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Align a block and its surroundings; give the words in common that hang together."""
    a, b, c, d = block
    pairs = _aligned(ours, theirs, (a, b, c, d))
    for pair in reversed(_aligned(ours, theirs, (max(a - _GAP, 0), a, max(c - _GAP, 0), c))):
        # Outside the block a word must stand close to the next one in common, or it is chance.
        if not _close(pair, pairs[0]):
            break
        pairs.insert(0, pair)
    for pair in _aligned(ours, theirs, (b, b + _GAP, d, d + _GAP)):
        if not _close(pairs[-1], pair):
            break
        pairs.append(pair)
    return pairs


def _aligned(
    ours: Sequence[_Word], theirs: Sequence[_Word], block: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    a, b, c, d = block
    codes = LCSseq.opcodes(
        [word.number for word in ours[a:b]], [word.number for word in theirs[c:d]]
    )
    return [
        (a + code.src_start + step, c + code.dest_start + step)
        for code in codes
        if code.tag == "equal"
        for step in range(code.src_end - code.src_start)
    ]


def _close(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] - one[0] <= _STRIDE and other[1] - one[1] <= _STRIDE


def _words_of(source: SourceText, place: Place) -> list[str]:
    return [token.folded for token in tokens(source.text[place.start : place.end])]


def _widest(found: Sequence[Passage]) -> list[Passage]:
    """Leave out what lies for the most part within a better passage of the same two texts."""
    kept: list[Passage] = []
    for item in sorted(found, key=lambda item: (-item.evidence, item)):
        covered = (
            _within(item.left, other.left) or _within(item.right, other.right) for other in kept
        )
        if not any(covered):
            kept.append(item)
    return kept


def _within(place: Place, other: Place) -> bool:
    overlap = min(place.end, other.end) - max(place.start, other.start)
    return overlap > 0.5 * (place.end - place.start)
