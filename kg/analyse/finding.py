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
    return _claim_at(material, named) or _by_label(
        material, "claim", named, _claim_names(material), ("claim/",)
    )


def find_utterance(material: Material, named: str) -> str:
    """Give the IRI of an utterance, by its own id or label, or by an attribution of it.

    Raises:
        UsageError: there is none of this name; the nearest are offered.
    """
    return _utterance_at(material, named) or _by_label(
        material, "utterance", named, _utterance_names(material), ("utterance/",)
    )


def find_subject(material: Material, named: str) -> tuple[str, str]:
    """Tell whether a name is that of a claim or of an utterance, and give (kind, IRI).

    Raises:
        UsageError: it is neither; the nearest of both are offered.
    """
    claim = _claim_at(material, named)
    utterance = "" if claim else _utterance_at(material, named)
    claims, utterances = _claim_names(material), _utterance_names(material)
    if not claim and not utterance:
        claim = _exact(claims, named)
        utterance = "" if claim else _exact(utterances, named)
    if claim or utterance:
        return ("claim", claim) if claim else ("utterance", utterance)
    prefixes = ("claim/", "utterance/")
    raise _absent(material, "claim or utterance", named, {**claims, **utterances}, prefixes)


def _claim_at(material: Material, named: str) -> str:
    """Give the claim of an address, an id or a one-line form; "" for none."""
    known = set(material.claim_iris)
    for iri in (named, f"{material.base}claim/{named.removeprefix('claim/')}"):
        if iri in known:
            return iri
    try:
        iri = f"{material.base}claim/{parse_claim(named).id}"
    except ValueError:
        return ""
    return iri if iri in known else ""


def _claim_names(material: Material) -> dict[str, list[str]]:
    claims = {iri: material.claim(iri) for iri in material.claim_iris}
    return {iri: [claim.label_en, claim.label_fr] for iri, claim in claims.items() if claim}


def _utterance_at(material: Material, named: str) -> str:
    """Give the utterance of an address, an id or an attribution of it; "" for none."""
    iris = {row.utterance_iri for row in material.rows if row.utterance_iri}
    for iri in (named, f"{material.base}utterance/{named.removeprefix('utterance/')}"):
        if iri in iris:
            return iri
    for row in material.rows:
        if named in (row.identifier, row.iri) and row.form != "authorial":
            return row.utterance_iri or row.iri
    return ""


def _utterance_names(material: Material) -> dict[str, list[str]]:
    iris = sorted({row.utterance_iri for row in material.rows if row.utterance_iri})
    return {iri: [material.label(iri)] for iri in iris}


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
    return named if named in names else _by_label(material, "speaker", named, names, ("agent/",))


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
    return _by_label(material, "outlet", named, names, ("outlet/",))


def _by_label(
    material: Material,
    kind: str,
    named: str,
    names: Mapping[str, Iterable[str]],
    prefixes: tuple[str, ...],
) -> str:
    found = _exact(names, named)
    if not found:
        raise _absent(material, kind, named, names, prefixes)
    return found


def _exact(names: Mapping[str, Iterable[str]], named: str) -> str:
    """Give the one thing of this name, case and accents apart; "" for none or several."""
    wanted = fold(named)
    exact = [iri for iri, labels in names.items() if wanted in {fold(name) for name in labels}]
    return exact[0] if wanted and len(exact) == 1 else ""


def _absent(
    material: Material,
    kind: str,
    named: str,
    names: Mapping[str, Iterable[str]],
    prefixes: tuple[str, ...],
) -> UsageError:
    """Say in one line that there is no such thing, and which are nearest."""

    def short(iri: str) -> str:
        name = material.short(iri)
        return next(
            (name.removeprefix(start) for start in prefixes if name.startswith(start)), name
        )

    wanted = fold(named)
    best: dict[str, float] = {}
    for iri, labels in names.items():
        near = max(_nearness(wanted, name) for name in (short(iri), *labels) if name)
        if near >= _NEAR:
            best[iri] = near
    if not best:
        return UsageError(f"there is no {kind} `{named}`; `kg query known-ids` lists all there are")
    offers = ", ".join(
        f"{short(iri)} ({material.label(iri)})"
        for iri in sorted(best, key=lambda iri: (-best[iri], iri))[:_OFFERED]
    )
    return UsageError(f"there is no {kind} `{named}`; the nearest are {offers}")


def _nearness(wanted: str, name: str) -> float:
    """Weigh the letters in common, as parts and as a whole."""
    return 0.7 * likeness(wanted, name) + 0.3 * fuzz.token_sort_ratio(wanted, fold(name)) / 100
