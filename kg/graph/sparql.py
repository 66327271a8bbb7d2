"""SPARQL text seen as tokens: which form a query has, what it may not do, and binding values.

In: the text of a query, and terms for some of its variables. Out: the same text with each such
variable replaced by its term (a token for a token, so no value is ever read as syntax), or a
reason to refuse it, or what a parser finds wrong, in a short line.
Knows the words of the grammar, not its meaning: engines parse and answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import QueryError
from kg.graph.table import Term, turtle_term
from kg.graph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["bind", "form", "parse_fault", "refusal"]


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The keyword in upper case, or "" for any other token."""
        return self.text.upper() if self.kind == "word" else ""


# The terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, longest first.
_LEXER = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])
      *(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]))?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<space>\s+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")
_ILLEGAL_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')


_KEPT = 256
"""Queries of which the reading is kept: the same few are asked again and again."""


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _LEXER.finditer(text):
        kind = str(match.lastgroup)
        if kind not in {"comment", "space"}:
            found.append(_Token(kind, match.group(), match.start(), match.end()))
    return found


def _decoded(text: str) -> str:
    r"""Undo `\u0053`-style escapes, which SPARQL allows anywhere, keywords included (§19.2)."""

    def one(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code <= 0x10FFFF else match.group()

    return _CODE_POINT.sub(one, text)


@lru_cache(maxsize=_KEPT)
def form(text: str) -> str:
    r"""Name the query form: SELECT, ASK, CONSTRUCT or DESCRIBE; "" where there is none.

    >>> form("PREFIX select: <http://e/> # ask\nCONSTRUCT WHERE { ?s ?p ?o }")
    'CONSTRUCT'
    """
    for token in _tokens(_decoded(text)):
        if token.word in _FORMS:
            return token.word
        if token.word in _UPDATES:
            return ""
    return ""


@lru_cache(maxsize=_KEPT)
def refusal(text: str, *, base: str) -> str:
    """Say why a query is not run, or "" if it may be: it must read, and only this graph.

    Refused: updates, LOAD, SERVICE, and FROM naming anything that is not under `base`.
    Keywords are found as tokens, so the same letters in a string, comment or name are no matter.
    """
    tokens = _tokens(_decoded(text))
    words = {token.word for token in tokens}
    if "SERVICE" in words:
        return "SERVICE would send the question to another machine; ask this graph alone"
    if "LOAD" in words:
        return "LOAD reads files and addresses into the graph; add a record and run  kg build"
    if not words & set(_FORMS):
        if words & set(_UPDATES):
            return "it changes the graph; kg query only reads: edit a record and run  kg build"
        return "it is not a SELECT, ASK, CONSTRUCT or DESCRIBE query"
    return _refusal_of_datasets(tokens, base)


def _refusal_of_datasets(tokens: list[_Token], base: str) -> str:
    prefixes = {
        name.text: iri.text[1:-1]
        for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.word == "PREFIX" and iri.kind == "iri"
    }
    for place, token in enumerate(tokens):
        if token.word != "FROM":
            continue
        rest = [after for after in tokens[place + 1 : place + 3] if after.word != "NAMED"]
        named = rest[0].text if rest else ""
        if named.startswith("<"):
            iri = named[1:-1]
        else:
            prefix, colon, local = named.partition(":")
            iri = prefixes.get(prefix + colon, "") + local
        if not base or not iri.startswith(base):
            return (
                f"FROM {named} names something outside this graph; leave it out, or "
                "use GRAPH ?claim { … } for the quoted triples"
            )
    return ""


def bind(text: str, values: Mapping[str, Term]) -> str:
    """Replace variables by terms, everywhere in the query, subqueries and filters included.

    A projected variable stays a column: `SELECT ?x` becomes `SELECT (<term> AS ?x)`.
    `BOUND(?x)` becomes `true`, and `FILTER(!BOUND(?x) || EXISTS { ?s name ?x })` the pattern
    itself: engines look that up, where they would test the filter on every row.
    Comments, strings and all other tokens stand as they were.

    Raises:
        QueryError: the query gives the variable a value itself, or an IRI is not one.

    >>> bind("SELECT ?s ?o { ?s ?p ?o }", {"s": Term("iri", "http://e/a")})
    'SELECT (<http://e/a> AS ?s) ?o { <http://e/a> ?p ?o }'
    """
    if not values:
        return text
    spelled = {name: _spelled(name, term) for name, term in values.items()}
    return "".join(
        part if isinstance(part, str) else f"{part.before}{spelled[part.name]}{part.after}"
        for part in _template(text, frozenset(spelled))
    )


_LONGEST = 200
"""Characters a parser's complaint may have."""
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z]\w+(?: \w+){2,}")
_EXPECTED = re.compile(r'"[^"\s]+"|[A-Z]{2,}')


def parse_fault(text: str, complaint: str) -> str:
    """Tell what a parser found wrong in one short line, with line and column.

    >>> parse_fault("ASK { ?s a nope:Thing }", "error at 1:22: expected one of Prefix not found")
    'the query is wrong at 1:22: the prefix `nope:` is not declared; add  PREFIX nope: <…>'
    """
    match = _PLACE.search(complaint)
    told = " ".join(complaint.split())
    if match is None:
        return _cut(f"the query is wrong: {told}")
    place, wanted = f"{match[1]}:{match[2]}", " ".join(match[3].split())
    offset = _offset(text, int(match[1]), int(match[2]))
    if "Prefix not found" in wanted and (name := _undeclared(text, offset)):
        told = f"the prefix `{name}` is not declared; add  PREFIX {name} <…>"
        return _cut(f"the query is wrong at {place}: {told}")
    rest = " ".join(text[offset:].split())
    found = f"near `{rest[:24]}`" if rest else "at its end"
    said = _SENTENCE.search(wanted)
    marks = [part.strip('"') for part in _EXPECTED.findall(wanted)]
    if said:
        found += f": {said[0]}"
    elif marks:
        found += f": expected {' or '.join(marks[:8])}"
    return _cut(f"the query is wrong at {place}, {found}")


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return min(sum(len(before) + 1 for before in lines[: line - 1]) + column - 1, len(text))


