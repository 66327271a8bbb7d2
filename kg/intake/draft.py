"""Makes a record of what was proposed for one article, and what the registries lack for it.

In: a captured article, its proposals and the collection. Out: a `Drafted` record with the run that
made it, and agents, outlets and cited sources proposed beside it. Writes nothing. A speaker who is
in the registry, or has a full name in the text, becomes an agent; everyone else stays unresolved,
in the text's words and with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.intake.claims import ClaimProposal, KnownClaims, Patterns, propose_claims
from kg.intake.document import Captured
from kg.intake.gazetteer import AgentIndex
from kg.intake.newcomers import Newcomers
from kg.intake.proposal import Proposal, TextSpan
from kg.intake.stated_role import role_as_stated
from kg.model import (
    Agent,
    Attribution,
    CitedSource,
    Collection,
    Document,
    Form,
    Illocution,
    Modality,
    Outlet,
    Polarity,
    Record,
    Run,
    RunKind,
    Span,
    SpeakerKind,
    Stance,
    parse_when,
)
from kg.records.anchor import CONTEXT
from kg.records.encode import Plain, encode_record

__all__ = ["NOT_NAMED", "Drafted", "Known", "draft_record", "run_of"]

NOT_NAMED = "not named"
"""The words of an unresolved speaker whom the text does not mention at all."""

_BASES = {
    "full name": "named in full beside the words",
    "surname": "by the surname of somebody the text names in full",
    "as written": "named beside the words",
    "acronym": "by the acronym of a name in the text",
    "role": "by a role whose holder the text names",
    "definite description": "by a description of somebody named before",
    "the one before": "by words for somebody named before",
    "pronoun": "by a pronoun for somebody named before",
    "continued": "the speaker of the words before goes on",
    "none": "the text does not say whose words",
    "no speaker named": "the text does not say whose words",
}
"""What the extraction's bases mean, in words a reader of a record needs no manual for."""

