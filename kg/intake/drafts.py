"""The state of one reading: the stream, the drafts found so far, and what they have used up.

In: a stream and its language. Out: drafts, the unresolved form of proposals, that the rule
modules add in text order. It turns item ranges into content spans, and knows no rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.intake.flags import ADV, CONNECT, COORD, FIRST, PUNCT, QUOTE, TIME
from kg.intake.proposal import STATEMENT_FORMS, TextSpan

if TYPE_CHECKING:
    from kg.intake.cues import Cue
    from kg.intake.language import Language
    from kg.intake.phrases import Mention
    from kg.intake.quotes import Quote
    from kg.intake.segment import Sentence, Stream

__all__ = ["Draft", "Reading", "content_form", "skip_connectives", "trim_items"]


@dataclass(slots=True)
class Draft:
    """One statement before its speaker is resolved."""

    content: list[TextSpan]
    form: str
    rule: str
    confidence: float
    sentence: int
    cue: Cue | None = None
    cue_span: TextSpan | None = None
    cue_lemma: str = ""
    mention: Mention | None = None
    mention_span: TextSpan | None = None
    same_speaker_as: Draft | None = None
    chain: list[str] = field(default_factory=list)
    is_source: bool = False
    reasons: list[str] = field(default_factory=list)

    @property
    def is_statement(self) -> bool:
        """Whether somebody is said to have said it."""
        return self.form in STATEMENT_FORMS


@dataclass(slots=True)
class Reading:
    """One document being read."""

    stream: Stream
    language: Language
    drafts: list[Draft] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    _by_sentence: dict[int, list[Draft]] = field(default_factory=dict)

    def add(self, draft: Draft) -> Draft:
        """Keep a draft, and remember which quotes it uses."""
        self.drafts.append(draft)
        return draft

    def use(self, first: int, last: int) -> None:
        """Mark the quotes between two items as spoken for."""
        self.used.update(item for item in range(first, last) if self.stream.flags[item] & QUOTE)

    def span(self, first: int, last: int) -> TextSpan:
        """Return the text range of some items, without the marks of a lone quote."""
        first, last = trim_items(self.stream, first, last)
        if last <= first:
            return TextSpan(0, 0)
        if last - first == 1 and self.stream.flags[first] & QUOTE:
            return inner_span(self.stream.quotes[first])
        return TextSpan(self.stream.start[first], self.stream.end[last - 1])

    def of_sentence(self, number: int) -> list[Draft]:
        """Return the drafts added for the sentence being read, while it is the last one."""
        found = []
        for draft in reversed(self.drafts):
            if draft.sentence != number:
                break
            found.append(draft)
        return found[::-1]

    def drop_from(self, place: int) -> None:
        """Take back the latest drafts that begin at or after a place in the text."""
        while self.drafts and self.drafts[-1].content[0].start >= place:
            self.drafts.pop()

    def near(self, draft: Draft) -> list[Draft]:
        """Return the drafts of the same sentence."""
        if len(self._by_sentence) == 0:
            for entry in self.drafts:
                self._by_sentence.setdefault(entry.sentence, []).append(entry)
        return self._by_sentence.get(draft.sentence, [])

    def sentence(self, number: int) -> Sentence:
        """Return one sentence by its number."""
        return self.stream.sentences[number]


def inner_span(quote: Quote) -> TextSpan:
    """Return what stands between the marks."""
    return TextSpan(quote.inner_start, quote.inner_end)


def trim_items(stream: Stream, first: int, last: int) -> tuple[int, int]:
    """Drop punctuation at both ends, brackets that open or close inside left alone."""
    while first < last and stream.flags[first] & PUNCT and stream.low[first] not in "([#@$€£⚠":
        first += 1
    while last > first and stream.flags[last - 1] & PUNCT and stream.low[last - 1] not in ")]%°€$£":
        last -= 1
    return first, last


def skip_connectives(reading: Reading, first: int, last: int) -> int:
    """Return where a statement begins after the connectives that open its sentence."""
    stream, language = reading.stream, reading.language
    moved = True
    here = first
    while moved and here < last:
        moved = False
        flag = stream.flags[here]
        for words, kind in language.phrases.get(stream.low[here], ()):
            stop = here + len(words)
            if kind == "connective" and tuple(stream.low[here:stop]) == words:
                here = stop
                moved = True
                break
        if moved:
            pass
        elif (flag & CONNECT and not flag & TIME) or (flag & COORD and here == first):
            here += 1
            moved = True
        if moved and here < last and stream.low[here] == ",":
            here += 1
        elif moved and flag & (ADV | CONNECT) and not flag & COORD and here < last:
            # an adverb that is not set off by a comma belongs to the statement
            continue
    return here if here < last else first


def content_form(reading: Reading, first: int, last: int) -> str:
    """Return Direct for quoted words alone, Mixed for words in and out of marks, or Indirect."""
    stream = reading.stream
    first, last = trim_items(stream, first, last)
    quoted = [item for item in range(first, last) if stream.flags[item] & QUOTE]
    if not quoted:
        return "Indirect"
    outside = sum(1 for item in range(first, last) if not stream.flags[item] & (QUOTE | PUNCT))
    return "Direct" if outside == 0 else "Mixed"


def is_first_person(reading: Reading, first: int, last: int) -> bool:
    """Whether the words speak as I or we."""
    return any(reading.stream.flags[item] & FIRST for item in range(first, last))
