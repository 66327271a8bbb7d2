"""Options that several commands share, as decorators, and the few ways of printing they share.

In: what click parsed. Out: a `Project`, or lines on a stream. Holds no logic of its own.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from kg.errors import UsageError
from kg.project import Project, find_project, write_atomically

if TYPE_CHECKING:
    from kg.model import Finding

__all__ = [
    "check_output",
    "echo_findings",
    "emit",
    "finding_rows",
    "format_option",
    "output_option",
    "plural",
    "with_project",
]

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., object])


def with_project(command: Callable[Concatenate[Project, P], R]) -> Callable[P, R]:
    """Give the command its project: `--project DIR` of `kg`, or the nearest `kg.toml` upward."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        named = click.get_current_context().obj
        if named and not Path(named).exists():
            raise UsageError(f"--project {named}: no such folder")
        return command(find_project(Path(named) if named else None), *args, **kwargs)

    return run


def format_option(formats: Sequence[str], default: str) -> Callable[[F], F]:
    """Add `--format` with the given words."""
    return click.option(
        "--format",
        "-f",
        "style",
        type=click.Choice(list(formats)),
        default=default,
        show_default=True,
        help="How to print.",
    )


output_option = click.option(
    "--output", "-o", default="-", show_default=True, help="A file to write, or - for stdout."
)


def check_output(output: str) -> None:
    """Refuse a file that cannot be written where it is named; `-` is stdout.

    Raises:
        UsageError: its folder is not there, or it is itself a folder.
    """
    if output == "-":
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise UsageError(f"{output}: cannot be written: there is no folder {path.parent}")
    if path.is_dir():
        raise UsageError(f"{output}: cannot be written: it is a folder")


def emit(content: str | bytes, output: str) -> None:
    """Write to a file, whole or not at all, or to stdout where the name is `-`."""
    if output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content.encode("utf-8") if isinstance(content, str) else content)
        return
    check_output(output)
    write_atomically(Path(output), content)
    click.echo(f"wrote {output}", err=True)


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Give findings as JSON has them, sorted."""
    return [
        {
            "path": item.path,
            "line": item.line,
            "level": str(item.level),
            "code": item.code,
            "message": item.message,
            "subject": item.subject,
        }
        for item in sorted(findings)
    ]


def echo_findings(findings: Iterable[Finding], style: str = "text") -> int:
    """Print findings, one a line or as JSON; give the exit code: 1 where any is an error."""
    from kg.model import Level  # noqa: PLC0415 - commands without findings start without the model

    found = sorted(findings)
    if style == "json":
        click.echo(json.dumps(finding_rows(found), ensure_ascii=False, indent=1))
    else:
        for item in found:
            click.echo(str(item))
    return 1 if any(item.level is Level.ERROR for item in found) else 0


def plural(count: int, noun: str, several: str = "") -> str:
    """Say `1 claim`, `2 claims`, `2 entries`.

    >>> plural(2, "entry", "entries")
    '2 entries'
    """
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"
