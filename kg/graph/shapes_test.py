"""The tests of shapes' queries, on N-Triples text: true, false, in error, or not to be told here.

In: an `Expression` and the places of its variables in a row. Out: a function of a row.
Never guesses: where SPARQL's answer is not plain from the text it says `UNSURE`, and the query
itself decides (`kg.graph.validate`).
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import pyoxigraph

from kg.graph.shapes_select import Call, Expression, variables_of
from kg.graph.vocab import XSD

__all__ = ["ERROR", "UNSURE", "lexical", "make_test", "regular", "well_formed"]

Row = tuple[str, ...]
Value = object
"""A term as text; a `_Plain` string, a number or a truth value that was computed; or a mark."""


class _Mark:
    """One of the two answers that are no answer."""


ERROR: Final = _Mark()
"""SPARQL's error: as a filter it is false, and so is its opposite."""

UNSURE: Final = _Mark()
"""What cannot be told from the text."""


class _Plain(str):
    """A string that was computed, as against the text of a term."""

    __slots__ = ()


_INTEGER: Final = re.compile(rf'"([+-]?[0-9]{{1,17}})"\^\^<{re.escape(XSD.integer)}>', re.ASCII)
_SIMPLE: Final = re.compile(
    r"(?:[^\\.*+?{}()|$^\[\]]|\\[.]|\.|[*+?]|\{[0-9,]+\}|\((?!\?)|\)|\||\^|\$|\[\^?[^\\\[\]^&~]+\])*"
)


def make_test(
    expression: Expression, places: Mapping[str, int], *, once: bool = True
) -> Callable[[Row], Value]:
    """Turn an expression into a function of a row; `places` tells where its variables stand.

    What depends on one variable alone is worked out `once` for each of its terms.
    """
    if not isinstance(expression, Call):
        if expression.startswith("?"):
            return operator.itemgetter(places[expression])
        constant = _constant(expression)
        return lambda _: constant
    function = _FUNCTIONS[expression.name]
    names = variables_of(expression)
    if once and len(names) == 1:
        (name,) = names
        return _once_a_term(function, _arguments(expression, {name: 0}), places[name])
    parts = _arguments(expression, places)
    if len(parts) == 1:
        only = parts[0]
        return lambda row: function(only(row))
    if len(parts) == 2:
        left, right = parts
        return lambda row: function(left(row), right(row))
    return lambda row: function(*[part(row) for part in parts])


def _constant(term: str) -> Value:
    if term.endswith(f"^^<{XSD.NS}boolean>"):
        return lexical(term) == "true"
    text = _text(term)
    return term if text is None else _Plain(text)


def _arguments(call: Call, places: Mapping[str, int]) -> list[Callable[[Row], Value]]:
    return [make_test(argument, places, once=len(places) > 1) for argument in call.arguments]


def _once_a_term(
    function: Callable[..., Value], parts: list[Callable[[Row], Value]], place: int
) -> Callable[[Row], Value]:
    known: dict[str, Value] = {}

    def called(row: Row) -> Value:
        term = row[place]
        if term not in known:
            known[term] = function(*[part((term,)) for part in parts])
        return known[term]

    return called


def lexical(term: str) -> str:
    """Give the characters of a literal, its quotation marks and escapes undone.

    >>> lexical('"quai"@fr')
    'quai'
    """
    text = term[1 : term.rindex('"')]
    if "\\" not in text:
        return text
    quads = pyoxigraph.parse(f"<s:s> <s:p> {term} .", format=pyoxigraph.RdfFormat.N_TRIPLES)
    return str(next(iter(quads)).object.value)


@lru_cache(maxsize=128)
def regular(pattern: str) -> re.Pattern[str] | None:
    """Read a regular expression where Python and SPARQL mean the same by it; else None."""
    if not _SIMPLE.fullmatch(pattern):
        return None
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern))


@lru_cache(maxsize=16)
def well_formed(datatype: str) -> Callable[[str], object]:
    """Give a function that is true of terms which surely are values of the datatype."""
    if datatype == XSD.string:
        return re.compile(r'".*"', re.DOTALL).fullmatch
    ending = rf"\^\^<{re.escape(datatype)}>"
    if datatype == XSD.date:
        day = re.compile(rf'"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"{ending}', re.ASCII)
        return lambda term: _is_day(day.fullmatch(term))
    if datatype == XSD.integer:
        return re.compile(rf'"[0-9]{{1,12}}"{ending}', re.ASCII).fullmatch
    if datatype == XSD.decimal:
        return re.compile(rf'"[0-9]{{1,12}}(\.[0-9]{{1,6}})?"{ending}', re.ASCII).fullmatch
    if datatype.startswith("http://id.loc.gov/datatypes/edtf/"):
        return re.compile(rf'".*"{ending}', re.DOTALL).fullmatch
    return lambda _: False


def _is_day(match: re.Match[str] | None) -> bool:
    if match is None:
        return False
    try:
        dt.date.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def _both(*values: Value) -> Value:
    if any(value is False for value in values):
        return False
    return _lesser(values, when=True)


