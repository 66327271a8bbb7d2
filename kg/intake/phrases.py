"""Finds the noun phrase that names a speaker, before or after a verb, without a parser.

In: a stream, bounds, and the place of a verb. Out: a `Mention`: the items of the phrase, the
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
    CONNECT,
    DET,
    GROUP,
    INVERTED,
    LINK,
    MODAL,
    NEG,
    NUMBER,
    PLURAL,
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

__all__ = [
    "Mention",
    "clause_subject",
    "is_agent",
    "phrase_from",
    "subject_after",
    "subject_before",
]

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


def is_agent(stream: Stream, mention: Mention) -> bool:
    """Whether the phrase is headed by something that can speak."""
    return mention.is_pronoun or mention.has_name or bool(mention.flags & AGENT)


def subject_before(stream: Stream, language: Language, bound: int, verb: int) -> Mention | None:
    """Return the subject that stands before the verb group, within the clause's bound."""
    flags, lows = stream.flags, stream.low
    here = verb - 1
    while here >= bound and flags[here] & (ADV | NEG | TIME) and not flags[here] & (PRON | DET):
        here -= 1
    if here < bound:
        return None
    if lows[here] == ")":
        opening = _open_bracket(stream, here, bound)
        if opening > bound:
            inner = _segment_phrase(stream, language, bound, opening)
            return (
                Mention(inner.first, here + 1, inner.name_first, inner.name_last, inner.flags)
                if inner and inner.last == opening
                else inner
            )
    flag = flags[here]
    if lows[here] == "%" and here > bound and flags[here - 1] & NUMBER:
        return Mention(here - 1, here + 1, flags=PERSON_NOUN | PLURAL)
    is_relative = flag & REL or flag & COMP and language.has("zero_complement")
    if is_relative and not flag & CAP:
        return _antecedent(stream, language, bound, here)
    if flag & PRON:
        return Mention(here, here + 1, is_pronoun=True, flags=flag)
    if flag & COORD and not flag & CAP:
        return clause_subject(stream, language, bound, here)
    if lows[here] in (",", "–", "—", "-"):
        return _before_comma(stream, language, bound, here)
    return _segment_phrase(stream, language, bound, here + 1)


def clause_subject(stream: Stream, language: Language, bound: int, stop: int) -> Mention | None:
    """Return the first phrase of the clause that can be its subject."""
    flags, lows = stream.flags, stream.low
    here = bound
    limit = min(stop, bound + 60)
    while here < limit:
        flag = flags[here]
        if flag & (ADV | CONNECT | TIME | PUNCT | COORD | SUB | NUMBER | QUOTE) and not flag & (
            DET | PRON
        ):
            here += 1
            continue
        if flag & PREP and not flag & DET:
            here = _after_comma(stream, here, limit)
            continue
        if flag & PRON and not (flag & DET):
            return Mention(here, here + 1, is_pronoun=True, flags=flag)
        if flag & (DET | CAP | TITLE | ROLE | GROUP | PERSON_NOUN):
            mention = phrase_from(stream, language, here, limit)
            if mention is not None:
                after = mention.last
                if (
                    not flag & (DET | TITLE)
                    and not mention.has_name
                    and lows[after : after + 1] == [","]
                ):
                    here = after + 1
                    continue
                return mention
        here = _after_comma(stream, here, limit)
    return None


def _after_comma(stream: Stream, here: int, limit: int) -> int:
    while here < limit and stream.low[here] != ",":
        here += 1
    return here + 1


def _open_bracket(stream: Stream, here: int, bound: int) -> int:
    for index in range(here - 1, max(bound, here - 12) - 1, -1):
        if stream.low[index] == "(":
            return index
    return -1


def _antecedent(stream: Stream, language: Language, bound: int, relative: int) -> Mention | None:
    end = relative
    if end > bound and stream.low[end - 1] == ",":
        end -= 1
    if end <= bound:
        return None
    return _segment_phrase(stream, language, bound, end)


