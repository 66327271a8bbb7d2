"""Writes a project's records as annotated articles, so that extraction can be scored on them.

Needs the texts (`kg attach FOLDER`); the output holds them, so keep it out of the repository:

    python benchmarks/records_gold.py > /tmp/gold.jsonl
    python benchmarks/extraction.py /tmp/gold.jsonl

Own-voice statements are optional there: extraction is asked for what others are said to have said.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kg.model import Agent, Attribution, Form
from kg.project import attach_texts, find_project
from kg.records import load_collection
from kg.records.texts import held_texts, wanted_texts

KINDS = {
    Form.DIRECT: "direct",
    Form.UNMARKED_DIRECT: "direct",
    Form.MIXED: "mixed",
}


def gold_quotes(
    item: Attribution, agents: dict[str, Agent], language: str
) -> list[dict[str, object]]:
    """Give one attribution as the fragments that the scorer compares; names in its language."""
    labels = [dict(agents[name].name) for name in item.speakers]
    names = [label.get(language) or next(iter(label.values())) for label in labels]
    span = item.mention_span
    mention = {"start": span.start, "end": span.end, "text": item.mention} if span else None
    return [
        {
            "start": start,
            "end": end,
            "kind": KINDS.get(item.form, "indirect"),
            "speaker": mention,
            "speaker_canonical": " et ".join(names) or None,
            "group": item.id if len(item.spans) > 1 else None,
            "optional": item.form in {Form.AUTHORIAL, Form.SCARE_QUOTE},
        }
        for start, end in item.spans
    ]


def main() -> None:
    """Print one annotated article a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path, default=Path())
    parser.add_argument("--texts", type=Path, help="a folder of texts to attach first")
    given = parser.parse_args()
    project = find_project(given.project)
    if given.texts:
        project = attach_texts(project, given.texts)
    collection = load_collection(project).require()
    agents = {agent.id: agent for agent in collection.agents}
    held = held_texts(project, wanted_texts(collection))
    for record in collection.records:
        text = held.get(record.document.sha256)
        if text is None:
            sys.stderr.write(f"{record.slug}: its text is not held; left out\n")
            continue
        language = record.document.language
        quotes = [
            quote for item in record.attributions for quote in gold_quotes(item, agents, language)
        ]
        document = {"id": record.slug, "lang": language, "text": text.text}
        sys.stdout.write(json.dumps(document | {"quotes": quotes}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
