"""The article formats that can be read: one visible table, each reader imported when needed.

In: a source's name and first bytes. Out: the format that fits. A reader takes a `Source` and
yields articles, and faults for the parts it could not read.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from kg.intake.formats.article import Article, Fault, Source

__all__ = ["FORMATS", "Format", "Reader", "format_of", "reader_of"]

Reader = Callable[[Source], Iterator[Article | Fault]]


class Format(NamedTuple):
    """One format: its name, file endings, first bytes or root elements, and its reader."""

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    reader: str


FORMATS = (
    Format("pdf", (".pdf",), (b"%PDF-",), (), "pdf:read_pdf"),
    Format("warc", (".warc", ".warc.gz"), (b"WARC/", b"\x1f\x8b"), (), "warc:read_warc"),
    Format("feed", (".rss", ".atom", ".rdf"), (), (b"rss", b"feed", b"rdf:rdf"), "feed:read_feed"),
    Format(
        "html",
        (".html", ".htm", ".xhtml"),
        (),
        (b"!doctype", b"html", b"head", b"body"),
        "html:read_html",
    ),
    Format("text", (".txt", ".text", ".md"), (), (), "plain:read_plain"),
)
"""Every format, in the order in which first bytes are tried; plain text is what is left."""

_HEAD = 4096


def format_of(name: str, head: bytes) -> Format:
    """Choose a format by the file's ending; where that says nothing, by its first bytes.

    >>> format_of("report.PDF", b"").name, format_of("-", b"<!doctype html><p>").name
    ('pdf', 'html')
    """
    for item in FORMATS:
        if name.lower().endswith(item.suffixes):
            return item
    start = head[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    root = _root(start)
    for item in FORMATS:
        if start.startswith(item.magic or (b"\x00never",)) or root in item.roots:
            return item
    return FORMATS[-1]


def _root(head: bytes) -> bytes:
    """Name the first element of a marked-up text, after what may stand before it."""
    rest = head.lstrip()
    while rest:
        for opener, closer in ((b"<?", b"?>"), (b"<!--", b"-->")):
            if rest.startswith(opener):
                rest = rest.partition(closer)[2].lstrip()
                break
        else:
            break
    if rest[:14].lower() == b"<!doctype html":
        return b"!doctype"
    if rest.startswith(b"<!"):
        rest = rest.partition(b">")[2].lstrip()
    found = re.match(rb"<([A-Za-z:]{1,20})[\s/>]", rest)
    return found.group(1).lower() if found else b""


def reader_of(item: Format) -> Reader:
    """Import the reader of a format."""
    module, _, function = item.reader.partition(":")
    return cast("Reader", getattr(importlib.import_module(f"{__name__}.{module}"), function))
