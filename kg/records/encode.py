"""Nouns to plain data: the inverse of `kg.records.decode`, with defaults left out.

In: frozen nouns. Out: dicts, lists and scalars in the order a person reads them.
`decode(encode(noun)) == noun` for every noun; writes no file and knows no syntax.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import (
    Agent,
    Alignment,
    Attribution,
    CitedSource,
    Document,
    Form,
    Illocution,
    Modality,
    Outlet,
    OutletFamily,
    Polarity,
    Record,
    Review,
    Role,
    Run,
    RunKind,
    Span,
    SpeakerKind,
    Stance,
    Text,
    Topic,
    Utterance,
    When,
)

__all__ = ["Plain", "encode_item", "encode_record"]

Plain = dict[str, object]
"""One mapping of plain data, ready for YAML or JSON."""


def encode_record(record: Record, *, with_slug: bool = False) -> Plain:
    """Give a record as plain data; `with_slug` for the JSON Lines form, which has no folder."""
    plain: Plain = {"slug": record.slug} if with_slug else {}
    plain["document"] = _document(record.document)
    plain |= _filled(
        runs=[_run(run) for run in record.runs],
        attributions=[_attribution(attribution) for attribution in record.attributions],
        reviews=[_review(review) for review in record.reviews],
    )
    return plain


def encode_item(item: object) -> Plain:
    """Give one registry item as plain data.

    Raises:
        TypeError: for anything that is not a registry item.
    """
    match item:
        case Agent():
            return _agent(item)
        case Topic():
            return _topic(item)
        case OutletFamily():
            return _filled(id=item.id, name=_labels(item.name), basis=item.basis)
        case Outlet():
            return _outlet(item)
        case CitedSource():
            return _source(item)
        case Utterance():
            return _utterance(item)
        case Alignment():
            return _alignment(item)
        case _:
            raise TypeError(f"not a registry item: {type(item).__name__}")


def _document(doc: Document) -> Plain:
    return {
        "sha256": doc.sha256,
        "characters": doc.characters,
        "language": doc.language,
        **_filled(title=doc.title),
        "outlet": doc.outlet,
        **_filled(
            outlet_basis=doc.outlet_basis,
            byline=doc.byline,
            published=_when(doc.published),
            published_basis=doc.published_basis,
            event=_when(doc.event),
            url=doc.url,
            raw_sha256=doc.raw_sha256,
            extractor=doc.extractor,
            revision_of=doc.revision_of,
            boilerplate=[
                {"at": list(stretch.span), "reason": stretch.reason} for stretch in doc.boilerplate
            ],
        ),
    }


def _run(run: Run) -> Plain:
    return _filled(
        id=run.id,
        agent=run.agent,
        kind=str(run.kind),
        version=run.version,
        ruleset=run.ruleset,
        note=run.note,
    )


def _attribution(item: Attribution) -> Plain:
    authorial = item.form is Form.AUTHORIAL
    usual = SpeakerKind.OUTLET_VOICE if authorial else SpeakerKind.NAMED_PERSON
    retracted = item.retracted
    return _filled(
        id=item.id,
        speaker=_one_or_many(item.speakers),
        unresolved=item.unresolved,
        basis=item.basis,
        kind=_unless(item.kind, usual),
        mention=item.mention,
        mention_at=_span(item.mention_span),
        role=item.role,
        cue=item.cue,
        cue_at=_span(item.cue_span),
        form=str(item.form),
        illocution=_unless(item.illocution, Illocution.ASSERTION),
        polarity=_unless(item.polarity, Polarity.AFFIRMED),
        modality=_unless(item.modality, Modality.CERTAIN),
        reporter_modality=_unless(item.reporter_modality, Modality.CERTAIN),
        stance=_unless(item.stance, Stance.NEUTRAL),
        utterance=item.utterance,
        chain=list(item.chain),
        quote=_one_or_many(item.quotes),
        at=_spans(item.spans),
        prefix=item.prefix,
        suffix=item.suffix,
        claims=[claim.line for claim in item.claims],
        run=item.run,
        confidence=item.confidence,
        retracted=_filled(reason=retracted.reason, on=retracted.on) if retracted else None,
        note=item.note,
    )


def _review(review: Review) -> Plain:
    return _filled(
        attribution=review.attribution,
        decision=str(review.decision),
        by=review.by,
        on=review.on,
        note=review.note,
        kind=_unless(review.kind, RunKind.PERSON),
    )


def _agent(agent: Agent) -> Plain:
    return _filled(
        id=agent.id,
        kind=str(agent.kind),
        name=_labels(agent.name),
        aliases=_labels(agent.aliases),
        roles=[_role(role) for role in agent.roles],
        members=list(agent.members),
        same_as=list(agent.same_as),
        note=agent.note,
    )


def _role(role: Role) -> Plain:
    return _filled(
        post=_labels(role.post),
        organisation=role.organisation,
        held=_when(role.held),
        aliases=_labels(role.aliases),
        basis=role.basis,
    )


def _topic(topic: Topic) -> Plain:
    return _filled(
        id=topic.id,
        kind=str(topic.kind),
        name=_labels(topic.name),
        aliases=_labels(topic.aliases),
        when=_when(topic.when),
        where=topic.where,
        same_as=list(topic.same_as),
        note=topic.note,
    )


def _outlet(outlet: Outlet) -> Plain:
    return _filled(
        id=outlet.id,
        name=_labels(outlet.name),
        basis=outlet.basis,
        family=outlet.family,
        agent=outlet.agent,
        url=outlet.url,
        aliases=_labels(outlet.aliases),
    )


def _source(source: CitedSource) -> Plain:
    return _filled(
        id=source.id,
        kind=str(source.kind),
        name=_labels(source.name),
        publisher=source.publisher,
        date=_when(source.date),
        basis=source.basis,
        url=source.url,
    )


def _utterance(utterance: Utterance) -> Plain:
    return _filled(
        id=utterance.id,
        speakers=list(utterance.speakers),
        date=_when(utterance.date),
        basis=utterance.basis,
        place=utterance.place,
        event=utterance.event,
        addressees=list(utterance.addressees),
        name=_labels(utterance.name),
    )


def _alignment(alignment: Alignment) -> Plain:
    return _filled(
        left=alignment.left,
        right=alignment.right,
        relation=str(alignment.relation),
        conflict=str(alignment.conflict) if alignment.conflict else "",
        judgement=str(alignment.judgement),
        basis=alignment.basis,
        by=alignment.by,
        kind=_unless(alignment.kind, RunKind.SOFTWARE),
        on=alignment.on,
    )


def _filled(**fields: object) -> Plain:
    return {key: value for key, value in fields.items() if value not in ("", None, [], {}, ())}


def _unless(value: object, usual: object) -> str:
    return "" if value == usual else str(value)


def _when(when: When | None) -> str:
    return when.text if when else ""


def _one_or_many(items: Sequence[str]) -> str | list[str]:
    return items[0] if len(items) == 1 else list(items)


def _span(span: Span | None) -> list[int] | None:
    return list(span) if span else None


def _spans(spans: Sequence[Span]) -> object:
    return list(spans[0]) if len(spans) == 1 else [list(span) for span in spans]


def _labels(text: Text) -> object:
    languages = {language for language, _ in text}
    if languages == {"und"}:
        return _one_or_many([label for _, label in text])
    by_language: dict[str, object] = {}
    for language in sorted(languages):
        by_language[language] = _one_or_many([label for tag, label in text if tag == language])
    return by_language
