"""Cuts a verb-second sentence into its parts and reads the phrases and verb forms in them.

In: a reading and item ranges. Out: `Parts`, mentions that can be subjects, and places of verbs in
the subjunctive. It knows no reporting verb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.intake.cues import phrase_at
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    GROUP,
    MODAL,
    NEG,
    NUMBER,
    PERSON_NOUN,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SUB,
    TIME,
    TITLE,
    VERB,
)
from kg.intake.phrases import Mention, phrase_from

if TYPE_CHECKING:
    from kg.intake.drafts import Reading
    from kg.intake.segment import Sentence

__all__ = [
    "Parts",
    "acts",
    "bare_subjunctive",
    "clause_speaker",
    "cut",
    "has_finite",
    "noun_phrase",
    "pronoun_subjunctive",
    "subjunctive_at",
    "words",
]

BREAKS = (",", ":", ";", "–", "—")
REACH = 30
SHORTEST = 3
NOUN = ROLE | PERSON_NOUN | GROUP | TITLE
FINITE = AUX | MODAL | BE | VERB


@dataclass(frozen=True, slots=True)
class Parts:
    """A sentence cut at its commas, colons and dashes: item ranges, left to right."""

    ranges: tuple[tuple[int, int], ...]

    def at(self, item: int) -> int:
        """Return the number of the part that holds an item."""
        for number, (first, last) in enumerate(self.ranges):
            if first <= item < last:
                return number
        return len(self.ranges) - 1


def words(reading: Reading, name: str) -> frozenset[str]:
    """Return one of the language's own word lists."""
    return reading.language.lists.get(name, frozenset())


def cut(reading: Reading, sentence: Sentence) -> Parts:
    """Cut a sentence into its parts."""
    ranges = []
    begin = sentence.first
    for item in range(sentence.first, sentence.last):
        if reading.stream.low[item] in BREAKS:
            if item > begin:
                ranges.append((begin, item))
            begin = item + 1
    last = sentence.last
    while last > begin and reading.stream.flags[last - 1] & PUNCT:
        last -= 1
    if last > begin:
        ranges.append((begin, last))
    return Parts(tuple(ranges))


def subjunctive_at(reading: Reading, first: int, last: int, *, weak: bool = False) -> int:
    """Return the item of a form that marks the words of others, or -1."""
    stream, lists = reading.stream, reading.language.lists
    strong = lists.get("subjunctive", frozenset())
    faint = lists.get("subjunctive_weak", frozenset()) if weak else frozenset()
    for item in range(first, last):
        low = stream.low[item]
        if low not in strong and low not in faint:
            continue
        before = stream.low[item - 1] if item > first else ""
        if stream.flags[item] & CAP or before in words(reading, "not_subjunctive_after"):
            continue
        return item
    return -1


def bare_subjunctive(reading: Reading, first: int, last: int) -> int:
    """A verb in -e nobody listed, right behind a noun: `der Betrieb ruhe`; or -1."""
    stream = reading.stream
    for item in range(first + 1, last):
        low = stream.low[item]
        before = stream.flags[item - 1]
        if (
            low.endswith("e")
            and not stream.flags[item]
            and len(low) > SHORTEST
            and before & CAP
            and not before & (DET | PREP | ADV | TIME)
            and not low.endswith(reading.language.verb_endings)
        ):
            return item
    return -1


def pronoun_subjunctive(reading: Reading, first: int, last: int) -> int:
    """`Er übernehme …`: a verb in -e nobody listed, behind a pronoun of the singular; or -1."""
    stream = reading.stream
    if first + 1 >= last or stream.low[first] not in words(reading, "subjunctive_pronouns"):
        return -1
    low = stream.low[first + 1]
    is_verb = low.endswith("e") and not low.endswith(reading.language.verb_endings)
    return first + 1 if is_verb and not stream.flags[first + 1] and len(low) > SHORTEST else -1


