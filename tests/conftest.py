"""What every test may use: a place for projects, the article texts where they are held."""

from __future__ import annotations

from pathlib import Path

import pytest

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
