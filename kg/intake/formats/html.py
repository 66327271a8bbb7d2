"""Reads a saved web page: the article's text by trafilatura, its data by its own JSON-LD.

In: the bytes of a page. Out: one article. JSON-LD is believed before trafilatura for the title,
the time, the language and the authors: it is what the publisher says of itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import IntakeError
from kg.intake.formats.article import Article, Fault, Source, need
from kg.intake.formats.decoding import without_surrogates
from kg.model import content_id

__all__ = ["page_article", "read_html"]

_SETTINGS = {"include_comments": False, "include_tables": True, "include_links": False}
_SCRIPT = re.compile(rb"<script([^>]{0,500})>", re.IGNORECASE)
_LANG = re.compile(rb"<html[^>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z][A-Za-z0-9_-]{1,30})", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)")
_ARTICLES = re.compile(r"(Article|Posting|Report|Review)$")
_DEEP = 20


def read_html(source: Source) -> Iterator[Article | Fault]:
    """Give the one article of a page.

    Raises:
        IntakeError: the page is empty or holds no article text.
        ExtraMissingError: trafilatura is not installed.
    """
    yield page_article(source.read(), source.place, source.name)


def page_article(raw: bytes, place: str, name: str, *, url: str = "") -> Article:
    """Read the article of one page.

    Raises:
        IntakeError: it holds no article text.
        ExtraMissingError: trafilatura is not installed.
    """
    library = need("trafilatura", "Reading HTML")
    try:
        found = library.bare_extraction(raw, with_metadata=True, **_SETTINGS)
    except (ValueError, TypeError, AttributeError, RecursionError, LookupError) as error:
        raise IntakeError(f"{place}: this page cannot be read as HTML: {error}") from error
    text = without_surrogates(str(getattr(found, "text", "") or ""))
    if not text.strip():
        raise IntakeError(
            f"{place}: no article text in this page (scripts or menus only?); save the page "
            "from the browser once it is shown, or paste the text into a .txt file"
        )
    said = _json_ld(raw)
    day = _DAY.search(said.get("published", ""))
    basis = f"the page’s JSON-LD says {said.get('published', '')}"
    if day is None:
        day = _DAY.search(str(found.date or ""))
        basis = "the page’s metadata, read by trafilatura"
    tag = _LANG.search(raw)
    language = (said.get("language", "") or (tag.group(1).decode("ascii") if tag else "")).lower()
    return Article(
        place=place,
        name=name,
        text=text,
        raw=raw,
        extractor=f"trafilatura {library.__version__} ({content_id('settings', str(_SETTINGS))})",
        format="html",
        title=said.get("title", "") or _clean(found.title),
        byline=said.get("byline", "") or _clean(found.author),
        outlet=said.get("outlet", "") or _clean(found.sitename),
        published=day.group(1) if day else "",
        published_basis=basis if day else "",
        language=language.partition("-")[0],
        url=said.get("url", "") or url or _web(_clean(found.url)),
    )


def _json_ld(raw: bytes) -> dict[str, str]:
    """Read what the page's JSON-LD says of the article; faulty blocks say nothing."""
    declared = _CHARSET.search(raw, 0, 4096)
    charset = declared.group(1).decode("ascii") if declared else "utf-8"
    for block in _blocks(raw):
        try:
            data = json.loads(block.decode(charset, "replace").strip(), strict=False)
        except (ValueError, RecursionError, LookupError):
            continue
        node = _article_node(data, 0)
        if node is not None:
            return {
                "title": _clean(node.get("headline") or node.get("name")),
                "published": _clean(node.get("datePublished")),
                "language": _clean(_name(node.get("inLanguage"))),
                "byline": _clean(_name(node.get("author"))),
                "outlet": _clean(_name(node.get("publisher"))),
                "url": _web(_clean(_address(node.get("url") or node.get("mainEntityOfPage")))),
            }
    return {}


def _blocks(raw: bytes) -> Iterator[bytes]:
    """Yield what stands in the page's JSON-LD scripts, each byte looked at once."""
    opening = _SCRIPT.search(raw)
    while opening is not None:
        end = raw.find(b"</", opening.end())
        while end >= 0 and raw[end : end + 8].lower() != b"</script":
            end = raw.find(b"</", end + 2)
        if end < 0:
            return
        if b"ld+json" in opening.group(1).lower():
            yield raw[opening.end() : end]
        opening = _SCRIPT.search(raw, end)


def _article_node(data: Any, depth: int) -> Mapping[str, Any] | None:  # noqa: ANN401 - parsed JSON
    if depth > _DEEP:
        return None
    if isinstance(data, Mapping):
        kinds = data.get("@type", "")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in names):
            return data
        data = [data.get("@graph"), data.get("mainEntity"), data.get("mainEntityOfPage")]
    if isinstance(data, list):
        for item in data:
            found = _article_node(item, depth + 1)
            if found is not None:
                return found
    return None


def _name(value: object) -> str:
    match value:
        case str():
            return value
        case Mapping():
            return _name(value.get("name") or value.get("alternateName") or "")
        case list():
            names = [_name(item) for item in value]
            return ", ".join(dict.fromkeys(name for name in names if name))
        case _:
            return ""


def _address(value: object) -> str:
    if isinstance(value, Mapping):
        return _address(value.get("@id") or value.get("url") or "")
    return value if isinstance(value, str) else ""


def _web(address: str) -> str:
    plain = address.startswith(("https://", "http://"))
    return address if plain and not any(c in address for c in ' <>"{}|\\^`') else ""


def _clean(value: object) -> str:
    text = without_surrogates(value) if isinstance(value, str) else ""
    return " ".join(text.split())[:500]
