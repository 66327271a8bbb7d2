"""Claims and quotations in schema.org terms: `Claim`, `Quotation`, `NewsArticle`; no verdict.

In: a store. Out: JSON-LD with the vocabulary named inline, so that no reader need fetch a context.
A quotation is *about* its claims; a claim *appears* in the quotations that affirm it.
There is no `ClaimReview` and no rating: whether a claim holds is not known here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.export.asked import answers
from kg.graph.rows import attribution_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.graph.rows import AttributionRow, ClaimRow
    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["claims_and_quotations"]

Node = dict[str, object]


def claims_and_quotations(store: Store, project: Project) -> bytes:
    """Write claims, live quotations, articles, outlets and speakers as one JSON-LD graph."""
    rows = [
        row for row in attribution_rows(store, language=project.language) if not row.is_withdrawn
    ]
    named = {row.document_iri: row for row in rows}
    nodes = [
        *_claims(rows),
        *(_quotation(row) for row in rows),
        *_articles(answers(store, project, "documents"), named),
        *_agents(answers(store, project, "agents")),
        *_cited(answers(store, project, "cited-sources")),
    ]
    document = {"@context": {"@vocab": "https://schema.org/"}, "@graph": nodes}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _claims(rows: Iterable[AttributionRow]) -> list[Node]:
    claims: dict[str, ClaimRow] = {}
    appearances: dict[str, list[Node]] = {}
    for row in rows:
        for claim in row.claims:
            claims[claim.iri] = claim
            found = appearances.setdefault(claim.iri, [])
            if row.polarity != "denied":
                found.append({"@id": row.iri})
    return [_claim(claims[iri], appearances[iri]) for iri in sorted(claims)]


def _claim(claim: ClaimRow, appearances: list[Node]) -> Node:
    names = [
        {"@value": label, "@language": language}
        for language, label in (("en", claim.label_en), ("fr", claim.label_fr))
        if label
    ]
    node: Node = {"@id": claim.iri, "@type": "Claim", "name": names}
    if appearances:
        node["appearance"] = appearances
    return node


def _quotation(row: AttributionRow) -> Node:
    node: Node = {
        "@id": row.iri,
        "@type": "Quotation",
        "identifier": row.identifier,
        "text": {"@value": row.quote, "@language": row.language},
        "isPartOf": {"@id": row.document_iri},
        "about": [{"@id": claim.iri} for claim in row.claims],
    }
    if row.form != "authorial" and row.speaker_iris:
        node["spokenByCharacter"] = [{"@id": iri} for iri in row.speaker_iris]
    if row.chain_iris:
        node["isBasedOn"] = [{"@id": iri} for iri in row.chain_iris]
    if row.note:
        node["description"] = row.note
    return node


def _articles(documents: Iterable[dict[str, str]], named: dict[str, AttributionRow]) -> list[Node]:
    addresses = {row.slug: iri for iri, row in named.items()}
    nodes: list[Node] = []
    outlets: dict[str, Node] = {}
    for row in documents:
        if row["document"] not in addresses:
            continue
        node: Node = {
            "@id": addresses[row["document"]],
            "@type": "NewsArticle",
            "identifier": row["document"],
            "headline": {"@value": row["title"], "@language": row["textLanguage"]},
            "inLanguage": row["textLanguage"],
            "sha256": row["sha256"],
            "publisher": {"@id": row["outlet_id"]},
        }
        node.update(
            {
                key: value
                for key, value in (
                    ("author", row["byline"]),
                    ("datePublished", row["published"]),
                    ("url", row["url"]),
                )
                if value
            }
        )
        nodes.append(node)
        outlet: Node = {"@id": row["outlet_id"], "@type": "NewsMediaOrganization"}
        if "/outlet/unidentified-" not in row["outlet_id"]:
            outlet["name"] = row["outlet_name"]
        outlets[row["outlet_id"]] = outlet
    return [*nodes, *(outlets[iri] for iri in sorted(outlets))]


def _agents(agents: Iterable[dict[str, str]]) -> list[Node]:
    return [
        {
            "@id": row["agent"],
            "@type": "Person" if row["kind"] == "Person" else "Organization",
            "name": row["name"],
        }
        for row in agents
    ]


def _cited(sources: Iterable[dict[str, str]]) -> list[Node]:
    return [
        {"@id": row["iri"], "@type": "CreativeWork", "name": row["sourceName"]} for row in sources
    ]
