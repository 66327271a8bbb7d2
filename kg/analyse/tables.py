"""Readings as tables: what a terminal and a spreadsheet show of each.

In: what the readings give. Out: `Sheet` values of text and numbers; the first of a reading holds
one line a result and is what CSV gives. Computes nothing that the readings did not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.analyse.candidates import Candidate
from kg.analyse.chains import OnlyThrough, Way
from kg.analyse.conflicts import Conflict
from kg.analyse.drift import Drift
from kg.analyse.material import Material
from kg.analyse.origins import OriginReading
from kg.analyse.profile import Profile, Share
from kg.analyse.reuse import ReuseReading
from kg.analyse.variants import Comparison, UtteranceVariants, VariantReading
from kg.analyse.wording import Change
from kg.graph.rows import AttributionRow

__all__ = [
    "Sheet",
    "chain_sheets",
    "conflict_sheets",
    "drift_sheets",
    "origin_sheets",
    "origins_overview",
    "profile_sheets",
    "reuse_sheets",
    "told_diff",
    "variant_sheets",
    "who",
]

Cell = str | int | float


class Sheet(NamedTuple):
    """One table with its title; `note` is a line to read below it, "" for none."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def who(row: AttributionRow) -> str:
    """Say who speaks: speakers, the words for one nobody resolved, or the outlet's own voice."""
    if row.form == "authorial":
        return f"own voice: {row.outlet or 'unidentified outlet'}"
    return " + ".join(row.speakers) or f"« {row.unresolved} »"


def told_diff(changes: Iterable[Change]) -> str:
    """Write a diff in one line: `[-dropped-]`, `{+added+}`, moved words in `⟨ ⟩`.

    >>> told_diff([Change("same", "le premier", "le premier"), Change("dropped", "vrai", "")])
    'le premier [-vrai-]'
    """
    parts = []
    for change in changes:
        if change.kind == "same":
            parts.append(change.left)
        elif change.kind == "moved":
            parts.append(f"⟨{change.left or change.right}⟩")
        else:
            parts.extend([f"[-{change.left}-]"] * bool(change.left))
            parts.extend(["{+" + change.right + "+}"] * bool(change.right))
    # Parts left out of a quote are no word of it.
    return re.sub(r"\s*\[…\]\s*", " … ", " ".join(parts)).strip()


def variant_sheets(
    material: Material, reading: VariantReading, found: Sequence[Candidate]
) -> list[Sheet]:
    """Lay out wordings side by side, then speaker drift, entailments, candidates, pairs apart."""
    columns = ("utterance", "id", "left", "right", "outlet", "difference", "claims", "judged")
    rows = [
        (
            item.label,
            _utterance_id(material, item),
            pair.left.identifier,
            pair.right.identifier,
            f"{pair.left.outlet or 'unidentified'} → {pair.right.outlet or 'unidentified'}",
            _difference(pair),
            _claims(pair),
            pair.judged,
        )
        for item in reading.utterances
        for pair in item.comparisons
    ]
    left_off = sum(item.left_off for item in reading.utterances)
    note = f"{left_off:,} further wordings are not compared; see --most-diffs" if left_off else ""
    sheets = [
        Sheet("Wordings of one utterance", columns, tuple(rows), note),
        _told_alone(material, reading.utterances),
        _drift_of_speakers(reading.utterances),
    ]
    links = tuple(
        (item.label, link.left, link.relation, link.right, link.basis)
        for item in reading.utterances
        for link in item.links
    )
    sheets.append(
        Sheet(
            "Claims that entail each other", ("utterance", "claim", "link", "claim2", "why"), links
        )
    )
    pairs = tuple(
        (item.score, _identifier(material, item.left), _identifier(material, item.right), why)
        for item in found
        for why in ["; ".join(item.reasons)]
    )
    asked = "May be one utterance: for a person to judge"
    sheets.append(Sheet(asked, ("score", "left", "right", "why"), pairs))
    apart = tuple(
        (_identifier(material, item.left), _identifier(material, item.right), item.verdict, basis)
        for item in (*reading.apart, *reading.disputed)
        for basis in ["; ".join(link.basis for link in item.links)]
    )
    sheets.append(Sheet("Kept apart, or disputed", ("left", "right", "judged", "why"), apart))
    return sheets


def _utterance_id(material: Material, item: UtteranceVariants) -> str:
    """Give what `kg variants` takes as its argument."""
    row = material.row(item.iri)
    return row.identifier if row else material.short(item.iri).removeprefix("utterance/")


def _difference(pair: Comparison) -> str:
    if pair.translated:
        return f"({pair.left.language} → {pair.right.language}) {pair.right.quote}"
    return "the same words" if pair.is_same_wording else told_diff(pair.changes)


