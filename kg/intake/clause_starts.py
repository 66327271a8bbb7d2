"""Finds where the clause or the infinitive that a verb governs begins, with no parser.

In: a stream, the place behind a verb group. Out: the item of the complementizer or the infinitive,
or -1. Where that content ends, `kg.intake.clauses` knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import phrase_at
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    CLITIC,
    COMP,
    COORD,
    DET,
    LINK,
    MODAL,
    NEG,
    NUMBER,
    PREP,
    PRON,
    QUOTE,
    REL,
    SUB,
    TIME,
    VERB,
)

if TYPE_CHECKING:
    from kg.intake.language import Language
    from kg.intake.segment import Stream

__all__ = ["complementizer_after", "infinitive_after"]

COMPLEMENT_REACH = 26


def complementizer_after(stream: Stream, language: Language, begin: int, last: int) -> int:  # noqa: C901, PLR0911, PLR0912 - one condition a line
    """Return the item of the complementizer that this verb governs, or -1."""
    flags, lows = stream.flags, stream.low
    commas = 0
    for item in range(begin, min(last, begin + COMPLEMENT_REACH)):
        flag = flags[item]
        if flag & COMP:
            if language.has("zero_complement") and _opens_relative(stream, language, item, last):
                return -1
            before = lows[item - 1]
            if before in language.lists.get("content_nouns", ()):
                return -1
            if item > begin and _hangs_on_report(stream, language, item, last):
                return -1
            if before in language.lists.get("comparative", ()):
                return -1
            if item > begin and before in language.lists.get("before_complementizer", ()):
                continue
            return item
        if _is_bracketed_number(stream, item):
            continue
        if flag & (REL | QUOTE) or lows[item] in (";", ":", ".", "(", ")"):
            return -1
        if lows[item] == ",":
            commas += 1
            if commas > 4:
                return -1
        if (
            item > begin
            and lows[item - 1] == ","
            and lows[item] in language.cue_forms
            and any(form.shape == "gerund" for form in language.cue_forms[lows[item]])
        ):
            return -1
        if flag & (AUX | MODAL) and not flag & (DET | CLITIC):
            return -1
        if language.has("zero_complement") and _begins_clause(stream, language, begin, item):
            return -1
        if flag & COMP == 0 and flag & SUB and not flag & ADV and lows[item - 1] == ",":
            return -1
    return -1


def _is_bracketed_number(stream: Stream, item: int) -> bool:
    """`na quinta-feira (5)`: a bracket that holds nothing but a day."""
    low = stream.low[item - 1 : item + 3]
    if low[1:2] == ["("]:
        return low[3:4] == [")"] and bool(stream.flags[item + 1] & NUMBER)
    return low[1:2] == [")"] and bool(stream.flags[item - 1] & NUMBER)


def _hangs_on_report(stream: Stream, language: Language, item: int, last: int) -> bool:
    """`conteste une décision qu'elle dit avoir apprise`: a relative clause with its own report."""
    verb = item + 2
    if verb >= last or not stream.flags[item + 1] & PRON or stream.flags[item - 1] & TIME:
        return False
    if not any(
        form.shape == "finite" and "infinitive" in form.group.frames
        for form in language.cue_forms.get(stream.low[verb], ())
    ):
        return False
    return infinitive_after(stream, language, verb + 1, last) >= 0


def _opens_relative(stream: Stream, language: Language, item: int, last: int) -> bool:
    """Whether this `that` is followed by its verb, as in `states that voted`."""
    after = item + 1
    while after < last and stream.flags[after] & ADV and not stream.flags[after] & (DET | PRON):
        after += 1
    if after >= last:
        return True
    flag = stream.flags[after]
    if flag & (AUX | MODAL | BE | VERB) and not flag & (DET | CAP | PRON):
        return True
    return not flag and stream.low[after].endswith(language.verb_endings)


def _begins_clause(stream: Stream, language: Language, begin: int, item: int) -> bool:
    """Whether a subject or a verb stands here, so that a later complementizer is not ours."""
    flag = stream.flags[item]
    before = stream.flags[item - 1]
    if flag & PRON and not flag & DET and not before & (PREP | LINK) and item > begin:
        return True
    if flag & PRON and not flag & DET and item == begin:
        return stream.low[item] in language.lists.get("subject_pronouns", ())
    if flag & (VERB | BE) and not flag & (CAP | DET):
        return True
    return (
        not flag
        and stream.low[item].endswith(language.verb_endings)
        and not before & (DET | PREP | LINK)
    )


def infinitive_after(stream: Stream, language: Language, begin: int, last: int) -> int:
    """Return the item of an infinitive right after the verb, past negation and clitics; or -1."""
    flags = stream.flags
    past = begin
    for item in range(begin, min(last, begin + 12)):
        flag = flags[item]
        low = stream.low[item]
        if item < past:
            continue
        length = phrase_at(stream, language, item, "connective")
        if length:
            past = item + length
            continue
        if low in language.lists.get("not_infinitive", ()) and not (
            language.infinitive.search(stream.low[item + 1] if item + 1 < last else "")
        ):
            return -1
        if low in language.lists.get("infinitive_openers", ()):
            continue
        if language.infinitive.search(low) and not flag & (CAP | DET | ADV | PREP | COORD | SUB):
            return item
        if flags[item - 1] & NEG and low in language.lists.get("negation_tails", ()):
            continue
        if flag & (NEG | CLITIC | ADV | TIME | NUMBER) or (
            flag & DET and item + 1 < last and (flags[item + 1] & TIME)
        ):
            continue
        return -1
    return -1
