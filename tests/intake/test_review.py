"""Decisions are only added, checked, kept with who and when, and can be taken back."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread

import pytest

from kg.build import record_judge
from kg.errors import RecordError, UsageError
from kg.graph.emit_record import review_status
from kg.intake.add import open_desk
from kg.intake.decisions import standing
from kg.intake.document import capture
from kg.intake.edits import EditError
from kg.intake.formats.article import Article
from kg.intake.named import name_thing
from kg.intake.review import ALL, ChangedSinceError, Filters, Waiting, decide, queue, undo
from kg.model import Decision, Form, Review, RunKind, SpeakerKind
from kg.project import Project, find_project
from kg.records import load_collection
from kg.records.encode import encode_record

from .conftest import ARTICLE

DAY = "2024-05-14"
SLUG = "corvenne"


@pytest.fixture
def desk(project: Project) -> Project:
    """The project with the article added."""
    raw = ARTICLE.encode()
    with open_desk(project, version="1") as opened:
        opened.add(capture(Article("corvenne.txt", SLUG, ARTICLE, raw, "plain text", "text")))
    return project


def item(project: Project, number: str = "a1", state: str = ALL) -> Waiting:
    """One attribution of the queue."""
    return next(
        found for found in queue(project, Filters(state=state)) if found.attribution.id == number
    )


def record_text(project: Project) -> str:
    """The record's file."""
    return (project.sources / SLUG / "record.yaml").read_text(encoding="utf-8")


def test_the_queue_shows_what_a_program_made(desk: Project) -> None:
    """In the order of the text, with the text, the proposal and the record's digest."""
    found = queue(desk)

    assert [entry.attribution.id for entry in found] == ["a1", "a2", "a3"]
    assert all(
        entry.state == "waiting" and entry.digest and entry.text == ARTICLE for entry in found
    )
    assert found[0].proposal["rule"]


def test_the_queue_is_filtered(desk: Project) -> None:
    """By document, form, speaker and confidence."""
    everything = queue(desk)

    assert queue(desk, Filters(document=SLUG)) == everything
    assert {entry.attribution.form for entry in queue(desk, Filters(form=Form.DIRECT))} == {
        Form.DIRECT
    }
    assert [e.attribution.speakers for e in queue(desk, Filters(speaker="tarvoz"))] == [
        ("maelle-tarvoz",)
    ]
    assert all(entry.attribution.confidence >= 0.8 for entry in queue(desk, Filters(above=0.8)))
    assert len(queue(desk, Filters(above=0.8))) + len(queue(desk, Filters(below=0.7999))) == 3
    with pytest.raises(UsageError, match="no record `nowhere`"):
        queue(desk, Filters(document="nowhere"))


@pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.REJECTED])
def test_a_decision_is_added_with_who_and_when(desk: Project, decision: Decision) -> None:
    """The attribution stays as it was, the proposal stays in the history, the queue is shorter."""
    before = item(desk).attribution

    decide(desk, SLUG, "a1", decision, by="Ana", on=DAY, note="checked")

    record = load_collection(desk).collection.records[0]
    assert record.reviews == (Review("a1", decision, "Ana", DAY, "checked"),)
    assert record.attributions[0] == before
    assert [entry.attribution.id for entry in queue(desk)] == ["a2", "a3"]
    assert item(desk).state == str(decision)


def test_a_comment_in_the_record_survives_decisions(desk: Project) -> None:
    """What a person wrote into the file is theirs."""
    path = desk.sources / SLUG / "record.yaml"
    path.write_text("# checked against the paper edition\n" + record_text(desk), encoding="utf-8")

    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on=DAY)

    assert record_text(desk).startswith("# checked against the paper edition\n")


