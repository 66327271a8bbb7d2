"""Who said what around one node, drawn as a ledger, with the same picture as SVG, PNG, GEXF, JSON.

In: a kind and an id. Out: the attributions that touch the node, as far as they can be read; what is
left out is said in numbers. The files hold exactly what is drawn, and nothing else.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from markupsafe import Markup
from starlette.responses import Response

from kg.errors import ExtraMissingError, KgError
from kg.export.png import render_png
from kg.export.scene import Scene, arrange
from kg.export.svg import render_svg
from kg.graph.rows import AttributionRow
from kg.serve.index import Narrowing
from kg.serve.material import document_fact
from kg.serve.overview import ledger_of
from kg.serve.view import DATA, NotHereError, View

__all__ = ["DRAWN", "MOST", "graph"]

DRAWN = 50
"""Attributions drawn at first."""
MOST = 200
"""Attributions drawn when more are asked for."""
_PICTURE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The policy of an SVG opened by itself: its own style, and nothing that runs."""

_NARROWING: dict[str, Callable[[str], Narrowing]] = {
    "speaker": lambda iri: Narrowing(speaker=iri),
    "outlet": lambda iri: Narrowing(outlet=iri),
    "claim": lambda iri: Narrowing(claim=iri),
    "topic": lambda iri: Narrowing(topic=iri),
    "source": lambda iri: Narrowing(source=iri),
    "utterance": lambda iri: Narrowing(utterance=iri),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What is drawn around a node: rows, and how many there are of rows and claims."""

    iri: str
    title: str
    rows: tuple[AttributionRow, ...]
    total: int
    claims: int
    link: str
    scene: Scene


def graph(view: View) -> Response:
    """Show the ledger around a node, or give it as a file."""
    around = _around(view)
    title = view.t("graph_title", name=around.title)
    if view.suffix == "svg":
        drawing = render_svg(around.rows, title=title, language=view.language)
        answer = Response(drawing, media_type="image/svg+xml")
        answer.headers["content-security-policy"] = _PICTURE
        return answer
    if view.suffix == "png":
        drawing = render_svg(around.rows, title=title, language=view.language)
        try:
            return Response(render_png(drawing), media_type="image/png")
        except ExtraMissingError as error:
            raise NotHereError(view.t("png_missing")) from error
    if view.suffix == "gexf":
        # networkx takes longer to import than the page to draw; only this file needs it.
        module = importlib.import_module("kg.export.network")
        content: bytes = module.gexf_of(module.network_of(around.rows, view.language))
        return Response(content, media_type="application/gexf+xml")
    if view.suffix == "json":
        body = {
            "title": title,
            "shown": len(around.rows),
            "of": around.total,
            "attributions": [asdict(row) for row in around.rows],
        }
        text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
        return Response(text, media_type="application/json")
    if view.suffix:
        return view.data(around.rows, about=(around.iri,))
    scene = around.scene
    key = (view.request.url.path, view.asked("all"))
    ledger: Markup = view.shelf.once(
        ("around", *key, view.language), lambda: ledger_of(scene, view.language)
    )
    return view.page(
        "graph.html",
        title=title,
        data=("svg", "png", "gexf", *DATA),
        around=around,
        scene=scene,
        ledger=ledger,
        claims=len(scene.lines),
        most=min(MOST, around.total),
        neighbours=_neighbours(view, around),
    )


def _around(view: View) -> Around:
    kind, name = view.path("kind"), view.path("name")
    index, language = view.shelf.index, view.language
    limit = MOST if view.asked("all") else DRAWN
    if kind == "attribution":
        return _around_attribution(view, name, limit)
    if kind == "document":
        kept = index.document(name)
        if kept is None:
            raise _missing(view, kind, name)
        fact = document_fact(kept)
        iri, title, link = fact.iri, fact.title or name, f"/document/{name}"
        narrowing = Narrowing(slug=name)
    else:
        make = _NARROWING.get(kind)
        if make is None:
            raise NotHereError(view.t("error_no_page", path=f"/graph/{kind}"))
        iri = f"{view.project.base}{'agent' if kind == 'speaker' else kind}/{name}"
        narrowing, title, link = make(iri), view.name(iri), view.link(iri)
        if index.thing(iri, language) is None:
            raise _missing(view, kind, name)
    found = tuple(index.rows(narrowing, language, limit=limit))
    return Around(
        iri,
        title,
        found,
        index.count(narrowing),
        index.claim_count(narrowing, 1_000_000),
        link,
        arrange(found, language=language),
    )


def _around_attribution(view: View, name: str, limit: int) -> Around:
    """Draw an attribution, and all that conveys its claims or retells its speech act."""
    index, language = view.shelf.index, view.language
    row = index.row_by(name, language)
    if row is None:
        raise NotHereError(view.t("error_no_attribution", name=name))
    ties = [Narrowing(claim=claim.iri) for claim in row.claims]
    if row.utterance_iri:
        ties.append(Narrowing(utterance=row.utterance_iri))
    near = {row.iri: row}
    for narrowing in ties:
        for other in index.rows(narrowing, language):
            near.setdefault(other.iri, other)
    rows = tuple(near.values())[:limit]
    claims = {claim.iri for other in near.values() for claim in other.claims}
    return Around(
        row.iri,
        row.identifier,
        rows,
        len(near),
        len(claims),
        f"/attribution/{row.key}",
        arrange(rows, language=language),
    )


def _missing(view: View, kind: str, name: str) -> KgError:
    return NotHereError(view.t(f"error_no_{kind}", name=name))


def _neighbours(view: View, around: Around) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the nodes drawn, each leading to its own graph: the same walk without the picture."""
    speakers = {
        iri: label
        for row in around.rows
        if row.form != "authorial"
        for iri, label in zip(row.speaker_iris, row.speakers, strict=True)
    }
    claims = {claim.iri: claim.label(view.language) for row in around.rows for claim in row.claims}
    outlets = {row.outlet_iri: view.outlet(row) for row in around.rows}
    sources = {
        iri: label
        for row in around.rows
        for iri, label in zip(row.chain_iris, row.chain, strict=True)
    }
    groups = (("kind_speaker", speakers), ("kind_claim", claims), ("kind_outlet", outlets))
    found = [
        (view.t(key), [(f"/graph{view.link(iri)}", label) for iri, label in group.items()])
        for key, group in (*groups, ("kind_source", sources))
        if group
    ]
    return [
        (name, sorted((pair for pair in pairs if pair[0] != "/graph"), key=lambda pair: pair[1]))
        for name, pairs in found
    ]
