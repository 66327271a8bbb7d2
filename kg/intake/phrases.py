"""Reads noun phrases and the names inside them, without a parser.

In: a stream, bounds, and where a phrase begins. Out: a `Mention`: the items of the phrase, the
items of the personal name in it, and what heads it. It does not resolve anything.
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
    INVERTED,
    LINK,
    MODAL,
    NEG,
    NUMBER,
    PERSON_NOUN,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SOURCE,
    SUB,
    TIME,
    TITLE,
    VERB,
)

if TYPE_CHECKING:
    from kg.intake.language import Language
    from kg.intake.segment import Stream

__all__ = ["Mention", "is_agent", "name_end", "name_start", "phrase_from"]

LONGEST_PHRASE = 22

AGENT = ROLE | GROUP | PERSON_NOUN | SOURCE | TITLE


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that may name a speaker; `name_*` is the personal name inside, if any."""

    first: int
    last: int
    name_first: int = -1
    name_last: int = -1
    flags: int = 0
    is_pronoun: bool = False

    @property
    def has_name(self) -> bool:
        """Whether a capitalised name stands in the phrase."""
        return self.name_first >= 0


def is_agent(mention: Mention) -> bool:
    """Whether the phrase is headed by something that can speak."""
    return mention.is_pronoun or mention.has_name or bool(mention.flags & AGENT)


def phrase_from(  # noqa: C901, PLR0912, PLR0915 - one condition a line
    stream: Stream, language: Language, begin: int, limit: int, *, follow: bool = False
) -> Mention | None:
    """Read a noun phrase rightwards; with `follow`, take a name in apposition too."""
    flags, lows = stream.flags, stream.low
    limit = min(limit, begin + LONGEST_PHRASE, len(flags))
    if begin >= limit:
        return None
    if flags[begin] & (AUX | MODAL | BE | VERB) and not flags[begin] & (CAP | DET | PRON):
        return None
    if flags[begin] & PRON and not flags[begin] & DET:
        return Mention(begin, begin + 1, is_pronoun=True, flags=flags[begin])
    back = phrase_at(stream, language, begin, "previous")
    if back and begin + back <= limit:
        return Mention(begin, begin + back, flags=PERSON_NOUN | flags[begin])
    part = phrase_at(stream, language, begin, "partitive")
    if part and begin + part < limit:
        whole = phrase_from(stream, language, begin + part, limit)
        if whole is not None:
            return Mention(begin, whole.last, flags=PERSON_NOUN | flags[begin])
    here = begin
    heads = 0
    seen_noun = False
    name_first = name_last = -1
    while here < limit:
        flag, low = flags[here], lows[here]
        if flag & PUNCT:
            if low == "(" and here > begin:
                close = _close_bracket(stream, here, limit)
                if close > 0:
                    here = close
                    continue
            if low in ("&", "/", "*", "'", "’", "°", "\u00ad") and here > begin:
                here += 1
                continue
            break
        if flag & QUOTE:
            if (seen_noun or (here > begin and flags[here - 1] & DET)) and (
                stream.quotes[here].length < 40
            ):
                here += 1
                continue
            break
        if here > begin:
            if flag & (REL | COMP | INVERTED):
                break
            if flag & PRON and not flag & DET:
                break
            if flag & (SUB | NEG | TIME) and not flag & (CAP | LINK | DET):
                break
            if flag & (AUX | MODAL | VERB | BE) and not flag & (CAP | DET | LINK):
                break
            if (
                flag & DET
                and seen_noun
                and not flag & (LINK | CAP)
                and not flags[here - 1] & (DET | LINK | PREP | COORD | PUNCT | QUOTE)
            ):
                break
            if flag & COORD and not _joins(stream, here, limit):
                break
            if not flag and name_first >= 0 and here == name_last and language.has("cases"):
                break
            if flag & PREP and phrase_at(stream, language, here, "occasion"):
                break
            if (
                flag & PREP
                and not flag & (LINK | CAP)
                and not _binds(stream, here, limit, has_name=name_first >= 0, heads=heads)
            ):
                break
            if flag & ADV and not flag & (CAP | DET | PREP | COORD) and not (flags[here - 1] & DET):
                break
            if (
                not flag
                and seen_noun
                and low.endswith(language.verb_endings)
                and not flags[here - 1] & (DET | LINK | ADV | COORD | POSS)
            ):
                break
            if (
                low in language.cue_forms
                and not flag & (CAP | ROLE | GROUP | SOURCE)
                and seen_noun
                and not flags[here - 1] & (DET | LINK | POSS)
                and any(form.shape in ("finite", "gerund") for form in language.cue_forms[low])
            ):
                break
        if (
            flag & CAP
            and not flag & (DET | PREP | COORD)
            and not (
                flag & (ROLE | TITLE)
                and not (
                    here + 1 < limit
                    and not flags[here + 1] & CAP
                    and here > begin
                    and flags[here - 1] & CAP
                )
            )
        ) and (name_first < 0 or here > name_last):
            stop = name_end(stream, language, here, limit)
            start = name_start(stream, language, here, stop)
            if name_first < 0 or _looks_personal(stream, language, start, stop):
                name_first, name_last = start, stop
                if start > here:
                    heads |= flags[start - 1] & AGENT
            seen_noun = True
            here = stop
            while here < limit and lows[here] in language.lists.get("postnominals", ()):
                here += 1
            continue
        if not flag & (DET | LINK | PREP | COORD | NUMBER | ADV):
            if not heads & AGENT and not (here > begin and flags[here - 1] & LINK and seen_noun):
                heads |= flag
            seen_noun = True
        here += 1
    while (
        here > begin
        and flags[here - 1] & (DET | LINK | PREP | COORD | ADV)
        and not flags[here - 1] & CAP
    ):
        here -= 1
    if here <= begin or not seen_noun:
        return None
    mention = Mention(begin, here, name_first, name_last, heads | (flags[begin] & (DET | POSS)))
    if follow:
        mention = _with_apposition(stream, language, mention, limit=min(here + 14, len(flags)))
    return mention


