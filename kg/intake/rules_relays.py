"""Tells the speaker from who passes the words on: witnesses quoted by N, `A said B, N reported`.

In: a reading, and drafts or subjects that the rules found. Out: the subject without its relay, and
drafts whose outer tag became a link in the chain of the inner statement. It names nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.flags import (
    AUX,
    COMP,
    DET,
    GROUP,
    PERSON_NOUN,
    PREP,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SOURCE,
    TITLE,
)
from kg.intake.phrases import Mention, phrase_from
from kg.intake.proposal import TextSpan

if TYPE_CHECKING:
    from kg.intake.drafts import Draft, Reading

__all__ = ["cited_from", "is_voice", "join_relays", "pass_on", "without_relay"]

REACH = 8
LONGEST_CITATION = 24
SPEAKS = ROLE | PERSON_NOUN | GROUP


def without_relay(reading: Reading, mention: Mention, first: int) -> tuple[Mention, str]:
    """`witnesses quoted by the daily N`: return the witnesses, and who quoted them or ""."""
    stream, language = reading.stream, reading.language
    agents = language.lists.get("passive_agent", frozenset())
    if mention.is_pronoun or (mention.flags & SOURCE and not is_voice(reading, mention)):
        return mention, ""
    agent = mention.first - 1
    if agent <= first or stream.low[agent] not in agents:
        inside = range(mention.first + 2, mention.last - 1)
        agent = next((item for item in inside if stream.low[item] in agents), -1)
    if agent <= first or not _is_participle(reading, agent - 1):
        return mention, ""
    head = mention.first
    if head > agent:
        head = agent - 1
        while head > first and agent - head < REACH and not _is_bound(stream.flags[head - 1]):
            head -= 1
    behind = phrase_from(stream, language, head, agent - 1)
    relay = phrase_from(stream, language, agent + 1, max(mention.last, agent + 2))
    if (
        behind is None
        or relay is None
        or not (behind.flags & SPEAKS or is_voice(reading, behind))
        or not is_medium(reading, relay)
    ):
        return mention, ""
    return behind, _name(reading, relay)


def cited_from(reading: Reading, begin: int, last: int) -> int:
    """`reported Sunday, citing two aides, that Q`: the item of `that`, or -1."""
    stream = reading.stream
    citing = reading.language.lists.get("citing", frozenset())
    if begin + 1 >= last or stream.low[begin] != "," or stream.low[begin + 1] not in citing:
        return -1
    for item in range(begin + 3, min(last - 1, begin + LONGEST_CITATION)):
        if stream.flags[item] & QUOTE:
            return -1
        if stream.low[item] == "," and stream.flags[item + 1] & COMP:
            return item + 1
    return -1


def pass_on(reading: Reading, draft: Draft, begin: int, end: int) -> None:
    """`the Post reported, citing two aides`: the aides speak, and the paper is their relay.

    Between `begin` and `end` stands what might cite. A document that is cited says nothing itself.
    """
    stream, language = reading.stream, reading.language
    citing = language.lists.get("citing", frozenset())
    mention = draft.mention
    if not citing or mention is None or mention.is_pronoun:
        return
    is_paper = is_medium(reading, mention) or (
        mention.has_name
        and bool(stream.flags[mention.first] & DET)
        and not mention.flags & (ROLE | PERSON_NOUN | TITLE | SOURCE)
    )
    for item in range(begin, min(end, begin + LONGEST_CITATION)):
        if stream.low[item] not in citing or not is_paper:
            continue
        begin = item + 1
        begin += begin < end and bool(stream.flags[begin] & PREP)
        behind = phrase_from(stream, language, begin, end, follow=True)
        if behind is not None and is_voice(reading, behind):
            draft.chain.append(_name(reading, mention))
            draft.mention = behind
        return


def is_voice(reading: Reading, mention: Mention) -> bool:
    """Whether the phrase is somebody, not a document."""
    if mention.is_pronoun:
        return False
    voices = reading.language.lists.get("voices", frozenset())
    if any(reading.stream.low[item] in voices for item in range(mention.first, mention.last)):
        return True
    return not mention.flags & SOURCE and bool(mention.flags & SPEAKS or mention.has_name)


def _is_participle(reading: Reading, item: int) -> bool:
    language = reading.language
    endings = language.participle_endings or language.verb_endings
    return reading.stream.low[item].endswith(
        tuple(end + more for end in endings for more in ("", "e", "s", "es"))
    )


def _is_bound(flag: int) -> bool:
    return bool(flag & (PUNCT | QUOTE | COMP | REL | AUX))


def is_medium(reading: Reading, mention: Mention) -> bool:
    """Whether the phrase names a paper, an agency, a channel, a site."""
    stream, lists = reading.stream, reading.language.lists
    known = lists.get("media", frozenset())
    nouns = lists.get("media_nouns", frozenset())
    return any(
        stream.low[item] in nouns or stream.text[stream.start[item] : stream.end[item]] in known
        for item in range(mention.first, mention.last)
    )


def _name(reading: Reading, mention: Mention) -> str:
    if mention.has_name:
        return reading.stream.words(mention.name_first, mention.name_last)
    return reading.stream.words(mention.first, mention.last)


def join_relays(reading: Reading, number: int) -> None:
    """`A said B, N reported`: where N is a medium, the statement is A's and N its relay."""
    drafts = reading.of_sentence(number)
    for outer in drafts:
        if outer.rule != "tag.unmarked" or outer.mention is None or outer.cue is None:
            continue
        if outer.mention.is_pronoun or outer.mention.flags & (ROLE | PERSON_NOUN):
            continue
        if not is_medium(reading, outer.mention):
            continue
        inner = [draft for draft in drafts if _holds(reading, outer, draft)]
        if len(inner) != 1 or len(outer.content) > 1:
            continue
        draft = inner[0]
        end = outer.content[0].end
        draft.content[-1] = TextSpan(draft.content[-1].start, min(draft.content[-1].end, end))
        draft.chain.append(_name(reading, outer.mention))
        reading.drafts.remove(outer)


def _holds(reading: Reading, outer: Draft, draft: Draft) -> bool:
    """Whether a draft has its cue, its speaker and the start of its words inside another's words.

    The inner statement must be all that the outer one says.
    """
    if draft is outer or draft.cue is None or draft.mention is None or draft.mention_span:
        return False
    stream = reading.stream
    span = outer.content[0]
    return (
        span.start <= stream.start[draft.mention.first] <= span.start + REACH * 2
        and stream.start[draft.mention.first] < stream.start[draft.cue.verb] < span.end
        and draft.content[-1].start < span.end <= draft.content[-1].end
    )
