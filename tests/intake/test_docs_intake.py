"""The intake page is true: its commands and its Python run as written, in their order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from kg.intake.formats import FORMATS

PAGE = Path("docs") / "intake.md"


def test_every_block_runs_as_written(repository: Path, tmp_path: Path) -> None:
    """Shell and Python blocks, one after the other, in a folder with the example's texts."""
    page = (repository / PAGE).read_text(encoding="utf-8")
    blocks = re.findall(r"```(sh|python)\n(.*?)```", page, re.DOTALL)
    shutil.copytree(
        repository / "examples" / "strait-ferry" / "texts",
        tmp_path / "examples" / "strait-ferry" / "texts",
    )
    command = tmp_path / "bin" / "kg"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from kg.cli import main; main()" "$@"\n'
    )
    command.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(repository),
    }

    told = []
    for kind, body in blocks:
        call = (
            ["bash", "-euo", "pipefail", "-c", body]
            if kind == "sh"
            else [sys.executable, "-c", body]
        )
        done = subprocess.run(
            call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{body}\n{done.stdout}\n{done.stderr}"
        told.append(done.stdout)

    assert len(blocks) == 3
    assert '"state": "waiting"' in told[1]
    assert "took back: edited" in told[1]


def test_every_kind_of_file_is_in_the_table(repository: Path) -> None:
    """A new format is documented."""
    page = (repository / PAGE).read_text(encoding="utf-8")

    assert all(f"`{ending}`" in page for item in FORMATS for ending in item.suffixes)
