"""The signs of the picture: one glyph and line style a form, the relay's double line, denial's bar.

In: a form, a place, a path. Out: SVG shapes told apart by shape and dash pattern, never by colour
alone; `assets/ledger.css` gives them their strokes. It knows no layout and writes no text.
"""

from __future__ import annotations

from kg.model import Form

__all__ = ["GLYPH_BOX", "curve", "glyph", "number", "sample", "small_glyph"]

GLYPH_BOX = 22
"""Width and height of the square a glyph fits in, a relayed one included."""


def number(value: float) -> str:
    """Write a coordinate to one decimal, without a trailing zero.

    >>> number(12.04), number(12.06)
    ('12', '12.1')
    """
    return f"{value:.1f}".removesuffix(".0")


def glyph(form: str, x: float, y: float, *, relayed: bool = False, denied: bool = False) -> str:
    """Draw the sign of a form about a point; relayed in a diamond, denied struck through."""
    drawn = (_diamond(form, x, y) if relayed else "") + _shapes(form, x, y)
    return drawn + (_bar(x, y) if denied else "")


def curve(form: str, path: str, *, relayed: bool = False) -> str:
    """Draw a path in the line style of a form; a relayed one is a double line."""
    ink = _ink(form)
    if not relayed:
        return f'<path class="line line-{_style(form)} {ink}" d="{path}"/>'
    return (
        f'<path class="line line-{_style(form)} line-relay {ink}" d="{path}"/>'
        f'<path class="line-core" d="{path}"/>'
    )


def sample(form: str, *, relayed: bool = False, denied: bool = False) -> str:
    """Draw glyph and line side by side as a small picture for a legend."""
    line = curve(form, "M22 11H62", relayed=relayed)
    drawn = line + glyph(form, 11, 11, relayed=relayed, denied=denied)
    return (
        '<svg class="sample" width="64" height="22" viewBox="0 0 64 22" aria-hidden="true" '
        f'focusable="false">{drawn}</svg>'
    )


def small_glyph(form: str, *, relayed: bool = False, denied: bool = False) -> str:
    """Draw a glyph alone as a small picture for a table cell."""
    middle = GLYPH_BOX / 2
    return (
        f'<svg class="sign" width="{GLYPH_BOX}" height="{GLYPH_BOX}" '
        f'viewBox="0 0 {GLYPH_BOX} {GLYPH_BOX}" aria-hidden="true" focusable="false">'
        f"{glyph(form, middle, middle, relayed=relayed, denied=denied)}</svg>"
    )


def _style(form: str) -> str:
    """Name the line style; a form this version does not know is drawn as indirect."""
    return form if form in tuple(Form) else Form.INDIRECT.value


def _ink(form: str) -> str:
    return "own" if form == Form.AUTHORIAL else "said"


def _diamond(form: str, x: float, y: float) -> str:
    reach = GLYPH_BOX / 2 - 1
    path = (
        f"M{number(x - reach)} {number(y)}L{number(x)} {number(y - reach)}"
        f"L{number(x + reach)} {number(y)}L{number(x)} {number(y + reach)}Z"
    )
    return f'<path class="glyph-relay {_ink(form)}" d="{path}"/>'


def _bar(x: float, y: float) -> str:
    """Strike a sign through: a bar on a band of paper, so that it shows on filled signs too."""
    reach = GLYPH_BOX / 2 - 2
    path = f"M{number(x - reach)} {number(y + reach)}L{number(x + reach)} {number(y - reach)}"
    return f'<path class="deny-gap" d="{path}"/><path class="deny-bar" d="{path}"/>'


def _shapes(form: str, x: float, y: float) -> str:
    """Filled: the words themselves. Hollow: reported. Square: the outlet's own."""
    if form == Form.AUTHORIAL:
        return (
            f'<rect class="solid-own" x="{number(x - 4.5)}" y="{number(y - 4.5)}" '
            'width="9" height="9"/>'
        )
    if form == Form.SCARE_QUOTE:
        return "".join(
            f'<path class="solid-said" d="M{number(x + dx)} {number(y - 5)}h4l-2.4 9h-2.6z"/>'
            for dx in (-4.5, 1)
        )
    if form == Form.DIRECT:
        return _circle("solid-said", x, y, 5.5)
    if form == Form.UNMARKED_DIRECT:
        return _circle("glyph said", x, y, 5) + _circle("solid-said", x, y, 2.4)
    if form == Form.MIXED:
        half = f"M{number(x)} {number(y - 5)}a5 5 0 0 0 0 10z"
        return _circle("glyph said", x, y, 5) + f'<path class="solid-said" d="{half}"/>'
    if form == Form.FREE_INDIRECT:
        return _circle("glyph said glyph-dash", x, y, 5)
    return _circle("glyph said", x, y, 5)


def _circle(style: str, x: float, y: float, radius: float) -> str:
    return f'<circle class="{style}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
