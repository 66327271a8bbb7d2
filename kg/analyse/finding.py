"""Find what a person names: a claim, utterance, attribution, speaker or outlet, by any of its ids.

In: `Material` and a person's words. Out: an IRI, or a `UsageError` that offers the nearest ids.
A full address, a short id, the one-line form of a claim and `slug#id` are all understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from kg.analyse.material import Material
from kg.analyse.wording import fold, likeness
from kg.errors import UsageError
from kg.model import parse_claim

__all__ = ["find_claim", "find_outlet", "find_speaker", "find_subject", "find_utterance"]

_OFFERED = 3
_NEAR = 0.35
"""Nearness below which a name is not worth offering."""


def find_claim(material: Material, named: str) -> str:
    """Give the IRI of a claim named by address, id, `claim/ID`, one-line form or label.

    Raises:
        UsageError: no attribution conveys such a claim; the nearest are offered.
    """
    known = set(material.claim_iris)
    for iri in (named, f"{material.base}claim/{named.removeprefix('claim/')}"):
        if iri in known:
            return iri
    try:
        iri = f"{material.base}claim/{parse_claim(named).id}"
    except ValueError:
        iri = ""
    if iri in known:
        return iri
    labels = {iri: (material.claim(iri), iri) for iri in sorted(known)}
    names = {iri: [claim.label_en, claim.label_fr] for iri, (claim, _) in labels.items() if claim}
    return _by_label(material, "claim", named, names, "claim/")


def find_utterance(material: Material, named: str) -> str:
    """Give the IRI of an utterance, by its own id or label, or by an attribution of it.

    Raises:
        UsageError: there is none of this name; the nearest are offered.
    """
    iris = {row.utterance_iri for row in material.rows if row.utterance_iri}
    for iri in (named, f"{material.base}utterance/{named.removeprefix('utterance/')}"):
        if iri in iris:
            return iri
    for row in material.rows:
        if named in (row.identifier, row.iri) and row.form != "authorial":
            return row.utterance_iri or row.iri
    names = {iri: [material.label(iri)] for iri in sorted(iris)}
    return _by_label(material, "utterance", named, names, "utterance/")


def find_subject(material: Material, named: str) -> tuple[str, str]:
    """Tell whether a name is that of a claim or of an utterance, and give (kind, IRI).

    Raises:
        UsageError: it is neither; the nearest of both are offered.
    """
    faults = []
    for kind, find in (("claim", find_claim), ("utterance", find_utterance)):
        try:
            return kind, find(material, named)
        except UsageError as error:
            faults.append(str(error))
    raise UsageError("; ".join(faults))


def find_speaker(material: Material, named: str) -> str:
    """Give the IRI of a speaker by address, id or name.

    Raises:
        UsageError: nobody of this name speaks; the nearest are offered.
    """
    names: dict[str, list[str]] = {}
    for row in material.rows:
        if row.form != "authorial":
            names.update(
                (iri, [name]) for iri, name in zip(row.speaker_iris, row.speakers, strict=False)
            )
    for kind in ("agent", "source", "outlet", "topic"):
        if f"{material.base}{kind}/{named}" in names:
            return f"{material.base}{kind}/{named}"
    return named if named in names else _by_label(material, "speaker", named, names, "agent/")


def find_outlet(material: Material, named: str) -> str:
    """Give the IRI of an outlet by address, id, name, or the slug of one of its texts.

    Raises:
        UsageError: no text of the collection has such an outlet; the nearest are offered.
    """
    names: dict[str, list[str]] = {}
    for item in material.documents.values():
        names.setdefault(item.outlet_iri, [item.outlet]).append(item.slug)
    for row in material.rows:
        names.setdefault(row.outlet_iri, [row.outlet])
    for iri in (named, f"{material.base}outlet/{named.removeprefix('outlet/')}"):
        if iri in names:
            return iri
    return _by_label(material, "outlet", named, names, "outlet/")


def _by_label(
    material: Material, kind: str, named: str, names: Mapping[str, Iterable[str]], prefix: str
) -> str:
    wanted = fold(named)
    exact = [iri for iri, labels in names.items() if wanted in {fold(name) for name in labels}]
    if wanted and len(exact) == 1:
        return exact[0]
    best: dict[str, float] = {}
    for iri, labels in names.items():
        spelled = [material.short(iri).removeprefix(prefix), *labels]
        near = max(_nearness(wanted, name) for name in spelled if name)
        if near >= _NEAR:
            best[iri] = near
    if not best:
        raise UsageError(f"there is no {kind} `{named}`; `kg query known-ids` lists all there are")
    offers = ", ".join(
        f"{material.short(iri).removeprefix(prefix)} ({material.label(iri)})"
        for iri in sorted(best, key=lambda iri: (-best[iri], iri))[:_OFFERED]
    )
    raise UsageError(f"there is no {kind} `{named}`; the nearest are {offers}")


def _nearness(wanted: str, name: str) -> float:
    """Weigh the letters in common, as parts and as a whole."""
    return 0.7 * likeness(wanted, name) + 0.3 * fuzz.token_sort_ratio(wanted, fold(name)) / 100
