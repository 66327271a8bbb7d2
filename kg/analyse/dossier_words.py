"""The lines of a dossier that the page and the Markdown share: what is told, not how it is marked.

In: parts of a `Dossier`. Out: plain text, escaped nowhere: each writer escapes what it puts down.
What stands here is told alike in both, so that neither says more than the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.analyse.chains import Way
from kg.analyse.conflicts import Conflict
from kg.analyse.dossier import Dossier, Wording
from kg.analyse.drift import Drift
from kg.analyse.origins import Origin, OriginReading
from kg.analyse.reuse import Cluster, ReuseReading
from kg.analyse.tables import who
from kg.analyse.variants import Comparison, NameDrift

__all__ = [
    "CHECK",
    "COMMANDS",
    "CONFLICT_COLUMNS",
    "INTERVAL",
    "NO_CONFLICT",
    "TRANSLATION",
    "checked",
    "conflict_cells",
    "counts",
    "drift_line",
    "edge",
    "group_line",
    "name_drift_line",
    "opening",
    "pair_line",
    "review_lines",
    "shared_line",
    "shared_notes",
    "speaker_line",
    "terms_line",
    "way_line",
]

TRANSLATION = "(a translation: no word-by-word comparison)"
INTERVAL = (
    "Texts that report one person are not several origins. Where the data leave it open, two "
    "numbers stand: at least, at most."
)
NO_CONFLICT = "Nothing in the collection conflicts with it."
CONFLICT_COLUMNS = ("kind", "one side", "by", "other side", "by", "why")
CHECK = (
    "Get each text as it was published, compare its SHA-256, and read the characters at the "
    "offsets above (code points, the first is 0, the last is not included):"
)
COMMANDS = (
    "sha256sum TEXT.txt\n"
    "python3 -c 'import sys; print(open(sys.argv[1], "
    'encoding="utf-8", newline="").read()[int(sys.argv[2]):int(sys.argv[3])])\' '
    "TEXT.txt START END"
)


def opening(dossier: Dossier) -> str:
    """Say how much there is, and what is not said."""
    texts = len(dossier.documents)
    count = len(dossier.wordings)
    return (
        f"{count} attribution{'s' * (count != 1)} in {texts} text{'s' * (texts != 1)}. "
        "This page shows who said it, in which words, where those words stand and how far they go "
        "back to one origin. It does not say whether it is so."
    )


def speaker_line(dossier: Dossier, item: Wording) -> tuple[str, str]:
    """Give who speaks, in which role, and then what is denied and where it was printed."""
    row = item.row
    speaker = who(row) + (f", {row.role}" if row.role else "")
    claims = "; ".join(f"« {dossier.label(claim.iri)} »" for claim in row.claims) or "it"
    denied = [f"denies {claims}"] if row.polarity == "denied" else []
    rest = (*denied, row.outlet or "unidentified outlet", row.published or "date unknown")
    return speaker, " · ".join(rest)


def terms_line(item: Wording) -> str:
    """Tell how it is said, through whom, and in which characters."""
    row = item.row
    places = ", ".join(f"{start}–{end}" for start, end in row.spans) or "not anchored"
    told = [row.form, row.polarity, f"speaker {row.modality}, reporter {row.reporter_modality}"]
    if row.chain:
        told.append(f"through {' ← '.join(row.chain)}")
    told.append(f"characters {places} of the text with SHA-256")
    return " · ".join(told)


def checked(verified: str) -> str:
    """Say whether the bytes of this machine have the words."""
    return {
        "verified": "checked here against the bytes",
        "differs": "the bytes here DIFFER from the quote",
        "not held": "not checked: the text is not on this machine",
    }[verified]


def edge(words: str, *, left: bool) -> str:
    """Give the words before or after a quote on one line; "" where the text is not held."""
    if not words:
        return ""
    flat = re.sub(r"\s+", " ", words)
    return f"…{flat.lstrip()}" if left else f"{flat.rstrip()}…"


def pair_line(pair: Comparison) -> str:
    """Name two wordings and what was judged of them."""
    judged = f" · {pair.judged}: {pair.basis}" if pair.judged else ""
    return f"{pair.left.identifier} → {pair.right.identifier}{judged}"


def name_drift_line(drift: NameDrift) -> str:
    """List how one thing about the speaker is put, and where."""
    said = "; ".join(f"« {words} » ({', '.join(names)})" for words, names in drift.wordings)
    return f"{drift.kind}: {said}"


def counts(item: OriginReading) -> list[tuple[str, object]]:
    """Count what a claim rests on."""
    return [
        ("texts", item.texts),
        ("outlets", item.outlets),
        ("outlet families", item.families),
        ("utterances", item.utterances),
        ("speakers who say it", item.speakers),
        ("independent origins", item.independent),
    ]


def group_line(group: Origin) -> str:
    """Name one origin, who goes back to it, and why."""
    because = "; ".join(sorted({reason.text for reason in group.merges}))
    return f"{group.name}: {', '.join(group.identifiers)}" + (f" — {because}" if because else "")


def shared_notes(reuse: ReuseReading | None) -> Iterator[str]:
    """Say what was not looked for, not found or not compared."""
    if reuse is None:
        yield "Not looked for: the texts are not on this machine."
        return
    if not reuse.clusters:
        yield f"None found between these texts ({reuse.compared} texts compared)."
    if reuse.missing:
        yield f"Not compared, text not held: {', '.join(reuse.missing)}."


def shared_line(cluster: Cluster) -> str:
    """Say where shared words stand, and which text had them first."""
    texts = ", ".join(f"{place.text} {place.start}–{place.end}" for place in cluster.places)
    return f"{texts} · first: {cluster.first or 'unknown'} ({cluster.reason})"


def conflict_cells(dossier: Dossier, item: Conflict) -> tuple[str, ...]:
    """Lay out a conflict under `CONFLICT_COLUMNS`."""
    return (
        item.kind,
        dossier.label(item.left_claim),
        "; ".join(f"{who(row)} ({row.identifier})" for row in item.left),
        dossier.label(item.right_claim),
        "; ".join(f"{who(row)} ({row.identifier})" for row in item.right),
        item.note or item.rule,
    )


def drift_line(item: Drift) -> str:
    """Tell a drift with the two attributions it stands between."""
    pair = f"{item.left.identifier} → {item.right.identifier}"
    return f"{item.kind} ({item.order}), {pair}: {item.note}"


def way_line(way: Way) -> str:
    """Tell a way from the speaker to the text, with what nobody has seen."""
    steps = " ← ".join(
        step.label + ("" if step.seen else " (not seen)") for step in reversed(way.steps)
    )
    return f"{way.row.identifier}: {steps}"


def review_lines(dossier: Dossier) -> tuple[str, str]:
    """Say what people looked at, and what nobody did."""
    return (
        f"Accepted or edited in review: {', '.join(dossier.reviewed) or 'none'}.",
        f"Not reviewed by anyone yet: {', '.join(dossier.machine_only) or 'none'}.",
    )