def test_what_was_skipped_comes_last(desk: Project) -> None:
    """A skip decides nothing."""
    decide(desk, SLUG, "a1", Decision.SKIPPED, by="Ana", on=DAY)

    assert [(entry.attribution.id, entry.state) for entry in queue(desk)] == [
        ("a2", "waiting"),
        ("a3", "waiting"),
        ("a1", "skipped"),
    ]


def test_an_edit_changes_the_attribution_and_keeps_the_proposal(desk: Project) -> None:
    """The history holds it as proposed, as it was before and as it is after."""
    done = decide(
        desk,
        SLUG,
        "a1",
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"form": "mixed", "polarity": "denied"},
    )

    history = (desk.sources / SLUG / "proposals.jsonl").read_text(encoding="utf-8").splitlines()
    first, last = json.loads(history[0]), json.loads(history[-1])
    assert done.attribution.form is Form.MIXED
    assert done.review.note == "changed: form, polarity"
    assert first["proposal"]["form"] == last["before"]["form"] == "direct"
    assert (last["after"]["form"], last["by"], last["on"]) == ("mixed", "Ana", DAY)


def test_an_edit_of_the_words_is_placed_in_the_text(desk: Project) -> None:
    """Letter by letter, nearest to where they stood; offsets do as well."""
    done = decide(
        desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"quote": "Le bac partira"}
    )
    start, end = done.attribution.spans[0]
    again = decide(
        desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"at": [start, end - 8]}
    )

    assert ARTICLE[start:end] == "Le bac partira"
    assert again.attribution.quotes == ("Le bac",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"quote": "Le bac ne partira pas"},
            "not in the text, letter by letter; nearest is “",
        ),
        ({"at": [5, 50_000]}, "no place in a text of"),
        ({"at": "all"}, "no place in a text of"),
        ({"speaker": "maelle-tarvos"}, "did you mean `maelle-tarvoz`"),
        ({"chain": ["afp"]}, "`chain: afp` is not in outlets.yaml"),
        ({"claims": ["talvia supports norrland"]}, "`claims: norrland` is not in"),
        ({"claims": ["nonsense"]}, "not of the form"),
        ({"form": "shouted"}, "`form: shouted` is not known"),
        ({"confidence": 1.0}, "`confidence` cannot be edited"),
        ({"speaker": ""}, "give either `speaker`"),
        ({"kind": "outlet-voice"}, "go together"),
        ({"form": "direct"}, "changes nothing"),
    ],
)
def test_an_edit_that_would_be_a_fault_is_refused_whole(
    desk: Project, changes: dict[str, object], words: str
) -> None:
    """One line says why, and nothing is written."""
    before = record_text(desk)

    with pytest.raises(UsageError, match=words.replace("(", r"\(").replace(".", r"\.")):
        decide(desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes=changes)

    assert record_text(desk) == before


def test_naming_an_unresolved_speaker_takes_the_words_away(desk: Project) -> None:
    """And the basis is the reviewer's."""
    waiting = next(
        entry
        for entry in queue(desk)
        if entry.attribution.unresolved or len(entry.attribution.speakers)
    )

    one = decide(
        desk,
        SLUG,
        waiting.attribution.id,
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"unresolved": "la ministre"},
    )
    two = decide(
        desk,
        SLUG,
        waiting.attribution.id,
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"speaker": "talvia"},
    )

    assert (one.attribution.speakers, one.attribution.unresolved) == ((), "la ministre")
    assert (two.attribution.speakers, two.attribution.unresolved) == (("talvia",), "")
    assert two.attribution.basis == "decided by Ana"


def test_words_cannot_be_changed_without_the_text(desk: Project) -> None:
    """Nobody vouches for words they cannot see."""
    for path in (desk.root / ".kg" / "texts").iterdir():
        path.unlink()

    with pytest.raises(UsageError, match="kg attach FOLDER"):
        decide(desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"quote": "Le bac"})