def _claims(pair: Comparison) -> str:
    dropped = [f"− {label}" for label in pair.only_left]
    return "; ".join([*dropped, *(f"+ {label}" for label in pair.only_right)])


def _told_alone(material: Material, utterances: Iterable[UtteranceVariants]) -> Sheet:
    rows = tuple(
        (item.label, _utterance_id(material, item), row.identifier, row.quote)
        for item in utterances
        if len({row.document_iri for row in item.rows}) > 1
        for row in item.alone
    )
    columns = ("utterance", "id", "where", "words")
    return Sheet("Statements of it that no other text has", columns, rows)


def _drift_of_speakers(utterances: Iterable[UtteranceVariants]) -> Sheet:
    rows = tuple(
        (item.label, drift.kind, wording, ", ".join(identifiers))
        for item in utterances
        for drift in item.drifts
        for wording, identifiers in drift.wordings
    )
    return Sheet("How the speaker is put", ("utterance", "what", "wording", "where"), rows)


def _identifier(material: Material, iri: str) -> str:
    row = material.row(iri)
    return row.identifier if row else material.short(iri)


def origin_sheets(reading: OriginReading) -> list[Sheet]:
    """Lay out the counts, then each origin, each merge and doubt with its reason."""
    counts = (
        ("texts that report it", str(reading.texts), ""),
        ("outlets", str(reading.outlets), ", ".join(reading.attested_by)),
        ("outlet families", str(reading.families), ""),
        ("utterances", str(reading.utterances), ""),
        ("speakers who say it", str(reading.speakers), ", ".join(reading.endorsed_by)),
        ("independent origins", str(reading.independent), ""),
        ("say it in their own voice", str(len(reading.own_voice)), ", ".join(reading.own_voice)),
        ("deny it", str(len(reading.denying)), ", ".join(reading.denying)),
    )
    groups = tuple(
        (
            origin.name,
            ", ".join(origin.identifiers),
            "; ".join(_why(origin.merges)),
            "origin/" + origin.iri.rpartition("/")[2],
        )
        for origin in reading.groups
    )
    doubts = tuple((item.kind, item.left, item.right, item.text) for item in reading.doubts)
    return [
        Sheet(
            f"Origins of: {reading.claim}", ("what", "count", "which"), counts, _reading(reading)
        ),
        Sheet("One origin each", ("origin", "attributions", "because", "id"), groups),
        Sheet("What may join them", ("doubt", "left", "right", "because"), doubts),
        Sheet("Claims counted", ("claim", "label"), _ids(reading.conveying)),
    ]


def origins_overview(readings: Iterable[OriginReading]) -> list[Sheet]:
    """Lay out one line a claim with its counts."""
    columns = ("claim", "texts", "outlets", "families", "speakers", "at_least", "at_most", "id")
    rows = tuple(
        (
            item.claim,
            item.texts,
            str(item.outlets),
            str(item.families),
            str(item.speakers),
            item.independent.low,
            item.independent.high,
            item.claim_iri.rpartition("/")[2],
        )
        for item in readings
    )
    note = "kg origins CLAIM gives the reasons of one"
    return [Sheet("Independent origins of every claim", columns, rows, note)]


