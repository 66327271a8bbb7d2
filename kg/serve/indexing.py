"""Reads a whole graph once and writes the explorer's index of it.

In: a store and its project. Out: the index file, beside the project or, where that is shut to us,
in a folder of its own. On stdout a line says what it does, and the last one where the index is.
Run as  python -m kg.serve.indexing FOLDER  by `kg.serve.indexer`, where there is no index yet.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from kg.analyse.material import Material
from kg.analyse.projection import load_material
from kg.errors import KgError, StoreError
from kg.export.words import LANGUAGES, word
from kg.graph.store import LocalStore, open_store
from kg.project import Project, data_folder, find_project
from kg.serve.cache import current_mark, index_path
from kg.serve.index_file import write_index

__all__ = ["index_graph", "main"]


def index_graph(path: Path, store: LocalStore, project: Project) -> Path:
    """Read the graph once and write its index; in a place of its own where the project is shut."""
    _say("reading the graph")
    material = load_material(store, base=project.base, language="fr", withdrawn=True)
    names, kinds = _names(store, material, project.base)
    facts: dict[str, Sequence[object]] = {
        "alignment": [astuple(item) for item in material.alignments],
        "document": [astuple(item) for item in material.documents.values()],
        "utterance": [astuple(item) for item in material.utterances.values()],
        "source": [astuple(item) for item in material.sources.values()],
        "claim": [astuple(item) for item in material.claims.values()],
        "family": list(material.families.items()),
        "outlet_agent": list(material.outlet_agents.items()),
        "class": list(material.classes.items()),
        "affiliation": list(material.affiliations.items()),
        "partition": _partitions(store),
        "triples": [len(store)],
    }

    _say(f"writing {len(material.rows):,} attributions")

    def write(place: Path) -> Path:
        write_index(place, material.rows, names=names, kinds=kinds, facts=facts, base=project.base)
        return place

    try:
        return write(path)
    except StoreError:
        return write(Path(tempfile.mkdtemp(prefix="kg-explorer-")) / path.name)


_KINDS = ("agent", "outlet", "source", "family", "utterance", "topic")


def _names(
    store: LocalStore, material: Material, base: str
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Give the French and English name of each thing, and what it is."""
    query = (data_folder("queries") / "readings" / "things.rq").read_text(encoding="utf-8")
    said: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    for thing, _, label, language in store.select(query).rows:
        assert thing is not None
        kind = thing.value.removeprefix(base).partition("/")[0]
        if kind in _KINDS:
            kinds[thing.value] = kind
            if label is not None:
                tag = language.value if language else ""
                said.setdefault(thing.value, {}).setdefault(tag, label.value)
    names = {
        iri: (_best(labels, ("fr", "", "en")), _best(labels, ("en", "", "fr")))
        for iri, labels in said.items()
    }
    for row in material.rows:
        if not row.outlet_known and row.outlet_iri not in names:
            shown = row.byline or row.slug
            fr, en = (word("ui", "unidentified", tag, name=shown) for tag in LANGUAGES)
            names[row.outlet_iri] = (fr, en)
    return names, kinds


def _partitions(store: LocalStore) -> list[tuple[str, int]]:
    """Count what there is of each class."""
    query = (data_folder("queries") / "serve" / "partitions.rq").read_text(encoding="utf-8")
    return [
        (name.value, int(number.value))
        for name, number in store.select(query).rows
        if name is not None and number is not None
    ]


def _best(labels: dict[str, str], order: tuple[str, ...]) -> str:
    wanted = [labels[tag] for tag in order if tag in labels]
    return (wanted or [labels[tag] for tag in sorted(labels)])[0]


def _say(stage: str) -> None:
    sys.stdout.write(f"stage\t{stage}\n")
    sys.stdout.flush()


def main() -> int:
    """Make the index of a project's current graph; tell a fault in one line."""
    try:
        project = find_project(Path(sys.argv[1]))
        mark = current_mark(project)
        with open_store(project.store, base=project.base) as store:
            assert mark is not None, "open_store has raised where nothing was built"
            path = index_graph(index_path(project, mark), store, project)
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"made\t{path}\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
