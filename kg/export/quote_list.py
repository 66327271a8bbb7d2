"""The quotes, article by article: what every mark of the picture opens.

In: rows. Out: HTML with one panel an attribution: the words, who says them, where they stand, and
everything else that is recorded. The panels work as link targets without any script.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kg.export.glyphs import small_glyph
from kg.export.labels import outlet_label, voice_label, voice_note
from kg.export.safe_text import attribute_id, escape
from kg.export.scene import OutletColumn, voice_of
from kg.export.words import both, each, word
from kg.model import Polarity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.graph.rows import AttributionRow

__all__ = ["quote_list", "quote_panel"]


def quote_list(
    rows: Sequence[AttributionRow], outlets: Mapping[str, OutletColumn], *, folded: bool = False
) -> str:
    """Write one section a document, its quotes in the order of the text, folded or open."""
    return "".join(
        _article(list(found), outlets, folded=folded)
        for _, found in groupby(rows, lambda row: row.document_iri)
    )


def _article(
    rows: Sequence[AttributionRow], outlets: Mapping[str, OutletColumn], *, folded: bool
) -> str:
    first = rows[0]
    facts = [f"<bdi>{escape(first.byline)}</bdi>"] if first.byline else []
    facts += [f"<span>{escape(first.published)}</span>"] if first.published else []
    facts.append(f"<code>{escape(first.slug)}</code>")
    facts.append(
        f'<span>{both("ui", "hash")} <code class="hash">{escape(first.sha256)}</code></span>'
    )
    outlet = outlets.get(first.outlet_iri) or OutletColumn(
        first.outlet_iri, first.outlet or first.slug, first.outlet_known
    )
    name = each(outlet_label(outlet, "fr"), outlet_label(outlet, "en"))
    panels = "".join(quote_panel(row) for row in rows)
    if folded:
        told = both("ui", "quotes_number", n=len(rows))
        panels = f'<details class="quotes"><summary>{told}</summary>{panels}</details>'
    return (
        f'<section class="article" id="{escape(attribute_id("t", first.slug))}">'
        f'<p class="from"><bdi>{name}</bdi></p>'
        f'<h3 lang="{escape(first.language)}" dir="auto">{escape(first.title or first.slug)}</h3>'
        f'<p class="facts">{" ".join(facts)}</p>'
        f"{panels}</section>"
    )


def quote_panel(row: AttributionRow) -> str:
    """Write one attribution: quote, voice, claims, place, then everything recorded."""
    voice = voice_of(row)
    note = voice_note(voice, "fr")
    noted = (
        f' <span class="note">{each(note, voice_note(voice, "en"))}</span>'
        if note and not voice.is_outlet
        else ""
    )
    role = f' <span class="role"><bdi>{escape(row.role)}</bdi></span>' if row.role else ""
    form = both("form_long", row.form)
    chain = " ← ".join(row.chain)
    via = f' <span class="via">{both("ui", "via", chain=chain)}</span>' if chain else ""
    is_denial = row.polarity == Polarity.DENIED
    denied = f' <span class="denied">{both("polarity", "denied")}</span>' if is_denial else ""
    claims = "".join(
        f"<li><bdi>{each(claim.label('fr'), claim.label('en'))}</bdi>{denied}</li>"
        for claim in row.claims
    )
    conveyed = f'<ul class="conveys">{claims}</ul>' if claims else ""
    sign = small_glyph(row.form, relayed=bool(chain), denied=is_denial)
    anchor = escape(attribute_id("q", row.key))
    return (
        f'<article class="quote form-{escape(row.form)}" id="{anchor}" tabindex="-1">'
        f'<p class="voice">{sign}'
        f"<b><bdi>{each(voice_label(voice, 'fr'), voice_label(voice, 'en'))}</bdi></b>{role}{noted}"
        f' <span class="form">{form}</span>{via}</p>'
        f'<blockquote lang="{escape(row.language)}" dir="auto">{escape(row.quote)}</blockquote>'
        f"{conveyed}"
        f'<p class="place">{both("ui", "characters", spans=_spans(row))} · '
        f"<code>{escape(row.sha256[:12])}</code></p>{_details(row)}"
        f'<p class="links"><a href="#ledger">{both("ui", "back")}</a></p></article>'
    )


def _details(row: AttributionRow) -> str:
    terms = [
        ("cue", _said(row.cue)),
        ("mention", _said(row.mention)),
        ("role", _said(row.role)),
        ("resolution", _said(row.resolution_basis)),
        *((key, _value(key, getattr(row, key))) for key in _ENUMERATED),
        ("chain", _said(" ← ".join(row.chain))),
        ("utterance", _said(" · ".join(filter(None, (row.utterance, row.utterance_date))))),
        ("text", _said(row.title or row.slug)),
        ("published", _said(row.published)),
        ("place", both("ui", "characters", spans=_spans(row))),
        ("hash", f'<code class="hash">{escape(row.sha256)}</code>'),
        ("identifier", f"<code>{escape(row.identifier)}</code>"),
        ("review", _value("review_status", "retracted" if row.retracted else row.review_status)),
        ("confidence", "" if row.confidence is None else f"{row.confidence:g}"),
        ("run", _said(row.run)),
        ("note", _said(row.note)),
    ]
    listed = "".join(
        f"<dt>{both('ui', term)}</dt><dd>{value}</dd>" for term, value in terms if value
    )
    return (
        f"<details><summary>{both('ui', 'details')}</summary><dl>{listed}</dl>"
        f'<p class="verify">{both("ui", "verify")}</p></details>'
    )


_ENUMERATED = (
    "speaker_kind",
    "illocution",
    "polarity",
    "modality",
    "reporter_modality",
    "stance",
)


def _value(heading: str, value: str) -> str:
    if not value:
        return ""
    return each(word(_heading(heading), value, "fr"), word(_heading(heading), value, "en"))


def _heading(field: str) -> str:
    """Name the heading of `words.toml` that holds a field's values."""
    return "modality" if field == "reporter_modality" else field


def _said(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else ""


def _spans(row: AttributionRow) -> str:
    return ", ".join(f"{start}–{end}" for start, end in row.spans) or "–"
