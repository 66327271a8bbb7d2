"""A project to add articles to, and small articles to add."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.project import Project, find_project

ARTICLE = (
    "Le bac de Corvenne ouvrira en mai\n"
    "\n"
    "La préfète a reçu les pêcheurs mardi 14 mai 2024.\n"
    "\n"
    "« Le bac partira à l’heure », a déclaré Maëlle Tarvoz, ministre talvaise des Transports.\n"
    "\n"
    "Selon Radio Corvenne, le prix restera le même.\n"
    "\n"
    "Lire aussi : Un pont trop loin\n"
    "\n"
    "Oskar Brendal a indiqué que la Talvie soutient le port de Corvenne.\n"
    "\n"
    "Jeanne Morvadec\n"
)

AGENTS = """\
agents:
  - id: talvia
    kind: state
    name: {fr: Talvie, en: Talvia}
  - id: maelle-tarvoz
    kind: person
    name: {fr: Maëlle Tarvoz, en: Maëlle Tarvoz}
    # she took office in January
    roles:
      - post: {fr: ministre des Transports, en: minister of transport}
        organisation: talvia
        held: 2024-01/..
        aliases: {fr: ministre talvaise des Transports}
"""
TOPICS = """\
topics:
  - id: corvenne-harbour
    kind: place
    name: {fr: port de Corvenne, en: Corvenne harbour}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two agents and a topic, and no record."""
    root = tmp_path / "project"
    sources = root / "sources"
    sources.mkdir(parents=True)
    (root / "kg.toml").write_text('title = "Ferries"\nlanguage = "fr"\n', encoding="utf-8")
    (sources / "agents.yaml").write_text(AGENTS, encoding="utf-8")
    (sources / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    return find_project(root)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """One article as a text file."""
    path = tmp_path / "corvenne.txt"
    path.write_bytes(ARTICLE.encode())
    return path


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a file of some bytes."""

    def make(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return make
