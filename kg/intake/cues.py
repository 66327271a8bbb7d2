"""Finds the verb groups that report speech in a sentence.

In: a stream and a sentence range. Out: `Cue` values, left to right: auxiliaries, adverbs and
inverted pronouns taken in, nouns that merely look like the verb left out. It does not look for
the content or the speaker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    CLITIC,
    COND,
    COORD,
    DET,
    INVERTED,
    LINK,
    MODAL,
    NEG,
    NUMBER,
    PLURAL,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    SUB,
    TIME,
    VERB,
)
from kg.intake.language import CueClass, CueForm

if TYPE_CHECKING:
    from kg.intake.language import Language
    from kg.intake.segment import Stream

__all__ = ["Cue", "find_cues", "phrase_at"]

REACH_BACK = 7
LONGEST_CONNECTIVE = 4
UNKNOWN_VERB = CueClass(
    frozenset({"quote", "incise"}), "Assertion", "Neutral", "Certain", "Affirmed"
)
"""A verb no list has, in a place where only a reporting verb stands."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One verb group: items `first` to `last`, its main verb, and how it stands."""

    first: int
    last: int
    verb: int
    form: CueForm
    shape: str
    inverted: int = -1
    is_negated: bool = False
    is_conditional: bool = False
    is_modal: bool = False

    def takes(self, frame: str) -> bool:
        """Whether the verb takes this kind of complement."""
        return frame in self.form.group.frames


def find_cues(stream: Stream, language: Language, first: int, last: int) -> list[Cue]:
    """Return the reporting verb groups between two items."""
    lows = stream.low
    table = language.cue_forms
    cues = []
    taken = first
    for item in range(first, last):
        if item < taken:
            continue
        if stream.flags[item] & INVERTED:
            cue = _inverted_unknown(stream, language, item, first=first, last=last)
            if cue is not None:
                cues.append(cue)
                taken = cue.last
            continue
        if lows[item] not in table:
            continue
        cue = _read(stream, language, item, first=first, last=last)
        if cue is not None:
            cues.append(cue)
            taken = cue.last
    return cues


def _inverted_unknown(
    stream: Stream, language: Language, item: int, *, first: int, last: int
) -> Cue | None:
    """`…, se désole-t-elle`: a pronoun behind a verb that no list has, set off as a tag."""
    flags, lows = stream.flags, stream.low
    verb, stop = item - 1, item + 1
    if verb <= first or lows[verb] in language.cue_forms or flags[verb] & (MODAL | PUNCT | QUOTE):
        return None
    is_question = lows[last - 1] == "?"
    begin = verb
    while begin > first and flags[begin - 1] & CLITIC and not flags[begin - 1] & QUOTE:
        begin -= 1
    if begin <= first or (lows[begin - 1] != "," and not flags[begin - 1] & QUOTE):
        return None
    if is_question and not any(
        flags[before] & QUOTE for before in range(max(first, begin - 2), begin)
    ):
        return None
    if flags[verb] & (AUX | BE):
        while stop < last and flags[stop] & (ADV | NEG):
            stop += 1
        if stop >= last or flags[stop] or not lows[stop].endswith(language.participle_endings):
            return None
        verb, stop = stop, stop + 1
    if lows[verb] in language.cue_forms or flags[verb] & VERB & ~(AUX | BE):
        return None
    form = CueForm(lows[verb], "finite", (), UNKNOWN_VERB)
    return Cue(begin, stop, verb, form, "finite", item)


def phrase_at(stream: Stream, language: Language, item: int, name: str) -> int:
    """Return how many items a fixed phrase of this class covers from here; 0 if none."""
    for words, kind in language.phrases.get(stream.low[item], ()):
        if kind == name and tuple(stream.low[item : item + len(words)]) == words:
            return len(words)
    return 0


def _read(stream: Stream, language: Language, item: int, *, first: int, last: int) -> Cue | None:
    if phrase_at(stream, language, item, "stop") or _in_stop_phrase(stream, language, item, first):
        return None
    for form in language.cue_forms[stream.low[item]]:
        stop = _tail_end(stream, item, form.tail, last)
        if not stop:
            continue
        cue = _as_group(stream, language, item, stop, form=form, first=first, last=last)
        if cue is not None:
            return cue
    return None


def _in_stop_phrase(stream: Stream, language: Language, item: int, first: int) -> bool:
    for back in range(max(first, item - 3), item):
        length = phrase_at(stream, language, back, "stop")
        if length and back + length > item:
            return True
    return False


