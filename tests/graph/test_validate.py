"""Every shape passes its passing example, fails its failing ones, and both engines agree on all."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from kg.graph.shapes import load_shapes
from kg.graph.validate import ShapeResult, validate_store

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "ontology" / "shapes"
EXAMPLES = Path(__file__).parent / "shapes"
CODES = sorted(shape.code for shape in load_shapes(SHAPES))
FILES = sorted(EXAMPLES.glob("*/*.ttl"))


def loaded(path: Path) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    return store


def compiled(store: pyoxigraph.Store) -> list[ShapeResult]:
    return validate_store(store, shapes_folder=SHAPES)


@pytest.mark.parametrize("code", CODES)
def test_shape_has_a_passing_and_a_failing_example(code: str) -> None:
    """Adding a shape without examples fails here."""
    assert (EXAMPLES / code / "pass.ttl").exists()
    assert list((EXAMPLES / code).glob("fail*.ttl"))


def test_no_example_is_left_over() -> None:
    """Each folder of examples belongs to a shape."""
    assert sorted(path.name for path in EXAMPLES.iterdir()) == CODES


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_example_fails_exactly_where_its_name_says(path: Path) -> None:
    """A `pass` file has no result of its shape, a `fail` file has one about its subject."""
    found = [result for result in compiled(loaded(path)) if result.code == path.parent.name]

    if path.stem.startswith("pass"):
        assert found == []
    else:
        assert found
        assert all(result.message for result in found)


def test_engines_agree_on_every_example() -> None:
    """The compiled engine gives pySHACL's findings: same focus, path, component, value, message."""
    store = pyoxigraph.Store()
    for path in FILES:
        own = f"https://example.org/{path.parent.name}/{path.stem}/"
        text = path.read_text(encoding="utf-8").replace("https://example.org/id/", own)
        store.load(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)

    expected = validate_store(store, shapes_folder=SHAPES, engine="pyshacl")

    assert {result.code for result in expected} == set(CODES)
    assert compiled(store) == expected
