"""`kg review`: keys, lists and scripts decide the same, without a terminal and without colour."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.cli import _run
from kg.cli.review_desk import Desk
from kg.intake.review import decide
from kg.model import Decision
from kg.project import Project
from kg.records import load_collection

from .conftest import ARTICLE

Keys = Callable[..., int]


@pytest.fixture
def desk(project: Project, article: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    """The project with the article added."""
    assert _run(["-C", str(project.root), "add", str(article)]) == 0
    capsys.readouterr()
    return project


@pytest.fixture
def review(desk: Project, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """Run `kg review` with these keys on standard input."""

    def run(*arguments: str, keys: str = "") -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(keys))
        fixed = ["--by", "Ana", "--at", "2024-05-14"]
        return _run(["-C", str(desk.root), "review", *arguments, *fixed])

    return run


def decisions(project: Project) -> list[str]:
    """All decisions of the one record, in order."""
    reviews = load_collection(project).collection.records[0].reviews
    return [f"{review.attribution} {review.decision}" for review in reviews]


def test_one_key_decides_and_goes_on(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """Accept, reject, skip; the keys are on the screen, and the words in their context."""
    assert review(keys="ars") == 0

    told = " ".join(capsys.readouterr().out.split())
    assert decisions(desk) == ["a1 accepted", "a2 rejected", "a3 skipped"]
    assert "a accept · r reject · e edit · s skip · u undo · b back · q quit" in told
    assert "⟦Le bac partira à l’heure⟧" in told
    assert "[1 of 3] corvenne#a1" in told
    assert "2 decisions kept, 0 left" in told
    assert "\x1b" not in told


def test_quitting_keeps_what_was_decided_and_the_next_sitting_goes_on(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """As does the end of the keys."""
    review(keys="aq")
    review(keys="r")

    assert decisions(desk) == ["a1 accepted", "a2 rejected"]
    assert "[1 of 2] corvenne#a2" in capsys.readouterr().out


def test_undo_shows_the_attribution_again(desk: Project, review: Keys) -> None:
    """And it can be decided anew."""
    review(keys="auraq")

    assert decisions(desk) == ["a1 accepted", "a1 undone", "a1 rejected", "a2 accepted"]


def test_every_field_can_be_edited(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """Speaker by id or name, words by first and last, form by number, claims, chain."""
    keys = (
        "es\ntalvia\nb"
        "ew\nLe bac … l’heure\nb"
        "ef\n3\nb"
        "ec\ntalvia supports corvenne-harbour\nb"
        "el\n-\nbq"
    )

    assert review(keys=keys) == 0

    found = load_collection(desk).collection.records[0].attributions[0]
    assert found.speakers == ("talvia",)
    assert (str(found.form), found.quotes) == ("mixed", ("Le bac partira à l’heure",))
    assert [claim.line for claim in found.claims] == ["talvia supports corvenne-harbour"]
    assert "! this edit changes nothing" in capsys.readouterr().out


def test_a_new_speaker_is_added_by_name(desk: Project, review: Keys) -> None:
    """The reviewer says what they are."""
    review(keys="es\nNoor Palme\npq")

    loaded = load_collection(desk)
    assert loaded.findings == ()
    assert loaded.collection.records[0].attributions[0].speakers == ("noor-palme",)
    assert any(agent.note == "added by Ana" for agent in loaded.collection.agents)


def test_an_unknown_speaker_stays_in_the_texts_words(desk: Project, review: Keys) -> None:
    """After a question mark."""
    review(keys="es\n? la ministre\nq")

    assert load_collection(desk).collection.records[0].attributions[0].unresolved == "la ministre"


def test_a_refused_edit_is_told_and_the_item_stays(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line; then it can be decided."""
    review(keys="ew\nThe ferry sails\nxz?a")

    told = capsys.readouterr().out
    assert "! the words are not in the text" in told
    assert "`z` is no key here" in told
    assert decisions(desk) == ["a1 accepted"]


