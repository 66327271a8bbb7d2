"""The store's folder: finished generations, of which one is current, and a lock for builders.

In: the folder that `Project.store` names. Out: paths, and what the current graph was built from.
A generation is never changed once it is current. A build makes a new one beside it (a small edit
starts from hard links to the old files) and then renames one small file, so whoever reads goes on
reading, and a build killed anywhere leaves the last good graph current.

    store/current         the name of the current generation
    store/lock            held by the one process that builds
    store/<name>/graph/   Oxigraph's files
    store/<name>/state.json   what it was built from
    store/<name>/registries.json   the registries it was built from, as plain data

Both end in a digest of what is before: one that is cut short or altered counts as none.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from kg.errors import ProjectError, StoreError
from kg.project import write_atomically

if TYPE_CHECKING:
    # Whoever only reads the graph does without the records' room.
    from kg.records.settled import Items, Outline

__all__ = [
    "DerivedPart",
    "Moved",
    "State",
    "copy_registries",
    "current_generation",
    "graph_folder",
    "lock_for_building",
    "next_generation",
    "read_registries",
    "read_state",
    "write_registries",
    "write_state",
]

_POINTER = "current"
_LOCK = "lock"
_GRAPH = "graph"
_STATE = "state.json"
_REGISTRIES = "registries.json"


class DerivedPart(NamedTuple):
    """The derived graph of a generation: what shaped it, its quads, or why it is left out.

    `left_out` counts the attributions where they were too many to derive from, else it is 0.
    """

    digest: str = ""
    quads: int = 0
    left_out: int = 0


class Moved(NamedTuple):
    """What a generation says otherwise than the one before: subjects, and named graphs."""

    since: str
    subjects: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What a generation was built from.

    `settings` digests what shapes every quad (base, vocabulary, this program's version of the
    mapping); `owners` outlines each owner;
    `things` a digest of IRI and label of each thing that claims can name. `revision` sums
    it up; `quads` counts the quads of all graphs, `derived` tells of the derived one. `moved` is
    None where everything was built.
    """

    settings: str = ""
    owners: Mapping[str, Outline] = field(default_factory=dict)
    things: Mapping[str, str] = field(default_factory=dict)
    revision: str = ""
    quads: int = 0
    derived: DerivedPart = field(default_factory=DerivedPart)
    moved: Moved | None = None


def current_generation(store: Path) -> Path | None:
    """Give the folder of the current generation, or None where nothing was built yet.

    Raises:
        StoreError: the folder is there but cannot be read.
    """
    try:
        name = (store / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"{store}: the store cannot be read ({error}); check its permissions"
        ) from error
    folder = store / name
    if not name.startswith("g-") or "/" in name or not folder.is_dir():
        return None
    return folder


def graph_folder(store: Path) -> Path:
    """Give the folder with Oxigraph's own files, as `oxigraph serve-read-only --location` wants.

    Raises:
        StoreError: nothing was built yet.
    """
    generation = current_generation(store)
    if generation is None:
        raise StoreError(f"{store}: there is no graph here yet; run  kg build")
    return generation / _GRAPH


def read_state(generation: Path) -> State:
    """Read what a generation was built from; a state that cannot be read counts as none."""
    path = generation / _STATE
    try:
        stamp = path.stat()
    except OSError:
        return State()
    return _read_state(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=1)
