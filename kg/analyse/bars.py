"""Small pictures of a profile: horizontal bars as SVG, readable without colour or script.

In: names with shares. Out: SVG text, the same bytes for the same numbers. Draws nothing else; the
who-said-what picture is `kg.export`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from unicodedata import category

from kg.analyse.profile import Profile, Share

__all__ = ["bars", "profile_svgs"]

_ROW = 22
_NAME = 230
_BAR = 300
_WIDTH = _NAME + _BAR + 110
_MOST = 12
_LETTERS = 34
_FONT = 'font-family="sans-serif" font-size="13"'


def profile_svgs(item: Profile) -> dict[str, str]:
    """Draw the lists of a profile that are shares, by name of the list; empty ones are left out."""
    lists = {
        "voices": ("Share of voice, by quoted characters", item.voices),
        "forms": ("Forms of reported speech", item.forms),
        "stances": ("Stance of the cue", item.stances),
        "modalities": ("How firmly the reporter puts it", item.modalities),
    }
    return {name: bars(title, shares) for name, (title, shares) in lists.items() if shares}


def bars(title: str, shares: Sequence[Share], *, most: int = _MOST) -> str:
    """Draw one bar a share, each labelled with its name, percentage and count.

    More than `most` are told as one line at the foot, not drawn.
    """
    shown = shares[:most]
    height = _ROW * (len(shown) + (len(shares) > most)) + 34
    widest = max((share.share for share in shown), default=0.0) or 1.0
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {_FONT}>',
        f"<title>{_text(title)}</title>",
        f'<text x="0" y="16" font-weight="bold" fill="currentColor">{_text(title)}</text>',
    ]
    for place, share in enumerate(shown):
        top = 28 + place * _ROW
        wide = round(_BAR * share.share / widest, 1)
        label = share.name if len(share.name) <= _LETTERS else share.name[: _LETTERS - 1] + "…"
        said = f"{share.share:.1%} · {share.attributions}"
        lines.append(
            f"<g><title>{_text(share.name)}: {said}</title>"
            f'<text x="{_NAME - 8}" y="{top + 14}" text-anchor="end" fill="currentColor">'
            f"{_text(label)}</text>"
            f'<rect x="{_NAME}" y="{top + 2}" width="{wide}" height="15" fill="#3b6ea5"/>'
            f'<text x="{_NAME + wide + 6}" y="{top + 14}" fill="currentColor">{said}</text></g>'
        )
    if len(shares) > most:
        top = 28 + len(shown) * _ROW + 14
        rest = f"and {len(shares) - most} more"
        lines.append(f'<text x="{_NAME}" y="{top}" fill="currentColor">{rest}</text>')
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    return escape("".join(mark if category(mark) != "Cc" else " " for mark in words))