def test_a_decision_on_a_changed_record_is_refused(desk: Project) -> None:
    """The second of two people is told, and the first one's decision stands alone."""
    seen = item(desk).digest
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on=DAY, expected=seen)

    with pytest.raises(ChangedSinceError, match=f"last decision by Ana, {DAY}"):
        decide(desk, SLUG, "a1", Decision.REJECTED, by="Bo", on=DAY, expected=seen)

    assert [review.by for review in load_collection(desk).collection.records[0].reviews] == ["Ana"]


def test_many_writers_lose_nothing(desk: Project) -> None:
    """Twelve decisions at once are twelve reviews."""
    threads = [
        Thread(
            target=decide,
            args=(desk, SLUG, f"a{n % 3 + 1}", Decision.SKIPPED),
            kwargs={"by": f"P{n}", "on": DAY},
        )
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    reviews = load_collection(desk).collection.records[0].reviews
    assert sorted(review.by for review in reviews) == sorted(f"P{n}" for n in range(12))


def test_undo_takes_back_ones_own_last_decision(desk: Project) -> None:
    """Insert-only: the decision stays, and `undone` after it."""
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on="2024-05-14")
    decide(desk, SLUG, "a2", Decision.REJECTED, by="Ana", on="2024-05-15")

    taken = undo(desk, "Ana", "2024-05-16")

    assert (taken.slug, taken.attribution.id) == (SLUG, "a2")
    reviews = load_collection(desk).collection.records[0].reviews
    assert [str(review.decision) for review in reviews] == ["accepted", "rejected", "undone"]
    assert [entry.attribution.id for entry in queue(desk)] == ["a2", "a3"]


def test_undoing_an_edit_restores_what_was(desk: Project) -> None:
    """To the letter."""
    before = item(desk).attribution
    decide(
        desk,
        SLUG,
        "a1",
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"quote": "Le bac", "form": "mixed"},
    )

    undo(desk, "Ana", DAY)

    assert item(desk).attribution == before


def test_nobody_takes_back_what_another_decided(desk: Project) -> None:
    """Nor an edit that was changed since, nor what is not there."""
    with pytest.raises(UsageError, match="no decision of Ana stands"):
        undo(desk, "Ana", DAY)
    decide(desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"form": "mixed"})
    path = desk.sources / SLUG / "record.yaml"
    path.write_text(record_text(desk).replace("form: mixed", "form: indirect", 1), encoding="utf-8")
    with pytest.raises(ChangedSinceError, match="changed again after this edit"):
        undo(desk, "Ana", DAY)
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Bo", on=DAY)
    with pytest.raises(UsageError, match="the decision that stands is by Bo"):
        undo(desk, "Ana", DAY, slug=SLUG, attribution="a1")


def test_a_decision_is_asked_again_when_its_object_changed(desk: Project) -> None:
    """Other words under an accepted attribution are not the words that were accepted."""
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on=DAY)
    path = desk.sources / SLUG / "record.yaml"
    path.write_text(record_text(desk).replace("form: direct", "form: mixed", 1), encoding="utf-8")

    assert item(desk, state="waiting").state == "changed"


def test_a_decision_stands_when_only_confidence_or_notes_change(desk: Project) -> None:
    """What was judged is the same."""
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on=DAY)
    path = desk.sources / SLUG / "record.yaml"
    text = record_text(desk)
    at = text.index("confidence:")
    path.write_text(f"{text[:at]}note: seen\n    {text[at:]}", encoding="utf-8")

    assert item(desk).state == "accepted"


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        (["accepted"], "accepted"),
        (["accepted", "undone"], None),
        (["accepted", "rejected", "undone"], "accepted"),
        (["skipped"], None),
        (["accepted", "skipped"], "accepted"),
        (["undone", "edited"], "edited"),
    ],
)
def test_the_standing_decision_is_the_one_the_graph_shows(
    desk: Project, decisions: list[str], expected: str | None
) -> None:
    """Text world and graph world derive the status alike."""
    record = load_collection(desk).collection.records[0]
    reviews = tuple(Review("a1", Decision(word), "Ana", DAY) for word in decisions)
    machine = Review("a1", Decision.REJECTED, "bot", DAY, kind=RunKind.SOFTWARE)

    found = standing((machine, *reviews, machine), "a1")
    status = review_status(
        type(record)(
            record.slug,
            record.document,
            record.attributions,
            record.runs,
            (machine, *reviews, machine),
        )
    )

    assert (str(found.decision) if found else None) == expected
    assert status["a1"].rpartition("#")[2].lower() == (expected or "machineonly")


