"""Asks a language model for proposals too, where a person switches that on; believes no quote.

In: an article and an endpoint that speaks the OpenAI chat protocol. Out: proposals, each of whose
quotes stands verbatim in the text; what was refused, and what it cost. Answers are kept by content,
so asking twice costs once. A model that fails leaves the rules' proposals as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from kg.errors import ModelServiceError
from kg.intake.boilerplate import mask
from kg.intake.document import Captured
from kg.intake.llm_http import Endpoint, Reply, chat
from kg.intake.proposal import Proposal, Speaker, TextSpan
from kg.model import Run, RunKind
from kg.project import write_atomically

__all__ = ["MODEL_CONFIDENCE", "Answer", "ModelMaker", "join", "read_answer"]

MODEL_CONFIDENCE = 0.5
"""What a proposal of a model alone is believed; nobody measured the model you use."""

SAME_SPAN = 0.8
_CHUNK = 12_000
_SHORTEST = 3
_MOST_FAILURES = 3
_FORMS = {
    "direct": "Direct",
    "unmarked-direct": "UnmarkedDirect",
    "mixed": "Mixed",
    "indirect": "Indirect",
}
_MARKS = "«»“”„\"'’‘ \u00a0\u202f\n\t"


class Answer(NamedTuple):
    """What a model proposed, what was refused and why, and whether the answer was cut short."""

    proposals: tuple[Proposal, ...]
    refused: tuple[str, ...]
    is_cut: bool


@dataclass(slots=True)
class ModelMaker:
    """An endpoint in use: asks it for each article and counts what came of it."""

    endpoint: Endpoint
    cache_folder: Path | None = None
    asked: int = 0
    from_cache: int = 0
    proposed: int = 0
    refused: int = 0
    cut: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    failures: list[str] = field(default_factory=list)

    def make(self, captured: Captured, rules: list[Proposal]) -> tuple[list[Proposal], Run]:
        """Give the rules' and the model's proposals together, and the run of the model."""
        answer = self._answer(captured)
        note = f"{len(answer.refused)} quotes refused: not verbatim" if answer.refused else ""
        run = Run(
            "model", self.endpoint.model, RunKind.SOFTWARE, ruleset=prompt_digest(), note=note
        )
        return join(rules, list(answer.proposals), self.endpoint.model), run

    def join(self, captured: Captured, rules: list[Proposal]) -> list[Proposal]:
        """Give the rules' and the model's proposals together."""
        return self.make(captured, rules)[0]

    def told(self) -> str:
        """Say in one line what was asked, refused and spent."""
        line = (
            f"model {self.endpoint.model}: {self.asked} requests, {self.from_cache} from cache, "
            f"{self.tokens_in:,} + {self.tokens_out:,} tokens, {self.proposed} proposals, "
            f"{self.refused} refused (not verbatim in the text)"
        )
        if self.cut:
            line += f", {self.cut} answers cut short"
        if self.failures:
            line += f"; {len(self.failures)} failed, the rules stand alone: {self.failures[0]}"
        return line

    def _answer(self, captured: Captured) -> Answer:
        text = mask(captured.text, captured.boilerplate)
        proposals: list[Proposal] = []
        refused: list[str] = []
        is_cut = False
        for first, last in _chunks(text):
            if len(self.failures) >= _MOST_FAILURES:
                break
            try:
                content = self._content(text[first:last], captured.language)
                answer = read_answer(content, text, TextSpan(first, last))
            except ModelServiceError as error:
                self.failures.append(f"{captured.place}: {error}")
                continue
            proposals.extend(answer.proposals)
            refused.extend(answer.refused)
            is_cut = is_cut or answer.is_cut
            self.cut += answer.is_cut
        self.proposed += len(proposals)
        self.refused += len(refused)
        return Answer(tuple(proposals), tuple(refused), is_cut)

    def _content(self, text: str, language: str) -> str:
        prompt = prompt_text().replace("{language}", language)
        parts = (self.endpoint.url, self.endpoint.model, prompt, text)
        name = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        path = self.cache_folder / f"{name}.json" if self.cache_folder else None
        kept = _kept(path)
        if kept is not None:
            self.from_cache += 1
            return kept
        self.asked += 1
        reply: Reply = chat(self.endpoint, prompt, text)
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        if path is not None and not reply.is_cut:
            write_atomically(path, json.dumps({"content": reply.content}, ensure_ascii=False))
        return reply.content


def read_answer(content: str, text: str, window: TextSpan) -> Answer:
    """Read a model's answer; every quote that does not stand verbatim in the window is refused.

    Raises:
        ModelServiceError: there is no answer of the asked form in it at all.
    """
    items, is_cut = _items(content)
    proposals: list[Proposal] = []
    refused: list[str] = []
    used: set[tuple[int, int]] = set()
    for item in items:
        quote = _text(item.get("quote")).strip(_MARKS)
        span = _place(quote, text, window, used) if len(quote) >= _SHORTEST else None
        if span is None:
            refused.append(quote[:80] or "(no quote)")
            continue
        used.add((span.start, span.end))
        proposals.append(_proposal(item, span, text, window))
    return Answer(tuple(proposals), tuple(refused), is_cut)


def join(rules: list[Proposal], model: list[Proposal], name: str) -> list[Proposal]:
    """Put both makers' proposals together by span; where both agree, the rules' stands.

    Its reasons then say that the model proposed the same words, and the model's speaker where the
    two differ; a person decides.
    """
    made = list(rules)
    for proposal in model:
        place = next(
            (n for n, item in enumerate(made) if _overlap(item, proposal) >= SAME_SPAN), -1
        )
        if place < 0:
            made.append(replace(proposal, reasons=(f"proposed by {name} alone",)))
            continue
        twin = made[place]
        if twin.rule.startswith("model."):
            continue
        reasons = [*twin.reasons, f"also proposed by {name}"]
        said = proposal.speaker.canonical
        if said and said != twin.speaker.canonical:
            reasons.append(f"{name} names the speaker {said}")
        made[place] = replace(twin, reasons=tuple(reasons))
    return sorted(made, key=lambda item: (item.start, item.end))


def prompt_text() -> str:
    """Give the prompt, which is data."""
    return (resources.files("kg.intake") / "prompts" / "attributions.txt").read_text("utf-8")


@cache
def prompt_digest() -> str:
    """Hash the prompt: 16 hexadecimal digits that name it in the record's run."""
    return hashlib.sha256(prompt_text().encode("utf-8")).hexdigest()[:16]


