"""Conflicts: claims that cannot both hold, by kind, from what the ontology declares of predicates.

In: `Material`. Out: `Conflict` values, each with the attributions on both sides and the rule that
makes them conflict. Functional predicates, disjoint ones, inverses, denials and judged
contradictions are the only grounds; likeness of words never is. A conflict across time is
`superseded`; within one utterance there is none. Which side holds is not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import NamedTuple

from kg.analyse.judgements import judge_pairs
from kg.analyse.material import AlignmentFact, Material, PredicateFact, window_of
from kg.analyse.variants import utterance_groups
from kg.graph.rows import AttributionRow, ClaimRow

__all__ = ["DAYS_TO_SUPERSEDE", "MOST_PAIRS", "Conflict", "conflicts"]

DAYS_TO_SUPERSEDE = 7
"""Sides published further apart than this are told as a change; see docs/readings.md."""

MOST_PAIRS = 100
"""Pairs shown for one subject and predicate; the most attested values come first."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two claims, or one affirmed and denied, that cannot both hold.

    `rule` says why (`functional`, `disjoint`, `inverse`, `denied`, `judged`); `judgement` is
    `derived`, or what an alignment says: `positive`, `unsure`. `same_speakers` names who stands on
    both sides. `left` is the earlier side where time tells.
    """

    kind: str
    rule: str
    left_claim: str
    right_claim: str
    left: tuple[AttributionRow, ...]
    right: tuple[AttributionRow, ...]
    same_speakers: tuple[str, ...]
    judgement: str
    note: str

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Name the attributions on both sides."""
        return tuple(row.identifier for row in (*self.left, *self.right))


class _Statement(NamedTuple):
    """A claim with inverses turned round: subject and object may have changed places."""

    claim: ClaimRow
    subject: str
    predicate: str
    object: str
    qualifiers: tuple[tuple[str, str], ...]


def conflicts(
    material: Material,
    *,
    days_to_supersede: int = DAYS_TO_SUPERSEDE,
    most_pairs: int = MOST_PAIRS,
    claim: str = "",
) -> list[Conflict]:
    """Find every conflict, or those that touch one claim (an IRI); sorted by kind and claim."""
    statements = [_turned(material, iri) for iri in material.claim_iris]
    found = [
        *_functional(material, statements, most_pairs),
        *_disjoint(material, statements),
        *_denied(material),
    ]
    judged = judge_pairs(material.alignments, ["contradicts"])
    kept: dict[tuple[str, str], Conflict] = {}
    for item in found:
        pair = tuple(sorted((item.left_claim, item.right_claim)))
        verdict = judged.get((pair[0], pair[1]))
        if verdict is None or verdict.verdict != "negative":
            kept.setdefault((pair[0], pair[1]), item)
    for item in sorted(_judged(material), key=lambda item: item.judgement == "positive"):
        pair = tuple(sorted((item.left_claim, item.right_claim)))
        kept[pair[0], pair[1]] = item
    kept = {pair: item for pair, item in kept.items() if not _repeats(material, item, kept)}
    timed = [_in_time(material, item, days_to_supersede) for item in kept.values()]
    apart = [item for item in timed if not _one_utterance(material, item)]
    if claim:
        apart = [item for item in apart if claim in (item.left_claim, item.right_claim)]
    return sorted(apart, key=lambda item: (item.kind, item.left_claim, item.right_claim, item.rule))


def _turned(material: Material, iri: str) -> _Statement:
    claim = material.claim(iri)
    assert claim is not None
    fact = material.claims.get(iri)
    qualifiers = fact.qualifiers if fact else ()
    subject, predicate, thing = claim.subject_iri, claim.predicate_iri, claim.object
    declared = material.predicates.get(predicate)
    if declared and declared.inverse and declared.inverse < predicate:
        subject, predicate, thing = thing, declared.inverse, subject
    elif declared and declared.symmetric and thing < subject:
        subject, thing = thing, subject
    return _Statement(claim, subject, predicate, thing, qualifiers)


