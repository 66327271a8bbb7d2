"""The picture in parts a person can take in: what outlets share, then each voice's other claims.

In: a scene. Out: `Part` values, each a scene of its own with an anchor. Every claim is in one part:
among the shared ones where two outlets carry it or its speaker was lost, else with its first voice,
the outlets' own voice outlet by outlet. Draws nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.labels import outlet_label, voice_label
from kg.export.safe_text import attribute_id
from kg.export.scene import narrowed

if TYPE_CHECKING:
    from kg.export.scene import Line, OutletColumn, Scene, Voice

__all__ = ["FOLD", "SEVERAL", "Part", "is_folded", "is_too_much", "other_parts", "shared_part"]

FOLD = 40
"""Claims up to which one drawing holds them all and nothing is folded away."""

SEVERAL = 4
"""How many drawings' worth of claims a page holds in all; above it the parts are left out."""


@dataclass(frozen=True, slots=True)
class Part:
    """Claims of one voice that stand in no other part; `outlet` where the voice is an outlet's."""

    voice: Voice
    outlet: OutletColumn | None
    scene: Scene

    @property
    def anchor(self) -> str:
        """The element id of the part."""
        voice = self.voice
        name = self.outlet.iri if self.outlet else " ".join((*voice.iris, *voice.labels))
        return attribute_id("p", f"{name} {voice.slug}")

    def name(self, language: str) -> str:
        """Name the voice; an own voice by its outlet."""
        if self.outlet:
            return f"{voice_label(self.voice, language)} · {outlet_label(self.outlet, language)}"
        return voice_label(self.voice, language)


def is_folded(scene: Scene) -> bool:
    """Whether the page is made of parts, all but the first folded away."""
    return len(scene.lines) > FOLD


def is_too_much(scene: Scene, limit: int) -> bool:
    """Whether the parts together are more than a page can hold."""
    return len(scene.lines) > SEVERAL * limit


def shared_part(scene: Scene, language: str, limit: int) -> Scene:
    """Give the claims that several outlets carry, those of most outlets first, at most `limit`."""
    return narrowed(scene, [line for line in scene.lines if _is_shared(line)][:limit], language)


def other_parts(scene: Scene, language: str) -> list[Part]:
    """Give every other claim, voice by voice in the order of the ledger's bands."""
    parts: list[Part] = []
    placed: set[str] = set()
    for band in scene.bands:
        grouped: defaultdict[OutletColumn | None, list[Line]] = defaultdict(list)
        for line in band.lines:
            if line.claim.iri not in placed and not _is_shared(line):
                grouped[line.marks[0].outlet if band.voice.is_outlet else None].append(line)
                placed.add(line.claim.iri)
        parts.extend(
            Part(band.voice, outlet, narrowed(scene, _whole(scene, grouped[outlet]), language))
            for outlet in (None, *scene.outlets)
            if outlet in grouped
        )
    return parts


def _is_shared(line: Line) -> bool:
    return line.outlet_count > 1 or line.is_lost


def _whole(scene: Scene, lines: list[Line]) -> list[Line]:
    """Give the scene's own lines, with the marks of every voice, for a band's."""
    wanted = {line.claim.iri for line in lines}
    return [line for line in scene.lines if line.claim.iri in wanted]
