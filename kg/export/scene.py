"""What the picture shows, before how it is drawn: lines, bands, outlets and totals.

In: attribution rows. Out: one `Scene`, sorted and counted: every claim with its marks outlet by
outlet, grouped by speaker, and the lines that lost their speaker. Knows no markup, no position
and no language but the one that orders labels.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from kg.analyse.lost import lost_attributions
from kg.analyse.material import Material
from kg.export.safe_text import attribute_id
from kg.model import Form, Polarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.graph.rows import AttributionRow, ClaimRow

__all__ = [
    "Band",
    "Line",
    "Mark",
    "OutletColumn",
    "Scene",
    "Voice",
    "arrange",
    "narrowed",
    "voice_of",
]


class Voice(NamedTuple):
    """Who speaks, as the picture groups: agents together, a text's own words, or the outlet.

    `iris` is empty for the outlet's own voice and where nobody could identify the speaker;
    `labels` then holds the text's words for the speaker, or nothing for the own voice. Equal
    words in two texts need not be one speaker: `slug` keeps unidentified speakers text by text.
    """

    is_outlet: bool
    iris: tuple[str, ...]
    labels: tuple[str, ...]
    slug: str


class OutletColumn(NamedTuple):
    """One outlet as a column: its name, or what stands for the name where it is not identified."""

    iri: str
    name: str
    is_known: bool


class Mark(NamedTuple):
    """One attribution conveying one claim: what each dot, cell and curve stands for."""

    row: AttributionRow
    outlet: OutletColumn

    @property
    def target(self) -> str:
        """The element id of the quote this mark opens."""
        return attribute_id("q", self.row.key)

    @property
    def chain(self) -> str:
        """The relays, nearest to the text first, in one string."""
        return " ← ".join(self.row.chain)

    @property
    def is_denial(self) -> bool:
        """Whether it denies the claim."""
        return self.row.polarity == Polarity.DENIED

    @property
    def is_own_voice(self) -> bool:
        """Whether the outlet speaks in its own name."""
        return self.row.form == Form.AUTHORIAL


@dataclass(frozen=True, slots=True)
class Line:
    """One claim with all the marks it has, sorted by outlet and place in the text.

    `lost` holds the IRIs of the own-voice attributions that lost the claim's speaker.
    """

    claim: ClaimRow
    marks: tuple[Mark, ...]
    lost: frozenset[str] = frozenset()

    @property
    def outlet_count(self) -> int:
        """How many outlets carry the claim."""
        return len({mark.outlet.iri for mark in self.marks})

    @property
    def is_lost(self) -> bool:
        """Whether an outlet says in its own voice what another text gives to a speaker."""
        return any(mark.row.iri in self.lost for mark in self.marks)

    @property
    def is_denied(self) -> bool:
        """Whether a speaker or an outlet denies the claim."""
        return any(mark.is_denial for mark in self.marks)

    def of(self, outlet: OutletColumn) -> tuple[Mark, ...]:
        """Give the marks of one outlet."""
        return tuple(mark for mark in self.marks if mark.outlet.iri == outlet.iri)


@dataclass(frozen=True, slots=True)
class Band:
    """One voice with the claims it makes; an own-voice mark follows the claim it took over."""

    voice: Voice
    roles: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the picture shows; `withdrawn` rows are counted nowhere else."""

    rows: tuple[AttributionRow, ...]
    withdrawn: tuple[AttributionRow, ...]
    outlets: tuple[OutletColumn, ...]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]

    @property
    def totals(self) -> Mapping[str, int]:
        """The counts the page opens with, by the key of their word."""
        return {
            "total_documents": len({row.document_iri for row in self.rows}),
            "total_outlets": sum(outlet.is_known for outlet in self.outlets),
            "total_unidentified": sum(not outlet.is_known for outlet in self.outlets),
            "total_speakers": len({iri for row in self.rows for iri in voice_of(row).iris}),
            "total_attributions": len(self.rows),
            "total_claims": len(self.lines),
            "total_shared": sum(line.outlet_count > 1 for line in self.lines),
            "total_lost": sum(line.is_lost for line in self.lines),
            "total_relayed": sum(bool(row.chain) for row in self.rows),
        }

    @property
    def denials(self) -> int:
        """How many attributions deny their claims."""
        return sum(row.polarity == Polarity.DENIED for row in self.rows)

    @property
    def forms(self) -> Mapping[str, int]:
        """How many attributions have each form, in the vocabulary's order."""
        counted = Counter(row.form for row in self.rows)
        return {form.value: counted[form.value] for form in Form}


def arrange(
    rows: Iterable[AttributionRow],
    *,
    language: str,
    lost: Iterable[tuple[str, str]] | None = None,
) -> Scene:
    """Sort, group and count rows; the same rows in any order give the same scene.

    Args:
        rows: attributions, withdrawn ones among them.
        language: the language that orders labels.
        lost: each claim with the own-voice attribution that lost its speaker, as the readings
            found them; without it, what the rows alone tell (`kg.analyse.lost`).
    """
    ordered = sorted(rows, key=_place)
    live = tuple(row for row in ordered if not row.is_withdrawn)
    outlets = _outlet_columns(live)
    if lost is None:
        found = lost_attributions(Material(base="", rows=live))
        lost = [(item.claim, item.own.iri) for item in found]
    losing: defaultdict[str, set[str]] = defaultdict(set)
    for claim, own in lost:
        losing[claim].add(own)
    lines = _lines(live, {outlet.iri: outlet for outlet in outlets}, losing, language)
    return Scene(
        rows=live,
        withdrawn=tuple(row for row in ordered if row.is_withdrawn),
        outlets=outlets,
        lines=lines,
        bands=_bands(lines, language),
    )


