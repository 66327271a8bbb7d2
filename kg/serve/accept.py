"""What a client would take: the Accept header read as media ranges.

In: the header. Out: its ranges, the heaviest first. It does not know what we have to give.
"""

from __future__ import annotations

__all__ = ["accepted"]


def accepted(header: str) -> list[tuple[str, float]]:
    """Read an Accept header (RFC 9110 §12.5.1): media ranges by weight, the heaviest first."""
    found: list[tuple[str, float]] = []
    for part in header.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        if kind:
            found.append((kind, weight))
    return sorted(found, key=lambda pair: -pair[1])