def _either(*values: Value) -> Value:
    if any(value is True for value in values):
        return True
    return _lesser(values, when=False)


def _lesser(values: tuple[Value, ...], *, when: bool) -> Value:
    """Say `when` where all values do; an error only where nothing is unsure."""
    if all(value is when for value in values):
        return when
    return ERROR if all(value is when or value is ERROR for value in values) else UNSURE


def _not(value: Value) -> Value:
    if isinstance(value, bool):
        return not value
    return ERROR if value is ERROR else UNSURE


def _if(condition: Value, then: Value, otherwise: Value) -> Value:
    if isinstance(condition, bool):
        return then if condition else otherwise
    return ERROR if condition is ERROR else UNSURE


def _in(first: Value, *others: Value) -> Value:
    return _either(*[_same(first, other) for other in others])


def _same(left: Value, right: Value) -> Value:
    if isinstance(left, _Mark) or isinstance(right, _Mark):
        return UNSURE
    if _is_node(left, right):
        return left == right
    order = _order(left, right)
    return UNSURE if order is None else order == 0


def _order(left: Value, right: Value) -> int | None:
    """Say whether one value comes before another, -1, 0 or 1; None where it cannot be told."""
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return (one > other) - (one < other)
    text, words = _text(left), _text(right)
    if text is not None and words is not None:
        return (text > words) - (text < words)
    return None


def _ordered(*orders: int) -> Callable[[Value, Value], Value]:
    def compare(left: Value, right: Value) -> Value:
        order = _order(left, right)
        return UNSURE if order is None else order in orders

    return compare


def _is_node(left: Value, right: Value) -> bool:
    """Tell whether one of two terms is an IRI or a blank node, so that only sameness counts."""
    return any(type(term) is str and term[0] in "<_" for term in (left, right))


def _sum(sign: int) -> Callable[[Value, Value], Value]:
    def add(left: Value, right: Value) -> Value:
        one, other = _number(left), _number(right)
        return UNSURE if one is None or other is None else one + sign * other

    return add


def _number(value: Value) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return _integer(value) if type(value) is str else None


@lru_cache(maxsize=100_000)
def _integer(term: str) -> int | None:
    match = _INTEGER.fullmatch(term)
    return int(match[1]) if match else None


def _text(value: Value) -> str | None:
    if isinstance(value, _Plain):
        return str(value)
    if type(value) is str and value.startswith('"') and value.endswith('"'):
        return lexical(value)
    return None


def _str(value: Value) -> Value:
    if isinstance(value, _Mark | _Plain):
        return value
    if type(value) is not str:
        return UNSURE
    if value.startswith("<"):
        return _Plain(value[1:-1])
    return _Plain(lexical(value)) if value.startswith('"') else UNSURE


def _is(mark: str) -> Callable[[Value], Value]:
    def test(value: Value) -> Value:
        if isinstance(value, _Mark):
            return value
        return value.startswith(mark) if type(value) is str else UNSURE

    return test


def _is_numeric(value: Value) -> Value:
    if isinstance(value, _Mark):
        return value
    if type(value) is not str:
        return UNSURE
    if not value.startswith('"') or value.endswith('"'):
        return False
    return True if _INTEGER.fullmatch(value) else UNSURE


def _on_texts(function: Callable[..., Value]) -> Callable[..., Value]:
    """Make a function of plain strings unsure of anything else."""

    def called(*values: Value) -> Value:
        texts = [_text(value) for value in values]
        return UNSURE if None in texts else function(*texts)

    return called


def _regex(value: str, pattern: str) -> Value:
    read = regular(pattern)
    return UNSURE if read is None else read.search(value) is not None


def _substr(value: Value, start: Value, length: Value) -> Value:
    text, first, many = _text(value), _number(start), _number(length)
    if text is None or first is None or many is None or first < 1:
        return UNSURE
    return _Plain(text[first - 1 : first - 1 + many])


_FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "!": _not,
    "!=": lambda left, right: _not(_same(left, right)),
    "&&": _both,
    "+": _sum(1),
    "-": _sum(-1),
    "<": _ordered(-1),
    "<=": _ordered(-1, 0),
    "=": _same,
    ">": _ordered(1),
    ">=": _ordered(1, 0),
    "CONCAT": _on_texts(lambda *texts: _Plain("".join(texts))),
    "CONTAINS": _on_texts(lambda text, part: part in text),
    "IF": _if,
    "IN": _in,
    "ISBLANK": _is("_"),
    "ISIRI": _is("<"),
    "ISLITERAL": _is('"'),
    "ISNUMERIC": _is_numeric,
    "REGEX": _on_texts(_regex),
    "STR": _str,
    "STRENDS": _on_texts(lambda text, end: text.endswith(end)),
    "STRLEN": _on_texts(len),
    "STRSTARTS": _on_texts(lambda text, start: text.startswith(start)),
    "SUBSTR": _substr,
    "||": _either,
}
