"""Proposes the attributions of one captured article: rules over the text, boilerplate looked past.

In: a captured article, and the collection's agents where there are any. Out: proposals whose
offsets are those of the captured text. Light to import: `kg extract` needs no more than this.
"""

from __future__ import annotations

from kg.intake.boilerplate import mask
from kg.intake.dates import first_full_date
from kg.intake.document import Captured
from kg.intake.extract import extract
from kg.intake.gazetteer import AgentIndex, build_agent_index
from kg.intake.proposal import Proposal
from kg.model import Collection, parse_when

__all__ = ["agent_index_for", "propose"]


def propose(
    captured: Captured, index: AgentIndex | None, *, volitions: bool = False
) -> list[Proposal]:
    """Run the extraction rules over an article, its boilerplate blanked out."""
    text = mask(captured.text, captured.boilerplate)
    return extract(text, language=captured.language, gazetteer=index, volitions=volitions)


def agent_index_for(captured: Captured, collection: Collection) -> AgentIndex:
    """Prepare the agents of a collection for the day an article speaks of."""
    day = captured.published or first_full_date(captured.text, captured.language)
    return build_agent_index(
        collection.agents,
        day=parse_when(day) if day else None,
        others=(*collection.topics, *collection.outlets, *collection.sources),
    )