def _before_comma(stream: Stream, language: Language, bound: int, comma: int) -> Mention | None:
    """Walk left over parentheticals (`X, minister of Y, who …,` verb) to their head."""
    cuts = [bound]
    for index in range(max(bound, comma - 60), comma):
        if stream.low[index] in (",", "–", "—"):
            cuts.append(index + 1)
    cuts.append(comma + 1)
    parts = [(cuts[n], cuts[n + 1] - 1) for n in range(len(cuts) - 1)]
    head = _first_head(stream, language, parts)
    if head is not None:
        return head
    best: Mention | None = None
    for begin, end in reversed(parts):
        if begin >= end:
            continue
        begin = _skip_openers(stream, language, begin, end)
        if begin >= end:
            continue
        flag = stream.flags[begin]
        if flag & (REL | PREP | ADV | SUB | COMP) and not flag & (DET | CAP):
            continue
        mention = phrase_from(stream, language, begin, end)
        if mention is None:
            if best is not None:
                break
            continue
        opens = flag & (DET | PRON | TITLE) or mention.has_name
        if opens and is_agent(stream, mention):
            if best is None or (mention.has_name and not best.has_name and mention.last == end):
                best = mention
                if mention.has_name:
                    break
                continue
            break
        if best is not None:
            break
    return best


def _first_head(stream: Stream, language: Language, parts: list[tuple[int, int]]) -> Mention | None:
    """The leftmost part that is a noun phrase with nothing but parentheticals after it."""
    for begin, end in parts:
        begin = _skip_openers(stream, language, begin, end)
        if begin >= end:
            continue
        flag = stream.flags[begin]
        if flag & (REL | PREP | SUB | COMP) and not flag & DET or flag & ADV and not flag & DET:
            continue
        if not flag & (DET | CAP | TITLE | PRON | ROLE | GROUP | PERSON_NOUN):
            continue
        mention = phrase_from(stream, language, begin, len(stream.low), follow=True)
        if mention is None or not is_agent(stream, mention):
            continue
        if mention.last < end and not stream.flags[mention.last] & (REL | PREP | PUNCT | NUMBER):
            continue
        if any(
            stream.flags[item] & (AUX | MODAL | BE | VERB) and not stream.flags[item] & (DET | CAP)
            for item in range(mention.last, end)
        ) and not any(stream.flags[item] & REL for item in range(mention.last, end)):
            continue
        return mention
    return None


def _skip_openers(stream: Stream, language: Language, begin: int, end: int) -> int:
    flags = stream.flags
    moved = True
    while begin < end and moved:
        moved = False
        length = phrase_at(stream, language, begin, "connective")
        if length:
            begin += length
            moved = True
            continue
        flag = flags[begin]
        if flag & (TIME | COORD | CONNECT | SUB | QUOTE | PUNCT | NUMBER | COMP) and not flag & (
            DET | PRON
        ):
            begin += 1
            moved = True
        elif flag & ADV and not flag & (DET | PRON | CAP):
            begin += 1
            moved = True
    return begin


def _segment_phrase(stream: Stream, language: Language, bound: int, end: int) -> Mention | None:
    """Return the phrase that ends right before `end`."""
    flags, lows = stream.flags, stream.low
    begin = end - 1
    floor = max(bound, end - 40)
    while begin >= floor:
        flag = flags[begin]
        if lows[begin] in (",", ";", ":", "–", "—") or flag & (COMP | QUOTE):
            if not (
                flag & QUOTE and begin > floor and flags[begin - 1] & (DET | LINK | ROLE | GROUP)
            ):
                break
        begin -= 1
    begin += 1
    begin = _skip_openers(stream, language, begin, end)
    if begin >= end:
        return None
    if (
        flags[begin] & (DET | CAP | TITLE | ROLE | GROUP | PERSON_NOUN | PRON)
        and not flags[begin] & PREP
    ):
        mention = phrase_from(stream, language, begin, end)
        if mention is not None and (
            mention.last >= end
            or (mention.last < end and flags[mention.last] & (REL | PREP | PUNCT | TIME | NUMBER))
        ):
            return mention
    return _walk_left(stream, language, begin, end)


