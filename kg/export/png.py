"""The ledger as a PNG image, drawn by resvg with a font that ships in this package.

In: an SVG text as `render_svg` gives it. Out: PNG bytes, equal on every machine: system fonts are
never read, so a machine without fonts shows the same text. Needs the extra [png].
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from importlib.resources import as_file, files

from kg.errors import ExtraMissingError, UsageError

__all__ = ["FONTS", "render_png"]

FONTS = ("Arimo-Regular.ttf", "Arimo-Bold.ttf")
"""SIL Open Font License 1.1 (assets/Arimo-OFL.txt), unmodified; the metrics of `text_width`."""

LARGEST = 32_000
"""Pixels on the longer side beyond which viewers of images give up."""

_SIZE = re.compile(r'<svg[^>]*? width="(\d+)" height="(\d+)"')


def render_png(svg: str, scale: float = 2.0) -> bytes:
    """Draw an SVG document at a scale; scripts and outside references are never followed.

    Raises:
        ExtraMissingError: where resvg_py is not installed.
        UsageError: for a scale that gives no image, or one too large to open.
    """
    try:
        import resvg_py  # noqa: PLC0415 - an optional extra, loaded where it is used
    except ImportError as error:
        raise ExtraMissingError(
            "png", "drawing a PNG image", cause=error, module="resvg_py"
        ) from error
    largest = _longer_side(svg) * scale
    if not 1 <= largest <= LARGEST:
        raise UsageError(
            f"at scale {scale:g} the image would be {largest:.0f} pixels long, and an image may "
            f"have from 1 to {LARGEST}: choose another scale, or --svg"
        )
    folder = files("kg.export").joinpath("assets")
    with ExitStack() as stack:
        fonts = [str(stack.enter_context(as_file(folder.joinpath(name)))) for name in FONTS]
        try:
            drawn = resvg_py.svg_to_bytes(
                svg_string=svg,
                zoom=scale,
                skip_system_fonts=True,
                font_files=fonts,
                font_family="Arimo",
                sans_serif_family="Arimo",
            )
        except (ValueError, RuntimeError) as error:
            raise UsageError(f"the picture cannot be drawn as PNG: {error}") from error
    return bytes(drawn)


def _longer_side(svg: str) -> int:
    """Read the size that `render_svg` writes.

    Raises:
        UsageError: for SVG that states none in pixels.
    """
    found = _SIZE.match(svg)
    if found is None:
        raise UsageError("the picture states no size in pixels; draw it with render_svg")
    return max(int(found[1]), int(found[2]))
