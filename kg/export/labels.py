"""What the picture calls its parts: voices, outlets, marks and tags, in one language at a time.

In: parts of a scene. Out: plain text, not yet escaped. The words come from `kg.export.words`,
the names from the collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.scene import voice_of
from kg.export.words import word
from kg.model import Modality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.export.scene import Line, Mark, OutletColumn, Voice

__all__ = [
    "claim_tags",
    "column_word",
    "denial",
    "denied_by",
    "denier",
    "mark_name",
    "outlet_label",
    "shorten",
    "told_by",
    "via",
    "voice_label",
    "voice_note",
]

QUOTE_SHOWN = 90
"""How many characters of a quote the name of a mark repeats."""


def voice_label(voice: Voice, language: str) -> str:
    """Name a voice: its agents, the text's words for it, or the outlet itself."""
    if voice.is_outlet:
        return word("ui", "own_voice", language)
    if voice.iris:
        return " · ".join(voice.labels)
    if voice.labels:
        words = voice.labels[0]
        if any(mark in words for mark in "«»“”"):
            return words
        return f"« {words} »" if language == "fr" else f"“{words}”"
    return word("ui", "nobody", language)


def voice_note(voice: Voice, language: str) -> str:
    """Say why a voice has no agent; "" for one that has."""
    if voice.is_outlet:
        return word("ui", "own_voice_note", language)
    if voice.iris:
        return ""
    return f"{word('ui', 'unresolved', language)} · {voice.slug}" if voice.labels else voice.slug


def outlet_label(outlet: OutletColumn, language: str) -> str:
    """Name an outlet; an unidentified one says so, with what stands for its name."""
    if outlet.is_known:
        return outlet.name
    return word("ui", "unidentified", language, name=outlet.name)


def via(mark: Mark, language: str) -> str:
    """Say through whom, or ""."""
    return word("ui", "via", language, chain=mark.chain) if mark.row.chain else ""


def mark_name(mark: Mark, language: str) -> str:
    """Name a mark for those who cannot see it: outlet, relay, form and the quote's beginning.

    What stands beside the mark comes first and in the same order, so that a person who speaks
    commands can say what they see (WCAG 2.2, label in name).
    """
    seen = [outlet_label(mark.outlet, language), denial(mark, language), via(mark, language)]
    form = word("form_long", mark.row.form, language)
    quote = shorten(mark.row.quote, QUOTE_SHOWN)
    return f"{' '.join(part for part in seen if part)}, {form} : {quote}"


def claim_tags(line: Line, language: str) -> list[str]:
    """Give the modalities of a claim's marks, where any is not certain, and reporters' hedges."""
    modalities = dict.fromkeys(mark.row.modality for mark in line.marks if mark.row.modality)
    if set(modalities) == {Modality.CERTAIN.value}:
        modalities = {}
    tags = [word("modality", modality, language) for modality in modalities]
    hedges = dict.fromkeys(
        mark.row.reporter_modality
        for mark in line.marks
        if mark.row.reporter_modality not in ("", Modality.CERTAIN)
    )
    return tags + [
        word("ui", "reporter", language, modality=word("modality", hedge, language))
        for hedge in hedges
    ]


def denial(mark: Mark, language: str) -> str:
    """Say that a mark denies its claim, or ""."""
    return word("ui", "denies", language) if mark.is_denial else ""


def told_by(line: Line, language: str) -> list[tuple[str, str]]:
    """Name every voice of a claim, each with the word that it denies the claim, or "".

    An outlet's own voice is named where it is alone, and by the outlet's name where it denies;
    an outlet that takes a speaker's claim over adds no voice: its mark shows it.
    """
    denials: dict[Voice, list[bool]] = {}
    for mark in line.marks:
        if not mark.is_own_voice:
            denials.setdefault(voice_of(mark.row), []).append(mark.is_denial)
    told = [
        (voice_label(voice, language), _attitude(found, language))
        for voice, found in denials.items()
    ]
    own = [mark for mark in line.marks if mark.is_own_voice]
    if not told and not all(mark.is_denial for mark in own):
        told.append((word("ui", "own_voice", language), ""))
    denying = dict.fromkeys(mark.outlet for mark in own if mark.is_denial)
    denies = word("ui", "denies", language)
    return told + [(outlet_label(outlet, language), denies) for outlet in denying]


def _attitude(denials: Sequence[bool], language: str) -> str:
    if not any(denials):
        return ""
    return word("ui", "denies" if all(denials) else "says_and_denies", language)


def denied_by(line: Line, language: str) -> str:
    """Name who denies the claim, or "" where nobody does."""
    names = ", ".join(name for name, attitude in told_by(line, language) if attitude)
    return word("ui", "denied_by", language, names=names) if names else ""


def denier(line: Line, mark: Mark, language: str) -> str:
    """Name who denies by a mark where the claim has several voices, else ""."""
    if not mark.is_denial or mark.is_own_voice or len(told_by(line, language)) == 1:
        return ""
    return voice_label(voice_of(mark.row), language)


def column_word(mark: Mark, language: str) -> str:
    """Give the short word that stands under a mark in a table cell."""
    return via(mark, language) or word("form", mark.row.form, language)


def shorten(text: str, length: int) -> str:
    """Cut a text at a word, with an ellipsis, to at most a length.

    >>> shorten("one two three", 9)
    'one two…'
    """
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip() + "…"
