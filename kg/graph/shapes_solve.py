"""Answers a shape's query on columns: too many answers rather than too few.

In: `Facts` and a `Group`. Out: the terms that a variable may take, all of the true ones among them.
Works on whole columns at a time, which in Python costs a tenth of what Oxigraph needs for a look-up
a node. What it cannot tell it keeps; `kg.graph.validate` then asks Oxigraph about what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from kg.graph.shapes_facts import Facts, Links
from kg.graph.shapes_select import Call, Exists, Group, InGraph, Pattern, Test
from kg.graph.shapes_test import ERROR, make_test

__all__ = ["candidates"]

Row = tuple[str, ...]


class _Table(NamedTuple):
    """Rows of terms, one column a variable."""

    names: tuple[str, ...]
    rows: list[Row]

    def places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}


_UNIT = _Table((), [()])
_MANY = 1e6
"""Weighs against joining patterns that share no variable."""


def candidates(facts: Facts, group: Group, variable: str) -> frozenset[str] | None:
    """Give every term that `variable` may take, and perhaps more; None where nothing limits it."""
    found = _Solver(facts).solve(_UNIT, group, certain=False)
    if not found.rows:
        return frozenset()
    place = found.places().get(variable)
    return None if place is None else frozenset(row[place] for row in found.rows)


class _Solver:
    """One graph; `certain` asks for surely true rows alone, else all that may be true are kept."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def solve(self, table: _Table, group: Group, *, certain: bool) -> _Table:
        """Join the rows with the group's patterns, and drop what its filters refuse."""
        bound_at_last = group.variables() | set(table.names)
        tests, exists = list(group.tests), list(group.exists)
        left = list(group.patterns)
        table = self._filter(table, tests, exists, bound_at_last, certain=certain)
        while left and table.rows:
            costs = [self._cost(pattern, table) for pattern in left]
            pattern = left.pop(costs.index(min(costs)))
            if isinstance(pattern, InGraph):
                table = self._in_graph(table, pattern)
            else:
                table = self._join(table, pattern, tests)
            table = self._filter(table, tests, exists, bound_at_last, certain=certain)
        for union in group.unions if table.rows else ():
            table = self._union(table, union, certain=certain)
            table = self._filter(table, tests, exists, bound_at_last, certain=certain)
        if table.rows and certain and (tests or exists):
            return _Table(table.names, [])
        return table

    def _union(self, table: _Table, union: tuple[Group, ...], *, certain: bool) -> _Table:
        found = [self.solve(table, branch, certain=certain) for branch in union]
        found = [branch for branch in found if branch.rows]
        if not found:
            return _Table(table.names, [])
        names = tuple(
            name for name in found[0].names if all(name in branch.names for branch in found)
        )
        rows: dict[Row, None] = {}
        for branch in found:
            places = branch.places()
            rows.update(dict.fromkeys(_picked(branch.rows, [places[name] for name in names])))
        return _Table(names, list(rows))

    # -- filters -----------------------------------------------------------------------------------

    def _filter(
        self,
        table: _Table,
        tests: list[Test],
        exists: list[Exists],
        bound_at_last: frozenset[str],
        *,
        certain: bool,
    ) -> _Table:
        """Apply the filters whose variables are all bound, and take them off the lists."""
        here = set(table.names)
        for test in [item for item in tests if item.variables <= here]:
            tests.remove(test)
            table = _tested(table, test, certain=certain)
        for item in [item for item in exists if item.group.mentioned() & bound_at_last <= here]:
            exists.remove(item)
            table = self._exists(table, item, certain=certain)
        return table

    def _exists(self, table: _Table, item: Exists, *, certain: bool) -> _Table:
        if not table.rows:
            return table
        shared = tuple(name for name in table.names if name in item.group.mentioned())
        places = table.places()
        keys = _picked(table.rows, [places[name] for name in shared])
        start = _Table(shared, list(dict.fromkeys(keys)))
        inner = self.solve(start, item.group, certain=certain != item.negated)
        there = set(_picked(inner.rows, range(len(shared))))
        if item.negated:
            rows = [row for row, key in zip(table.rows, keys, strict=True) if key not in there]
        else:
            rows = [row for row, key in zip(table.rows, keys, strict=True) if key in there]
        return _Table(table.names, rows)

    # -- joins -------------------------------------------------------------------------------------

    def _cost(self, pattern: Pattern | InGraph, table: _Table) -> float:
        """Guess how many rows a pattern makes of one."""
        if isinstance(pattern, InGraph):
            return 1.0 if pattern.graph in table.names else float(len(self._facts.named))
        known = [term in table.names or not term.startswith("?") for term in pattern[:3]]
        subject, name, value = known
        if not name:
            return _MANY * (3 - subject - value)
        column = self._facts.column(pattern.property)
        size = len(column.subjects)
        if not size and pattern.repeat != "*":
            return 0.0
        if pattern.repeat:
            return 100.0 if subject or value else _MANY
        if subject and value:
            bound = pattern.subject in table.names or pattern.object in table.names
            return 0.1 if bound else 0.0
        if subject:
            return size / max(1, len(self._facts.out(pattern.property)))
        if pattern.object in table.names:
            return size / max(1, len(self._facts.back(pattern.property)))
        if value:
            size = len(self._facts.holders(pattern.property, pattern.object))
        return float(size) if not table.names else _MANY + size

    def _join(self, table: _Table, pattern: Pattern, tests: list[Test]) -> _Table:
        if pattern.property.startswith("?"):
            return self._join_any(table, pattern, tests)
        subject, name, value, repeat = pattern
        if repeat:
            return self._join_path(table, pattern)
        places = table.places()
        one, other = places.get(subject), places.get(value)
        facts = self._facts
        if not subject.startswith("?") or not value.startswith("?"):
            return self._join_fixed(table, pattern)
        if one is not None and other is not None:
            out = facts.out(name)
            return _Table(
                table.names, [row for row in table.rows if row[other] in out.get(row[one], ())]
            )
        if one is not None:
            return _stepped(table, one, facts.out(name), value)
        if other is not None:
            return _stepped(table, other, facts.back(name), subject)
        pairs: Iterable[Row] = self._limited(pattern, tests)
        if subject == value:
            pairs = [(left,) for left, right in pairs if left == right]
        names = (subject,) if subject == value else (subject, value)
        made = list(pairs)
        if not table.names:
            return _Table(names, made if table.rows else [])
        return _Table((*table.names, *names), [(*row, *new) for row in table.rows for new in made])

    def _limited(self, pattern: Pattern, tests: list[Test]) -> Iterable[Row]:
        """Give a property's triples, without those that tests of one end alone refuse."""
        column = self._facts.column(pattern.property)
        pairs: Iterable[Row] = zip(*column, strict=True)
        for place, name in ((0, pattern.subject), (1, pattern.object)):
            if any(test.variables == {name} for test in tests):
                terms = set(column[place])
                allowed = self._allowed(name, terms, tests)
                if not allowed:
                    return []
                if len(allowed) < len(terms):
                    pairs = [pair for pair in pairs if pair[place] in allowed]
        return pairs

    def _join_fixed(self, table: _Table, pattern: Pattern) -> _Table:
        """Join a pattern of which an end is no variable."""
        subject, name, value, _ = pattern
        if value.startswith("?"):
            ends: Iterable[str] = self._facts.out(name).get(subject, ())
            free = value
        else:
            ends = self._facts.holders(name, value)
            free = subject
        place = table.places().get(free)
        if not free.startswith("?"):
            return table if subject in ends else _Table(table.names, [])
        if place is not None:
            there = frozenset(ends)
            return _Table(table.names, [row for row in table.rows if row[place] in there])
        rows = [(*row, end) for row in table.rows for end in ends]
        return _Table((*table.names, free), rows)

    def _join_any(self, table: _Table, pattern: Pattern, tests: list[Test]) -> _Table:
        """Join a pattern whose property is a variable, property by property."""
        name = pattern.property
        if name in table.names:
            place = table.places()[name]
            used = {row[place] for row in table.rows} & self._facts.columns.keys()
        else:
            used = self._allowed(name, self._facts.columns, tests)
        for end in (pattern.subject, pattern.object):
            if end.startswith("?") and end not in table.names:
                if not any(test.variables == {end} for test in tests):
                    continue
                if not self._allowed(end, self._facts.terms, tests):
                    used = set()
        made: list[Row] = []
        names: tuple[str, ...] = table.names
        for one in sorted(used):
            rows = table.rows
            if name in table.names:
                rows = [row for row in rows if row[place] == one]
                start = _Table(table.names, rows)
            else:
                start = _Table((*table.names, name), [(*row, one) for row in rows])
            joined = self._join(start, Pattern(pattern.subject, one, pattern.object), tests)
            names = joined.names
            made.extend(joined.rows)
        return _Table(names, made)

    def _allowed(self, name: str, terms: Iterable[str], tests: list[Test]) -> set[str]:
        """Keep the terms that the tests of this variable alone let pass."""
        kept = set(terms)
        for test in tests:
            if test.variables == {name} and (mark := _mark_of(test, name)):
                kept = {term for term in kept if term.startswith(mark)}
            elif test.variables == {name}:
                holds = make_test(test.expression, {name: 0}, once=False)
                kept = {term for term in kept if not _refused(holds((term,)))}
        return kept

    def _join_path(self, table: _Table, pattern: Pattern) -> _Table:
        """Join a path of many steps, from the end that is known or else from every start."""
        subject, name, value, repeat = pattern
        places = table.places()
        out, free, start = self._facts.out(name), value, subject
        if subject.startswith("?") and subject not in places:
            if not value.startswith("?") or value in places:
                out, free, start = self._facts.back(name), subject, value
            else:
                starts = self._facts.terms if repeat == "*" else out
                rows = [(*row, node) for row in table.rows for node in starts]
                return self._join_path(_Table((*table.names, subject), rows), pattern)
        place, end = places.get(start), places.get(free)
        made: list[Row] = []
        for row in table.rows:
            reached = _reached(out, start if place is None else row[place], itself=repeat == "*")
            if end is None and free.startswith("?"):
                made.extend((*row, node) for node in reached)
            elif (free if end is None else row[end]) in reached:
                made.append(row)
        bound = end is not None or not free.startswith("?")
        return _Table(table.names if bound else (*table.names, free), made)

    def _in_graph(self, table: _Table, pattern: InGraph) -> _Table:
        """Join a pattern over the named graphs."""
        places = table.places()
        known = [(place, term) for place, term in enumerate(pattern) if term in places]
        fixed = [(n, term) for n, term in enumerate(pattern) if not term.startswith("?")]
        free = {term: n for n, term in enumerate(pattern) if term[0] == "?" and term not in places}
        index: dict[Row, list[Row]] = {}
        for quad in self._facts.named:
            if all(quad[place] == term for place, term in fixed):
                new = tuple(quad[place] for place in free.values())
                index.setdefault(tuple(quad[place] for place, _ in known), []).append(new)
        keys = _picked(table.rows, [places[term] for _, term in known])
        rows = [
            row + new
            for row, key in zip(table.rows, keys, strict=True)
            for new in index.get(key, ())
        ]
        return _Table((*table.names, *free), rows)


