"""Measure the reuse reading: speed against the number of texts, quality on planted reuse.

Run:  python benchmarks/reuse.py [TEXTS …]      (default 1000 2000 5000 10000)
Texts are made of invented words drawn by Zipf's law, with set phrases that many texts share, as
news does. Into each tenth text a passage of another is planted in one of three ways; everything
is drawn from fixed seeds. A planted translation is no shared wording: it is measured on the example
collection, where judged pairs in two languages stand.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path

from kg.analyse.passages import MINIMUM, SourceText, shared_passages
from kg.analyse.projection import load_material
from kg.analyse.reuse import reuse
from kg.graph.build import collection_quads, project_lookup
from kg.graph.store import MemoryStore
from kg.project import find_project
from kg.records import load_collection

KINDS = ("copied", "edited", "reordered")
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "strait-ferry"
SYLLABLES = [a + b for a in "bdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "on")]


def words(count: int, dice: random.Random) -> list[str]:
    """Invent words, the short ones first, as they are the frequent ones in any language."""
    found: dict[str, None] = {}
    while len(found) < count:
        size = 1 + min(len(found) // 200, 3) + dice.randrange(2)
        found["".join(dice.choice(SYLLABLES) for _ in range(size))] = None
    return list(found)


def article(
    vocabulary: list[str], weights: list[float], phrases: list[str], dice: random.Random
) -> list[str]:
    """Write some twenty sentences; one in six holds a set phrase that other texts hold too."""
    sentences = []
    for _ in range(dice.randrange(15, 26)):
        tokens = dice.choices(vocabulary, cum_weights=weights, k=dice.randrange(10, 24))
        if dice.random() < 1 / 6:
            tokens[3:3] = dice.choice(phrases).split()
        if dice.random() < 0.3:
            tokens[2] = tokens[2].capitalize()
        sentences.append(" ".join(tokens).capitalize() + ".")
    return sentences


def plant(sentences: list[str], kind: str, vocabulary: list[str], dice: random.Random) -> list[str]:
    """Change two sentences of another text: not at all, one word in six, or order of parts."""
    if kind == "copied":
        return list(sentences)
    if kind == "edited":
        found = []
        for sentence in sentences:
            tokens = sentence.split()
            for place in range(0, len(tokens), 6):
                tokens[place] = dice.choice(vocabulary)
            found.append(" ".join(tokens))
        return found
    halves = [" ".join(part) for sentence in sentences for part in _halves(sentence.split())]
    dice.shuffle(halves)
    return halves


def _halves(tokens: list[str]) -> tuple[list[str], list[str]]:
    return tokens[: len(tokens) // 2], tokens[len(tokens) // 2 :]


def corpus(count: int, seed: int = 11) -> tuple[list[SourceText], dict[tuple[str, str], str]]:
    """Make texts and say which pairs share a planted passage, and of which kind."""
    dice = random.Random(seed)
    vocabulary = words(20_000, dice)
    total, weights = 0.0, []
    for rank in range(len(vocabulary)):
        total += 1 / (rank + 3)
        weights.append(total)
    phrases = [
        " ".join(dice.choices(vocabulary[:3000], k=dice.randrange(3, 5))) for _ in range(200)
    ]
    texts = [article(vocabulary, weights, phrases, dice) for _ in range(count)]
    planted = {}
    for number in range(0, count - 1, 10):
        kind = KINDS[number // 10 % len(KINDS)]
        source = texts[number][2:4]
        where = dice.randrange(len(texts[number + 1]))
        texts[number + 1][where:where] = plant(source, kind, vocabulary, dice)
        planted[f"t{number:06}", f"t{number + 1:06}"] = kind
    made = [SourceText(f"t{number:06}", " ".join(text)) for number, text in enumerate(texts)]
    return made, planted


def measure(count: int) -> None:
    """Print one line of time, and one of quality for each kind."""
    sources, planted = corpus(count)
    start = time.process_time()
    found = shared_passages(sources)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pairs = {(item.left.text, item.right.text) for item in found if item.evidence >= MINIMUM}
    right = len(pairs & planted.keys())
    recalls = ", ".join(
        f"{kind} {sum(planted[pair] == kind for pair in pairs & planted.keys())}"
        f"/{sum(value == kind for value in planted.values())}"
        for kind in KINDS
    )
    print(
        f"{count:>6} texts: {seconds:6.1f} s of CPU, {1000 * seconds / count:5.2f} ms a text, "
        f"peak {memory:,.0f} MB; precision {right / max(len(pairs), 1):.3f} "
        f"({len(pairs)} pairs), recall: {recalls}"
    )


def thresholds(count: int) -> None:
    """Print precision and recall against the evidence asked for."""
    sources, planted = corpus(count, seed=23)
    for minimum in (2.0, 3.0, 4.0, 5.0, 6.0, 8.0):
        pairs = {
            (item.left.text, item.right.text)
            for item in shared_passages(sources, minimum=minimum, support=minimum)
        }
        right = len(pairs & planted.keys())
        print(
            f"  evidence {minimum:>3}: precision {right / max(len(pairs), 1):.3f}, "
            f"recall {right / len(planted):.3f}"
        )


def translations() -> None:
    """Print how many judged pairs in two languages the reading finds by their claims."""
    project = find_project(EXAMPLE)
    loaded = load_collection(project)
    lookup = project_lookup(loaded.collection, project)
    store = MemoryStore(collection_quads(loaded.collection, lookup))
    material = load_material(store, base=project.base)
    judged = {
        tuple(sorted((item.left, item.right)))
        for item in material.alignments
        if item.judgement == "positive" and item.relation == "variant-of-same-utterance"
    }
    crossing = {
        pair
        for pair in judged
        for rows in [[material.row(side) for side in pair]]
        if rows[0] and rows[1] and rows[0].language != rows[1].language
    }
    found = {
        tuple(sorted((item.left.iri, item.right.iri))) for item in reuse(material, {}).translations
    }
    speakers = {pair for pair in crossing if pair in found}
    print(
        f"translated quotes in the example: {len(speakers)} of {len(crossing)} judged pairs found "
        f"({len(found)} pairs shown; one pair a claim and language, not every pair)"
    )


def main() -> None:
    """Measure for each number of texts, then thresholds and translations."""
    for count in [int(argument) for argument in sys.argv[1:]] or [1000, 2000, 5000, 10000]:
        measure(count)
    print("1,000 texts, other seed:")
    thresholds(1000)
    translations()


if __name__ == "__main__":
    main()