def _read_state(path: Path, _modified: int, _size: int) -> State:
    """Read a state once in a build, which asks for it again; nobody alters what is given."""
    from kg.records.settled import Outline  # noqa: PLC0415 - only where a build asks

    try:
        data = _read_summed(path)
        return State(
            settings=str(data["settings"]),
            owners={
                owner: Outline(digest, text, tuple(names), links)
                for owner, (digest, text, names, links) in data["owners"].items()
            },
            things=dict(data["things"]),
            revision=str(data["revision"]),
            quads=int(data["quads"]),
            derived=DerivedPart(*data.get("derived", ())),
            moved=Moved(*data["moved"]) if data["moved"] else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # A full build, which asks nothing of the old state, is right whatever happened to it.
        return State()


def write_state(generation: Path, state: State) -> None:
    """Write what a generation was built from."""
    content = {
        "settings": state.settings,
        "revision": state.revision,
        "quads": state.quads,
        "derived": state.derived,
        "moved": state.moved,
        "owners": {name: state.owners[name] for name in sorted(state.owners)},
        "things": {name: state.things[name] for name in sorted(state.things)},
    }
    _write_summed(generation / _STATE, content)


def read_registries(generation: Path, state: State) -> Items | None:
    """Read the registries that a generation was built from; None where that cannot be done."""
    from kg.records.settled import RegistryItem  # noqa: PLC0415 - only where a build asks

    try:
        data = _read_summed(generation / _REGISTRIES)
        if data["of"] != _registry_digests(state):
            return None
        return {
            name: {key: RegistryItem(*item) for key, item in items.items()}
            for name, items in data["items"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_registries(generation: Path, state: State, items: Items) -> None:
    """Write the registries that a generation was built from."""
    _write_summed(generation / _REGISTRIES, {"of": _registry_digests(state), "items": items})


def copy_registries(old: Path, new: Path) -> None:
    """Keep the registries of a generation for the next one.

    Raises:
        StoreError: the new folder cannot be written.
    """
    try:
        (new / _REGISTRIES).hardlink_to(old / _REGISTRIES)
    except OSError:
        # Some file systems know no hard links.
        try:
            shutil.copyfile(old / _REGISTRIES, new / _REGISTRIES)
        except OSError as error:
            raise StoreError(f"{new}: cannot be written ({error.strerror})") from error


def _registry_digests(state: State) -> dict[str, str]:
    return {
        owner: outline.digest
        for owner, outline in state.owners.items()
        if owner.startswith("registry:")
    }


_SUM = b', "sum": "'


def _read_summed(path: Path) -> dict[str, Any]:
    """Read a JSON object that ends in the digest of what is before.

    Raises:
        ValueError: it is not what was written.
    """
    content = path.read_bytes()
    end = content.rfind(_SUM)
    if end < 0 or content[end:] != _sum_of(content[:end]):
        raise ValueError("the digest does not fit")
    data: dict[str, Any] = json.loads(content)
    return data


def _write_summed(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON object with its digest, not yet safe from a power cut: that is then seen."""
    body = json.dumps(content)[:-1].encode()
    try:
        path.write_bytes(body + _sum_of(body))
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); is the disk full?"
        ) from error


def _sum_of(body: bytes) -> bytes:
    return _SUM + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


@contextmanager
def lock_for_building(store: Path) -> Iterator[None]:
    """Hold the store for building; the lock goes with the process, however it ends.

    First clears away what killed builds left behind.

    Raises:
        StoreError: another process builds, or the folder cannot be written.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        stream = (store / _LOCK).open("a+b")
    except OSError as error:
        raise StoreError(
            f"{store}: the store cannot be written ({error.strerror}); check its permissions"
        ) from error
    with stream:
        if not _lock(stream):
            raise StoreError(
                f"{store}: another build is at work on this store; wait until it has ended"
            )
        _clear(store, keep=current_generation(store))
        yield


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(stream: IO[bytes]) -> bool:
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def next_generation(store: Path) -> Iterator[Path]:
    """Make a folder for the next generation, and make it current once the block ends well.

    After a fault nothing of the new one is left. To be called under `lock_for_building`.

    Raises:
        StoreError: the folder cannot be written; the old generation stays current.
    """
    current = current_generation(store)
    number = int(current.name[2:]) + 1 if current and current.name[2:].isdigit() else 1
    folder = store / f"g-{number}"
    try:
        folder.mkdir()
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror})") from error
    try:
        yield folder
        _write(store / _POINTER, folder.name + "\n")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _clear(store, keep=folder)


def _clear(store: Path, *, keep: Path | None) -> None:
    for folder in store.iterdir():
        if folder.name.startswith("g-") and folder != keep:
            # A reader on Linux or macOS keeps the files it has open; elsewhere they stay for now.
            shutil.rmtree(folder, ignore_errors=True)
    for leftover in store.glob(f".{_POINTER}.*"):
        leftover.unlink(missing_ok=True)


def _write(path: Path, content: str) -> None:
    try:
        write_atomically(path, content)
    except ProjectError as error:
        raise StoreError(str(error)) from error