def _items(content: str) -> tuple[list[Mapping[str, object]], bool]:
    start = content.find("{")
    if start < 0:
        raise ModelServiceError("the answer holds no JSON; this model may not fit the task")
    body = content[start:]
    try:
        data, _ = json.JSONDecoder().raw_decode(body)
    except (ValueError, RecursionError):
        return _whole_items(body), True
    listed = data.get("attributions") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise ModelServiceError("the answer has no list of attributions; it was not used")
    return [item for item in listed if isinstance(item, dict)], False


def _whole_items(body: str) -> list[Mapping[str, object]]:
    """Save the complete items of an answer that was cut short."""
    found: list[Mapping[str, object]] = []
    decoder = json.JSONDecoder()
    place = body.find("{", body.find("[") if "[" in body else 1)
    while place >= 0:
        try:
            item, end = decoder.raw_decode(body, place)
        except (ValueError, RecursionError):
            break
        if isinstance(item, dict):
            found.append(item)
        place = body.find("{", end)
    if not found:
        raise ModelServiceError("the answer is no JSON, or was cut short before its first item")
    return found


def _place(quote: str, text: str, window: TextSpan, used: set[tuple[int, int]]) -> TextSpan | None:
    start = text.find(quote, window.start, window.end)
    while start >= 0:
        if (start, start + len(quote)) not in used:
            return TextSpan(start, start + len(quote))
        start = text.find(quote, start + 1, window.end)
    return None


def _proposal(item: Mapping[str, object], span: TextSpan, text: str, window: TextSpan) -> Proposal:
    mention = _beside(_text(item.get("mention")), span, text, window)
    cue = _beside(_text(item.get("cue")), span, text, window)
    name = " ".join(_text(item.get("speaker")).split())
    # a name counts only where every word of it stands in the text
    is_there = bool(name) and all(word in text for word in name.split())
    form = _FORMS.get(_text(item.get("form")), "Indirect")
    chain = item.get("chain")
    links = (
        [link for link in chain if isinstance(link, str) and link and link in text]
        if (isinstance(chain, list))
        else []
    )
    return Proposal(
        content=(span,),
        form=form,
        rule=f"model.{form}",
        confidence=MODEL_CONFIDENCE,
        cue=cue,
        speaker=Speaker(
            mention=mention,
            canonical=name if is_there else "",
            basis="named by the model, in words of the text" if is_there else "no speaker named",
            confidence=MODEL_CONFIDENCE if is_there else 0.0,
            kind="NamedPerson" if len(name.split()) > 1 and is_there else "Unnamed",
        ),
        chain=tuple(dict.fromkeys(links)),
    )


def _beside(words: str, span: TextSpan, text: str, window: TextSpan) -> TextSpan | None:
    """Place words nearest to a quote, outside it."""
    if not words.strip():
        return None
    after = text.find(words, span.end, window.end)
    before = text.rfind(words, window.start, span.start)
    near = [place for place in (before, after) if place >= 0]
    if not near:
        return None
    place = min(near, key=lambda spot: min(abs(span.start - spot), abs(spot - span.end)))
    return TextSpan(place, place + len(words))


def _overlap(one: Proposal, two: Proposal) -> float:
    shared = min(one.end, two.end) - max(one.start, two.start)
    whole = max(one.end, two.end) - min(one.start, two.start)
    return shared / whole if shared > 0 and whole > 0 else 0.0


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Cut a long text where lines end, so that each part fits one request."""
    first = 0
    while first < len(text):
        last = min(len(text), first + _CHUNK)
        if last < len(text):
            line_end = text.rfind("\n", first + _CHUNK // 2, last)
            last = line_end + 1 if line_end > 0 else last
        if text[first:last].strip():
            yield first, last
        first = last


def _kept(path: Path | None) -> str | None:
    if path is None or not path.is_file():
        return None
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["content"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a damaged answer is asked again


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
