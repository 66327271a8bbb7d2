"""The templates of the pages: found, compiled once, every text that is not ours made harmless.

In: the name of a template. Out: Jinja's environment with our filters. What was compiled is kept
beside the templates, as Python keeps what it compiled, so that the next start need not do it again.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from importlib.util import cache_from_source
from pathlib import Path
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from kg.errors import KgError
from kg.export.safe_text import visible
from kg.project import write_atomically
from kg.serve.words import period

__all__ = ["environment", "quote_part", "template_names"]


class _Compiled(BytecodeCache):
    """Compiled templates in a folder; Jinja holds each against the template's own text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read one template, where it was compiled before."""
        with suppress(OSError), self._path(bucket).open("rb") as stream:
            bucket.load_bytecode(stream)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one template; where the folder is shut to us it is compiled at each start."""
        if not sys.dont_write_bytecode:
            with suppress(KgError):
                write_atomically(self._path(bucket), bucket.bytecode_to_string())


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Give the environment in which every page is rendered."""
    folder = files("kg.serve").joinpath("templates")
    compiled = _Compiled(_beside(folder)) if isinstance(folder, Path) else None
    made = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=100,
        bytecode_cache=compiled,
    )
    made.filters["iri"] = quote_part
    made.globals["period"] = period
    return made


def _beside(folder: Path) -> Path:
    """Give the folder where Python would keep what it compiled of files in this one."""
    return Path(cache_from_source(str(folder / "template.py"))).parent


def template_names() -> list[str]:
    """Name every template."""
    folder = files("kg.serve").joinpath("templates")
    return sorted(item.name for item in folder.iterdir() if item.name.endswith(".html"))


def quote_part(text: str) -> str:
    """Spell a text as one part of an address."""
    return quote(text, safe="")


def _inert(value: object) -> object:
    """Make visible what could reorder or hide text; escaping follows, by the environment."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
