"""`kg variants`, `origins`, `reuse`, `drift`, `conflicts`, `chains`, `profile`: the readings.

Each command opens the graph, calls one function of `kg.analyse` and prints what it gives: as
tables, as JSON with every detail, or as CSV with one line a result.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kg.analyse.bars import profile_svgs
from kg.analyse.candidates import CUT, DAYS_APART, candidates
from kg.analyse.chains import only_through, ways
from kg.analyse.conflicts import DAYS_TO_SUPERSEDE, MOST_PAIRS
from kg.analyse.conflicts import conflicts as find_conflicts
from kg.analyse.derived import derived_quads
from kg.analyse.drift import ALIKE as ALIKE_RELAY
from kg.analyse.drift import KINDS, drifts
from kg.analyse.finding import find_claim, find_outlet, find_speaker, find_utterance
from kg.analyse.material import Material
from kg.analyse.origins import SharedWording
from kg.analyse.origins import origins as count_origins
from kg.analyse.passages import MINIMUM, RUN, SUPPORT
from kg.analyse.plain import plain
from kg.analyse.profile import profile as make_profile
from kg.analyse.profile_html import render_profile
from kg.analyse.projection import load_material
from kg.analyse.reuse import reuse as find_reuse
from kg.analyse.reuse import shared_wording
from kg.analyse.tables import (
    Sheet,
    chain_sheets,
    conflict_sheets,
    drift_sheets,
    origin_sheets,
    origins_overview,
    profile_sheets,
    reuse_sheets,
    variant_sheets,
)
from kg.analyse.variants import ALIKE, MOST_DIFFS
from kg.analyse.variants import variants as read_variants
from kg.cli.options import emit, format_option, output_option, with_project
from kg.errors import UsageError
from kg.graph.predicates import load_predicates
from kg.graph.store import open_store
from kg.graph.table import Table, Term, render_csv, render_text
from kg.project import Project, data_folder, write_atomically
from kg.records.texts import held_texts

__all__ = [
    "chains",
    "conflicts",
    "drift",
    "open_material",
    "origins",
    "profile",
    "reuse",
    "texts_of",
    "variants",
]

_STYLES = ("table", "json", "csv")
_WIDTH = 100
_AT_LEAST_ONE = click.IntRange(min=1)
_COUNT = click.IntRange(min=0)
_SHARE = click.FloatRange(0, 1)
_EVIDENCE = click.FloatRange(min=0)


@click.command(epilog="Example:  kg variants --minimum 3 --format csv")
@click.argument("utterance", required=False)
@click.option(
    "--minimum",
    type=_AT_LEAST_ONE,
    default=2,
    show_default=True,
    help="Least texts that report it.",
)
@click.option(
    "--alike",
    type=_SHARE,
    default=ALIKE,
    show_default=True,
    help="Least likeness of one statement.",
)
@click.option(
    "--cut", type=_SHARE, default=CUT, show_default=True, help="Least score of a candidate pair."
)
@click.option(
    "--days-apart",
    type=_COUNT,
    default=DAYS_APART,
    show_default=True,
    help="Most days between a pair.",
)
@click.option(
    "--most-diffs",
    type=_COUNT,
    default=MOST_DIFFS,
    show_default=True,
    help="Most diffs for one utterance.",
)
@format_option(_STYLES, "table")
@output_option
@with_project
def variants(  # noqa: PLR0913, PLR0917 - one parameter an option, passed by name
    project: Project,
    utterance: str | None,
    minimum: int,
    alike: float,
    cut: float,
    days_apart: int,
    most_diffs: int,
    style: str,
    output: str,
) -> None:
    """Show the wordings of each utterance, or of one UTTERANCE, side by side.

    UTTERANCE is an id, an address, or an attribution of it (slug#id).
    """
    material = open_material(project)
    iri = find_utterance(material, utterance) if utterance else ""
    reading = read_variants(
        material, utterance=iri, minimum=minimum, most_diffs=most_diffs, alike=alike
    )
    found = [] if iri else candidates(material, cut=cut, days_apart=days_apart)
    sheets = variant_sheets(material, reading, found)
    _show({"variants": plain(reading), "candidates": plain(found)}, sheets, style, output)


@click.command(epilog='Example:  kg origins "russia firstPartnerToRecognise aes"')
@click.argument("claim", required=False)
@click.option("--without-texts", is_flag=True, help="Do not look for shared wording.")
@format_option((*_STYLES, "nquads"), "table")
@output_option
@with_project
def origins(
    project: Project, claim: str | None, without_texts: bool, style: str, output: str
) -> None:
    """Count the independent origins behind a CLAIM, as an interval with its reasons.

    CLAIM is an id, an address, or its one-line form in quotes: subject predicate object.
    Without one, every claim is listed. nquads gives all that is derived, as one named graph.
    """
    material = open_material(project)
    iri = find_claim(material, claim) if claim else ""
    shared = {} if without_texts else _shared(project, material)
    if style == "nquads":
        emit("".join(f"{line}\n" for line in derived_quads(material, shared=shared)), output)
        return
    named = [iri] if iri else material.claim_iris
    readings = [count_origins(material, one, shared=shared) for one in named]
    if iri:
        _show(plain(readings[0]), origin_sheets(readings[0]), style, output)
        return
    readings.sort(key=lambda item: (-item.texts, -item.independent.high, item.claim))
    _show(plain(readings), origins_overview(readings), style, output)


@click.command(epilog="Example:  kg reuse --minimum 6 --format json")
@click.option(
    "--run",
    type=_AT_LEAST_ONE,
    default=RUN,
    show_default=True,
    help="Content words in a row to start from.",
)
@click.option(
    "--minimum",
    type=_EVIDENCE,
    default=MINIMUM,
    show_default=True,
    help="Evidence that ties two texts.",
)
@click.option(
    "--support",
    type=_EVIDENCE,
    default=SUPPORT,
    show_default=True,
    help="Evidence of further passages.",
)
@format_option(_STYLES, "table")
@output_option
@with_project
def reuse(
    project: Project, run: int, minimum: float, support: float, style: str, output: str
) -> None:
    """Find wording that texts share without saying so; needs the texts (kg attach FOLDER)."""
    material = open_material(project)
    texts = texts_of(project, material)
    if not texts:
        raise UsageError(
            "no article text is attached on this machine, and wording cannot be compared without; "
            "run  kg attach FOLDER  with the folder that holds them"
        )
    reading = find_reuse(material, texts, run=run, minimum=minimum, support=support)
    _show(plain(reading), reuse_sheets(reading), style, output)


@click.command(epilog="Example:  kg drift --kind attribution-lost")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds.")
@click.option(
    "--alike",
    type=_SHARE,
    default=ALIKE_RELAY,
    show_default=True,
    help="Least likeness of a lost relay.",
)
@format_option(_STYLES, "table")
@output_option
@with_project
def drift(project: Project, kinds: Sequence[str], alike: float, style: str, output: str) -> None:
    """Find attributions lost, hedges dropped and relays laundered between texts."""
    material = open_material(project)
    found = drifts(material, kinds=kinds or KINDS, alike=alike)
    _show(plain(found), drift_sheets(material, found), style, output)


@click.command(epilog="Example:  kg conflicts --format csv")
@click.argument("claim", required=False)
@click.option(
    "--days-to-supersede",
    type=_COUNT,
    default=DAYS_TO_SUPERSEDE,
    show_default=True,
    help="Days from which a later value replaces an earlier one.",
)
@click.option(
    "--most-pairs",
    type=_COUNT,
    default=MOST_PAIRS,
    show_default=True,
    help="Most pairs shown for one predicate.",
)
@format_option(_STYLES, "table")
@output_option
@with_project
def conflicts(
    project: Project,
    claim: str | None,
    days_to_supersede: int,
    most_pairs: int,
    style: str,
    output: str,
) -> None:
    """List claims that cannot both hold, by kind; with CLAIM only those that touch it."""
    material = open_material(project)
    found = find_conflicts(
        material,
        days_to_supersede=days_to_supersede,
        most_pairs=most_pairs,
        claim=find_claim(material, claim) if claim else "",
    )
    _show(plain(found), conflict_sheets(material, found), style, output)


@click.command(epilog="Example:  kg chains --minimum 2")
@click.argument("speaker", required=False)
@click.option(
    "--minimum", type=_COUNT, default=1, show_default=True, help="Least number of links; 0 for all."
)
@format_option(_STYLES, "table")
@output_option
@with_project
def chains(project: Project, speaker: str | None, minimum: int, style: str, output: str) -> None:
    """Show every way from a speaker to a text, longest first, and what has no other way."""
    material = open_material(project)
    iri = find_speaker(material, speaker) if speaker else ""
    found = ways(material, minimum=minimum, speaker=iri)
    through = only_through(material)
    whole = {"ways": plain(found), "only_through": plain(through)}
    _show(whole, chain_sheets(found, through), style, output)


@click.command(epilog="Example:  kg profile speaker sergei-lavrov")
@click.argument("kind", type=click.Choice(("collection", "outlet", "speaker")))
@click.argument("name", required=False)
@click.option("--svg", type=click.Path(path_type=Path), help="A folder to draw small pictures in.")
@format_option((*_STYLES, "html"), "table")
@output_option
@with_project
def profile(
    project: Project, kind: str, name: str | None, svg: Path | None, style: str, output: str
) -> None:
    """Profile an outlet, a speaker or the whole collection, in plain counts."""
    if (kind == "collection") == bool(name):
        raise UsageError(f"kg profile {kind} " + ("takes no name" if name else "NAME: name one"))
    material = open_material(project)
    iri = ""
    if name:
        iri = (find_outlet if kind == "outlet" else find_speaker)(material, name)
    item = make_profile(material, kind, iri)
    if svg is not None:
        for title, picture in sorted(profile_svgs(item).items()):
            write_atomically(svg / f"{title}.svg", picture)
            click.echo(f"wrote {svg / title}.svg", err=True)
    if style == "html":
        emit(render_profile(item), output)
    else:
        _show(plain(item), profile_sheets(item), style, output)


def open_material(project: Project) -> Material:
    """Read what the readings look at from the built graph of a project."""
    predicates = load_predicates(data_folder("ontology"), project.sources)
    with open_store(project.store, base=project.base) as store:
        return load_material(
            store, base=project.base, predicates=predicates, language=project.language
        )


def texts_of(project: Project, material: Material) -> dict[str, str]:
    """Give the article texts held on this machine, by SHA-256."""
    wanted = [item.sha256 for item in material.documents.values()]
    return {digest: held.text for digest, held in held_texts(project, wanted).items()}


def _shared(project: Project, material: Material) -> dict[str, list[SharedWording]]:
    texts = texts_of(project, material)
    if not texts:
        click.echo(
            "the texts are not attached here, so shared wording was not looked for; "
            "`kg attach FOLDER` adds them",
            err=True,
        )
        return {}
    return shared_wording(material, find_reuse(material, texts))


def _show(whole: object, sheets: Sequence[Sheet], style: str, output: str) -> None:
    if style == "json":
        emit(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", output)
    elif style == "csv":
        emit(render_csv(_table(sheets[0])), output)
    else:
        terminal = output == "-" and sys.stdout.isatty()
        width = shutil.get_terminal_size((_WIDTH, 24)).columns if terminal else _WIDTH
        emit("\n".join(_drawn(sheet, width) for sheet in sheets if _worth(sheet, sheets)), output)


def _worth(sheet: Sheet, sheets: Sequence[Sheet]) -> bool:
    return bool(sheet.rows) or sheet is sheets[0]


def _drawn(sheet: Sheet, width: int) -> str:
    body = (
        render_text(_table(sheet), width=width, base="", prefixes={})
        if sheet.rows
        else "nothing found\n"
    )
    note = f"{sheet.note}\n" if sheet.note else ""
    return f"{sheet.title}\n\n{body}{note}"


def _table(sheet: Sheet) -> Table:
    return Table(
        sheet.columns,
        tuple(tuple(Term("literal", str(cell)) for cell in row) for row in sheet.rows),
    )
