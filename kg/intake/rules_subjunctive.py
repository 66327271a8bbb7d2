"""Reads the sentences a verb-second language gives to others by the form of the verb alone.

In: a reading and one sentence that no verb and no source has claimed. Out: drafts for sentences in
the subjunctive, which go on with what the speaker before has said, and for the sentence before a
`Das berichtet X.`
"""

from __future__ import annotations

from kg.intake.cues import Cue
from kg.intake.drafts import Draft, Reading, content_form, skip_connectives
from kg.intake.flags import (
    AUX,
    BE,
    CAP,
    DET,
    MODAL,
    PRON,
    SUB,
    VERB,
)
from kg.intake.phrases import Mention, is_agent
from kg.intake.proposal import TextSpan
from kg.intake.verbsecond_parts import (
    Parts,
    acts,
    clause_speaker,
    cut,
    pronoun_subjunctive,
    subjunctive_at,
    words,
)

__all__ = ["read_recap", "read_subjunctive"]

SHORTEST = 2
CONTINUES = 2
FINITE = AUX | BE | MODAL | VERB


def read_recap(reading: Reading, number: int, cues: list[Cue]) -> None:
    """`Das berichtet X.` gives the sentence before to X, if nobody has said it."""
    stream = reading.stream
    sentence = reading.sentence(number)
    first = sentence.first
    if number == 0 or stream.low[first] not in words(reading, "pointing") or not cues:
        return
    cue = cues[0]
    near = any(draft.sentence >= number - 1 for draft in reading.drafts[-2:])
    if near or (first + 1 < cue.first and not stream.flags[first + 1] & FINITE):
        return
    mention = clause_speaker(
        reading, cue.last if cue.first == first + 1 else first + 1, sentence.last
    )
    if mention is None:
        return
    before = reading.sentence(number - 1)
    start = skip_connectives(reading, before.first, before.last)
    reading.add(
        Draft(
            content=[reading.span(start, before.last)],
            form=content_form(reading, start, before.last),
            rule="flow.recap",
            confidence=0.7,
            sentence=number,
            cue=cue,
            mention=mention,
        )
    )
    reading.use(before.first, before.last)


def read_subjunctive(reading: Reading, number: int) -> None:
    """Add a draft for a sentence in the subjunctive that nothing else has read."""
    stream = reading.stream
    sentence = reading.sentence(number)
    if reading.of_sentence(number) or sentence.last - sentence.first < SHORTEST + 1:
        return
    spoken = words(reading, "subjunctive") | words(reading, "subjunctive_weak")
    opening = pronoun_subjunctive(reading, sentence.first, sentence.last)
    if opening < 0 and spoken.isdisjoint(stream.low[sentence.first : sentence.last]):
        return
    near = [
        draft
        for draft in reading.drafts[-4:]
        if number - draft.sentence <= CONTINUES
        and draft.form in ("Indirect", "Mixed", "Direct", "UnmarkedDirect")
    ]
    weak = bool(near) and number - near[-1].sentence == 1 and near[-1].form in ("Indirect", "Mixed")
    parts = cut(reading, sentence)
    place = subjunctive_at(reading, sentence.first, sentence.last, weak=weak)
    place = place if place >= 0 else opening
    if place < 0:
        return
    part = parts.at(place)
    first = skip_connectives(reading, sentence.first, sentence.last)
    if any(stream.low[i] in words(reading, "unreal") for i in range(parts.ranges[part][0], place)):
        return
    main = parts.ranges[0]
    opens = stream.flags[first] & SUB and not stream.flags[first] & (DET | PRON)
    if (
        part > 0
        and not opens
        and acts(reading, *main)
        and (subjunctive_at(reading, *main, weak=True) < 0)
    ):
        _read_object(reading, number, parts, part)
        return
    latest = near[-1] if near else None
    if (
        latest is not None
        and latest.rule in ("flow.subjunctive", "verb.colon")
        and latest.form != "Direct"
        and number - latest.sentence == 1
        and latest is reading.drafts[-1]
    ):
        latest.content = [TextSpan(latest.content[0].start, reading.span(first, sentence.last).end)]
        latest.sentence = number
        reading.use(first, sentence.last)
        return
    mention = None
    shared = near[-1] if near else None
    if shared is None or number - shared.sentence > 1:
        mention = _topic(reading, number)
        if mention is not None and (shared is None or is_agent(mention)):
            shared = None
        else:
            mention = None
    if shared is None and mention is None:
        return
    reading.add(
        Draft(
            content=[reading.span(first, sentence.last)],
            form=content_form(reading, first, sentence.last),
            rule="flow.subjunctive",
            confidence=0.7 if near else 0.5,
            sentence=number,
            mention=mention,
            same_speaker_as=shared,
            cue_span=TextSpan(stream.start[place], stream.end[place]),
        )
    )
    reading.use(first, sentence.last)


def _read_object(reading: Reading, number: int, parts: Parts, part: int) -> None:
    """`X begegnet der Kritik mit dem Hinweis, Q sei …`: a clause in the subjunctive that X says."""
    stream = reading.stream
    first = parts.ranges[part][0]
    low = stream.low[first]
    is_relative = low in words(reading, "relative_articles") and not (
        any(stream.flags[i] & CAP for i in range(first + 1, min(first + 4, parts.ranges[part][1])))
    )
    if stream.flags[first] & SUB or is_relative:
        return
    if subjunctive_at(reading, *parts.ranges[part]) < 0:
        return
    mention = clause_speaker(reading, *parts.ranges[0])
    if mention is None or not is_agent(mention):
        return
    last = parts.ranges[-1][1]
    reading.add(
        Draft(
            content=[reading.span(first, last)],
            form=content_form(reading, first, last),
            rule="flow.object",
            confidence=0.55,
            sentence=number,
            mention=mention,
        )
    )
    reading.use(first, last)


def _topic(reading: Reading, number: int) -> Mention | None:
    """The subject of the sentence before: whose words a subjunctive without a report must be."""
    if number == 0:
        return None
    before = reading.sentence(number - 1)
    if reading.sentence(number).opens_paragraph:
        return None
    return clause_speaker(reading, before.first, before.last)
