"""Measure the readings: time on many attributions, quality of candidate variants on judged pairs.

Run:  python benchmarks/readings.py [ATTRIBUTIONS …]      (default 10000 100000)
Times are of the processor, on rows made here from fixed seeds. Quality is taken on the annotated
news beside the project (`../shared/corpus/news_dev.jsonl`, skipped where absent), on the example
collection and on the project's own records, with the utterances of the records taken away.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from kg.analyse.candidates import candidates
from kg.analyse.chains import only_through, ways
from kg.analyse.conflicts import conflicts
from kg.analyse.drift import drifts
from kg.analyse.judgements import SAMENESS
from kg.analyse.material import DocumentFact, Material, PredicateFact, UtteranceFact
from kg.analyse.origins import origins
from kg.analyse.profile import profile
from kg.analyse.projection import load_material
from kg.analyse.variants import variants
from kg.graph.build import collection_quads, project_lookup
from kg.graph.rows import AttributionRow, ClaimRow
from kg.graph.store import MemoryStore
from kg.project import find_project
from kg.records import load_collection

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "news_dev.jsonl"
BASE = "https://example.org/id/"
Pair = tuple[str, str]


def blank(**known: object) -> AttributionRow:
    """Make a row of which only some columns are known."""
    empty: dict[str, object] = {field.name: "" for field in dataclasses.fields(AttributionRow)}
    empty.update(spans=(), claims=(), chain=(), chain_iris=(), speakers=(), speaker_iris=())
    empty.update(confidence=None, retracted=False, outlet_known=True, polarity="affirmed")
    empty.update(modality="certain", reporter_modality="certain")
    return AttributionRow(**(empty | known))  # type: ignore[arg-type]


def synthetic(count: int, seed: int = 5) -> Material:
    """Make a collection of twenty attributions a text, some claims told by many texts."""
    dice = random.Random(seed)
    vocabulary = [
        "".join(dice.choice("bcdfglmnprst") + dice.choice("aeiou") for _ in range(3))
        for _ in range(8000)
    ]
    texts = max(count // 20, 1)
    documents, utterances, rows = {}, {}, []
    claims = [claim(number) for number in range(max(count // 3, 10))]
    for number in range(texts):
        day = f"2025-{1 + number % 12:02}-{1 + number % 28:02}"
        iri = f"{BASE}text/{number}"
        outlet = f"{BASE}outlet/{number % 200}"
        documents[iri] = DocumentFact(
            iri, f"d{number}", f"{number:064x}", "fr", "", outlet, f"Outlet {number % 200}",
            outlet_known=True, published=day, earliest=day, latest=day,
        )  # fmt: skip
    for number in range(count):
        document = documents[f"{BASE}text/{number % texts}"]
        told = claims[int(len(claims) * dice.random() ** 3)]
        own = dice.random() < 0.25
        speaker = f"{BASE}agent/{int(2000 * dice.random() ** 2)}"
        utterance = f"{BASE}utterance/{dice.randrange(count // 2)}" if not own else ""
        if utterance:
            utterances[utterance] = UtteranceFact(utterance, utterance[-6:], (speaker,))
        rows.append(
            blank(
                iri=f"{document.iri}/attribution/{number}",
                identifier=f"{document.slug}#a{number}",
                document_iri=document.iri,
                slug=document.slug,
                language="fr",
                published=document.published,
                outlet_iri=document.outlet_iri,
                outlet=document.outlet,
                sha256=document.sha256,
                form="authorial" if own else "direct",
                speaker_iris=() if own else (speaker,),
                speakers=() if own else (speaker[-6:],),
                quote=" ".join(dice.choices(vocabulary, k=dice.randrange(6, 20))),
                spans=((number, number + 90),),
                claims=(told,),
                utterance_iri=utterance,
                chain=("Agency",) if dice.random() < 0.1 else (),
                chain_iris=(f"{BASE}source/{number % 50}",) if dice.random() < 0.1 else (),
                modality=dice.choice(("certain", "certain", "planned", "possible")),
            )
        )
    predicates = {
        f"{BASE}p{number}": PredicateFact(f"{BASE}p{number}", f"p{number}", functional=number == 0)
        for number in range(40)
    }
    return Material(
        BASE,
        tuple(sorted(rows, key=lambda row: (row.slug, row.spans, row.iri))),
        documents=documents,
        utterances=utterances,
        predicates=predicates,
    )


def claim(number: int) -> ClaimRow:
    """Make a claim; one predicate in forty is functional, so that some conflict."""
    return ClaimRow(
        f"{BASE}claim/{number}",
        f"affirmation {number}",
        f"claim {number}",
        f"{BASE}agent/{number % 900}",
        f"{BASE}p{number % 40}",
        f"{BASE}topic/{number}",
    )


def scale(count: int) -> None:
    """Print what each reading costs on so many attributions."""
    material = synthetic(count)
    told = max(material.claim_iris, key=lambda iri: len(material.conveying(iri)))
    readings: list[tuple[str, Callable[[], object]]] = [
        ("variants", lambda: len(variants(material).utterances)),
        ("candidates", lambda: len(candidates(material))),
        ("origins of one", lambda: origins(material, told).independent),
        (
            "origins of all",
            lambda: sum(origins(material, iri).texts for iri in material.claim_iris),
        ),
        ("drift", lambda: len(drifts(material))),
        ("conflicts", lambda: len(conflicts(material))),
        ("chains", lambda: len(ways(material)) + len(only_through(material))),
        ("profile", lambda: profile(material).attributions),
    ]
    for name, read in readings:
        start = time.process_time()
        outcome = read()
        print(f"{count:>8,} {name:<15} {time.process_time() - start:7.2f} s   gives {outcome}")


def quality(name: str, material: Material, judged: set[Pair], *, across: bool) -> None:
    """Print precision and recall of candidates against judged pairs, for several cuts."""
    for cut in (0.35, 0.4, 0.45, 0.5, 0.6):
        found = {
            (item.left, item.right)
            for item in candidates(material, cut=cut, across_documents=across)
        }
        right = len(found & judged)
        print(
            f"{name} cut {cut}: {len(found)} pairs, precision {right / max(len(found), 1):.2f}, "
            f"recall {right / max(len(judged), 1):.2f} of {len(judged)}"
        )


def annotated() -> None:
    """Take the annotated news: pairs that say the same, between texts and within them."""
    if not CORPUS.is_file():
        print(f"{CORPUS.name}: not here, skipped")
        return
    rows, judged, holder = [], set(), {}
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        doc = json.loads(line)
        for quote in doc["quotes"]:
            name = quote["speaker_canonical"]
            holder[quote["id"]] = doc["id"]
            rows.append(
                blank(
                    iri=quote["id"],
                    identifier=quote["id"],
                    document_iri=doc["id"],
                    slug=doc["id"],
                    language=doc["lang"],
                    published=doc["published"],
                    quote=quote["text"],
                    form=quote["kind"],
                    speakers=(name,) if name else (),
                    speaker_iris=(name,) if name else (),
                )
            )
            judged.update(pair(quote["id"], other) for other in quote["same_as"])
    material = Material(BASE, tuple(rows))
    across = {pair for pair in judged if holder[pair[0]] != holder[pair[1]]}
    quality("annotated news, between texts,", material, across, across=True)
    quality("annotated news, all,", material, judged, across=False)


def pair(left: str, right: str) -> Pair:
    """Put two names in order."""
    return (left, right) if left < right else (right, left)


def recorded(root: Path) -> None:
    """Take a project's records: pairs judged one utterance, with the utterances taken away."""
    project = find_project(root)
    loaded = load_collection(project)
    lookup = project_lookup(loaded.collection, project)
    store = MemoryStore(collection_quads(loaded.collection, lookup))
    material = load_material(store, base=project.base)
    rows = {row.iri: row for row in material.rows if row.form != "authorial"}
    judged = {
        pair(item.left, item.right)
        for item in material.alignments
        if item.relation in SAMENESS and item.judgement == "positive"
        if {item.left, item.right} <= rows.keys()
        if rows[item.left].document_iri != rows[item.right].document_iri
    }
    judged |= _one_statement(rows.values())
    bare = [
        dataclasses.replace(row, utterance_iri="", utterance_date=row.utterance_date)
        for row in material.rows
    ]
    stripped = dataclasses.replace(
        material, rows=tuple(bare), alignments=(), _rows_by_iri={}, _kept={}
    )
    quality(f"{root.name}, between texts,", stripped, judged, across=True)


def _one_statement(rows: Iterable[AttributionRow]) -> set[Pair]:
    """Add pairs of one recorded utterance that share a claim: they need no alignment to be one."""
    found = set()
    ordered = sorted(rows, key=lambda row: row.iri)
    for position, left in enumerate(ordered):
        for right in ordered[position + 1 :]:
            same = left.utterance_iri and left.utterance_iri == right.utterance_iri
            if (
                same
                and left.document_iri != right.document_iri
                and set(left.claims) & set(right.claims)
            ):
                found.add(pair(left.iri, right.iri))
    return found


def main() -> None:
    """Measure quality, then time."""
    annotated()
    recorded(ROOT / "examples" / "strait-ferry")
    recorded(ROOT)
    for count in [int(argument) for argument in sys.argv[1:]] or [10_000, 100_000]:
        scale(count)


if __name__ == "__main__":
    main()
