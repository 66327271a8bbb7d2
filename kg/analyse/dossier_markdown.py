"""A dossier as Markdown, for a wiki, a ticket or a notebook.

In: a `Dossier`. Out: CommonMark text with the same content and order as the page.
Marks of Markdown that stand in a text of the collection are escaped, so that words stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.analyse import dossier_words as words
from kg.analyse.dossier import Dossier
from kg.analyse.origins import OriginReading
from kg.analyse.reuse import ReuseReading
from kg.analyse.tables import told_diff
from kg.analyse.variants import UtteranceVariants

__all__ = ["render_markdown"]

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


def render_markdown(dossier: Dossier) -> str:
    """Write the dossier."""
    lines = [
        f"# {_text(dossier.title)}",
        "",
        f"{dossier.kind} · `{dossier.iri}`",
        "",
        words.opening(dossier),
        *_wordings(dossier),
        *_differences(dossier.utterances),
        *_origins(dossier.origins),
        *_shared(dossier.reuse),
        *_conflicts(dossier),
        *_list("What was lost or gained on the way", map(words.drift_line, dossier.drifts)),
        *_list("How it reached the texts", map(words.way_line, dossier.ways)),
        *_list("Who has looked at it", words.review_lines(dossier)),
        *_verify(dossier),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _text(said: object) -> str:
    return _MARKS.sub(r"\\\1", " ".join(str(said).split()))


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Write a section of one list; none where there is nothing to list."""
    found = [f"- {_text(line)}" for line in lines]
    if found:
        yield from ("", f"## {title}", "", *found)


def _wordings(dossier: Dossier) -> Iterator[str]:
    yield from ("", "## Every wording")
    for item in dossier.wordings:
        row = item.row
        speaker, rest = words.speaker_line(dossier, item)
        before, after = words.edge(item.before, left=True), words.edge(item.after, left=False)
        quote = " ".join(
            part
            for part in (_text(before), f"**{_text(row.quote)}**", _text(after))
            if part.strip("*")
        )
        yield ""
        yield f"- **{_text(speaker)}** · {_text(rest)}"
        yield ""
        yield f"  > {quote}"
        yield ""
        yield f"  `{row.identifier}` · {_text(words.terms_line(item))}"
        yield f"  `{row.sha256}` · {words.checked(item.verified)}"


def _differences(utterances: Iterable[UtteranceVariants]) -> Iterator[str]:
    shown = list(utterances)
    if shown:
        yield from ("", "## How the wordings differ")
    for item in shown:
        yield from ("", f"### {_text(item.label)}", "")
        for pair in item.comparisons:
            told = (
                f"{pair.left.quote} / {pair.right.quote} {words.TRANSLATION}"
                if pair.translated
                else told_diff(pair.changes)
            )
            yield f"- {_text(words.pair_line(pair))}: {_text(told)}"
        for drift in item.drifts:
            yield f"- {_text(words.name_drift_line(drift))}"
        for link in item.links:
            yield f"- {_text(f'{link.left} — {link.relation} — {link.right} ({link.basis})')}"


def _origins(readings: Iterable[OriginReading]) -> Iterator[str]:
    yield from ("", "## Where it comes from")
    for item in readings:
        yield from ("", f"### {_text(item.claim)}", "")
        yield from _table(("counted", "how many"), words.counts(item))
        yield from ("", words.INTERVAL, "")
        for group in item.groups:
            yield f"- {_text(words.group_line(group))}"
        if item.doubts:
            yield from ("", "In doubt:", "")
            for reason in item.doubts:
                yield f"- {_text(f'{reason.left} / {reason.right}: {reason.text}')}"
        if item.denying:
            yield from ("", f"Denied in {_text(', '.join(item.denying))}.")


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = list(columns)
    yield f"| {' | '.join(names)} |"
    yield f"|{' --- |' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(_text(cell) for cell in row)} |"


def _shared(reuse: ReuseReading | None) -> Iterator[str]:
    yield from ("", "## Wording the texts share")
    for cluster in reuse.clusters if reuse else ():
        yield from ("", f"> {_text(cluster.words)}", "", _text(words.shared_line(cluster)))
    for note in words.shared_notes(reuse):
        yield from ("", _text(note))


def _conflicts(dossier: Dossier) -> Iterator[str]:
    yield from ("", "## What cannot hold beside it", "")
    if dossier.conflicts:
        cells = (words.conflict_cells(dossier, item) for item in dossier.conflicts)
        yield from _table(words.CONFLICT_COLUMNS, cells)
    else:
        yield words.NO_CONFLICT


def _verify(dossier: Dossier) -> Iterator[str]:
    yield from ("", "## Check it yourself", "", words.CHECK, "")
    yield from ("```sh", words.COMMANDS, "```", "")
    yield "Or, with the collection: `kg attach FOLDER`, then `kg verify`. The texts:"
    yield ""
    rows = (
        (item.slug, item.outlet or "unidentified outlet", item.title, item.url, item.sha256)
        for item in dossier.documents
    )
    yield from _table(("text", "outlet", "title", "address", "SHA-256"), rows)
    if dossier.citations:
        yield from ("", "## To cite the texts", "", "```bibtex", *dossier.citations, "```")
