"""The picture's colours, read from `assets/palette.toml`: as variables, or put in place.

In: a stylesheet that names colours `var(--ink)`. Out: the variables of a page in light and dark,
or a stylesheet without variables for readers of SVG that know none.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.export.words import asset

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["colours", "page_palette", "resolved"]

_VARIABLE = re.compile(r"var\(--([a-z]+)\)")


def colours(scheme: str) -> Mapping[str, str]:
    """Give the colours of `light` or `dark` by name."""
    return _schemes()[scheme]


def page_palette() -> str:
    """Write the colours as variables, the dark ones where the reader's system asks for them.

    Print is always light.
    """
    light, dark = (_variables(_schemes()[scheme]) for scheme in ("light", "dark"))
    return (
        f":root{{{light}color-scheme:light dark}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def resolved(style: str, scheme: str = "light") -> str:
    """Put one scheme's colours in place of the variables of a stylesheet.

    >>> resolved(".a { fill: var(--raised); }")
    '.a { fill: #ffffff; }'
    """
    names = _schemes()[scheme]
    return _VARIABLE.sub(lambda found: names[found.group(1)], style)


def _variables(names: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in names.items())


@lru_cache(maxsize=1)
def _schemes() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(asset("palette.toml"))
