"""Finds the relays between a speaker and the text: agencies, papers, platforms, documents.

In: a draft and what stands around its cue. Out: names, nearest the reader first. A relay is never
the speaker; where the speaker is itself the medium, there is no relay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.flags import CAP, PREP

if TYPE_CHECKING:
    from kg.intake.cues import Cue
    from kg.intake.drafts import Draft, Reading
    from kg.intake.proposal import Speaker
    from kg.intake.segment import Sentence

__all__ = ["relays_of"]

REACH = 24
NEAR = 5


def relays_of(reading: Reading, draft: Draft, speaker: Speaker) -> tuple[str, ...]:
    """Return the media named beside the cue, after those the rules have seen."""
    chain = list(draft.chain)
    stream, language = reading.stream, reading.language
    if draft.cue is None:
        return tuple(dict.fromkeys(chain))
    sentence = reading.sentence(draft.sentence)
    media = language.lists.get("media", frozenset())
    begin = max(sentence.first, draft.cue.first - REACH)
    for item in range(begin, min(sentence.last, draft.cue.last + REACH)):
        if not stream.flags[item] & CAP or draft.cue.first <= item < draft.cue.last:
            continue
        word = stream.text[stream.start[item] : stream.end[item]]
        if word not in media or _inside(draft, stream.start[item]) or word in speaker.canonical:
            continue
        if _is_reached(reading, draft.cue, sentence, item):
            first = item
            while stream.flags[first - 1] & CAP and not stream.flags[first - 1] & PREP:
                first -= 1
            chain.append(stream.words(first, item + 1))
    return tuple(dict.fromkeys(chain))


def _is_reached(reading: Reading, cue: Cue, sentence: Sentence, item: int) -> bool:
    """Whether a word that leads to a medium stands before it: `à la BBC`, `par l'AFP`."""
    stream, lists = reading.stream, reading.language.lists
    is_behind = item >= cue.last
    floor = cue.last if is_behind else sentence.first
    back = item - 1
    while back > floor and not stream.flags[back] & PREP and item - back < NEAR:
        back -= 1
    leads = lists.get("platform_preps", frozenset())
    if not is_behind:
        leads |= lists.get("passive_agent", frozenset())
    return stream.low[back] in leads


def _inside(draft: Draft, place: int) -> bool:
    return any(span.start <= place < span.end for span in draft.content)
