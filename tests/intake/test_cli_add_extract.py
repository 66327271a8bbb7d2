"""`kg add` and `kg extract`: data on stdout, faults as findings, the same bytes change nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.cli import _run, intake
from kg.intake.add import open_desk, rules_digest
from kg.intake.document import capture
from kg.intake.formats.article import Article, Source
from kg.model import Level
from kg.project import Project, write_atomically
from kg.records import load_collection
from kg.records.verify import verify_collection

from .conftest import AGENTS, ARTICLE, TOPICS

Write = Callable[[str, bytes], Path]


def tree(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def add(project: Project, *arguments: str) -> int:
    """Run `kg add` in a project."""
    return _run(["-C", str(project.root), "add", *arguments])


def test_an_article_becomes_a_record_that_is_without_fault(
    project: Project, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Record, proposals, text and registries: every quote verbatim, every name known."""
    assert add(project, str(article), "--outlet", "Le Fanal", "--published", "2024-05-15") == 0

    told = capsys.readouterr()
    loaded = load_collection(project)
    record = loaded.collection.records[0]
    texts = {record.document.sha256: ARTICLE}
    assert loaded.findings == ()
    faults = [f for f in verify_collection(loaded, texts) if f.level is Level.ERROR]
    assert faults == []
    assert (record.slug, record.document.outlet, record.document.byline) == (
        "corvenne",
        "le-fanal",
        "Jeanne Morvadec",
    )
    assert [stretch.reason for stretch in record.document.boilerplate] == [
        "link to another article"
    ]
    assert record.document.title == "Le bac de Corvenne ouvrira en mai"
    assert record.attributions[0].speakers == ("maelle-tarvoz",)
    assert {str(agent.id) for agent in loaded.collection.agents} >= {
        "maelle-tarvoz",
        "oskar-brendal",
    }
    assert [claim.line for item in record.attributions for claim in item.claims] == [
        "talvia supports corvenne-harbour"
    ]
    assert record.runs[0].ruleset == rules_digest()
    assert "corvenne: 3 attributions" in told.out
    assert "1 article added" in told.err


def test_what_the_registry_held_stays_as_it_was_written(project: Project, article: Path) -> None:
    """Comments, order and flow style of a person's file survive an addition."""
    before = (project.sources / "agents.yaml").read_text(encoding="utf-8")

    add(project, str(article))

    after = (project.sources / "agents.yaml").read_text(encoding="utf-8")
    assert "    # she took office in January\n" in after
    assert "name: {fr: Talvie, en: Talvia}" in after
    assert after != before


