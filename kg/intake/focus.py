"""Finds who is in focus sentence by sentence: the subject of each, named or known by a role alone.

In: a reading and its register. Out: more events in the register's list of subjects, the bodies
that were named, each with its place, and the gender that pronouns give to a name. It resolves no
speaker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.entities import Entity, Register
from kg.intake.flags import (
    CAP,
    DET,
    FEM,
    FIRST,
    GROUP,
    LINK,
    MASC,
    PERSON_NOUN,
    PLURAL,
    POSS,
    PRON,
    REL,
    ROLE,
    SOURCE,
    TITLE,
)
from kg.intake.phrases import Mention, phrase_from
from kg.intake.subjects import clause_subject

if TYPE_CHECKING:
    from kg.intake.drafts import Reading

__all__ = ["add_subjects", "core_words", "phrase_gender", "tell_genders"]

REACH = 40
NEAR = 400
NEAR_NAME = 60
SHORT = 2


def add_subjects(reading: Reading, people: Register) -> None:
    """Add the subject of every sentence to those a pronoun can mean."""
    stream, language = reading.stream, reading.language
    known = {place for place, _ in people.subjects}
    added = []
    for number, sentence in enumerate(stream.sentences):
        stop = min(sentence.last, sentence.first + REACH)
        mention = clause_subject(stream, language, sentence.first, stop)
        if mention is None or mention.is_pronoun:
            continue
        place = stream.start[mention.first]
        if not mention.has_name:
            mention = (
                phrase_from(stream, language, mention.first, sentence.last, follow=True) or mention
            )
        _promote_before_pronoun(reading, people, mention, number)
        entity = _entity_of(reading, people, mention)
        if entity is None:
            body = _body_of(reading, people, mention)
            if not body and mention.flags & GROUP and not mention.has_name:
                unnamed = core_words(reading, mention)
                people.body_subjects.append((place, unnamed, phrase_gender(reading, mention)))
            if body:
                people.bodies.append((place, body))
                people.body_subjects.append((place, body, _body_gender(reading, mention)))
                if _is_bare_name(reading, mention):
                    added.append((place, Entity(body, is_person=True)))
        elif place not in known:
            added.append((place, entity))
    people.subjects.extend(added)
    people.subjects.sort(key=lambda event: event[0])


def _entity_of(reading: Reading, people: Register, mention: Mention) -> Entity | None:
    """The person this subject is, where it is one person."""
    if reading.stream.flags[mention.first] & PLURAL:
        return None
    return _named_entity(reading, people, mention) or _role_entity(reading, people, mention)


def _named_entity(reading: Reading, people: Register, mention: Mention) -> Entity | None:
    """The person whose name stands in the subject, or is set off from it."""
    stream = reading.stream
    if not mention.has_name:
        return None
    entity = people.find(stream.words(mention.name_first, mention.name_last))
    if entity is None:
        return None
    is_apart = mention.name_first > mention.last
    before = stream.flags[mention.name_first - 1] if mention.name_first else 0
    if entity.is_person:
        is_head = mention.name_first == mention.first
        if is_head or is_apart or before & (ROLE | TITLE | DET | PERSON_NOUN):
            return entity
    elif is_apart and _is_relative(entity, mention):
        entity.is_person = True
        gender = phrase_gender(reading, mention)
        entity.gender = entity.gender or (gender if gender in ("m", "f") else "")
        return entity
    if _is_first_name(reading, entity, mention):
        entity.is_person = True
        return entity
    return None


def _is_relative(entity: Entity, mention: Mention) -> bool:
    """`Sa fille, Mawuli,`: a person noun, then a name that nothing makes a place."""
    is_name = not entity.is_place and not entity.name.isupper()
    return is_name and bool(mention.flags & (PERSON_NOUN | ROLE))


def _role_entity(reading: Reading, people: Register, mention: Mention) -> Entity | None:
    """The holder of the role that is the subject, or somebody known by it alone."""
    stream, language = reading.stream, reading.language
    if not mention.flags & (ROLE | PERSON_NOUN) or mention.flags & (GROUP | SOURCE):
        return None
    named = _named_before_comma(reading, people, mention)
    if named is not None:
        return named
    words = [stream.low[item] for item in range(mention.first, mention.last)]
    gender = phrase_gender(reading, mention)
    is_bound = any(stream.flags[item] & LINK for item in range(mention.first + 1, mention.last))
    indefinite = language.lists.get("indefinite", frozenset())
    holder = (
        None
        if stream.low[mention.first] in indefinite
        else people.by_role(words, stream.start[mention.first], gender, is_bound=is_bound)
    )
    if holder is None and stream.low[mention.first] in language.lists.get("demonstratives", ()):
        place = stream.start[mention.first]
        latest = people.latest_mention(place, gender)
        if latest is not None and place - latest[0] < NEAR:
            return latest[1]
    if holder is None and _is_said_again(reading, mention):
        place = stream.start[mention.first]
        latest = people.latest_mention(place, gender)
        if (
            latest is not None
            and place - latest[0] < NEAR
            and (not gender or latest[1].gender == gender)
        ):
            return latest[1]
    return holder or Entity(_role_words(reading, mention), gender, is_person=True)


def _named_before_comma(reading: Reading, people: Register, mention: Mention) -> Entity | None:
    """`Ama Koffi, a teacher of 41,`: the person whose name a role describes over one comma."""
    stream = reading.stream
    if mention.first < 2 or stream.low[mention.first - 1] != ",":
        return None
    latest = people.latest_mention(stream.start[mention.first], "")
    if latest is None:
        return None
    place, entity = latest
    if stream.start[mention.first] - place > NEAR_NAME:
        return None
    ages = reading.language.lists.get("ages", frozenset())
    between = stream.text[place : stream.end[mention.first - 2]].replace(",", " ").split()
    words = {word for word in between if not word.isdigit() and word not in ages}
    return entity if words <= set(entity.name.split()) else None


def _is_said_again(reading: Reading, mention: Mention) -> bool:
    """`L'élue`, `the researcher`: a short definite phrase that is no office of its own."""
    stream, language = reading.stream, reading.language
    first = stream.low[mention.first]
    if not stream.flags[mention.first] & DET or stream.flags[mention.first] & POSS:
        return False
    last = _role_end(reading, mention)
    if first in language.lists.get("indefinite", ()) or last - mention.first > SHORT:
        return False
    offices = language.lists.get("offices", frozenset())
    return not any(
        stream.low[item] in offices or stream.flags[item] & CAP
        for item in range(mention.first + 1, last)
    )


def _role_words(reading: Reading, mention: Mention) -> str:
    """The role and what `of` binds to it, without a verb that nothing marks as one."""
    whole = Mention(mention.first, _role_end(reading, mention), flags=mention.flags)
    return core_words(reading, whole)


def _role_end(reading: Reading, mention: Mention) -> int:
    """Where the role ends: `L'élu | compte recevoir`."""
    stream = reading.stream
    head = next(
        (
            item
            for item in range(mention.first, mention.last)
            if stream.flags[item] & (ROLE | PERSON_NOUN)
        ),
        mention.last - 1,
    )
    last = head + 1
    while last < mention.last and (
        stream.flags[last] & (LINK | CAP | ROLE | GROUP | PERSON_NOUN)
        or stream.flags[last - 1] & (LINK | DET)
    ):
        last += 1
    return last


def _promote_before_pronoun(
    reading: Reading, people: Register, mention: Mention, number: int
) -> None:
    """`Ama sells fish. She …`: one capitalised word as subject, and a pronoun after it."""
    stream, language = reading.stream, reading.language
    if (
        not mention.has_name
        or mention.last - mention.first > 2
        or number + 1 >= len(stream.sentences)
    ):
        return
    if stream.flags[mention.first] & DET or mention.name_first != mention.first:
        return
    entity = people.find(stream.words(mention.name_first, mention.name_last))
    if entity is None or entity.is_person or entity.is_place or entity.name.isupper():
        return
    after = reading.sentence(number + 1)
    traits = language.pronouns.get(stream.low[after.first], "")
    if traits in ("ms", "fs") and after.paragraph == reading.sentence(number).paragraph:
        entity.is_person = True
        entity.gender = entity.gender or traits[0]


def _body_gender(reading: Reading, mention: Mention) -> str:
    """The gender of a body's name; of `L'Union` its noun tells, where it is known."""
    first = mention.name_first
    is_body = (mention.flags | reading.stream.flags[first]) & GROUP
    return phrase_gender(reading, mention) or ("n" if is_body else "")


def _is_bare_name(reading: Reading, mention: Mention) -> bool:
    """Two or three capitalised words of no known class, and nothing before them."""
    flags = reading.stream.flags
    return (
        mention.first == mention.name_first
        and mention.name_last - mention.name_first in (2, 3)
        and all(flags[item] == CAP for item in range(mention.name_first, mention.name_last))
    )


def _is_first_name(reading: Reading, entity: Entity, mention: Mention) -> bool:
    """`Ama, who sells fish,`: one capitalised word that a relative clause makes a person."""
    stream, language = reading.stream, reading.language
    after = mention.last
    return (
        mention.last - mention.first == 1
        and not entity.is_place
        and stream.low[after : after + 1] == [","]
        and stream.low[after + 1 : after + 2] != []
        and bool(stream.flags[after + 1] & REL)
        and entity.name not in language.lists.get("media", ())
        and not entity.name.isupper()
    )


def _body_of(reading: Reading, people: Register, mention: Mention) -> str:
    """The name of the body this subject is: a paper, a firm, a charity."""
    stream, language = reading.stream, reading.language
    if not mention.has_name or mention.flags & (ROLE | PERSON_NOUN):
        return ""
    if stream.low[mention.name_last - 1].endswith("'"):
        return ""
    entity = people.find(stream.words(mention.name_first, mention.name_last))
    if entity is not None and entity.is_person:
        return ""
    at_start = mention.first == mention.name_first == mention.last - 1
    if at_start and language.has("natural_gender") and stream.low[mention.first].endswith("s"):
        return ""
    if mention.flags & GROUP or mention.name_first <= mention.first + 1:
        last = max(
            item + 1
            for item in range(mention.name_first, max(mention.last, mention.name_last))
            if stream.flags[item] & CAP or item == mention.name_first
        )
        bound = stream.flags[mention.name_first - 1] & LINK and mention.name_first > mention.first
        is_whole = bound or stream.flags[mention.first] & CAP
        first = mention.first if is_whole else mention.name_first
        return stream.words(first, last)
    return ""


def core_words(reading: Reading, mention: Mention) -> str:
    """The phrase without its article and without a bracket at its end."""
    stream = reading.stream
    first, last = mention.first, mention.last
    while (
        first < last - 1
        and stream.flags[first] & (DET | TITLE)
        and not (stream.flags[first] & (ROLE | GROUP) and stream.flags[first] & CAP)
    ):
        first += 1
    for item in range(first + 1, last):
        if stream.low[item] == "(":
            last = item
            break
    return stream.words(first, last)


def phrase_gender(reading: Reading, mention: Mention) -> str:
    """The gender or number that the first word of a phrase shows: m, f, p, or nothing."""
    stream, language = reading.stream, reading.language
    first = stream.flags[mention.first]
    if first & PLURAL:
        return "p"
    if language.has("natural_gender") and first & POSS:
        first = 0
    if language.has("natural_gender") and not first & (MASC | FEM):
        head = stream.low[mention.last - 1]
        if not mention.has_name and head.endswith("s") and not head.endswith("ss"):
            return "p"
        for item in range(mention.first, mention.last):
            flag = stream.flags[item]
            if flag & MASC and not flag & FEM and item > mention.first:
                return "m"
            if flag & FEM and not flag & MASC and item > mention.first:
                return "f"
    if first & MASC and not first & FEM:
        return "m"
    if first & FEM and not first & MASC:
        return "f"
    return ""


def tell_genders(reading: Reading, people: Register) -> None:
    """Let pronouns tell the gender of names that no list knows: `Ann Ray …, she said`.

    A sentence that names one person, and holds or is followed by a subject pronoun of one gender,
    is a voice for that gender; a name takes the gender that most voices give it.
    """
    stream, language = reading.stream, reading.language
    if not language.has("natural_gender"):
        return
    mentions = sorted([*people.mentions, *people.possible], key=lambda event: event[0])
    voices: dict[int, list[int]] = {}
    entities: dict[int, Entity] = {}
    here = 0
    alone: Entity | None = None
    for sentence in stream.sentences:
        begin, end = stream.start[sentence.first], stream.end[sentence.last - 1]
        while here < len(mentions) and mentions[here][0] < begin:
            here += 1
        inside: list[tuple[int, Entity]] = []
        while here < len(mentions) and mentions[here][0] < end:
            inside.append(mentions[here])
            here += 1
        names = {id(entity) for _, entity in inside}
        genders = _pronoun_genders(reading, sentence.first, sentence.last, inside)
        if len(names) == 1:
            alone = inside[0][1]
        elif names:
            alone = None
        if alone is not None and not alone.gender and len(genders) == 1:
            entities[id(alone)] = alone
            votes = voices.setdefault(id(alone), [0, 0])
            votes["mf".index(next(iter(genders)))] += 1
    for key, (masculine, feminine) in voices.items():
        if masculine != feminine:
            entities[key].gender = "m" if masculine > feminine else "f"
            entities[key].is_person = True
    promoted = [event for event in people.possible if event[1].is_person]
    people.mentions.extend(promoted)
    people.mentions.sort(key=lambda event: event[0])


def _pronoun_genders(
    reading: Reading, first: int, last: int, inside: list[tuple[int, Entity]]
) -> set[str]:
    stream, language = reading.stream, reading.language
    after = inside[0][0] if inside else -1
    found = set()
    for item in range(first, last):
        flag = stream.flags[item]
        if not flag & PRON or flag & (FIRST | PLURAL) or stream.start[item] < after:
            continue
        traits = language.pronouns.get(stream.low[item], "")
        if traits in ("ms", "fs"):
            found.add(traits[0])
    return found
