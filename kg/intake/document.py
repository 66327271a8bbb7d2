"""From files as people have them to captured articles: bytes hashed, text kept, metadata named.

In: paths, folders, `-`, and what a person says of them on the command line or in a sidecar CSV.
Out: `Captured` articles, and a finding for each file that could not be read. Offsets count in the
captured text, which nothing changes afterwards. It proposes no attribution.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import BinaryIO

from kg.errors import ExtraMissingError, IntakeError, UsageError
from kg.intake.boilerplate import Credits, survey
from kg.intake.formats import FORMATS, format_of, reader_of
from kg.intake.formats.article import MAXIMUM_BYTES, Article, Fault, Source
from kg.intake.language import detect, language_codes
from kg.model import Boilerplate, Finding, Level, parse_when

__all__ = [
    "NOTHING_GIVEN",
    "Captured",
    "Given",
    "capture",
    "find_sources",
    "read_articles",
    "read_sidecar",
    "sha256_of",
]

_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of an article; "" is not said, and the article is asked."""

    outlet: str = ""
    published: str = ""
    url: str = ""
    byline: str = ""
    language: str = ""
    title: str = ""

    def over(self, other: Given) -> Given:
        """Fill what is not said here from another."""
        said = {item.name: getattr(self, item.name) for item in fields(self)}
        return replace(other, **{key: value for key, value in said.items() if value})


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Captured:
    """One article as captured: its text, the hashes of text and bytes, and where each fact is from.

    `outlet` is a name as found, not an id; the bases say how each was found, in words.
    """

    place: str
    name: str
    text: str
    sha256: str
    raw_sha256: str
    extractor: str
    language: str
    title: str
    outlet: str = ""
    outlet_basis: str = ""
    byline: str = ""
    published: str = ""
    published_basis: str = ""
    url: str = ""
    boilerplate: tuple[Boilerplate, ...] = ()
    warnings: tuple[str, ...] = ()


def sha256_of(text: str) -> str:
    """Hash a text by its UTF-8 bytes, as records name it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def find_sources(places: Iterable[str], stdin: BinaryIO) -> tuple[list[Source], list[Finding]]:
    """Name what there is to read: files, what folders hold of known endings, or `-`.

    Links that lead out of a folder are findings, and are not followed.
    """
    found: list[Source] = []
    findings: list[Finding] = []
    for place in places:
        if place == "-":
            found.append(Source("-", "stdin", content=stdin.read(MAXIMUM_BYTES * 5 + 1)))
            continue
        path = Path(place)
        if path.is_dir():
            _search(path, found, findings)
        elif path.exists():
            found.append(Source(place, _stem(path.name), path))
        else:
            findings.append(_finding(place, "not-there", "no such file or folder; check the name"))
    return found, findings


def read_articles(source: Source) -> Iterator[Article | Finding]:
    """Read the articles of one source; whatever cannot be read is a finding, never an exception.

    Raises:
        ExtraMissingError: the library that reads this format is not installed.
    """
    try:
        head = source.head()
        name = source.path.name if source.path else source.name
        for item in reader_of(format_of(name, head))(source):
            if isinstance(item, Fault):
                yield _finding(item.place, item.code, item.message)
            else:
                for warning in item.warnings:
                    yield Finding(item.place, 0, Level.WARNING, "check-reading", warning)
                if item.language and item.language not in language_codes():
                    message = (
                        f"its language, {item.language}, has no rules here; it is read by those "
                        f"of {detect(item.text)}, so check every proposal"
                    )
                    yield Finding(item.place, 0, Level.WARNING, "unknown-language", message)
                yield item
    except ExtraMissingError:
        raise
    except IntakeError as error:
        yield _finding(source.place, "unreadable", str(error).removeprefix(f"{source.place}: "))
    except RecursionError:
        yield _finding(source.place, "unreadable", "it nests too deeply to be read")


def capture(article: Article, given: Given = NOTHING_GIVEN) -> Captured:
    """Hash an article and settle what is known of it: said by a person, by the page, by the text.

    Raises:
        UsageError: the date or the language given is none.
    """
    text = article.text
    around = survey(text)
    outlet, outlet_basis = _outlet(article, given, around.credits)
    signed = around.credits.byline
    byline = given.byline or article.byline or (signed.name if signed else "")
    published, basis = _published(article, given)
    return Captured(
        place=article.place,
        name=article.name,
        text=text,
        sha256=sha256_of(text),
        raw_sha256=hashlib.sha256(article.raw).hexdigest(),
        extractor=article.extractor,
        language=_language(article, given),
        title=given.title or article.title or around.title,
        outlet=outlet,
        outlet_basis=outlet_basis,
        byline=byline,
        published=published,
        published_basis=basis,
        url=_url(article, given),
        boilerplate=around.boilerplate,
        warnings=article.warnings,
    )


def read_sidecar(path: Path) -> tuple[dict[Path, Given], list[Finding]]:
    """Read a CSV with a `file` column and what is said of each file in the columns of `Given`.

    A row that leads out of the CSV's folder, or names no file, is a finding.

    Raises:
        UsageError: the file is no such CSV.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 CSV: {error}") from error
    known = {item.name for item in fields(Given)}
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(content[:4000], ",;\t")
    except csv.Error:
        dialect = "excel"
    rows = csv.DictReader(io.StringIO(content), dialect=dialect)
    columns = [str(name or "").strip().lower() for name in rows.fieldnames or ()]
    unknown = sorted(set(columns) - known - {"file", ""})
    if "file" not in columns or unknown:
        wrong = f"unknown column `{unknown[0]}`" if unknown else "the column `file` is missing"
        raise UsageError(f"{path}: {wrong}; the columns are file, {', '.join(sorted(known))}")
    rows.fieldnames = columns
    return _sidecar_rows(rows, path, known)