def test_a_record_in_json_lines_is_reviewed_in_its_place(desk: Project) -> None:
    """One line changes, the others stay byte for byte."""
    record = load_collection(desk).collection.records[0]
    for path in (desk.sources / SLUG).iterdir():
        path.unlink()
    line = json.dumps(encode_record(record, with_slug=True), ensure_ascii=False)
    other = line.replace(record.document.sha256, "0" * 64).replace('"corvenne"', '"other"', 1)
    bulk = desk.sources / "all.records.jsonl"
    bulk.write_text(f"{other}\n{line}\n", encoding="utf-8")

    found = item(desk, "a2")
    decide(desk, SLUG, "a1", Decision.REJECTED, by="Ana", on=DAY)
    decide(
        desk,
        "other",
        "a1",
        Decision.ACCEPTED,
        by="Ana",
        on=DAY,
        expected=found.digest if found.slug == "other" else "",
    )

    states = {entry.id: entry.state for entry in queue(desk, Filters(state=ALL))}
    assert (states["corvenne#a1"], states["other#a1"], states["other#a2"]) == (
        "rejected",
        "accepted",
        "waiting",
    )
    assert (desk.sources / "all.proposals.jsonl").is_file()


def test_a_faulty_record_is_told_with_its_line(desk: Project) -> None:
    """Nothing is decided on what cannot be read."""
    path = desk.sources / SLUG / "record.yaml"
    path.write_text(record_text(desk).replace("form: direct", "form: shouted", 1), encoding="utf-8")

    with pytest.raises(RecordError, match="mend this record first") as caught:
        decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on=DAY)

    assert caught.value.findings[0].line > 1


@pytest.mark.parametrize(
    ("slug", "attribution", "by"),
    [("nowhere", "a1", "Ana"), ("../secret", "a1", "Ana"), (SLUG, "a99", "Ana"), (SLUG, "a1", " ")],
)
def test_a_decision_names_what_is_there(
    desk: Project, slug: str, attribution: str, by: str
) -> None:
    """A record, an attribution and a person."""
    with pytest.raises(UsageError):
        decide(desk, slug, attribution, Decision.ACCEPTED, by=by, on=DAY)


def test_edits_need_changes_and_nothing_else_has_them(desk: Project) -> None:
    """And undoing is no decision."""
    for decision, changes in (
        (Decision.EDITED, None),
        (Decision.ACCEPTED, {"form": "mixed"}),
        (Decision.UNDONE, None),
    ):
        with pytest.raises(UsageError):
            decide(desk, SLUG, "a1", decision, by="Ana", on=DAY, changes=changes)


def test_the_five_records_of_the_collection_can_be_reviewed(repository: Path) -> None:
    """Records written by hand, with their runs, stand in the queue as they are."""
    if not (repository / "kg.toml").is_file():
        pytest.skip("the collection is not here")
    found = queue(find_project(repository), Filters(state=ALL))

    assert found
    assert all(entry.digest for entry in found)


def on_disk(project: Project) -> dict[str, bytes]:
    """Every file of the record's folder."""
    return {path.name: path.read_bytes() for path in (project.sources / SLUG).iterdir()}


