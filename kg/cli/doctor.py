"""Commands about the installation: doctor and completion."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
from pathlib import Path

import click

from kg import __version__
from kg.cli.options import plural
from kg.errors import KgError
from kg.graph.generations import current_generation, read_state
from kg.graph.store import open_store
from kg.project import Project, data_folder, find_project
from kg.records import load_collection
from kg.records.texts import held_texts, wanted_texts

__all__ = ["completion", "doctor"]

_CORE = ("click", "networkx", "pyoxigraph", "pyshacl", "rapidfuzz", "rdflib", "ruamel.yaml")
_EXTRAS = {
    "intake": (
        "trafilatura",
        "lxml_html_clean",
        "pypdf",
        "warcio",
        "feedparser",
        "charset_normalizer",
    ),
    "serve": ("starlette", "uvicorn", "jinja2", "python_multipart"),
    "png": ("resvg_py",),
}
"""The modules that each extra brings."""
_ABSENT = "absent"


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> int:
    """Tell versions, what is missing, and whether store, records and texts agree.

    Example:  kg doctor
    """
    click.echo(f"kg {__version__} on Python {platform.python_version()} ({platform.system()})")
    faults = _packages()
    for name in ("ontology", "queries"):
        try:
            count = sum(1 for path in data_folder(name).rglob("*") if path.is_file())
            _line(True, name, plural(count, "file"))
        except KgError as error:
            faults += 1
            _line(False, name, str(error))
    try:
        project = find_project(Path(ctx.obj) if ctx.obj else None)
    except KgError as error:
        _line(None, "project", str(error))
        return 1 if faults else 0
    return 1 if faults + _project(project) else 0


def _packages() -> int:
    missing = 0
    for name in _CORE:
        version = _version(name)
        missing += version is None
        _line(version is not None, name, version or "missing; install claim-provenance again")
    for extra, names in _EXTRAS.items():
        faults = {name: fault for name in names if (fault := _import_fault(name))}
        broken = [f"{name} fails: {fault}" for name, fault in faults.items() if fault != _ABSENT]
        absent = [name for name, fault in faults.items() if fault == _ABSENT]
        missing += bool(broken)
        told = [*broken, *([f"without {', '.join(absent)}"] if absent else [])]
        told += (
            [f"install with  pip install 'claim-provenance[{extra}]'"] if faults else ["complete"]
        )
        _line(False if broken else None if absent else True, f"extra [{extra}]", "; ".join(told))
    return missing


def _import_fault(name: str) -> str:
    """Import a module, and say what keeps it from working; "" where nothing does."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        return _ABSENT if error.name == name else " ".join(str(error).split())
    except Exception as error:  # noqa: BLE001 - whatever a foreign module raises is what we tell
        return " ".join(f"{type(error).__name__}: {error}".split())
    return ""


def _project(project: Project) -> int:
    _line(True, "project", f"{project.title} ({project.root})")
    loaded = load_collection(project)
    collection = loaded.collection
    errors = len(loaded.errors)
    told = plural(len(collection.records), "record")
    _line(not errors, "records", told + (f", {plural(errors, 'error')}: kg check" * bool(errors)))
    wanted = wanted_texts(collection)
    held = held_texts(project, wanted)
    state = True if len(held) == len(wanted) else None
    _line(state, "texts", f"{len(held)} of {len(wanted)} held here (kg attach FOLDER adds more)")
    return bool(errors) + _store(project, dict(loaded.digests))


def _store(project: Project, digests: dict[str, str]) -> int:
    generation = current_generation(project.store)
    if generation is None:
        _line(None, "store", "not built yet; run  kg build")
        return 0
    try:
        owners = read_state(generation).owners
        with open_store(project.store) as store:
            quads = len(store)
    except KgError as error:
        _line(False, "store", str(error))
        return 1
    built = {owner: outline.digest for owner, outline in owners.items()}
    changed = sum(built.get(owner) != digest for owner, digest in digests.items())
    changed += len(built.keys() - digests.keys())
    told = (
        f"{plural(changed, 'record or registry', 'records or registries')} changed since; kg build"
    )
    _line(
        None if changed else True,
        "store",
        told if changed else f"{quads:,} quads; agrees with the records",
    )
    return 0


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _line(good: bool | None, name: str, told: str) -> None:
    mark = {True: "ok  ", False: "FAIL", None: "note"}[good]
    click.echo(f"{mark}  {name:<16} {told}")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    Example:  kg completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - this command only

    from kg.cli import cli  # noqa: PLC0415 - the group imports this module

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(cli, {}, "kg", "_KG_COMPLETE").source())
