"""Where things are: the project folder, its settings, the texts attached on this machine.

In: a folder to start from. Out: a `Project` of resolved paths.
Reads `kg.toml` and `.kg/attached.json` only; creates nothing but the latter.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import ProjectError, UsageError

__all__ = [
    "DEFAULT_BASE",
    "SETTINGS",
    "Project",
    "attach_texts",
    "data_folder",
    "find_project",
    "write_atomically",
]

SETTINGS = "kg.toml"
DEFAULT_BASE = "https://w3id.org/claim-provenance/id/"
_KEYS = {"base", "title", "language", "sources", "output", "texts"}


@dataclass(frozen=True, slots=True)
class Project:
    """One collection on disk: where its records stand and where its graph goes."""

    root: Path
    base: str
    title: str
    language: str
    sources: Path
    output: Path
    texts: tuple[Path, ...]

    @property
    def store(self) -> Path:
        """The folder of the embedded store."""
        return self.output / "store"

    @property
    def graph_ttl(self) -> Path:
        """The default graph as Turtle."""
        return self.output / "graph.ttl"

    @property
    def graph_trig(self) -> Path:
        """The whole dataset as TriG."""
        return self.output / "graph.trig"

    @property
    def picture(self) -> Path:
        """The who-said-what picture."""
        return self.output / "who-said-what.html"

    @property
    def attached(self) -> Path:
        """The list of text folders attached on this machine; never committed."""
        return self.root / ".kg" / "attached.json"

    def relative(self, path: Path) -> str:
        """Name a path as a person would: from the project folder, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def find_project(start: Path | None = None) -> Project:
    """Find the nearest `kg.toml` at or above a folder and read it.

    Raises:
        ProjectError: there is none, or it cannot be used.
    """
    folder = (start or Path.cwd()).resolve()
    if folder.is_file():
        folder = folder.parent
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS).is_file():
            return _read_project(candidate)
    raise ProjectError(
        f"no {SETTINGS} in {start or Path.cwd()} or above it; go to a project folder, "
        "name one with --project, or start one with  kg init"
    )


def _read_project(root: Path) -> Project:
    path = root / SETTINGS
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProjectError(f"{path}: cannot be read: {error}") from error
    unknown = sorted(settings.keys() - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise ProjectError(f"{path}: unknown setting `{unknown[0]}`; the settings are {known}")
    texts = settings.get("texts", [])
    strings = {key: settings.get(key, "") for key in _KEYS - {"texts"}}
    if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
        raise ProjectError(f"{path}: `texts` must be a list of folders")
    for key, value in strings.items():
        if not isinstance(value, str):
            raise ProjectError(f"{path}: `{key}` must be a text in quotes")
    base = strings["base"] or DEFAULT_BASE
    if not base.startswith(("https://", "http://", "urn:")) or base[-1] not in "/#:":
        raise ProjectError(f"{path}: `base` must be a web address that ends in / or #")
    if any(character in base for character in ' <>"{}|\\^`\n'):
        raise ProjectError(f"{path}: `base` holds a character that no web address has")
    project = Project(
        root=root,
        base=base,
        title=strings["title"] or root.name,
        language=strings["language"] or "en",
        sources=_inside(root, strings["sources"] or "sources", path),
        output=_inside(root, strings["output"] or "build", path),
        texts=tuple(_inside(root, text, path) for text in texts),
    )
    return replace(project, texts=(*project.texts, *_attached(project)))


def _inside(root: Path, name: str, settings: Path) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ProjectError(f"{settings}: `{name}` leads out of the project folder")
    return path


def _attached(project: Project) -> tuple[Path, ...]:
    if not project.attached.is_file():
        return ()
    try:
        folders = json.loads(project.attached.read_text(encoding="utf-8"))
        return tuple(Path(str(folder)) for folder in folders)
    except (OSError, ValueError, TypeError) as error:
        raise ProjectError(
            f"{project.attached}: cannot be read ({error}); delete it and attach the texts again"
        ) from error


def attach_texts(project: Project, folder: Path) -> Project:
    """Remember a folder of article texts on this machine; the same folder twice changes nothing.

    Raises:
        UsageError: the folder is not there.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: not a folder; name the folder that holds the article texts")
    known = [str(path) for path in _attached(project)]
    path = str(folder.resolve())
    if path not in known:
        known.append(path)
        project.attached.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(project.attached, json.dumps(known, indent=1) + "\n")
    if folder.resolve() in project.texts:
        return project
    return replace(project, texts=(*project.texts, folder.resolve()))


def data_folder(name: str) -> Path:
    """Find `ontology` or `queries`: beside the package in a checkout, inside it in a wheel.

    Raises:
        ProjectError: the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise ProjectError(f"the folder `{name}` is missing from this installation; install it again")


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: a temporary file beside it, flushed, then renamed.

    Raises:
        ProjectError: the folder is not writable or the disk is full; the old file stands.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ProjectError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise ProjectError(f"{path}: cannot be written: {error.strerror}") from error
