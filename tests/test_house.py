"""The house: imports go down only, and each third-party package stays in its rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kg"

FLOORS = {
    "kg.schemes": 0,
    "kg.dates": 0,
    "kg.model": 1,
    "kg.errors": 2,
    "kg.project": 3,
    "kg.records": 4,
    "kg.intake": 5,
    "kg.graph": 5,
    "kg.analyse": 6,
    "kg.export": 7,
    "kg.build": 8,
    "kg.serve": 9,
    "kg.cli": 10,
    "kg.__main__": 11,
}
"""The floor of each room; a line may import its own room and any lower floor, never a neighbour."""

FENCES = {
    "click": ("kg.cli",),
    "rdflib": ("kg.graph", "kg.export.rdf", "kg.export"),
    "pyoxigraph": ("kg.graph", "kg.export"),
    "pyshacl": ("kg.graph",),
    "networkx": ("kg.export", "kg.analyse"),
    "starlette": ("kg.serve",),
    "anyio": ("kg.serve",),
    "uvicorn": ("kg.serve",),
    "jinja2": ("kg.serve",),
    "markupsafe": ("kg.serve",),
    "ruamel": ("kg.records",),
    "trafilatura": ("kg.intake",),
    "pypdf": ("kg.intake",),
    "warcio": ("kg.intake",),
    "feedparser": ("kg.intake",),
    "charset_normalizer": ("kg.intake",),
    "resvg_py": ("kg.export",),
    "rapidfuzz": ("kg.records", "kg.intake", "kg.graph", "kg.analyse", "kg.cli", "kg.serve"),
}
"""Which rooms may touch each third-party package."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room (second level) of a module; the package itself is `kg`."""
    return ".".join(module.split(".")[:2])


def imports_of(path: Path) -> list[str]:
    """Every module a file imports, wherever the import stands."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append(node.module)
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            pytest.fail(f"{path}: write imports in full, from kg")
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down(path: Path) -> None:
    """A module imports its own room and lower floors only."""
    here = room_of(name_of(path))
    for target in imports_of(path):
        room = room_of(target)
        if not target.startswith("kg.") or here in {room, "kg"} or room not in FLOORS:
            continue
        assert FLOORS[room] < FLOORS[here], f"{here} imports {target}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_third_party_packages_stay_in_their_rooms(path: Path) -> None:
    """Each fenced package is imported in its rooms only; others are not imported at all."""
    here = name_of(path)
    for target in imports_of(path):
        top = target.split(".")[0]
        if top == "kg" or top in sys.stdlib_module_names:
            continue
        rooms = FENCES.get(top)
        assert rooms is not None, f"{here} imports {top}, which no fence names"
        assert any(here == room or here.startswith(f"{room}.") for room in rooms), (
            f"{here} imports {top}, which belongs in {', '.join(rooms)}"
        )


def test_every_room_has_a_floor() -> None:
    """A new room is a decision: it is given a floor here."""
    rooms = {room_of(name_of(path)) for path in MODULES} - {"kg"}

    assert rooms <= FLOORS.keys()


def test_help_imports_no_heavy_library() -> None:
    """`kg --help` loads neither rdflib nor pyshacl, networkx, pyoxigraph, ruamel or rapidfuzz."""
    heavy = ["rdflib", "pyshacl", "networkx", "pyoxigraph", "ruamel.yaml", "rapidfuzz"]
    code = (
        "import sys\nfrom kg.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
    assert "Commands:" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module docstring opens every file."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_modules_stay_readable() -> None:
    """No module passes 600 lines; at 500 one should ask for the second idea."""
    long = {
        name_of(path): count
        for path in MODULES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 600
    }

    assert long == {}
