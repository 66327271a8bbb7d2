"""A dossier as one self-contained HTML page: no script, no font, no address to load.

In: a `Dossier`. Out: HTML text, the same bytes for the same dossier. Every text of the collection
is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from kg.analyse import dossier_words as words
from kg.analyse.dossier import Dossier
from kg.analyse.origins import OriginReading
from kg.analyse.reuse import ReuseReading
from kg.analyse.variants import UtteranceVariants
from kg.analyse.wording import Change

__all__ = ["render_html"]


def render_html(dossier: Dossier) -> str:
    """Write the page."""
    css = files("kg.analyse").joinpath("dossier.css").read_text(encoding="utf-8")
    title = f"Dossier: {dossier.title}"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(title)}</title>",
        f"<style>\n{css}</style></head>",
        "<body><main>",
        f"<h1>{_text(dossier.title)}</h1>",
        f'<p class="soft">{dossier.kind} · <code>{_text(dossier.iri)}</code></p>',
        f"<p>{_text(words.opening(dossier))}</p>",
        *_wordings(dossier),
        *_differences(dossier.utterances),
        *_origins(dossier.origins),
        *_shared(dossier.reuse),
        *_conflicts(dossier),
        *_drifts(dossier),
        *_ways(dossier),
        *_review(dossier),
        *_verify(dossier),
        *_citations(dossier.citations),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _text(said: object) -> str:
    return escape(str(said))


def _wordings(dossier: Dossier) -> Iterator[str]:
    yield "<h2>Every wording</h2>"
    for item in dossier.wordings:
        row = item.row
        speaker, rest = words.speaker_line(dossier, item)
        before, after = words.edge(item.before, left=True), words.edge(item.after, left=False)
        yield f'<article id="{_text(row.identifier)}">'
        yield f"<p><strong>{_text(speaker)}</strong> · {_text(rest)}</p>"
        yield (
            f'<blockquote lang="{_text(row.language)}"><span class="soft">{_text(before)}</span> '
            f'<mark>{_text(row.quote)}</mark> <span class="soft">{_text(after)}</span></blockquote>'
        )
        yield f"<p><small><code>{_text(row.identifier)}</code> · {_text(words.terms_line(item))} "
        yield f"<code>{_text(row.sha256)}</code> · {_text(words.checked(item.verified))}"
        yield "</small></p></article>"


def _differences(utterances: Iterable[UtteranceVariants]) -> Iterator[str]:
    shown = list(utterances)
    if not shown:
        return
    yield "<h2>How the wordings differ</h2>"
    for item in shown:
        yield f"<h3>{_text(item.label)}</h3>"
        for pair in item.comparisons:
            yield f"<p><small>{_text(words.pair_line(pair))}</small><br>"
            yield (
                f"{_text(pair.left.quote)}<br>{_text(pair.right.quote)} "
                f"<small>{words.TRANSLATION}</small></p>"
                if pair.translated
                else f"{_diff(pair.changes)}</p>"
            )
        for drift in item.drifts:
            yield f"<p>{_text(words.name_drift_line(drift))}</p>"
        for link in item.links:
            told = f"{link.left} — {link.relation} — {link.right} ({link.basis})"
            yield f"<p>{_text(told)}</p>"


def _diff(changes: Iterable[Change]) -> str:
    parts = []
    for change in changes:
        if change.kind == "same":
            parts.append(_text(change.left))
            continue
        if change.left:
            parts.append(f"<del>{_text(change.left)}</del>")
        if change.right:
            parts.append(f"<ins>{_text(change.right)}</ins>")
    return " ".join(parts)


def _table(
    columns: Iterable[str], rows: Iterable[Iterable[object]], *, long: int = 0
) -> Iterator[str]:
    """Write a table; the last `long` columns hold addresses and hashes, which may break."""
    names = list(columns)
    yield '<div class="scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col">{_text(name)}</th>' for name in names)
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = [_text(cell) for cell in row]
        whole = len(cells) - long
        told = [*cells[:whole], *(f"<code>{cell}</code>" for cell in cells[whole:])]
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in told) + "</tr>"
    yield "</tbody></table></div>"


def _origins(readings: Iterable[OriginReading]) -> Iterator[str]:
    yield "<h2>Where it comes from</h2>"
    for item in readings:
        yield f"<h3>{_text(item.claim)}</h3>"
        yield from _table(("counted", "how many"), words.counts(item))
        yield f"<p>{words.INTERVAL}</p><ul>"
        for group in item.groups:
            yield f"<li>{_text(words.group_line(group))}</li>"
        yield "</ul>"
        if item.doubts:
            yield "<p>In doubt:</p><ul>"
            for reason in item.doubts:
                yield f"<li>{_text(f'{reason.left} / {reason.right}: {reason.text}')}</li>"
            yield "</ul>"
        if item.denying:
            yield f"<p>Denied in {_text(', '.join(item.denying))}.</p>"


def _shared(reuse: ReuseReading | None) -> Iterator[str]:
    yield "<h2>Wording the texts share</h2>"
    for cluster in reuse.clusters if reuse else ():
        yield f"<blockquote>{_text(cluster.words)}</blockquote>"
        yield f"<p><small>{_text(words.shared_line(cluster))}</small></p>"
    for note in words.shared_notes(reuse):
        yield f"<p>{_text(note)}</p>"


def _conflicts(dossier: Dossier) -> Iterator[str]:
    yield "<h2>What cannot hold beside it</h2>"
    if not dossier.conflicts:
        yield f"<p>{words.NO_CONFLICT}</p>"
        return
    cells = (words.conflict_cells(dossier, item) for item in dossier.conflicts)
    yield from _table(words.CONFLICT_COLUMNS, cells)


def _drifts(dossier: Dossier) -> Iterator[str]:
    if not dossier.drifts:
        return
    yield "<h2>What was lost or gained on the way</h2><ul>"
    for item in dossier.drifts:
        yield f"<li>{_text(words.drift_line(item))}</li>"
    yield "</ul>"


def _ways(dossier: Dossier) -> Iterator[str]:
    if not dossier.ways:
        return
    yield "<h2>How it reached the texts</h2><ul>"
    for way in dossier.ways:
        yield f"<li>{_text(words.way_line(way))}</li>"
    yield "</ul>"


def _review(dossier: Dossier) -> Iterator[str]:
    yield "<h2>Who has looked at it</h2>"
    people, nobody = words.review_lines(dossier)
    yield f"<p>{_text(people)}<br>{_text(nobody)}</p>"


def _verify(dossier: Dossier) -> Iterator[str]:
    yield "<h2>Check it yourself</h2>"
    yield f"<p>{words.CHECK}</p>"
    yield f"<pre>{_text(words.COMMANDS)}</pre>"
    yield "<p>Or, with the collection: <code>kg attach FOLDER</code>, then "
    yield "<code>kg verify</code>. The texts:</p>"
    rows = [
        (item.slug, item.outlet or "unidentified outlet", item.title, item.url, item.sha256)
        for item in dossier.documents
    ]
    yield from _table(("text", "outlet", "title", "address", "SHA-256"), rows, long=2)


def _citations(citations: Iterable[str]) -> Iterator[str]:
    entries = list(citations)
    if entries:
        yield "<h2>To cite the texts</h2>"
        yield f"<pre>{_text(chr(10).join(entries))}</pre>"
