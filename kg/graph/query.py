"""Named questions: read `queries/*.rq`, take parameters, ask a store, explain empty answers.

In: a folder of query files, or the text of an own query; a store; parameters as typed.
Out: an `Answer` (a table, a yes or no, or triples). Writes nothing and formats nothing
(`kg.graph.table` does); what a query may not do is decided in `kg.graph.sparql`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.utils import default_process

from kg.errors import QueryError, UsageError
from kg.graph import sparql
from kg.graph.table import Table, Term
from kg.graph.vocab import KG, KGP, PREFIXES, XSD
from kg.model import parse_claim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.graph.store import Store

__all__ = [
    "PARAMETER_TYPES",
    "Answer",
    "Column",
    "Parameter",
    "QueryFile",
    "ask_query",
    "explain_empty",
    "load_queries",
    "load_query",
    "own_query",
    "parse_query",
    "values_of",
]

ANY: Final = "any"
"""The default of a parameter that, left out, does not narrow the question."""

PARAMETER_TYPES: Final[dict[str, str]] = {
    "agent": "an agent's id, such as mara-quell",
    "attribution": "an attribution's identifier, such as slug#a2",
    "claim": "a claim's id, or its line: subject predicate object",
    "date": "a day, such as 2025-04-03",
    "document": "a document's short name",
    "integer": "a whole number",
    "iri": "a web address, or prefix:name",
    "language": "a language tag, such as fr",
    "outlet": "an outlet's id",
    "predicate": "a predicate's name, such as firstToRecognise",
    "source": "the id of a cited source or outlet",
    "text": "any words",
    "topic": "a topic's id",
    "utterance": "an utterance's id",
}
"""Every type a parameter can have, and what a person gives for it."""

_LITERALS: Final = {"attribution", "document", "language", "text"}
_CHECKS: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "integer": re.compile(r"[+-]?\d+", re.ASCII),
    "language": re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII),
}
_NO_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')
_HEADER = re.compile(r"#\s*(purpose|parameter|column):\s*(.*\S)\s*")
_PARAMETER = re.compile(r"(\w+) (\w+) — (.+?)(?: \[([^\[\]]*)\])?")
_COLUMN = re.compile(r"(\w+) — (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query; `default` is None where a value must be given."""

    name: str
    type: str
    meaning: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a query's answer."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class QueryFile:
    """A question with its text, and what its header says of it."""

    name: str
    purpose: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str

    @property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE."""
        return sparql.form(self.text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gave: exactly one of a table, a yes or no, and sorted N-Triples."""

    table: Table | None = None
    boolean: bool | None = None
    triples: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show; a plain *no* is something."""
        if self.table is not None:
            return not self.table.rows
        return self.triples is not None and not self.triples


def load_queries(folder: Path) -> tuple[QueryFile, ...]:
    """Read every query file of a folder, sorted by name."""
    return tuple(_load(path) for path in sorted(folder.glob("*.rq")))


def load_query(folder: Path, name: str) -> QueryFile:
    """Read one query file by name.

    Raises:
        UsageError: there is none of that name; the nearest names are offered.
    """
    path = folder / f"{name}.rq"
    if re.fullmatch(r"[\w-]+", name) and path.is_file():
        return _load(path)
    names = [found.stem for found in sorted(folder.glob("*.rq"))]
    near = [hit[0] for hit in process.extract(name, names, limit=3, score_cutoff=60)]
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise UsageError(f"there is no query `{name}`{hint} (kg query --list shows all)")


def _load(path: Path) -> QueryFile:
    try:
        return parse_query(path.stem, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name}: cannot be read as UTF-8 text: {error}") from error


def parse_query(name: str, text: str) -> QueryFile:
    """Read a query with the header that says what it is for.

    Its lines are `# purpose: …`, `# parameter: name type — meaning [default]` and
    `# column: name — meaning`, in any order and number.
    `[any]` leaves the variable open; `[""]` stands for the empty text; no brackets, no default.

    Raises:
        QueryError: a header line is not of its form.
    """
    purpose = ""
    parameters: list[Parameter] = []
    columns: list[Column] = []
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        if header is None:
            continue
        kind, said = header.groups()
        if kind == "purpose":
            purpose = said
        elif kind == "parameter":
            parameters.append(_parameter(name, number, said))
        else:
            columns.append(_column(name, number, said))
    return QueryFile(name, purpose, tuple(parameters), tuple(columns), text)


def _parameter(name: str, number: int, said: str) -> Parameter:
    match = _PARAMETER.fullmatch(said)
    if match is None:
        raise QueryError(
            f"{name}:{number}: write  # parameter: name type — meaning [default]  not '{said}'"
        )
    if match[2] not in PARAMETER_TYPES:
        known = ", ".join(PARAMETER_TYPES)
        raise QueryError(f"{name}:{number}: '{match[2]}' is no parameter type; the types: {known}")
    default = "" if match[4] == '""' else match[4]
    return Parameter(match[1], match[2], match[3], default)


def _column(name: str, number: int, said: str) -> Column:
    match = _COLUMN.fullmatch(said)
    if match is None:
        raise QueryError(f"{name}:{number}: write  # column: name — meaning  not '{said}'")
    return Column(match[1], match[2])


def own_query(text: str, *, name: str, base: str) -> QueryFile:
    """Take a query a person wrote; a header and PREFIX lines are welcome and not required.

    Raises:
        QueryError: it would change the graph or reach beyond it.
    """
    reason = sparql.refusal(text, base=base)
    if reason:
        raise QueryError(f"{name}: refused: {reason}")
    return parse_query(name, text)


def values_of(query: QueryFile, given: Mapping[str, str], *, base: str) -> dict[str, Term]:
    """Turn parameters as typed into terms, with defaults for the rest.

    Ids become IRIs under the base; a parameter the header does not name must be a variable of
    the query, and is an IRI if it looks like one, else a text.

    Raises:
        UsageError: a parameter is unknown, missing, or not of its type.
    """
    named = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in named and not _is_open(query, name):
            takes = ", ".join(named) or "none"
            raise UsageError(f"{query.name}: no parameter `{name}`; its parameters: {takes}")
    values = {
        name: _own_value(query.name, name, value, base)
        for name, value in given.items()
        if name not in named
    }
    for name, parameter in named.items():
        value = given.get(name, parameter.default)
        if value is None:
            raise UsageError(
                f"{query.name} needs  -p {name}=…  ({parameter.meaning}: "
                f"{PARAMETER_TYPES[parameter.type]})"
            )
        if name in given or value != ANY:
            values[name] = _value(query.name, parameter, value, base)
    return values


def _is_open(query: QueryFile, name: str) -> bool:
    return not query.parameters and bool(re.search(rf"[?$]{re.escape(name)}\b", query.text))


def _own_value(query: str, name: str, value: str, base: str) -> Term:
    is_iri = "://" in value or value.partition(":")[0] in PREFIXES
    kind = "iri" if is_iri else "text"
    return _value(query, Parameter(name, kind, "", None), value, base)


def _value(query: str, parameter: Parameter, value: str, base: str) -> Term:
    check = _CHECKS.get(parameter.type)
    if check is not None and check.fullmatch(value) is None:
        wanted = PARAMETER_TYPES[parameter.type]
        raise UsageError(f"{query}: {parameter.name}={value} is wrong; give {wanted}")
    if parameter.type in _LITERALS:
        return Term("literal", value)
    if parameter.type == "integer":
        return Term("literal", value, datatype=XSD.integer)
    if parameter.type == "date":
        return Term("literal", value, datatype=XSD.date)
    iri = _iri(parameter.type, value, base)
    if _NO_IRI.search(iri):
        wanted = PARAMETER_TYPES[parameter.type]
        raise UsageError(
            f"{query}: {parameter.name}={value} is wrong; give {wanted} "
            "(kg query known-ids  lists the ids)"
        )
    return Term("iri", iri)


def _iri(kind: str, value: str, base: str) -> str:
    prefix, colon, local = value.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if "://" in value or value.startswith("urn:"):
        return value
    if kind == "predicate":
        return KGP + value
    if kind == "claim" and " " in value:
        return f"{base}claim/{_claim_id(value)}"
    if kind == "iri" or "/" in value:
        return base + value
    return f"{base}{kind}/{value}"


def _claim_id(line: str) -> str:
    try:
        return parse_claim(line).id
    except ValueError as error:
        raise UsageError(str(error)) from error


def ask_query(store: Store, query: QueryFile, values: Mapping[str, Term]) -> Answer:
    """Bind the values and ask the store.

    Raises:
        QueryError: the query does not parse, or the store refuses it.
    """
    if query.form == "ASK":
        return Answer(boolean=store.ask(query.text, values))
    if query.form == "SELECT":
        return Answer(table=store.select(query.text, values))
    return Answer(triples=store.construct(query.text, values))


_DERIVED = "GRAPH ?derived"
"""How a named query asks for what the readings derived."""

_HAS_DERIVED = f"ASK {{ GRAPH ?derived {{ ?group a <{KG.OriginGroup}> }} }}"


def explain_empty(
    store: Store,
    query: QueryFile,
    values: Mapping[str, Term],
    *,
    folder: Path,
    base: str,
    given: Mapping[str, str] | None = None,
) -> str:
    """Say in one or two lines what was searched, and which ids the graph does not know.

    The nearest known ids are offered for each id that it does not. `given` holds the parameters
    as they were typed: of a claim's line it is told which part is not known.
    """
    typed = given or {}
    searched = ", ".join(
        f"{name}={_shown(term, base)}" if (term := values.get(name)) else f"{name}=any"
        for name in sorted({*values, *(parameter.name for parameter in query.parameters)})
    )
    lines = [f"no rows: `{query.name}` searched with {searched or 'no parameters'}"]
    for parameter in query.parameters:
        if parameter.name in values:
            line = typed.get(parameter.name, "")
            if parameter.type == "claim" and " " in line:
                lines.extend(_unknown_parts(store, line, folder))
            else:
                lines.extend(_unknown(store, parameter, values[parameter.name], folder, base))
    if len(lines) == 1 and not _known(store, "document", folder):
        lines.append("the graph holds no document; run  kg build  first")
    elif _DERIVED in query.text and not store.ask(_HAS_DERIVED):
        lines.append(
            "what readings derive is not in this store, which a large collection leaves out; "
            "kg build --most-derived N  puts it there"
        )
    return "\n".join(lines)


def _shown(term: Term, base: str) -> str:
    if term.kind == "iri":
        return term.value.removeprefix(base)
    return f'"{term.value}"'


def _unknown(store: Store, parameter: Parameter, term: Term, folder: Path, base: str) -> list[str]:
    if parameter.type in {"iri", *_CHECKS, "text"}:
        return []
    known = _known(store, parameter.type, folder)
    if parameter.type == "source":
        known |= _known(store, "outlet", folder)
    wanted = term.value.removeprefix(f"{base}{parameter.type}/").removeprefix(KGP)
    return _not_known(parameter.type, wanted, known)


def _unknown_parts(store: Store, line: str, folder: Path) -> list[str]:
    """Say which words of a claim's line name nothing; where all do, that nobody says it."""
    claim = parse_claim(line)
    things = _known(store, "agent", folder) | _known(store, "topic", folder)
    told = _not_known("agent or topic", claim.subject, things)
    told += _not_known("predicate", claim.predicate, _known(store, "predicate", folder))
    if not claim.is_literal:
        told += _not_known("agent or topic", claim.object, things)
    return told or ["nobody here says exactly this; kg query claims  lists what is said"]