_DESCRIBED = frozenset({"role", "definite description"})
"""Bases under which the text's own words say more than the name that was guessed behind them."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINT = re.compile(r",\s+|\s+(?:et|and|und|y|e)\s+")
_EDGES = " ,;:–—-\u00a0\u202f\n\t"
_FEWEST = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """What a collection knows, as drafting asks for it."""

    collection: Collection
    index: AgentIndex
    patterns: Patterns
    claims: KnownClaims


@dataclass(frozen=True, slots=True)
class Drafted:
    """A record as proposed, with what it needs in the registries and how each part was found."""

    record: Record
    agents: tuple[Agent, ...]
    sources: tuple[CitedSource, ...]
    outlets: tuple[Outlet, ...]
    lines: tuple[Plain, ...]
    unresolved: int
    without_claim: int


def draft_record(
    captured: Captured,
    proposals: Iterable[Proposal],
    known: Known,
    *,
    slug: str,
    runs: Mapping[str, Run],
    with_new_agents: bool = True,
) -> Drafted:
    """Draft the record of one article; the same input gives the same record.

    Args:
        captured: the article.
        proposals: what the rules, and a model where one was asked, found in it.
        known: the collection's registries, patterns and claims.
        slug: the record's name.
        runs: who made proposals, by the first part of the rule name; "rules" stands for the rest.
        with_new_agents: propose agents for full names; otherwise such speakers stay unresolved.
    """
    newcomers = Newcomers(known.collection, known.index, slug, captured.language)
    outlet = newcomers.outlet(captured.outlet, captured.outlet_basis, captured.url)
    drafter = _Drafter(captured, known, newcomers, outlet, with_new_agents)
    document = _document(captured, outlet)
    attributions: list[Attribution] = []
    lines: list[Plain] = []
    used: set[str] = set()
    keys: set[str] = set()
    for proposal in sorted(proposals, key=lambda item: (item.start, item.end, item.rule)):
        run = runs.get(proposal.rule.partition(".")[0], runs["rules"])
        made = drafter.attribution(proposal, f"a{len(attributions) + 1}", run.id)
        if made is None or made[0].key(document) in keys:
            continue
        keys.add(made[0].key(document))
        used.add(run.id)
        attributions.append(made[0])
        lines.append(_line(proposal, *made, known.claims))
    record = Record(
        slug,
        document,
        tuple(attributions),
        tuple(run for run in runs.values() if run.id in used or run.id == "rules"),
    )
    plain = encode_record(record).get("attributions", [])
    assert isinstance(plain, list)
    for line, attribution in zip(lines, plain, strict=True):
        line["proposal"] = attribution
    return Drafted(
        record=record,
        agents=tuple(newcomers.agents.values()),
        sources=tuple(newcomers.sources.values()),
        outlets=tuple(newcomers.outlets.values()),
        lines=tuple(lines),
        unresolved=sum(bool(item.unresolved) for item in attributions),
        without_claim=sum(not item.claims for item in attributions),
    )


def run_of(version: str, ruleset: str) -> Run:
    """Name the run of the rules, in their version and with the hash of their data."""
    return Run("rules", "claim-provenance extraction rules", RunKind.SOFTWARE, version, ruleset)


@dataclass(slots=True)
class _Drafter:
    """Makes the attributions of one article."""

    captured: Captured
    known: Known
    newcomers: Newcomers
    outlet: str
    with_new_agents: bool

    def attribution(
        self, proposal: Proposal, name: str, run: str
    ) -> tuple[Attribution, list[ClaimProposal]] | None:
        """Make the attribution of one proposal; None where its spans are no words of the text."""
        text = self.captured.text
        spans = _spans(_around_cue(proposal, text), text)
        if not spans:
            return None
        quotes = tuple(text[start:end] for start, end in spans)
        form = Form(_word(proposal.form))
        speakers, unresolved, basis = self._speaker(proposal, form)
        mention, cue = proposal.speaker.mention, proposal.cue
        mention_words = mention.of(text).strip() if mention else ""
        cue_words = cue.of(text).strip() if cue else ""
        made = Attribution(
            id=name,
            form=form,
            quotes=quotes,
            spans=spans,
            speakers=speakers,
            unresolved=unresolved,
            basis=basis,
            kind=_kind(proposal, form),
            mention=mention.of(text) if mention and mention_words else "",
            role=_role(proposal, text),
            mention_span=Span(mention.start, mention.end) if mention and mention_words else None,
            cue=cue.of(text) if cue and cue_words else "",
            cue_span=Span(cue.start, cue.end) if cue and cue_words else None,
            illocution=Illocution(_word(proposal.illocution)),
            polarity=Polarity(_word(proposal.polarity)),
            modality=Modality(_word(proposal.speaker_modality)),
            reporter_modality=Modality(_word(proposal.reporter_modality)),
            stance=Stance(_word(proposal.stance)),
            chain=self._chain(proposal),
            run=run,
            confidence=round(min(1.0, max(0.0, proposal.confidence)), 3),
        )
        if len(spans) == 1 and text.count(quotes[0]) > 1:
            start, end = spans[0]
            made = replace(
                made,
                prefix=text[max(0, start - CONTEXT) : start],
                suffix=text[end : end + CONTEXT],
            )
        claims = propose_claims(
            " ".join(quotes),
            language=self.captured.language,
            index=self.known.index,
            patterns=self.known.patterns,
            speakers=speakers,
        )
        return replace(made, claims=tuple(sorted({item.claim for item in claims}))), claims

    def _speaker(self, proposal: Proposal, form: Form) -> tuple[tuple[str, ...], str, str]:
        """Give speakers, or the words for one who is unresolved, and the basis of either."""
        speaker = proposal.speaker
        if form is Form.AUTHORIAL:
            return (), "", ""
        words = speaker.mention.of(self.captured.text) if speaker.mention else ""
        words = " ".join(words.split())[:300]
        for asked in dict.fromkeys(item for item in (speaker.canonical, words) if item):
            match = self.known.index.find(asked)
            if match is not None:
                how = "" if speaker.basis == "registry" else _told(speaker.basis)
                return (match.agent,), "", "; ".join(item for item in (how, match.basis) if item)
        joint = self._joint(speaker.canonical or words)
        if joint:
            return joint, "", "named together, each in agents.yaml"
        name = " ".join(speaker.canonical.split())[:200]
        if name and self.with_new_agents and speaker.confidence >= _FEWEST:
            agent = self.newcomers.agent(name, _kind(proposal, form))
            if agent:
                return (agent,), "", f"{_told(speaker.basis)}; proposed as a new agent"
        reason = _told(speaker.basis)
        if not name and not words:
            return (), NOT_NAMED, reason
        shown = words if words and speaker.basis in _DESCRIBED else name or words
        return (), shown, f"{reason}; not in agents.yaml"

    def _joint(self, words: str) -> tuple[str, ...]:
        parts = [part for part in _JOINT.split(words) if part]
        if not 2 <= len(parts) <= 5:
            return ()
        found = [self.known.index.find(part) for part in parts]
        names = {match.agent for match in found if match is not None and match.confidence >= 0.7}
        return tuple(sorted(names)) if len(names) == len(parts) else ()

    def _chain(self, proposal: Proposal) -> tuple[str, ...]:
        links: list[str] = []
        for name in proposal.chain:
            link = self.newcomers.link(" ".join(name.split())[:120])
            if link and link != self.outlet and link not in links:
                links.append(link)
        return tuple(links)


def _document(captured: Captured, outlet: str) -> Document:
    return Document(
        sha256=captured.sha256,
        characters=len(captured.text),
        language=captured.language,
        title=captured.title,
        outlet=outlet,
        byline=captured.byline,
        outlet_basis=captured.outlet_basis,
        published=parse_when(captured.published) if captured.published else None,
        published_basis=captured.published_basis,
        url=captured.url,
        raw_sha256=captured.raw_sha256,
        extractor=captured.extractor,
        boilerplate=captured.boilerplate,
    )


def _spans(content: Sequence[TextSpan], text: str) -> tuple[Span, ...]:
    spans = sorted(Span(item.start, item.end) for item in content)
    is_sound = all(0 <= start < end <= len(text) for start, end in spans) and all(
        one.end <= two.start for one, two in pairwise(spans)
    )
    if not is_sound or not all(text[start:end].strip() for start, end in spans):
        return ()
    return tuple(spans)


def _around_cue(proposal: Proposal, text: str) -> list[TextSpan]:
    """Split the words around a cue that stands inside them: the cue is no part of what was said."""
    cue, mention = proposal.cue, proposal.speaker.mention
    if cue is None:
        return list(proposal.content)
    first, last = cue.start, cue.end
    if mention is not None and mention.start - last in range(4):
        last = max(last, mention.end)
    elif mention is not None and first - mention.end in range(4):
        first = min(first, mention.start)
    made: list[TextSpan] = []
    for span in proposal.content:
        if not (span.start <= cue.start and cue.end <= span.end):
            made.append(span)
            continue
        for start, end in ((span.start, first), (min(last, span.end), span.end)):
            words = text[start:end]
            kept = words.strip(_EDGES)
            if any(character.isalnum() for character in kept):
                begin = start + words.index(kept)
                made.append(TextSpan(begin, begin + len(kept)))
    return made


def _line(
    proposal: Proposal,
    attribution: Attribution,
    claims: Sequence[ClaimProposal],
    known: KnownClaims,
) -> Plain:
    own = {item.claim for item in claims}
    offers = [item for item in known.offers(" ".join(attribution.quotes)) if item.claim not in own]
    line: Plain = {
        "attribution": attribution.id,
        "run": attribution.run,
        "rule": proposal.rule,
        "reasons": list(proposal.reasons),
    }
    if claims:
        line["claims"] = [{"claim": item.claim.line, "basis": item.basis} for item in claims]
    if offers:
        line["offers"] = [{"claim": item.claim.line, "basis": item.basis} for item in offers]
    return line


def _role(proposal: Proposal, text: str) -> str:
    speaker = proposal.speaker
    if speaker.mention is None or not speaker.mention.of(text).strip():
        return ""
    return role_as_stated(text, speaker.mention, speaker.canonical)


def _told(basis: str) -> str:
    return _BASES.get(basis, basis)


def _word(name: str) -> str:
    """Spell a value of a scheme as records do: FreeIndirect is free-indirect."""
    return _HUMP.sub("-", name).lower()


def _kind(proposal: Proposal, form: Form) -> SpeakerKind:
    if form is Form.AUTHORIAL:
        return SpeakerKind.OUTLET_VOICE
    kind = SpeakerKind(_word(proposal.speaker.kind))
    name = proposal.speaker.canonical
    if kind is SpeakerKind.NAMED_PERSON and name.isupper() and " " not in name and len(name) > 1:
        return SpeakerKind.ORGANISATION
    return SpeakerKind.UNNAMED if kind is SpeakerKind.OUTLET_VOICE else kind
