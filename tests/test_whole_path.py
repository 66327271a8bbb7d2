"""The whole path, as a person walks it: records, build, check, query, export, picture, explain."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.build import build_project
from kg.cli import _run
from kg.errors import RecordError
from kg.graph.store import open_store
from kg.graph.vocab import KG
from kg.project import Project, find_project

ROOT = Path(__file__).resolve().parent.parent
MADE = ("graph.ttl", "graph.trig", "who-said-what.html")


def copy_of(source: Path, folder: Path) -> Path:
    """Copy a collection without what was built from it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "kg.toml", folder)
    for name in ("sources", "texts"):
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
    return folder


@pytest.fixture
def ferry(tmp_path: Path) -> Project:
    """The example collection, texts included, not built yet."""
    return find_project(copy_of(ROOT / "examples" / "strait-ferry", tmp_path / "ferry"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example collection, built once for questions that change nothing."""
    folder = copy_of(ROOT / "examples" / "strait-ferry", tmp_path_factory.mktemp("built"))
    build_project(find_project(folder))
    return folder


def kg(folder: Path, *arguments: str) -> int:
    """Run the command line in a project."""
    return _run(["-C", str(folder), *arguments])


def test_the_shipped_collection_builds_without_a_fault(tmp_path: Path) -> None:
    """The five records give a graph with no error or warning, and say what could not be seen."""
    folder = copy_of(ROOT, tmp_path / "main")
    outcome = build_project(find_project(folder))

    assert [str(item) for item in outcome.findings if item.level != "note"] == []
    assert outcome.counts.documents == 5
    assert (outcome.counts.outlets, outcome.counts.unidentified) == (2, 3)
    assert outcome.counts.attributions > 90
    assert outcome.counts.unseen == outcome.counts.quotes > 90
    assert all(path.exists() for path in outcome.written)


@pytest.mark.texts
def test_the_shipped_quotes_are_verbatim_in_the_texts(tmp_path: Path, article_texts: Path) -> None:
    """With the five texts attached, every quote is seen and none is at fault."""
    folder = copy_of(ROOT, tmp_path / "main")

    assert kg(folder, "attach", str(article_texts)) == 0
    outcome = build_project(find_project(folder))
    assert outcome.counts.unseen == 0
    assert [str(item) for item in outcome.findings if item.level != "note"] == []


def test_every_quote_of_the_example_is_seen(ferry: Project) -> None:
    """Its texts stand beside it, so nothing is left unseen."""
    outcome = build_project(ferry)

    assert outcome.counts.unseen == 0
    assert outcome.counts.quotes == 83
    assert outcome.report.full


def test_building_again_changes_nothing(ferry: Project) -> None:
    """A second build adds and removes nothing and leaves every file's bytes."""
    build_project(ferry)
    before = digests(ferry.output)
    outcome = build_project(ferry)

    assert (outcome.report.added, outcome.report.removed, outcome.report.full) == (0, 0, False)
    assert digests(ferry.output) == before


def test_what_is_derived_is_in_the_store_and_its_exports(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SPARQL, the named queries, TriG and N-Quads see it; Turtle and N-Triples do not."""
    graph = f"<{find_project(built).base}derived>"
    asked = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
    (built / "count.rq").write_text(asked, encoding="utf-8")
    assert kg(built, "query", str(built / "count.rq"), "--format", "csv") == 0
    count = int(capsys.readouterr().out.split()[1])
    for name in ("origins", "conflicts", "candidates"):
        assert kg(built, "query", name) == 0
    capsys.readouterr()
    told = {}
    for style in ("nquads", "trig", "turtle", "ntriples"):
        assert kg(built, "export", style) == 0
        told[style] = capsys.readouterr().out
    with open_store(find_project(built).store) as store:
        default = store.select(f"SELECT ?group WHERE {{ ?group a <{KG.OriginGroup}> }}")

    assert sum(line.endswith(f" {graph} .") for line in told["nquads"].splitlines()) == count > 100
    assert told["trig"].count("kg:OriginGroup") == told["nquads"].count("ns#OriginGroup>") > 10
    assert "OriginGroup" not in told["turtle"] + told["ntriples"]
    assert default.rows == ()


def test_what_is_derived_does_not_depend_on_texts(ferry: Project) -> None:
    """With the texts or without, the dataset has the same bytes."""
    build_project(ferry)
    before = digests(ferry.output)
    shutil.rmtree(ferry.root / "texts")
    outcome = build_project(find_project(ferry.root), full=True)

    assert outcome.counts.unseen == outcome.counts.quotes
    assert digests(ferry.output) == before


def test_an_edit_in_part_derives_as_a_build_from_nothing(ferry: Project) -> None:
    """One attribution less changes who stands behind its claims, as in a build from nothing."""
    whole = build_project(ferry)
    record = ferry.sources / "fanal-accord" / "record.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text[: text.rindex("\n  - id: ") + 1], encoding="utf-8")
    outcome = build_project(ferry)
    partly = digests(ferry.output)
    build_project(ferry, full=True)

    assert not outcome.report.full
    assert outcome.report.since.changed == ("fanal-accord",)
    assert outcome.report.derived.quads < whole.report.derived.quads
    assert digests(ferry.output) == partly


def test_a_build_tells_what_changed(ferry: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Records added, changed and removed since the last build: in words, and in JSON."""
    assert kg(ferry.root, "build", "--format", "json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert len(whole["since_last_build"]["added"]) == whole["counts"]["documents"] == 8
    assert whole["derived"]["quads"] > 100
    record = ferry.sources / "fanal-accord" / "record.yaml"
    record.write_text(
        record.read_text(encoding="utf-8").replace("byline: Anouk", "byline: Another", 1),
        encoding="utf-8",
    )
    assert kg(ferry.root, "build") == 0
    assert "  1 record changed: fanal-accord\n" in capsys.readouterr().out
    assert kg(ferry.root, "build") == 0
    assert "record changed" not in capsys.readouterr().out


def test_a_large_collection_is_told_how_to_derive(
    ferry: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Above the bound nothing is derived; the build says so; `kg explain` derives on its own."""
    build_project(ferry)
    asked = ("query", "origins", "--format", "csv")
    assert kg(ferry.root, *asked) == 0
    first = capsys.readouterr().out.splitlines()[1]
    node = next(cell for cell in first.split(",") if "/origin/" in cell)
    assert kg(ferry.root, "build", "--most-derived", "79", "--no-files") == 0
    told = capsys.readouterr().out
    assert "80 attributions" in told
    assert "kg origins --format nquads" in told
    assert kg(ferry.root, *asked) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert kg(ferry.root, "explain", node) == 0
    assert "It rests on" in capsys.readouterr().out


def test_one_wrong_character_stops_the_build_and_the_last_graph_stands(ferry: Project) -> None:
    """A quote one no-break space off is an error at its line; nothing half written."""
    build_project(ferry)
    before = digests(ferry.output)
    record = ferry.sources / "fanal-accord" / "record.yaml"
    text = record.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("quote: "))
    record.write_text(text.replace(line, line.replace(" de ", "\u00a0de ", 1)), encoding="utf-8")

    with pytest.raises(RecordError) as caught:
        build_project(ferry)
    assert any("NO-BREAK SPACE" in item.message for item in caught.value.findings)
    assert all(item.line for item in caught.value.findings if item.level == "error")
    assert digests(ferry.output) == before


def test_deleting_a_record_leaves_nothing_of_it(ferry: Project) -> None:
    """No quad, no file and no picture still names it."""
    build_project(ferry)
    gone = "tideway-quayside"
    alignments = ferry.sources / "alignments.yaml"
    shutil.rmtree(ferry.sources / gone)
    alignments.write_text("alignments: []\n", encoding="utf-8")
    build_project(ferry)

    for name in MADE:
        assert gone not in (ferry.output / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    """Two folders, two hash seeds: graph, dataset, page and N-Quads are the same, byte for byte."""
    made = []
    for seed in ("1", "2"):
        folder = copy_of(
            ROOT / "examples" / "strait-ferry", tmp_path / f"in-{seed}" / ("deep" * int(seed))
        )
        code = (
            "import sys\nfrom kg.cli import _run\n"
            "assert _run(['build']) == 0\nassert _run(['export', 'nquads', '-o', 'all.nq']) == 0\n"
        )
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
        files = [folder / "build" / name for name in MADE] + [folder / "all.nq"]
        made.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])

    assert made[0] == made[1]


def test_checks_speak_with_file_and_line(
    ferry: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """`kg check` lists what is wrong where, as text and as JSON, and exits 1."""
    record = ferry.sources / "fanal-accord" / "record.yaml"
    text = record.read_text(encoding="utf-8").replace("form: direct", "form: spoken", 1)
    record.write_text(text, encoding="utf-8")

    assert kg(ferry.root, "check") == 1
    assert "sources/fanal-accord/record.yaml:" in capsys.readouterr().out
    assert kg(ferry.root, "check", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert [item["code"] for item in found if item["level"] == "error"] == ["unknown-word"]


def test_both_engines_find_the_same(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The compiled shapes and pySHACL list the same findings."""
    assert kg(built, "check", "--format", "json") == 0
    compiled = capsys.readouterr().out
    assert kg(built, "check", "--format", "json", "--engine", "pyshacl") == 0

    assert capsys.readouterr().out == compiled


def test_explain_leads_to_the_words(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An agent, an attribution and a document each lead to quotes in their context and a hash."""
    for node in ("fanal-accord#a1", "fanal-accord"):
        assert kg(built, "explain", node) == 0
        told = capsys.readouterr().out
        assert "⟦" in told
        assert "sha256 of the text" in told


def test_explain_offers_the_nearest_id(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is not there is misuse, and the nearest are named."""
    assert kg(built, "explain", "fanal-acord") == 2
    assert "fanal-accord" in capsys.readouterr().err


def test_doctor_sees_that_all_agree(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Versions, texts held, and a store that agrees with the records."""
    assert kg(built, "doctor") == 0
    told = capsys.readouterr().out
    assert "8 of 8 held here" in told
    assert "agrees with the records" in told


def test_doctor_sees_what_changed(ferry: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited record is told as not built yet."""
    build_project(ferry)
    record = ferry.sources / "fanal-accord" / "record.yaml"
    record.write_text(record.read_text(encoding="utf-8") + "# a note\n", encoding="utf-8")

    assert kg(ferry.root, "doctor") == 0
    assert "1 record or registry changed since" in capsys.readouterr().out


def test_a_new_project_builds_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`kg init` then `kg build`: zero of everything, and no fault."""
    assert _run(["init", str(tmp_path / "new"), "--title", "New"]) == 0
    assert kg(tmp_path / "new", "build") == 0
    assert "documents      0" in capsys.readouterr().out


def test_what_stops_a_build_is_not_buried_under_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The five records come with notes, which a fault does not repeat."""
    folder = copy_of(ROOT, tmp_path / "main")
    record = folder / "sources" / "000-bamada-consultations" / "record.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("form: indirect", "form: indirekt", 1), encoding="utf-8")

    assert kg(folder, "build") == 1
    told = capsys.readouterr().err.splitlines()
    assert "unknown-word" in told[0]
    assert [line for line in told if " note " in line] == []
    assert told[-2].endswith("not shown; kg check lists them")
    assert told[-1].endswith("nothing was built and the last good graph stands")


def test_two_collections_share_no_address(tmp_path: Path) -> None:
    """Unless told otherwise a collection's addresses start with its folder's name."""
    bases = set()
    for name in ("Été à Moscou", "ferry"):
        assert _run(["init", str(tmp_path / name)]) == 0
        bases.add(find_project(tmp_path / name).base)
    assert {base.rsplit("/", 2)[1] for base in bases} == {"ete-a-moscou", "ferry"}


def test_init_never_overwrites(tmp_path: Path) -> None:
    """A second `kg init` in the same folder is misuse."""
    assert _run(["init", str(tmp_path)]) == 0
    assert _run(["init", str(tmp_path)]) == 2


def test_anchor_writes_places_and_keeps_the_rest(
    ferry: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Take the places out, anchor, and the file is the same again."""
    record = ferry.sources / "fanal-accord" / "record.yaml"
    text = record.read_text(encoding="utf-8")
    bare = "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("    at: ")
    )
    record.write_text(bare, encoding="utf-8")

    assert kg(ferry.root, "anchor", "--dry-run") in {0, 1}
    assert record.read_text(encoding="utf-8") == bare
    kg(ferry.root, "anchor")
    again = record.read_text(encoding="utf-8")
    assert again.count("    at: ") >= text.count("    at: ") - 1
    capsys.readouterr()


def digests(folder: Path) -> dict[str, str]:
    """The hash of every file that a build makes."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in MADE}
