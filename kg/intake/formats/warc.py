"""Reads a web archive: the pages it holds, one article each, with address and time of capture.

In: a WARC file, gzipped or not. Out: articles as they come, and a fault where the file is cut.
"""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from collections.abc import Iterator

from kg.errors import IntakeError
from kg.intake.formats.article import MAXIMUM_BYTES, Article, Fault, Source, need
from kg.intake.formats.decoding import decode
from kg.intake.formats.html import page_article

__all__ = ["read_warc"]

_MOST_RECORDS = 200_000
_HEADS = (b"WARC/", b"\x1f\x8b", b"filedesc://")


def read_warc(source: Source) -> Iterator[Article | Fault]:
    """Yield the article of every page in an archive; a page without text is a fault of its own.

    Raises:
        ExtraMissingError: warcio or trafilatura is not installed.
    """
    need("warcio", "Reading web archives (WARC)")
    iterator = need("warcio.archiveiterator", "Reading web archives (WARC)")
    broken = need("warcio.exceptions", "Reading web archives (WARC)").ArchiveLoadFailed
    head = source.head()
    if not head:
        raise IntakeError(f"{source.place}: the file is empty")
    if not head.startswith(_HEADS):
        raise IntakeError(f"{source.place}: this is no web archive (WARC); check the file’s ending")
    seen = pages = 0
    # the library tells its warnings to stderr, which is for people
    with source.open() as stream, contextlib.redirect_stderr(io.StringIO()):
        try:
            for record in iterator.ArchiveIterator(stream):
                seen += 1
                if seen > _MOST_RECORDS:
                    yield Fault(source.place, "too-many", f"only {_MOST_RECORDS:,} records read")
                    return
                if record.rec_type not in ("response", "resource"):
                    continue
                pages += 1
                yield from _page(record, source, pages)
        except (broken, EOFError, OSError, zlib.error, ValueError, AttributeError) as error:
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            message = f"the archive is cut short or broken after {seen} records ({reason})"
            yield Fault(source.place, "cut-short", message)
            return
    if not seen:
        yield Fault(source.place, "cut-short", "this is no web archive: no record could be read")


def _page(record: object, source: Source, number: int) -> Iterator[Article | Fault]:
    headers = getattr(record, "http_headers", None)
    about = getattr(record, "rec_headers")  # noqa: B009 - warcio has no types
    kind = str(headers.get_header("Content-Type") if headers else about.get_header("Content-Type"))
    if "html" not in kind and "text/plain" not in kind:
        return
    if headers and headers.get_statuscode() not in ("200", ""):
        return
    address = str(about.get_header("WARC-Target-URI") or "")
    place = f"{source.place}#{address or number}"
    declared = str(about.get_header("Content-Length") or "")
    reader = record.content_stream()  # type: ignore[attr-defined]
    content = reader.read(MAXIMUM_BYTES + 1)
    if len(content) > MAXIMUM_BYTES:
        yield Fault(place, "too-large", f"larger than {MAXIMUM_BYTES // 1_000_000} MB; skipped")
        return
    left = getattr(getattr(record, "raw_stream", None), "limit", 0)
    if declared.isdigit() and isinstance(left, int) and left > 0 and not reader.read(1):
        message = f"the page is cut short: {left:,} of its {int(declared):,} bytes are missing"
        yield Fault(place, "cut-short", message)
        return
    name = f"{source.name}-{_last_part(address) or number}"
    try:
        if "html" in kind:
            article = page_article(content, place, name, url=address)
        else:
            text, warnings = decode(content, place)
            article = Article(
                place, name, text, content, "plain text", "warc", url=address, warnings=warnings
            )
    except IntakeError as error:
        yield Fault(place, "unreadable", str(error).removeprefix(f"{place}: "))
        return
    yield article


def _last_part(address: str) -> str:
    parts = [part for part in re.split(r"[/?#&=]", address.partition("://")[2]) if part]
    return re.sub(r"\.\w{2,5}$", "", parts[-1]) if len(parts) > 1 else ""
