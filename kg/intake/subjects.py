"""Finds the subject of a verb, before or after it, without a parser.

In: a stream, bounds, and the place of a verb group. Out: a `Mention`, or nothing. It walks over
adverbs, times, appositions and relative clauses; what a noun phrase is, `kg.intake.phrases` knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import phrase_at
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    CONNECT,
    COORD,
    DET,
    GROUP,
    INVERTED,
    LINK,
    MODAL,
    NEG,
    NUMBER,
    PERSON_NOUN,
    PLURAL,
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

if TYPE_CHECKING:
    from kg.intake.language import Language
    from kg.intake.segment import Stream
from kg.intake.phrases import LONGEST_PHRASE, Mention, is_agent, phrase_from

__all__ = ["antecedent", "clause_subject", "subject_after", "subject_before"]


def subject_before(stream: Stream, language: Language, bound: int, verb: int) -> Mention | None:
    """Return the subject that stands before the verb group, within the clause's bound."""
    flags, lows = stream.flags, stream.low
    here = verb - 1
    while here >= bound and flags[here] & (ADV | NEG | TIME) and not flags[here] & (PRON | DET):
        here -= 1
    if here < bound:
        return None
    here = _past_emphasis(stream, bound, here)
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
    is_relative = flag & REL or (flag & COMP and language.has("zero_complement"))
    if is_relative and not flag & CAP:
        return antecedent(stream, language, bound, here)
    if flag & PRON:
        return Mention(here, here + 1, is_pronoun=True, flags=flag)
    if flag & COORD and not flag & CAP:
        return clause_subject(stream, language, bound, here)
    if lows[here] in (",", "–", "—", "-"):
        return _before_comma(stream, language, bound, here)
    return _segment_phrase(stream, language, bound, here + 1)


def _past_emphasis(stream: Stream, bound: int, comma: int) -> int:
    """`Les dockers, eux, affirment`: step left over a pronoun between commas."""
    flags, lows = stream.flags, stream.low
    is_set_off = lows[comma] == "," and comma - 2 > bound and lows[comma - 2] == ","
    is_pronoun = is_set_off and flags[comma - 1] & PRON and not flags[comma - 1] & DET
    return comma - 3 if is_pronoun and not flags[comma - 3] & QUOTE else comma


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


def antecedent(stream: Stream, language: Language, bound: int, relative: int) -> Mention | None:
    """Return the phrase a relative pronoun stands for: the name, where a role follows it."""
    end = relative
    if end > bound and stream.low[end - 1] == ",":
        end -= 1
    if end <= bound:
        return None
    inverted = _behind_inverted_verb(stream, language, bound, end)
    if inverted is not None:
        return inverted
    mention = _segment_phrase(stream, language, bound, end)
    if mention is not None and mention.last < end and not is_agent(mention):
        near = _walk_left(stream, language, bound, end)
        if near is not None and near.last == end and is_agent(near):
            mention = near
    if mention is None or mention.first - 1 <= bound:
        return mention
    if mention.has_name and (
        not mention.flags & ROLE or mention.name_last - mention.name_first > 1
    ):
        return mention
    if stream.low[mention.first - 1] != "," or end == relative:
        return mention
    named = _segment_phrase(stream, language, bound, mention.first - 1)
    is_name = named is not None and named.has_name and named.name_last == mention.first - 1
    return named if is_name else mention


def _behind_inverted_verb(
    stream: Stream, language: Language, bound: int, end: int
) -> Mention | None:
    """`…, craint un élu joint par téléphone, qui …`: the subject right behind the tag's verb."""
    if not language.has("subject_after"):
        return None
    comma = next(
        (
            item
            for item in range(end - 1, max(bound, end - LONGEST_PHRASE) - 1, -1)
            if stream.low[item] == "," or stream.flags[item] & QUOTE
        ),
        -1,
    )
    verb = comma + 1
    while verb < end and stream.flags[verb] & (AUX | ADV) and not stream.flags[verb] & DET:
        verb += 1
    if comma < 0 or verb + 1 >= end or stream.low[verb] not in language.cue_forms:
        return None
    if not stream.flags[verb + 1] & (DET | TITLE) or stream.flags[verb] & DET:
        return None
    mention = phrase_from(stream, language, verb + 1, end)
    return mention if mention is not None and is_agent(mention) else None


