"""Brings names in any case back to their base form, in a language that declines names.

In: the register of one document, or a name as written. Out: the register with all cases of one name
joined under its nominative; or the likely nominative of a name that stands in the document only in
other cases. It knows endings, not people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.intake.entities import Entity, Register

__all__ = ["join_cases", "nominative", "stem"]

ENDINGS = (
    *("ыми", "ими", "ого", "его", "ому", "ему", "ой", "ая", "яя", "ую", "юю", "ые", "ие", "ых"),
    *("их", "ом", "ым", "им", "ем", "ём", "ей", "ий", "ый", "ия", "ию", "ии", "ью"),
    *("а", "у", "е", "ы", "и", "о", "я", "ю", "ь", "й"),
)
SHORTEST = 3
MASCULINE = (("ского", "ский"), ("скому", "ский"), ("ским", "ский"), ("цкого", "цкий"))
POSSESSIVE = ("ов", "ев", "ёв", "ин", "ын")
OBLIQUE = ("а", "у", "ым", "ом", "е")


def stem(word: str) -> str:
    """Return the part of a word that all its cases share."""
    low = word.lower()
    for ending in ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= SHORTEST:
            return low[: -len(ending)]
    return low


def join_cases(found: Register, given: Mapping[str, str]) -> None:
    """Let every case of a name lead to one entity, named in the nominative."""
    groups: dict[tuple[str, ...], list[Entity]] = {}
    surnames: dict[str, tuple[str, ...]] = {}
    for name, entity in found.by_name.items():
        key = tuple(stem(word) for word in name.split())
        groups.setdefault(key, []).append(entity)
        if len(key) > 1:
            surnames.setdefault(key[-1], key)
    for key in [key for key in groups if len(key) == 1 and key[0] in surnames]:
        groups[surnames[key[0]]] += groups.pop(key)
    target_of: dict[int, Entity] = {}
    for entities in groups.values():
        longest = max(len(entity.name.split()) for entity in entities)
        full = [entity for entity in entities if len(entity.name.split()) == longest]
        target = min(full, key=lambda entity: _rank(entity.name))
        for entity in entities:
            _absorb(target, entity)
            target_of[id(entity)] = target
        if _given(target.name, given):
            target.is_person = True
            target.gender = target.gender or _given(target.name, given)
        if target.is_person:
            target.name = nominative(target.name, given)
    for name, entity in list(found.by_name.items()):
        found.by_name[name] = target_of.get(id(entity), entity)
    for target in {id(entity): entity for entity in target_of.values()}.values():
        found.by_name.setdefault(target.name, target)
    found.role_order = [
        (where, head, modifiers, target_of.get(id(holder), holder))
        for where, head, modifiers, holder in found.role_order
    ]


def nominative(name: str, given: Mapping[str, str]) -> str:
    """Return the likely nominative of a personal name: given name known, surname by its ending."""
    words = name.split()
    gender = _given(name, given)
    if len(words) < 2 or not gender:
        return name
    first = _base_given(words[0], given)
    rest = [_surname(word, gender) if word != first else word for word in words[1:]]
    if first == words[0].lower():
        return name
    return " ".join([first.capitalize(), *rest])


def _given(name: str, given: Mapping[str, str]) -> str:
    return given.get(_base_given(name.split(maxsplit=1)[0], given), "")


def _base_given(word: str, given: Mapping[str, str]) -> str:
    low = word.lower()
    if low in given:
        return low
    root = stem(word)
    for ending in ("", "й", "ь", "а", "я", "ий", "ия", "ел"):
        if root + ending in given:
            return root + ending
    return low


def _surname(word: str, gender: str) -> str:
    low = word.lower()
    if gender == "m":
        for oblique, base in MASCULINE:
            if low.endswith(oblique):
                return word[: -len(oblique)] + base
        for ending in sorted(OBLIQUE, key=len, reverse=True):
            bare = low.removesuffix(ending)
            if bare != low and (bare.endswith(POSSESSIVE) or ending in ("а", "у", "ом")):
                return word[: len(bare)]
        return word
    if low.endswith(("ской", "скую")):
        return word[:-2] + "ая"
    if low.endswith(("овой", "евой", "иной")):
        return word[:-2] + "а"
    if low.endswith(("ову", "еву", "ину")):
        return word[:-1] + "а"
    return word


def _rank(name: str) -> tuple[int, int, str]:
    """Order the cases of one name: bare consonant first, then -а and -я, then the shortest."""
    last = name[-1:].lower()
    first = name.split(maxsplit=1)[0][-1:].lower()
    vowels = "уюыие"
    order = 2 if last in vowels or first in vowels else (1 if last in "ая" else 0)
    return order, len(name), name


def _absorb(target: Entity, other: Entity) -> None:
    if target is other:
        return
    target.is_person |= other.is_person
    target.may_be_person |= other.may_be_person
    target.gender = target.gender or other.gender
