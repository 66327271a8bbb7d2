"""Commands that make and check the graph: build, check."""

from __future__ import annotations

import dataclasses
import json
import time
from collections import Counter
from collections.abc import Sequence

import click

from kg.analyse.derived import MOST_DERIVED
from kg.build import BuildOutcome, build_project, check_project
from kg.cli.options import echo_findings, finding_rows, format_option, plural, with_project
from kg.model import Level
from kg.project import Project

__all__ = ["build", "check"]

_FORMS = (
    "direct",
    "unmarked-direct",
    "mixed",
    "indirect",
    "free-indirect",
    "scare-quote",
    "authorial",
)
_SHOWN = 5
"""Names listed of what changed; the rest are counted."""


@click.command(epilog="Example:  kg build --full")
@click.option("--full", is_flag=True, help="Build everything anew, even what did not change.")
@click.option("--no-files", is_flag=True, help="The store only; leave graph files and picture.")
@click.option(
    "--most-derived",
    type=click.IntRange(min=0),
    default=MOST_DERIVED,
    show_default=True,
    help="Attributions above which origins, conflicts and candidates stay out of the graph.",
)
@format_option(("text", "json"), "text")
@with_project
def build(project: Project, full: bool, no_files: bool, most_derived: int, style: str) -> int:
    """Build the checked graph from the records: store, graph.ttl, graph.trig and the picture.

    Only what changed is rebuilt. A fault in the records stops it, and the last good graph stands.
    """
    start = time.perf_counter()
    outcome = build_project(project, full=full, files=not no_files, most_derived=most_derived)
    if style == "json":
        click.echo(json.dumps(_whole(project, outcome), ensure_ascii=False, indent=1))
        return 0
    _summary(project, outcome, time.perf_counter() - start)
    return echo_findings(item for item in outcome.findings if item.level is not Level.NOTE)


def _summary(project: Project, outcome: BuildOutcome, seconds: float) -> None:
    lines = [f"{project.title}", ""]
    lines += [f"  {name:<14} {told}" for name, told in _counts(outcome)]
    report = outcome.report
    change = "built anew" if report.full else f"+{report.added:,} −{report.removed:,} quads"
    if not report.full and not report.added and not report.removed:
        change = "nothing changed"
    lines += ["", *(f"  {line}" for line in _since(outcome))]
    if report.derived.left_out:
        lines += _left_out(report.derived.left_out)
    lines += [f"  {change} in {seconds:.1f} s; open next:"]
    lines += [f"    {project.relative(path)}" for path in outcome.written]
    click.echo("\n".join(lines))


def _since(outcome: BuildOutcome) -> list[str]:
    """Say which files are other ones than at the last build."""
    since = outcome.report.since
    parts = [
        (f"{plural(len(since.added), 'record')} added", since.added),
        (f"{plural(len(since.changed), 'record')} changed", since.changed),
        (f"{plural(len(since.removed), 'record')} removed", since.removed),
        ("registries changed", since.registries),
    ]
    return [f"{head}: {_named(names)}" for head, names in parts if names]


def _named(names: Sequence[str]) -> str:
    left = len(names) - _SHOWN
    more = f" and {left:,} more (--format json names all)" if left > 0 else ""
    return ", ".join(names[:_SHOWN]) + more


def _left_out(attributions: int) -> list[str]:
    return [
        f"  {attributions:,} attributions: origins, conflicts and candidates are left out;",
        "  --most-derived lets them in, and  kg origins --format nquads -o derived.nq  writes them",
    ]


def _whole(project: Project, outcome: BuildOutcome) -> dict[str, object]:
    report, counts = outcome.report, outcome.counts
    return {
        "title": project.title,
        "full": report.full,
        "quads_added": report.added,
        "quads_removed": report.removed,
        "since_last_build": report.since._asdict(),
        "derived": {"quads": report.derived.quads, "left_out_of": report.derived.left_out},
        "counts": dataclasses.asdict(counts) | {"attributions": counts.attributions},
        "findings": finding_rows(outcome.findings),
        "written": [project.relative(path) for path in outcome.written],
    }


def _counts(outcome: BuildOutcome) -> list[tuple[str, str]]:
    count = outcome.counts
    forms = ", ".join(f"{count.forms[form]} {form}" for form in _FORMS if count.forms.get(form))
    levels = Counter(str(item.level) for item in outcome.findings)
    findings = ", ".join(plural(levels[level], level) for level in ("error", "warning", "note"))
    unseen = f"; {count.unseen} not seen: no text held" if count.unseen else ""
    return [
        ("documents", f"{count.documents}"),
        ("outlets", f"{count.outlets} known, {count.unidentified} unidentified"),
        ("speakers", f"{count.speakers}, and {count.unresolved} unresolved"),
        ("utterances", f"{count.utterances}"),
        ("attributions", f"{count.attributions}: {forms}"),
        ("claims", f"{count.claims}, {count.shared} of them in more than one document"),
        ("quotes", f"{count.quotes - count.unseen} verified byte for byte{unseen}"),
        ("variants", f"{plural(count.variants, 'utterance')} worded by more than one document"),
        ("reviewed", f"{count.reviewed} by a person, {count.attributions - count.reviewed} not"),
        ("findings", findings),
    ]


@click.command(epilog="Example:  kg check --format json")
@format_option(("text", "json"), "text")
@click.option(
    "--engine",
    type=click.Choice(["compiled", "pyshacl"]),
    default="compiled",
    show_default=True,
    help="Which engine reads the shapes; both give the same findings.",
)
@click.option("--quiet", "-q", is_flag=True, help="Errors and warnings only.")
@with_project
def check(project: Project, style: str, engine: str, quiet: bool) -> int:
    """List every fault of records, texts and graph, sorted, with file and line."""
    findings = check_project(project, engine=engine)
    if quiet:
        findings = [item for item in findings if item.level is not Level.NOTE]
    code = echo_findings(findings, style)
    if style == "text":
        levels = Counter(str(item.level) for item in findings)
        told = ", ".join(plural(levels[level], level) for level in ("error", "warning", "note"))
        click.echo(told, err=True)
    return code
