"""Profiles: how an outlet, a speaker or the whole collection reports, in plain counts.

In: `Material`, and the outlet or speaker to look at. Out: a `Profile`: share of voice by quoted
characters, forms, cue verbs with their stance, who speaks about whom, the share that nobody could
resolve, and the days from utterance to publication. Counts describe; none of them is a grade.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from kg.analyse.material import Material
from kg.analyse.wording import fold
from kg.graph.rows import AttributionRow

__all__ = ["Lag", "Profile", "Share", "profile"]


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """One line of a profile: a name, how many attributions, how many quoted characters.

    `share` is the part of all quoted characters of the profile, from 0 to 1.
    """

    name: str
    attributions: int
    characters: int
    share: float


@dataclass(frozen=True, slots=True)
class Lag:
    """Days from utterance to publication, of the attributions whose both days are known."""

    known: int
    unknown: int
    least: int
    middle: float
    most: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What one outlet, speaker or collection looks like; every list is most first.

    `voices` are speakers (for a speaker: the outlets that carry the voice); `about` pairs who
    speaks with what is spoken about; `cues` names each cue with its stance.
    """

    kind: str
    name: str
    texts: int
    attributions: int
    characters: int
    voices: tuple[Share, ...]
    forms: tuple[Share, ...]
    illocutions: tuple[Share, ...]
    stances: tuple[Share, ...]
    modalities: tuple[Share, ...]
    cues: tuple[tuple[str, str, int], ...]
    about: tuple[tuple[str, str, int], ...]
    roles: tuple[tuple[str, int], ...]
    unresolved: Share
    relayed: Share
    lag: Lag
    machine_only: int
    reviewed: int


def profile(material: Material, kind: str = "collection", iri: str = "") -> Profile:
    """Profile the collection, or the outlet or speaker with this IRI."""
    if kind == "outlet":
        rows = [row for row in material.rows if row.outlet_iri == iri]
    elif kind == "speaker":
        rows = [row for row in material.rows if iri in row.speaker_iris and row.form != "authorial"]
    else:
        rows = list(material.rows)
    total = sum(_size(row) for row in rows)
    shares = _Sharer(total)
    nobody = [row for row in rows if not row.speaker_iris and row.form != "authorial"]
    return Profile(
        kind=kind,
        name=material.label(iri) if iri else "the whole collection",
        texts=len({row.document_iri for row in rows}),
        attributions=len(rows),
        characters=total,
        voices=shares.by(rows, _outlet_name if kind == "speaker" else _voice),
        forms=shares.by(rows, lambda row: row.form),
        illocutions=shares.by(rows, lambda row: row.illocution),
        stances=shares.by((row for row in rows if row.cue), lambda row: row.stance),
        modalities=shares.by(rows, lambda row: row.reporter_modality),
        cues=_cues(rows),
        about=_about(material, rows),
        roles=_counted(row.role for row in rows if row.role),
        unresolved=shares.one("speaker not resolved", nobody),
        relayed=shares.one("relayed", [row for row in rows if row.chain_iris]),
        lag=_lag(material, rows),
        machine_only=sum(row.review_status in ("machine-only", "unreviewed", "") for row in rows),
        reviewed=sum(row.review_status in ("accepted", "edited") for row in rows),
    )


def _size(row: AttributionRow) -> int:
    return sum(end - start for start, end in row.spans) or len(row.quote)


def _voice(row: AttributionRow) -> str:
    if row.form == "authorial":
        return f"own voice: {row.outlet or 'unidentified outlet'}"
    return " + ".join(row.speakers) or "not resolved"


def _outlet_name(row: AttributionRow) -> str:
    return row.outlet or f"unidentified outlet ({row.slug})"


@dataclass(frozen=True, slots=True)
class _Sharer:
    total: int

    def one(self, name: str, rows: Sequence[AttributionRow]) -> Share:
        characters = sum(map(_size, rows))
        part = characters / self.total if self.total else 0.0
        return Share(name, len(rows), characters, round(part, 4))

    def by(
        self, rows: Iterable[AttributionRow], name: Callable[[AttributionRow], str]
    ) -> tuple[Share, ...]:
        groups: defaultdict[str, list[AttributionRow]] = defaultdict(list)
        for row in rows:
            groups[name(row)].append(row)
        found = [self.one(key, members) for key, members in groups.items()]
        return tuple(sorted(found, key=lambda item: (-item.characters, item.name)))


def _cues(rows: Iterable[AttributionRow]) -> tuple[tuple[str, str, int], ...]:
    counts: Counter[tuple[str, str]] = Counter()
    spelled: dict[str, str] = {}
    for row in rows:
        if row.cue:
            key = fold(row.cue)
            spelled[key] = min(spelled.get(key, row.cue), row.cue)
            counts[key, row.stance] += 1
    found = [(spelled[key], stance, count) for (key, stance), count in counts.items()]
    return tuple(sorted(found, key=lambda item: (-item[2], item[0], item[1])))


def _about(material: Material, rows: Iterable[AttributionRow]) -> tuple[tuple[str, str, int], ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        subjects = {claim.subject_iri for claim in row.claims}
        for subject in subjects - set(row.speaker_iris):
            counts[_voice(row), material.label(subject)] += 1
    found = [(who, whom, count) for (who, whom), count in counts.items()]
    return tuple(sorted(found, key=lambda item: (-item[2], item[0], item[1])))


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _lag(material: Material, rows: Sequence[AttributionRow]) -> Lag:
    """Count days from the utterance's last day to the text's first; both must be single days."""
    days = []
    spoken = [row for row in rows if row.form != "authorial"]
    for row in spoken:
        told = material.utterances.get(row.utterance_iri)
        out = material.published(row)
        if told and told.earliest == told.latest != "" and out[0] == out[1] != "":
            days.append((date.fromisoformat(out[0]) - date.fromisoformat(told.latest)).days)
    if not days:
        return Lag(0, len(spoken), 0, 0.0, 0)
    return Lag(len(days), len(spoken) - len(days), min(days), float(median(days)), max(days))
