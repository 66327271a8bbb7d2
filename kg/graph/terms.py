"""RDF terms at the wall: as N-Triples text on the way in, as plain `Term` values on the way out.

In: strings. Out: N-Triples spellings, pyoxigraph terms, or `Term` values (`kg.graph.table`).
No term of an RDF library leaves `kg.graph` and `kg.export`; blank nodes have no place in our data.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.table import Term, turtle_term
from kg.graph.vocab import XSD

__all__ = [
    "Term",
    "iri_text",
    "literal_text",
    "parse_term",
    "term_of",
    "term_text",
    "to_ox",
]

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_PLAIN = re.compile(r'[^\\"\n\r]*').fullmatch
_BAD_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_TYPED = re.compile(
    r'"(?P<value>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<?(?P<datatype>[^<>]+)>?)?', re.DOTALL
)


def escape(text: str) -> str:
    r"""Escape what may not stand in a quoted N-Triples literal.

    >>> escape('say "hi"')
    'say \\"hi\\"'
    """
    return text if _PLAIN(text) else text.translate(_ESCAPES)


def iri_text(iri: str) -> str:
    """Spell an IRI in N-Triples.

    Raises:
        QueryError: the IRI holds a character that no IRI may hold.
    """
    if _BAD_IRI.search(iri):
        raise QueryError(f"'{iri}' is not a web address: it holds a space or one of <>\"{{}}|\\^`")
    return f"<{iri}>"


def literal_text(value: str, language: str = "", datatype: str = "") -> str:
    """Spell a literal in N-Triples; the language "und" is none.

    >>> literal_text("né", "fr")
    '"né"@fr'
    """
    quoted = f'"{escape(value)}"'
    if language and language != "und":
        return f"{quoted}@{language}"
    return f"{quoted}^^<{datatype}>" if datatype and datatype != XSD.string else quoted


def term_text(term: Term) -> str:
    """Spell a term in N-Triples, which SPARQL reads too.

    Raises:
        QueryError: the term cannot be spelled safely.
    """
    if term.kind == "iri":
        return iri_text(term.value)
    if term.language and not _LANGUAGE.fullmatch(term.language):
        raise QueryError(f"'{term.language}' is not a language tag such as fr or en")
    if term.datatype:
        iri_text(term.datatype)
    return turtle_term(term)


def parse_term(text: str) -> Term:
    """Read `<iri>`, `"literal"`, `"literal"@fr` or `"literal"^^<type>`; anything else is a string.

    >>> parse_term("<https://example.org/x>").kind
    'iri'
    """
    if text.startswith("<") and text.endswith(">") and not _BAD_IRI.search(text[1:-1]):
        return Term("iri", text[1:-1])
    match = _TYPED.fullmatch(text)
    if match is None:
        return Term("literal", text)
    return Term("literal", match["value"], match["language"] or "", match["datatype"] or "")


def to_ox(term: Term) -> ox.NamedNode | ox.Literal:
    """Turn a term into pyoxigraph's.

    Raises:
        QueryError: the term is not well formed.
    """
    try:
        if term.kind == "iri":
            return ox.NamedNode(term.value)
        if term.language:
            return ox.Literal(term.value, language=term.language)
        if term.datatype:
            return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
        return ox.Literal(term.value)
    except ValueError as error:
        raise QueryError(f"'{term.value}' is not well formed: {error}") from error


def term_of(node: object) -> Term | None:
    """Turn a pyoxigraph term into ours; None for an unbound variable.

    A triple term (RDF 1.2) becomes a literal that spells it, so that a table can show it.
    """
    if node is None:
        return None
    if isinstance(node, ox.NamedNode):
        return Term("iri", node.value)
    if isinstance(node, ox.Literal):
        if node.language:
            return Term("literal", node.value, node.language)
        datatype = node.datatype.value
        return Term("literal", node.value, "", "" if datatype == XSD.string else datatype)
    return Term("literal", str(node))
