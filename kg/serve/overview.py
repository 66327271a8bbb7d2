"""The first page: claims by outlet and the ledger, or counts by speaker and outlet, narrowed.

In: what the address narrows to. Out: the comparison table and the picture while claims are few
enough to be read; above that, counts whose every cell opens into the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from kg.errors import UsageError
from kg.export.claim_table import CROWDED
from kg.export.html import LIMIT
from kg.export.labels import (
    claim_tags,
    column_word,
    denial,
    denier,
    outlet_label,
    told_by,
)
from kg.export.ledger import WIDTH, draw_ledger
from kg.export.ledger_narrow import NARROW_WIDTH, draw_narrow_ledger
from kg.export.safe_text import escape
from kg.export.scene import Line, Mark, OutletColumn, Scene, arrange
from kg.export.words import word
from kg.graph.rows import AttributionRow
from kg.serve.index import Narrowing, Thing
from kg.serve.view import DATA, View

__all__ = ["Board", "board_of", "ledger_of", "narrowing_of", "overview"]

VOICES = 50
OUTLETS = 14
COLUMNS = 24
"""Outlets side by side in the comparison table; the rest are counted."""
_OPTIONS = 150
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Board:
    """The comparison table: lines, columns, and the words for their parts."""

    scene: Scene
    lines: tuple[Line, ...]
    outlets: tuple[OutletColumn, ...]
    more_outlets: int
    more_lines: int
    language: str

    @property
    def crowded(self) -> bool:
        """Whether column heads are set upright."""
        return len(self.outlets) >= CROWDED

    def outlet(self, column: OutletColumn) -> str:
        """Name a column."""
        return outlet_label(column, self.language) if column.is_known else column.name

    def told_by(self, line: Line) -> list[tuple[str, str]]:
        """Name every voice of the claim, each with the word that it denies the claim, or ""."""
        return told_by(line, self.language)

    def tags(self, line: Line) -> str:
        """Give a line's modalities and hedges."""
        return " · ".join(claim_tags(line, self.language))

    def denial(self, line: Line, mark: Mark) -> tuple[str, str]:
        """Say that a mark denies, and who does where the claim has several voices."""
        return denier(line, mark, self.language), denial(mark, self.language)

    def seen(self, mark: Mark) -> str:
        """Give the short word under a mark."""
        return column_word(mark, self.language)


@dataclass(frozen=True, slots=True)
class CountRow:
    """One voice with its number in each outlet shown, and in all; two ways to narrow to it."""

    voice: str
    link: str
    key: str
    cells: tuple[int, ...]
    rest: int
    total: int


def overview(view: View) -> Response:
    """Answer the first page or its data."""
    narrowing = narrowing_of(view)
    index = view.shelf.index
    if view.suffix:
        rows = index.rows(narrowing, view.language)
        return view.data(rows, facts={"narrowed": not narrowing.is_open})
    claims = view.shelf.once(("claims", narrowing), lambda: index.claim_count(narrowing, LIMIT + 1))
    is_small = claims <= LIMIT and view.shelf.once(
        ("few", narrowing), lambda: index.count(narrowing) <= LIMIT * 12
    )
    board = ledger = None
    if is_small:
        rows = index.rows(narrowing, view.language)
        board = view.shelf.once(
            ("board", narrowing, view.language), lambda: board_of(view, rows, limit=LIMIT)
        )
        ledger = view.shelf.once(
            ("ledger", narrowing, view.language), lambda: ledger_of(board.scene, view.language)
        )
    sums = view.shelf.once(("sums", narrowing), lambda: _sums(view, narrowing))
    totals = view.shelf.once(("totals", narrowing), lambda: _totals(view, narrowing, sums))
    return view.page(
        "overview.html",
        title=view.project.title,
        data=DATA,
        narrowing=narrowing,
        claims=claims,
        limit=LIMIT,
        is_small=is_small,
        board=board,
        ledger=ledger,
        counts=None
        if is_small
        else view.shelf.once(
            ("table", narrowing, view.language), lambda: _counts(view, narrowing, sums)
        ),
        totals=totals,
        forms=view.shelf.once(("forms", narrowing), lambda: index.tally("form", narrowing)),
        options=_options(view),
        attributions=totals["total_attributions"],
    )


def narrowing_of(view: View) -> Narrowing:
    """Read the filters of an address; an id that is none narrows to nothing."""
    base = view.project.base

    def iri(kind: str, name: str) -> str:
        given = view.asked(name)
        return f"{base}{kind}/{given}" if given else ""

    topic = view.asked("topic")
    kinds = {"agent", "topic", "outlet"}
    topic_iri = ""
    if topic:
        head, _, rest = topic.partition("/")
        topic_iri = f"{base}{head}/{rest}" if head in kinds else f"{base}topic/{topic}"
    return Narrowing(
        speaker=iri("agent", "speaker"),
        outlet=iri("outlet", "outlet"),
        topic=topic_iri,
        source=iri("source", "source"),
        form=view.asked("form"),
        status=view.asked("status"),
        since=_day(view, "since"),
        until=_day(view, "until"),
        withdrawn=view.asked("status") in {"rejected", "retracted"},
        voice=_voice_asked(view),
    )


