"""Extraction never fails, stays linear, and every span is where it says it is."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.intake.extract import extract
from kg.intake.language import language_codes
from kg.intake.proposal import to_line

PIECES = st.sampled_from(
    [
        "« ",
        " »",
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "''",
        "„",
        "(",
        ")",
        "[",
        "]",
        "—",
        "–",
        "-",
        ",",
        ".",
        "?",
        "!",
        ":",
        ";",
        "…",
        "\n",
        "\n\n",
        " ",
        "\u00a0",
        "\u200b",
        "\u200f",
        "\ud800",
        "\u202e",
        "\x00",
        "a-t-il ",
        "dit ",
        "a déclaré ",
        "que ",
        "qu’",
        "selon ",
        "pour ",
        "said ",
        "says ",
        "that ",
        "according to ",
        "told ",
        "who ",
        "qui ",
        "et ",
        "and ",
        "Awa Sy ",
        "le ministre ",
        "the minister ",
        "il ",
        "she ",
        "AFP ",
        "M. ",
        "U.S. ",
        "1,5 ",
        "%",
        "@",
        "<b>",
        "</b>",
        "c’est ce qu’a annoncé ",
        "affirmant ",
        "adding ",
        "de ",
        "of ",
        "la ville ",
        "the city ",
        "est ",
        "is ",
        "قال ",
        "сказал ",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join))
NEWS = (
    "Le maire Paul Sy a déclaré que le pont serait fermé, selon la radio. « Nous n’avons pas le "
    "choix », a-t-il ajouté. “It will last,” said Ann Lee, who told reporters that work had begun. "
)


@pytest.mark.parametrize("language", language_codes())
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_any_text_gives_spans_inside_it(language: str, text: str) -> None:
    """No input raises, and every content, cue and mention lies inside the text."""
    proposals = extract(text, language=language)

    spans = [
        span
        for proposal in proposals
        for span in (*proposal.content, proposal.cue, proposal.speaker.mention)
        if span is not None
    ]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_the_line_repeats_the_words_of_the_text(text: str) -> None:
    """In the JSON line every span's text is the text at its offsets."""
    line = to_line("x", text, "fr", extract(text, language="fr"))

    assert json.loads(json.dumps(line)) == line
    for quote in line["quotes"]:
        assert quote["text"] == text[quote["start"] : quote["end"]]


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize(
    "piece",
    [
        NEWS,
        "“",
        "«",
        '"a ',
        "said ",
        "dit que ",
        "that ",
        ", ",
        "A B ",
        "selon ",
        "a, elle, ",
        "(",
        "de la ",
        "l'a ",
        "x-t-il ",
        "- ",
        "<a ",
        "Awa Sy dit « oui », ",
        "“a,” he said, ",
        "M. ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(language: str, piece: str) -> None:
    """Eight times the text on one line takes no more than some 24 times the time."""
    small = piece * (6_000 // len(piece))
    extract(small, language=language)
    one, eight = (min(seconds(text, language) for _ in range(3)) for text in (small, small * 8))

    assert eight < 24 * max(one, 0.01)


def seconds(text: str, language: str) -> float:
    """Processor time of one extraction; of several, the least is the least disturbed."""
    begin = time.process_time()
    extract(text, language=language)
    return time.process_time() - begin


@pytest.mark.slow
@pytest.mark.parametrize("piece", [NEWS, "said “", "a", "« "])
def test_ten_million_characters_on_one_line(piece: str) -> None:
    """A line of ten million characters is read in well under two minutes."""
    text = piece * (10_000_000 // len(piece))
    begin = time.process_time()
    extract(text, language="fr")

    assert time.process_time() - begin < 120


def test_empty_and_blank_texts_give_nothing() -> None:
    """Nothing said, nothing found."""
    assert [extract(text) for text in ("", " \n\t", "\u200b\n\u200b")] == [[], [], []]


def test_the_same_text_gives_the_same_proposals() -> None:
    """Two readings agree in everything."""
    assert extract(NEWS, language="fr") == extract(NEWS, language="fr")


def test_what_the_verb_says_about_the_act() -> None:
    """Illocution, polarity, stance and the reporter's distance come from the verb group."""
    texts = {
        "L’armée dément avoir tiré.": ("Denial", "Denied", "Certain"),
        "La mairie a promis que l’eau reviendrait.": ("Commitment", "Affirmed", "Certain"),
        "Le club aurait déclaré que le joueur partait.": ("Assertion", "Affirmed", "Hearsay"),
    }
    found = {
        text: [
            (p.illocution, p.polarity, p.reporter_modality) for p in extract(text, language="fr")
        ]
        for text in texts
    }

    assert {text: [qualities] for text, qualities in texts.items()} == found


def test_a_proposal_says_why() -> None:
    """Every proposal names its rule and how its speaker was found."""
    (proposal,) = extract("« Oui, tout va bien ici », a dit Awa Sy.", language="fr")

    assert (proposal.rule, proposal.cue_lemma) == ("tag.marked", "dire")
    assert "speaker: full name" in proposal.reasons


class Registry:
    """A registry that knows one alias."""

    def find_name(self, words: str, *, language: str) -> str:
        """Return a name for one role."""
        return "Awa Sy" if (words, language) == ("La maire de Sikasso", "fr") else ""


def test_the_registry_names_whom_the_text_does_not() -> None:
    """A gazetteer fills in a name, and the basis says so."""
    text = "La maire de Sikasso a indiqué que le marché rouvrirait."
    (proposal,) = extract(text, language="fr", gazetteer=Registry())

    assert (proposal.speaker.canonical, proposal.speaker.basis) == ("Awa Sy", "registry")
