"""One record as N-Quads lines: its document, attributions, spans, hops, runs, reviews and claims.

In: a `Record` and a `Lookup`. Out: lines without newline, some of them perhaps twice.
Writes text by hand, with no RDF library on the way: a full build is bound by this speed.
Ids are checked when records are read, so an IRI made of them needs no escaping here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.graph.terms import literal_text
from kg.graph.vocab import (
    DCTERMS,
    EDTF,
    KG,
    OA,
    PROV,
    QUALIFIERS,
    RDF,
    RDFS,
    SCHEMA,
    XSD,
    concept,
)
from kg.model import UNIDENTIFIED, Decision, Form, RunKind, Span, content_id

if TYPE_CHECKING:
    from kg.graph.lookup import Lookup
    from kg.model import Attribution, Claim, Document, Record, Review, Run, When

__all__ = ["claim_quads", "day_literal", "record_quads", "review_status", "when_quads"]

_PART = " […] "
"""What joins the parts of a quote that a cue splits."""

# Oxigraph stores every integer type as xsd:integer: written so from the start, nothing changes.
_INTEGER = f'"^^<{XSD.integer}>'
_DECIMAL = f'"^^<{XSD.decimal}>'
_DATE = f'"^^<{XSD.date}>'
_EDTF = f'"^^<{EDTF.EDTF}>'
_DATETIME = f'"^^<{XSD.dateTime}>'
_IS = f" <{RDF.type}> "
_LITERAL_QUALIFIERS = frozenset({"if", "quantity", "unit"})


def _object(subject: str, predicate: str, iri: str) -> str:
    return f"{subject} <{predicate}> <{iri}> ."


def _text(subject: str, predicate: str, value: str, language: str = "") -> str:
    return f"{subject} <{predicate}> {literal_text(value, language)} ."


def _texts(subject: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (_text(subject, predicate, value) for predicate, value in pairs if value)


def when_quads(subject: str, when: When | None, properties: tuple[str, str, str]) -> Iterator[str]:
    """Say a date with its bounds; an open side has no bound.

    `properties` are those of the EDTF string, the first day and the last day.
    """
    if when is None:
        return
    said, earliest, latest = properties
    yield f'{subject} <{said}> "{when.text}{_EDTF} .'
    if when.earliest:
        yield f'{subject} <{earliest}> "{when.earliest}{_DATE} .'
    if when.latest:
        yield f'{subject} <{latest}> "{when.latest}{_DATE} .'


def day_literal(day: str) -> str:
    """Spell an ISO day or time as a typed literal; a time without seconds gets its zero ones.

    >>> day_literal("2025-05-02")
    '"2025-05-02"^^<http://www.w3.org/2001/XMLSchema#date>'
    """
    if "T" not in day:
        return f'"{day}{_DATE}'
    seconds = "" if day[16:17] == ":" else ":00"
    return f'"{day[:16]}{seconds}{day[16:]}{_DATETIME}'


def record_quads(record: Record, lookup: Lookup, seen: set[str] | None = None) -> Iterator[str]:
    """Give every quad that a record owns or shares.

    `seen` holds the ids of claims, and the names of predicates, that other records have already
    given; it grows.
    """
    document = record.document
    base = lookup.names.document(document)
    node = f"<{base}>"
    yield from _document(record, lookup, node)
    spans: dict[Span, tuple[str, str, str]] = {}
    statuses = review_status(record)
    for attribution in record.attributions:
        key = attribution.key(document)
        yield from _attribution(record, attribution, lookup, (base, key, statuses))
        _collect_spans(attribution, spans)
    for span, (exact, prefix, suffix) in spans.items():
        yield from _span(f"{base}/span/{span[0]}-{span[1]}", node, span, (exact, prefix, suffix))
    for run in record.runs:
        yield from _run(run, node, f"{base}/run/{run.id}")
    yield from _reviews(record, base)
    known = set[str]() if seen is None else seen
    for attribution in record.attributions:
        for claim in attribution.claims:
            identity = claim.id
            if identity not in known:
                known.add(identity)
                yield from claim_quads(claim, lookup)
            if claim.predicate not in known:
                known.add(claim.predicate)
                yield from _predicate(claim.predicate, lookup)


_UNIDENTIFIED = {"en": "unidentified outlet", "fr": "média non identifié"}
"""What stands for the name of an outlet that nobody has identified, before its document."""


def _document(record: Record, lookup: Lookup, node: str) -> Iterator[str]:
    document = record.document
    outlet = lookup.names.outlet(document)
    yield f"{node}{_IS}<{KG.SourceText}> ."
    yield f"{node}{_IS}<{SCHEMA.NewsArticle}> ."
    yield _text(node, DCTERMS.identifier, record.slug)
    yield _text(node, SCHEMA.sha256, document.sha256)
    yield f'{node} <{KG.charCount}> "{document.characters}{_INTEGER} .'
    yield _object(node, SCHEMA.publisher, outlet)
    if document.title:
        yield _text(node, DCTERMS.title, document.title, document.language)
    yield from _texts(
        node,
        (
            (DCTERMS.language, document.language),
            (KG.byline, document.byline),
            (KG.outletBasis, document.outlet_basis),
            (KG.publicationBasis, document.published_basis),
            (KG.rawSha256, document.raw_sha256),
            (KG.extractor, document.extractor),
        ),
    )
    yield from when_quads(
        node,
        document.published,
        (SCHEMA.datePublished, KG.publishedEarliest, KG.publishedLatest),
    )
    if document.event:
        yield f'{node} <{KG.eventDate}> "{document.event.text}{_EDTF} .'
    if document.url:
        yield _object(node, SCHEMA.url, document.url)
    if document.revision_of:
        earlier = f"{lookup.names.base}text/{document.revision_of[:16]}"
        yield _object(node, PROV.wasRevisionOf, earlier)
    if document.outlet == UNIDENTIFIED:
        yield f"<{outlet}>{_IS}<{KG.UnidentifiedOutlet}> ."
        for language, words in _UNIDENTIFIED.items():
            yield _text(f"<{outlet}>", RDFS.label, f"{words} ({record.slug})", language)
    yield from _boilerplate(document, node)


def _boilerplate(document: Document, node: str) -> Iterator[str]:
    for part in document.boilerplate:
        span = f"{node[1:-1]}/span/{part.span.start}-{part.span.end}"
        yield _object(node, KG.hasBoilerplate, span)
        yield _text(f"<{span}>", KG.boilerplateReason, part.reason)
        yield from _span(span, node, part.span, ("", "", ""))


def _attribution(
    record: Record,
    attribution: Attribution,
    lookup: Lookup,
    given: tuple[str, str, dict[str, str]],
) -> Iterator[str]:
    base, key, statuses = given
    iri = f"{base}/attribution/{key}"
    node = f"<{iri}>"
    yield f"{node}{_IS}<{KG.Attribution}> ."
    yield f'{node} <{DCTERMS.identifier}> "{record.slug}#{attribution.id}" .'
    yield f"{node} <{KG.inText}> <{base}> ."
    yield _text(node, KG.quote, _PART.join(attribution.quotes))
    for predicate, member in (
        (KG.form, attribution.form),
        (KG.illocution, attribution.illocution),
        (KG.polarity, attribution.polarity),
        (KG.speakerKind, attribution.kind),
        (KG.speakerModality, attribution.modality),
        (KG.reporterModality, attribution.reporter_modality),
        (KG.reporterStance, attribution.stance),
    ):
        yield f"{node} <{predicate}> <{concept(member)}> ."
    yield f"{node} <{KG.reviewStatus}> <{statuses[attribution.id]}> ."
    yield from _texts(
        node,
        (
            (KG.cue, attribution.cue),
            (KG.mention, attribution.mention),
            (KG.unresolvedSpeaker, attribution.unresolved),
            (KG.resolutionBasis, attribution.basis),
            (KG.roleAsStated, attribution.role),
            (RDFS.comment, attribution.note),
        ),
    )
    for start, end in attribution.spans:
        yield f"{node} <{KG.hasEvidence}> <{base}/span/{start}-{end}> ."
    for predicate, span in (
        (KG.hasCueSpan, attribution.cue_span),
        (KG.hasMentionSpan, attribution.mention_span),
    ):
        if span:
            yield f"{node} <{predicate}> <{base}/span/{span[0]}-{span[1]}> ."
    yield from _voices(record.document, attribution, lookup, node)
    for claim in attribution.claims:
        yield f"{node} <{KG.conveys}> <{lookup.names.claim(claim)}> ."
    yield from _making(record, attribution, base, node)


def _voices(
    document: Document, attribution: Attribution, lookup: Lookup, node: str
) -> Iterator[str]:
    for speaker in attribution.speakers:
        yield f"{node} <{KG.speaker}> <{lookup.thing(speaker)}> ."
    if attribution.form is Form.AUTHORIAL:
        yield f"{node} <{KG.speaker}> <{lookup.names.outlet(document)}> ."
    if attribution.utterance:
        utterance = f"{lookup.names.base}utterance/{attribution.utterance}"
        yield f"{node} <{KG.reportsUtterance}> <{utterance}> ."
    for position, link in enumerate(attribution.chain, start=1):
        through = lookup.attribution(link) if "#" in link else lookup.thing(link)
        if not through:
            # A link to nowhere is a finding of `kg check`; the graph holds no dangling node.
            continue
        hop = f"{node[:-1]}/hop/{position}>"
        yield f"{node} <{KG.relayedFrom}> <{through}> ."
        yield f"{node} <{KG.hasHop}> {hop} ."
        yield f"{hop}{_IS}<{KG.Hop}> ."
        yield f'{hop} <{KG.hopPosition}> "{position}{_INTEGER} .'
        yield f"{hop} <{KG.through}> <{through}> ."


def _making(record: Record, attribution: Attribution, base: str, node: str) -> Iterator[str]:
    # A record with runs that leaves `run` out means its first one.
    run = attribution.run or (record.runs[0].id if record.runs else "")
    if run:
        yield f"{node} <{PROV.wasGeneratedBy}> <{base}/run/{run}> ."
    if attribution.confidence is not None:
        number = f"{attribution.confidence:.6f}".rstrip("0")
        yield f'{node} <{KG.confidence}> "{number}{"0" if number[-1] == "." else ""}{_DECIMAL} .'
    if attribution.retracted:
        yield _text(node, KG.retractionReason, attribution.retracted.reason)
        yield f"{node} <{PROV.invalidatedAtTime}> {day_literal(attribution.retracted.on)} ."


def _collect_spans(attribution: Attribution, spans: dict[Span, tuple[str, str, str]]) -> None:
    last = len(attribution.spans) - 1
    for position, (span, exact) in enumerate(
        zip(attribution.spans, attribution.quotes, strict=False)
    ):
        before = attribution.prefix if position == 0 else ""
        after = attribution.suffix if position == last else ""
        _, prefix, suffix = spans.get(span, ("", "", ""))
        # Two attributions may share a span: the longer context wins, whatever their order.
        spans[span] = (
            exact,
            max(prefix, before, key=_by_length),
            max(suffix, after, key=_by_length),
        )
    for inner, words in (
        (attribution.cue_span, attribution.cue),
        (attribution.mention_span, attribution.mention),
    ):
        if inner and inner not in spans:
            exact = words if len(words) == inner.end - inner.start else ""
            spans[inner] = (exact, "", "")


def _by_length(text: str) -> tuple[int, str]:
    return len(text), text


def _span(iri: str, document: str, span: Span, words: tuple[str, str, str]) -> Iterator[str]:
    exact, prefix, suffix = words
    node, place, quote = f"<{iri}>", f"<{iri}/position>", f"<{iri}/quote>"
    yield f"{node}{_IS}<{OA.SpecificResource}> ."
    yield f"{node} <{OA.hasSource}> {document} ."
    yield f"{node} <{OA.hasSelector}> {place} ."
    yield f"{place}{_IS}<{OA.TextPositionSelector}> ."
    yield f'{place} <{OA.start}> "{span[0]}{_INTEGER} .'
    yield f'{place} <{OA.end}> "{span[1]}{_INTEGER} .'
    if not exact:
        return
    yield f"{node} <{OA.hasSelector}> {quote} ."
    yield f"{quote}{_IS}<{OA.TextQuoteSelector}> ."
    yield _text(quote, OA.exact, exact)
    if prefix:
        yield _text(quote, OA.prefix, prefix)
    if suffix:
        yield _text(quote, OA.suffix, suffix)


def _run(run: Run, document: str, iri: str) -> Iterator[str]:
    node, agent = f"<{iri}>", f"<{iri}/agent>"
    kind = PROV.SoftwareAgent if run.kind is RunKind.SOFTWARE else PROV.Person
    yield f"{node}{_IS}<{KG.Run}> ."
    yield f"{node}{_IS}<{PROV.Activity}> ."
    yield f"{node} <{PROV.used}> {document} ."
    yield f"{node} <{PROV.wasAssociatedWith}> {agent} ."
    yield f"{agent}{_IS}<{kind}> ."
    yield _text(agent, RDFS.label, run.agent)
    yield from _texts(agent, ((KG.version, run.version),))
    yield from _texts(node, ((KG.ruleset, run.ruleset), (RDFS.comment, run.note)))


def _reviews(record: Record, base: str) -> Iterator[str]:
    if not record.reviews:
        return
    keys = {item.id: item.key(record.document) for item in record.attributions}
    for review in record.reviews:
        if review.attribution not in keys:
            # A review of a proposal that became no attribution stays in the record alone.
            continue
        target = f"{base}/attribution/{keys[review.attribution]}"
        node = f"<{target}/review/{_review_id(review)}>"
        yield f"{node}{_IS}<{KG.Review}> ."
        yield f"{node} <{KG.reviews}> <{target}> ."
        yield f"{node} <{KG.decision}> <{concept(review.decision)}> ."
        yield f"{node} <{DCTERMS.date}> {day_literal(review.on)} ."
        yield from _texts(
            node,
            (
                (KG.reviewer, review.by),
                (KG.reviewerKind, str(review.kind)),
                (RDFS.comment, review.note),
            ),
        )


def _review_id(review: Review) -> str:
    return content_id(
        "review", review.attribution, review.decision, review.by, review.on, review.note
    )


_STATUS = {
    Decision.ACCEPTED: KG.Accepted,
    Decision.EDITED: KG.Edited,
    Decision.REJECTED: KG.Rejected,
}


def review_status(record: Record) -> dict[str, str]:
    """Derive the review status of each attribution, by its id in the record.

    The rules: only people's reviews count; the last decision holds; `skipped` decides nothing;
    `undone` takes back the last decision that still stands. With none standing the status is
    machine-only where a program made the attribution, else unreviewed.
    """
    made = {run.id: run.kind for run in record.runs}
    first = record.runs[0].kind if record.runs else RunKind.PERSON
    statuses = {}
    standing: dict[str, list[Decision]] = {}
    for review in record.reviews:
        if review.kind is not RunKind.PERSON:
            continue
        decisions = standing.setdefault(review.attribution, [])
        if review.decision is Decision.UNDONE:
            del decisions[-1:]
        elif review.decision in _STATUS:
            decisions.append(review.decision)
    for attribution in record.attributions:
        decisions = standing.get(attribution.id, [])
        by_machine = made.get(attribution.run, first) is RunKind.SOFTWARE
        untouched = KG.MachineOnly if by_machine else KG.Unreviewed
        statuses[attribution.id] = _STATUS[decisions[-1]] if decisions else untouched
    return statuses


def _predicate(name: str, lookup: Lookup) -> Iterator[str]:
    """Say of a predicate that it is one, and its labels: the graph can then be read on its own."""
    predicate = lookup.predicates.get(name)
    if predicate is None:
        return
    node = f"<{predicate.iri}>"
    yield f"{node}{_IS}<{KG.ClaimPredicate}> ."
    for language, label in predicate.labels:
        yield _text(node, RDFS.label, label, language)


def claim_quads(claim: Claim, lookup: Lookup) -> Iterator[str]:
    """Give a claim's description, and its triple in the graph that the claim names."""
    iri = lookup.names.claim(claim)
    node = f"<{iri}>"
    subject = f"<{lookup.thing(claim.subject)}>"
    predicate = f"<{lookup.predicates.iri(claim.predicate)}>"
    target = lookup.object(claim)
    yield f"{node}{_IS}<{KG.Claim}> ."
    yield f"{node}{_IS}<{RDF.Statement}> ."
    yield f"{node} <{RDF.subject}> {subject} ."
    yield f"{node} <{RDF.predicate}> {predicate} ."
    yield f"{node} <{RDF.object}> {target} ."
    for language in ("en", "fr"):
        yield _text(node, RDFS.label, lookup.claim_label(claim, language), language)
    for key, value in claim.qualifiers:
        if key == "when":
            yield f'{node} <{KG.when}> "{value}{_EDTF} .'
        elif key in _LITERAL_QUALIFIERS:
            yield _text(node, QUALIFIERS[key], value)
        else:
            yield _object(node, QUALIFIERS[key], lookup.thing(value))
    # The triple itself stands in the claim's own graph alone: quoted, never asserted.
    yield f"{subject} {predicate} {target} {node} ."
