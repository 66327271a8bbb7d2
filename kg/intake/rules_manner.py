"""Reads the clause that opens a sentence and says who says the rest: `Comme l'a rappelé X, Q`.

In: a reading, one sentence and its first reporting verb. Out: a draft for what follows the comma,
or nothing. Where the subject stands before the verb (`As X said, Q`), `kg.intake.rules_verbs`
reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.drafts import Draft, Reading, content_form
from kg.intake.flags import QUOTE
from kg.intake.phrases import is_agent
from kg.intake.subjects import subject_after

if TYPE_CHECKING:
    from kg.intake.cues import Cue

__all__ = ["read_manner"]

REACH = 14
LEAD = 2
SHORTEST = 4


def read_manner(reading: Reading, cue: Cue, number: int) -> Draft | None:
    """Return the draft of what a manner clause at the start of its sentence introduces."""
    stream, language = reading.stream, reading.language
    sentence = reading.sentence(number)
    if cue.shape != "finite" or not 0 < cue.first - sentence.first <= LEAD:
        return None
    if stream.low[sentence.first] not in language.lists.get("manner_openers", ()):
        return None
    mention = subject_after(stream, language, cue.last, sentence.last)
    if mention is None or not is_agent(mention):
        return None
    begin = max(mention.last, mention.name_last)
    limit = min(sentence.last - SHORTEST, begin + REACH)
    comma = next((item for item in range(begin, limit) if stream.low[item] == ","), -1)
    if comma < 0:
        return None
    first, last = comma + 1, sentence.last
    is_said = any(stream.flags[item] & QUOTE for item in range(first, last))
    if not is_said and last - first < SHORTEST:
        return None
    reading.use(sentence.first, last)
    return Draft(
        content=[reading.span(first, last)],
        form=content_form(reading, first, last),
        rule="tag.manner",
        confidence=0.8,
        sentence=number,
        cue=cue,
        mention=mention,
    )
