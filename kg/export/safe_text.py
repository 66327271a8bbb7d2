"""Text of unknown origin made inert for HTML and SVG.

In: any string, hostile ones included. Out: markup-safe text in which every character that could
reorder, hide or break the page stands as a visible code point. It never drops a character
silently and never decides what a text means.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

__all__ = ["attribute_id", "escape", "respelled", "visible"]

# Bidirectional overrides, embeddings and isolates (Unicode TR 36 §3.1), controls other than tab and
# line feed, lone surrogates and the two noncharacters that XML 1.0 §2.2 forbids. Left-to-right and
# right-to-left marks stay: Arabic and Hebrew typography needs them and they reorder nothing.
# A carriage return is a line end, alone or before a line feed (HTML §13.2.3.5, XML 1.0 §2.11).
_UNSAFE = re.compile(
    "\r\n?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\u2066-\u2069"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_PLAIN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", re.ASCII)


def visible(text: str) -> str:
    """Spell every unsafe character as its code point; line ends of any kind are line feeds.

    >>> visible("a" + chr(0x202E) + "b")
    'a[U+202E]b'
    """
    return _UNSAFE.sub(_spelled, text)


def respelled(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what `visible` changes: from where to where, and how it is spelled.

    >>> list(respelled("a" + chr(0x202E) + "b"))
    [(1, 2, '[U+202E]')]
    """
    for found in _UNSAFE.finditer(text):
        yield found.start(), found.end(), _spelled(found)


def _spelled(found: re.Match[str]) -> str:
    sign = found.group()
    return "\n" if sign.startswith("\r") else f"[U+{ord(sign):04X}]"


def escape(text: str) -> str:
    """Make a text safe between tags and inside quoted attributes, in HTML and in XML.

    >>> escape("</script>&")
    '&lt;/script&gt;&amp;'
    """
    return html.escape(visible(text), quote=True)


def attribute_id(prefix: str, key: str) -> str:
    """Give an element id for a key; a key of unusual characters is spelled in hexadecimal.

    >>> attribute_id("q", "6af318e8900f729f")
    'q-6af318e8900f729f'
    >>> attribute_id("q", "a b")
    'q-x6100200062'
    """
    if _PLAIN_ID.fullmatch(key):
        return f"{prefix}-{key}"
    return f"{prefix}-x" + "00".join(f"{ord(character):x}" for character in key)
