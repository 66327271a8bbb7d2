"""The options of commands that may ask a language model; off unless an address is given."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from kg.errors import UsageError
from kg.project import Project

if TYPE_CHECKING:
    from kg.intake.llm import ModelMaker

__all__ = ["KEY_VARIABLE", "model_options", "model_service"]

KEY_VARIABLE = "KG_LLM_KEY"

F = TypeVar("F", bound=Callable[..., object])


def model_options(command: F) -> F:
    """Add `--llm URL` and `--llm-model NAME`."""
    command = click.option(
        "--llm-model", "model_name", default="", help="The model's name at that address."
    )(command)
    return click.option(
        "--llm",
        "model_url",
        default="",
        metavar="URL",
        help=f"Also ask a model: an OpenAI-compatible address (key in {KEY_VARIABLE}).",
    )(command)


def model_service(url: str, name: str, project: Project | None) -> ModelMaker | None:
    """Give the model to ask, or none; answers are kept in the project's own `.kg/model`.

    Raises:
        UsageError: one of address and name is missing.
    """
    if not url and not name:
        return None
    if not url or not name:
        raise UsageError("--llm URL and --llm-model NAME go together")
    from kg.intake.llm import ModelMaker  # noqa: PLC0415 - only where a model is asked
    from kg.intake.llm_http import Endpoint  # noqa: PLC0415

    folder = project.root / ".kg" / "model" if project else None
    return ModelMaker(Endpoint(url, name, os.environ.get(KEY_VARIABLE, "")), folder)
