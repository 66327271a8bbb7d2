"""A proposal's coarse kind, its ends, and its line of JSON."""

from __future__ import annotations

from kg.intake.proposal import KIND_OF_FORM, Proposal, Speaker, TextSpan, to_line

TEXT = "« Un », dit Awa, « deux ». Un « trois »."
SPLIT = Proposal(
    content=(TextSpan(2, 4), TextSpan(19, 23)),
    form="Direct",
    rule="tag.marked",
    confidence=0.9,
    cue=TextSpan(8, 11),
    speaker=Speaker(TextSpan(12, 15), "Awa Sy", "surname", 0.9, "NamedPerson"),
    chain=("AFP",),
)
SCARE = Proposal(content=(TextSpan(32, 37),), form="ScareQuote", rule="flow.scare", confidence=0.5)


def test_a_split_quote_gives_one_object_per_fragment() -> None:
    """The fragments share a group; a scare quote is left out."""
    line = to_line("d", TEXT, "fr", [SPLIT, SCARE])

    assert [quote["text"] for quote in line["quotes"]] == ["Un", "deux"]
    assert [quote["group"] for quote in line["quotes"]] == ["g1", "g1"]
    first = line["quotes"][0]
    assert first["speaker"] == {"start": 12, "end": 15, "text": "Awa"}
    assert (
        first["speaker_canonical"],
        first["chain"],
        first["kind"],
    ) == ("Awa Sy", ["AFP"], "direct")


def test_the_line_holds_the_digest_of_the_text() -> None:
    """Also where the text has a lone surrogate."""
    assert len(to_line("d", "\ud800", "fr", [])["text_sha256"]) == 64


def test_forms_and_ends() -> None:
    """Each form has a kind; a proposal runs from its first to its last fragment."""
    assert {"direct", "mixed", "indirect"} == set(KIND_OF_FORM.values())
    assert (SPLIT.start, SPLIT.end, SPLIT.is_statement) == (2, 23, True)
    assert not SCARE.is_statement