def test_adding_the_same_bytes_again_changes_nothing(
    project: Project, article: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under the same name or another."""
    add(project, str(article))
    before = tree(project.root)

    assert add(project, str(article), str(write("copy.txt", ARTICLE.encode()))) == 0

    assert tree(project.root) == before
    assert capsys.readouterr().out.count("already there as corvenne") == 2


def test_what_to_do_next_is_what_can_be_done(
    project: Project, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next command names the folder of -C; what is ignored is told."""
    add(project, str(article))
    first = capsys.readouterr().err
    add(project, str(article), "--outlet", "The Ledger", "--published", "2024-05-14")
    again = capsys.readouterr()

    assert f"1 article added; next:  kg -C {project.root} review\n" in first
    assert again.err.endswith("0 articles added\n")
    assert "nothing was changed; ignored: outlet, published (edit the record" in again.out


def test_two_projects_given_the_same_articles_are_the_same(
    project: Project, article: Path, tmp_path: Path
) -> None:
    """Byte for byte: nothing of the clock or the machine is written."""
    add(project, str(article))
    first = tree(project.sources / "corvenne")
    other = tmp_path / "other"
    write_atomically(other / "kg.toml", (project.root / "kg.toml").read_bytes())
    write_atomically(other / "sources" / "agents.yaml", AGENTS)
    write_atomically(other / "sources" / "topics.yaml", TOPICS)

    assert _run(["-C", str(other), "add", str(article)]) == 0

    assert tree(other / "sources" / "corvenne") == first


def test_a_bad_file_is_a_finding_and_the_rest_go_on(
    project: Project, article: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, the good article is there, nothing of the bad ones."""
    bad = [write("empty.txt", b""), write("binary.txt", b"\x00" * 900), Path("nowhere.txt")]

    assert add(project, *map(str, bad), str(article)) == 1

    err = capsys.readouterr().err
    assert [record.slug for record in load_collection(project).collection.records] == ["corvenne"]
    assert "empty.txt: error unreadable: the file is empty" in err
    assert "nowhere.txt: error not-there" in err
    assert "Traceback" not in err


def test_a_sidecar_adds_what_it_lists(
    project: Project, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file with its own outlet and date, and no further."""
    write("in/one.txt", b"Le bac part, a dit Ada Lund hier.")
    write("in/two.txt", b"Le bac reste, a dit Tor Vik hier.")
    write("in/three.txt", b"Not listed.")
    listing = write(
        "in/list.csv", b"file,outlet,published\none.txt,Le Fanal,2024\ntwo.txt,La Vigie,\n"
    )

    assert add(project, "--sidecar", str(listing)) == 0

    records = load_collection(project).collection.records
    assert [(r.slug, r.document.outlet) for r in records] == [
        ("one", "le-fanal"),
        ("two", "la-vigie"),
    ]
    assert records[0].document.published is not None
    assert records[1].document.published is None


def test_a_new_capture_of_an_address_revises_the_old_one(project: Project, write: Write) -> None:
    """Other bytes from the same address are another document, linked to the first."""
    one = write("one.txt", b"The ferry leaves at noon, Ada Lund said.")
    two = write("two.txt", b"The ferry leaves at one, Ada Lund said.")

    for path in (one, two):
        add(project, str(path), "--url", "https://fanal.example/bac")

    first, second = load_collection(project).collection.records
    assert second.document.revision_of == first.document.sha256


def test_speakers_may_be_left_unresolved(project: Project, article: Path) -> None:
    """No agent is proposed where none is wanted."""
    add(project, str(article), "--no-agents")

    loaded = load_collection(project)
    assert {agent.id for agent in loaded.collection.agents} == {"talvia", "maelle-tarvoz"}
    assert any(
        item.unresolved == "Oskar Brendal" for item in loaded.collection.records[0].attributions
    )


def test_a_broken_registry_stops_the_addition(
    project: Project, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it holds is not lost, and nothing is half added."""
    path = project.sources / "agents.yaml"
    path.write_text("agents: [", encoding="utf-8")

    assert add(project, str(article)) == 1

    assert path.read_text(encoding="utf-8") == "agents: ["
    assert not (project.sources / "corvenne").exists()
    assert "mend the registries first" in capsys.readouterr().err


def test_an_interrupted_addition_leaves_whole_records(project: Project) -> None:
    """What was read before the interruption is written, each record whole."""

    def article_of(number: int) -> Article:
        text = f"Le bac {number} part, a dit Ada Lund."
        return Article(f"{number}.txt", f"bac-{number}", text, text.encode(), "plain text", "text")

    def interrupted() -> None:
        with open_desk(project, version="1") as desk:
            desk.add(capture(article_of(1)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    loaded = load_collection(project)
    assert [record.slug for record in loaded.collection.records] == ["bac-1"]
    assert loaded.findings == ()


def test_stopping_keeps_what_was_added(
    project: Project,
    article: Path,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ctrl-C between two articles: the first is there, and the message says so."""
    reader = intake.read_articles

    def read(source: Source) -> object:
        if source.name == "never":
            raise KeyboardInterrupt
        return reader(source)

    monkeypatch.setattr(intake, "read_articles", read)

    assert add(project, str(article), str(write("never.txt", b"Words."))) == 130

    assert [record.slug for record in load_collection(project).collection.records] == ["corvenne"]
    assert "1 article added before that are kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name the files to add"),
        (["a.txt", "--published", "soon"], "--published"),
        (["a.txt", "--language", "xx"], "--language xx is not known"),
        (["a.txt", "--llm", "http://127.0.0.1:9"], "go together"),
    ],
)
def test_a_wrong_call_is_misuse(
    project: Project,
    write: Write,
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 2 and one line."""
    path = write("a.txt", b"Words.")
    given = [str(path) if argument == "a.txt" else argument for argument in arguments]

    assert add(project, *given) == 2

    assert words in capsys.readouterr().err


def test_extract_prints_one_object_a_document_outside_any_project(
    tmp_path: Path,
    article: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The contract of the line: offsets into the file as read, id from the file's name."""
    monkeypatch.chdir(tmp_path)

    assert _run(["extract", str(article)]) == 0

    line = json.loads(capsys.readouterr().out)
    assert list(line) == ["id", "lang", "text_sha256", "quotes"]
    assert (line["id"], line["lang"]) == ("corvenne", "fr")
    assert line["text_sha256"] == hashlib.sha256(ARTICLE.encode()).hexdigest()
    for quote in line["quotes"]:
        assert ARTICLE[quote["start"] : quote["end"]] == quote["text"]
        assert list(quote)[:4] == ["start", "end", "text", "kind"]
        assert list(quote)[4:11] == [
            "form",
            "cue",
            "speaker",
            "speaker_canonical",
            "chain",
            "confidence",
            "rule",
        ]
    assert line["quotes"][0]["speaker_canonical"] == "Maëlle Tarvoz"


def test_extract_looks_past_boilerplate(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """What another article's headline says is not said here; every other offset is true."""
    text = (
        "Titre\n\nLire aussi : « Le pont tombera », a dit Tor Vik\n\n"
        "« Le bac part », a dit Ada Lund.\n"
    )

    _run(["extract", str(write("a.txt", text.encode())), "--language", "fr"])

    quotes = json.loads(capsys.readouterr().out)["quotes"]
    assert [quote["text"] for quote in quotes] == ["Le bac part"]
    assert text[quotes[0]["start"] : quotes[0]["end"]] == "Le bac part"


def test_extract_knows_the_agents_of_the_project_it_runs_in(
    project: Project,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A role in the text is its holder in the registry, on the day of the text."""
    monkeypatch.chdir(project.root)
    text = "Mardi 14 mai 2024.\n\n« Le bac part », a dit la ministre talvaise des Transports.\n"

    _run(["extract", str(write("a.txt", text.encode())), "--language", "fr"])

    assert json.loads(capsys.readouterr().out)["quotes"][0]["speaker_canonical"] == "Maëlle Tarvoz"


def test_extract_explains_in_the_text(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The words, the cue and the speaker marked, the rule and its reasons below."""
    assert _run(["extract", "--explain", str(article)]) == 0

    told = capsys.readouterr().out
    assert "« ⟦Le bac partira à l’heure⟧ », {a déclaré} <Maëlle Tarvoz>" in told
    assert "not read: link to another article" in told
    assert "rule: " in told


def test_extract_reads_standard_input_and_writes_yaml_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` in, `-o` out, one YAML document for each article."""
    stdin = types.SimpleNamespace(buffer=io.BytesIO(ARTICLE.encode()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    out = tmp_path / "out.yaml"

    assert _run(["extract", "-", "--format", "yaml", "-o", str(out)]) == 0

    assert out.read_text(encoding="utf-8").startswith("---\nid: stdin\nlang: fr\n")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "text",
    [
        "« Le bac part, a dit Ada Lund.\n\n« Il partira demain », a-t-elle ajouté.",
        "“ ” « » „ ‟ ' \" ' \" »»» «««",
        "Ada Lund said: “\u202bالعبارة ستغادر\u202c” on Monday, قال بران “the ferry leaves”.",
        "«\u200bLe\u200d bac\ufeff part\u00ad », a dit\u200b Ada\u2060 Lund.",
        "« Le bac 🛥️ part 👩🏽‍✈️ », a dit Ada Lund 𝔄.",
        "e\u0301" * 400 + " « oui », a-t-il dit",
        "\r\n\x0b\x0c\u2028« Oui », a dit Ada Lund.\u2029\r« Non », a dit Tor Vik.",
        "?!." * 3000,
        "A" * 20_000,
        "، قال " * 500,
    ],
)
def test_odd_text_is_extracted_with_true_offsets(
    write: Write, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unclosed marks, mixed directions, invisible and astral characters, other line ends."""
    assert _run(["extract", str(write("odd.txt", text.encode()))]) == 0

    line = json.loads(capsys.readouterr().out)
    for quote in line["quotes"]:
        for part in (quote, quote["cue"], quote["speaker"]):
            assert part is None or text[part["start"] : part["end"]] == part["text"]


def test_extract_goes_on_after_a_bad_file(
    article: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """The good line on stdout, the fault on stderr, exit 1."""
    assert _run(["extract", str(write("empty.txt", b"")), str(article)]) == 1

    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "the file is empty" in told.err


def test_plain_text_is_extracted_without_heavy_libraries(article: Path, repository: Path) -> None:
    """No reader of another format, no YAML, RDF or matching is imported for a .txt file."""
    heavy = [
        "trafilatura",
        "lxml",
        "pypdf",
        "feedparser",
        "warcio",
        "ruamel.yaml",
        "rdflib",
        "rapidfuzz",
    ]
    code = (
        "import sys\nfrom kg.cli import main\n"
        f"try:\n    main(['extract', {str(article)!r}])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=article.parent,
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.strip() == "[]"
