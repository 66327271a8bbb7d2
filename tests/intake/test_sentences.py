"""Every sentence of `sentences/<language>.toml` gives the statements it expects, and no others."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.intake.extract import extract

if TYPE_CHECKING:
    from kg.intake.proposal import Proposal

FOLDER = Path(__file__).parent / "sentences"


def cases() -> list[Any]:
    """Read all cases of all language files in the folder."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [
            pytest.param(path.stem, case, id=f"{path.stem}: {case['pattern']}")
            for case in data["case"]
        ]
    return found


def fragments(text: str, language: str) -> list[tuple[str, Proposal]]:
    """Return each fragment's words with its proposal, statements only."""
    return [
        (span.of(text), proposal)
        for proposal in extract(text, language=language)
        if proposal.is_statement
        for span in proposal.content
    ]


@pytest.mark.parametrize(("language", "case"), cases())
def test_sentence_gives_the_expected_statements(language: str, case: dict[str, Any]) -> None:
    """Words, form and speaker of every statement are as the case says."""
    text = case["text"]
    found = fragments(text, language)
    expected = [(said["words"], said["form"]) for said in case["said"]]

    assert expected == [(words, proposal.form) for words, proposal in found]

    for said, (_, proposal) in zip(case["said"], found, strict=True):
        speaker = proposal.speaker
        mention = speaker.mention.of(text) if speaker.mention else ""
        assert said["speaker"] in (speaker.canonical, mention)
        if "chain" in said:
            assert any(said["chain"] in relay for relay in proposal.chain)
