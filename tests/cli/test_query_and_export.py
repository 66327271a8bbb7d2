"""`kg query` and `kg export` as a person meets them: data, words and exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.cli import _run
from kg.export import FORMATS
from kg.graph.generations import lock_for_building, next_generation
from kg.graph.store import MemoryStore

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://example.org/id/"


@pytest.fixture
def collection(tmp_path: Path, mini_store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder whose store holds the mini-collection; the tests stand in it."""
    (tmp_path / "kg.toml").write_text(f'title = "The pier"\nbase = "{BASE}"\n', encoding="utf-8")
    store = tmp_path / "build" / "store"
    with lock_for_building(store), next_generation(store) as generation:
        graph = ox.Store(str(generation / "graph"))
        graph.bulk_extend(mini_store.raw)
        graph.flush()
        del graph
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def _ask(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str, str]:
    code = _run(list(arguments))
    out, err = capfdbinary.readouterr()
    return code, out.decode("utf-8"), err.decode("utf-8")


def test_a_named_query_prints_a_table(collection: Path, capfdbinary) -> None:
    """The table has its header, fits the width and says nothing on stderr."""
    code, out, err = _ask(capfdbinary, "query", "support", "-p", "words=opens")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].split()[0] == "said"
    assert "North Pier opens in 2031" in out
    assert max(len(line) for line in out.splitlines()) <= 100


@pytest.mark.parametrize("name", ["out.docx", "out", "out.svgz"])
def test_a_picture_of_an_unknown_ending_is_refused(
    name: str, collection: Path, capfdbinary
) -> None:
    """One line names the endings there are, and nothing is written."""
    code, out, err = _ask(capfdbinary, "draw", "-o", name)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(ending in err for ending in (name, ".html", ".svg", ".png"))
    assert not (collection / name).exists()


def test_an_ending_says_what_is_drawn_and_may_not_contradict_the_option(
    collection: Path, capfdbinary
) -> None:
    """`-o x.svg` draws SVG, `--svg -o x.svg` too; `--svg -o x.html` is refused in one line."""
    assert _ask(capfdbinary, "draw", "-o", "a.svg")[0] == 0
    assert _ask(capfdbinary, "draw", "--svg", "-o", "b.svg")[0] == 0
    assert _ask(capfdbinary, "draw", "-o", "a.html")[0] == 0
    code, _, err = _ask(capfdbinary, "draw", "--svg", "-o", "c.html")

    assert code == 2
    assert err.count("\n") == 1
    assert (collection / "a.svg").read_bytes() == (collection / "b.svg").read_bytes()
    assert (collection / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (collection / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert not (collection / "c.html").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("draw", "-o", "no/such/x.html"),
        ("query", "documents", "-o", "no/such/x.csv"),
        ("export", "turtle", "-o", "no/such/x.ttl"),
    ],
)
def test_no_folder_is_made_for_an_output(
    arguments: tuple[str, ...], collection: Path, capfdbinary
) -> None:
    """A file in a folder that is not there is one line of error, and no folder appears."""
    code, out, err = _ask(capfdbinary, *arguments)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "no/such" in err
    assert not (collection / "no").exists()


def test_a_picture_names_speakers_in_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    """Built in English or drawn in French, a speaker goes by the name of that language."""
    example = ROOT / "examples" / "strait-ferry"
    for part in ("sources", "texts"):
        shutil.copytree(example / part, tmp_path / part)
    shutil.copy(example / "kg.toml", tmp_path)
    monkeypatch.chdir(tmp_path)

    assert _ask(capfdbinary, "build")[0] == 0

    built = (tmp_path / "build" / "who-said-what.html").read_text(encoding="utf-8")
    english = _ask(capfdbinary, "draw", "-o", "-")[1]
    french = _ask(capfdbinary, "draw", "--language", "fr", "-o", "-")[1]
    board = "<b><bdi>Port-Brévane Harbour Board</bdi></b>"
    regie = "<b><bdi>Régie portuaire de Port-Brévane</bdi></b>"

    assert built == english
    assert board in english
    assert regie not in english
    assert regie in french
    assert board not in french


@pytest.mark.parametrize("style", ["csv", "tsv", "json", "xml"])
def test_every_style_has_the_same_rows(style: str, collection: Path, capfdbinary) -> None:
    """The machine-readable styles hold as many rows as the golden answer."""
    code, out, _ = _ask(capfdbinary, "query", "documents", "--format", style)
    golden = (ROOT / "tests/golden/queries/documents.csv").read_text(encoding="utf-8")
    slugs = [row["document"] for row in csv.DictReader(io.StringIO(golden))]

    assert code == 0
    if style == "csv":
        assert out == golden
    else:
        assert all(slug in out for slug in slugs)
    if style == "json":
        assert len(json.loads(out)["results"]["bindings"]) == len(slugs)


def test_triples_are_turtle(collection: Path, capfdbinary) -> None:
    """A CONSTRUCT prints Turtle that another reader reads."""
    code, out, _ = _ask(capfdbinary, "query", "who-said-what", "-p", "speaker=tomas-ild")
    quads = list(ox.parse(out, format=ox.RdfFormat.TURTLE))

    assert code == 0
    assert {quad.object.value for quad in quads if quad.predicate.value.endswith("#quote")} == {
        "the authority had never been asked",
        "M. Ild n’a jamais été consulté",
        "se revoir en mai",
    }


