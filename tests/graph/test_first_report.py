"""Which text carried a claim first is told from open and rough dates too, or left open."""

from __future__ import annotations

import pytest

from kg.graph.query import ask_query, load_query, values_of
from kg.graph.store import MemoryStore
from kg.model import parse_when
from kg.project import data_folder

BASE = "https://example.org/id/"
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/claim-provenance/ns#>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX ex: <https://example.org/id/>
"""


def text(name: str, published: str) -> str:
    """A text of one claim, with the days on which it may have appeared."""
    when = parse_when(published) if published else None
    days = "".join(
        f' ; kg:{name} "{day}"^^xsd:date'
        for name, day in (
            ("publishedEarliest", when.earliest if when else ""),
            ("publishedLatest", when.latest if when else ""),
        )
        if day
    )
    dated = f' ; schema:datePublished "{published}"' if published else ""
    return (
        f'ex:{name} dcterms:identifier "{name}" ; schema:publisher ex:paper-{name}{dated}{days} .\n'
        f"ex:said-{name} kg:conveys ex:claim ; kg:inText ex:{name} .\n"
    )


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("../2030-04-02", "2030-04-04"), {"a"}),
        (("2030-04-04", "../2030-04-02"), {"b"}),
        (("../2030-04-04", "2030-04-04"), {"a", "b"}),
        (("2030-04-03~", "2030-04-04"), {"a", "b"}),
        (("2030-04-03~", "2030-04-05"), {"a"}),
        (("2030-04", "2030-04-10", "2030-05-01"), {"a", "b"}),
        (("2030-04-03", ""), {"a"}),
    ],
)
def test_the_first_is_whoever_no_text_is_surely_earlier_than(
    dates: tuple[str, ...], first: set[str]
) -> None:
    """Several where the dates do not settle it; a text without a date is counted, not named."""
    store = MemoryStore(base=BASE)
    texts = "".join(text(name, day) for name, day in zip("abc", dates, strict=False))
    store.add(PREFIXES + texts, "turtle")
    query = load_query(data_folder("queries"), "first-report")
    table = ask_query(store, query, values_of(query, {}, base=BASE)).table
    assert table is not None
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]

    assert {row["document"].value for row in rows if row["document"]} == first
    assert {row["undated"].value for row in rows if row["undated"]} == {str(dates.count(""))}
