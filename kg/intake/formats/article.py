"""What goes into a format reader and what comes out: a source of bytes, articles, faults.

In: a file or standard input. Out: `Article` values. Reads bytes within a limit, knows no format.
"""

from __future__ import annotations

import importlib
import io
import logging
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, NamedTuple

from kg.errors import ExtraMissingError, IntakeError

__all__ = ["MAXIMUM_BYTES", "Article", "Fault", "Source", "need"]

MAXIMUM_BYTES = 20_000_000
"""Bytes of one article; a larger file is no article, and says so."""


class Fault(NamedTuple):
    """A part of a source that could not be read: where, a code, and what to do."""

    place: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or bytes already read from standard input; `name` gives the article its id."""

    place: str
    name: str
    path: Path | None = None
    content: bytes = b""

    def open(self) -> BinaryIO:
        """Open the bytes for reading.

        Raises:
            IntakeError: the file cannot be opened.
        """
        if self.path is None:
            return io.BytesIO(self.content)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise IntakeError(f"{self.place}: cannot be read: {error.strerror}") from error

    def head(self) -> bytes:
        """Give the first bytes, enough to tell the format."""
        with self.open() as stream:
            return self._taken(stream, 4096)

    def read(self, limit: int = MAXIMUM_BYTES) -> bytes:
        """Give all bytes.

        Raises:
            IntakeError: the source is empty or larger than the limit.
        """
        with self.open() as stream:
            content = self._taken(stream, limit + 1)
        if len(content) > limit:
            raise IntakeError(
                f"{self.place}: larger than the {limit // 1_000_000} MB read as one article; "
                "cut it into articles first"
            )
        if not content:
            raise IntakeError(f"{self.place}: the file is empty")
        return content

    def _taken(self, stream: BinaryIO, count: int) -> bytes:
        try:
            return stream.read(count)
        except OSError as error:
            raise IntakeError(f"{self.place}: cannot be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its format gives it; what the format does not say is "".

    `text` is what offsets count in; `raw` is what the publisher's bytes were; `extractor` names
    what turned one into the other, with its version and a digest of its settings.
    """

    place: str
    name: str
    text: str
    raw: bytes
    extractor: str
    format: str
    title: str = ""
    byline: str = ""
    outlet: str = ""
    published: str = ""
    published_basis: str = ""
    language: str = ""
    url: str = ""
    warnings: tuple[str, ...] = ()


def need(module: str, purpose: str) -> ModuleType:
    """Import a library of the extra [intake], and keep its log off the terminal.

    Raises:
        ExtraMissingError: the extra is not installed, or fails when it is imported.
    """
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        raise ExtraMissingError("intake", purpose, cause=error, module=module) from error
    for name in (module.partition(".")[0], "htmldate", "courlan", "justext"):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())
            logger.propagate = False
    return found
