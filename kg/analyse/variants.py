"""Variants: the wordings of each utterance side by side, with what each adds, drops or replaces.

In: `Material`. Out: one `UtteranceVariants` an utterance that at least two attributions report, the
pairs kept apart by judgement, and the pairs where judgements disagree.
Groups come from the records' utterances and positive alignments; a negative one keeps a pair apart
for good, also against a third wording that would join them. Nothing is merged, nothing is ranked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from kg.analyse.judgements import SAMENESS, Groups, PairJudgement, judge_pairs
from kg.analyse.material import AlignmentFact, Material
from kg.analyse.wording import Change, diff, likeness
from kg.graph.rows import AttributionRow

__all__ = [
    "ALIKE",
    "MOST_DIFFS",
    "ClaimLink",
    "Comparison",
    "NameDrift",
    "UtteranceVariants",
    "VariantReading",
    "utterance_groups",
    "variants",
]

ALIKE = 0.5
"""Likeness from which two attributions of one utterance are wordings of one statement."""

_JUDGED = 3.0
"""Closeness that a positive judgement gives, above any that claims or words can."""

_STATEMENTS = 60
"""First wordings that a further attribution is held against."""

MOST_DIFFS = 200
"""Diffs shown for one utterance; more wordings are counted, not compared with each other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two wordings of one utterance: the earlier or fuller on the left, and their diff.

    `changes` is empty where the languages differ (`translated`); `judged` says what alignments
    hold of the pair, "" where nobody judged it.
    """

    left: AttributionRow
    right: AttributionRow
    changes: tuple[Change, ...]
    likeness: float
    translated: bool
    judged: str
    basis: str
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]

    @property
    def is_same_wording(self) -> bool:
        """Whether no word differs."""
        return bool(self.changes) and all(change.kind == "same" for change in self.changes)


@dataclass(frozen=True, slots=True, order=True)
class ClaimLink:
    """A judged link between two claims of the utterance, or between two of its attributions."""

    left: str
    relation: str
    right: str
    basis: str


@dataclass(frozen=True, slots=True, order=True)
class NameDrift:
    """How one thing about the speaker is put differently: `role`, `name` or `form`.

    `wordings` holds (what is said, identifiers that say it), sorted.
    """

    kind: str
    wordings: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class UtteranceVariants:
    """One utterance: its attributions in time, each compared with the first wording.

    `alone` are those that no other text words: another statement of the same speech act.
    """

    iri: str
    label: str
    rows: tuple[AttributionRow, ...]
    comparisons: tuple[Comparison, ...]
    links: tuple[ClaimLink, ...]
    drifts: tuple[NameDrift, ...]
    left_off: int = 0
    alone: tuple[AttributionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class VariantReading:
    """Every utterance with several wordings, and what judgements kept apart or left open."""

    utterances: tuple[UtteranceVariants, ...]
    apart: tuple[PairJudgement, ...]
    disputed: tuple[PairJudgement, ...]
    refused: tuple[tuple[str, str], ...]


def utterance_groups(
    material: Material,
) -> tuple[list[tuple[AttributionRow, ...]], list[PairJudgement], list[tuple[str, str]]]:
    """Put attributions of one utterance together, obeying every negative judgement.

    Gives the groups (single attributions too, the outlet's own voice left out), the judged pairs,
    and the joins that a negative judgement refused.
    """
    rows = [row for row in material.rows if row.form != "authorial"]
    known = {row.iri for row in rows}
    judged = judge_pairs(item for item in material.alignments if item.left in known)
    groups = Groups()
    refused: list[tuple[str, str]] = []
    by_utterance: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups.add(row.iri)
        if row.utterance_iri:
            by_utterance[row.utterance_iri].append(row.iri)
    for pair, verdict in judged.items():
        if verdict.verdict == "negative" and known >= set(pair):
            groups.keep_apart(*pair)
    for pair, verdict in judged.items():
        joins = known >= set(pair) and verdict.verdict == "positive"
        if joins and not groups.join(*pair):
            refused.append(pair)
    for iri in sorted(by_utterance):
        first = by_utterance[iri][0]
        refused.extend(
            (first, other) for other in by_utterance[iri][1:] if not groups.join(first, other)
        )
    order = {row.iri: place for place, row in enumerate(rows)}
    found = [
        tuple(rows[place] for place in sorted(order[iri] for iri in members))
        for members in groups.sets()
    ]
    found.sort(key=lambda group: order[group[0].iri])
    return found, list(judged.values()), refused


def variants(
    material: Material,
    *,
    utterance: str = "",
    minimum: int = 2,
    most_diffs: int = MOST_DIFFS,
    alike: float = ALIKE,
) -> VariantReading:
    """Read the wordings of each utterance that `minimum` texts or more report.

    With `utterance` (an IRI, or that of an attribution in it) only that one, however few report
    it. Two attributions count as wordings of one statement where a judgement or a claim says so,
    or from a likeness of `alike`.
    """
    groups, judged, refused = material.once(utterance_groups)
    verdicts = {(item.left, item.right): item for item in judged}
    found = []
    for group in groups:
        named = {row.utterance_iri for row in group} | {row.iri for row in group}
        if utterance and utterance not in named:
            continue
        texts = {row.document_iri for row in group}
        if utterance or len(texts) >= minimum:
            found.append(_utterance(material, group, verdicts, most_diffs, alike))
    found.sort(key=lambda item: (-len(item.rows), item.label, item.iri))
    return VariantReading(
        tuple(found),
        tuple(item for item in judged if item.verdict == "negative"),
        tuple(item for item in judged if item.verdict == "disputed"),
        tuple(sorted(refused)),
    )


def _utterance(
    material: Material,
    group: tuple[AttributionRow, ...],
    verdicts: dict[tuple[str, str], PairJudgement],
    most_diffs: int,
    alike: float,
) -> UtteranceVariants:
    rows = sorted(
        group, key=lambda row: (material.published(row)[1] or "9999", row.slug, row.spans)
    )
    named = next((row for row in rows if row.utterance_iri), rows[0])
    comparisons: list[Comparison] = []
    paired: set[str] = set()
    for left, right in _pairs(rows, verdicts, alike):
        paired.update((left.iri, right.iri))
        if len(comparisons) < most_diffs:
            comparisons.append(_compare(left, right, verdicts, material.language))
    return UtteranceVariants(
        iri=named.utterance_iri or named.iri,
        label=named.utterance or material.label(named.utterance_iri) or named.quote[:80],
        rows=tuple(rows),
        comparisons=tuple(comparisons),
        links=_links(material, rows),
        drifts=_drifts(rows),
        left_off=max(len(rows) - 1 - most_diffs, 0),
        alone=tuple(row for row in rows if row.iri not in paired),
    )


def _pairs(
    rows: Sequence[AttributionRow], verdicts: dict[tuple[str, str], PairJudgement], alike: float
) -> Iterator[tuple[AttributionRow, AttributionRow]]:
    """Give each statement with the first wording of it: an utterance may hold many statements.

    A statement is known again by a judgement, a claim or its words. Each is held against the first
    wordings only, the newest of them where there are very many: linear, not all with all.
    """
    first: list[AttributionRow] = []
    paired: set[str] = set()
    for row in rows:
        best, told = 0.0, None
        for other in first[-_STATEMENTS:]:
            weight = _closeness(other, row, verdicts)
            if weight > best and weight >= alike:
                best, told = weight, other
        if told is not None:
            paired.update((told.iri, row.iri))
            yield told, row
        if told is None or told.language != row.language:
            first.append(row)
    for row in first:
        # One wording may hold two statements of another text: the second is judged, not found.
        others = (other for other in rows if row.iri not in paired and other is not row)
        judged = (other for other in others if _closeness(row, other, verdicts) >= _JUDGED)
        for other in islice(judged, 1):
            yield row, other


def _closeness(
    left: AttributionRow, right: AttributionRow, verdicts: dict[tuple[str, str], PairJudgement]
) -> float:
    one, two = sorted((left.iri, right.iri))
    verdict = verdicts.get((one, two))
    words = likeness(left.quote, right.quote) if left.language == right.language else 0.0
    same_language = 0.5 * (left.language == right.language)
    if verdict is not None:
        return _JUDGED + same_language + words if verdict.verdict == "positive" else 0.0
    if left.document_iri == right.document_iri:
        return 0.0
    if {claim.iri for claim in left.claims} & {claim.iri for claim in right.claims}:
        return 1.0 + same_language + words
    return words


def _compare(
    left: AttributionRow,
    right: AttributionRow,
    verdicts: dict[tuple[str, str], PairJudgement],
    language: str,
) -> Comparison:
    translated = bool(left.language and right.language and left.language != right.language)
    first, second = sorted((left.iri, right.iri))
    verdict = verdicts.get((first, second))
    ours = {claim.iri: claim.label(language) for claim in left.claims}
    theirs = {claim.iri: claim.label(language) for claim in right.claims}
    return Comparison(
        left=left,
        right=right,
        changes=() if translated else diff(left.quote, right.quote),
        likeness=round(likeness(left.quote, right.quote), 3),
        translated=translated,
        judged=f"{verdict.links[0].relation} {verdict.verdict}" if verdict else "",
        basis=verdict.links[0].basis if verdict else "",
        only_left=tuple(sorted(ours[iri] for iri in ours.keys() - theirs.keys())),
        only_right=tuple(sorted(theirs[iri] for iri in theirs.keys() - ours.keys())),
    )


def _links(material: Material, rows: list[AttributionRow]) -> tuple[ClaimLink, ...]:
    inside = {claim.iri for row in rows for claim in row.claims} | {row.iri for row in rows}
    by_left = material.once(_links_by_left)
    found = {
        ClaimLink(material.label(item.left), item.relation, material.label(item.right), item.basis)
        for iri in inside
        for item in by_left.get(iri, ())
        if item.right in inside
    }
    return tuple(sorted(found))


def _links_by_left(material: Material) -> dict[str, list[AlignmentFact]]:
    found: defaultdict[str, list[AlignmentFact]] = defaultdict(list)
    for item in material.standing:
        if item.relation not in SAMENESS:
            found[item.left].append(item)
    return found


_SAID: dict[str, Callable[[AttributionRow], str]] = {
    "form": attrgetter("form"),
    "name": attrgetter("mention"),
    "role": attrgetter("role"),
}
"""What may be put differently of one speaker, and where a row says it."""


def _drifts(rows: list[AttributionRow]) -> tuple[NameDrift, ...]:
    found = []
    for kind, said in _SAID.items():
        wordings: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows:
            if said(row):
                wordings[said(row)].append(row.identifier)
        if len(wordings) > 1:
            pairs = tuple((text, tuple(sorted(wordings[text]))) for text in sorted(wordings))
            found.append(NameDrift(kind, pairs))
    return tuple(found)