def _functional(
    material: Material, statements: Sequence[_Statement], most_pairs: int
) -> Iterator[Conflict]:
    """Two values of a functional predicate under the same circumstances."""
    groups: defaultdict[tuple[object, ...], list[_Statement]] = defaultdict(list)
    for item in statements:
        declared = material.predicates.get(item.predicate)
        if declared and declared.functional:
            timeless = tuple(pair for pair in item.qualifiers if pair[0] != "when")
            groups[item.subject, item.predicate, timeless].append(item)
        turned = _other_way(material, item)
        if turned is not None:
            groups["inverse", turned.subject, turned.predicate].append(turned)
    for key in sorted(groups, key=str):
        items = sorted(
            groups[key],
            key=lambda item: (-len(material.conveying(item.claim.iri)), item.claim.iri),
        )
        rule = "inverse" if key[0] == "inverse" else "functional"
        shown = 0
        for left, right in combinations(items, 2):
            if shown >= most_pairs:
                break
            declared = material.predicates[left.predicate]
            if _values_differ(declared, left.object, right.object) and _times_meet(left, right):
                shown += 1
                kind = _kind(material, declared, left, right)
                yield _conflict(material, kind, rule, left.claim.iri, right.claim.iri)


def _other_way(material: Material, item: _Statement) -> _Statement | None:
    """Read a statement by its functional inverse: `a heads b` as `b isHeadedBy a`."""
    declared = material.predicates.get(item.predicate)
    inverse = material.predicates.get(declared.inverse) if declared and declared.inverse else None
    if inverse is None or not inverse.functional:
        return None
    return item._replace(subject=item.object, predicate=inverse.iri, object=item.subject)


def _values_differ(declared: PredicateFact, left: str, right: str) -> bool:
    """Tell whether two objects exclude each other; a date within the other's span does not."""
    if left == right:
        return False
    if declared.kind == "date":
        (first, last), (other_first, other_last) = window_of(left), window_of(right)
        known = last and other_first and other_last and first
        return bool(known and (last < other_first or other_last < first))
    if declared.kind == "number":
        try:
            return Decimal(left) != Decimal(right)
        except InvalidOperation:
            return True
    return True


def _times_meet(left: _Statement, right: _Statement) -> bool:
    """Tell whether the `when` of both claims can be one time; no `when` is any time."""
    (first, last), (other_first, other_last) = (
        window_of(dict(item.qualifiers).get("when", "")) for item in (left, right)
    )
    return not (last and other_first and last < other_first) and not (
        other_last and first and other_last < first
    )


def _kind(material: Material, declared: PredicateFact, left: _Statement, right: _Statement) -> str:
    if declared.kind in ("date", "number"):
        return declared.kind
    classes = {material.classes.get(item.object, "") for item in (left, right)}
    if classes == {"place"}:
        return "place"
    return "role" if classes == {"agent"} else "scope"


def _disjoint(material: Material, statements: Sequence[_Statement]) -> Iterator[Conflict]:
    """One pair of things under two predicates declared disjoint."""
    by_pair: defaultdict[tuple[str, str], list[_Statement]] = defaultdict(list)
    for item in statements:
        by_pair[item.subject, item.object].append(item)
    for pair in sorted(by_pair):
        if len(by_pair[pair]) < 2:
            continue
        for left, right in combinations(by_pair[pair], 2):
            declared = material.predicates.get(left.predicate)
            other = material.predicates.get(right.predicate)
            disjoint = (declared and right.predicate in declared.disjoint) or (
                other and left.predicate in other.disjoint
            )
            if disjoint and _times_meet(left, right):
                yield _conflict(material, "polarity", "disjoint", left.claim.iri, right.claim.iri)


def _denied(material: Material) -> Iterator[Conflict]:
    """One claim that some affirm and some deny."""
    for iri in material.claim_iris:
        affirmed, denied = _sides(material, iri, iri)
        if denied and affirmed:
            yield _between("polarity", "denied", (iri, iri), affirmed, denied)


def _judged(material: Material) -> Iterator[Conflict]:
    """What people or programs judged to contradict, for sure or perhaps."""
    for verdict in judge_pairs(material.alignments, ["contradicts"]).values():
        link = next((item for item in verdict.links if item.relation == "contradicts"), None)
        if verdict.verdict == "negative" or link is None:
            continue
        claims = material.claims_meant(link) or (link.left, link.right)
        left, right = _sides(material, *claims)
        if not left or not right:
            continue
        made = _between(link.conflict or "scope", "judged", claims, left, right)
        yield replace(made, judgement=verdict.verdict, note=_told(link))


