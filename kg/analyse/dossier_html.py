"""A dossier as one self-contained HTML page: no script, no font, no address to load.

In: a `Dossier`. Out: HTML text, the same bytes for the same dossier. Every text of the collection
is escaped here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from kg.analyse.dossier import Dossier, Wording
from kg.analyse.origins import OriginReading
from kg.analyse.reuse import ReuseReading
from kg.analyse.tables import who
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
        f"<p>{_text(_opening(dossier))}</p>",
        *_wordings(dossier.wordings),
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


def _text(words: object) -> str:
    return escape(str(words))


def _opening(dossier: Dossier) -> str:
    texts = len(dossier.documents)
    count = len(dossier.wordings)
    return (
        f"{count} attribution{'s' * (count != 1)} in {texts} text{'s' * (texts != 1)}. "
        "This page shows who said it, in which words, where those words stand and how far they go "
        "back to one origin. It does not say whether it is so."
    )


def _wordings(wordings: Iterable[Wording]) -> Iterator[str]:
    yield "<h2>Every wording</h2>"
    for item in wordings:
        row = item.row
        places = ", ".join(f"{start}–{end}" for start, end in row.spans) or "not anchored"
        outlet = row.outlet or "unidentified outlet"
        role = f", {row.role}" if row.role else ""
        through = f" · through {' ← '.join(row.chain)}" if row.chain else ""
        denied = " · denied" if row.polarity == "denied" else ""
        yield f'<article id="{_text(row.identifier)}">'
        yield f"<p><strong>{_text(who(row) + role)}</strong> · {_text(outlet)}"
        yield f' · <span class="soft">{_text(row.published or "date unknown")}</span></p>'
        before, after = _edge(item.before, left=True), _edge(item.after, left=False)
        yield (
            f'<blockquote lang="{_text(row.language)}"><span class="soft">{_text(before)}</span>'
            f'<mark>{_text(row.quote)}</mark><span class="soft">{_text(after)}</span></blockquote>'
        )
        yield f"<p><small><code>{_text(row.identifier)}</code> · {_text(row.form)}"
        yield f" · speaker {_text(row.modality)}, reporter {_text(row.reporter_modality)}"
        yield f"{_text(denied + through)}<br>characters {places} of the text with SHA-256 "
        yield f"<code>{_text(row.sha256)}</code> · {_text(_checked(item.verified))}</small></p>"
        yield "</article>"


def _edge(words: str, *, left: bool) -> str:
    if not words:
        return ""
    flat = re.sub(r"\s+", " ", words)
    return f"…{flat.lstrip()}" if left else f"{flat.rstrip()}…"


def _checked(verified: str) -> str:
    return {
        "verified": "checked here against the bytes",
        "differs": "the bytes here DIFFER from the quote",
        "not held": "not checked: the text is not on this machine",
    }[verified]


def _differences(utterances: Iterable[UtteranceVariants]) -> Iterator[str]:
    shown = list(utterances)
    if not shown:
        return
    yield "<h2>How the wordings differ</h2>"
    for item in shown:
        yield f"<h3>{_text(item.label)}</h3>"
        for pair in item.comparisons:
            head = f"{pair.left.identifier} → {pair.right.identifier}"
            judged = f" · {pair.judged}: {pair.basis}" if pair.judged else ""
            yield f"<p><small>{_text(head + judged)}</small><br>"
            yield (
                f"{_text(pair.left.quote)}<br>{_text(pair.right.quote)} <small>(a translation: "
                "no word-by-word comparison)</small></p>"
                if pair.translated
                else f"{_diff(pair.changes)}</p>"
            )
        for drift in item.drifts:
            said = "; ".join(f"« {words} » ({', '.join(names)})" for words, names in drift.wordings)
            yield f"<p>{_text(drift.kind)}: {_text(said)}</p>"
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


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield '<div class="scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col">{_text(name)}</th>' for name in columns)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table></div>"


def _origins(readings: Iterable[OriginReading]) -> Iterator[str]:
    yield "<h2>Where it comes from</h2>"
    for item in readings:
        yield f"<h3>{_text(item.claim)}</h3>"
        counts = [
            ("texts", item.texts),
            ("outlets", item.outlets),
            ("outlet families", item.families),
            ("utterances", item.utterances),
            ("speakers who say it", item.speakers),
            ("independent origins", item.independent),
        ]
        yield from _table(("counted", "how many"), counts)
        yield "<p>Texts that report one person are not several origins. Where the data leave it "
        yield "open, two numbers stand: at least, at most.</p><ul>"
        for group in item.groups:
            because = "; ".join(sorted({reason.text for reason in group.merges}))
            names = f"{group.name}: {', '.join(group.identifiers)}"
            yield f"<li>{_text(names)}{_text(f' — {because}' if because else '')}</li>"
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
    if reuse is None:
        yield "<p>Not looked for: the texts are not on this machine.</p>"
        return
    if not reuse.clusters:
        yield f"<p>None found between these texts ({reuse.compared} texts compared).</p>"
    for cluster in reuse.clusters:
        texts = ", ".join(f"{place.text} {place.start}–{place.end}" for place in cluster.places)
        told = f"{texts} · first: {cluster.first or 'unknown'} ({cluster.reason})"
        yield f"<blockquote>{_text(cluster.words)}</blockquote>"
        yield f"<p><small>{_text(told)}</small></p>"
    if reuse.missing:
        yield f"<p>Not compared, text not held: {_text(', '.join(reuse.missing))}.</p>"


def _conflicts(dossier: Dossier) -> Iterator[str]:
    yield "<h2>What cannot hold beside it</h2>"
    if not dossier.conflicts:
        yield "<p>Nothing in the collection conflicts with it.</p>"
        return
    rows = [
        (
            item.kind,
            dossier.label(item.left_claim),
            "; ".join(f"{who(row)} ({row.identifier})" for row in item.left),
            dossier.label(item.right_claim),
            "; ".join(f"{who(row)} ({row.identifier})" for row in item.right),
            item.note or item.rule,
        )
        for item in dossier.conflicts
    ]
    yield from _table(("kind", "one side", "by", "other side", "by", "why"), rows)


def _drifts(dossier: Dossier) -> Iterator[str]:
    if not dossier.drifts:
        return
    yield "<h2>What was lost or gained on the way</h2><ul>"
    for item in dossier.drifts:
        yield f"<li>{_text(f'{item.kind} ({item.order}): {item.note}')}</li>"
    yield "</ul>"


def _ways(dossier: Dossier) -> Iterator[str]:
    if not dossier.ways:
        return
    yield "<h2>How it reached the texts</h2><ul>"
    for way in dossier.ways:
        steps = " ← ".join(
            step.label + ("" if step.seen else " (not seen)") for step in reversed(way.steps)
        )
        yield f"<li>{_text(f'{way.row.identifier}: {steps}')}</li>"
    yield "</ul>"


def _review(dossier: Dossier) -> Iterator[str]:
    yield "<h2>Who has looked at it</h2>"
    machine = ", ".join(dossier.machine_only) or "none"
    people = ", ".join(dossier.reviewed) or "none"
    yield f"<p>Accepted or edited in review: {_text(people)}.<br>"
    yield f"Not reviewed by anyone yet: {_text(machine)}.</p>"


def _verify(dossier: Dossier) -> Iterator[str]:
    yield "<h2>Check it yourself</h2>"
    yield "<p>Get each text as it was published, compare its SHA-256, and read the characters at "
    yield "the offsets above (code points, the first is 0, the last is not included):</p>"
    yield "<pre>sha256sum TEXT.txt\npython3 -c 'import sys; print(open(sys.argv[1], "
    yield 'encoding="utf-8", newline="").read()[int(sys.argv[2]):int(sys.argv[3])])\' '
    yield "TEXT.txt START END</pre>"
    yield "<p>Or, with the collection: <code>kg attach FOLDER</code>, then "
    yield "<code>kg verify</code>. The texts:</p>"
    rows = [
        (item.slug, item.outlet or "unidentified outlet", item.title, item.url, item.sha256)
        for item in dossier.documents
    ]
    yield from _table(("text", "outlet", "title", "address", "SHA-256"), rows)


def _citations(citations: Iterable[str]) -> Iterator[str]:
    entries = list(citations)
    if entries:
        yield "<h2>To cite the texts</h2>"
        yield f"<pre>{_text(chr(10).join(entries))}</pre>"
