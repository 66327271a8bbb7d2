"""Shared wording is found with its places; forms, names and set phrases are not taken for it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_material, make_row

from kg.analyse.aside import aside_spans, repeated_lines
from kg.analyse.material import Material
from kg.analyse.origins import origins
from kg.analyse.passages import Passage, SourceText, shared_passages
from kg.analyse.reuse import ReuseReading, reuse, shared_wording

LINE = "the council has agreed to rebuild the wooden jetty before winter storms reach our coast"
OTHER = "nobody expected such crowded markets after seven years without harvest or rain"


def found(left: str, right: str) -> list[Passage]:
    return shared_passages([SourceText("a", left), SourceText("b", right)])


def test_a_copied_sentence_is_exact_with_offsets_on_both_sides() -> None:
    """The places are those of the words, in each text."""
    left, right = f"Before. {LINE}. {OTHER}", f"{LINE}, they said"
    (passage,) = found(left, right)

    assert passage.kind == "exact"
    assert left[passage.left.start : passage.left.end] in LINE
    assert right[passage.right.start : passage.right.end] in LINE
    assert passage.words == 10


def test_a_lightly_edited_sentence_is_near() -> None:
    """A word dropped, one added and one inflected do not hide it."""
    edited = (
        LINE.replace("agreed", "finally agreed").replace("wooden ", "").replace("storms", "storm")
    )
    (passage,) = found(LINE, edited)

    assert passage.kind == "near"
    assert passage.evidence >= 5


def test_reordered_halves_are_found_as_passages() -> None:
    """The two halves changed places; each is found by itself."""
    words = LINE.split()
    first, second = " ".join(words[:8]), " ".join(words[8:])
    passages = found(f"{first} {second}. {OTHER}", f"{second} and {first}")

    assert len(passages) == 2
    assert {item.kind for item in passages} == {"exact"}


def test_names_and_places_alone_are_no_reuse() -> None:
    """Two texts on one event share its names."""
    names = "Foreign Ministers of Mali, Niger and Burkina Faso in Moscow with Sergei Lavrov"

    assert found(f"The {names} met", f"Today {names} talked") == []


def test_texts_that_share_nothing_give_nothing() -> None:
    """Also the empty text and the lone one."""
    assert found(LINE, OTHER) == []
    assert found("", LINE) == []
    assert shared_passages([SourceText("a", LINE)]) == []
    assert shared_passages([]) == []


def test_what_is_set_aside_is_not_compared() -> None:
    """A recorded stretch of boilerplate is cut out before anything else."""
    text = f"{LINE}. {OTHER}"
    aside = ((0, len(LINE)),)

    assert shared_passages([SourceText("a", text, aside), SourceText("b", LINE)]) == []


def test_a_passage_that_all_texts_hold_is_still_found() -> None:
    """Thirty copies are one cluster's worth of pairs, not four hundred."""
    sources = [SourceText(f"t{number:02}", f"{LINE} {number}") for number in range(30)]
    passages = shared_passages(sources)

    assert {item.right.text for item in passages} == {f"t{number:02}" for number in range(1, 30)}
    assert len(passages) < 60


def test_phrases_and_template_lines_are_set_aside() -> None:
    """Comment forms by phrase, an outlet's own footer by its coming back in three texts."""
    footer = "Our harbour desk writes from the quay every single morning of the year"
    texts = [f"{LINE} {number}\n{footer}\nLeave a comment" for number in range(3)]
    template = repeated_lines({"outlet": texts})["outlet"]
    spans = aside_spans(texts[0], [], template)

    assert [texts[0][start:end].strip() for start, end in spans] == [footer, "Leave a comment"]


def by_slug(reading: ReuseReading) -> set[tuple[str, str]]:
    return {
        (item.passage.left.text[:3], item.passage.right.text[:3])
        for item in reading.passages
        if item.passage.evidence >= 3.5
    }


@pytest.mark.texts
def test_the_five_articles(five: Material, five_texts: dict[str, str]) -> None:
    """000 and 003 share the communiqué's words; the comment form of 001 and 002 is no reuse."""
    reading = reuse(five, five_texts)

    assert reading.compared == 5
    assert by_slug(reading) == {("000", "003")}
    (item,) = (item for item in reading.passages if item.passage.evidence >= 3.5)
    assert "présidence" in item.left_words
    assert "présidence" in item.right_words
    assert item.explained == ""
    assert item.passage.kind == "near"  # a roman numeral against an arabic one


@pytest.mark.texts
def test_the_comment_form_is_set_aside_without_any_record(
    five: Material, five_texts: dict[str, str]
) -> None:
    """Also where no record marks the boilerplate, 001 and 002 are not tied by their form."""
    bare = {iri: replace(item, boilerplate=()) for iri, item in five.documents.items()}
    reading = reuse(replace(five, documents=bare, _kept={}), five_texts)

    assert ("001", "002") not in by_slug(reading)
    assert ("000", "003") in by_slug(reading)


