"""Reads a news feed, RSS or Atom: one article for each entry, with its title, time and author.

In: the bytes of a feed. Out: articles; an entry without text is a fault. Nothing is fetched:
where a feed holds summaries only, the article is the summary, and a warning says so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from kg.errors import IntakeError
from kg.intake.formats.article import Article, Fault, Source, need
from kg.intake.formats.decoding import without_surrogates

__all__ = ["fragment_text", "read_feed"]

_MOST_ENTRIES = 5_000
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_BLOCKS = frozenset(
    {"p", "div", "br", "hr", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
    | {"table", "tr", "section", "article", "figure"}
)
_SILENT = frozenset({"script", "style", "template", "noscript"})


def read_feed(source: Source) -> Iterator[Article | Fault]:
    """Yield one article for each entry that has text.

    Raises:
        IntakeError: the feed defines entities (a feed bomb does), or is no feed.
        ExtraMissingError: feedparser is not installed.
    """
    raw = source.read()
    if _ENTITY.search(raw):
        raise IntakeError(
            f"{source.place}: the feed defines its own entities, as feed bombs do; it is not read"
        )
    library = need("feedparser", "Reading news feeds (RSS, Atom)")
    try:
        feed = library.parse(io.BytesIO(raw), sanitize_html=True, resolve_relative_uris=False)
    except (ValueError, TypeError, AttributeError, RecursionError, LookupError) as error:
        raise IntakeError(f"{source.place}: this feed cannot be read: {error}") from error
    if not feed.entries:
        raise IntakeError(f"{source.place}: no entry in this feed; is it RSS or Atom?")
    if feed.get("bozo"):
        reason = " ".join(str(feed.get("bozo_exception", "")).split())[:100]
        yield Fault(source.place, "cut-short", f"the feed is faulty or cut short ({reason})")
    for number, entry in enumerate(feed.entries[:_MOST_ENTRIES], start=1):
        yield _entry(entry, feed.feed, source, number, f"feedparser {library.__version__}")
    if len(feed.entries) > _MOST_ENTRIES:
        yield Fault(source.place, "too-many", f"only the first {_MOST_ENTRIES:,} entries are read")


def fragment_text(markup: str) -> str:
    """Give the text of a piece of HTML, one line for each block."""
    parser = _Fragment()
    parser.feed(markup)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _entry(
    entry: Mapping[str, object],
    feed: Mapping[str, object],
    source: Source,
    number: int,
    reader: str,
) -> Article | Fault:
    place = f"{source.place}#{number}"
    contents = entry.get("content")
    bodies = [str(item.get("value", "")) for item in contents] if isinstance(contents, list) else []
    summary = str(entry.get("summary", ""))
    markup = max([*bodies, summary], key=len)
    text = without_surrogates(fragment_text(markup))
    title = _line(fragment_text(str(entry.get("title", ""))))
    if not text:
        return Fault(place, "no-text", f"the entry “{title[:60]}” has no text")
    link = str(entry.get("link", ""))
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    day = ""
    if isinstance(stamp, tuple) and len(stamp) >= 3:
        day = f"{stamp[0]:04d}-{stamp[1]:02d}-{stamp[2]:02d}"
    said = str(entry.get("published") or entry.get("updated") or "")
    return Article(
        place=place,
        name=title or f"{source.name}-{number}",
        text=text,
        raw=markup.encode("utf-8", "replace"),
        extractor=f"{reader} (fragment text, 1)",
        format="feed",
        title=title,
        byline=_line(str(entry.get("author", ""))),
        outlet=_line(str(feed.get("title", ""))),
        published=day,
        published_basis=f"the feed says {said}" if day else "",
        language=str(entry.get("language") or feed.get("language") or "").lower()[:2],
        url=link if link.startswith(("https://", "http://")) and " " not in link else "",
        warnings=() if bodies else ("the feed holds a summary only, not the article",),
    )


def _line(text: str) -> str:
    return " ".join(without_surrogates(text).split())[:300]


class _Fragment(HTMLParser):
    """Collects characters, a newline at each block, nothing from scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block or a silent stretch."""
        del attrs
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a block or a silent stretch."""
        self.silent = max(0, self.silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep characters outside silent stretches; line breaks of the source are blanks."""
        if not self.silent:
            self.parts.append(data.replace("\n", " "))
