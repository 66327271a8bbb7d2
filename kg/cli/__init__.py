"""The command line: a table of commands, imported one at a time, and one place for errors.

In: what a person types. Out: data on stdout, progress and faults on stderr, an exit code:
0 fine, 1 findings, 2 misuse. Commands parse options, call one library function and render;
`kg --help` imports none of them.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from kg import __version__
from kg.errors import KgError, RecordError

__all__ = ["COMMANDS", "LazyGroup", "cli", "main"]

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("records", "Start a project in a folder."),
    "add": ("intake", "Start a record from an article: text, HTML, PDF, WARC, feed."),
    "attach": ("records", "Remember a folder of article texts, so that quotes can be checked."),
    "anchor": ("records", "Find the place of every quote that has none yet."),
    "verify": ("records", "Check every quote against the bytes of its text."),
    "extract": ("extract", "Propose attributed statements with speakers and chains."),
    "annotate": ("annotate", "Bring in W3C Web Annotations as attributions."),
    "review": ("review", "Accept, reject or edit proposals, one key each."),
    "build": ("build", "Build the checked graph, its files and its picture from the records."),
    "check": ("build", "List every fault of records, texts and graph, with file and line."),
    "vocabulary": ("vocabulary", "List the predicates that claims may use."),
    "query": ("query", "Ask a named or own SPARQL query."),
    "export": ("export", "Write the graph in another format."),
    "draw": ("draw", "Draw who said what: HTML, SVG or PNG."),
    "explain": ("explain", "Walk from any node back to the words."),
    "variants": ("readings", "Show the wordings of each utterance side by side."),
    "origins": ("readings", "Count the independent origins behind a claim, as an interval."),
    "reuse": ("readings", "Find wording that texts share without saying so."),
    "drift": ("readings", "Find attributions lost, hedges dropped and relays laundered."),
    "conflicts": ("readings", "List claims that cannot both hold, by kind."),
    "chains": ("readings", "Show every way from a speaker to a text."),
    "profile": ("readings", "Profile an outlet, a speaker or the whole collection."),
    "report": ("report", "Write a dossier on one claim or utterance."),
    "serve": ("serve", "Open the explorer, review desk and SPARQL endpoint on this machine."),
    "doctor": ("doctor", "Tell versions, what is missing, and whether all parts agree."),
    "completion": ("doctor", "Print the shell completion script."),
}
"""Every command: the module under `kg.cli` that holds it, and its one-line help."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the work, as `COMMANDS` has them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command by name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"kg.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help from the table, so that no command need be imported."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when one is misspelt."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from rapidfuzz import process  # noqa: PLC0415 - only when a name is wrong

            near = process.extractOne(name, list(COMMANDS), score_cutoff=60)
            hint = f"; did you mean `kg {near[0]}`?" if near else ""
            ctx.fail(f"there is no command `{name}`{hint} (kg --help lists them)")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "KG"},
    epilog="Example:  kg build && kg query who-said-what",
)
@click.version_option(__version__, prog_name="kg")
@click.option(
    "--project",
    "-C",
    type=click.Path(),
    default=None,
    help="The project folder; otherwise the nearest kg.toml upward.",
)
@click.pass_context
def cli(ctx: click.Context, project: str | None) -> None:
    """Who said what, in which words, in which outlet, relayed by whom."""
    ctx.obj = project


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the one place where errors become a line and an exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        outcome = cli.main(args=arguments, prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.Abort:
        click.echo("stopped; nothing was changed", err=True)
        return 130
    except click.ClickException as error:
        click.echo(f"kg: {error.format_message()}", err=True)
        return 2
    except RecordError as error:
        # What stops the work is not buried under remarks that do not.
        told = [finding for finding in error.findings if finding.level.value != "note"]
        for finding in told:
            click.echo(str(finding), err=True)
        if len(told) < len(error.findings):
            rest = len(error.findings) - len(told)
            click.echo(f"{rest:,} note{'s' * (rest > 1)} not shown; kg check lists them", err=True)
        click.echo(f"kg: {error}", err=True)
        return error.exit_code
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"kg: {place}{error.strerror or error}", err=True)
        return 2
