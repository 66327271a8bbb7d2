"""A dossier as Markdown, for a wiki, a ticket or a notebook.

In: a `Dossier`. Out: CommonMark text with the same content and order as the page.
Marks of Markdown that stand in a text of the collection are escaped, so that words stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.analyse.dossier import Dossier
from kg.analyse.origins import OriginReading
from kg.analyse.tables import told_diff, who

__all__ = ["render_markdown"]

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


def render_markdown(dossier: Dossier) -> str:
    """Write the dossier."""
    count = f"{len(dossier.wordings)} attributions in {len(dossier.documents)} texts"
    lines = [
        f"# {_text(dossier.title)}",
        "",
        f"{dossier.kind} `{dossier.iri}`",
        "",
        f"{count}. Whether it is so is not said here.",
        *_wordings(dossier),
        *_differences(dossier),
        *_origins(dossier.origins),
        *_rest(dossier),
        *_verify(dossier),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _text(words: object) -> str:
    return _MARKS.sub(r"\\\1", " ".join(str(words).split()))


def _wordings(dossier: Dossier) -> Iterator[str]:
    yield from ("", "## Every wording")
    for item in dossier.wordings:
        row = item.row
        places = ", ".join(f"{start}–{end}" for start, end in row.spans) or "not anchored"
        outlet = row.outlet or "unidentified outlet"
        yield ""
        yield f"- **{_text(who(row))}**, {_text(outlet)}, {_text(row.published or 'date unknown')}:"
        yield f"  > {_text(row.quote)}"
        yield ""
        yield f"  `{row.identifier}` · {row.form} · characters {places} · sha256 `{row.sha256}`"
        yield f"  · {item.verified}"


def _differences(dossier: Dossier) -> Iterator[str]:
    if dossier.utterances:
        yield from ("", "## How the wordings differ")
    for item in dossier.utterances:
        yield from ("", f"### {_text(item.label)}", "")
        for pair in item.comparisons:
            told = "a translation" if pair.translated else _text(told_diff(pair.changes))
            yield f"- `{pair.left.identifier}` → `{pair.right.identifier}`: {told}"
        for drift in item.drifts:
            said = "; ".join(f"« {words} » ({', '.join(names)})" for words, names in drift.wordings)
            yield f"- {drift.kind}: {_text(said)}"


def _origins(readings: Iterable[OriginReading]) -> Iterator[str]:
    yield from ("", "## Where it comes from")
    for item in readings:
        yield from ("", f"### {_text(item.claim)}", "")
        yield f"- texts {item.texts}, outlets {item.outlets}, families {item.families}"
        yield f"- utterances {item.utterances}, speakers {item.speakers}"
        yield f"- independent origins: **{item.independent}**"
        for group in item.groups:
            because = "; ".join(sorted({reason.text for reason in group.merges}))
            names = f"{group.name}: {', '.join(group.identifiers)}"
            yield f"  - {_text(names)}{_text(f' — {because}' if because else '')}"
        for reason in item.doubts:
            yield f"  - in doubt: {_text(f'{reason.left} / {reason.right}: {reason.text}')}"


def _rest(dossier: Dossier) -> Iterator[str]:
    if dossier.conflicts:
        yield from ("", "## What cannot hold beside it", "")
        for item in dossier.conflicts:
            left, right = dossier.label(item.left_claim), dossier.label(item.right_claim)
            yield f"- {item.kind}: {_text(left)} / {_text(right)} ({_text(item.note or item.rule)})"
    if dossier.drifts:
        yield from ("", "## What was lost or gained on the way", "")
        for drift in dossier.drifts:
            yield f"- {drift.kind} ({drift.order}): {_text(drift.note)}"
    if dossier.reuse and dossier.reuse.clusters:
        yield from ("", "## Wording the texts share", "")
        for cluster in dossier.reuse.clusters:
            texts = ", ".join(place.text for place in cluster.places)
            yield f"- {_text(cluster.words)} — {_text(texts)}; first: {cluster.first or 'unknown'}"
    yield from ("", "## Who has looked at it", "")
    yield f"- reviewed: {', '.join(dossier.reviewed) or 'none'}"
    yield f"- not reviewed yet: {', '.join(dossier.machine_only) or 'none'}"


def _verify(dossier: Dossier) -> Iterator[str]:
    yield from ("", "## Check it yourself", "")
    yield "Compare the SHA-256 of each text and read the characters at the offsets above,"
    yield "or run `kg attach FOLDER` and `kg verify`."
    yield ""
    for item in dossier.documents:
        outlet = item.outlet or "unidentified outlet"
        yield f"- `{item.slug}` {_text(item.title)}, {_text(outlet)}: `{item.sha256}`"
    if dossier.citations:
        yield from ("", "## To cite the texts", "", "```bibtex")
        yield from dossier.citations
        yield "```"
