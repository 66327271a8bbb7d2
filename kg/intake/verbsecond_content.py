"""Finds what a verb-second sentence reports after its verb: where it begins and ends, which kind.

In: a reading, the parts of one sentence, a reporting verb. Out: item ranges with the rule that
found them. It names nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    MODAL,
    NUMBER,
    PREP,
    PRON,
    QUOTE,
    REL,
    SUB,
    VERB,
)
from kg.intake.verbsecond_parts import (
    Parts,
    acts,
    bare_subjunctive,
    clause_speaker,
    subjunctive_at,
    words,
)

if TYPE_CHECKING:
    from kg.intake.cues import Cue
    from kg.intake.drafts import Reading
    from kg.intake.verbsecond_verbs import Verb

__all__ = ["after_colon", "before_next", "complement_kind", "content_of"]

FEW_WORDS = 2
SHORTEST = 3
DASHES = ("–", "—")
FINITE = AUX | MODAL | BE | VERB


def content_of(reading: Reading, verb: Verb, parts: Parts) -> tuple[int, int, str, float] | None:  # noqa: C901 - one condition a line
    """Return the range, the rule and the confidence of what the verb reports, or nothing."""
    stream = reading.stream
    cue = verb.cue
    part = parts.ranges[verb.part]
    end = parts.ranges[-1][1]
    for item in range(cue.last, part[1]):
        if stream.flags[item] & QUOTE and item not in reading.used:
            quote = stream.quotes[item]
            length = len(stream.text[quote.inner_start : quote.inner_end].split(None, 4))
            if length < FEW_WORDS or not cue.form.group.frames & {"quote", "marked"}:
                break
            return item, item + 1, "verb.quote", 0.85
    if verb.part + 1 >= len(parts.ranges):
        return None
    if stream.low[part[1]] == ":":
        return after_colon(reading, parts, verb.part)
    begun = -1
    for number in range(verb.part + 1, min(verb.part + 5, len(parts.ranges))):
        opener = parts.ranges[number][0]
        if verb.is_last and stream.low[opener] in reading.language.cue_forms:
            return None
        kind = complement_kind(reading, parts, number, cue)
        if kind == "skip":
            if (
                begun < 0
                and stream.flags[opener] & DET
                and not acts(reading, *parts.ranges[number])
            ):
                begun = opener
            continue
        if not kind:
            return None
        first = parts.ranges[number][0]
        if begun >= 0 and kind == "clause" and stream.low[first - 1] in DASHES:
            first = begun
        first += stream.low[first] in words(reading, "plain_complementizer")
        confidence = 0.9 if kind == "that" else 0.8
        return first, end, f"verb.{kind}", confidence
    return None


def after_colon(reading: Reading, parts: Parts, part: int) -> tuple[int, int, str, float] | None:
    """Return what follows a colon: the quote, or the rest of the sentence."""
    stream = reading.stream
    begin = parts.ranges[part + 1][0]
    if stream.flags[begin] & QUOTE:
        return (begin, begin + 1, "verb.colon", 0.95) if begin not in reading.used else None
    return begin, parts.ranges[-1][1], "verb.colon", 0.7


def complement_kind(reading: Reading, parts: Parts, number: int, cue: Cue | None) -> str:  # noqa: C901, PLR0911, PLR0912 - one condition a line
    """Return how a part completes a reporting verb: that, question, clause, infinitive; or skip."""
    stream, language = reading.stream, reading.language
    first, last = parts.ranges[number]
    begin = first
    while (
        begin < last
        and stream.flags[begin] & ADV
        and not stream.flags[begin] & (DET | PRON | COMP | SUB)
    ):
        begin += 1
    if begin >= last:
        return "skip"
    flag, low = stream.flags[begin], stream.low[begin]
    if stream.low[first] in words(reading, "so_words") and flag & COMP:
        return ""
    if stream.flags[first] & COMP or flag & COMP:
        return "that"
    if stream.flags[first] & QUOTE:
        return "quote" if cue is None or cue.form.group.frames & {"quote", "incise"} else ""
    if low in language.lists.get("interrogatives", ()) and not (
        low in words(reading, "as_words") and last - begin < SHORTEST
    ):
        return "question"
    if low in words(reading, "whereupon"):
        return "that"
    if (
        flag & PREP
        and begin + 1 < last
        and stream.low[begin + 1] in words(reading, "prepositional_relatives")
    ):
        return "skip"
    if stream.low[first] in words(reading, "coordinators"):
        return ""
    place = subjunctive_at(reading, first, last, weak=cue is not None)
    if place < 0 and cue is not None:
        place = bare_subjunctive(reading, first, last)
    relative = low in words(reading, "relative_articles") and (begin + 1 < last)
    if place >= 0:
        if relative and place >= last - 1 and (number == len(parts.ranges) - 1 or last - begin < 8):
            after = stream.flags[begin + 1]
            if not after & CAP or place > begin + 6:
                return "skip" if place != begin + 2 else "clause"
        if flag & SUB and not flag & DET:
            return "clause" if low in ("wenn", "falls", "da", "solange") else "skip"
        return "clause"
    if _infinitive(reading, begin, last):
        if low in language.lists.get("never_infinitive", ()):
            return "skip"
        return "infinitive" if cue is None or cue.takes("infinitive") else ""
    if number + 1 < len(parts.ranges) and low in words(reading, "conditional_openers"):
        return (
            "clause"
            if subjunctive_at(reading, *parts.ranges[number + 1], weak=True) >= 0
            else "skip"
        )
    if cue is not None and cue.takes("zero") and not flag & (SUB | REL):
        second = next(
            (i for i in range(begin + 1, min(last, begin + 8)) if stream.flags[i] & FINITE), -1
        )
        starts = flag & (PRON | DET | CAP | ADV | NUMBER) or flag & PREP
        is_relative = relative and (second == last - 1 or second < 0)
        if starts and second >= 0 and second < last - 1 and not is_relative:
            if relative and not stream.flags[begin + 1] & CAP and stream.flags[last - 1] & FINITE:
                return "skip"
            return "clause"
    return "skip"


def _infinitive(reading: Reading, first: int, last: int) -> bool:
    """Whether the range closes with `zu` and an infinitive, split or joined."""
    lows = reading.stream.low
    prefixes = reading.language.lists.get("separable_prefixes", frozenset())
    for item in range(last - 1, max(first, last - 5) - 1, -1):
        low = lows[item]
        if reading.stream.flags[item] & CAP:
            continue
        closes = item == last - 1 or reading.stream.flags[item + 1] & COORD
        if (
            item > first
            and lows[item - 1] in words(reading, "infinitive_marker")
            and low.endswith("n")
            and closes
        ):
            return True
        cut_at = low.find("zu", 2)
        if 2 <= cut_at < len(low) - 4 and low.endswith("n") and low[:cut_at] in prefixes:
            return True
    return False


def before_next(reading: Reading, first: int, last: int, verbs: list[Verb], parts: Parts) -> int:  # noqa: C901 - one condition a line
    """End the content where a later verb brings its own report: `… und betonte, dass`."""
    stream = reading.stream
    for verb in verbs:
        item = verb.cue.first
        if item <= first or item >= last:
            continue
        for back in range(item - 1, max(first, item - 8), -1):
            if stream.low[back] == "," and back != item - 1:
                break
            if (
                stream.flags[back] & COORD
                and not stream.flags[back] & CAP
                and (back >= item - 2 or content_of(reading, verb, parts) is not None)
                and not verb.is_last
            ):
                return back - 1 if stream.low[back - 1] == "," else back
        begin, stop = parts.ranges[verb.part]
        if begin > first and stream.low[begin] in words(reading, "inserters") and item <= begin + 1:
            return begin - 1
        if begin > first and item == begin and clause_speaker(reading, item + 1, stop) is not None:
            return begin - 1
    for item in range(first + 1, last):
        if stream.low[item] == ":" and item + 1 < last and stream.flags[item + 1] & QUOTE:
            return item
        if (
            stream.low[item] == ","
            and item + 1 < last
            and stream.low[item + 1] in words(reading, "comment_openers")
            and item - first > SHORTEST
        ):
            return item
        if (
            stream.flags[item] & COORD
            and item + 1 < last
            and not stream.flags[item + 1] & ~FINITE
            and stream.low[item + 1].endswith(("te", "ten", "s"))
            and subjunctive_at(reading, first, item) >= 0
            and subjunctive_at(reading, item + 1, item + 2, weak=True) < 0
        ):
            return item - (stream.low[item - 1] == ",")
        if stream.low[item] == ";" or (
            stream.low[item] == ","
            and stream.low[item + 1] in words(reading, "so_words")
            and item + 2 < last
            and stream.flags[item + 2] & (CAP | DET)
        ):
            return item
    return last