def acts(reading: Reading, first: int, last: int) -> bool:
    """Whether a verb that is no participle stands in the range, known or by its ending."""
    stream = reading.stream
    for item in range(first, last):
        flag = stream.flags[item]
        if flag & CAP:
            continue
        if flag & FINITE or stream.low[item] in reading.language.cue_forms:
            return True
        before = stream.flags[item - 1] if item > first else 0
        if not flag and before & (CAP | PRON) and not before & (DET | PREP | ADV):
            return True
        after = stream.flags[item + 1] if item + 1 < last else PUNCT
        if (
            not flag
            and item == first + 1
            and before & PRON
            and _can_be_verb(stream.low[item], after)
        ):
            return True
    return False


def _can_be_verb(low: str, after: int) -> bool:
    """Whether a word behind a pronoun that is also an article can be its verb (`Diese nehme …`)."""
    return low.endswith(("e", "t")) or bool(after & (PUNCT | ADV | PREP | NEG))


def has_finite(reading: Reading, parts: Parts, part: int) -> bool:
    """Whether a verb of a closed class stands in a part."""
    first, last = parts.ranges[part]
    return any(
        reading.stream.flags[i] & FINITE and not reading.stream.flags[i] & CAP
        for i in range(first, last)
    )


def clause_speaker(reading: Reading, first: int, last: int) -> Mention | None:  # noqa: C901 - one condition a line
    """Return the first phrase in a range that can be a subject: no object, no place."""
    stream, language = reading.stream, reading.language
    objects = language.lists.get("object_articles", frozenset())
    here = first
    while here < last:
        flag, low = stream.flags[here], stream.low[here]
        if phrase_at(stream, language, here, "connective"):
            here += phrase_at(stream, language, here, "connective")
            continue
        if low in objects:
            skipped = noun_phrase(reading, here, last)
            here = max(skipped.last if skipped and flag & DET else here + 1, here + 1)
            continue
        if flag & PRON and not (
            flag & DET and here + 1 < last and not _ends_phrase(reading, here + 1)
        ):
            if low in words(reading, "dummy_subject") and here + 1 < last:
                here += 1
                continue
            return Mention(here, here + 1, is_pronoun=True, flags=flag)
        if flag & PREP and not flag & DET:
            skipped = noun_phrase(reading, here + 1, last)
            here = max(skipped.last, here + 1) if skipped else here + 1
            continue
        if flag & TIME or (flag & (ADV | SUB | COORD | NEG | NUMBER) and not flag & (DET | CAP)):
            here += 1
            continue
        if flag & (FINITE | PUNCT | QUOTE | REL | COMP) and not flag & (DET | CAP):
            here += 1
            continue
        if flag & DET and here + 1 < last and stream.flags[here + 1] & TIME:
            here += 2
            continue
        if flag & (DET | CAP | NOUN):
            return noun_phrase(reading, here, last)
        here += 1
    return None


def noun_phrase(reading: Reading, begin: int, limit: int) -> Mention | None:
    """Read a noun phrase up to the lower word that follows its noun: the verb, or a new phrase."""
    stream = reading.stream
    if begin >= limit:
        return None
    genitive = reading.language.lists.get("genitive_articles", frozenset())
    stop = begin + 1
    while stop < limit and stop - begin < REACH:
        flag, low = stream.flags[stop], stream.low[stop]
        head = stream.flags[stop - 1]
        after_noun = head & (CAP | QUOTE) and not head & DET
        if after_noun and not flag & (CAP | PUNCT | QUOTE):
            is_adjective = low.endswith("er") and stop + 1 < limit and stream.flags[stop + 1] & CAP
            if not flag and not is_adjective:
                break
            if flag & NUMBER or (flag & DET and low not in genitive and not flag & PREP):
                break
            follower = stream.low[stop + 1] if stop + 1 < limit else ""
            if (
                low in genitive
                and flag & DET
                and follower.endswith("e")
                and not stream.flags[stop + 1] & CAP
            ):
                break
        stop += 1
    return phrase_from(stream, reading.language, begin, stop, follow=stop >= limit)


def _ends_phrase(reading: Reading, item: int) -> bool:
    flag = reading.stream.flags[item]
    low = reading.stream.low[item]
    return (bool(flag & (FINITE | PUNCT | QUOTE | ADV | NEG | PREP | TIME)) and not flag & CAP) or (
        low in reading.language.cue_forms and not flag & CAP
    )
