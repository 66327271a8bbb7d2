"""Measures extraction against annotated articles.

Run: `python benchmarks/extraction.py GOLD.jsonl [--floor]`.

In: one JSON document a line (`id, lang, text, quotes: [{start, end, kind, speaker,
speaker_canonical, group?, optional?}]`). Out: precision, recall and F1 by kind, speakers, end to
end, characters a second of one core, and the SHA-256 of the gold file. With `--floor` the figures
are held against `extraction_floors.toml`: exit 1 where one is lower. `--set-floor` writes them.

A span matches where it shares at least `--iou` of its characters with the gold span, both trimmed
of marks, outer punctuation and a leading complementizer. Fragments of one gold group also match
one span over all of them. Optional gold quotes, and the bare quoted part of a mixed one, are
neither required nor wrong. End to end means span and speaker.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.intake.extract import extract
from kg.intake.language import language_codes
from kg.intake.proposal import to_line

FLOORS = Path(__file__).with_name("extraction_floors.toml")
MARKS = frozenset("\"“”„‟«»‹›'‘’‚`″′")
EDGE = MARKS | frozenset(" \t\n\r\u00a0\u202f\u2009\ufeff\u200b.,;:!?…-–—()[]،؛؟。")
COMPLEMENTIZERS = {
    "fr": r"(?:ce que|à ce que|que|qu['’]|si)(?=[\s«\"“'’]|\b)",
    "en": r"that\b",
    "de": r"(?:dass|daß)\b",
    "es": r"que\b",
    "pt": r"que\b",
    "it": r"(?:che|ch['’])",
    "ru": r"(?:чтобы|что)\b",
    "cs": r"(?:že|aby)\b",
    "ar": r"(?:بأن|أن|إن|ان)\b",
    "nl": r"dat\b",
    "pl": r"(?:że|iż)\b",
}
SMALL_WORDS = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "des",
        "de",
        "du",
        "d",
        "au",
        "aux",
        "et",
        "à",
        "the",
        "a",
        "an",
        "of",
        "and",
        "mr",
        "mrs",
        "ms",
        "m",
        "mme",
        "mlle",
        "dr",
        "sir",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einer",
        "el",
        "los",
        "las",
        "del",
        "y",
        "o",
        "os",
        "as",
        "do",
        "da",
        "dos",
        "das",
        "e",
        "il",
        "lo",
        "gli",
        "i",
        "di",
        "dei",
        "della",
        "mm",
        "son",
        "sa",
        "ses",
        "his",
        "her",
        "its",
        "their",
    ]
)
LONGEST_MENTION = 150
SLACK = 0.005
"""How far a figure may fall below its floor before it counts as lower."""

Span = tuple[int, int]


@dataclass(slots=True)
class Tally:
    """What was counted over some documents."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, number: int = 1) -> None:
        """Count some more of one thing."""
        self.counts[name] = self.counts.get(name, 0) + number

    def ratio(self, part: str, whole: str) -> float:
        """Return one count as a share of another; 0 of 0 is 0."""
        total = self.counts.get(whole, 0)
        return self.counts.get(part, 0) / total if total else 0.0

    def f1(self, hit_predicted: str, predicted: str, hit_gold: str, gold: str) -> float:
        """Return the harmonic mean of precision and recall."""
        precision, recall = self.ratio(hit_predicted, predicted), self.ratio(hit_gold, gold)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def trimmed(text: str, quote: dict[str, Any], language: str) -> Span:
    """Return a quote's span without marks, outer punctuation and complementizer."""
    start, end = quote["start"], quote["end"]
    pattern = COMPLEMENTIZERS.get(language)
    for _ in range(3):
        while start < end and text[start] in EDGE:
            start += 1
        while end > start and text[end - 1] in EDGE:
            end -= 1
        found = (
            re.compile(pattern + r"\s*", re.IGNORECASE).match(text, start, end) if pattern else None
        )
        if found is None or not start < found.end() < end:
            break
        start = found.end()
    return start, end


def shared(one: Span, two: Span) -> int:
    """Return how many characters two spans share."""
    return max(0, min(one[1], two[1]) - max(one[0], two[0]))


def likeness(one: Span, two: Span) -> float:
    """Return intersection over union."""
    common = shared(one, two)
    return common / (max(one[1], two[1]) - min(one[0], two[0])) if common else 0.0


def pair(gold: list[Span], predicted: list[Span], least: float) -> dict[int, int]:
    """Match gold to predicted spans one to one, the most alike first."""
    candidates = sorted(
        (-likeness(one, two), g, p)
        for g, one in enumerate(gold)
        for p, two in enumerate(predicted)
        if shared(one, two)
    )
    matches: dict[int, int] = {}
    taken: set[int] = set()
    for negative, g, p in candidates:
        if -negative >= least and g not in matches and p not in taken:
            matches[g] = p
            taken.add(p)
    return matches