def narrowed(scene: Scene, lines: Iterable[Line], language: str) -> Scene:
    """Give the same scene with some of its claims alone."""
    kept = tuple(lines)
    return replace(scene, lines=kept, bands=_bands(kept, language))


def voice_of(row: AttributionRow) -> Voice:
    """Name the group a row belongs to."""
    if row.form == Form.AUTHORIAL:
        return Voice(is_outlet=True, iris=(), labels=(), slug="")
    if row.speakers:
        return Voice(is_outlet=False, iris=row.speaker_iris, labels=row.speakers, slug="")
    words = row.unresolved or row.mention
    return Voice(is_outlet=False, iris=(), labels=(words,) if words else (), slug=row.slug)


def _place(row: AttributionRow) -> tuple[str, tuple[tuple[int, int], ...], str]:
    return row.slug, row.spans, row.key


def _outlet_columns(rows: Sequence[AttributionRow]) -> tuple[OutletColumn, ...]:
    """Give one column an outlet, the known ones first, then by how much they carry."""
    first: dict[str, AttributionRow] = {}
    for row in rows:
        first.setdefault(row.outlet_iri, row)
    carried = Counter(row.outlet_iri for row in rows)
    bylines = Counter(row.byline for row in first.values() if not row.outlet_known)
    columns = [
        OutletColumn(iri, _outlet_name(row, bylines), row.outlet_known)
        for iri, row in first.items()
    ]
    return tuple(sorted(columns, key=lambda c: (not c.is_known, -carried[c.iri], c.name, c.iri)))


def _outlet_name(row: AttributionRow, bylines: Counter[str]) -> str:
    """Name an unidentified outlet by its byline, or by its slug where bylines are equal."""
    if row.outlet_known:
        return row.outlet
    if not row.byline:
        return row.slug
    return row.byline if bylines[row.byline] == 1 else f"{row.byline} ({row.slug})"


def _lines(
    rows: Sequence[AttributionRow],
    outlets: Mapping[str, OutletColumn],
    losing: Mapping[str, set[str]],
    language: str,
) -> tuple[Line, ...]:
    """Give one line a claim: those carried by several outlets first, lost attributions foremost."""
    claims: dict[str, ClaimRow] = {}
    marks: defaultdict[str, list[Mark]] = defaultdict(list)
    for row in rows:
        for claim in dict.fromkeys(row.claims):
            claims.setdefault(claim.iri, claim)
            marks[claim.iri].append(Mark(row, outlets[row.outlet_iri]))
    position = {iri: index for index, iri in enumerate(outlets)}
    lines = [
        Line(
            claim,
            tuple(sorted(marks[iri], key=lambda m: (position[m.outlet.iri], _place(m.row)))),
            frozenset(losing.get(iri, ())),
        )
        for iri, claim in claims.items()
    ]
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                -line.outlet_count,
                not line.is_lost,
                _voice_label(line),
                line.claim.label(language),
                line.claim.iri,
            ),
        )
    )


def _voice_label(line: Line) -> str:
    labels = sorted(" ".join(voice_of(m.row).labels) for m in line.marks if not m.is_own_voice)
    return labels[0] if labels else "\U0010ffff"


def _bands(lines: Sequence[Line], language: str) -> tuple[Band, ...]:
    """Group lines by voice; the outlet's own voice comes last, unidentified speakers before it."""
    grouped: defaultdict[Voice, list[Line]] = defaultdict(list)
    for line in lines:
        own = tuple(mark for mark in line.marks if mark.is_own_voice)
        spoken: defaultdict[Voice, list[Mark]] = defaultdict(list)
        for mark in line.marks:
            if not mark.is_own_voice:
                spoken[voice_of(mark.row)].append(mark)
        for voice, marks in spoken.items():
            grouped[voice].append(Line(line.claim, (*marks, *own), line.lost))
        if own and not spoken:
            grouped[voice_of(own[0].row)].append(Line(line.claim, own, line.lost))
    bands = [Band(voice, _roles(found), tuple(found)) for voice, found in grouped.items()]
    return tuple(
        sorted(
            bands,
            key=lambda band: (
                band.voice.is_outlet,
                not band.voice.iris,
                -len(band.lines),
                band.voice.labels,
                band.voice.iris,
                band.voice.slug,
                band.lines[0].claim.label(language),
            ),
        )
    )


def _roles(lines: Sequence[Line]) -> tuple[str, ...]:
    """Give the roles the texts state for the voice, the most frequent first."""
    stated = Counter(
        mark.row.role
        for line in lines
        for mark in line.marks
        if mark.row.role and not mark.is_own_voice
    )
    return tuple(sorted(stated, key=lambda role: (-stated[role], role)))
