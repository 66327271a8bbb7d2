"""The queries of shapes as values: the part of SPARQL that our SELECT queries are written in.

In: the text of a query with its prefixes. Out: a `Group` of patterns, tests and what must or must
not be there, with every term in N-Triples.
Evaluates nothing. A query that uses more of SPARQL gives None, and its shape is checked without a
screen (`kg.graph.shapes_screen`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph

from kg.graph.vocab import RDF, XSD

__all__ = [
    "Call",
    "Exists",
    "Expression",
    "Group",
    "InGraph",
    "Pattern",
    "Test",
    "read_select",
    "variables_of",
]


class Pattern(NamedTuple):
    """A triple pattern; `repeat` is "", or "+" or "*" where the property is a path of many steps.

    A variable starts with a question mark.
    """

    subject: str
    property: str
    object: str
    repeat: str = ""


class InGraph(NamedTuple):
    """A pattern that looks into named graphs."""

    graph: str
    subject: str
    property: str
    object: str


class Call(NamedTuple):
    """A function or operator with its arguments, each a `Call`, a variable or a term."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Call | str


class Test(NamedTuple):
    """A filter: an expression and the variables that it reads."""

    expression: Expression
    variables: frozenset[str]


class Exists(NamedTuple):
    """A filter that asks whether a group has an answer, or has none."""

    group: Group
    negated: bool


class Group(NamedTuple):
    """What stands between two braces; of each union, one branch must hold."""

    patterns: tuple[Pattern | InGraph, ...] = ()
    tests: tuple[Test, ...] = ()
    exists: tuple[Exists, ...] = ()
    unions: tuple[tuple[Group, ...], ...] = ()

    def variables(self) -> frozenset[str]:
        """Name every variable that the group's patterns bind."""
        found = {term for pattern in self.patterns for term in pattern if term.startswith("?")}
        for union in self.unions:
            found.update(*(branch.variables() for branch in union))
        return frozenset(found)

    def mentioned(self) -> frozenset[str]:
        """Name every variable of the group, those of its filters too."""
        found = set(self.variables())
        found.update(*(test.variables for test in self.tests))
        found.update(*(item.group.mentioned() for item in self.exists))
        found.update(*(branch.mentioned() for union in self.unions for branch in union))
        return frozenset(found)


class _UnknownError(Exception):
    """The query uses what this reader does not know."""


_TOKEN = re.compile(
    r"""\s+ | (?P<iri><[^<>"{}|^`\\\s]*>) | (?P<variable>[?$]\w+) | (?P<string>"(?:[^"\\\n]|\\.)*")
    | (?P<number>\d+) | (?P<name>[A-Za-z]\w*:[\w-]*) | (?P<word>[A-Za-z]+)
    | (?P<mark>&&|\|\||!=|<=|>=|[=<>!+*(){}.;,-])""",
    re.VERBOSE | re.ASCII,
)
_PREFIX = re.compile(r"PREFIX\s+(\w+):\s*(<[^>]*>)", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})
_FUNCTIONS = frozenset(
    {
        *("CONCAT", "CONTAINS", "IF", "ISBLANK", "ISIRI", "ISLITERAL", "ISNUMERIC", "REGEX"),
        *("STR", "STRENDS", "STRLEN", "STRSTARTS", "SUBSTR"),
    }
)


@lru_cache(maxsize=512)
def read_select(query: str) -> Group | None:
    """Read the WHERE part of a SELECT query; None where it is more than this reader knows."""
    text = _COMMENT.sub("", query)
    prefixes = dict(_PREFIX.findall(text))
    head, brace, body = _PREFIX.sub("", text).partition("{")
    if not re.match(r"\s*SELECT\b", head, re.IGNORECASE) or re.search(r"\b(COUNT|SUM)\b", head):
        return None
    try:
        reader = _Reader(list(_tokens(brace + body)), prefixes)
        group = reader.group()
        reader.end()
    except _UnknownError:
        return None
    return group


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _UnknownError(text[place : place + 20])
        if match.lastgroup:
            yield match.lastgroup, match.group()
        place = match.end()


