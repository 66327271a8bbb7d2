"""Reads verbs whose subject is only in their ending, as in `"Q", dijo` and `Señaló que Q`.

In: a reading and one sentence whose verbs and sources were read. Out: drafts for quotes tagged by
a bare verb; and for every draft that has a verb and no subject, the verb itself as a mention, which
`kg.intake.resolve` takes for the person in focus. A language that needs a subject is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clauses import has_verb
from kg.intake.drafts import Draft, Reading, content_form, skip_connectives
from kg.intake.flags import ADV, COMP, COORD, FIRST, PREP, PRON, PUNCT, QUOTE, TIME
from kg.intake.phrases import Mention
from kg.intake.tag_content import around_tag

if TYPE_CHECKING:
    from kg.intake.cues import Cue

__all__ = ["read_bare_tags"]

AFTER = PUNCT | PREP | ADV | TIME | COORD | QUOTE


def read_bare_tags(reading: Reading, number: int, cues: list[Cue]) -> None:
    """Add the drafts of quotes tagged by a verb alone; give every lone verb its zero subject."""
    for cue in cues:
        draft = _bare_tag(reading, number, cue) or _bare_incise(reading, number, cue)
        if draft is not None:
            reading.add(draft)
    for draft in reading.of_sentence(number):
        has_subject = draft.mention is not None or draft.same_speaker_as is not None
        if draft.cue is not None and not has_subject and draft.cue.shape == "finite":
            draft.mention = _zero(draft.cue)
        elif draft.cue is not None and not has_subject:
            draft.mention = next(
                (
                    other.mention
                    for other in reading.of_sentence(number)
                    if other.mention is not None and other is not draft
                ),
                None,
            )


def _zero(cue: Cue) -> Mention:
    return Mention(cue.verb, cue.verb + 1, is_pronoun=True, flags=PRON)


def _bare_tag(reading: Reading, number: int, cue: Cue) -> Draft | None:
    stream = reading.stream
    sentence = reading.sentence(number)
    if cue.shape != "finite" or not cue.form.group.frames & {"quote", "incise"}:
        return None
    here = cue.first - 1
    while here >= sentence.first and stream.low[here] in (",", "–", "—", "-", "."):
        here -= 1
    if here < sentence.first or not stream.flags[here] & QUOTE or here in reading.used:
        return None
    after = stream.flags[cue.last] if cue.last < sentence.last else PUNCT
    if not after & AFTER or after & (COMP | FIRST):
        return None
    start = skip_connectives(reading, sentence.first, here)
    if stream.low[here - 1] == ":" and here > start:
        start = here
    reading.use(start, here + 1)
    return Draft(
        content=[reading.span(start, here + 1)],
        form=content_form(reading, start, here + 1),
        rule="tag.bare",
        confidence=0.9,
        sentence=number,
        cue=cue,
        mention=_zero(cue),
    )


def _bare_incise(reading: Reading, number: int, cue: Cue) -> Draft | None:
    """`El centro, recuerda, está lejos.`: a lone verb set off by commas in a clause of no marks."""
    stream = reading.stream
    sentence = reading.sentence(number)
    if cue.shape != "finite" or not cue.takes("incise") or cue.is_negated or cue.is_modal:
        return None
    if reading.of_sentence(number) or cue.first - 1 <= sentence.first:
        return None
    if stream.low[cue.first - 1] != "," or cue.last >= sentence.last:
        return None
    is_last = cue.last + 1 >= sentence.last and stream.low[cue.last] == "."
    if not is_last and stream.low[cue.last] != ",":
        return None
    if any(stream.flags[item] & QUOTE for item in range(sentence.first, sentence.last)):
        return None
    first = skip_connectives(reading, sentence.first, cue.first)
    last = cue.first - 1
    if not is_last:
        last = max(
            last, around_tag(reading, sentence, first=first, last=cue.first - 1, stop=cue.last)
        )
    if not has_verb(stream, reading.language, first, last):
        return None
    return Draft(
        content=[reading.span(first, last)],
        form="Indirect",
        rule="tag.bare",
        confidence=0.75,
        sentence=number,
        cue=cue,
        mention=_zero(cue),
    )
