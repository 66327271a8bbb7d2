"""Each quote on its text, as a page of W3C Web Annotations (https://www.w3.org/TR/annotation-model/).

In: a store. Out: one JSON-LD `AnnotationPage`; a target is the document's address with both
selectors, offsets in code points, and the hash of the bytes they count in.
Withdrawn attributions are left out. The context is named, as the standard wants, never fetched.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.export.asked import answers
from kg.graph.rows import attribution_rows

if TYPE_CHECKING:
    from kg.graph.rows import AttributionRow
    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["CONTEXT", "annotation_page"]

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"

Node = dict[str, object]


def annotation_page(store: Store, project: Project) -> bytes:
    """Write every live attribution as an annotation of its text."""
    urls = {row["document"]: row["url"] for row in answers(store, project, "documents")}
    spans: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in answers(store, project, "evidence"):
        if row["role"] == "evidence":
            spans[row["id"]].append(row)
    items = [
        _annotation(row, spans[row.identifier], urls.get(row.slug, ""), project.language)
        for row in attribution_rows(store, language=project.language)
        if not row.is_withdrawn
    ]
    page: Node = {
        "@context": CONTEXT,
        "id": f"{project.base}annotations/page",
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{project.base}annotations",
            "type": "AnnotationCollection",
            "label": project.title,
            "total": len(items),
        },
        "startIndex": 0,
        "items": items,
    }
    return (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _annotation(row: AttributionRow, spans: list[dict[str, str]], url: str, language: str) -> Node:
    return {
        "id": row.iri,
        "type": "Annotation",
        "motivation": "describing",
        "dcterms:identifier": row.identifier,
        "body": _bodies(row, language),
        "target": [_target(span, url or row.document_iri) for span in spans],
    }


def _bodies(row: AttributionRow, language: str) -> list[Node]:
    who = ", ".join(row.speakers) or row.unresolved
    said = "; ".join(claim.label(language) for claim in row.claims)
    denial = " (denied)" if row.polarity == "denied" else ""
    bodies: list[Node] = [
        {
            "type": "TextualBody",
            "purpose": "describing",
            "format": "text/plain",
            "value": f"{who}: {said}{denial}",
        },
        {"type": "TextualBody", "purpose": "tagging", "value": row.form},
    ]
    if row.form != "authorial":
        bodies.extend(_resource("identifying", iri) for iri in row.speaker_iris)
    bodies.extend(_resource("linking", claim.iri) for claim in row.claims)
    return bodies


def _resource(purpose: str, iri: str) -> Node:
    return {"type": "SpecificResource", "purpose": purpose, "source": iri}


def _target(span: dict[str, str], source: str) -> Node:
    quote: Node = {"type": "TextQuoteSelector", "exact": span["exact"]}
    if span["before"]:
        quote["prefix"] = span["before"]
    if span["after"]:
        quote["suffix"] = span["after"]
    position: Node = {
        "type": "TextPositionSelector",
        "start": int(span["start"]),
        "end": int(span["end"]),
    }
    return {
        "type": "SpecificResource",
        "source": source,
        "dcterms:identifier": f"sha256:{span['sha256']}",
        "selector": [quote, position],
    }