def _stepped(table: _Table, place: int, links: Links, name: str) -> _Table:
    find = links.get
    rows = [(*row, end) for row in table.rows for end in find(row[place], ())]
    return _Table((*table.names, name), rows)


def _tested(table: _Table, test: Test, *, certain: bool) -> _Table:
    """Keep the rows for which the test is true or, unless `certain`, may be."""
    if not table.rows:
        return table
    holds = make_test(test.expression, table.places())
    if certain:
        rows = [row for row in table.rows if holds(row) is True]
    else:
        rows = [row for row in table.rows if not _refused(holds(row))]
    return _Table(table.names, rows)


def _mark_of(test: Test, name: str) -> str:
    """Give the first character of what passes a test of a term's kind; "" for other tests."""
    if not isinstance(test.expression, Call) or test.expression.arguments != (name,):
        return ""
    return _MARKS.get(test.expression.name, "")


_MARKS: Final = {"ISBLANK": "_", "ISIRI": "<", "ISLITERAL": '"'}


def _refused(value: object) -> bool:
    return value is False or value is ERROR


def _picked(rows: Iterable[Row], places: Iterable[int]) -> list[Row]:
    """Give some columns of each row."""
    wanted = list(places)
    if len(wanted) == 1:
        only = wanted[0]
        return [(row[only],) for row in rows]
    return [tuple(row[place] for place in wanted) for row in rows]


def _reached(links: Links, start: str, *, itself: bool) -> set[str]:
    seen: set[str] = {start} if itself else set()
    waiting = list(links.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(links.get(node, ()))
    return seen
