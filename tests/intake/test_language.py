"""Every language file loads, says nothing twice in vain, and is told from the others."""

from __future__ import annotations

import pytest

from kg.errors import UsageError
from kg.intake.language import detect, language_codes, load


@pytest.mark.parametrize("code", language_codes())
def test_every_language_file_loads(code: str) -> None:
    """A file gives marks, cue forms and sources."""
    language = load(code)

    assert code == language.code
    assert language.openers
    assert len(language.cue_forms) > 50
    assert language.sources


def test_french_forms_are_made_from_lemmas() -> None:
    """Paradigms inflect: spelling changes, compounds with a tail."""
    forms = load("fr").cue_forms
    for word in ("déclara", "annonçait", "rappelle", "révèle", "préconise", "prétend", "dira"):
        assert word in forms
    assert ("savoir",) in {form.tail for form in forms["fait"]}


def test_english_forms_are_made_from_lemmas() -> None:
    """Regular and irregular verbs inflect."""
    forms = load("en").cue_forms
    assert {"says", "denied", "argued", "admitted", "telling", "wrote"} <= set(forms)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Le ministre a dit que la loi est prête et qu’elle sera votée.", "fr"),
        ("The minister said that the law was ready and would be passed.", "en"),
        ("", "en"),
        ("12345 !!!", "en"),
    ],
)
def test_the_language_is_told_from_frequent_words(text: str, code: str) -> None:
    """The file whose markers fill the text wins; English where nothing fits."""
    assert code == detect(text)


def test_an_unknown_language_is_named() -> None:
    """The message says which codes there are."""
    with pytest.raises(UsageError, match=r"'xx' is not known: use one of .*en"):
        load("xx")
