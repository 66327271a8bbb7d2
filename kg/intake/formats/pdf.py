"""Reads a PDF's text by pypdf, and puts the lines of a paragraph back together.

In: the bytes of a PDF. Out: one article. A scan has no text and is refused: recognising letters
is not done here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kg.errors import IntakeError
from kg.intake.formats.article import Article, Fault, Source, need
from kg.intake.formats.decoding import without_surrogates

__all__ = ["join_lines", "read_pdf"]

_MOST_PAGES = 500
_CLOSED = "this PDF is encrypted; save a copy without a password"
_ENDS = re.compile(r"[.!?…:»”\"]\s*$")


def read_pdf(source: Source) -> Iterator[Article | Fault]:
    """Give the one article of a PDF.

    Raises:
        IntakeError: it is encrypted, broken, a scan, or far too long.
        ExtraMissingError: pypdf is not installed.
    """
    raw = source.read()
    library = need("pypdf", "Reading PDF")
    place = source.place
    try:
        reader = library.PdfReader(io.BytesIO(raw))
        is_closed = bool(reader.is_encrypted and not reader.decrypt(""))
        count = 0 if is_closed else len(reader.pages)
        pages = [page.extract_text() for page in reader.pages] if 0 < count <= _MOST_PAGES else []
        about = None if is_closed else reader.metadata
        title, author = (about.title or "", about.author or "") if about else ("", "")
    except library.errors.DependencyError as error:
        raise IntakeError(f"{place}: {_CLOSED}") from error
    except Exception as error:
        # pypdf answers broken files with exceptions of many unrelated types
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise IntakeError(f"{place}: this PDF is broken or cut short ({reason})") from error
    if is_closed:
        raise IntakeError(f"{place}: {_CLOSED}")
    if count > _MOST_PAGES:
        raise IntakeError(
            f"{place}: {count} pages are more than the {_MOST_PAGES} read as one article; "
            "save the article’s own pages"
        )
    text = without_surrogates("\n\n".join(join_lines(page) for page in pages if page.strip()))
    if not text.strip():
        raise IntakeError(
            f"{place}: no text in this PDF (a scan?); run text recognition (OCR) on it first"
        )
    yield Article(
        place=place,
        name=source.name,
        text=text,
        raw=raw,
        extractor=f"pypdf {library.__version__} (lines joined, 1)",
        format="pdf",
        title=" ".join(without_surrogates(str(title)).split())[:300],
        byline=" ".join(without_surrogates(str(author)).split())[:300],
        warnings=("read from a PDF: lines were joined to paragraphs; check the quotes",),
    )


def join_lines(page: str) -> str:
    r"""Put lines broken at the page's width together; a short line ends its paragraph.

    >>> print(join_lines("The harbour board said on Mon-\nday it had signed.\nNext."))
    The harbour board said on Monday it had signed.
    Next.
    """
    lines = [line.strip() for line in page.splitlines()]
    widths = sorted(len(line) for line in lines if line)
    usual = widths[(len(widths) * 3) // 4] if widths else 0
    made: list[str] = []
    is_open = False
    for line in lines:
        if not line:
            is_open = False
        elif is_open and made[-1].endswith("-") and line[:1].islower():
            made[-1] = made[-1][:-1] + line
        elif is_open:
            made[-1] = f"{made[-1]} {line}"
        else:
            made.append(line)
        if line:
            is_open = len(line) > usual * 0.7 and not (
                _ENDS.search(line) and len(line) < usual * 0.85
            )
    return "\n".join(made)
