"""From any node back to the words: nodes are found by any of their names, and lead to quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.graph.explain import explain, find_node
from kg.graph.store import MemoryStore
from tests.conftest import MINI_BASE

QUERIES = Path(__file__).resolve().parents[2] / "queries"


def found(store: MemoryStore, name: str) -> str:
    """Find a node of the mini-collection."""
    return find_node(store, name, base=MINI_BASE, queries=QUERIES)


def test_an_agent_is_found_by_id_path_and_iri(mini_store: MemoryStore) -> None:
    """Three ways of naming one node lead to it."""
    iri = f"{MINI_BASE}agent/mara-quell"

    assert [found(mini_store, name) for name in ("mara-quell", "agent/mara-quell", iri)] == [
        iri
    ] * 3


def test_an_attribution_is_found_by_its_identifier(mini_store: MemoryStore) -> None:
    """slug#id leads to the attribution, and explaining it tells its own words only."""
    iri = found(mini_store, "harbour-post-pier#a1")
    told = explain(mini_store, iri, base=MINI_BASE, queries=QUERIES, texts={})

    assert told.kind == "Attribution"
    assert [item.identifier for item in told.attributions] == ["harbour-post-pier#a1"]
    assert told.attributions[0].quote
    assert not told.attributions[0].is_held


def test_a_misspelt_name_offers_the_nearest(mini_store: MemoryStore) -> None:
    """What is not there is told with what is."""
    with pytest.raises(UsageError, match="mara-quell"):
        found(mini_store, "mara-quel")


@pytest.mark.parametrize("name", ["<x>", "a b", "", "claim/none", "x" * 300, 'a"b'])
def test_no_name_breaks_the_search(mini_store: MemoryStore, name: str) -> None:
    """Odd names are told as unknown, never as a broken query."""
    with pytest.raises(UsageError):
        found(mini_store, name)


def test_an_agent_leads_to_what_it_said(mini_store: MemoryStore) -> None:
    """Every attribution of the speaker is counted; `limit` cuts what is followed, not the count."""
    iri = found(mini_store, "mara-quell")
    whole = explain(mini_store, iri, base=MINI_BASE, queries=QUERIES, texts={}, limit=100)
    cut = explain(mini_store, iri, base=MINI_BASE, queries=QUERIES, texts={}, limit=1)

    assert whole.total == cut.total == len(whole.attributions) > 1
    assert len(cut.attributions) == 1
    assert any(item.how == "is spoken by it" for item in whole.attributions)
