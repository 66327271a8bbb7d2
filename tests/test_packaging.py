"""What is installed works: the wheel carries ontology and queries, the extras name what is used."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `pip` builds it, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("*.whl")
    return made


@pytest.mark.slow
def test_the_wheel_works_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, it finds its ontology and queries, and starts and builds a project."""
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    empty = tmp_path / "empty"
    empty.mkdir()
    code = (
        "import sys\nfrom kg.cli import _run\nimport kg\n"
        f"assert kg.__file__.startswith({str(unpacked)!r}), kg.__file__\n"
        "assert _run(['init', 'new']) == 0\n"
        "assert _run(['-C', 'new', 'build']) == 0\n"
        "assert _run(['query', '--list']) == 0\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "who-said-what" in done.stdout


@pytest.mark.slow
def test_the_wheel_carries_no_records_and_no_tests(wheel: Path) -> None:
    """It holds the package and its data, nothing else."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}

    assert tops == {"kg", next(top for top in tops if top.endswith(".dist-info"))}
    assert "kg/_data/ontology/context.jsonld" in names
    assert "kg/_data/queries/who-said.rq" in names
    assert "kg/py.typed" in names


def test_the_test_extra_holds_what_every_other_extra_needs() -> None:
    """`.[test]` alone is enough to run everything."""
    extras = SETTINGS["project"]["optional-dependencies"]
    others = sorted(extras.keys() - {"test"})

    assert (
        f"claim-provenance[{','.join(sorted(others, key=['intake', 'serve', 'png'].index))}]"
        in (extras["test"])
    )


def test_the_version_is_said_once() -> None:
    """pyproject.toml, the package and the changelog agree."""
    import kg  # noqa: PLC0415 - its own version is asked

    assert SETTINGS["project"]["version"] == kg.__version__
    assert f"## {kg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