def _looks_personal(stream: Stream, language: Language, first: int, last: int) -> bool:
    if first >= 1 and stream.flags[first - 1] & LINK:
        return False
    return stream.low[first] in language.given_names or last - first >= 2


def name_end(stream: Stream, language: Language, here: int, limit: int) -> int:
    """Return where a run of capitalised words ends, name particles taken in."""
    flags, lows = stream.flags, stream.low
    end = here + 1
    while end < limit:
        flag = flags[end]
        if lows[end] in language.lists.get("postnominals", ()):
            break
        if flag & CAP and not flag & PUNCT:
            end += 1
        elif (lows[end] == "&" and end + 1 < limit and flags[end + 1] & CAP) or (
            lows[end] in language.name_particles
            and end + 1 < limit
            and flags[end + 1] & CAP
            and not flag & CAP
        ):
            end += 2
        else:
            break
    return end


def name_start(stream: Stream, language: Language, first: int, last: int) -> int:
    """Return where the personal name begins in a run of capitals (Economy Minister | Ana Ruiz)."""
    flags = stream.flags
    for item in range(last - 2, first - 1, -1):
        if flags[item] & (ROLE | TITLE):
            return item + 1
    bound = language.has("cases") or (first > 0 and flags[first - 1] & (LINK | DET | PREP))
    if bound and stream.low[first] not in language.given_forms:
        for item in range(first + 1, last - 1):
            if stream.low[item] in language.given_forms:
                return item
    return first


def _with_apposition(
    stream: Stream, language: Language, mention: Mention, *, limit: int
) -> Mention:
    """`le ministre de la Santé, Jean Roman` : the name that follows names the role."""
    here = mention.last
    flags, lows = stream.flags, stream.low
    personal = mention.has_name and _looks_personal(
        stream, language, mention.name_first, mention.name_last
    )
    if here + 1 >= limit or lows[here] != ",":
        return mention
    begin = here + 1
    if personal and (
        stream.low[mention.name_first] in language.given_names
        or lows[begin] not in language.given_names
        or flags[mention.name_first - 1] & (TITLE | ROLE)
    ):
        return mention
    is_post = bool((mention.flags | flags[mention.last - 1]) & ROLE)
    is_led = bool(flags[begin] & DET) and is_post and not flags[begin] & POSS
    begin += is_led
    while begin + 1 < limit and flags[begin] & (ROLE | TITLE) and not flags[begin] & (CAP | DET):
        begin += 1
        is_led = False
    if is_led and begin + 2 < limit and not flags[begin]:
        is_named = flags[begin + 1] & CAP and flags[begin + 2] & CAP
        begin, is_led = (begin + 1, False) if is_named else (begin, is_led)
    if not flags[begin] & CAP or flags[begin] & (DET | PREP | COORD):
        return mention
    while begin < limit and flags[begin] & TITLE:
        begin += 1
    if begin >= limit:
        return mention
    end = name_end(stream, language, begin, limit)
    begin = _past_origin(stream, language, begin, end) if is_led else begin
    if begin < 0:
        return mention
    after = lows[end] if end < len(lows) else "."
    if (
        after in (",", ".", ")", ";", ":", "(")
        or end >= len(lows)
        or flags[end] & (PREP | REL | QUOTE | TIME | COORD)
    ):
        return Mention(mention.first, mention.last, begin, end, mention.flags)
    return mention


def _past_origin(stream: Stream, language: Language, begin: int, end: int) -> int:
    """`le Danois Erik Holm`: return where the name begins behind the word of origin, or -1."""
    if end - begin < 2:
        return -1
    if stream.low[begin] in language.given_names:
        return begin
    return begin + 1


def _close_bracket(stream: Stream, here: int, limit: int) -> int:
    for index in range(here + 1, min(limit, here + 10)):
        if stream.low[index] == ")":
            return index + 1
    return -1


def _joins(stream: Stream, here: int, limit: int) -> bool:
    """Whether a coordinator joins two noun phrases (X et Y) rather than two clauses."""
    after = here + 1
    if after >= limit:
        return False
    flag = stream.flags[after]
    if flag & NUMBER:
        return False
    if flag & (PRON | COMP | SUB | REL | PUNCT | NEG | AUX | BE | MODAL) and not flag & DET:
        return False
    return bool(flag & (CAP | DET | ROLE | GROUP | TITLE | LINK | PERSON_NOUN)) or not flag & (
        VERB | ADV | PREP
    )


def _binds(stream: Stream, here: int, limit: int, *, has_name: bool, heads: int) -> bool:
    """Whether a preposition stays inside the phrase (porte-parole au ministère)."""
    if has_name or here + 1 >= limit:
        return False
    if not heads & (ROLE | PERSON_NOUN | SOURCE | GROUP):
        return False
    after = stream.flags[here + 1]
    return not after & (TIME | NUMBER | PUNCT | QUOTE | PRON)