def test_planted_passages_of_the_example_are_found(
    ferry: Material, ferry_texts: dict[str, str]
) -> None:
    """Every planted communiqué and quote is found between each two texts that hold it."""
    planted = json.loads((Path(__file__).parent / "data" / "ferry_reuse.json").read_text("utf-8"))
    reading = reuse(ferry, ferry_texts)
    for passages in planted:
        for position, left in enumerate(passages):
            for right in passages[position + 1 :]:
                assert any(_meets(item.passage, left, right) for item in reading.passages), (
                    left,
                    right,
                )


def _meets(passage: Passage, left: list[object], right: list[object]) -> bool:
    places = {place.text: place for place in (passage.left, passage.right)}
    if places.keys() != {left[0], right[0]}:
        return False
    return all(
        places[name].start < end and start < places[name].end for name, start, end in (left, right)
    )


def test_nothing_but_the_planted_is_tied_in_the_example(
    ferry: Material, ferry_texts: dict[str, str]
) -> None:
    """Papers that share a comment form or a publisher's footer are not tied by it."""
    pairs = {
        (item.passage.left.text, item.passage.right.text)
        for item in reuse(ferry, ferry_texts).passages
    }

    assert ("cabotier-deux-rives", "fanal-report") not in pairs
    assert ("fanal-accord", "fanal-report") not in pairs


def test_credit_and_common_utterance_explain_a_passage(
    ferry: Material, ferry_texts: dict[str, str]
) -> None:
    """The communiqué is credited by one text only; a quote both report is explained by that."""
    explained = {
        (item.passage.left.text, item.passage.right.text): item.explained
        for item in reuse(ferry, ferry_texts).passages
        if "chapitre neuf" in item.left_words or "premier service" in item.left_words
    }

    assert explained["cabotier-deux-rives", "estran-pecheurs"] == "credited"
    assert explained["cabotier-deux-rives", "nouvelle-ligne"] == ""
    assert explained["fanal-accord", "nouvelle-ligne"] == "one utterance"


def test_the_first_text_is_named_by_date_or_unknown(
    ferry: Material, ferry_texts: dict[str, str]
) -> None:
    """A text without a date leaves the first unknown, and the reason says so."""
    clusters = reuse(ferry, ferry_texts).clusters
    dated = next(item for item in clusters if "two shores" in item.words)
    undated = next(item for item in clusters if "chapitre neuf" in item.words)

    assert dated.first == "ledger-ferry-deal"
    assert (undated.first, "nouvelle-ligne" in undated.reason) == ("", True)
    assert undated.credited == (("estran-pecheurs", "Joint communiqué of 14 May 2024"),)


@pytest.mark.parametrize(
    ("dates", "first", "reason"),
    [
        (["../2025-04-02", "2025-04-04"], "a", "published ../2025-04-02, before the others"),
        (["2025-04-04", "../2025-04-02"], "b", "published ../2025-04-02, before the others"),
        (["../2025-04-04", "2025-04-04"], "", "unknown: a and b may be of one day, or in either"),
        (["2025-04-03~", "2025-04-04"], "", "unknown: a and b may be of one day, or in either"),
        (["2025-04-03", ""], "", "unknown: b has no date of publication"),
    ],
)
def test_open_and_rough_dates_settle_the_first_where_they_can(
    dates: list[str], first: str, reason: str
) -> None:
    """A text that was out by the 2nd is first before one of the 4th, and is not without a date."""
    words = "The harbour board announces sixteen weekly crossings between both lighthouses"
    rows = [
        make_row(f"{slug}#1", words, published=day) for slug, day in zip("ab", dates, strict=True)
    ]
    texts = {row.sha256: f"{row.slug} tells this. {words}." for row in rows}
    (cluster,) = reuse(make_material(*rows), texts, minimum=2).clusters

    assert cluster.first == first
    assert cluster.reason.startswith(reason)


def test_texts_that_are_not_held_are_named(ferry: Material) -> None:
    """Without texts nothing is compared, and every text not seen is named."""
    reading = reuse(ferry, {})

    assert (reading.compared, reading.passages) == (0, ())
    assert len(reading.missing) == 8


def test_a_translated_quote_is_found_by_its_claims(ferry: Material) -> None:
    """No word is shared across languages; the claim is."""
    pairs = {
        frozenset((item.left.identifier, item.right.identifier))
        for item in reuse(ferry, {}).translations
    }

    assert {"ledger-ferry-deal#a2", "fanal-accord#a2"} in pairs
    assert {"ledger-ferry-deal#a4", "nouvelle-ligne#a8"} in pairs


def test_shared_wording_lowers_the_least_number_of_origins() -> None:
    """Two outlets quote two people with one sentence: perhaps one hand wrote it."""
    rows = [
        make_row(f"{slug}#1", LINE, speakers=[who], claims=["council rebuilds jetty"])
        for slug, who in (("a", "mayor"), ("b", "captain"))
    ]
    material = make_material(*rows)
    texts = {row.sha256: LINE for row in rows}
    pairs = shared_wording(material, reuse(material, texts))
    (claim,) = material.claim_iris

    assert origins(material, claim).independent == (2, 2)
    assert origins(material, claim, shared=pairs).independent == (1, 2)
