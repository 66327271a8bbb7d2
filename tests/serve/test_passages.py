"""A text cut at the borders of its attributions loses no character and hides no overlap."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.serve.passages import paragraphs

TEXT = st.text(alphabet="abc dé\n’«» ", min_size=1, max_size=120)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, dict[int, list[tuple[int, int]]]]:
    """A text and spans in it, overlapping as they like."""
    text = draw(TEXT)
    place = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(place, place).map(sorted).map(tuple), max_size=6))
    return text, {number: [span] for number, span in enumerate(spans)}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(marked())
def test_no_character_is_lost_or_moved(case: tuple[str, dict[int, list[tuple[int, int]]]]) -> None:
    """Segments put together are the lines of the text, each where it stands."""
    text, spans = case
    made = paragraphs(text, spans)
    lines = [line for line in text.split("\n") if line.strip()]

    assert ["".join(part.text for part in item.segments) for item in made] == lines
    for item in made:
        for part in item.segments:
            assert text[part.start : part.start + len(part.text)] == part.text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(marked())
def test_each_character_knows_what_covers_it(
    case: tuple[str, dict[int, list[tuple[int, int]]]],
) -> None:
    """A segment lists exactly the attributions whose spans cover it."""
    text, spans = case
    for item in paragraphs(text, spans):
        for part in item.segments:
            for place in range(part.start, part.start + len(part.text)):
                covering = {
                    number
                    for number, places in spans.items()
                    if any(start <= place < end for start, end in places)
                }
                assert set(part.covering) == covering


def test_overlaps_are_split_at_every_border() -> None:
    """Two overlapping spans give three segments, the middle one of depth two."""
    (only,) = paragraphs("one two three", {0: [(0, 7)], 1: [(4, 13)]})

    assert [(part.text, part.covering) for part in only.segments] == [
        ("one ", (0,)),
        ("two", (0, 1)),
        (" three", (1,)),
    ]
    assert [part.opening for part in only.segments] == [(0,), (1,), ()]
    assert only.segments[1].depth == 2


def test_a_span_out_of_the_text_is_left_to_its_card() -> None:
    """What leads out of the text marks nothing."""
    (only,) = paragraphs("short", {0: [(2, 99)], 1: [(-1, 2)]})

    assert [part.covering for part in only.segments] == [()]


def test_boilerplate_is_set_apart() -> None:
    """A line wholly in a boilerplate stretch is one of boilerplate; half of one is not."""
    made = paragraphs("News here.\nRead also: more", {}, [(11, 26)])

    assert [item.aside for item in made] == [False, True]