def _tail_end(stream: Stream, item: int, tail: tuple[str, ...], last: int) -> int:
    here = item + 1
    for position, word in enumerate(tail):
        skipped = 0
        while (
            position == 0 and here < last and skipped < 2 and stream.flags[here] & (ADV | INVERTED)
        ):
            here += 1
            skipped += 1
        if here >= last or stream.low[here] != word:
            return 0
        here += 1
    return here


def _as_group(  # noqa: C901, PLR0911, PLR0912 - one condition a line
    stream: Stream,
    language: Language,
    item: int,
    stop: int,
    *,
    form: CueForm,
    first: int,
    last: int,
) -> Cue | None:
    flags, lows = stream.flags, stream.low
    before = flags[item - 1] if item > first else 0
    begin, inverted, negated, conditional, is_modal = item, -1, False, False, False
    helper = _helper(stream, language, item, first)
    shape = form.shape
    if shape == "participle":
        if helper < 0 and _shares_auxiliary(stream, item, first):
            return Cue(item, stop, item, form, "finite")
        if helper < 0 or flags[helper] & MODAL:
            return None
        is_passive = bool(flags[helper] & BE) and not _is_reflexive(stream, language, helper, first)
        if is_passive:
            return None
        shape, begin = "finite", helper
        if language.infinitive.search(lows[helper]):
            shape = "infinitive"
    elif shape == "finite":
        if helper >= 0 and not flags[helper] & MODAL and language.has("strict_finite"):
            return None
        if helper >= 0 and flags[helper] & BE and _is_participle(language, lows[item], form):
            return None
        if before & SUB and not before & ADV and _is_participle(language, lows[item], form):
            return None
        if helper >= 0:
            begin = helper
            is_modal = bool(flags[helper] & MODAL)
        if helper < 0 and _is_noun(stream, item, first, language):
            return None
        if stop < last and lows[stop] in language.lists.get("passive_agent", ()):
            means = lows[stop + 1 : stop + 2]
            if not means or means[0] not in language.lists.get("means", ()):
                return None
    elif shape == "gerund":
        if helper >= 0 and flags[helper] & BE:
            shape, begin = "finite", helper
        elif before & (DET | POSS) or _is_governed(stream, language, item, first):
            return None
    elif (shape == "infinitive" and before & (DET | POSS)) or (
        shape == "infinitive"
        and language.has("bare_infinitive")
        and helper < 0
        and lows[item - 1] not in language.lists.get("infinitive_markers", ())
    ):
        return None
    if (
        shape == "finite"
        and is_modal
        and any(flags[between] & BE for between in range(begin + 1, item))
    ):
        return None
    if shape == "infinitive" and language.lists.get("catenatives"):
        governor = _catenative(stream, language, item, first)
        if governor >= 0:
            shape, begin = "finite", governor
    for between in range(begin, stop):
        negated |= bool(flags[between] & NEG)
        if flags[between] & INVERTED:
            inverted = between
    conditional = bool(flags[begin] & COND)
    while (
        begin > first
        and flags[begin - 1] & CLITIC
        and (not flags[begin - 1] & DET or flags[begin - 1] & NEG)
    ):
        begin -= 1
        negated |= bool(flags[begin] & NEG)
    if stop < last and flags[stop] & INVERTED:
        inverted = stop
        stop += 1
    if (
        stop < last
        and flags[stop] & NEG
        and not flags[stop] & ADV
        and lows[stop] not in (language.lists.get("loose_negation", ()))
    ):
        negated = True
    return Cue(begin, stop, item, form, shape, inverted, negated, conditional, is_modal)


def _catenative(stream: Stream, language: Language, item: int, first: int) -> int:
    """`s'est contenté de` dire, `tient à` préciser: return where that verb group begins, or -1."""
    flags, lows = stream.flags, stream.low
    here = item - 1
    if here > first and flags[here] & (PREP | LINK):
        here -= 1
    if here < first or lows[here] not in language.lists["catenatives"]:
        return -1
    if flags[here - 1] & (DET | POSS) and not flags[here - 1] & CLITIC:
        return -1
    helper = _helper(stream, language, here, first) if here > first else -1
    return helper if helper >= 0 else here


def _is_governed(stream: Stream, language: Language, item: int, first: int) -> bool:
    """Whether a verb or preposition governs this participle (`opposed adding`, `of saying`)."""
    if item <= first or not language.has("zero_complement"):
        return False
    before, low = stream.flags[item - 1], stream.low[item - 1]
    if before & (PREP | LINK) and low not in language.lists.get("gerund_prepositions", ()):
        return True
    return not before and low.endswith(language.verb_endings)


