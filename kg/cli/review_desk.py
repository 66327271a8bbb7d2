"""The terminal desk of `kg review`: one attribution at a time, one key each, no colour needed.

In: the queue. Out: decisions, written one by one, so that quitting loses nothing. Keys come from
the terminal, or from standard input where that is a file or a pipe.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from kg.build import record_judge
from kg.cli.options import plural
from kg.errors import KgError
from kg.intake.claims import KnownClaims, Offer, known_claims
from kg.intake.gazetteer import AgentIndex, build_agent_index
from kg.intake.registries import add_to_registries
from kg.intake.review import ChangedSinceError, Filters, Waiting, decide, queue, undo
from kg.intake.show import attribution_context
from kg.intake.slugs import slugify
from kg.model import Agent, AgentKind, Decision, Form
from kg.project import Project
from kg.records import load_collection

__all__ = ["Desk"]

KEYS = "a accept · r reject · e edit · s skip · u undo · b back · q quit · ? help"
_HELP = """\
a  accept: the words, the speaker and the rest are right
r  reject: nobody said this, or it is no statement; hidden in the graph
e  edit: change speaker, words, form, claims or chain, then it counts as edited
s  skip: decide nothing now; it comes last next time
u  undo: take back your last decision
b  back: look at the one before again
q  quit: what is decided is kept; the next  kg review  goes on from here
Marks: ⟦the words⟧, {the cue}, <the speaker>."""
_FIELDS = "s speaker · w words · f form · c claims · l links of the chain · x leave it"
_OFFSETS = re.compile(r"(\d+)\s*-\s*(\d+)")
_WIDTH = 96


class _QuitError(Exception):
    """The reviewer wants to stop, or the keys have come to their end."""


class Desk:
    """One sitting: the queue, where we are in it, and what was decided."""

    def __init__(self, project: Project, items: Sequence[Waiting], who: str, moment: str) -> None:
        self.project = project
        self.items = list(items)
        self.who = who
        self.moment = moment
        self.place = 0
        self.decided: list[tuple[str, str]] = []
        collection = load_collection(project).collection
        self.language = project.language
        self.claims: KnownClaims = known_claims(collection.records)
        self.index: AgentIndex = build_agent_index(collection.agents)
        self.agents = {agent.id for agent in collection.agents}

    def run(self) -> int:
        """Ask until the queue is empty or the reviewer quits; give the exit code."""
        if not self.items:
            click.echo("nothing waits for a decision")
            return 0
        actions = {
            "a": lambda: self._decide(Decision.ACCEPTED),
            "r": lambda: self._decide(Decision.REJECTED),
            "s": lambda: self._decide(Decision.SKIPPED),
            "e": self._edit,
            "u": self._undo,
            "b": self._back,
            "?": lambda: click.echo(_HELP),
        }
        try:
            while self.place < len(self.items):
                self._show()
                key = _key(f"{KEYS}\n> ")
                if key in ("q", "\x04", "\x03"):
                    break
                action = actions.get(key)
                if action is None:
                    click.echo(f"`{key}` is no key here")
                else:
                    self._guarded(action)
        except (_QuitError, KeyboardInterrupt, EOFError):
            click.echo("")
        left = len(self.items) - self.place
        click.echo(f"{plural(len(self.decided), 'decision')} kept, {left} left")
        return 0

    def _guarded(self, action: object) -> None:
        """A refused decision is told and the item stays; only quitting ends the sitting."""
        assert callable(action)
        try:
            action()
        except ChangedSinceError as error:
            click.echo(f"! {error}")
            self._reload()
        except KgError as error:
            click.echo(f"! {error}")

    def _show(self) -> None:
        item = self.items[self.place]
        attribution = item.attribution
        confidence = "-" if attribution.confidence is None else f"{attribution.confidence:.2f}"
        speaker = " + ".join(attribution.speakers) or f"unresolved: {attribution.unresolved}"
        click.echo("")
        click.echo(
            f"[{self.place + 1} of {len(self.items)}] {item.id}  confidence {confidence}  "
            f"{attribution.form}" + ("" if item.state == "waiting" else f"  ({item.state})")
        )
        context = attribution_context(attribution, item.text) if item.text else ""
        quote = " […] ".join(attribution.quotes)
        shown = context or f"⟦{' '.join(quote.split())}⟧  (text not attached: kg attach FOLDER)"
        click.echo(textwrap.indent(textwrap.fill(shown, _WIDTH), "    "))
        click.echo(f"    speaker  {speaker} ({attribution.basis or attribution.kind})")
        if attribution.chain:
            click.echo(f"    chain    {' ← '.join(attribution.chain)}")
        for claim in attribution.claims:
            click.echo(f"    claim    {claim.line}")
        if not attribution.claims:
            click.echo("    claim    left open")
        for offer in self._offers(item):
            click.echo(f"    offered  {offer.claim.line} ({offer.basis})")

    def _offers(self, item: Waiting) -> list[Offer]:
        own = set(item.attribution.claims)
        offers = self.claims.offers(" ".join(item.attribution.quotes))
        return [offer for offer in offers if offer.claim not in own]

    def _decide(self, decision: Decision, changes: dict[str, object] | None = None) -> None:
        item = self.items[self.place]
        done = decide(
            self.project,
            item.slug,
            item.attribution.id,
            decision,
            by=self.who,
            on=self._now(),
            changes=changes,
            expected=item.digest,
            judge=record_judge(self.project),
        )
        if decision is not Decision.SKIPPED:
            self.decided.append((item.slug, item.attribution.id))
        self._renew(item.slug, done.digest)
        click.echo(f"{item.id}: {decision}")
        self.place += 1

    def _renew(self, slug: str, digest: str) -> None:
        """Our own write changed the record's digest for the rest of the queue."""
        self.items = [
            replace(item, digest=digest) if item.slug == slug else item for item in self.items
        ]

    def _undo(self) -> None:
        if not self.decided:
            click.echo(
                "nothing decided in this sitting;  kg review --undo  takes back earlier ones"
            )
            return
        slug, attribution = self.decided[-1]
        taken = undo(self.project, self.who, self._now(), slug=slug, attribution=attribution)
        self.decided.pop()
        self._renew(slug, taken.digest)
        self._refresh(slug, attribution, taken.digest)
        click.echo(f"{slug}#{attribution}: {taken.review.note}")

    def _refresh(self, slug: str, attribution: str, digest: str) -> None:
        """Show again what was taken back, as it now stands."""
        for place, item in enumerate(self.items):
            if (item.slug, item.attribution.id) == (slug, attribution):
                now = queue(self.project, Filters(document=slug, state="all"))
                fresh = next(other for other in now if other.id == item.id)
                self.items[place] = replace(fresh, digest=digest)
                self.place = place

    def _back(self) -> None:
        self.place = max(0, self.place - 1)

    def _reload(self) -> None:
        """Read again what somebody else changed; nothing of theirs is overwritten."""
        item = self.items[self.place]
        now = {other.id: other for other in queue(self.project, Filters(item.slug, state="all"))}
        self.items = [now.get(other.id, other) for other in self.items]

    def _edit(self) -> None:
        makers = {
            "s": self._speaker,
            "w": self._words,
            "f": self._form,
            "c": self._claims,
            "l": self._links,
        }
        key = _key(f"    {_FIELDS}\n    edit> ")
        if key not in makers:
            click.echo("left as it is")
            return
        changes = makers[key](self.items[self.place])
        if changes:
            self._decide(Decision.EDITED, changes)
        else:
            click.echo("left as it is")

    def _speaker(self, item: Waiting) -> dict[str, object]:
        answer = _line("    speaker (id or name; ? words for an unknown one): ")
        if answer.startswith("?"):
            words = answer[1:].strip() or item.attribution.mention or "not named"
            return {"unresolved": words}
        if not answer:
            return {}
        if answer in self.agents:
            return {"speaker": answer}
        match = self.index.find(answer)
        if match is not None:
            click.echo(f"    {match.agent}: {match.basis}")
            return {"speaker": match.agent}
        return self._new_agent(answer, item)

    def _new_agent(self, name: str, item: Waiting) -> dict[str, object]:
        slug = slugify(name)
        kinds = {"p": AgentKind.PERSON, "o": AgentKind.ORGANISATION, "s": AgentKind.STATE}
        key = _key(
            f"    {name} is not in agents.yaml; add as `{slug}`: "
            "p person · o organisation · s state · x no\n    > "
        )
        if key not in kinds or not slug:
            return {}
        agent = Agent(
            slug, kinds[key], ((item.document.language, name),), note=f"added by {self.who}"
        )
        add_to_registries(self.project, agents=[agent])
        self.agents.add(slug)
        return {"speaker": slug}

    def _words(self, item: Waiting) -> dict[str, object]:
        answer = _line("    words (all of them, or first … last, or offsets 120-180): ")
        if not answer:
            return {}
        offsets = _OFFSETS.fullmatch(answer)
        if offsets:
            return {"at": [int(offsets.group(1)), int(offsets.group(2))]}
        first, dots, last = answer.replace("...", "…").partition("…")
        if not dots:
            return {"quote": answer}
        origin = item.attribution.spans[0].start if item.attribution.spans else 0
        return _between(item.text, first.strip(), last.strip(), origin)

    def _form(self, item: Waiting) -> dict[str, object]:
        del item
        forms = list(Form)
        for number, form in enumerate(forms, start=1):
            click.echo(f"    {number} {form}")
        answer = _line("    form (number or word): ")
        if answer.isdigit() and 0 < int(answer) <= len(forms):
            answer = str(forms[int(answer) - 1])
        return {"form": answer} if answer else {}

    def _claims(self, item: Waiting) -> dict[str, object]:
        now = [claim.line for claim in item.attribution.claims]
        offers = self._offers(item)
        for number, offer in enumerate(offers, start=1):
            click.echo(f"    {number} {offer.claim.line}")
        answer = _line("    claim (number, or subject predicate object; - takes all away): ")
        if answer == "-":
            return {"claims": []}
        if answer.isdigit() and 0 < int(answer) <= len(offers):
            answer = offers[int(answer) - 1].claim.line
        return {"claims": [*now, answer]} if answer else {}

    def _links(self, item: Waiting) -> dict[str, object]:
        del item
        answer = _line("    chain (ids, nearest the text first, commas between; - for none): ")
        if answer == "-":
            return {"chain": []}
        links = [link.strip() for link in answer.split(",") if link.strip()]
        return {"chain": links} if links else {}

    def _now(self) -> str:
        return self.moment or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _between(text: str, first: str, last: str, origin: int) -> dict[str, object]:
    """Find the stretch from some words to others, nearest to where the statement was."""
    starts: list[int] = []
    place = text.find(first) if first else -1
    while place >= 0:
        starts.append(place)
        place = text.find(first, place + 1)
    if not starts:
        click.echo("! the first words are not in the text")
        return {}
    start = min(starts, key=lambda spot: abs(spot - origin))
    end = text.find(last, start) if last else -1
    if end < 0:
        click.echo("! the last words do not follow the first ones in the text")
        return {}
    return {"at": [start, end + len(last)]}


def _key(prompt: str) -> str:
    """Read one key: at once from a terminal, the next character from a pipe."""
    click.echo(prompt, nl=False)
    if sys.stdin.isatty():
        key = click.getchar()
        click.echo(key if key.isprintable() else "")
        return key
    character = sys.stdin.read(1)
    while character and character.isspace():
        character = sys.stdin.read(1)
    click.echo(character)
    if not character:
        raise _QuitError
    return character


def _line(prompt: str) -> str:
    """Read one line; the end of a key's own line is not an answer."""
    click.echo(prompt, nl=False)
    answer = sys.stdin.readline()
    if not sys.stdin.isatty() and answer == "\n":
        answer = sys.stdin.readline()
    if not answer:
        raise _QuitError
    return answer.strip()
