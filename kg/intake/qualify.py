"""Tells what kind of act a report is: illocution, polarity, modalities, stance.

In: a draft with its verb. Out: the fields of a proposal that come from the cue and its form,
each with the reason. It reads nothing but the verb group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.intake.drafts import Draft

__all__ = ["Qualities", "qualities"]


class Qualities(NamedTuple):
    """The readings of one verb group."""

    illocution: str = "Assertion"
    polarity: str = "Affirmed"
    speaker_modality: str = "Certain"
    reporter_modality: str = "Certain"
    stance: str = "Neutral"
    reasons: tuple[str, ...] = ()


def qualities(draft: Draft) -> Qualities:
    """Return what the cue says about the act."""
    cue = draft.cue
    if cue is None:
        return Qualities(reasons=(f"rule {draft.rule}",))
    group = cue.form.group
    reasons = [f"rule {draft.rule}", f"verb {cue.form.lemma}"]
    polarity = group.polarity
    if cue.is_negated:
        polarity = "Affirmed" if polarity == "Denied" else "Denied"
        reasons.append("the verb is negated")
    reporter = "Certain"
    if cue.is_conditional:
        reporter = "Hearsay"
        reasons.append("the auxiliary is conditional")
    elif cue.is_modal:
        reporter = "Planned"
        reasons.append("a modal governs the verb")
    return Qualities(
        group.illocution, polarity, group.modality, reporter, group.stance, tuple(reasons)
    )
