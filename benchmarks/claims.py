"""Says how the claim patterns do on a project's own quotes: how many proposed, how many right.

Run:  python benchmarks/claims.py [PROJECT]   (a project whose attributions have annotated claims)
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.intake.claims import load_patterns, propose_claims
from kg.intake.gazetteer import build_agent_index
from kg.project import find_project
from kg.records import load_collection


def main(folder: str = ".") -> None:
    """Print every proposal that is not annotated, then the counts."""
    project = find_project(Path(folder))
    collection = load_collection(project).collection
    index = build_agent_index(collection.agents, others=(*collection.topics, *collection.sources))
    patterns = load_patterns(project.sources)
    annotated = proposed = right = 0
    for record in collection.records:
        for attribution in record.attributions:
            gold = {(claim.subject, claim.predicate, claim.object) for claim in attribution.claims}
            annotated += len(gold)
            for item in propose_claims(
                " ".join(attribution.quotes),
                language=record.document.language,
                index=index,
                patterns=patterns,
                speakers=attribution.speakers,
            ):
                claim = item.claim
                proposed += 1
                if (claim.subject, claim.predicate, claim.object) in gold:
                    right += 1
                else:
                    print(f"{record.slug}#{attribution.id}: {claim.line} ({item.basis})")
    print(f"{proposed} proposed, {right} of them annotated, {annotated} annotated in all")


if __name__ == "__main__":
    main(*sys.argv[1:2])