def _walk_left(stream: Stream, language: Language, floor: int, end: int) -> Mention | None:
    flags = stream.flags
    here = end - 1
    begin = -1
    while here >= floor and end - here <= LONGEST_PHRASE:
        flag = flags[here]
        if flag & (REL | COMP | QUOTE | PUNCT) or (
            flag & (VERB | AUX | MODAL | BE | SUB) and not flag & (CAP | DET)
        ):
            break
        if flag & COORD and begin >= 0:
            break
        if flag & PRON and not flag & DET:
            begin = here
            break
        if flag & DET and not flag & LINK and not (here > floor and flags[here - 1] & LINK):
            begin = here
            break
        if flag & (CAP | TITLE) and not (
            here > floor and flags[here - 1] & (LINK | DET | CAP | TITLE | ROLE | GROUP)
        ):
            begin = here
            if here <= floor or not _noun_before(stream, here - 1):
                break
        if flag & PREP and not flag & LINK and begin >= 0:
            break
        if not flag & (PREP | LINK | ADV | NUMBER):
            begin = here
        here -= 1
    return phrase_from(stream, language, begin, end) if begin >= 0 else None


def _noun_before(stream: Stream, item: int) -> bool:
    flag = stream.flags[item]
    return not flag & (PREP | PUNCT | QUOTE | COORD | TIME | ADV | SUB | NUMBER)


def subject_after(stream: Stream, language: Language, begin: int, last: int) -> Mention | None:
    """Return the subject that follows an inverted verb, past adverbs, times and addressees."""
    flags, lows = stream.flags, stream.low
    here = begin
    limit = min(last, begin + 30)
    while here < limit:
        flag = flags[here]
        if flag & INVERTED:
            return Mention(here, here + 1, is_pronoun=True, flags=flag)
        length = phrase_at(stream, language, here, "connective")
        if length:
            here += length
        elif flag & DET and here + 1 < limit and flags[here + 1] & TIME:
            here += 2
        elif flag & (ADV | TIME | NUMBER | NEG) and not flag & (DET | PRON | TITLE | CAP):
            here += 1
        elif flag & TIME:
            here += 1
        elif flag & PREP and not flag & DET:
            if language.has("zero_complement"):
                return None
            here = _skip_prepositional(stream, language, here, limit)
        elif lows[here] == "," and (
            here > begin or here + 1 < limit and phrase_at(stream, language, here + 1, "connective")
        ):
            here += 1
        else:
            break
    if here >= limit or flags[here] & (PUNCT | QUOTE | COMP | SUB):
        return None
    if flags[here] & LINK and not flags[here] & DET:
        return None
    return phrase_from(stream, language, here, min(last, here + 40), follow=True)


def _skip_prepositional(stream: Stream, language: Language, here: int, limit: int) -> int:
    inner = phrase_from(stream, language, here + 1, limit)
    if inner is None:
        return limit
    return max(inner.last, here + 1)


def phrase_from(  # noqa: PLR0912, C901 - one stop condition per line
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
            if (seen_noun or here > begin and flags[here - 1] & DET) and (
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
            if flag & COORD and not _joins(stream, here, limit):
                break
            if (
                flag & PREP
                and not flag & (LINK | CAP)
                and not _binds(stream, here, limit, has_name=name_first >= 0, heads=heads)
            ):
                break
            if flag & ADV and not flag & (CAP | DET | PREP | COORD):
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
        ):
            if name_first < 0 or here > name_last:
                stop = name_end(stream, language, here, limit)
                start = name_start(stream, language, here, stop)
                if name_first < 0 or _looks_personal(stream, language, start, stop):
                    name_first, name_last = start, stop
                    if start > here:
                        heads |= flags[start - 1] & AGENT
                seen_noun = True
                here = stop
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
    flags, lows = stream.flags, stream.low
    end = here + 1
    while end < limit:
        flag = flags[end]
        if flag & CAP and not flag & PUNCT:
            end += 1
        elif (
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
    bound = first > 0 and flags[first - 1] & (LINK | DET | PREP)
    if bound and stream.low[first] not in language.given_names:
        for item in range(first + 1, last - 1):
            if stream.low[item] in language.given_names:
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
    if not flags[begin] & CAP or flags[begin] & (DET | PREP | COORD):
        return mention
    while begin < limit and flags[begin] & TITLE:
        begin += 1
    end = name_end(stream, language, begin, limit) if begin < limit else begin
    after = lows[end] if end < len(lows) else "."
    if (
        after in (",", ".", ")", ";", ":", "(")
        or end >= len(lows)
        or flags[end] & (PREP | REL | QUOTE | TIME | COORD)
    ):
        return Mention(mention.first, mention.last, begin, end, mention.flags)
    return mention


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