def test_a_decision_over_somebody_elses_is_told(
    desk: Project, review: Keys, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two people at once: the second looks again, nothing is lost."""
    shown = Desk._show

    def show(self: Desk) -> None:
        if not decisions(desk):
            decide(desk, "corvenne", "a1", Decision.REJECTED, by="Bo", on="2024-05-13")
        shown(self)

    monkeypatch.setattr(Desk, "_show", show)
    review(keys="aaq")

    assert decisions(desk) == ["a1 rejected", "a1 accepted"]
    assert "the record changed since you saw it (last decision by Bo" in capsys.readouterr().out


def test_the_queue_is_listed_for_people_and_programs(
    review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each, on stdout; the count on stderr."""
    assert review("--list") == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 3
    assert told.out.startswith("corvenne#a1  0.")
    assert "3 attributions waiting" in told.err

    review("--json", "--form", "direct")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["quote"] for row in rows] == [["Le bac partira à l’heure"]]


def test_accepting_above_a_confidence_can_be_tried_first(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """Dry, nothing is written; else each decision says that it was made unread."""
    before = (desk.sources / "corvenne" / "record.yaml").read_bytes()
    assert review("--accept-above", "0.9", "--dry-run") == 0
    dry = capsys.readouterr().out
    assert (desk.sources / "corvenne" / "record.yaml").read_bytes() == before

    assert review("--accept-above", "0.9") == 0

    reviews = load_collection(desk).collection.records[0].reviews
    assert dry.replace("would be accepted: ", "accepted: ") == capsys.readouterr().out
    assert [review.note for review in reviews] == ["accepted unread: confidence 0.9 or above"]


def test_decisions_are_scripted(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """By name, several at once, an edit with its fields, and taken back."""
    assert review("--decide", "corvenne#a1=accepted", "--decide", "corvenne#a2=rejected") == 0
    assert (
        review("--decide", "corvenne#a3=edited", "--set", "polarity=denied", "--set", "claims=[]")
        == 0
    )
    assert review("--undo") == 0

    assert decisions(desk) == ["a1 accepted", "a2 rejected", "a3 edited", "a3 undone"]
    assert "corvenne#a3: took back: edited" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--decide", "corvenne=accepted"], "write SLUG#ID="),
        (["--decide", "corvenne#a1=undone"], "write SLUG#ID="),
        (["--decide", "corvenne#a1=edited"], "--set FIELD=VALUE"),
        (["--decide", "corvenne#a1=edited", "--set", "form"], "--set form"),
        (["--decide", "corvenne#a1=edited", "--set", "at=[1,"], "this is not a list"),
        (["--decide", "corvenne#a77=accepted"], "no attribution `a77`"),
        (["--set", "form=direct"], "--set goes with"),
        (["nowhere"], "no record `nowhere`"),
        (["--undo"], "no decision of Ana stands"),
    ],
)
def test_a_wrong_call_is_one_line(
    review: Keys, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and nothing decided."""
    assert review(*arguments) == 2

    assert words in capsys.readouterr().err


def test_an_empty_queue_says_so(review: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to do is no fault."""
    assert review("--speaker", "nobody-at-all") == 0

    assert "nothing waits for a decision" in capsys.readouterr().out


def test_without_the_text_the_words_alone_are_shown(
    desk: Project, review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """And how to get it back."""
    for path in (desk.root / ".kg" / "texts").iterdir():
        path.unlink()

    review(keys="q")

    told = " ".join(capsys.readouterr().out.split())
    assert "⟦Le bac partira à l’heure⟧ (text not attached: kg attach FOLDER)" in told
    assert ARTICLE[:40] not in told


@pytest.mark.parametrize(
    "arguments",
    [["--decide", "corvenne#a2=accepted"], ["--undo"], ["--accept-above", "0", "--dry-run"], []],
)
def test_a_wrong_moment_is_one_line(
    desk: Project, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is asked or written."""
    before = (desk.sources / "corvenne" / "record.yaml").read_bytes()

    assert _run(["-C", str(desk.root), "review", *arguments, "--at", "yesterday"]) == 2

    assert "--at yesterday: write 2025-04-03" in capsys.readouterr().err
    assert (desk.sources / "corvenne" / "record.yaml").read_bytes() == before


def test_undo_after_a_batch_says_how_many_there_are(
    review: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """One is taken back at a time."""
    review("--accept-above", "0")
    capsys.readouterr()

    told = []
    for _ in range(3):
        review("--undo")
        told.append(capsys.readouterr().out.strip())

    assert told == [
        "corvenne#a3: took back: accepted (1 of 3; repeat for the others)",
        "corvenne#a2: took back: accepted (1 of 2; repeat for the other)",
        "corvenne#a1: took back: accepted",
    ]
