"""A small project on disk, written anew for each test."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.project import Project, find_project

TEXT = (
    "Le pont sera ouvert lundi, a dit Mara Velin. « Le pont est sûr\u00a0», a-t-elle ajouté.\n"
    "Selon la Gazette, le pont est sûr. Le pont est sûr, répète-t-on.\n"
)
SHA = hashlib.sha256(TEXT.encode()).hexdigest()

AGENTS = """\
agents:
  - id: mara-velin
    kind: person
    name: {fr: Mara Velin, en: Mara Velin}
  - id: ponts
    kind: organisation
    name: Ponts et Cie
"""
TOPICS = """\
topics:
  - id: pont
    kind: project
    name: {fr: le pont, en: the bridge}
"""
OUTLETS = """\
families: []
outlets:
  - id: gazette
    name: La Gazette
    basis: stated in the text
sources:
  - id: avis
    kind: communique
    name: L'avis
"""
RECORD = f"""\
# What the Gazette wrote.
document:
  sha256: {SHA}
  characters: {len(TEXT)}
  language: fr
  title: Le pont
  outlet: gazette
runs:
  - id: reading
    agent: desk
    kind: software
attributions:
  - id: a1 # the first
    speaker: mara-velin
    cue: a dit
    form: indirect
    quote: Le pont sera ouvert lundi
    claims:
      - pont opensOn "lundi"
  - id: a2
    speaker: mara-velin
    form: direct
    quote: "Le pont est sûr"
    prefix: "« "
"""


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Write a project; a file given as a keyword replaces or adds one (`None` leaves it out)."""

    def make(record: str = RECORD, **files: str | bytes | None) -> Project:
        contents: dict[str, str | bytes | None] = {
            "kg.toml": 'title = "Pont"\ntexts = ["texts"]\n',
            "sources/agents.yaml": AGENTS,
            "sources/topics.yaml": TOPICS,
            "sources/outlets.yaml": OUTLETS,
            "sources/utterances.yaml": "utterances: []\n",
            "sources/alignments.yaml": "alignments: []\n",
            "sources/pont/record.yaml": record,
            "texts/any-name.txt": TEXT,
        }
        contents.update(
            {name.replace("__", "/").replace("_dot_", "."): body for name, body in files.items()}
        )
        for name, body in contents.items():
            if body is None:
                continue
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return find_project(tmp_path)

    return make
