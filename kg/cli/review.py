"""The command of people's decisions: review, key by key, as a list, or scripted."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from kg.build import record_judge
from kg.cli.options import plural, with_project
from kg.cli.review_desk import Desk
from kg.dates import is_moment
from kg.errors import UsageError
from kg.intake.review import ALL, WAITING, Filters, Waiting, decide, queue, undo
from kg.model import Decision, Form
from kg.project import Project

__all__ = ["review"]

_STATES = (WAITING, "skipped", "changed", "accepted", "rejected", "edited", ALL)


@click.command()
@click.argument("document", default="")
@click.option("--form", type=click.Choice([str(form) for form in Form]), help="Only this form.")
@click.option("--above", type=click.FloatRange(0, 1), default=0.0, help="At least this confidence.")
@click.option("--below", type=click.FloatRange(0, 1), default=1.0, help="At most this confidence.")
@click.option("--speaker", default="", help="Only speakers whose id or words hold this.")
@click.option(
    "--state", type=click.Choice(_STATES), default=WAITING, show_default=True, help="What to show."
)
@click.option("--list", "as_list", is_flag=True, help="List instead of asking.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON Lines.")
@click.option(
    "--accept-above",
    type=click.FloatRange(0, 1),
    default=None,
    help="Accept all that is shown at this confidence or above, unread.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be decided, decide nothing.")
@click.option(
    "--decide",
    "decisions",
    multiple=True,
    metavar="SLUG#ID=DECISION",
    help="Decide one; repeatable.",
)
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="For one edit.")
@click.option("--undo", "take_back", is_flag=True, help="Take back your last decision.")
@click.option("--note", default="", help="Why, kept with the decision.")
@click.option("--by", default="", help="Who decides; otherwise KG_REVIEWER or your login name.")
@click.option("--at", "moment", default="", help="When, instead of now: 2025-04-03T10:00:00Z.")
@with_project
def review(  # noqa: PLR0913, PLR0917 - one parameter for each option
    project: Project,
    document: str,
    form: str | None,
    above: float,
    below: float,
    speaker: str,
    state: str,
    as_list: bool,
    as_json: bool,
    accept_above: float | None,
    dry_run: bool,
    decisions: tuple[str, ...],
    fields: tuple[str, ...],
    take_back: bool,
    note: str,
    by: str,
    moment: str,
) -> int:
    """Accept, reject or edit proposals, one key each; DOCUMENT shows one record alone.

    Example:  kg review --accept-above 0.9 --dry-run
    """
    if moment and not is_moment(moment):
        raise UsageError(f"--at {moment}: write 2025-04-03 or 2025-04-03T10:00:00Z")
    who, when = by or _reviewer(), moment or _now()
    filters = Filters(document, above, below, Form(form) if form else None, speaker, state)
    if take_back:
        taken = undo(project, who, when)
        others = "the other" if taken.of == 2 else "the others"
        rest = f" (1 of {taken.of}; repeat for {others})" if taken.of > 1 else ""
        click.echo(f"{taken.slug}#{taken.attribution.id}: {taken.review.note}{rest}")
        return 0
    if decisions:
        return _decide_named(project, decisions, fields, (who, when, note), dry_run=dry_run)
    if fields:
        raise UsageError("--set goes with  --decide SLUG#ID=edited")
    items = queue(project, filters)
    if accept_above is not None:
        return _accept_above(project, items, accept_above, (who, when, note), dry_run=dry_run)
    if as_list or as_json:
        for item in items:
            click.echo(_json(item) if as_json else _line(item))
        click.echo(f"{plural(len(items), 'attribution')} {state}", err=True)
        return 0
    return Desk(project, items, who, moment).run()


def _decide_named(
    project: Project,
    decisions: Sequence[str],
    fields: Sequence[str],
    given: tuple[str, str, str],
    *,
    dry_run: bool,
) -> int:
    who, when, note = given
    for text in decisions:
        name, _, word = text.partition("=")
        slug, _, attribution = name.partition("#")
        kinds = [str(kind) for kind in Decision if kind is not Decision.UNDONE]
        if word not in kinds or not attribution:
            raise UsageError(f"--decide {text}: write SLUG#ID= and one of {', '.join(kinds)}")
        changes = _changes(fields) if word == Decision.EDITED else None
        if dry_run:
            click.echo(f"would be {word}: {name}")
            continue
        done = decide(
            project,
            slug,
            attribution,
            Decision(word),
            by=who,
            on=when,
            changes=changes,
            note=note,
            judge=record_judge(project),
        )
        click.echo(f"{done.slug}#{done.attribution.id}: {done.review.decision} by {who}")
    return 0


def _changes(fields: Sequence[str]) -> dict[str, object]:
    """Read FIELD=VALUE pairs; a value that is JSON (a list, a pair of offsets) is read as such."""
    made: dict[str, object] = {}
    for text in fields:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--set {text}: write FIELD=VALUE, such as speaker=abdoulaye-diop")
        try:
            parsed = json.loads(value) if value[:1] == "[" else value
        except ValueError as error:
            raise UsageError(f"--set {text}: this is not a list: {error}") from error
        made[key.strip()] = parsed
    if not made:
        raise UsageError("an edit needs at least one  --set FIELD=VALUE")
    return made


def _accept_above(
    project: Project,
    items: Sequence[Waiting],
    least: float,
    given: tuple[str, str, str],
    *,
    dry_run: bool,
) -> int:
    who, when, note = given
    chosen = [item for item in items if (item.attribution.confidence or 0.0) >= least]
    for item in chosen:
        if dry_run:
            click.echo(f"would be accepted: {_line(item)}")
            continue
        reason = note or f"accepted unread: confidence {least:g} or above"
        decide(
            project,
            item.slug,
            item.attribution.id,
            Decision.ACCEPTED,
            by=who,
            on=when,
            note=reason,
        )
        click.echo(f"accepted: {_line(item)}")
    verb = "would be accepted" if dry_run else "accepted"
    click.echo(f"{len(chosen)} of {plural(len(items), 'attribution')} {verb}", err=True)
    return 0


def _line(item: Waiting) -> str:
    attribution = item.attribution
    confidence = "-" if attribution.confidence is None else f"{attribution.confidence:.2f}"
    speaker = " + ".join(attribution.speakers) or attribution.unresolved or "outlet"
    words = " ".join(" […] ".join(attribution.quotes).split())
    shown = words if len(words) <= 80 else f"{words[:77]}…"
    return f"{item.id}  {confidence}  {attribution.form}  {speaker}  {item.state}  {shown}"


def _json(item: Waiting) -> str:
    attribution = item.attribution
    row = {
        "id": item.id,
        "state": item.state,
        "confidence": attribution.confidence,
        "form": str(attribution.form),
        "speakers": list(attribution.speakers),
        "unresolved": attribution.unresolved,
        "quote": list(attribution.quotes),
        "at": [list(span) for span in attribution.spans],
        "claims": [claim.line for claim in attribution.claims],
        "chain": list(attribution.chain),
        "rule": item.proposal.get("rule", ""),
    }
    return json.dumps(row, ensure_ascii=False)


def _reviewer() -> str:
    named = os.environ.get("KG_REVIEWER", "")
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("say who decides: --by NAME, or set KG_REVIEWER") from error


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
