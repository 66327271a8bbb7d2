"""`kg doctor` and the fault of an extra: absent and broken are told apart, with the reason."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from kg.cli import _run, doctor
from kg.errors import ExtraMissingError


def test_absent_and_broken_are_told_apart() -> None:
    """A library that is not there is to be installed; one that fails says how it fails."""
    absent = ModuleNotFoundError("No module named 'pypdf'", name="pypdf")
    broken = ImportError("lxml.html.clean is a project of its own")
    beneath = ModuleNotFoundError("No module named 'lxml'", name="lxml")

    assert "fails" not in str(ExtraMissingError("intake", "Reading PDF", cause=absent))
    assert "fails" not in str(
        ExtraMissingError("intake", "Reading PDF", cause=absent, module="pypdf")
    )
    for cause in (broken, beneath):
        told = str(ExtraMissingError("intake", "Reading HTML", cause=cause, module="trafilatura"))
        assert f"installed but fails ({cause})" in told
        assert "claim-provenance[intake]" in told


def test_doctor_imports_what_an_extra_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A package that is there and cannot be imported fails the check; an absent one is a note."""
    real = importlib.import_module

    def imported(name: str, package: str | None = None) -> object:
        if name == "trafilatura":
            raise ImportError("lxml.html.clean is a project of its own")
        if name == "uvicorn":
            raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")
        return (
            object()
            if name in {*doctor._EXTRAS["intake"], *doctor._EXTRAS["serve"]}
            else real(name, package)
        )

    monkeypatch.setattr(doctor.importlib, "import_module", imported)
    monkeypatch.chdir(tmp_path)
    code = _run(["doctor"])
    lines = {line[6:23].strip(): line for line in capsys.readouterr().out.splitlines()}

    assert code == 1
    assert lines["extra [intake]"].startswith("FAIL")
    assert "trafilatura fails: ImportError: lxml.html.clean" in lines["extra [intake]"]
    assert lines["extra [serve]"].startswith("note")
    assert "without uvicorn; install with" in lines["extra [serve]"]
