"""Says what boilerplate marking costs: how many annotated quotes a marked stretch touches.

Run:  python benchmarks/boilerplate.py GOLD.jsonl…   (lines with "text" and "quotes" of start, end)
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from kg.intake.boilerplate import find_boilerplate


def main(paths: list[str]) -> None:
    """Print, for each file, stretches, quotes, quotes touched and characters a second."""
    for path in paths:
        stretches = quotes = touched = characters = 0
        seconds = 0.0
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            started = time.perf_counter()
            found = find_boilerplate(article["text"])
            seconds += time.perf_counter() - started
            characters += len(article["text"])
            stretches += len(found)
            quotes += len(article["quotes"])
            touched += sum(
                any(
                    item.span.start < quote["end"] and quote["start"] < item.span.end
                    for item in found
                )
                for quote in article["quotes"]
            )
        print(
            f"{Path(path).name}: {stretches} stretches, {quotes} quotes, {touched} touched, "
            f"{characters / seconds / 1e6:.1f}M characters/s"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