def _day(view: View, name: str) -> str:
    """Read a day, month or year of the filters.

    Raises:
        UsageError: it is none; to show everything instead would look like an answer.
    """
    given = view.asked(name)
    if not given:
        return ""
    if not (_DAY.fullmatch(given) and _is_day(f"{given}-01-01"[:10])):
        raise UsageError(view.t("error_no_day", given=given[:60]))
    return given


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _voice_asked(view: View) -> str | None:
    """Read which counted voice is asked for: `outlet`, `nobody`, or ids with spaces between."""
    given = view.asked("voice")
    if given in {"", "outlet"}:
        return given or None
    if given == "nobody":
        return ""
    return "\x1f".join(f"{view.project.base}agent/{name}" for name in given.split())


def board_of(view: View, rows: Sequence[AttributionRow], *, limit: int = 60) -> Board:
    """Lay rows out as the comparison table, at most so many claims and `COLUMNS` outlets."""
    scene = arrange(rows, language=view.language)
    lines = scene.lines[:limit]
    carried = {mark.outlet for line in lines for mark in line.marks}
    outlets = tuple(outlet for outlet in scene.outlets if outlet in carried)
    return Board(
        scene=scene,
        lines=lines,
        outlets=outlets[:COLUMNS],
        more_outlets=max(len(outlets) - COLUMNS, 0),
        more_lines=len(scene.lines) - len(lines),
        language=view.language,
    )


_TARGET = re.compile(r'href="#q-([0-9A-Za-z_-]+)"')


def ledger_of(scene: Scene, language: str) -> Markup:
    """Draw the ledger, wide and narrow, every mark leading to its attribution."""
    name = escape(word("ui", "ledger_title", language))
    drawings = (
        ("wide", WIDTH, draw_ledger(scene, language)),
        ("narrow", NARROW_WIDTH, draw_narrow_ledger(scene, language)),
    )
    pictures = "".join(
        f'<svg class="ledger {shape}" role="group" aria-label="{name}" '
        f'viewBox="0 0 {width} {round(drawing.height)}" width="{width}" '
        f'height="{round(drawing.height)}">{drawing.body}</svg>'
        for shape, width, drawing in drawings
    )
    return Markup(_TARGET.sub(r'href="/attribution/\1"', pictures))  # noqa: S704 - escaped where drawn


class Sums(NamedTuple):
    """How many attributions each voice and each outlet has, in a narrowing."""

    voices: dict[str, int]
    outlets: dict[str, int]


def _sums(view: View, narrowing: Narrowing) -> Sums:
    index = view.shelf.index
    return Sums(index.tally("voice", narrowing), index.tally("outlet", narrowing))


def _counts(view: View, narrowing: Narrowing, sums: Sums) -> dict[str, object]:
    key = ("table", narrowing, view.language)
    return view.shelf.once(key, lambda: _counted(view, narrowing, sums))


def _counted(view: View, narrowing: Narrowing, sums: Sums) -> dict[str, object]:
    by_voice, by_outlet = sums
    outlets = sorted(by_outlet, key=lambda iri: (-by_outlet[iri], iri))
    voices = sorted(by_voice, key=lambda voice: (-by_voice[voice], voice))
    counted = view.shelf.index.counts(narrowing, voices[:VOICES])
    cells = {(item.voice, item.outlet): item.number for item in counted}
    shown = outlets[:OUTLETS]
    rows = []
    for voice in voices[:VOICES]:
        numbers = tuple(cells.get((voice, outlet), 0) for outlet in shown)
        label, link = _voice(view, voice)
        ids = voice.replace("\x1f", " ").replace(f"{view.project.base}agent/", "")
        key = "" if link else ids or "nobody"
        rows.append(
            CountRow(label, link, key, numbers, by_voice[voice] - sum(numbers), by_voice[voice])
        )
    base = view.project.base
    return {
        "outlets": [
            (view.name(iri), iri.removeprefix(f"{base}outlet/"), by_outlet[iri]) for iri in shown
        ],
        "rows": rows,
        "more_outlets": len(outlets) - len(shown),
        "more_voices": len(voices) - len(rows),
        "rest": sum(by_voice[voice] for voice in voices[VOICES:]),
    }


def _voice(view: View, voice: str) -> tuple[str, str]:
    """Name a voice of the index and give what narrows to it: an agent's id, or nothing."""
    if voice == "outlet":
        return word("ui", "own_voice", view.language), ""
    if not voice:
        return word("ui", "nobody", view.language), ""
    iris = voice.split("\x1f")
    label = " · ".join(view.name(iri) for iri in iris)
    return label, iris[0].removeprefix(f"{view.project.base}agent/") if len(iris) == 1 else ""


def _totals(view: View, narrowing: Narrowing, sums: Sums) -> dict[str, int]:
    index = view.shelf.index
    speakers = {iri for voice in sums.voices for iri in voice.split("\x1f") if "/" in iri}
    known = sum("/unidentified-" not in outlet for outlet in sums.outlets)
    unknown = len(sums.outlets) - known
    return {
        "total_documents": index.document_count(narrowing),
        "total_outlets": known,
        "total_unidentified": unknown,
        "total_speakers": len(speakers),
        "total_attributions": sum(sums.voices.values()),
        "total_claims": index.claim_count(narrowing, 10_000_000),
        "total_relayed": index.relayed_count(narrowing),
    }


def _options(view: View) -> dict[str, list[Thing]]:
    def read() -> dict[str, list[Thing]]:
        index = view.shelf.index
        return {
            kind: sorted(
                index.things(kind, view.language, limit=_OPTIONS, spoken=True),
                key=lambda thing: thing.name.casefold(),
            )
            for kind in ("agent", "outlet", "topic")
        }

    return view.shelf.once(("options", view.language), read)
