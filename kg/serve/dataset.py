"""The data described for machines: VoID and DCAT, and what the SPARQL endpoint can do.

In: the index of the current graph, which keeps the counts. Out: RDF in the format asked for.
Licences and people are not guessed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import cast

from starlette.responses import FileResponse, Response

from kg.graph.store import MemoryStore
from kg.graph.terms import iri_text, literal_text
from kg.graph.triples import triples_turtle
from kg.graph.vocab import DCTERMS, KG, RDF, XSD
from kg.serve.rebuild import files_behind
from kg.serve.view import NotHereError, View

__all__ = ["dataset", "dump", "service_description"]

_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_TRIG = "application/trig"
_FORMATS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "json": ("jsonld", "application/ld+json"),
    "jsonld": ("jsonld", "application/ld+json"),
    "rdf": ("rdfxml", "application/rdf+xml"),
    "nt": ("ntriples", "application/n-triples"),
}
_BY_TYPE = {
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/n-triples": "nt",
}


def dataset(view: View) -> Response:
    """Describe the collection as a `void:Dataset` and a `dcat:Dataset`."""
    address = str(view.request.base_url)
    if view.suffix and view.suffix not in _FORMATS:
        raise NotHereError(view.t("error_no_format", suffix=view.suffix))
    lines = view.shelf.once(("dataset", address), lambda: _dataset_lines(view, address))
    return _answer(view, [*lines, *_dump_lines(view, address)])


def dump(view: View) -> Response:
    """Give the whole graph as `kg build` wrote it, where that is the graph the pages show."""
    if not _has_dump(view):
        raise NotHereError(view.t("error_no_dump"))
    return FileResponse(view.project.graph_trig, media_type=_TRIG, filename="graph.trig")


def _has_dump(view: View) -> bool:
    return view.project.graph_trig.is_file() and not files_behind(view.project)


def _dump_lines(view: View, address: str) -> list[str]:
    if not _has_dump(view):
        return []
    node, dumped = f"{address}dataset", f"{address}dump.trig"
    return [
        _link(node, f"{_VOID}dataDump", dumped),
        *_distribution(node, "trig", _TRIG, dumped, "downloadURL"),
    ]


def _distribution(node: str, name: str, media: str, address: str, term: str) -> list[str]:
    part = f"{node}#{name}"
    kind = f"https://www.iana.org/assignments/media-types/{media}"
    return [
        _link(node, f"{_DCAT}distribution", part),
        _link(part, RDF.type, f"{_DCAT}Distribution"),
        _link(part, f"{_DCAT}{term}", address),
        _link(part, f"{_DCAT}mediaType", kind),
    ]


def service_description(view: View) -> Response:
    """Describe the endpoint (https://www.w3.org/TR/sparql11-service-description/)."""
    address = str(view.request.base_url)
    endpoint = f"{address}sparql"
    lines = [
        _link(endpoint, RDF.type, f"{_SD}Service"),
        _link(endpoint, f"{_SD}endpoint", endpoint),
        _link(endpoint, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"),
        *(
            _link(endpoint, f"{_SD}resultFormat", f"http://www.w3.org/ns/formats/{name}")
            for name in (
                "SPARQL_Results_JSON",
                "SPARQL_Results_XML",
                "SPARQL_Results_CSV",
                "SPARQL_Results_TSV",
                "Turtle",
                "N-Triples",
                "RDF_XML",
                "JSON-LD",
            )
        ),
        _link(endpoint, f"{_SD}defaultDataset", f"{address}dataset"),
        *view.shelf.once(("dataset", address), lambda: _dataset_lines(view, address)),
    ]
    return _answer(view, lines)


def _dataset_lines(view: View, address: str) -> list[str]:
    node = f"{address}dataset"
    project, index = view.project, view.shelf.index
    lines = [
        _link(node, RDF.type, f"{_VOID}Dataset"),
        _link(node, RDF.type, f"{_DCAT}Dataset"),
        _link(node, RDF.type, f"{_SD}Dataset"),
        _text(node, DCTERMS.title, project.title, project.language),
        _link(node, f"{_VOID}sparqlEndpoint", f"{address}sparql"),
        _text(node, f"{_VOID}uriSpace", project.base),
        _number(node, f"{_VOID}triples", _triples(view)),
        *(
            _link(node, f"{_VOID}vocabulary", name)
            for name in (
                KG.NS,
                "http://www.w3.org/ns/prov#",
                "http://www.w3.org/ns/oa#",
                "https://schema.org/",
                "http://purl.org/dc/terms/",
            )
        ),
    ]
    table = f"{address}overview.csv"
    lines += _distribution(node, "csv", "text/csv", table, "accessURL")
    for name, number in cast("list[tuple[str, int]]", index.facts("partition")):
        part = f"{node}#{name.rpartition('#')[2].rpartition('/')[2]}"
        lines += [
            _link(node, f"{_VOID}classPartition", part),
            _link(part, f"{_VOID}class", name),
            _number(part, f"{_VOID}entities", number),
        ]
    return lines


def _triples(view: View) -> int:
    """Count the default graph; the quoted triples of claims stand in graphs of their own."""
    ((number,),) = view.shelf.store.select_values("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return int(number)


def _link(subject: str, predicate: str, target: str) -> str:
    return f"{iri_text(subject)} {iri_text(predicate)} {iri_text(target)} .\n"


def _text(subject: str, predicate: str, text: str, language: str = "") -> str:
    return f"{iri_text(subject)} {iri_text(predicate)} {literal_text(text, language)} .\n"


def _number(subject: str, predicate: str, number: int) -> str:
    written = literal_text(str(number), datatype=XSD.integer)
    return f"{iri_text(subject)} {iri_text(predicate)} {written} .\n"


def _answer(view: View, lines: Iterable[str]) -> Response:
    accept = view.request.headers.get("accept", "")
    asked = next((name for kind, name in _BY_TYPE.items() if kind in accept), "ttl")
    style, media = _FORMATS.get(view.suffix or asked, _FORMATS["ttl"])
    triples = "".join(sorted(set(lines)))
    if style == "turtle":
        return Response(triples_turtle(triples), media_type=media)
    store = MemoryStore()
    store.add(triples, "ntriples")
    stream = io.BytesIO()
    store.dump(style, stream)
    return Response(stream.getvalue(), media_type=media)
