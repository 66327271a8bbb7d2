"""What every reading reads: attribution rows and the registries around them, as plain values.

In: values made by `kg.analyse.projection` from a store, or built by hand. Out: `Material`, with
the few indexes that all readings share. Holds no RDF, opens nothing, judges nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from kg.dates import parse_when
from kg.graph.rows import AttributionRow, ClaimRow

__all__ = [
    "AlignmentFact",
    "ClaimFact",
    "DocumentFact",
    "Material",
    "PredicateFact",
    "SourceFact",
    "UtteranceFact",
    "window_of",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class AlignmentFact:
    """One judged link; both sides are IRIs of attributions, or of claims."""

    left: str
    right: str
    relation: str
    judgement: str
    basis: str = ""
    by: str = ""
    judge_kind: str = "software"
    conflict: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A captured text: its publication as a window of ISO days, and its boilerplate spans."""

    iri: str
    slug: str
    sha256: str
    language: str = ""
    title: str = ""
    outlet_iri: str = ""
    outlet: str = ""
    outlet_known: bool = False
    byline: str = ""
    published: str = ""
    earliest: str = ""
    latest: str = ""
    characters: int = 0
    url: str = ""
    boilerplate: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class UtteranceFact:
    """A speech act: label, speakers, date window, place and event."""

    iri: str
    label: str = ""
    speakers: tuple[str, ...] = ()
    date: str = ""
    earliest: str = ""
    latest: str = ""
    place: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A cited source: its kind (`communique`, `agency`, …) and its publisher."""

    iri: str
    label: str = ""
    kind: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """What a row does not say of a claim: its qualifiers, sorted, as (key, value) pairs."""

    iri: str
    qualifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PredicateFact:
    """What the ontology declares of a predicate; `kind` is `entity`, `date`, `number` or `text`."""

    iri: str
    name: str
    label: str = ""
    kind: str = "entity"
    functional: bool = False
    symmetric: bool = False
    ordered: bool = False
    inverse: str = ""
    disjoint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the readings look at; `rows` holds no withdrawn attribution unless asked for.

    `families` maps an outlet to its family, `affiliations` an agent to the organisations, states
    and groups it speaks for (posts and memberships), `classes` a thing to the word for what it is
    (`agent`, `outlet`, `source`, `place`, `event`, …), `labels` any IRI to its label.
    """

    base: str
    rows: tuple[AttributionRow, ...]
    language: str = "en"
    alignments: tuple[AlignmentFact, ...] = ()
    documents: Mapping[str, DocumentFact] = field(default_factory=dict)
    utterances: Mapping[str, UtteranceFact] = field(default_factory=dict)
    sources: Mapping[str, SourceFact] = field(default_factory=dict)
    claims: Mapping[str, ClaimFact] = field(default_factory=dict)
    predicates: Mapping[str, PredicateFact] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    affiliations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outlet_agents: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    _rows_by_iri: dict[str, AttributionRow] = field(default_factory=dict, repr=False, compare=False)
    _rows_by_claim: dict[str, list[AttributionRow]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _claims: dict[str, ClaimRow] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_claim: defaultdict[str, list[AttributionRow]] = defaultdict(list)
        for row in self.rows:
            self._rows_by_iri[row.iri] = row
            for claim in row.claims:
                by_claim[claim.iri].append(row)
                self._claims.setdefault(claim.iri, claim)
        self._rows_by_claim.update(by_claim)

    def once(self, compute: Callable[[Material], T]) -> T:
        """Compute an index over the whole material the first time it is asked for, and keep it."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        return cast("T", self._kept[compute])

    def row(self, iri: str) -> AttributionRow | None:
        """Give the attribution with this IRI, or None."""
        return self._rows_by_iri.get(iri)

    def conveying(self, claim_iri: str) -> Sequence[AttributionRow]:
        """Give the attributions that convey a claim, in the order of the rows."""
        return self._rows_by_claim.get(claim_iri, ())

    def claim(self, iri: str) -> ClaimRow | None:
        """Give a claim that some attribution conveys, or None."""
        return self._claims.get(iri)

    @property
    def standing(self) -> tuple[AlignmentFact, ...]:
        """Give the positive alignments that hold: that no person, and no equal, refused."""
        return self.once(_standing)

    @property
    def claim_iris(self) -> list[str]:
        """Name every claim conveyed, sorted."""
        return sorted(self._claims)

    def label(self, iri: str) -> str:
        """Give the label of a thing, the identifier of an attribution, or the end of the IRI."""
        found = self.labels.get(iri, "")
        if not found and iri in self._claims:
            found = self._claims[iri].label(self.language)
        if not found and iri in self._rows_by_iri:
            found = self._rows_by_iri[iri].identifier
        return found or iri.removeprefix(self.base)

    def short(self, iri: str) -> str:
        """Shorten an IRI of ours to what follows the base."""
        return iri.removeprefix(self.base)

    def family(self, outlet_iri: str) -> str:
        """Give the family of an outlet, or the outlet itself where it has none."""
        return self.families.get(outlet_iri, outlet_iri)

    def published(self, row: AttributionRow) -> tuple[str, str]:
        """Give the window of days in which the row's text was published; "" where open."""
        document = self.documents.get(row.document_iri)
        if document is not None:
            return document.earliest, document.latest
        return window_of(row.published)

    def order(self, left: AttributionRow, right: AttributionRow) -> str:
        """Tell when the text of `right` was published against that of `left`.

        `later`, `earlier` or `same-day` where the dates leave no doubt, also open ones: what
        appeared by the 2nd is earlier than what appeared on the 4th. Otherwise `unknown`.
        """
        first, last = self.published(left)
        other_first, other_last = self.published(right)
        if last and other_first and last < other_first:
            return "later"
        if other_last and first and other_last < first:
            return "earlier"
        one_day = first and first == last == other_first == other_last
        return "same-day" if one_day else "unknown"

    def spoken(self, row: AttributionRow) -> tuple[str, str]:
        """Give the window in which the words were said, else one that ends with publication."""
        utterance = self.utterances.get(row.utterance_iri)
        if utterance is not None and (utterance.earliest or utterance.latest):
            return utterance.earliest, utterance.latest
        if row.utterance_date:
            return window_of(row.utterance_date)
        return "", self.published(row)[1]

    def entailing(self, claim_iri: str) -> dict[str, str]:
        """Give every claim that is, or entails, this one: its IRI → why (IRI of the alignment).

        Follows positive `entails` from right to left and `same-claim` both ways, to any depth;
        a cycle of entailments makes the claims equal and ends the walk. A link between two
        attributions is followed where `claims_meant` knows which claims it speaks of.
        """
        return _reached(claim_iri, self.once(_claim_edges))

    def entailing_by_attributions(self, claim_iri: str) -> list[str]:
        """Name the claims that entail this one only by way of links between attributions."""
        every = _reached(claim_iri, self.once(_claim_edges))
        if len(every) == 1:
            return []
        return sorted(every.keys() - _reached(claim_iri, self.once(_named_edges)).keys())

    def claims_meant(self, link: AlignmentFact) -> tuple[str, str] | None:
        """Give the two claims a link speaks of, left and right, or None where nobody can tell.

        A link between claims names them. One between attributions speaks of the claim that both
        convey, or of the two claims where each side conveys exactly one. Where a side conveys
        several, or none, it ties the attributions and says nothing of any claim.
        """
        left, right = self.row(link.left), self.row(link.right)
        if left is None and right is None:
            return link.left, link.right
        if left is None or right is None:
            return None
        ours, theirs = {claim.iri for claim in left.claims}, {claim.iri for claim in right.claims}
        both = ours & theirs
        if both:
            return (min(both), min(both)) if len(both) == 1 else None
        return (min(ours), min(theirs)) if len(ours) == len(theirs) == 1 else None


def window_of(text: str) -> tuple[str, str]:
    """Read an EDTF text as its first and last day; open or unreadable sides are "".

    >>> window_of("2025-04")
    ('2025-04-01', '2025-04-30')
    """
    if not text:
        return "", ""
    try:
        when = parse_when(text)
    except ValueError:
        return "", ""
    return when.earliest, when.latest


_SYMMETRIC = frozenset({"same-claim", "contradicts"})


def _standing(material: Material) -> tuple[AlignmentFact, ...]:
    return _held(material.alignments)


def _held(links: Iterable[AlignmentFact]) -> tuple[AlignmentFact, ...]:
    """Keep the positive links that no person, and no equal, refused."""
    judged: defaultdict[tuple[str, str, str], list[AlignmentFact]] = defaultdict(list)
    for item in links:
        left, right = item.left, item.right
        if item.relation in _SYMMETRIC and right < left:
            left, right = right, left
        judged[item.relation, left, right].append(item)
    held: list[AlignmentFact] = []
    for items in judged.values():
        deciding = [item for item in items if item.judge_kind == "person"] or items
        if not any(item.judgement == "negative" for item in deciding):
            held.extend(item for item in deciding if item.judgement == "positive")
    return tuple(sorted(held))


def _claim_links(material: Material) -> tuple[AlignmentFact, ...]:
    """Give the links between claims that hold, those told by way of attributions among them."""
    links = [item for item in material.alignments if material.row(item.left) is None]
    for item in material.standing:
        meant = material.claims_meant(item)
        if meant is not None and meant != (item.left, item.right) and meant[0] != meant[1]:
            links.append(replace(item, left=meant[0], right=meant[1]))
    return _held(links)


_Edges = Mapping[str, Sequence[tuple[str, str]]]
"""Which claims entail each, and the alignment that says so."""


def _claim_edges(material: Material) -> _Edges:
    return _edges(material.once(_claim_links))


def _named_edges(material: Material) -> _Edges:
    return _edges(item for item in material.standing if material.row(item.left) is None)


def _edges(links: Iterable[AlignmentFact]) -> _Edges:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in links:
        if item.relation in ("entails", "same-claim"):
            found[item.right].append((item.left, item.iri))
        if item.relation == "same-claim":
            found[item.left].append((item.right, item.iri))
    return {iri: sorted(pairs) for iri, pairs in found.items()}


def _reached(claim_iri: str, edges: _Edges) -> dict[str, str]:
    found = {claim_iri: ""}
    queue = [claim_iri]
    while queue:
        for there, why in edges.get(queue.pop(), ()):
            if there not in found:
                found[there] = why
                queue.append(there)
    return found