def _before_comma(stream: Stream, language: Language, bound: int, comma: int) -> Mention | None:  # noqa: C901 - one condition a line
    """Walk left over parentheticals (`X, minister of Y, who …,` verb) to their head."""
    commas = [
        index + 1
        for index in range(max(bound, comma - 60), comma)
        if stream.low[index] in (",", "–", "—")
    ]
    cuts = [bound, *commas, comma + 1]
    parts = [(cuts[n], cuts[n + 1] - 1) for n in range(len(cuts) - 1)]
    head = _first_head(stream, language, parts)
    if head is not None:
        return head
    best: Mention | None = None
    for start, end in reversed(parts):
        begin = _skip_openers(stream, language, start, end)
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
        if opens and is_agent(mention):
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
    for start, end in parts:
        begin = _skip_openers(stream, language, start, end)
        if begin >= end:
            continue
        flag = stream.flags[begin]
        if (flag & (REL | PREP | SUB | COMP) and not flag & DET) or (flag & ADV and not flag & DET):
            continue
        if not flag & (DET | CAP | TITLE | PRON | ROLE | GROUP | PERSON_NOUN):
            continue
        mention = phrase_from(stream, language, begin, len(stream.low), follow=True)
        if mention is None:
            continue
        if not is_agent(mention) and not (
            start == parts[0][0]
            and flag & DET
            and mention.last == end
            and (len(parts) > 2 or stream.low[end + 1] in language.lists.get("personal", ()))
        ):
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
        if (
            flag & (TIME | COORD | CONNECT | SUB | QUOTE | PUNCT | NUMBER | COMP)
            and not flag & (DET | PRON)
        ) or (flag & ADV and not flag & (DET | PRON | CAP)):
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
        if (lows[begin] in (",", ";", ":", "–", "—") or flag & (COMP | QUOTE)) and not (
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


def subject_after(stream: Stream, language: Language, begin: int, last: int) -> Mention | None:  # noqa: C901, PLR0912 - one condition a line
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
        elif _aside_length(stream, language, here, limit):
            here += _aside_length(stream, language, here, limit)
        elif flag & DET and here + 1 < limit and flags[here + 1] & TIME:
            here += 2
        elif (
            (language.has("cases") and _is_addressed_medium(stream, language, here, limit))
            or (flag & (ADV | TIME | NUMBER | NEG) and not flag & (DET | PRON | TITLE | CAP))
            or flag & TIME
        ):
            here += 1
        elif flag & PREP and not flag & DET:
            if here + 1 < limit and lows[here + 1] in language.lists.get("means", ()):
                here += 2
                continue
            if language.has("zero_complement"):
                return None
            here = _skip_prepositional(stream, language, here, limit)
        elif lows[here] == "," and (
            here > begin
            or (here + 1 < limit and phrase_at(stream, language, here + 1, "connective"))
        ):
            here += 1
        else:
            break
    if here >= limit or flags[here] & (PUNCT | QUOTE | COMP | SUB):
        return None
    if flags[here] & LINK and not flags[here] & DET:
        return None
    return phrase_from(stream, language, here, min(last, here + 40), follow=True)


def _aside_length(stream: Stream, language: Language, here: int, limit: int) -> int:
    """How many items a day, a day in brackets, or a medium told by noun and name covers."""
    flags, lows = stream.flags, stream.low
    if lows[here] == "(" and lows[here + 2 : here + 3] == [")"] and flags[here + 1] & NUMBER:
        return 3
    if flags[here] & PREP and here + 1 < limit and flags[here + 1] & TIME:
        return 2
    is_named = language.has("cases") and lows[here] in language.lists.get("media_nouns", ())
    told = is_named and here + 2 < limit and flags[here + 1] & QUOTE
    return 2 if told and not flags[here + 2] & PUNCT else 0


def _is_addressed_medium(stream: Stream, language: Language, here: int, limit: int) -> bool:
    """`рассказала ТАСС врач`: a medium without a preposition, and a lower word after it."""
    word = stream.text[stream.start[here] : stream.end[here]]
    return (
        here + 1 < limit
        and word in language.lists.get("media", ())
        and not stream.flags[here + 1] & (CAP | PUNCT | QUOTE)
    )


def _skip_prepositional(stream: Stream, language: Language, here: int, limit: int) -> int:
    inner = phrase_from(stream, language, here + 1, limit)
    if inner is None:
        return limit
    return max(inner.last, here + 1)
