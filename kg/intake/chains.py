"""Finds the relays between a speaker and the text: agencies, papers, platforms, documents.

In: a draft and what stands around its cue. Out: names, nearest the reader first. A relay is never
the speaker; where the speaker is itself the medium, there is no relay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.flags import CAP, PREP

if TYPE_CHECKING:
    from kg.intake.drafts import Draft, Reading
    from kg.intake.proposal import Speaker

__all__ = ["relays_of"]

REACH = 24


def relays_of(reading: Reading, draft: Draft, speaker: Speaker) -> tuple[str, ...]:
    """Return the media named beside the cue, after those the rules have seen."""
    chain = list(draft.chain)
    stream, language = reading.stream, reading.language
    if draft.cue is None:
        return tuple(dict.fromkeys(chain))
    sentence = reading.sentence(draft.sentence)
    media = language.lists.get("media", frozenset())
    preps = language.lists.get("platform_preps", frozenset())
    for item in range(draft.cue.last, min(sentence.last, draft.cue.last + REACH)):
        if not stream.flags[item] & CAP:
            continue
        word = stream.text[stream.start[item] : stream.end[item]]
        if word not in media or _inside(draft, stream.start[item]):
            continue
        back = item - 1
        while back > draft.cue.last and not stream.flags[back] & PREP and item - back < 5:
            back -= 1
        if stream.low[back] in preps and word not in speaker.canonical:
            first = item
            while stream.flags[first - 1] & CAP and not stream.flags[first - 1] & PREP:
                first -= 1
            chain.append(stream.words(first, item + 1))
    return tuple(dict.fromkeys(chain))


def _inside(draft: Draft, place: int) -> bool:
    return any(span.start <= place < span.end for span in draft.content)
