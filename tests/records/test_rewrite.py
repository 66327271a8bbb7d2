"""Records go back into the files they came from, and nothing else in them changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import ProjectError
from kg.project import Project
from kg.records import load_collection
from kg.records.encode import encode_record
from kg.records.rewrite import rewrite_records
from tests.records.conftest import RECORD

Make = Callable[..., Project]


def in_lines(make_project: Make, ending: str = "\n") -> Project:
    """Move the sample's record into the third of four JSON lines."""
    project = make_project()
    (record,) = load_collection(project).collection.records
    line = json.dumps(encode_record(record, with_slug=True), ensure_ascii=True)
    other = json.loads(line) | {"slug": "other"}
    other["document"]["sha256"] = "0" * 64
    for item in other["attributions"]:
        item["at"] = [0, len(item["quote"])]
    (project.sources / "pont" / "record.yaml").unlink()
    content = ending.join(["", json.dumps(other), line, ""])
    (project.sources / "all.records.jsonl").write_bytes(content.encode())
    return project


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_anchor_writes_places_into_json_lines(make_project: Make, ending: str) -> None:
    """`kg anchor` sets `at` in its line; the other lines are the same bytes."""
    project = in_lines(make_project, ending)
    path = project.sources / "all.records.jsonl"
    before = path.read_bytes().split(b"\n")
    tried = CliRunner().invoke(cli, ["-C", str(project.root), "anchor", "--dry-run"])
    untouched = path.read_bytes().split(b"\n")
    done = CliRunner().invoke(cli, ["-C", str(project.root), "anchor"])
    after = path.read_bytes().split(b"\n")
    spans = {
        item.id: item.spans
        for record in load_collection(project).collection.records
        for item in record.attributions
        if record.slug == "pont"
    }

    assert untouched == before
    assert "would be anchored" in tried.output
    assert "quote anchored" in done.output or "quotes anchored" in done.output
    assert (after[:2], after[3:]) == (before[:2], before[3:])
    assert after[2].endswith(b"\r") == (ending == "\r\n")
    assert spans["a1"] == ((0, 25),)


def test_yaml_keeps_its_comments(make_project: Make) -> None:
    """A record without a change renders as it stood."""
    project = make_project()
    path = project.sources / "pont" / "record.yaml"
    (record,) = load_collection(project).collection.records
    rewrite_records(path, {1: record})

    assert path.read_text("utf-8") == RECORD


def test_a_file_that_went_is_told(make_project: Make, tmp_path: Path) -> None:
    """No file is made where none was."""
    (record,) = load_collection(make_project()).collection.records
    with pytest.raises(ProjectError, match="cannot be read"):
        rewrite_records(tmp_path / "gone.records.jsonl", {1: record})
