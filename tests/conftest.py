"""What every test may use: a place for projects, the article texts where they are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.analyse.derived import derived_quads
from kg.analyse.projection import load_material
from kg.graph.predicates import load_predicates
from kg.graph.store import MemoryStore
from kg.project import Project, data_folder

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a golden file be rewritten on purpose."""
    parser.addoption(
        "--update-golden", action="store_true", help="Rewrite the golden files from the results."
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def article_texts() -> Path:
    """The folder of the five article texts, where it stands beside the project."""
    folder = SHARED / "articles"
    if not folder.is_dir():
        pytest.skip("the five article texts are not held here (../shared/articles is absent)")
    return folder


MINI_BASE = "https://example.org/id/"
"""The base of the fictional mini-collection in `tests/graph/data/mini.trig`."""


@pytest.fixture(scope="session")
def mini_trig() -> Path:
    """The mini-collection as TriG: three texts on a pier that was never built."""
    return ROOT / "tests" / "graph" / "data" / "mini.trig"


@pytest.fixture(scope="session")
def mini_derived(mini_trig: Path) -> list[str]:
    """What the readings derive from the mini-collection, as a build puts it in the store."""
    store = MemoryStore(base=MINI_BASE)
    store.add(mini_trig.read_text(encoding="utf-8"), "trig")
    predicates = load_predicates(data_folder("ontology"), mini_trig.parent)
    return derived_quads(load_material(store, base=MINI_BASE, predicates=predicates))


@pytest.fixture
def mini_store(mini_trig: Path, mini_derived: list[str]) -> MemoryStore:
    """The mini-collection as a store in memory, with what is derived from it."""
    store = MemoryStore(mini_derived, base=MINI_BASE)
    store.add(mini_trig.read_text(encoding="utf-8"), "trig")
    return store


@pytest.fixture
def mini_project(tmp_path: Path) -> Project:
    """A project whose base is that of the mini-collection, in an empty folder."""
    return Project(
        root=tmp_path,
        base=MINI_BASE,
        title="The pier",
        language="en",
        sources=tmp_path / "sources",
        output=tmp_path / "build",
        texts=(),
    )