def _undeclared(text: str, offset: int) -> str:
    """Give the last prefix before a place that neither the query nor we declare."""
    tokens = _tokens(text)
    declared = {f"{name}:" for name in PREFIXES}
    declared |= {after.text for word, after in pairwise(tokens) if word.word == "PREFIX"}
    used = [
        token.text.partition(":")[0] + ":"
        for token in tokens
        if token.kind == "name" and token.start < offset
    ]
    return next((name for name in reversed(used) if name not in declared), "")


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


class _Slot(NamedTuple):
    """A place for the value of a variable, with what stands round it."""

    name: str
    before: str = ""
    after: str = ""


@lru_cache(maxsize=_KEPT)
def _template(text: str, names: frozenset[str]) -> tuple[str | _Slot, ...]:
    plain = _as_patterns(text, names)
    return _Binder(_tokens(plain), plain, names).parts()


_NARROWING = "FILTER ( ! BOUND ( ?x ) | | EXISTS { ?s name ?x } )".split()  # noqa: SIM905 - it reads
"""The tokens of a filter that narrows where ?x is given; ?s, name and ?x stand for any."""


def _as_patterns(text: str, names: frozenset[str]) -> str:
    """Write the narrowing filters of given variables as triple patterns."""
    tokens = _tokens(text)
    parts: list[str] = []
    done = 0
    for place, token in enumerate(tokens):
        window = tokens[place : place + len(_NARROWING)]
        if token.word != "FILTER" or not _narrows(window, names):
            continue
        subject, name, given = window[11:14]
        parts.extend((text[done : token.start], f"{subject.text} {name.text} {given.text} ."))
        done = window[-1].end
    return "".join((*parts, text[done:]))


def _narrows(window: list[_Token], names: frozenset[str]) -> bool:
    kinds = {"?x": "variable", "?s": "variable", "name": "name"}
    if len(window) < len(_NARROWING):
        return False
    return (
        all(
            token.kind == kinds[expected] if expected in kinds else token.text.upper() == expected
            for token, expected in zip(window, _NARROWING, strict=True)
        )
        and window[5].text == window[13].text != window[11].text
        and window[5].text[1:] in names
    )


def _spelled(name: str, term: Term) -> str:
    if term.kind == "iri" and (_ILLEGAL_IRI.search(term.value) or ":" not in term.value):
        raise QueryError(f"parameter {name}: '{term.value}' is not an IRI")
    return turtle_term(term)


class _Binder:
    """One pass over the tokens of a query that knows which clause it stands in."""

    def __init__(self, tokens: list[_Token], text: str, names: frozenset[str]) -> None:
        self._tokens = tokens
        self._source = text
        self._names = names
        self._clause = ""
        self._depth = 0
        self._round = 0

    def parts(self) -> tuple[str | _Slot, ...]:
        """Give the query in pieces, with a slot wherever a value goes."""
        parts: list[str | _Slot] = []
        new: str | _Slot
        done = place = 0
        while place < len(self._tokens):
            token = self._tokens[place]
            self._follow(token)
            name = token.text[1:] if token.kind == "variable" else ""
            if name not in self._names:
                place += 1
                continue
            start, end, new = token.start, token.end, self._replacement(place, name)
            if self._is_bound_call(place):
                start, end, new = self._tokens[place - 2].start, self._tokens[place + 1].end, "true"
                self._round -= 1
                place += 1
            parts.extend((self._source[done:start], new))
            done = end
            place += 1
        return (*parts, self._source[done:])

    def _follow(self, token: _Token) -> None:
        if token.text == "{":
            self._depth += 1
            self._clause = ""
        elif token.text == "}":
            self._depth -= 1
            self._clause = ""
        elif token.text == "(":
            self._round += 1
        elif token.text == ")":
            self._round -= 1
        elif token.word in {"SELECT", "VALUES"}:
            self._clause = token.word
            self._round = 0
        elif token.word in {"GROUP", "ORDER", "HAVING"}:
            self._clause = "modifier"
            self._round = 0
        elif token.word in {"WHERE", "LIMIT", "OFFSET"}:
            self._clause = ""

    def _is_bound_call(self, place: int) -> bool:
        before = [token.text.upper() for token in self._tokens[max(place - 2, 0) : place]]
        return before == ["BOUND", "("]

    def _replacement(self, place: int, name: str) -> _Slot:
        before = self._tokens[place - 1].word if place else ""
        if before == "AS" or self._clause == "VALUES":
            raise QueryError(f"?{name} gets its value in the query itself; it is no parameter")
        if self._clause == "SELECT" and self._round == 0:
            # In a subquery the name would clash with the outer column of the same name.
            return _Slot(name, "(", f" AS ?{name})" if self._depth == 0 else f" AS ?{name}_given)")
        if self._clause == "modifier" and self._round == 0:
            return _Slot(name, "(", ")")
        return _Slot(name)