class _Reader:
    """Reads tokens from left to right; raises where it meets something it does not know."""

    def __init__(self, tokens: list[tuple[str, str]], prefixes: dict[str, str]) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._prefixes = prefixes
        self._at = 0

    def group(self) -> Group:
        """Read `{ … }`."""
        self._take("{")
        patterns: list[Pattern | InGraph] = []
        tests: list[Test] = []
        exists: list[Exists] = []
        unions: list[tuple[Group, ...]] = []
        while not self._skip("}"):
            if self._skip("."):
                continue
            word = self._word()
            if word == "FILTER":
                self._at += 1
                self._filter(tests, exists)
            elif word == "GRAPH":
                self._at += 1
                patterns.extend(self._in_graph())
            elif self._peek() == "{":
                unions.append(self._union())
            elif not word:
                patterns.extend(self._triples())
            else:
                raise _UnknownError(word)
        return Group(tuple(patterns), tuple(tests), tuple(exists), tuple(unions))

    def end(self) -> None:
        """Refuse anything that follows."""
        if self._tokens[self._at][0] != "end":
            raise _UnknownError(self._peek())

    def _peek(self) -> str:
        return self._tokens[self._at][1]

    def _word(self) -> str:
        kind, text = self._tokens[self._at]
        return text.upper() if kind == "word" else ""

    def _skip(self, mark: str) -> bool:
        if self._tokens[self._at] != ("mark", mark):
            return False
        self._at += 1
        return True

    def _take(self, mark: str) -> None:
        if not self._skip(mark):
            raise _UnknownError(f"{self._peek()}, not {mark}")

    def _union(self) -> tuple[Group, ...]:
        branches = [self.group()]
        while self._word() == "UNION":
            self._at += 1
            branches.append(self.group())
        return tuple(branches)

    def _in_graph(self) -> Iterator[InGraph]:
        graph = self._term()
        inside = self.group()
        if inside.tests or inside.exists or inside.unions:
            raise _UnknownError("GRAPH with more than triples")
        for pattern in inside.patterns:
            if isinstance(pattern, InGraph) or pattern.repeat:
                raise _UnknownError("GRAPH")
            yield InGraph(graph, *pattern[:3])

    def _triples(self) -> Iterator[Pattern]:
        subject = self._term()
        while True:
            name, repeat = self._property()
            while True:
                yield Pattern(subject, name, self._term(), repeat)
                if not self._skip(","):
                    break
            if not self._skip(";"):
                return

    def _property(self) -> tuple[str, str]:
        if self._word() == "A":
            self._at += 1
            return f"<{RDF.type}>", ""
        name = self._term()
        for repeat in ("+", "*"):
            if self._skip(repeat):
                return name, repeat
        return name, ""

    def _term(self) -> str:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "iri":
            return text
        if kind == "variable":
            return f"?{text[1:]}"
        if kind == "number":
            return str(pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(XSD.integer)))
        if kind == "string":
            return _string(text)
        if kind == "name":
            prefix, _, local = text.partition(":")
            if prefix in self._prefixes:
                return f"{self._prefixes[prefix][:-1]}{local}>"
        if kind == "word" and text in {"true", "false"}:
            return str(pyoxigraph.Literal(text == "true"))
        raise _UnknownError(text)

    def _filter(self, tests: list[Test], exists: list[Exists]) -> None:
        word = self._word()
        if word in {"NOT", "EXISTS"}:
            self._at += 1
            if word == "NOT":
                if self._word() != "EXISTS":
                    raise _UnknownError("NOT")
                self._at += 1
            exists.append(Exists(self.group(), negated=word == "NOT"))
            return
        expression = self._call() if word else self._bracketed()
        tests.extend(Test(part, variables_of(part)) for part in _conjuncts(expression))

    def _bracketed(self) -> Expression:
        self._take("(")
        inner = self._either()
        self._take(")")
        return inner

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._skip("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Call("||", tuple(parts))

    def _both(self) -> Expression:
        parts = [self._comparison()]
        while self._skip("&&"):
            parts.append(self._comparison())
        return parts[0] if len(parts) == 1 else Call("&&", tuple(parts))

    def _comparison(self) -> Expression:
        left = self._sum()
        kind, text = self._tokens[self._at]
        if kind == "mark" and text in _COMPARISONS:
            self._at += 1
            return Call(text, (left, self._sum()))
        negated = self._word() == "NOT"
        self._at += negated
        if self._word() == "IN":
            self._at += 1
            found = Call("IN", (left, *self._list()))
            return Call("!", (found,)) if negated else found
        if negated:
            raise _UnknownError("NOT")
        return left

    def _sum(self) -> Expression:
        left = self._single()
        while self._peek() in {"+", "-"}:
            mark = self._peek()
            self._at += 1
            left = Call(mark, (left, self._single()))
        return left

    def _single(self) -> Expression:
        if self._skip("!"):
            return Call("!", (self._single(),))
        if self._peek() == "(":
            return self._bracketed()
        if self._word() in _FUNCTIONS:
            return self._call()
        return self._term()

    def _call(self) -> Call:
        name = self._word()
        if name not in _FUNCTIONS:
            raise _UnknownError(name)
        self._at += 1
        return Call(name, tuple(self._list()))

    def _list(self) -> list[Expression]:
        self._take("(")
        items: list[Expression] = []
        while not self._skip(")"):
            items.append(self._either())
            self._skip(",")
        return items


def _string(text: str) -> str:
    """Spell a quoted string as N-Triples does; Oxigraph reads it, so that nothing is guessed."""
    triple = next(
        iter(pyoxigraph.parse(f"<s:s> <s:p> {text} .", format=pyoxigraph.RdfFormat.TURTLE))
    )
    return str(triple.object)


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    """Take a filter apart where all of its parts must be true."""
    if isinstance(expression, Call) and expression.name == "&&":
        for part in expression.arguments:
            yield from _conjuncts(part)
    else:
        yield expression


def variables_of(expression: Expression) -> frozenset[str]:
    """Name the variables that an expression reads."""
    if isinstance(expression, Call):
        return frozenset().union(*(variables_of(part) for part in expression.arguments))
    return frozenset({expression} if expression.startswith("?") else ())