@pytest.mark.parametrize("on", ["yesterday", "", "2025-13-45", "2025-04"])
def test_a_wrong_date_is_refused_before_anything_is_written(desk: Project, on: str) -> None:
    """By both doors."""
    decide(desk, SLUG, "a2", Decision.ACCEPTED, by="Ana", on=DAY)
    before = on_disk(desk)

    with pytest.raises(UsageError, match="2025-04-03T10:00:00Z"):
        decide(desk, SLUG, "a1", Decision.ACCEPTED, by="Ana", on=on)
    with pytest.raises(UsageError, match="2025-04-03T10:00:00Z"):
        undo(desk, "Ana", on)

    assert on_disk(desk) == before


def test_a_changed_mention_is_placed_anew(desk: Project) -> None:
    """Where it stands in the text; words that are not there are refused."""
    done = decide(
        desk,
        SLUG,
        "a1",
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"mention": "ministre talvaise"},
    )

    assert done.attribution.mention_span is not None
    assert ARTICLE[slice(*done.attribution.mention_span)] == "ministre talvaise"
    with pytest.raises(UsageError, match="not in the text"):
        decide(desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"mention": "La reine"})


def test_a_changed_mention_without_the_text_has_no_place(desk: Project) -> None:
    """Better none than one of other words; a mention taken out takes its place along."""
    for path in (desk.root / ".kg" / "texts").iterdir():
        path.unlink()

    done = decide(
        desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"mention": "la ministre"}
    )
    bare = decide(desk, SLUG, "a2", Decision.EDITED, by="Ana", on=DAY, changes={"mention": ""})

    assert (done.attribution.mention, done.attribution.mention_span) == ("la ministre", None)
    assert (bare.attribution.mention, bare.attribution.mention_span) == ("", None)


def test_another_speaker_leaves_the_old_ones_mention_behind(desk: Project) -> None:
    """And is of the kind the registry says, unless the reviewer says otherwise."""
    assert item(desk).attribution.mention

    one = decide(desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"speaker": "talvia"})
    two = decide(
        desk,
        SLUG,
        "a1",
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"speaker": "maelle-tarvoz", "kind": "role-only", "mention": "ministre talvaise"},
    )

    assert (one.attribution.mention, one.attribution.mention_span) == ("", None)
    assert one.attribution.kind is SpeakerKind.STATE
    assert two.attribution.kind is SpeakerKind.ROLE_ONLY
    assert two.attribution.mention == "ministre talvaise"
    assert load_collection(desk).errors == ()


@pytest.mark.parametrize("chain", [["corvenne#a9"], ["corvenne#a1"], ["elsewhere#a1"]])
def test_a_relay_that_leads_nowhere_or_back_is_refused(desk: Project, chain: list[str]) -> None:
    """A decision never leaves a record that does not load."""
    before = on_disk(desk)

    with pytest.raises(UsageError, match="does not stand"):
        decide(desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"chain": chain})

    assert on_disk(desk) == before


def test_undo_takes_the_last_written_of_a_batch(desk: Project) -> None:
    """Decisions of one moment go back in the opposite order, and how many there are is said."""
    text = ARTICLE.replace("Corvenne", "Brume")
    with open_desk(desk, version="1") as opened:
        raw = text.encode()
        opened.add(capture(Article("zone.txt", "zone", text, raw, "plain text", "text")))
    names = [(SLUG, "a1"), (SLUG, "a2"), ("zone", "a1")]
    for slug, attribution in names:
        decide(desk, slug, attribution, Decision.ACCEPTED, by="Ana", on=DAY)

    taken = [undo(desk, "Ana", DAY) for _ in names]

    assert [(done.slug, done.attribution.id) for done in taken] == names[::-1]
    assert [done.of for done in taken] == [3, 2, 1]


