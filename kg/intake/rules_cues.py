"""Reads the reports that hang on a verb, each verb first as a tag, then with what follows it.

In: a reading and one sentence. Out: drafts, added in order, and the verbs of the sentence.
"""

from __future__ import annotations

from kg.intake.cues import Cue, find_cues
from kg.intake.drafts import Reading
from kg.intake.rules_manner import read_manner
from kg.intake.rules_relays import join_relays
from kg.intake.rules_tags import read_tag
from kg.intake.rules_verbs import read_complement

__all__ = ["read_cues"]


def read_cues(reading: Reading, number: int) -> list[Cue]:
    """Add the drafts of one sentence's verbs; return the verbs."""
    sentence = reading.sentence(number)
    cues = find_cues(reading.stream, reading.language, sentence.first, sentence.last)
    for cue in cues:
        draft = (
            read_manner(reading, cue, number)
            or read_tag(reading, cue, number, cues)
            or read_complement(reading, cue, number, cues)
        )
        if draft is not None:
            reading.add(draft)
    if len(cues) > 1:
        join_relays(reading, number)
    return cues
