"""Extracts the attributed statements of a text: who is said to have said what, in which words.

In: a text in a known language (or one it can tell). Out: proposals in text order, every span
checked to lie in the text. It works by rules alone, in time linear in the text, and never fails
on odd input; what it cannot name it leaves unnamed, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.chains import relays_of
from kg.intake.drafts import Draft, Reading
from kg.intake.language import Language, detect, load
from kg.intake.proposal import Proposal, Speaker, TextSpan
from kg.intake.qualify import qualities
from kg.intake.resolve import Gazetteer, name_speakers
from kg.intake.rules_around import read_around
from kg.intake.rules_authorial import read_authorial
from kg.intake.rules_cues import read_cues
from kg.intake.rules_dialogue import read_dialogue
from kg.intake.rules_flow import read_flow, read_inside
from kg.intake.rules_lines import count_turns, read_line
from kg.intake.rules_prodrop import read_bare_tags
from kg.intake.rules_sources import read_sources
from kg.intake.rules_subjunctive import read_recap, read_subjunctive
from kg.intake.rules_verbfirst import read_verbfirst
from kg.intake.rules_verbsecond import read_verbsecond
from kg.intake.rules_volition import read_volitions
from kg.intake.segment import build_stream

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["extract", "read"]

FEWEST_SPOKEN = 2


def extract(
    text: str,
    *,
    language: str | None = None,
    gazetteer: Gazetteer | None = None,
    volitions: bool = False,
) -> list[Proposal]:
    """Return the attributed statements of a text, in text order.

    Args:
        text: the article as read; offsets in the answer are code points into it.
        language: a code with a data file; told from the text where None.
        gazetteer: names that the text itself does not spell out.
        volitions: also wills, wishes, praise and invitations put without a clause; the rule of
            each begins with `volition.`.

    Example:
        >>> [p.speaker.canonical for p in extract("« Tout va bien », a dit Awa Sy.", language="fr")]
        ['Awa Sy']
    """
    reading = read(text, load(language or detect(text)))
    if volitions:
        for number in range(len(reading.stream.sentences)):
            read_volitions(reading, number)
    speakers = name_speakers(reading, gazetteer)
    proposals = [
        _proposal(reading, draft, speaker)
        for draft, speaker in zip(reading.drafts, speakers, strict=True)
    ]
    return sorted(_without_repeats(proposals), key=lambda proposal: (proposal.start, proposal.end))


def read(text: str, language: Language) -> Reading:
    """Run every rule over the text and return the drafts, speakers not yet named."""
    reading = Reading(build_stream(text, language), language)
    turns = count_turns(reading)
    spoken = -1
    for number in range(len(reading.stream.sentences)):
        if read_line(reading, number, turns=turns):
            continue
        paragraph = reading.sentence(number).paragraph
        if paragraph == spoken:
            continue
        if language.has("dash_dialogue") and read_dialogue(reading, number):
            spoken = paragraph
            continue
        read_inside(reading, number)
        if language.has("verb_second"):
            cues = read_verbsecond(reading, number)
            read_around(reading, number, cues)
            read_recap(reading, number, cues)
            read_subjunctive(reading, number)
        elif language.has("verb_first"):
            cues = read_verbfirst(reading, number)
        else:
            cues = read_cues(reading, number)
            read_sources(reading, number, cues)
            if language.has("pro_drop"):
                read_bare_tags(reading, number, cues)
        read_flow(reading, number)
        read_authorial(reading, number, cues)
    _settle_forms(reading)
    return reading


def _settle_forms(reading: Reading) -> None:
    """In a text with no marks at all, tagged words are spoken words once some say I or we."""
    if reading.stream.quotes:
        return
    spoken = [draft for draft in reading.drafts if draft.form == "UnmarkedDirect"]
    if len(spoken) < FEWEST_SPOKEN:
        return
    for draft in reading.drafts:
        if draft.rule == "tag.unmarked":
            draft.form = "UnmarkedDirect"


def _proposal(reading: Reading, draft: Draft, speaker: Speaker) -> Proposal:
    found = qualities(draft)
    stream = reading.stream
    cue_span = draft.cue_span
    lemma = draft.cue_lemma
    if draft.cue is not None:
        cue_span = TextSpan(stream.start[draft.cue.first], stream.end[draft.cue.last - 1])
        lemma = draft.cue.form.lemma
    return Proposal(
        content=tuple(draft.content),
        form=draft.form,
        rule=draft.rule,
        confidence=round(draft.confidence * (0.6 + 0.4 * speaker.confidence), 4),
        cue=cue_span,
        cue_lemma=lemma,
        speaker=speaker,
        chain=relays_of(reading, draft, speaker),
        illocution=found.illocution,
        polarity=found.polarity,
        speaker_modality=found.speaker_modality,
        reporter_modality=found.reporter_modality,
        stance=found.stance,
        reasons=(*found.reasons, *draft.reasons, f"speaker: {speaker.basis}"),
    )


def _without_repeats(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Keep the more certain of two proposals for nearly the same words."""
    kept: list[Proposal] = []
    for proposal in sorted(proposals, key=lambda entry: (entry.start, entry.end)):
        rival = next(
            (
                n
                for n in range(len(kept) - 1, max(-1, len(kept) - 6), -1)
                if _overlap(kept[n], proposal) > 0.8
            ),
            -1,
        )
        if rival < 0:
            kept.append(proposal)
        elif proposal.confidence > kept[rival].confidence:
            kept[rival] = proposal
    return kept


def _overlap(one: Proposal, two: Proposal) -> float:
    shared = min(one.end, two.end) - max(one.start, two.start)
    whole = max(one.end, two.end) - min(one.start, two.start)
    return shared / whole if shared > 0 and whole > 0 else 0.0