def _ids(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((iri.rpartition("/")[2], label) for iri, label in pairs)


def _why(merges: Iterable[object]) -> list[str]:
    return sorted({str(getattr(item, "text", "")) for item in merges})


def _reading(reading: OriginReading) -> str:
    span = reading.independent
    if not reading.texts:
        return "no text affirms it"
    if span.low == span.high:
        return f"{span} independent origin{'s' if span.high > 1 else ''}, with nothing in doubt"
    return f"at least {span.low}, at most {span.high} independent origins: each doubt says why"


def reuse_sheets(reading: ReuseReading) -> list[Sheet]:
    """Lay out clusters of shared wording, then each passage with its places, then translations."""
    clusters = tuple(
        (
            cluster.words,
            ", ".join(f"{place.text} [{place.start}–{place.end}]" for place in cluster.places),
            cluster.kind,
            cluster.evidence,
            cluster.first or "unknown",
            cluster.reason,
            "; ".join(f"{slug} credits {source}" for slug, source in cluster.credited),
        )
        for cluster in reading.clusters
    )
    passages = tuple(
        (
            item.passage.left.text,
            f"{item.passage.left.start}–{item.passage.left.end}",
            item.passage.right.text,
            f"{item.passage.right.start}–{item.passage.right.end}",
            item.passage.kind,
            item.passage.evidence,
            item.explained or "unexplained",
            item.note,
            item.left_words,
        )
        for item in reading.passages
    )
    translations = tuple(
        (item.left.identifier, item.right.identifier, "; ".join(item.claims))
        for item in reading.translations
    )
    missing = ", ".join(reading.missing)
    note = f"not compared, their text is not attached here: {missing}" if missing else ""
    columns = ("left", "at", "right", "at2", "kind", "evidence", "explained", "why", "words")
    first = ("words", "texts", "kind", "evidence", "first", "reason", "credited")
    return [
        Sheet(f"Wording that {reading.compared} texts share", first, clusters, note),
        Sheet("Passages", columns, passages),
        Sheet("One claim in two languages", ("left", "right", "claims"), translations),
    ]


def drift_sheets(material: Material, found: Iterable[Drift]) -> list[Sheet]:
    """Lay out drifts, one a line."""
    rows = tuple(
        (
            item.kind,
            item.left.identifier,
            item.right.identifier,
            item.order,
            item.note,
            _shared(material, item),
            item.left.quote,
            item.right.quote,
        )
        for item in found
    )
    columns = ("kind", "told", "drifted", "order", "what", "shared", "told_words", "drifted_words")
    return [Sheet("Drift between texts", columns, rows)]


def _shared(material: Material, item: Drift) -> str:
    """Say what both tell: one claim, or what one of them entails, or an utterance."""
    if not item.shared:
        return "one utterance"
    label = material.label(item.shared)
    if material.claim(item.shared) is None:
        return f"one utterance: {label}"
    entailing = material.entailing(item.shared).keys() - {item.shared}
    for row in (item.left, item.right):
        made = {claim.iri for claim in row.claims}
        if item.shared not in made:
            told = "; ".join(sorted(map(material.label, made & entailing)))
            return f"{label} ({row.identifier} has what entails it: {told})"
    return label


def conflict_sheets(material: Material, found: Iterable[Conflict]) -> list[Sheet]:
    """Lay out conflicts, one a line, with who stands on each side."""
    rows = tuple(
        (
            item.kind,
            material.label(item.left_claim),
            _side(item.left),
            material.label(item.right_claim),
            _side(item.right),
            item.rule,
            item.judgement,
            ", ".join(item.same_speakers),
            item.note,
        )
        for item in found
    )
    columns = (
        *("kind", "claim", "by", "against", "by2", "rule", "judgement", "same_speaker", "note"),
    )
    note = "which side holds is not said: the texts differ, that is all this shows"
    return [Sheet("Claims that cannot both hold", columns, rows, note if rows else "")]


def _side(rows: Iterable[AttributionRow]) -> str:
    return "; ".join(f"{who(row)} ({row.identifier})" for row in rows)


def chain_sheets(found: Iterable[Way], through: Iterable[OnlyThrough]) -> list[Sheet]:
    """Lay out ways from speaker to text, then what reaches us only through each link."""
    rows = tuple(
        (
            way.links,
            way.unseen,
            way.row.identifier,
            " ← ".join(
                step.label + ("" if step.seen else " (not seen)") for step in reversed(way.steps)
            ),
            f"comes back to {way.circle}" if way.circle else "",
            way.row.quote,
        )
        for way in found
    )
    only = tuple(
        (
            item.link.label,
            item.relayed,
            len(item.claims),
            "; ".join(label for _, label in item.claims),
            ", ".join(item.speakers),
        )
        for item in through
    )
    columns = ("links", "unseen", "id", "way", "circle", "quote")
    second = ("through", "attributions", "claims", "only_so", "speakers_heard_only_so")
    return [
        Sheet("From speaker to text", columns, rows),
        Sheet("Reaches us only through", second, only),
    ]


def profile_sheets(item: Profile) -> list[Sheet]:
    """Lay out a profile; the first table holds its lists of shares, one a line."""
    shares = [
        *_shares("voice", item.voices),
        *_shares("form", item.forms),
        *_shares("illocution", item.illocutions),
        *_shares("stance", item.stances),
        *_shares("reporter's modality", item.modalities),
        *_shares("", (item.unresolved, item.relayed)),
    ]
    facts = (
        ("texts", item.texts),
        ("attributions", item.attributions),
        ("quoted characters", item.characters),
        ("machine only", item.machine_only),
        ("reviewed", item.reviewed),
        ("days from utterance to publication, least", item.lag.least),
        ("… in the middle", item.lag.middle),
        ("… most", item.lag.most),
        ("attributions with both days known", item.lag.known),
        ("… not known", item.lag.unknown),
    )
    columns = ("list", "name", "attributions", "characters", "share")
    return [
        Sheet(f"Profile of {item.name}", columns, tuple(shares)),
        Sheet("Facts", ("what", "count"), facts),
        Sheet("Cues", ("cue", "stance", "attributions"), item.cues),
        Sheet("Who speaks about whom", ("who", "about", "attributions"), item.about),
        Sheet("Roles as stated", ("role", "attributions"), item.roles),
    ]


def _shares(name: str, shares: Iterable[Share]) -> list[tuple[Cell, ...]]:
    return [
        (name, share.name, share.attributions, share.characters, f"{share.share:.1%}")
        for share in shares
    ]