def _not_known(kind: str, wanted: str, known: Mapping[str, str]) -> list[str]:
    if wanted in known or not known:
        return []
    offered = ", ".join(f"{name} ({known[name]})" for name in _nearest(wanted, known))
    hint = f"nearest: {offered}" if offered else "kg query known-ids  lists them"
    return [f"no {kind} has the id '{wanted}'; {hint}"]


def _nearest(wanted: str, known: Mapping[str, str]) -> list[str]:
    """Give up to three ids whose id or label is most like what was typed."""
    scores: dict[str, float] = {}
    for names in ({name: name for name in known}, known):
        for _, score, name in process.extract(
            wanted, names, processor=default_process, limit=3, score_cutoff=60
        ):
            scores[name] = max(score, scores.get(name, 0.0))
    return sorted(scores, key=lambda name: (-scores[name], name))[:3]


def _known(store: Store, kind: str, folder: Path) -> dict[str, str]:
    """Give every id of a kind with its label: the query `known-ids` asks for them."""
    query = load_query(folder, "known-ids")
    table = store.select(
        sparql.bind(query.text, {"kind": Term("literal", kind), "language": Term("literal", "en")})
    )
    return {
        row[1].value: row[2].value if row[2] else "" for row in table.rows if row[1] is not None
    }
