"""Ways from speaker to text are followed to the end, and circles are answered."""

from __future__ import annotations

from conftest import BASE, make_material, make_row

from kg.analyse.chains import only_through, ways
from kg.analyse.material import Material


def test_the_longest_way_of_the_example(ferry: Material) -> None:
    """Courier ← Ledger ← Orvapress ← Ms Corvandre, the agency unseen."""
    way = ways(ferry)[0]

    assert way.row.identifier == "courier-fifty-minutes#a4"
    assert [step.kind for step in way.steps] == ["text", "attribution", "source", "speaker"]
    assert [step.seen for step in way.steps] == [True, True, False, True]
    assert (way.links, way.unseen, way.circle) == (2, 1, "")


def test_what_reaches_us_only_through_rfi(five: Material) -> None:
    """RFI's report stands in no text of the collection, and carries what nobody else has."""
    first = only_through(five)[0]

    assert "RFI" in first.link.label
    assert not first.link.seen
    assert first.relayed >= 10
    assert first.claims


def test_a_relay_that_is_an_attribution_is_followed() -> None:
    """The chain of the earlier text comes after that text."""
    first = make_row("a#1", speakers=["x"], chain=["agency"])
    second = make_row("b#1", speakers=["x"], chain=["a"], chain_iris=(first.iri,))
    way = ways(make_material(first, second))[0]

    assert [step.label for step in way.steps] == ["The b", "The a (a#1)", "agency", "x"]
    assert way.links == 2


def test_a_circle_is_shown_and_ends() -> None:
    """Two texts that each claim to have it from the other."""
    one = make_row("a#1", speakers=["x"], chain=["b"], chain_iris=(f"{BASE}b#1",))
    two = make_row("b#1", speakers=["x"], chain=["a"], chain_iris=(f"{BASE}a#1",))
    found = ways(make_material(one, two))

    assert len(found) == 2
    assert all(way.circle and way.links == 1 for way in found)


def test_what_has_another_way_is_not_only_through() -> None:
    """A claim also told without the relay does not hang on it."""
    rows = [
        make_row("a#1", speakers=["x"], chain=["rfi"], claims=["s p one", "s p two"]),
        make_row("b#1", speakers=["y"], claims=["s p two"]),
    ]
    (item,) = only_through(make_material(*rows))

    assert [label for _, label in item.claims] == ["s p one"]
    assert item.speakers == ("agent/x",)


def test_direct_ways_are_shown_when_asked() -> None:
    """`minimum=0` shows every attribution, also the outlet's own voice without a speaker."""
    rows = [make_row("a#1", speakers=["x"]), make_row("a#2", form="authorial")]
    found = ways(make_material(*rows), minimum=0)

    assert [[step.kind for step in way.steps] for way in found] == [["text", "speaker"], ["text"]]