def test_naming_an_unresolved_speaker_keeps_the_mention(desk: Project) -> None:
    """The words that meant somebody unknown mean the one now named."""
    decide(
        desk,
        SLUG,
        "a1",
        Decision.EDITED,
        by="Ana",
        on=DAY,
        changes={"unresolved": "la ministre", "kind": "unnamed", "mention": "ministre talvaise"},
    )

    done = decide(
        desk, SLUG, "a1", Decision.EDITED, by="Ana", on=DAY, changes={"speaker": "maelle-tarvoz"}
    )

    assert done.attribution.mention == "ministre talvaise"
    assert done.attribution.kind is SpeakerKind.NAMED_PERSON


def test_a_skip_is_taken_back_in_its_turn(desk: Project) -> None:
    """After accept, skip, accept, undo goes back through all three, the skip among them."""
    moments = (f"{DAY}T10:00:0{number}Z" for number in range(9))
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="R", on=next(moments))
    decide(desk, SLUG, "a2", Decision.SKIPPED, by="R", on=next(moments))
    decide(desk, SLUG, "a3", Decision.ACCEPTED, by="R", on=next(moments))

    taken = [undo(desk, "R", next(moments)).attribution.id for _ in range(3)]

    assert taken == ["a3", "a2", "a1"]
    assert {entry.state for entry in queue(desk, Filters(state=ALL))} == {"waiting"}
    with pytest.raises(UsageError, match="nothing to take back"):
        undo(desk, "R", next(moments))


def test_a_skip_over_a_decision_leaves_it_standing(desk: Project) -> None:
    """A skip of what another accepted decides nothing; to take it back takes nothing of theirs."""
    decide(desk, SLUG, "a1", Decision.ACCEPTED, by="One", on=f"{DAY}T10:00:00Z")
    decide(desk, SLUG, "a1", Decision.SKIPPED, by="Two", on=f"{DAY}T10:00:01Z")

    with pytest.raises(UsageError, match="nothing to take back"):
        undo(desk, "Two", f"{DAY}T10:00:02Z")
    assert item(desk).state == "accepted"


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("maelle-tarvoz supportsX maelle-tarvoz", "no predicate `supportsX`"),
        ('maelle-tarvoz supports "x"', "wants an id"),
        ("maelle-tarvoz supports nobody-known", "nobody-known"),
    ],
)
def test_an_edit_is_judged_as_a_build_would(desk: Project, claim: str, told: str) -> None:
    """What would stop the build is refused at once; record and history stay as they were."""
    before = record_text(desk)
    changes = {"claims": [claim]}

    with pytest.raises(EditError, match=told):
        decide(
            desk,
            SLUG,
            "a1",
            Decision.EDITED,
            by="R",
            on=DAY,
            changes=changes,
            judge=record_judge(desk),
        )
    assert record_text(desk) == before


def test_a_new_name_is_written_with_the_edit_that_names_it(desk: Project) -> None:
    """A person nobody listed joins the registry; where the edit is refused, nobody does."""
    registry = desk.sources / "agents.yaml"
    before = registry.read_bytes()
    collection = load_collection(desk).collection
    added, made = name_thing(collection, "Orla Venn", "person", language="en", slug=SLUG)
    place, where = name_thing(
        added.within(collection), "Lower Corvenne", "place", language="en", slug=SLUG
    )
    given = {"by": "R", "on": DAY, "additions": added, "judge": record_judge(desk)}

    with pytest.raises(EditError):
        decide(
            desk,
            SLUG,
            "a1",
            Decision.EDITED,
            changes={"speaker": made, "quote": "words that stand nowhere"},
            **given,
        )
    unchanged = registry.read_bytes()
    decide(desk, SLUG, "a1", Decision.EDITED, changes={"speaker": made}, **given)
    loaded = load_collection(desk)

    assert unchanged == before
    assert (made, where) == ("orla-venn", "lower-corvenne")
    assert [str(topic.kind) for topic in place.topics] == ["place"]
    assert loaded.errors == ()
    assert item(desk).attribution.speakers == ("orla-venn",)
    assert item(desk).attribution.kind is SpeakerKind.NAMED_PERSON
