"""What the picture calls its parts: voices, outlets, marks and tags, in one language at a time.

In: parts of a scene. Out: plain text, not yet escaped. The words come from `kg.export.words`,
the names from the collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.words import word
from kg.model import Modality

if TYPE_CHECKING:
    from kg.export.scene import Line, Mark, OutletColumn, Voice

__all__ = [
    "claim_tags",
    "column_word",
    "mark_name",
    "outlet_label",
    "shorten",
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
        return f"« {voice.labels[0]} »" if language == "fr" else f"“{voice.labels[0]}”"
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
    seen = [outlet_label(mark.outlet, language), via(mark, language)]
    form = word("form_long", mark.row.form, language)
    quote = shorten(mark.row.quote, QUOTE_SHOWN)
    return f"{' '.join(part for part in seen if part)}, {form} : {quote}"


def claim_tags(line: Line, language: str) -> list[str]:
    """Give the modalities of a claim's marks, the reporters' hedges, and a denial."""
    modalities = dict.fromkeys(mark.row.modality for mark in line.marks if mark.row.modality)
    tags = [word("modality", modality, language) for modality in modalities]
    hedges = dict.fromkeys(
        mark.row.reporter_modality
        for mark in line.marks
        if mark.row.reporter_modality not in ("", Modality.CERTAIN)
    )
    tags += [
        word("ui", "reporter", language, modality=word("modality", hedge, language))
        for hedge in hedges
    ]
    return [*tags, word("ui", "denied", language)] if line.is_denied else tags


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
