"""No input makes intake take more than its share of time: twice the text, about twice the time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kg.intake.boilerplate import find_boilerplate, find_credits, find_title, mask
from kg.intake.claims import load_patterns, propose_claims
from kg.intake.dates import first_full_date
from kg.intake.gazetteer import build_agent_index
from kg.model import Agent, AgentKind

AGENTS = [
    Agent("ada-lund", AgentKind.PERSON, (("fr", "Ada Lund"),)),
    Agent("talvia", AgentKind.STATE, (("fr", "Talvie"),)),
]
INDEX = build_agent_index(AGENTS)
PATTERNS = load_patterns()
HOSTILE = [
    "a ",
    "le ",
    "a.",
    ". Lire aussi : x\n",
    "x. lire aussi :",
    "« ",
    "Ada ",
    "Talvie a rencontré ",
    "Par Ab Cd\n",
    "Source: a\n",
    "\n",
    "12 mai 20",
    "Laisser un commentaire\n",
]


def read(text: str) -> None:
    """Everything but the extraction rules."""
    found = find_boilerplate(text)
    find_credits(text, found)
    find_title(text, found)
    mask(text, found)


def know(text: str) -> None:
    """Entities, mentions, claims and dates."""
    list(INDEX.mentions(text))
    INDEX.find(text)
    propose_claims(text, language="fr", index=INDEX, patterns=PATTERNS, speakers=("ada-lund",))
    first_full_date(text, "fr")


def seconds(work: Callable[[str], None], text: str) -> float:
    """The least processor time of three runs."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        work(text)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize("work", [read, know])
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text(work: Callable[[str], None], piece: str) -> None:
    """Eight times the text takes less than twenty-four times the time."""
    small = piece * (5_000 // len(piece))
    large = piece * (40_000 // len(piece))
    read(small)

    assert seconds(work, large) < 24 * max(seconds(work, small), 0.002)
