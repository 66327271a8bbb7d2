"""Plain data to nouns: which fields each noun has, and what makes them wrong on their own.

In: one mapping as YAML or JSON give it. Out: frozen nouns; faults go to a `Faults`.
Looks at one file at a time; faults between files are found by `kg.records.load`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from kg.dates import is_moment
from kg.model import (
    OUTLET_VOICE,
    Agent,
    AgentKind,
    Alignment,
    Attribution,
    Boilerplate,
    CitedSource,
    Claim,
    ConflictKind,
    Decision,
    Document,
    Form,
    Illocution,
    Judgement,
    Modality,
    Outlet,
    OutletFamily,
    Polarity,
    Record,
    Relation,
    Retraction,
    Review,
    Role,
    Run,
    RunKind,
    SourceKind,
    Span,
    SpeakerKind,
    Stance,
    Topic,
    TopicKind,
    Utterance,
    parse_claim,
)
from kg.records.fields import Faults, Fields

__all__ = ["REGISTRIES", "decode_record", "decode_registry"]

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)

Noun = TypeVar("Noun")


def decode_record(data: object, slug: str, faults: Faults) -> Record:
    """Read one record; what is wrong is noted and the rest is still read."""
    fields = Fields(data, (), faults)
    document = fields.one("document", _document)
    if document is None:
        fields.fault("missing", "document", "`document:` is missing; a record starts with it")
        document = Document("", 0, "", "", "")
    record = Record(
        slug,
        document,
        fields.each("attributions", _attribution),
        fields.each("runs", _run),
        fields.each("reviews", _review),
    )
    fields.done()
    _no_twins(fields, "attributions", (item.id for item in record.attributions))
    _no_twins(fields, "runs", (item.id for item in record.runs))
    return record


def _document(fields: Fields) -> Document:
    document = Document(
        sha256=fields.text("sha256", required=True),
        characters=fields.integer("characters"),
        language=fields.text("language", required=True),
        title=fields.text("title"),
        outlet=fields.identifier("outlet", required=True),
        byline=fields.text("byline"),
        outlet_basis=fields.text("outlet_basis"),
        published=fields.when("published"),
        published_basis=fields.text("published_basis"),
        event=fields.when("event"),
        url=fields.text("url"),
        raw_sha256=fields.text("raw_sha256"),
        extractor=fields.text("extractor"),
        revision_of=fields.text("revision_of"),
        boilerplate=fields.each("boilerplate", _boilerplate),
    )
    for key in ("sha256", "raw_sha256", "revision_of"):
        value = str(getattr(document, key))
        if value and not _SHA256.fullmatch(value):
            fields.fault("bad-hash", key, f"`{key}` must be 64 hexadecimal digits in lower case")
    if document.language and not _LANGUAGE.fullmatch(document.language):
        fields.fault(
            "bad-language",
            "language",
            f"`language: {document.language}` is not a language tag such as fr or en",
        )
    return document


def _boilerplate(fields: Fields) -> Boilerplate:
    span = fields.span("at")
    if span is None:
        fields.fault("missing", "at", "`at: [start, end]` is missing")
    return Boilerplate(span or Span(0, 1), fields.text("reason", required=True))


def _attribution(fields: Fields) -> Attribution:
    form = fields.choice("form", Form, None)
    kind_default = SpeakerKind(OUTLET_VOICE) if form is Form.AUTHORIAL else SpeakerKind.NAMED_PERSON
    quotes = fields.words("quote")
    spans = fields.spans("at")
    attribution = Attribution(
        id=fields.identifier("id", required=True),
        form=form,
        quotes=quotes,
        spans=spans,
        speakers=tuple(sorted(fields.words("speaker"))),
        unresolved=fields.text("unresolved"),
        basis=fields.text("basis"),
        kind=fields.choice("kind", SpeakerKind, kind_default),
        mention=fields.text("mention"),
        mention_span=fields.span("mention_at"),
        role=fields.text("role"),
        cue=fields.text("cue"),
        cue_span=fields.span("cue_at"),
        illocution=fields.choice("illocution", Illocution, Illocution.ASSERTION),
        polarity=fields.choice("polarity", Polarity, Polarity.AFFIRMED),
        modality=fields.choice("modality", Modality, Modality.CERTAIN),
        reporter_modality=fields.choice("reporter_modality", Modality, Modality.CERTAIN),
        stance=fields.choice("stance", Stance, Stance.NEUTRAL),
        utterance=fields.identifier("utterance"),
        chain=fields.words("chain"),
        prefix=fields.text("prefix"),
        suffix=fields.text("suffix"),
        claims=_claims(fields),
        run=fields.identifier("run"),
        confidence=fields.number("confidence"),
        retracted=fields.one("retracted", _retraction),
        note=fields.text("note"),
    )
    _attribution_faults(fields, attribution)
    return attribution


def _attribution_faults(fields: Fields, attribution: Attribution) -> None:
    if not attribution.quotes or not all(quote.strip() for quote in attribution.quotes):
        fields.fault("missing", "quote", "`quote` is missing; give the verbatim words")
    spans = attribution.spans
    if spans and len(spans) != len(attribution.quotes):
        fields.fault(
            "unfit-offsets",
            "at",
            "`at` must give one [start, end] for each part of `quote`; "
            "run  kg anchor  to set it anew",
        )
    elif all(start < end for start, end in spans) and any(
        end - start != len(quote)
        for (start, end), quote in zip(spans, attribution.quotes, strict=False)
    ):
        fields.fault(
            "unfit-offsets", "at", "`at` is not as long as `quote`; run  kg anchor  to set it anew"
        )
    if attribution.form is Form.AUTHORIAL:
        if attribution.speakers or attribution.unresolved:
            fields.fault(
                "authorial-speaker",
                "speaker",
                "an authorial attribution is the outlet's own voice; take out `speaker`",
            )
        if attribution.utterance:
            fields.fault(
                "authorial-utterance",
                "utterance",
                "the outlet's own voice reports no utterance; take out `utterance`",
            )
    elif bool(attribution.speakers) == bool(attribution.unresolved):
        fields.fault(
            "missing-speaker",
            "speaker" if not attribution.speakers else "unresolved",
            "give either `speaker` (an agent) or `unresolved` (the text's words)",
        )
    if attribution.unresolved and not attribution.basis:
        fields.fault("missing", "", "`basis` is missing: say why the speaker is unresolved")


def _claims(fields: Fields) -> tuple[Claim, ...]:
    claims = []
    for position, line in enumerate(fields.words("claims")):
        try:
            claims.append(parse_claim(line))
        except ValueError as error:
            fields.faults.add("bad-claim", (*fields.place, "claims", position), str(error))
    if len(set(claims)) != len(claims):
        fields.fault("duplicate", "claims", "one claim stands twice under `claims`")
    return tuple(sorted(set(claims)))


def _retraction(fields: Fields) -> Retraction:
    return Retraction(fields.text("reason", required=True), _day(fields, "on", required=True))


def _run(fields: Fields) -> Run:
    return Run(
        id=fields.identifier("id", required=True),
        agent=fields.text("agent", required=True),
        kind=fields.choice("kind", RunKind, None),
        version=fields.text("version"),
        ruleset=fields.text("ruleset"),
        note=fields.text("note"),
    )


def _review(fields: Fields) -> Review:
    return Review(
        attribution=fields.identifier("attribution", required=True),
        decision=fields.choice("decision", Decision, None),
        by=fields.text("by", required=True),
        on=_day(fields, "on", required=True),
        note=fields.text("note"),
        kind=fields.choice("kind", RunKind, RunKind.PERSON),
    )


def _agent(fields: Fields) -> Agent:
    return Agent(
        id=fields.identifier("id", required=True),
        kind=fields.choice("kind", AgentKind, None),
        name=fields.labels("name", required=True),
        aliases=fields.labels("aliases"),
        roles=fields.each("roles", _role),
        members=tuple(sorted(fields.words("members"))),
        same_as=_iris(fields),
        note=fields.text("note"),
    )


def _role(fields: Fields) -> Role:
    return Role(
        post=fields.labels("post", required=True),
        organisation=fields.identifier("organisation", required=True),
        held=fields.when("held"),
        aliases=fields.labels("aliases"),
        basis=fields.text("basis"),
    )


def _topic(fields: Fields) -> Topic:
    return Topic(
        id=fields.identifier("id", required=True),
        kind=fields.choice("kind", TopicKind, None),
        name=fields.labels("name", required=True),
        aliases=fields.labels("aliases"),
        when=fields.when("when"),
        where=fields.identifier("where"),
        same_as=_iris(fields),
        note=fields.text("note"),
    )


def _family(fields: Fields) -> OutletFamily:
    return OutletFamily(
        fields.identifier("id", required=True),
        fields.labels("name", required=True),
        fields.text("basis"),
    )


def _outlet(fields: Fields) -> Outlet:
    return Outlet(
        id=fields.identifier("id", required=True),
        name=fields.labels("name", required=True),
        basis=fields.text("basis", required=True),
        family=fields.identifier("family"),
        agent=fields.identifier("agent"),
        url=_iri(fields, "url"),
        aliases=fields.labels("aliases"),
    )


def _source(fields: Fields) -> CitedSource:
    return CitedSource(
        id=fields.identifier("id", required=True),
        kind=fields.choice("kind", SourceKind, None),
        name=fields.labels("name", required=True),
        publisher=fields.identifier("publisher"),
        date=fields.when("date"),
        basis=fields.text("basis"),
        url=_iri(fields, "url"),
    )


def _utterance(fields: Fields) -> Utterance:
    utterance = Utterance(
        id=fields.identifier("id", required=True),
        speakers=tuple(sorted(fields.words("speakers"))),
        date=fields.when("date"),
        basis=fields.text("basis"),
        place=fields.identifier("place"),
        event=fields.identifier("event"),
        addressees=tuple(sorted(fields.words("addressees"))),
        name=fields.labels("name"),
    )
    if utterance.date and not utterance.basis:
        fields.fault("missing", "basis", "`basis` is missing: say what the date rests on")
    return utterance


def _alignment(fields: Fields) -> Alignment:
    alignment = Alignment(
        left=fields.text("left", required=True),
        right=fields.text("right", required=True),
        relation=fields.choice("relation", Relation, None),
        judgement=fields.choice("judgement", Judgement, None),
        basis=fields.text("basis", required=True),
        by=fields.text("by", required=True),
        on=_day(fields, "on"),
        conflict=fields.choice("conflict", ConflictKind, None)
        if "conflict" in fields.data
        else None,
        kind=fields.choice("kind", RunKind, RunKind.SOFTWARE),
    )
    if alignment.left and alignment.left == alignment.right:
        fields.fault("self-alignment", "right", "both sides of the alignment are the same")
    if alignment.relation is Relation.ECHOES:
        if "#" not in alignment.left or "#" in alignment.right:
            fields.fault(
                "mixed-echo",
                "right",
                "an echo has an attribution (slug#id) on the left and the id of a cited source on "
                "the right",
            )
        return alignment
    if ("#" in alignment.left) != ("#" in alignment.right):
        fields.fault(
            "mixed-alignment",
            "right",
            "align two attributions (slug#id) or two claims (subject predicate object), not a mix",
        )
    for key, side in (("left", alignment.left), ("right", alignment.right)):
        if side and "#" not in side:
            try:
                parse_claim(side)
            except ValueError as error:
                fields.fault("bad-claim", key, str(error))
    if alignment.relation is Relation.CONTRADICTS and alignment.conflict is None:
        fields.fault(
            "missing",
            "conflict",
            "`conflict` is missing: say in what the two differ: "
            + ", ".join(str(kind) for kind in ConflictKind),
        )
    return alignment


REGISTRIES: dict[str, Callable[[Fields], object]] = {
    "agents": _agent,
    "topics": _topic,
    "families": _family,
    "outlets": _outlet,
    "sources": _source,
    "utterances": _utterance,
    "alignments": _alignment,
}
"""Every registry list and the reader of its items, in the order of the files that hold them."""


def decode_registry(
    data: object, lists: Iterable[str], faults: Faults
) -> dict[str, tuple[object, ...]]:
    """Read the named lists of one registry file (`agents.yaml` holds `agents:` alone)."""
    fields = Fields(data if data is not None else {}, (), faults)
    made = {name: fields.each(name, REGISTRIES[name]) for name in lists}
    fields.done()
    for name, items in made.items():
        _no_twins(fields, name, (_id_of(item) for item in items))
    return made


def _id_of(item: object) -> str:
    name: object = getattr(item, "id", "")
    return str(name)


def _no_twins(fields: Fields, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for position, name in enumerate(ids):
        if name and name in seen:
            fields.faults.add(
                "duplicate-id",
                (*fields.place, key, position, "id"),
                f"the id `{name}` stands twice under `{key}`; ids are given once",
            )
        seen.add(name)


def _iris(fields: Fields) -> tuple[str, ...]:
    iris = tuple(sorted(fields.words("same_as")))
    for iri in iris:
        if not _is_iri(iri):
            fields.fault("bad-iri", "same_as", f"`{iri}` is not a web address")
    return iris


def _iri(fields: Fields, key: str) -> str:
    iri = fields.text(key)
    if iri and (
        not iri.startswith(("https://", "http://")) or any(c in iri for c in ' <>"{}|\\^`')
    ):
        fields.fault("bad-iri", key, f"`{key}: {iri}` is not a web address")
        return ""
    return iri


def _is_iri(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(c in text for c in ' <>"{}|\\^`')


def _day(fields: Fields, key: str, *, required: bool = False) -> str:
    day = fields.text(key, required=required)
    if day and not is_moment(day):
        fields.fault("bad-date", key, f"`{key}: {day}` must be 2025-04-03 or 2025-04-03T10:00:00Z")
    return day
