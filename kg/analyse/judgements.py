"""Judged links put together: what belongs together, what stays apart for good, what is disputed.

In: alignments. Out: groups (union–find that obeys negative judgements), and every disagreement.
A person's judgement overrides a program's; two that disagree at one rank leave the pair open.
Nothing is merged in the data: a group is a way of reading, and each link keeps its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.analyse.material import AlignmentFact

__all__ = ["SAMENESS", "Groups", "PairJudgement", "judge_pairs"]

SAMENESS = frozenset({"same-utterance", "variant-of-same-utterance", "part-overlap"})
"""The relations that put two attributions into one utterance."""


@dataclass(frozen=True, slots=True, order=True)
class PairJudgement:
    """What all alignments together say of one pair: `positive`, `negative`, `unsure`, `disputed`.

    `links` are the alignments that decided, sorted; `left` < `right`.
    """

    left: str
    right: str
    verdict: str
    links: tuple[AlignmentFact, ...]


def judge_pairs(
    alignments: Iterable[AlignmentFact], relations: Iterable[str] = SAMENESS
) -> dict[tuple[str, str], PairJudgement]:
    """Decide each pair that alignments of these relations, or `unrelated`, speak of.

    `unrelated` keeps a pair apart whether it is asserted or the pair's sameness is refused.
    """
    wanted = frozenset(relations)
    by_pair: defaultdict[tuple[str, str], list[tuple[str, AlignmentFact]]] = defaultdict(list)
    for item in alignments:
        left, right = sorted((item.left, item.right))
        if item.relation in wanted:
            by_pair[left, right].append((item.judgement, item))
        elif item.relation == "unrelated":
            verdict = "unsure" if item.judgement == "unsure" else "negative"
            by_pair[left, right].append((verdict, item))
    return {pair: PairJudgement(*pair, *_decide(by_pair[pair])) for pair in sorted(by_pair)}


def _decide(
    found: list[tuple[str, AlignmentFact]],
) -> tuple[str, tuple[AlignmentFact, ...]]:
    people = [entry for entry in found if entry[1].judge_kind == "person"]
    deciding = people or found
    links = tuple(sorted(item for _, item in deciding))
    verdicts = {verdict for verdict, _ in deciding}
    if verdicts >= {"positive", "negative"}:
        return "disputed", links
    if "negative" in verdicts:
        return "negative", links
    return ("positive" if "positive" in verdicts else "unsure"), links


@dataclass(slots=True)
class Groups:
    """Sets that grow by joining; a pair kept apart is never in one set, whatever else joins.

    Joins are refused, not repaired: the order of calls decides, so callers sort.
    """

    _parent: dict[str, str] = field(default_factory=dict)
    _members: dict[str, list[str]] = field(default_factory=dict)
    _enemies: dict[str, set[str]] = field(default_factory=dict)

    def add(self, item: str) -> None:
        """Let an item be known, alone."""
        if item not in self._parent:
            self._parent[item] = item
            self._members[item] = [item]

    def find(self, item: str) -> str:
        """Give the item that stands for the set."""
        self.add(item)
        root = item
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[item] != root:
            self._parent[item], item = root, self._parent[item]
        return root

    def keep_apart(self, left: str, right: str) -> bool:
        """Forbid two items one set, for good; False where they are in one already."""
        a, b = self.find(left), self.find(right)
        if a == b:
            return False
        self._enemies.setdefault(a, set()).add(b)
        self._enemies.setdefault(b, set()).add(a)
        return True

    def join(self, left: str, right: str) -> bool:
        """Make one set of two; False where a judgement keeps them apart."""
        a, b = self.find(left), self.find(right)
        if a == b:
            return True
        if b in self._enemies.get(a, ()):
            return False
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        self._parent[b] = a
        self._members[a].extend(self._members.pop(b))
        for enemy in self._enemies.pop(b, set()):
            self._enemies[enemy].discard(b)
            self._enemies[enemy].add(a)
            self._enemies.setdefault(a, set()).add(enemy)
        return True

    def sets(self) -> list[tuple[str, ...]]:
        """Give all sets, each sorted, sorted."""
        return sorted(tuple(sorted(members)) for members in self._members.values())