def test_own_queries_from_a_file_and_from_stdin(
    collection: Path, capfdbinary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file and standard input give the same answer."""
    text = "SELECT ?id { ?a <http://purl.org/dc/terms/identifier> ?id } ORDER BY ?id"
    (collection / "own.rq").write_text(text, encoding="utf-8")
    from_file = _ask(capfdbinary, "query", "own.rq", "-f", "csv")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8"))))
    from_stdin = _ask(capfdbinary, "query", "-", "-f", "csv")

    assert from_file[0] == 0
    assert from_file == from_stdin
    assert from_file[1].count("\n") == 1 + 15 + 3


def test_an_answer_can_go_to_a_file(collection: Path, capfdbinary) -> None:
    """With -o the answer stands in the file and not on stdout."""
    code, out, _ = _ask(capfdbinary, "query", "outlets", "-f", "csv", "-o", "outlets.csv")

    assert (code, out) == (0, "")
    assert (collection / "outlets.csv").read_text(encoding="utf-8").startswith("outlet_name,")


def test_an_empty_answer_explains_itself(collection: Path, capfdbinary) -> None:
    """Exit 0, nothing on stdout, what was searched and the nearest id on stderr."""
    code, out, err = _ask(capfdbinary, "query", "promises", "-p", "speaker=tomas-ilde")

    assert (code, out) == (0, "")
    assert "searched with" in err
    assert "nearest: tomas-ild (Tomas Ild)" in err


def test_an_empty_csv_keeps_its_header(collection: Path, capfdbinary) -> None:
    """A program reading the CSV gets its columns also where there are no rows."""
    code, out, err = _ask(capfdbinary, "query", "support", "-p", "words=zebra", "-f", "csv")

    assert code == 0
    assert out == "said,attributions,texts,outlets,speakers,utterances,own_voice,denials\n"
    assert 'words="zebra"' in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query"], "name a query"),
        (["query", "suport"], "nearest: support"),
        (["query", "support", "-p", "words"], "write  -p key=value"),
        (["query", "support", "-p", "a=1"], "no parameter `a`"),
        (["query", "support", "-p", "words=a", "-p", "words=b"], "given twice"),
        (["query", "support", "-f", "ttl"], "rows, not triples"),
        (["query", "support", "-f", "pdf"], "pdf"),
        (["query", "nowhere.rq"], "nowhere.rq: cannot be read: No such file"),
        (["query", "bad.rq"], "refused: SERVICE"),
        (["query", "latin.rq"], "cannot be read"),
        (["query", "broken.rq"], "the query is wrong"),
        (["export"], "name a format"),
        (["export", "docx"], "no format `docx`"),
        (["export", "csv", "-o", "build"], "build: cannot be written"),
    ],
)
def test_misuse_is_one_line(
    arguments: list[str], message: str, collection: Path, capfdbinary
) -> None:
    """Exit 2, one line that says what to do, no traceback, nothing on stdout."""
    (collection / "bad.rq").write_text(
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", encoding="utf-8"
    )
    (collection / "latin.rq").write_bytes("SELECT 'é'".encode("latin-1"))
    (collection / "broken.rq").write_text("SELECT ?s { ?s ?p", encoding="utf-8")
    code, out, err = _ask(capfdbinary, *arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1
    assert "Errno" not in err


def test_without_a_graph_it_says_to_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    """Where nothing was built, one line says what to run."""
    (tmp_path / "kg.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    for arguments in (["query", "support"], ["export", "csv"]):
        code, out, err = _ask(capfdbinary, *arguments)
        assert (code, out) == (2, "")
        assert "run  kg build" in err


def test_listings_name_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    """Listings need no project; each query has its purpose, each format its use."""
    monkeypatch.chdir(tmp_path)
    names = {path.stem for path in (ROOT / "queries").glob("*.rq")}

    listed = _ask(capfdbinary, "query", "--list")[1].splitlines()
    assert {line.split()[0] for line in listed} == names
    as_json = json.loads(_ask(capfdbinary, "query", "--list", "-f", "json")[1])
    assert {item["name"] for item in as_json} == names
    formats = _ask(capfdbinary, "export", "--list")[1].splitlines()
    assert [line.split()[0] for line in formats] == list(FORMATS)
    assert _ask(capfdbinary, "query", "support", "--show")[1].startswith("# purpose:")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_to_a_file_and_to_stdout(
    name: str, collection: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A file and stdout get the same bytes; the file leaves no temporary beside it."""
    (collection / "out").mkdir()

    assert _run(["export", name, "-o", "out/graph"]) == 0
    capfdbinary.readouterr()
    assert _run(["export", name]) == 0
    printed = capfdbinary.readouterr().out

    assert printed == (collection / "out" / "graph").read_bytes()
    assert [path.name for path in (collection / "out").iterdir()] == ["graph"]


def test_a_closed_pipe_is_no_traceback(collection: Path) -> None:
    """`kg export … | head` ends quietly."""
    program = "import sys; from kg.cli import main; main(['export', 'nquads'])"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=collection,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        first = writer.stdout.readline()
        writer.stdout.close()
        told = writer.stderr.read()

    assert first.endswith(b" .\n")
    assert b"Traceback" not in told
