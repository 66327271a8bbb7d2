"""A quote is placed byte for byte, or the nearest text is told with the character that differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.cli import _run
from kg.model import Attribution, Document, Form, Record, Span
from kg.project import Project
from kg.records import load_collection
from kg.records.anchor import anchor_record, nearest_text, places_of
from tests.records.conftest import RECORD, TEXT

Make = Callable[..., Project]


def place(quote: str | tuple[str, ...], **fields: str) -> tuple[Attribution, list[str]]:
    """Anchor one quote on the sample text."""
    quotes = (quote,) if isinstance(quote, str) else quote
    item = Attribution("a1", Form.DIRECT, quotes, (), speakers=("x",), **fields)
    record = Record("s", Document("a" * 64, len(TEXT), "fr", "", "unidentified"), (item,))
    anchored, findings = anchor_record(record, TEXT, {})
    return anchored.attributions[0], [f"{f.code}: {f.message}" for f in findings]


def test_the_sample_anchors_whole(make_project: Make) -> None:
    """Every quote and cue of the sample finds its place, and the text there is the quote."""
    loaded = load_collection(make_project())
    anchored, findings = anchor_record(loaded.collection.records[0], TEXT, loaded.locations)

    assert findings == ()
    for item in anchored.attributions:
        assert [TEXT[start:end] for start, end in item.spans] == list(item.quotes)
    first = anchored.attributions[0]
    assert first.cue_span is not None
    assert TEXT[slice(*first.cue_span)] == "a dit"


def test_a_quote_that_stands_once_needs_nothing_else() -> None:
    """Its span is its place, and no context is kept."""
    item, findings = place("Le pont sera ouvert lundi")

    assert findings == []
    assert item.spans == (Span(0, 25),)
    assert item.prefix == item.suffix == ""


def test_a_quote_that_stands_twice_is_a_finding() -> None:
    """The offsets are told, and how to settle it."""
    _, findings = place("Le pont est sûr")

    assert findings[0].startswith("ambiguous-quote: the quote “Le pont est sûr” stands 2 times")


def test_a_prefix_settles_it_and_is_kept() -> None:
    """With the words before it the quote has one place."""
    item, findings = place("Le pont est sûr", prefix="« ")

    assert findings == []
    assert TEXT[item.spans[0].start - 2 : item.spans[0].end] == "« Le pont est sûr"


def test_a_wrong_space_is_named_with_its_column() -> None:
    """A no-break space where a space was typed is told by name and column, never accepted."""
    item, findings = place("est sûr »")

    assert item.spans == ()
    assert "column 8: NO-BREAK SPACE (U+00A0) where the quote has SPACE" in findings[0]


def test_a_changed_word_shows_the_nearest_text() -> None:
    """What stands there is shown with its offset."""
    _, findings = place("Le pont sera ouvert mardi")

    assert "nearest is “Le pont sera ouvert lundi” (offset 0, column 21" in findings[0]


def test_nothing_like_it_is_said_so() -> None:
    """A quote from another text has no nearest text."""
    _, findings = place("Zzyzx qwerty kwijibo")

    assert findings == [
        "quote-not-found: the quote “Zzyzx qwerty kwijibo” is not in the text, nor anything like it"
    ]


def test_parts_are_placed_in_order() -> None:
    """The second part of a split quote is sought after the first."""
    item, findings = place(("a dit Mara Velin", "le pont est sûr"))

    assert findings == []
    assert item.spans[0].end < item.spans[1].start


@pytest.mark.parametrize("quote", ["", "x" * 10_000])
def test_places_of_any_quote_ends(quote: str) -> None:
    """Empty and endless quotes have no place."""
    assert places_of(quote, TEXT) == []


def test_the_nearest_text_has_the_offsets_of_the_raw_text() -> None:
    """Folding is one to one, so the span points at the captured characters."""
    near = nearest_text("le pont est sûr ».", "Oui, Le pont est sûr\u00a0».")

    assert near is not None
    assert near.span == Span(5, 23)


LONG = (
    "Elle a écrit : « Le pont que nous attendions depuis tant de saisons sera ouvert aux barques "
    "et aux passants dès le premier matin de mai ».\n"
)
SPOKEN = LONG[LONG.index("Le pont") : LONG.index(" ».")]


def test_a_difference_near_the_end_is_in_both_excerpts() -> None:
    """Quote and text are cut around what differs, not before it."""
    quote = SPOKEN.replace("matin de mai", "matin de mars")
    item = Attribution("a1", Form.DIRECT, (quote,), (), speakers=("x",))
    record = Record("s", Document("a" * 64, len(LONG), "fr", "", "unidentified"), (item,))

    (finding,) = anchor_record(record, LONG, {})[1]

    assert "premier matin de mars” is not in the text" in finding.message
    assert "premier matin de mai" in finding.message.partition("nearest is")[2]
    column = quote.index("mars") + 3
    assert f"column {column}: “i” where the quote has “r”" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("Le pont", "Ce pont", 1), ("saisons", "mois", None), ("Le pont", "Le  pont", 4)],
)
def test_the_nearest_text_starts_where_the_quote_starts(
    old: str, new: str, column: int | None
) -> None:
    """The quotation mark before it is no part of it."""
    quote = SPOKEN.replace(old, new)
    near = nearest_text(quote, LONG)

    assert near is not None
    assert near.span.start == LONG.index("Le pont")
    wanted = column or SPOKEN.index(old) + 1
    assert near.difference.startswith(f"column {wanted}: ")


def test_a_place_that_does_not_fit_its_quote_is_set_anew() -> None:
    """The words rule, not the numbers; context that no longer fits goes."""
    item = Attribution(
        "a1",
        Form.DIRECT,
        ("Le pont sera ouvert lundi",),
        (Span(0, 9),),
        speakers=("x",),
        suffix=" sera",
        cue="a dit",
        cue_span=Span(27, 29),
    )
    record = Record("s", Document("a" * 64, len(TEXT), "fr", "", "unidentified"), (item,))

    anchored, findings = anchor_record(record, TEXT, {})

    (made,) = anchored.attributions
    assert findings == ()
    assert made.spans == (Span(0, 25),)
    assert made.suffix == ""
    assert made.cue_span is not None
    assert TEXT[slice(*made.cue_span)] == "a dit"


def test_words_that_stand_twice_keep_the_start_they_had() -> None:
    """A quote made longer or shorter is still the one that was meant."""
    start = TEXT.rindex("Le pont est sûr")
    item = Attribution(
        "a1", Form.DIRECT, ("Le pont est sûr",), (Span(start, start + 7),), speakers=("x",)
    )
    record = Record("s", Document("a" * 64, len(TEXT), "fr", "", "unidentified"), (item,))

    anchored, findings = anchor_record(record, TEXT, {})

    assert findings == ()
    assert anchored.attributions[0].spans == (Span(start, start + 15),)


def test_the_command_mends_a_place_that_does_not_fit(
    make_project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a second run has nothing to do."""
    project = make_project(RECORD.replace("form: indirect", "form: indirect\n    at: [0, 9]"))

    first = _run(["-C", str(project.root), "anchor"])
    told = capsys.readouterr()

    assert first == 0, told
    assert load_collection(project).findings == ()
    assert _run(["-C", str(project.root), "anchor"]) == 0
    assert "0 quotes anchored" in capsys.readouterr().err


def test_one_wrong_quote_is_one_error(
    make_project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """That it is not in the text, not also that its place does not fit."""
    project = make_project(
        RECORD.replace("ouvert lundi\n", "ouvert mardi ou jeudi\n    at: [0, 25]\n")
    )

    assert _run(["-C", str(project.root), "anchor"]) == 1

    told = capsys.readouterr()
    errors = [line for line in (told.out + told.err).splitlines() if " error " in line]
    assert len(errors) == 1
    assert "quote-not-found" in errors[0]
