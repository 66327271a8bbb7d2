"""Shows proposals in their text, for a person to read in a terminal without colour.

In: a text and a proposal, or an attribution of a record. Out: lines. Marks: ⟦the words⟧ of the
statement, {the cue}, <the speaker>. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.intake.proposal import Proposal
from kg.model import Attribution, Boilerplate

__all__ = ["attribution_context", "explanation", "marked"]

_REACH = 160
Mark = tuple[int, int, str, str]


def explanation(
    name: str, text: str, proposals: Sequence[Proposal], boilerplate: Iterable[Boilerplate]
) -> Iterator[str]:
    """Yield lines that say, for each proposal, what was found and why."""
    yield f"== {name}: {len(proposals)} proposed; ⟦words⟧ {{cue}} <speaker>"
    for stretch in boilerplate:
        start, end = stretch.span
        yield f"-- {start}-{end} not read: {stretch.reason}: {_cut(text[start:end])}"
    for number, proposal in enumerate(proposals, start=1):
        marks: list[Mark] = [(item.start, item.end, "⟦", "⟧") for item in proposal.content]
        if proposal.cue:
            marks.append((proposal.cue.start, proposal.cue.end, "{", "}"))
        mention = proposal.speaker.mention
        if mention:
            marks.append((mention.start, mention.end, "<", ">"))
        spans = ", ".join(f"{item.start}-{item.end}" for item in proposal.content)
        speaker = proposal.speaker
        said_by = speaker.canonical or (mention.of(text) if mention else "nobody named")
        yield ""
        yield f"[{number}] {proposal.form} at {spans}, confidence {proposal.confidence:.2f}"
        yield f"    {marked(text, marks)}"
        yield f"    speaker: {' '.join(said_by.split())} ({speaker.kind}; {speaker.basis})"
        if proposal.chain:
            yield f"    relayed by: {' ← '.join(proposal.chain)}"
        yield f"    rule: {proposal.rule}"
        for reason in proposal.reasons:
            yield f"    because: {reason}"


def attribution_context(attribution: Attribution, text: str) -> str:
    """Give the words around an attribution with its spans marked."""
    marks: list[Mark] = [(start, end, "⟦", "⟧") for start, end in attribution.spans]
    if attribution.cue_span:
        marks.append((*attribution.cue_span, "{", "}"))
    if attribution.mention_span:
        marks.append((*attribution.mention_span, "<", ">"))
    return marked(text, marks)


def marked(text: str, marks: Sequence[Mark]) -> str:
    """Put marks into the words around them, on one line.

    >>> marked("It is signed, she said.", [(0, 12, "⟦", "⟧"), (18, 22, "{", "}")])
    '⟦It is signed⟧, she {said}.'
    """
    sound = [mark for mark in marks if 0 <= mark[0] < mark[1] <= len(text)]
    if not sound:
        return ""
    first = min(start for start, _, _, _ in sound)
    last = max(end for _, end, _, _ in sound)
    begin = _back_to_blank(text, max(0, first - _REACH))
    stop = _on_to_blank(text, min(len(text), last + _REACH))
    points: list[tuple[int, int, str]] = []
    for start, end, opening, closing in sound:
        points.append((start, 1, opening))
        points.append((end, 0, closing))
    parts: list[str] = ["…" if begin else ""]
    here = begin
    for place, _, sign in sorted(points):
        parts.extend((text[here:place], sign))
        here = place
    parts.extend((text[here:stop], "…" if stop < len(text) else ""))
    return " ".join("".join(parts).split())


def _back_to_blank(text: str, place: int) -> int:
    found = max(text.rfind(blank, max(0, place - 40), place) for blank in " \n")
    return found + 1 if found >= 0 else place


def _on_to_blank(text: str, place: int) -> int:
    found = [spot for blank in " \n" if (spot := text.find(blank, place, place + 40)) >= 0]
    return min(found) if found else place


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}…"
