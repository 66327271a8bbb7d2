"""The readings as commands: three formats, clear faults, the exit codes of the contract."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from kg.cli import _run
from kg.graph.build import build_store
from kg.graph.store import MemoryStore
from kg.project import find_project
from kg.records import load_collection

CALLS = [
    ["variants"],
    ["variants", "corvandre-first-service"],
    ["origins", 'ferry-line opensOn "2024-09-01"'],
    ["origins", 'ferry-line opensOn "2024-09-01"', "--without-texts"],
    ["origins"],
    ["reuse"],
    ["drift", "--kind", "hedge-dropped"],
    ["conflicts"],
    ["conflicts", 'ferry-line costs "42000000"'],
    ["chains", "--minimum", "0"],
    ["chains", "ysaline-corvandre"],
    ["profile", "collection"],
    ["profile", "outlet", "le-fanal-brevanais"],
    ["profile", "speaker", "jorund-aksvelle"],
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The example collection, built."""
    root = tmp_path_factory.mktemp("readings") / "ferry"
    shutil.copytree(
        repository / "examples" / "strait-ferry", root, ignore=shutil.ignore_patterns("build")
    )
    found = find_project(root)
    build_store(load_collection(found), found)
    return root


def run(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes], *arguments: str
) -> tuple[int, str, str]:
    code = _run(["-C", str(project), *arguments])
    out, err = capsysbinary.readouterr()
    return code, out.decode(), err.decode()


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_reading_prints_in_three_formats(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes], call: list[str]
) -> None:
    """JSON parses, CSV has its columns in each row, the table fits a hundred cells."""
    code, out, err = run(project, capsysbinary, *call, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)
    code, out, _ = run(project, capsysbinary, *call, "--format", "csv")
    lines = list(csv.reader(io.StringIO(out)))
    assert code == 0
    assert {len(line) for line in lines} == {len(lines[0])}
    code, out, _ = run(project, capsysbinary, *call)
    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 100


def test_output_goes_to_a_file_whole(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    """`-o` writes the same bytes as stdout."""
    _, out, _ = run(project, capsysbinary, "drift", "--format", "csv")
    run(project, capsysbinary, "drift", "--format", "csv", "-o", str(tmp_path / "drift.csv"))

    assert (tmp_path / "drift.csv").read_text("utf-8") == out


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["origins", "nonsense"], "there is no claim `nonsense`"),
        (["variants", "nonsense"], "there is no utterance `nonsense`"),
        (["chains", "nonsense"], "there is no speaker `nonsense`"),
        (["profile", "outlet"], "name one"),
        (["profile", "collection", "x"], "takes no name"),
        (["report", "nonsense"], "there is no claim or utterance `nonsense`; "),
        (["reuse", "--run", "0"], "0 is not in the range"),
        (["drift", "--kind", "nonsense"], "nonsense"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_wrong_call_is_one_line_and_exit_2(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes], call: list[str], told: str
) -> None:
    """What is wrong and what there is instead; no traceback, nothing on stdout."""
    code, out, err = run(project, capsysbinary, *call)

    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_before_any_build_the_reader_is_told_to_build(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, repository: Path
) -> None:
    """No graph yet: say `kg build`."""
    shutil.copytree(repository / "examples" / "strait-ferry" / "sources", tmp_path / "sources")
    (tmp_path / "kg.toml").write_text('title = "x"\n', encoding="utf-8")
    code, _, err = run(tmp_path, capsysbinary, "conflicts")

    assert code == 2
    assert "kg build" in err


def test_without_texts_reuse_says_what_to_do(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, repository: Path
) -> None:
    """The texts are not attached: the command names the one that attaches them."""
    shutil.copytree(repository / "examples" / "strait-ferry" / "sources", tmp_path / "sources")
    (tmp_path / "kg.toml").write_text('title = "x"\n', encoding="utf-8")
    found = find_project(tmp_path)
    build_store(load_collection(found), found)
    code, _, err = run(tmp_path, capsysbinary, "reuse")
    assert code == 2
    assert "kg attach FOLDER" in err
    code, out, err = run(tmp_path, capsysbinary, "origins", 'ferry-line opensOn "2024-09-01"')
    assert code == 0
    assert "shared wording was not looked for" in err
    assert "independent origins" in out


def test_the_dossier_in_both_forms(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    """The ending chooses the form; the citations of its documents close it."""
    for name in ("dossier.html", "dossier.md"):
        code, _, _ = run(
            project, capsysbinary, "report", "fanal-accord#a2", "-o", str(tmp_path / name)
        )
        assert code == 0
    page = (tmp_path / "dossier.html").read_text("utf-8")
    text = (tmp_path / "dossier.md").read_text("utf-8")

    assert page.startswith("<!doctype html>")
    assert text.startswith("# ")
    assert page.count("@online{") == text.count("@online{") == 6


def test_profile_draws_small_pictures(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    """One SVG a list of shares."""
    code, _, err = run(
        project, capsysbinary, "profile", "collection", "--svg", str(tmp_path / "svg")
    )

    assert code == 0
    assert {path.name for path in (tmp_path / "svg").iterdir()} == {
        "forms.svg",
        "modalities.svg",
        "stances.svg",
        "voices.svg",
    }
    assert err.count("wrote ") == 4


def test_all_that_is_derived_comes_as_one_named_graph(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """N-Quads that any triple store loads beside the exports; no line outside that graph."""
    code, out, _ = run(project, capsysbinary, "origins", "--format", "nquads")
    lines = out.splitlines()

    assert code == 0
    assert len(MemoryStore(lines)) == len(lines) > 0
    assert all(line.endswith("/derived> .") for line in lines)


def test_a_derived_node_is_explained_to_the_words(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """An origin group and a derived conflict lead to their attributions and quotes."""
    _, out, _ = run(project, capsysbinary, "origins", "--format", "nquads")
    nodes = {
        kind: next(line.split(">")[0][1:] for line in out.splitlines() if mark in line)
        for kind, mark in (("OriginGroup", "ns#OriginGroup>"), ("Alignment", "ns#conflictKind>"))
    }
    for kind, node in nodes.items():
        code, out, _ = run(project, capsysbinary, "explain", node)
        assert code == 0
        assert out.startswith(f"{kind} (derived)")
        assert "It rests on" in out
        assert "⟦" in out
    code, _, err = run(project, capsysbinary, "explain", "origin/0123456789abcdef")
    assert (code, "nothing here is named" in err) == (2, True)


def test_a_profile_is_a_page_with_its_pictures(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Four pictures in the page, nothing to load."""
    code, out, _ = run(project, capsysbinary, "profile", "collection", "--format", "html")

    assert code == 0
    assert out.count("<svg ") == 4
    assert "src=" not in out
    assert "href=" not in out