def _shares_auxiliary(stream: Stream, item: int, first: int) -> bool:
    """`a affirmé … et salué`: the auxiliary stands before the first of two participles."""
    here = item - 1
    while here > first and stream.flags[here] & ADV:
        here -= 1
    if here <= first or not stream.flags[here] & COORD:
        return False
    return any(
        stream.flags[index] & AUX and not stream.flags[index] & BE
        for index in range(max(first, here - 40), here)
    )


def _is_participle(language: Language, low: str, form: CueForm) -> bool:
    return any(
        entry.shape == "participle" and entry.lemma == form.lemma
        for entry in language.cue_forms[low]
    )


def _helper(stream: Stream, language: Language, item: int, first: int) -> int:
    """Return the auxiliary or modal this verb leans on, or -1."""
    flags, lows = stream.flags, stream.low
    here = item - 1
    stop = max(first, item - REACH_BACK)
    found = -1
    while here >= stop:
        flag = flags[here]
        if flag & (AUX | MODAL):
            found = here
            if not flag & BE and not flag & MODAL:
                return found
            here -= 1
            continue
        if (
            lows[here] == ","
            and here - 3 >= stop
            and flags[here - 1] & PRON
            and lows[here - 2] == ","
        ):
            here -= 3
            continue
        inside = _connective_before(stream, language, here, stop)
        if inside:
            here -= inside
            continue
        if found >= 0 and not flag & (ADV | NEG | INVERTED):
            return found
        if (
            flag & (ADV | NEG | INVERTED)
            or (lows[here] == "," and here - 2 >= stop and lows[here - 2] == ",")
            or (flag & PRON and here - 1 >= stop and lows[here - 1] == ",")
        ):
            here -= 1
            continue
        return found
    return found


def _connective_before(stream: Stream, language: Language, item: int, stop: int) -> int:
    """`a pour sa part fait savoir`: how many items back from here a connective covers, or 0."""
    if stream.low[item] not in language.connective_tails:
        return 0
    for length in range(1, LONGEST_CONNECTIVE + 1):
        begin = item - length + 1
        if begin >= stop and phrase_at(stream, language, begin, "connective") == length:
            return length
    return 0


def _is_reflexive(stream: Stream, language: Language, helper: int, first: int) -> bool:
    before = stream.flags[helper - 1] if helper > first else 0
    known = language.lists.get("reflexive")
    if known and stream.low[helper - 1] not in known:
        return False
    return bool(before & CLITIC) and not before & (DET | NEG)


def _is_noun(stream: Stream, item: int, first: int, language: Language) -> bool:  # noqa: C901, PLR0911 - one condition a line
    flags, lows = stream.flags, stream.low
    if item == first:
        return (
            bool(flags[item] & CAP)
            and not language.has("pro_drop")
            and (language.has("noun_at_start"))
        )
    before = flags[item - 1]
    openers = language.lists.get("manner_openers", frozenset())
    opens_manner = lows[item - 1] in openers
    if before & CLITIC and item - 2 >= first and lows[item - 2] in openers:
        return False
    if before & (POSS | LINK) or (before & PREP and not before & ADV and not opens_manner):
        return True
    if before & NUMBER:
        counts = item - 2 < first or not flags[item - 2] & CAP
        return counts and lows[item] not in language.lists.get("verbs_only", ())
    if before & DET and not before & PRON:
        return not (item - 2 >= first and flags[item - 2] & (PRON | NEG) and before & CLITIC)
    if language.has("possessive_s") and lows[item - 1] == "'" and lows[item - 2].endswith("s"):
        return True
    owners = lows[item - 1 : item] + (
        lows[max(first, item - 2) : item - 1] if before & TIME else []
    )
    if language.has("possessive_s") and any(low.endswith(("'s", "s'")) for low in owners):
        return True
    if (
        language.has("bare_infinitive")
        and not before
        and item - 2 >= first
        and flags[item - 2] & (DET | POSS)
        and lows[item] not in language.lists.get("verbs_only", ())
        and not lows[item - 1].endswith("s")
        and any(form.shape == "infinitive" for form in language.cue_forms[lows[item]])
    ):
        return True
    if (
        language.has("bare_infinitive")
        and item - 2 >= first
        and flags[item - 2] & LINK
        and not before & (CAP | PRON | PLURAL)
        and not lows[item - 1].endswith("s")
        and lows[item] not in language.lists.get("verbs_only", ())
        and any(form.shape == "infinitive" for form in language.cue_forms[lows[item]])
    ):
        return True
    if item + 1 < len(flags) and flags[item + 1] & (BE | MODAL) and not flags[item + 1] & REL:
        return language.has("noun_before_be")
    return bool(flags[item] & CAP) and bool(before & CAP) and not flags[item - 1] & (QUOTE | PUNCT)
