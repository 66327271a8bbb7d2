"""Web Annotations come in byte for byte, marked as imported; what cannot be placed is an orphan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import _run
from kg.errors import IntakeError
from kg.intake.add import open_desk
from kg.intake.annotations import import_annotations
from kg.intake.document import Given, capture
from kg.intake.formats.article import Article
from kg.model import Form, RunKind
from kg.project import Project
from kg.records import load_collection

from .conftest import ARTICLE

ADDRESS = "https://fanal.example/bac"


@pytest.fixture
def desk(project: Project) -> Project:
    """The project with the article added, its address known."""
    article = Article("c.txt", "corvenne", ARTICLE, ARTICLE.encode(), "plain text", "text")
    with open_desk(project, version="1") as opened:
        opened.add(capture(article, Given(url=ADDRESS, language="fr")))
    return project


def annotation(exact: str, **fields: object) -> dict[str, object]:
    """One annotation of the article, as Hypothes.is gives it."""
    selector: dict[str, object] = {"type": "TextQuoteSelector", "exact": exact}
    selector |= fields.pop("context", {})  # type: ignore[arg-type]
    return {
        "id": "n1",
        "uri": ADDRESS,
        "user": "acct:ana@hypothes.is",
        "target": [{"source": ADDRESS, "selector": [selector]}],
        **fields,
    }


def written(tmp_path: Path, data: object) -> Path:
    """A file of annotations."""
    path = tmp_path / "notes.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_an_annotation_becomes_an_attribution_of_its_record(desk: Project, tmp_path: Path) -> None:
    """Found by the address; speaker by tag, comment as note, the run says it was imported."""
    note = annotation(
        "le prix restera le même", tags=["speaker: Maëlle Tarvoz"], text="Check this."
    )

    done = import_annotations(desk, written(tmp_path, {"rows": [note], "total": 1}))

    loaded = load_collection(desk)
    found = next(a for a in loaded.collection.records[0].attributions if a.run == "import-ana")
    run = next(run for run in loaded.collection.records[0].runs if run.id == "import-ana")
    assert loaded.findings == ()
    assert done.added == (f"corvenne#{found.id}",)
    assert (found.speakers, found.form, found.note) == (
        ("maelle-tarvoz",),
        Form.INDIRECT,
        "Check this.",
    )
    assert (run.kind, run.note) == (RunKind.PERSON, "imported from notes.json")


def test_importing_again_changes_nothing(desk: Project, tmp_path: Path) -> None:
    """The same words of the same speaker are there already."""
    path = written(tmp_path, [annotation("le prix restera")])
    import_annotations(desk, path)
    record = desk.sources / "corvenne" / "record.yaml"
    before = record.read_bytes()

    done = import_annotations(desk, path)

    assert (done.added, done.known) == ((), 1)
    assert record.read_bytes() == before


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (annotation("le prix baissera"), "not in the text, letter by letter"),
        (annotation("Le bac partira à l'heure"), "nearest is at offset"),
        (annotation("Corvenne"), "nothing tells which is meant"),
        (
            annotation("le prix", uri="x", target=[{"source": "https://other.example"}]),
            "no record has",
        ),
        (annotation(" "), "it quotes no words"),
    ],
)
def test_an_orphan_is_told_and_never_moved(
    desk: Project, tmp_path: Path, note: dict[str, object], words: str
) -> None:
    """Like words are not the words."""
    done = import_annotations(desk, written(tmp_path, [note]))

    assert done.added == ()
    assert words in done.findings[0].message


def test_repeated_words_are_told_apart_by_their_context(desk: Project, tmp_path: Path) -> None:
    """Or by a position that fits; one that does not fit is not believed."""
    context = {"prefix": "Selon Radio ", "suffix": ", le prix"}
    by_position = annotation("Corvenne")
    by_position["target"] = [
        {
            "source": ADDRESS,
            "selector": [
                {"type": "TextQuoteSelector", "exact": "Corvenne"},
                {"type": "TextPositionSelector", "start": 10, "end": 18},
            ],
        }
    ]

    done = import_annotations(
        desk, written(tmp_path, [annotation("Corvenne", context=context), by_position])
    )

    attributions = load_collection(desk).collection.records[0].attributions
    starts = [a.spans[0].start for a in attributions if a.run == "import-ana"]
    assert len(done.added) == 2
    assert starts == [ARTICLE.index("Corvenne, le prix"), 10]


def test_our_own_export_is_read_back(desk: Project, tmp_path: Path) -> None:
    """Two parts, a form, an agent's address, the hash of the text: all of it comes back."""
    sha256 = load_collection(desk).collection.records[0].document.sha256
    page = {
        "type": "AnnotationPage",
        "items": [
            {
                "id": "https://example.org/1",
                "type": "Annotation",
                "body": [
                    {"type": "TextualBody", "purpose": "tagging", "value": "mixed"},
                    {
                        "type": "SpecificResource",
                        "purpose": "identifying",
                        "source": f"{desk.base}agent/talvia",
                    },
                ],
                "target": [
                    {
                        "source": "urn:x",
                        "dcterms:identifier": f"sha256:{sha256}",
                        "selector": [{"type": "TextQuoteSelector", "exact": exact}],
                    }
                    for exact in ("la Talvie", "le port de Corvenne")
                ],
            }
        ],
    }

    import_annotations(desk, written(tmp_path, page))

    found = load_collection(desk).collection.records[0].attributions[-1]
    assert found.quotes == ("la Talvie", "le port de Corvenne")
    assert (found.speakers, found.form, found.run) == (
        ("talvia",),
        Form.MIXED,
        "import-imported-annotations",
    )


def test_the_command_tells_what_came_in(
    desk: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names on stdout, orphans and counts on stderr, exit 1 where there is an orphan."""
    path = written(tmp_path, [annotation("le prix restera"), annotation("le prix montera")])

    assert _run(["-C", str(desk.root), "annotate", str(path)]) == 1

    told = capsys.readouterr()
    assert told.out == "corvenne#a4\n"
    assert "orphan-annotation" in told.err
    assert "1 attribution added, 0 already there, 1 orphan" in told.err


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}', "[1, 2]", "[" * 100_000])
def test_a_file_of_no_annotations_is_one_line(desk: Project, tmp_path: Path, content: str) -> None:
    """No JSON, or JSON of something else."""
    path = tmp_path / "notes.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(IntakeError, match=r"notes\.json"):
        import_annotations(desk, path)
