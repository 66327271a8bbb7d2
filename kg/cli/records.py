"""Commands on records and texts: init, attach, anchor, verify."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli.options import echo_findings, format_option, plural, with_project
from kg.errors import UsageError
from kg.intake.slugs import slugify
from kg.model import Finding, Level, Record
from kg.project import DEFAULT_BASE, SETTINGS, Project, attach_texts, write_atomically
from kg.records import load_collection
from kg.records.anchor import anchor_record, needs_place
from kg.records.rewrite import rewrite_records
from kg.records.seen import count_seen, mistaken_hashes, unheld
from kg.records.texts import files_of_length, held_texts, wanted_texts
from kg.records.verify import verify_collection

__all__ = ["anchor", "attach", "init", "verify"]

_PLACEABLE = frozenset({"not-anchored", "unfit-offsets"})
"""What loading says of a quote without a place that fits; placing it says more."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False), default=".")
@click.option("--title", default="", help="What the collection is about.")
@click.option(
    "--base",
    help=f"Where its addresses start; an address you own, or {DEFAULT_BASE} and the folder's name.",
)
@click.option("--language", default="en", show_default=True, help="Language of labels: fr or en.")
def init(folder: str, title: str, base: str | None, language: str) -> None:
    """Start a project in a folder: settings and empty registries.

    Example:  kg init my-collection --title "Ferry agreement" --language en
    """
    root = Path(folder)
    if (root / SETTINGS).exists():
        raise UsageError(f"{root / SETTINGS}: there is a project here already")
    name = root.resolve().name
    settings = {
        "title": title or name,
        "base": base or f"{DEFAULT_BASE}{slugify(name) or 'collection'}/",
        "language": language,
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items()]
    registries = {
        "agents": "agents: []\n",
        "topics": "topics: []\n",
        "outlets": "families: []\noutlets: []\nsources: []\n",
        "utterances": "utterances: []\n",
        "alignments": "alignments: []\n",
    }
    for name, content in registries.items():
        write_atomically(root / "sources" / f"{name}.yaml", content)
    write_atomically(root / SETTINGS, "\n".join(lines) + "\n")
    write_atomically(root / ".gitignore", ".kg/\nbuild/\n")
    click.echo(f"project in {root}; next:  kg -C {root} add ARTICLE.txt", err=True)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@with_project
def attach(project: Project, folder: Path) -> None:
    """Remember a folder of article texts on this machine; files are matched by SHA-256.

    Example:  kg attach ../texts
    """
    project = attach_texts(project, folder)
    wanted = wanted_texts(load_collection(project).collection)
    held = held_texts(project, wanted)
    click.echo(f"{len(held)} of {plural(len(wanted), 'text')} found in the attached folders")


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be written, write nothing.")
@with_project
def anchor(project: Project, dry_run: bool) -> int:
    """Find the place of every quote, cue and mention that has none that fits; write it as `at:`.

    Example:  kg anchor --dry-run
    """
    loaded = load_collection(project)
    held = held_texts(project, wanted_texts(loaded.collection))
    findings = [item for item in loaded.findings if item.code not in _PLACEABLE]
    written = 0
    changed: dict[str, dict[int, Record]] = {}
    for record in loaded.collection.records:
        place = loaded.locations[record.slug]
        if not any(needs_place(item) for item in record.attributions):
            continue
        if record.document.sha256 not in held:
            message = "its text is not attached; run  kg attach FOLDER  with the folder that has it"
            findings.append(Finding(place.path, 0, Level.ERROR, "text-not-held", message))
            continue
        anchored, faults = anchor_record(
            record, held[record.document.sha256].text, loaded.locations
        )
        findings.extend(faults)
        if anchored != record:
            before = sum(needs_place(item) for item in record.attributions)
            after = sum(needs_place(item) for item in anchored.attributions)
            written += before - after
            changed.setdefault(place.path, {})[place.line] = anchored
    if not dry_run:
        for path, records in changed.items():
            rewrite_records(project.root / path, records)
    verb = "would be anchored" if dry_run else "anchored"
    click.echo(f"{plural(written, 'quote')} {verb}", err=True)
    return echo_findings(findings)


@click.command()
@format_option(("text", "json"), "text")
@with_project
def verify(project: Project, style: str) -> int:
    """Check every quote, cue and mention byte for byte against the attached texts.

    Example:  kg verify --format json
    """
    loaded = load_collection(project)
    wanted = wanted_texts(loaded.collection)
    texts = {digest: item.text for digest, item in held_texts(project, wanted).items()}
    missing = unheld(loaded, texts)
    lengths = {record.document.characters for record in missing}
    others = files_of_length(project, lengths, wanted)
    findings = [
        *(item for item in loaded.findings if item.code == "unfit-offsets"),
        *verify_collection(loaded, texts),
        *mistaken_hashes(missing, others, loaded.locations),
    ]
    seen, quotes, held, documents = count_seen(loaded, texts, findings)
    code = echo_findings(findings, style)
    told = f"{seen:,} of {plural(quotes, 'quote')} verified byte for byte"
    click.echo(f"{told}; {held:,} of {plural(documents, 'text')} held here", err=True)
    return code
