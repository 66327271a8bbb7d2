"""Commands that make and check the graph: build, check."""

from __future__ import annotations

import time
from collections import Counter

import click

from kg.build import BuildOutcome, build_project, check_project
from kg.cli.options import echo_findings, format_option, plural, with_project
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


@click.command(epilog="Example:  kg build --full")
@click.option("--full", is_flag=True, help="Build everything anew, even what did not change.")
@click.option("--no-files", is_flag=True, help="The store only; leave graph files and picture.")
@with_project
def build(project: Project, full: bool, no_files: bool) -> int:
    """Build the checked graph from the records: store, graph.ttl, graph.trig and the picture.

    Only what changed is rebuilt. A fault in the records stops it, and the last good graph stands.
    """
    start = time.perf_counter()
    outcome = build_project(project, full=full, files=not no_files)
    _summary(project, outcome, time.perf_counter() - start)
    return echo_findings(item for item in outcome.findings if item.level is not Level.NOTE)


def _summary(project: Project, outcome: BuildOutcome, seconds: float) -> None:
    lines = [f"{project.title}", ""]
    lines += [f"  {name:<14} {told}" for name, told in _counts(outcome)]
    report = outcome.report
    change = "built anew" if report.full else f"+{report.added:,} −{report.removed:,} quads"
    if not report.full and not report.added and not report.removed:
        change = "nothing changed"
    lines += ["", f"  {change} in {seconds:.1f} s; open next:"]
    lines += [f"    {project.relative(path)}" for path in outcome.written]
    click.echo("\n".join(lines))


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
