"""A proposal: one attributed statement as the rules see it, before a person has judged it.

In: spans and names found by the rules. Out: frozen values, and the one-line JSON object of
`kg extract`. It reads no file and knows no language; `kg.intake.extract` makes proposals,
`kg.intake.review` lets people decide about them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["STATEMENT_FORMS", "Proposal", "Speaker", "TextSpan", "to_line"]

KIND_OF_FORM = {
    "Direct": "direct",
    "UnmarkedDirect": "direct",
    "Mixed": "mixed",
    "Indirect": "indirect",
    "FreeIndirect": "indirect",
    "ScareQuote": "mixed",
    "Authorial": "indirect",
}
"""The coarse kind of each form; three kinds are what annotated corpora share."""

STATEMENT_FORMS = frozenset({"Direct", "UnmarkedDirect", "Mixed", "Indirect"})
"""Forms that attribute words to somebody; the others are kept, flagged, and not counted."""


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """A half-open range of code points in the document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is said to have spoken: the words that name them, and the name behind the words.

    `canonical` is empty where nobody could be named; `basis` says how the name was found, or
    why there is none. `kind` is a value of the speakerKind scheme.
    """

    mention: TextSpan | None = None
    canonical: str = ""
    basis: str = "none"
    confidence: float = 0.0
    kind: str = "Unnamed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One attributed statement: where it stands, who said it, how we know.

    `content` holds one span, or several where an inserted cue splits one statement.
    """

    content: tuple[TextSpan, ...]
    form: str
    rule: str
    confidence: float
    cue: TextSpan | None = None
    cue_lemma: str = ""
    speaker: Speaker = Speaker()
    chain: tuple[str, ...] = ()
    addressee: TextSpan | None = None
    illocution: str = "Assertion"
    polarity: str = "Affirmed"
    speaker_modality: str = "Certain"
    reporter_modality: str = "Certain"
    stance: str = "Neutral"
    reasons: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The coarse kind: direct, mixed or indirect."""
        return KIND_OF_FORM[self.form]

    @property
    def start(self) -> int:
        """Where the first fragment begins."""
        return self.content[0].start

    @property
    def end(self) -> int:
        """Where the last fragment ends."""
        return self.content[-1].end

    @property
    def is_statement(self) -> bool:
        """Whether somebody is said to have said it (no scare quote, no hedge of the outlet)."""
        return self.form in STATEMENT_FORMS


def to_line(doc_id: str, text: str, language: str, proposals: Iterable[Proposal]) -> dict[str, Any]:
    """Return the object that `kg extract --format jsonl` prints for one document.

    A split statement gives one object per fragment, tied by `group`; scare quotes and the
    outlet's own hedges are left out, since nobody is said to have said them.
    """
    quotes: list[dict[str, Any]] = []
    group = 0
    for proposal in proposals:
        if not proposal.is_statement:
            continue
        is_split = len(proposal.content) > 1
        group += is_split
        for span in proposal.content:
            quote = _fragment(text, proposal, span)
            if is_split:
                quote["group"] = f"g{group}"
            quotes.append(quote)
    return {
        "id": doc_id,
        "lang": language,
        "text_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "quotes": quotes,
    }


def _fragment(text: str, proposal: Proposal, span: TextSpan) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "text": span.of(text),
        "kind": proposal.kind,
        "form": proposal.form,
        "cue": _span_object(text, proposal.cue),
        "speaker": _span_object(text, proposal.speaker.mention),
        "speaker_canonical": proposal.speaker.canonical or None,
        "chain": list(proposal.chain),
        "confidence": round(proposal.confidence, 3),
        "rule": proposal.rule,
    }


def _span_object(text: str, span: TextSpan | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start": span.start, "end": span.end, "text": span.of(text)}