def add_groups(
    gold: list[dict[str, Any]],
    spans: list[Span],
    predicted: list[Span],
    matches: dict[int, int],
    least: float,
) -> None:
    """Let one predicted span over a whole group find each fragment of it."""
    groups: dict[Any, list[int]] = {}
    for index, quote in enumerate(gold):
        if quote.get("group") is not None:
            groups.setdefault(quote["group"], []).append(index)
    used = set(matches.values())
    for members in groups.values():
        if len(members) < 2 or all(index in matches for index in members):
            continue
        hull = (min(spans[i][0] for i in members), max(spans[i][1] for i in members))
        own = {matches[i] for i in members if i in matches}
        free = [p for p in range(len(predicted)) if p not in used or p in own]
        best = max(free, key=lambda p: (likeness(hull, predicted[p]), -p), default=-1)
        if best >= 0 and likeness(hull, predicted[best]) >= least:
            for index in members:
                matches.setdefault(index, best)
            used.add(best)


def words_of(text: str | None) -> frozenset[str]:
    """Return the words that carry a name, without accents and case."""
    plain = unicodedata.normalize("NFKD", text or "").lower()
    words = re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))
    return frozenset(w for w in words if w not in SMALL_WORDS) or frozenset(words)


def same_name(one: str | None, two: str | None) -> bool:
    """Whether all words of the shorter name stand in the longer."""
    first, second = words_of(one), words_of(two)
    return bool(first) and bool(second) and (first <= second or second <= first)


def is_speaker_right(gold: dict[str, Any], predicted: dict[str, Any]) -> bool:
    """Whether the predicted speaker is the gold one: by place, by words, or by both having none."""
    wanted, named = gold.get("speaker"), gold.get("speaker_canonical")
    found, canonical = predicted.get("speaker"), predicted.get("speaker_canonical")
    if found and found["end"] - found["start"] > max(
        LONGEST_MENTION, 2 * (wanted["end"] - wanted["start"]) if wanted else 0
    ):
        found = None
    if not wanted and not named:
        return not (found or canonical)
    if not (found or canonical):
        return False
    if wanted and found:
        one, two = (wanted["start"], wanted["end"]), (found["start"], found["end"])
        common = shared(one, two)
        if common and common >= 0.3 * min(one[1] - one[0], two[1] - two[0]):
            return True
    return any(
        same_name(mine, theirs)
        for mine in ((found or {}).get("text"), canonical)
        for theirs in ((wanted or {}).get("text"), named)
        if mine and theirs
    )


def is_forgiven(
    span: Span, text: str, optional: list[Span], required: list[dict[str, Any]], spans: list[Span]
) -> bool:
    """Whether an unmatched prediction falls on an optional quote or inside a mixed one."""
    for other in optional:
        common = shared(span, other)
        if common and (2 * common >= span[1] - span[0] or 2 * common >= other[1] - other[0]):
            return True
    start, end = span
    is_quoted = bool(MARKS & set(text[max(0, start - 2) : start])) and bool(
        MARKS & set(text[end : end + 3])
    )
    return is_quoted and any(
        quote["kind"] == "mixed" and whole[0] <= start and end <= whole[1]
        for quote, whole in zip(required, spans, strict=True)
    )


def score(
    gold: dict[str, Any], predicted: list[dict[str, Any]], tally: Tally, least: float
) -> None:
    """Count one document."""
    text, language = gold["text"], gold.get("lang", "")
    kept = [(quote, trimmed(text, quote, language)) for quote in gold["quotes"]]
    kept = [(quote, span) for quote, span in kept if span[1] > span[0]]
    required = [quote for quote, _ in kept if not quote.get("optional")]
    spans = [span for quote, span in kept if not quote.get("optional")]
    optional = [span for quote, span in kept if quote.get("optional")]
    answers = [(quote, trimmed(text, quote, language)) for quote in predicted]
    answers = [(quote, span) for quote, span in answers if span[1] > span[0]]
    places = [span for _, span in answers]
    matches = pair(spans, places, least)
    add_groups(required, spans, places, matches, least)
    taken = set(matches.values())
    forgiven = {
        index
        for index, span in enumerate(places)
        if index not in taken and is_forgiven(span, text, optional, required, spans)
    }
    tally.add("gold", len(required))
    tally.add("predicted", len(answers) - len(forgiven))
    tally.add("hit gold", len(matches))
    tally.add("hit predicted", len(taken))
    for kind in ("direct", "indirect", "mixed"):
        tally.add(f"gold {kind}", sum(quote["kind"] == kind for quote in required))
        tally.add(f"hit gold {kind}", sum(required[g]["kind"] == kind for g in matches))
        tally.add(
            f"predicted {kind}",
            sum(quote["kind"] == kind for p, (quote, _) in enumerate(answers) if p not in forgiven),
        )
        tally.add(f"hit predicted {kind}", sum(answers[p][0]["kind"] == kind for p in taken))
    _score_speakers(required, [quote for quote, _ in answers], matches, tally)


