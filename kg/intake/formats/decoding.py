"""Bytes to characters: UTF-8 strictly, else what charset-normalizer says, with a warning.

In: bytes. Out: text, unchanged in every character. It never replaces what it cannot read.
"""

from __future__ import annotations

import codecs
import re

from kg.errors import IntakeError
from kg.intake.formats.article import need

__all__ = ["decode", "without_surrogates"]

_SAMPLE = 200_000
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WESTERN = frozenset(
    "àâäçéèêëîïìíñôöòóõùûüúÿœæãáßøåÀÂÄÇÉÈÊËÎÏÍÑÔÖÓÙÛÜÚŒÆÁØÅ«»“”„‘’…–—€ºª°§¿¡·\u00a0"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(raw: bytes, place: str) -> tuple[str, tuple[str, ...]]:
    """Give the characters, and a warning where the encoding had to be guessed.

    Raises:
        IntakeError: the bytes are no text.
        ExtraMissingError: they are not UTF-8 and charset-normalizer is not installed.
    """
    warnings: tuple[str, ...] = ()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text, encoding = _guessed(raw, place, error.start)
        warnings = (f"not UTF-8 (byte {error.start}): read as {encoding}; check its accents",)
    if _is_binary(text):
        raise IntakeError(f"{place}: this is not text (binary content); give text, HTML or PDF")
    if not text.strip("\ufeff \t\r\n\x0b\x0c\u00a0\u200b"):
        raise IntakeError(f"{place}: holds no text, only blanks")
    return text, warnings


def without_surrogates(text: str) -> str:
    """Put U+FFFD where a library gave half a character; such text cannot be hashed."""
    return _SURROGATE.sub("\ufffd", text)


def _guessed(raw: bytes, place: str, fault: int) -> tuple[str, str]:
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            try:
                return raw.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise IntakeError(
                    f"{place}: marked as {encoding} but byte {error.start} is not; save it as UTF-8"
                ) from error
    if raw.count(b"\x00", 0, _SAMPLE) > len(raw[:_SAMPLE]) // 100:
        raise IntakeError(f"{place}: this is not text (binary content); give text, HTML or PDF")
    western = _as_western(raw)
    if western is not None:
        return western, "cp1252"
    library = need("charset_normalizer", "Reading text that is not UTF-8")
    window = raw[max(0, fault - _SAMPLE // 2) : fault + _SAMPLE // 2]
    best = library.from_bytes(window).best()
    if best is None:
        raise IntakeError(f"{place}: byte {fault} is not UTF-8 and no encoding fits; save as UTF-8")
    try:
        return raw.decode(best.encoding), str(best.encoding)
    except UnicodeDecodeError as error:
        raise IntakeError(
            f"{place}: byte {error.start} is neither UTF-8 nor {best.encoding}; save as UTF-8"
        ) from error


def _as_western(raw: bytes) -> str | None:
    """Read as Windows Western where every letter beyond ASCII is one of Western Europe's.

    Statistics take it for a Central European page often enough, and accents are what we quote.
    """
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return text if set(_BEYOND_ASCII.findall(text)) <= _WESTERN else None


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return "\x00" in sample or len(_CONTROL.findall(sample)) * 50 > len(sample)