def _repeats(material: Material, item: Conflict, kept: dict[tuple[str, str], Conflict]) -> bool:
    """Tell whether a conflict judged of two attributions is there already, of their claims."""
    ours, theirs = material.row(item.left_claim), material.row(item.right_claim)
    if ours is None and theirs is None:
        return False
    return any(
        tuple(sorted((left, right))) in kept
        for left in ([claim.iri for claim in ours.claims] if ours else [item.left_claim])
        for right in ([claim.iri for claim in theirs.claims] if theirs else [item.right_claim])
    )


def _told(link: AlignmentFact) -> str:
    return f"{link.basis} — {link.by}" if link.by else link.basis


def _sides(
    material: Material, left: str, right: str
) -> tuple[tuple[AttributionRow, ...], tuple[AttributionRow, ...]]:
    """Give the attributions on both sides: who conveys a claim, or the attribution itself.

    Of one claim on both sides, those who affirm it stand left and those who deny it right.
    """
    if left == right:
        rows = material.conveying(left)
        denied = tuple(row for row in rows if row.polarity == "denied")
        return tuple(row for row in rows if row.polarity != "denied"), denied
    ours, theirs = material.row(left), material.row(right)
    return (
        (ours,) if ours else tuple(material.conveying(left)),
        (theirs,) if theirs else tuple(material.conveying(right)),
    )


def _conflict(material: Material, kind: str, rule: str, left: str, right: str) -> Conflict:
    sides = [
        tuple(row for row in material.conveying(iri) if row.polarity != "denied")
        for iri in (left, right)
    ]
    return _between(kind, rule, (left, right), sides[0], sides[1])


def _between(
    kind: str,
    rule: str,
    claims: tuple[str, str],
    left: tuple[AttributionRow, ...],
    right: tuple[AttributionRow, ...],
) -> Conflict:
    ours = {name for row in left if row.form != "authorial" for name in row.speakers}
    theirs = {name for row in right if row.form != "authorial" for name in row.speakers}
    return Conflict(
        kind=kind,
        rule=rule,
        left_claim=claims[0],
        right_claim=claims[1],
        left=left,
        right=right,
        same_speakers=tuple(sorted(ours & theirs)),
        judgement="derived",
        note="",
    )


def _in_time(material: Material, item: Conflict, days: int) -> Conflict:
    """Put the earlier side left, and say `superseded` where a later word takes its place.

    It does where every word of one side is later than every word of the other, and either one
    speaker or one outlet stands on both, or the sides lie more than `days` apart.
    """
    if not item.left or not item.right:
        return item
    left, right = _span(material, item.left), _span(material, item.right)
    if _days_between(right, left) > 0:
        item = replace(
            item,
            left=item.right,
            right=item.left,
            left_claim=item.right_claim,
            right_claim=item.left_claim,
        )
        left, right = right, left
    gap = _days_between(left, right)
    if gap <= 0 or item.rule == "judged":
        return item
    outlets = {material.family(row.outlet_iri) for row in item.left} & {
        material.family(row.outlet_iri) for row in item.right
    }
    if item.same_speakers or outlets or gap > days:
        who = ", ".join(item.same_speakers) or ", ".join(map(material.label, sorted(outlets)))
        note = f"{gap} day{'s' if gap > 1 else ''} later" + (
            f", {who} on both sides" if who else ""
        )
        return replace(item, kind="superseded", note=f"{item.kind}: {note}")
    return item


def _span(material: Material, rows: Sequence[AttributionRow]) -> tuple[str, str]:
    """Give the first and last day on which the rows' texts may have been published."""
    windows = [material.published(row) for row in rows]
    firsts, lasts = [first for first, _ in windows], [last for _, last in windows]
    return ("" if "" in firsts else min(firsts)), ("" if "" in lasts else max(lasts))


def _days_between(early: tuple[str, str], late: tuple[str, str]) -> int:
    """Count the days from the last of one span to the first of the other; 0 if not known."""
    if not early[1] or not late[0]:
        return 0
    return (date.fromisoformat(late[0]) - date.fromisoformat(early[1])).days


def _one_utterance(material: Material, item: Conflict) -> bool:
    """Tell whether both sides lie within one utterance, or have nobody left to say them."""
    if not item.left or not item.right:
        return True
    numbers = material.once(_group_of)
    groups = {numbers.get(row.iri, row.iri) for row in (*item.left, *item.right)}
    return len(groups) == 1


def _group_of(material: Material) -> dict[str, str]:
    return {row.iri: group[0].iri for group in material.once(utterance_groups)[0] for row in group}