def _score_speakers(
    required: list[dict[str, Any]],
    answers: list[dict[str, Any]],
    matches: dict[int, int],
    tally: Tally,
) -> None:
    good = set()
    for g, p in matches.items():
        wanted, found = required[g], answers[p]
        is_right = is_speaker_right(wanted, found)
        tally.add("end to end gold", is_right)
        if is_right:
            good.add(p)
        if wanted.get("speaker") or wanted.get("speaker_canonical"):
            tally.add("with speaker")
            tally.add("speaker right", is_right)
        if wanted.get("speaker_canonical"):
            name = found.get("speaker_canonical") or (found.get("speaker") or {}).get("text")
            tally.add("with name")
            tally.add("name right", same_name(name, wanted["speaker_canonical"]))
    tally.add("end to end predicted", len(good))


def figures(tally: Tally) -> dict[str, float]:
    """Return the figures by name, rounded to four places."""
    found = {
        "span precision": tally.ratio("hit predicted", "predicted"),
        "span recall": tally.ratio("hit gold", "gold"),
        "span f1": tally.f1("hit predicted", "predicted", "hit gold", "gold"),
    }
    for kind in ("direct", "indirect"):
        found[f"{kind} f1"] = tally.f1(
            f"hit predicted {kind}", f"predicted {kind}", f"hit gold {kind}", f"gold {kind}"
        )
    found["mixed recall"] = tally.ratio("hit gold mixed", "gold mixed")
    found["speaker"] = tally.ratio("speaker right", "with speaker")
    found["resolved name"] = tally.ratio("name right", "with name")
    found["end to end f1"] = tally.f1(
        "end to end predicted", "predicted", "end to end gold", "gold"
    )
    return {name: round(value, 4) for name, value in found.items()}


def measure(
    path: Path, least: float = 0.8, *, volitions: bool = False
) -> tuple[str, dict[str, dict[str, float]], float]:
    """Run extraction over a gold file: its digest, the figures by language, characters a second."""
    raw = path.read_bytes()
    documents = [json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip()]
    known = language_codes()
    tallies: dict[str, Tally] = {}
    characters, seconds = 0, 0.0
    for document in documents:
        text, language = document["text"], document["lang"]
        begin = time.process_time()
        is_known = language in known
        proposals = extract(text, language=language, volitions=volitions) if is_known else []
        seconds += time.process_time() - begin
        characters += len(text)
        line = to_line(document["id"], text, language, proposals)
        score(document, line["quotes"], tallies.setdefault(language, Tally()), least)
    speed = characters / seconds if seconds else 0.0
    digest = hashlib.sha256(raw).hexdigest()
    return digest, {code: figures(tally) for code, tally in sorted(tallies.items())}, speed


def shortfalls(digest: str, found: dict[str, dict[str, float]]) -> list[str]:
    """Return one line per figure below its pinned floor; a file without floors has none."""
    pinned = tomllib.loads(FLOORS.read_text(encoding="utf-8")).get(digest, {})
    return [
        f"{language} {name}: {found.get(language, {}).get(name, 0.0):.4f}, the floor is {floor:.4f}"
        for language, floors in sorted(pinned.items())
        if isinstance(floors, dict)
        for name, floor in floors.items()
        if found.get(language, {}).get(name, 0.0) < floor - SLACK
    ]


def pin(name: str, digest: str, found: dict[str, dict[str, float]]) -> None:
    """Write these figures as the floors of this gold file."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    floors[digest] = {"file": name, **found}
    lines = ["# Floors of `benchmarks/extraction.py --floor`, by the SHA-256 of the gold file."]
    for key, entry in sorted(floors.items(), key=lambda item: item[1]["file"]):
        lines += ["", f"[{key}]", f'file = "{entry["file"]}"']
        for language, values in sorted((k, v) for k, v in entry.items() if k != "file"):
            lines += ["", f"[{key}.{language}]"]
            lines += [f'"{figure}" = {value}' for figure, value in values.items()]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Print the figures of one gold file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--iou", type=float, default=0.8)
    parser.add_argument("--floor", action="store_true", help="fail where a figure is lower")
    parser.add_argument("--set-floor", action="store_true", help="pin the figures of this run")
    parser.add_argument("--volitions", action="store_true", help="propose wills and praise too")
    options = parser.parse_args()
    digest, found, speed = measure(options.gold, options.iou, volitions=options.volitions)
    print(f"{options.gold.name}  sha256 {digest}")
    for language, values in found.items():
        print(f"\n{language}")
        for name, value in values.items():
            print(f"  {name:18}{value:8.3f}")
    print(f"\n{speed:,.0f} characters a second")
    if options.set_floor:
        pin(options.gold.name, digest, found)
    if options.floor:
        lower = shortfalls(digest, found)
        for line in lower:
            print(line, file=sys.stderr)
        return 1 if lower else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
