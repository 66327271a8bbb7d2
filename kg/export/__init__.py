"""What leaves the graph: RDF, tables, networks and the picture, all from one graph.

In: a store and its project. Out: the bytes of one of `FORMATS`, the same for the same graph.
The picture is drawn by `kg draw` (`kg.export.html`); the other formats stand in the table below,
each in its own module, imported when it is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["FORMATS", "Format", "export"]


class Format(NamedTuple):
    """One way out: the room and function that write it, its file suffix, type and purpose."""

    module: str
    function: str
    suffix: str
    media_type: str
    purpose: str


FORMATS: Final[dict[str, Format]] = {
    "turtle": Format("rdf", "turtle", ".ttl", "text/turtle", "the graph as Turtle"),
    "trig": Format(
        "rdf", "trig", ".trig", "application/trig", "the graph and each quoted triple in its own"
    ),
    "nquads": Format("rdf", "nquads", ".nq", "application/n-quads", "the same, one quad a line"),
    "ntriples": Format(
        "rdf", "ntriples", ".nt", "application/n-triples", "the graph, one triple a line"
    ),
    "jsonld": Format(
        "jsonld", "jsonld", ".jsonld", "application/ld+json", "compact JSON-LD, context inline"
    ),
    "rdf12": Format("rdf", "rdf12", ".ttl", "text/turtle", "Turtle 1.2: claims reify triple terms"),
    "csv": Format("tables", "csv_table", ".csv", "text/csv", "one attribution a line, for sheets"),
    "jsonl": Format(
        "tables", "json_lines", ".jsonl", "application/jsonl", "one attribution a line, nested"
    ),
    "graphml": Format(
        "network", "graphml", ".graphml", "application/graphml+xml", "speakers, claims, outlets"
    ),
    "gexf": Format("network", "gexf", ".gexf", "application/gexf+xml", "the same for Gephi"),
    "webannotation": Format(
        "webannotation",
        "annotation_page",
        ".jsonld",
        "application/ld+json",
        "W3C Web Annotations: each quote on its text",
    ),
    "schemaorg": Format(
        "schemaorg",
        "claims_and_quotations",
        ".jsonld",
        "application/ld+json",
        "schema.org Claim and Quotation, without a verdict",
    ),
    "nanopub": Format(
        "nanopub",
        "nanopublications",
        ".trig",
        "application/trig",
        "one nanopublication an attribution",
    ),
    "bibtex": Format(
        "bibliography", "bibtex", ".bib", "application/x-bibtex", "the documents as BibTeX"
    ),
    "csl": Format(
        "bibliography",
        "csl_json",
        ".json",
        "application/vnd.citationstyles.csl+json",
        "the documents as CSL-JSON",
    ),
    "rocrate": Format(
        "rocrate", "crate", ".zip", "application/zip", "evidence bundle: graph, table, hashes"
    ),
}
"""Every export format by name."""


def export(store: Store, project: Project, name: str) -> bytes:
    """Write the graph in one of `FORMATS`.

    Raises:
        UsageError: there is no such format.
    """
    found = FORMATS.get(name)
    if found is None:
        raise UsageError(f"there is no format `{name}`; choose one of {', '.join(FORMATS)}")
    write: Callable[[Store, Project], bytes] = getattr(
        importlib.import_module(f"kg.export.{found.module}"), found.function
    )
    return write(store, project)
