"""Bytes against records: what is told of a text that says otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from kg.model import (
    Attribution,
    Boilerplate,
    Collection,
    Document,
    Finding,
    Form,
    Level,
    Record,
    Span,
)
from kg.records.load import Loaded, Location
from kg.records.verify import is_marked, verify_collection

TEXT = (
    "Le port rouvre\n\n"
    "La maire l'a dit lundi : «\u00a0Le quai est à nous tous\u00a0», devant la foule.\n"
    "Nous avons attendu trop longtemps, a ajouté un marin. Le quai est long.\n"
    "Lire aussi : le marché\n"
)


def document(text: str = TEXT) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(digest, len(text), "fr", "Le port rouvre", "unidentified")


def attribution(quote: str, form: Form = Form.DIRECT, **fields: object) -> Attribution:
    start = TEXT.find(quote)
    made = Attribution("a1", form, (quote,), (Span(start, start + len(quote)),), ("mayor",))
    return replace(made, **fields)  # type: ignore[arg-type] # the fields are the test's own


def verified(
    *attributions: Attribution,
    about: Document | None = None,
    texts: Mapping[str, str] | None = None,
) -> list[Finding]:
    about = about or document()
    record = Record("port", about, attributions)
    places = {"port": Location("sources/port/record.yaml", 1)}
    places["port#a1"] = Location("sources/port/record.yaml", 9)
    loaded = Loaded(Collection((record,)), places, {}, ())
    return verify_collection(loaded, {about.sha256: TEXT} if texts is None else texts)


def told(findings: list[Finding]) -> Finding:
    """The one finding that is no note."""
    (finding,) = (finding for finding in findings if finding.level is not Level.NOTE)
    return finding


def faults(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings if finding.level is not Level.NOTE]


def test_a_true_record_has_no_fault() -> None:
    """Quote, cue, length and hash agree: only the share is told."""
    cue = TEXT.find("l'a dit")
    found = verified(
        attribution("Le quai est à nous tous", cue="l'a dit", cue_span=Span(cue, cue + 7))
    )

    assert [finding.code for finding in found] == ["share-reproduced"]
    assert f"(23 of {len(TEXT)} characters)" in found[0].message


def test_a_look_alike_is_named_with_its_place() -> None:
    """One NO-BREAK SPACE off: the finding says which character, which column, where."""
    quote = "tous\u00a0», devant"
    start = TEXT.find(quote)
    typed = quote.replace("\u00a0", " ")
    found = verified(attribution(quote, quotes=(typed,), spans=(Span(start, start + len(typed)),)))

    assert faults(found) == ["quote-differs"]
    finding = told(found)
    assert "column 5: NO-BREAK SPACE (U+00A0) where the quote has SPACE (U+0020)" in finding.message
    assert "line 3, column 47 of the text" in finding.message
    assert (finding.path, finding.line) == ("sources/port/record.yaml", 9)


def test_a_moved_quote_is_found_again() -> None:
    """The words stand elsewhere: the finding gives the right offsets."""
    found = verified(attribution("Le quai est à nous tous", spans=(Span(0, 23),)))

    start = TEXT.find("Le quai est à nous tous")
    assert faults(found) == ["quote-differs"]
    assert f"it stands at {start}–{start + 23}" in told(found).message


def test_offsets_beyond_the_end_are_told() -> None:
    """Offsets that leave the text do not raise."""
    end = len(TEXT)
    found = verified(attribution("Le quai est à nous tous", spans=(Span(end - 3, end + 20),)))

    assert faults(found) == ["offsets-outside-text"]
    assert f"the text ends at {end}" in told(found).message


@pytest.mark.parametrize("kind", ["cue", "mention"])
def test_cue_and_mention_are_compared_too(kind: str) -> None:
    """A cue or a mention that is not at its place is a finding of its own."""
    found = verified(
        attribution("Le quai est à nous tous", **{kind: "La maire", f"{kind}_span": Span(0, 8)})
    )

    assert faults(found) == [f"{kind}-differs"]


def test_a_wrong_length_and_hash_are_told() -> None:
    """The text behind the record is another one."""
    about = replace(document(), characters=7, sha256="0" * 64)
    found = verified(about=about)

    assert faults(found) == ["text-hash-differs", "text-length-differs"]


def test_bytes_that_are_not_utf8_are_told() -> None:
    """A text with stray bytes is named, not decoded away."""
    content = b"Le port \xe9tait clos"
    about = replace(document(), characters=len(content), sha256=hashlib.sha256(content).hexdigest())
    text = content.decode("utf-8", "surrogateescape")

    assert faults(verified(about=about, texts={about.sha256: text})) == ["text-not-utf8"]


def test_a_quote_that_stands_twice_wants_context() -> None:
    """Prefix or suffix settles which one is meant; wrong context is a fault."""
    quote = attribution("Le quai est", Form.MIXED)

    assert faults(verified(quote)) == ["quote-not-unique"]
    assert faults(verified(replace(quote, prefix="«\u00a0"))) == []
    assert faults(verified(replace(quote, prefix="» "))) == ["prefix-differs"]
    assert faults(verified(replace(quote, suffix=" long"))) == ["suffix-differs"]


def test_direct_speech_stands_in_marks_and_unmarked_does_not() -> None:
    """The form agrees with the marks of the text."""
    marked, plain = "Le quai est à nous tous", "Nous avons attendu trop longtemps"

    assert faults(verified(attribution(marked, Form.DIRECT))) == []
    assert faults(verified(attribution(plain, Form.UNMARKED_DIRECT))) == []
    assert faults(verified(attribution(plain, Form.DIRECT))) == ["direct-without-marks"]
    assert faults(verified(attribution(marked, Form.UNMARKED_DIRECT))) == ["unmarked-with-marks"]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("“We wait,” she said.", "We wait", True),
        ('He said: "We wait. We hope."', "We hope", True),
        ("« On attend », dit-il, puis il sort.", "puis il sort", False),
        ("L'« ami » est parti sans un mot.", "est parti", False),
        ("» Fin\nOn attend.", "On attend", False),
    ],
)
def test_marks_are_seen_beside_and_around(text: str, words: str, expected: bool) -> None:
    """Beside the span, or open before it in its paragraph; an apostrophe is no mark."""
    start = text.find(words)

    assert is_marked(text, Span(start, start + len(words))) is expected


def test_a_quote_in_boilerplate_is_told_without_the_text() -> None:
    """Offsets alone show it."""
    start = TEXT.find("Lire aussi")
    about = replace(document(), boilerplate=(Boilerplate(Span(start, len(TEXT)), "link"),))
    found = verified(attribution("le marché", Form.AUTHORIAL), about=about, texts={})

    assert faults(found) == ["quote-in-boilerplate"]


def test_a_text_that_is_not_held_is_a_note() -> None:
    """How many quotes could not be seen, and what to do."""
    found = verified(attribution("Le quai est à nous tous"), texts={})

    assert faults(found) == []
    assert any("1 quote could not be seen" in finding.message for finding in found)
