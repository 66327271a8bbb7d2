"""Whatever id a person has at hand is understood, and an unknown one gets the nearest offered."""

from __future__ import annotations

import pytest

from kg.analyse.finding import (
    find_claim,
    find_outlet,
    find_speaker,
    find_subject,
    find_utterance,
)
from kg.analyse.material import Material
from kg.errors import UsageError
from kg.model import parse_claim

LINE = 'ferry-line opensOn "2024-09-01"'


def test_a_claim_by_any_of_its_names(ferry: Material) -> None:
    """Address, id, `claim/id`, one-line form, and label, case apart."""
    short = parse_claim(LINE).id
    wanted = f"{ferry.base}claim/{short}"

    for named in (wanted, short, f"claim/{short}", LINE, ferry.label(wanted).upper()):
        assert find_claim(ferry, named) == wanted


def test_an_utterance_by_itself_or_by_an_attribution(ferry: Material) -> None:
    """Its id, and `slug#id` of any text that reports it."""
    wanted = f"{ferry.base}utterance/corvandre-first-service"

    for named in (wanted, "corvandre-first-service", "tideway-quayside#a2"):
        assert find_utterance(ferry, named) == wanted


def test_speakers_and_outlets_by_id_name_and_text(ferry: Material) -> None:
    """An outlet also by the slug of one of its texts."""
    assert find_speaker(ferry, "jorund aksvelle") == f"{ferry.base}agent/jorund-aksvelle"
    assert find_outlet(ferry, "le-fanal-brevanais") == f"{ferry.base}outlet/le-fanal-brevanais"
    assert find_outlet(ferry, "fanal-report") == f"{ferry.base}outlet/le-fanal-brevanais"
    assert find_outlet(ferry, "nouvelle-ligne").startswith(f"{ferry.base}outlet/unidentified-")


@pytest.mark.parametrize(
    ("find", "named", "offered"),
    [
        (find_claim, "ferry opens on 2024-09-02", "opens on 2024-09-01"),
        (find_utterance, "corvandre-first-servise", "corvandre-first-service"),
        (find_speaker, "corvandre", "ysaline-corvandre"),
        (find_outlet, "le-fanal", "le-fanal-brevanais"),
        (find_subject, "corvandre-first-servise", "corvandre-first-service"),
    ],
)
def test_the_nearest_ids_are_offered(
    ferry: Material, find: object, named: str, offered: str
) -> None:
    """One line says what there is not, and what there is."""
    with pytest.raises(UsageError, match="there is no") as caught:
        find(ferry, named)  # type: ignore[operator]

    assert offered in str(caught.value)
    assert "\n" not in str(caught.value)


NONSENSE = ["", " ", "💥", "x" * 5000, "a b c d e [", "#", "../../etc/passwd"]


@pytest.mark.parametrize("named", NONSENSE)
def test_nonsense_is_answered(ferry: Material, named: str) -> None:
    """No word of a person makes it crash."""
    for find in (find_claim, find_utterance, find_speaker, find_outlet):
        with pytest.raises(UsageError):
            find(ferry, named)


@pytest.mark.parametrize("named", ["qqq-zzz", "corvandre-first-servise"])
def test_a_subject_that_is_not_there_is_one_fault(ferry: Material, named: str) -> None:
    """What is neither claim nor utterance is told once, with the nearest of both."""
    with pytest.raises(UsageError) as caught:
        find_subject(ferry, named)

    assert str(caught.value).startswith(f"there is no claim or utterance `{named}`; ")
    assert str(caught.value).count("there is no") == 1