def _sidecar_rows(
    rows: csv.DictReader[str], path: Path, known: set[str]
) -> tuple[dict[Path, Given], list[Finding]]:
    folder = path.resolve().parent
    made: dict[Path, Given] = {}
    findings: list[Finding] = []
    for row in rows:
        name = (row.get("file") or "").strip()
        if not name:
            continue
        target = (folder / name).resolve()
        line = rows.line_num
        if not target.is_relative_to(folder):
            message = f"`{name}` leads out of the folder of this list; keep the files beside it"
            findings.append(Finding(str(path), line, Level.ERROR, "outside-folder", message))
        elif not target.is_file():
            message = f"`{name}`: no such file beside this list"
            findings.append(Finding(str(path), line, Level.ERROR, "not-there", message))
        else:
            said: Mapping[str, str] = {
                key: value.strip() for key, value in row.items() if key in known and value
            }
            made[target] = Given(**said)
    return made, findings


def _search(folder: Path, found: list[Source], findings: list[Finding]) -> None:
    top = folder.resolve()
    endings = (".xml", *(ending for item in FORMATS for ending in item.suffixes))
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        name = path.name.lower()
        if not name.endswith(endings) or name.endswith(".md") or name.startswith("readme"):
            continue
        if not path.resolve().is_relative_to(top):
            message = "this link leads out of the folder; it is not followed"
            findings.append(_finding(str(path), "outside-folder", message))
        elif path.is_file():
            found.append(Source(str(path), _stem(path.name), path))


def _stem(name: str) -> str:
    low = name.lower()
    endings = [ending for item in FORMATS for ending in item.suffixes if low.endswith(ending)]
    return name[: -len(max(endings, key=len))] if endings else Path(name).stem


def _outlet(article: Article, given: Given, signed: Credits) -> tuple[str, str]:
    if given.outlet:
        return given.outlet, "given when the article was added"
    if article.outlet:
        return article.outlet, f"named by the {article.format} file itself"
    if signed.outlet:
        return signed.outlet.name, signed.outlet.basis
    return "", ""


def _published(article: Article, given: Given) -> tuple[str, str]:
    if given.published:
        try:
            return parse_when(given.published).text, "given when the article was added"
        except ValueError as error:
            raise UsageError(f"--published: {error}") from error
    return article.published, article.published_basis


def _url(article: Article, given: Given) -> str:
    """Give a web address: what is none is refused if a person gave it, left out if a file did."""
    if given.url and not given.url.lower().startswith(_WEB):
        raise UsageError(
            f"--url {given.url[:80]}: not a web address; write https://… or http://…, or leave it"
        )
    return given.url or (article.url if article.url.lower().startswith(_WEB) else "")


def _language(article: Article, given: Given) -> str:
    known = language_codes()
    if given.language:
        if given.language not in known:
            raise UsageError(
                f"--language {given.language} is not known; the languages are {', '.join(known)}"
            )
        return given.language
    return article.language if article.language in known else detect(article.text)


def _finding(place: str, code: str, message: str) -> Finding:
    return Finding(place, 0, Level.ERROR, code, message)
