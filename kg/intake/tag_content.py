"""Finds the words that a reporting tag belongs to: before it, around it, and what is joined on.

In: a reading, a sentence, and the place of a tag in it. Out: item numbers, or one more part of the
draft. Whether a verb is a tag, and who speaks, `kg.intake.rules_tags` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clauses import clause_end, has_verb, skip_adverbials
from kg.intake.cues import find_cues
from kg.intake.drafts import Draft, Reading, skip_connectives, trim_items
from kg.intake.flags import (
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    INVERTED,
    LINK,
    MODAL,
    PERSON_NOUN,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SUB,
    VERB,
)
from kg.intake.phrases import phrase_from

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["after_tag", "around_tag", "content_start", "is_apposed", "is_lead"]

SHORTEST_UNMARKED = 3
LONGEST_NAME = 6


def is_lead(reading: Reading, sentence: Sentence, begin: int) -> bool:
    """`Still, he says, Q`: nothing but a connective stands before the tag."""
    start = skip_connectives(reading, sentence.first, sentence.last)
    return start >= begin


def is_apposed(reading: Reading, rest: int, sentence: Sentence) -> bool:
    """`said X, an economist who …`: what follows the name describes it."""
    stream = reading.stream
    if rest >= sentence.last or not stream.flags[rest] & (DET | ROLE) or stream.flags[rest] & CAP:
        return False
    phrase = phrase_from(stream, reading.language, rest, sentence.last)
    return phrase is not None and bool(phrase.flags & (ROLE | PERSON_NOUN))


def around_tag(reading: Reading, sentence: Sentence, *, first: int, last: int, stop: int) -> int:
    """`To win, they said, the party must change`: one statement on both sides of its tag."""
    stream, language = reading.stream, reading.language
    rest = stop + 1
    if rest >= sentence.last or stream.low[stop] != ",":
        return -1
    flag = stream.flags[rest]
    if rest + 1 >= sentence.last and not flag & QUOTE:
        return -1
    if flag & QUOTE and not any(stream.flags[item] & QUOTE for item in range(first, last)):
        quote = stream.quotes[rest]
        is_end = trim_items(stream, rest, sentence.last)[1] == rest + 1
        if is_end and stream.text[quote.inner_start].islower():
            return rest + 1
    if flag & (QUOTE | PUNCT | REL) or (
        any(stream.flags[item] & QUOTE for item in range(last - 1, last))
        and not flag & (COMP | AUX | MODAL | BE)
    ):
        return -1
    if stream.low[rest] in language.cue_forms and not flag & (DET | CAP):
        return -1
    if last - first < SHORTEST_UNMARKED and not stream.flags[last - 1] & QUOTE:
        return clause_end(stream, language, rest, sentence.last, cues=())
    goes_on = flag & (AUX | MODAL | BE | VERB | COMP) and not flag & (DET | CAP)
    if (
        not goes_on
        and has_verb(stream, language, first, last)
        and not _is_led_in(reading, first)
        and not _rest_belongs(reading, rest, sentence)
    ):
        return -1
    end = clause_end(
        stream,
        language,
        rest,
        sentence.last,
        cues=find_cues(stream, language, rest, sentence.last),
    )
    return end if has_verb(stream, language, rest, end) or flag & (PREP | LINK) else -1


def _is_led_in(reading: Reading, first: int) -> bool:
    """`After the court ruled, X said, Q`: a subordinate clause waits for its main clause."""
    flag = reading.stream.flags[first]
    return (
        reading.language.has("zero_complement")
        and bool(flag & SUB)
        and not flag & (DET | PRON | COORD)
    )


def _rest_belongs(reading: Reading, rest: int, sentence: Sentence) -> bool:
    """`A, X said, by the new law` and `A, X said, and B was safe`: more of the same statement."""
    stream, language = reading.stream, reading.language
    is_short = bool(stream.flags[rest - 2] & INVERTED)
    if rest + 2 >= sentence.last or not (is_short or language.has("zero_complement")):
        return False
    flag = stream.flags[rest]
    if flag & COORD:
        after = stream.flags[rest + 1]
        refuses = stream.low[rest + 2] in language.lists.get("refusals", ())
        return (
            bool(after & (DET | PRON | CAP))
            and not refuses
            and has_verb(stream, language, rest + 2, sentence.last)
            and not find_cues(stream, language, rest, sentence.last)
        )
    if not flag & (PREP | LINK) or flag & (DET | SUB):
        return False
    spent = skip_adverbials(stream, language, rest, sentence.last)
    words = stream.low[rest : sentence.last]
    return (
        spent == rest
        and "," not in words
        and not set(words) & language.lists.get("statement_nouns", frozenset())
    )


def _is_programme(reading: Reading, item: int, sentence: Sentence) -> bool:
    """`Ray told “Sunday Live.”`: a short name in capitals right behind the verb."""
    stream, language = reading.stream, reading.language
    if stream.low[item - 1] not in language.cue_forms or item <= sentence.first:
        return False
    quote = stream.quotes[item]
    words = stream.text[quote.inner_start : quote.inner_end].split()
    return len(words) <= LONGEST_NAME and all(
        word[0].isupper() or word in language.word_flags for word in words
    )


def content_start(reading: Reading, sentence: Sentence, begin: int, quoted: int) -> int:
    """Where the tagged statement begins: the quote alone, or the clause that holds it."""
    stream, language = reading.stream, reading.language
    start = skip_connectives(reading, sentence.first, begin)
    earlier = [draft for draft in reading.drafts[-3:] if draft.cue is not None]
    for draft in earlier:
        if not draft.rule.startswith("tag"):
            continue
        if draft.content[-1].end > stream.start[start]:
            for item in range(start, begin):
                if stream.start[item] >= draft.content[-1].end and stream.low[item] in (",", ";"):
                    start = item + 1
                    break
    if quoted >= 0:
        outside = [item for item in range(start, quoted) if not stream.flags[item] & PUNCT]
        if not outside:
            return start
        if stream.low[quoted - 1] in (":", "-", "–", "—"):
            return quoted
        quote = stream.quotes[quoted]
        words = quote.length
        lead = stream.end[quoted - 1] - stream.start[start]
        if words > 60 and lead < 12 and not has_verb(stream, language, start, quoted):
            return quoted
    return start


def after_tag(
    reading: Reading, draft: Draft, stop: int, sentence: Sentence, *, has_quote: bool
) -> None:
    """Join what follows the tag inside the sentence: `"A", dit X, "B"`."""
    stream = reading.stream
    here = stop
    limit = sentence.last
    colon = next((i for i in range(stop, min(limit, stop + 8)) if stream.low[i] == ":"), -1)
    if not has_quote and 0 < colon < limit - SHORTEST_UNMARKED:
        if not has_verb(stream, reading.language, stop, colon):
            draft.content.append(reading.span(colon + 1, limit))
            reading.use(colon + 1, limit)
        return
    while here < limit and not stream.flags[here] & QUOTE:
        if stream.low[here] in (";", ".") or stream.low[here] in reading.language.cue_forms:
            return
        if here - stop > 24:
            return
        here += 1
    if not has_quote or here >= limit or here in reading.used:
        return
    if stream.low[here - 1] not in (",", ":", "–", "—", "-", "…") and here > stop:
        return
    if stream.flags[here - 1] & (PREP | DET) or _is_programme(reading, here, sentence):
        reading.use(here, here + 1)
        return
    draft.content.append(reading.span(here, here + 1))
    reading.use(here, here + 1)
