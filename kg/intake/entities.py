"""The people and bodies a document names: full names, surnames, roles, acronyms, where they stand.

In: a reading. Out: a `Register` that finds an entity by name, by role, or as the last one in
focus before a place. It uses the document alone.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.intake.declension import join_cases
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    CONNECT,
    COORD,
    DET,
    FEM,
    GROUP,
    LINK,
    MASC,
    MODAL,
    NEG,
    NUMBER,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SUB,
    TIME,
    TITLE,
    VERB,
)
from kg.intake.phrases import name_end, name_start

if TYPE_CHECKING:
    from kg.intake.drafts import Reading
    from kg.intake.segment import Stream

__all__ = ["Entity", "Register", "register"]

FUNCTION = (
    NEG
    | DET
    | PRON
    | PREP
    | ADV
    | CONNECT
    | COORD
    | SUB
    | REL
    | COMP
    | AUX
    | BE
    | MODAL
    | TIME
    | VERB
)


LONGEST_NAME = 5
LONGEST_FORM = 14
LEAST_ROLE = 3
AGE_DIGITS = 2
MEMORY = 60
"""How many namesakes or holders of one role are looked at: what keeps resolution linear."""


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody the document names."""

    name: str
    gender: str = ""
    is_person: bool = False
    may_be_person: bool = False
    is_place: bool = False
    roles: list[tuple[int, frozenset[str], str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def fits(self, gender: str) -> bool:
        """Whether a pronoun or article of this gender can mean them."""
        return self.is_person and (not gender or not self.gender or gender == self.gender)


@dataclass(slots=True)
class Register:
    """All entities of one document."""

    by_name: dict[str, Entity] = field(default_factory=dict)
    by_word: dict[str, list[Entity]] = field(default_factory=dict)
    acronyms: dict[str, str] = field(default_factory=dict)
    subjects: list[tuple[int, Entity]] = field(default_factory=list)
    mentions: list[tuple[int, Entity]] = field(default_factory=list)
    possible: list[tuple[int, Entity]] = field(default_factory=list)
    introduced: dict[int, tuple[int, Entity]] = field(default_factory=dict)
    groups: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    role_order: list[tuple[int, str, frozenset[str], Entity]] = field(default_factory=list)
    by_head: dict[str, list[tuple[int, frozenset[str], Entity]]] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    heads: frozenset[str] = frozenset()
    bodies: list[tuple[int, str]] = field(default_factory=list)
    """Named bodies, by place: who `the paper`, `l'ONG` can mean."""
    is_sorted: bool = False
    body_subjects: list[tuple[int, str, str]] = field(default_factory=list)
    """Named bodies that are the subject of a sentence, with their gender."""

    def find(self, words: str) -> Entity | None:
        """Return the entity these words name: in full, or by surname."""
        words = bare_name(words)
        if not words.split():
            return None
        exact = self.by_name.get(words)
        if exact is not None and len(words.split()) > 1:
            return exact
        last = words.split()[-1]
        for entity in self.by_word.get(last, [])[:MEMORY]:
            if entity.is_person and set(words.split()) <= set(entity.name.split()):
                return entity
        if words.isupper() and len(last) > AGE_DIGITS:
            titled = self.by_word.get(last.title(), [])[:MEMORY]
            return next((entity for entity in titled if entity.is_person), exact)
        return exact

    def by_role(
        self, words: list[str], place: int, gender: str, *, is_bound: bool
    ) -> Entity | None:
        """Return who holds the role that these words describe.

        A bound role (`président de la Commission`) is nobody's who is only `président`.
        """
        head, wanted = _role_key(words, self.synonyms, self.heads)
        best: tuple[int, int, Entity] | None = None
        for where, modifiers, entity in self.holders(head, place):
            if not entity.fits(gender):
                continue
            shared = len(wanted & modifiers)
            if wanted - modifiers and (modifiers - wanted or is_bound):
                continue
            key = (shared, -abs(where - place))
            if best is None or key > best[:2]:
                best = (*key, entity)
        return best[2] if best else None

    def holders(self, head: str, place: int) -> list[tuple[int, frozenset[str], Entity]]:
        """Return who holds a role of this head noun, the nearest before and after a place."""
        if not self.by_head:
            for where, role_head, modifiers, entity in self.role_order:
                self.by_head.setdefault(role_head, []).append((where, modifiers, entity))
            for holders in self.by_head.values():
                holders.sort(key=lambda holder: holder[0])
        found = self.by_head.get(head, [])
        middle = bisect_left(found, place, key=lambda holder: holder[0])
        return found[max(0, middle - MEMORY) : middle + MEMORY]

    def latest_subject(
        self, place: int, gender: str, without: frozenset[int] = frozenset()
    ) -> tuple[int, Entity] | None:
        """Return the last person in subject place before here."""
        return _latest(self.subjects, place, gender, without)

    def latest_possible(self, place: int) -> tuple[int, Entity] | None:
        """Return the last name before here that nothing says is a person, but may be one."""
        index = bisect_left(self.possible, place, key=lambda event: event[0])
        return self.possible[index - 1] if index else None

    def latest_mention(
        self, place: int, gender: str, without: frozenset[int] = frozenset()
    ) -> tuple[int, Entity] | None:
        """Return the last person named before here."""
        return _latest(self.mentions, place, gender, without)

    def bodies_before(self, place: int) -> list[tuple[int, str]]:
        """Return the last named body before a place, if any."""
        if not self.is_sorted:
            self.bodies.sort()
            self.is_sorted = True
        index = bisect_left(self.bodies, (place, ""))
        return self.bodies[max(0, index - 1) : index]

    def latest_body(self, place: int, gender: str, *, with_unknown: bool) -> tuple[int, str]:
        """Return the last body of this gender that was a subject before a place."""
        index = bisect_left(self.body_subjects, (place, "", ""))
        for where, name, kind in reversed(self.body_subjects[max(0, index - 8) : index]):
            if kind == gender or (with_unknown and kind == "n"):
                return where, name
        return -1, ""

    def named_between(self, begin: int, end: int) -> list[Entity]:
        """Return the persons named in a range of the text."""
        first = bisect_left(self.mentions, begin, key=lambda event: event[0])
        last = bisect_left(self.mentions, end, key=lambda event: event[0])
        return [entity for _, entity in self.mentions[first:last]]

    def group_of(self, head: str, place: int) -> str:
        """Return the full form of a body that was named with this head noun before here."""
        for where, name in reversed(self.groups.get(head, ())):
            if where < place:
                return name
        return ""


def _latest(
    events: list[tuple[int, Entity]], place: int, gender: str, without: frozenset[int]
) -> tuple[int, Entity] | None:
    index = bisect_left(events, place, key=lambda event: event[0])
    for step in range(index - 1, max(-1, index - 60), -1):
        if events[step][1].fits(gender) and id(events[step][1]) not in without:
            return events[step]
    return None


def _role_key(
    words: list[str], synonyms: dict[str, str], heads: frozenset[str]
) -> tuple[str, frozenset[str]]:
    """Return the noun that heads a role, and the other words that tell it from its like."""
    text = " ".join(words)
    for phrase, standard in synonyms.items():
        if phrase in text:
            text = text.replace(phrase, standard)
    parts = [word for word in text.replace("'", " ").split() if len(word) > 3 or word in heads]
    head = next((word for word in parts if word in heads), parts[0] if parts else "")
    return head, frozenset(word for word in parts if word != head)


def register(reading: Reading) -> Register:
    """Read all names of the document into a register."""
    stream, language = reading.stream, reading.language
    found = Register(synonyms=language.synonyms, heads=language.role_words)
    names: list[tuple[int, int, int]] = []
    for number, sentence in enumerate(stream.sentences):
        item = sentence.first
        shouting = _is_title_case(stream, sentence.first, sentence.last)
        while item < sentence.last:
            flag = stream.flags[item]
            is_letters = stream.low[item] in language.lists.get("postnominals", ())
            if not flag & CAP or is_letters or (flag & (TITLE | TIME) and not flag & ROLE):
                item += 1
                continue
            if flag & FUNCTION or (
                flag & (ROLE | GROUP | TITLE) and not _inside_name(stream, item)
            ):
                item += 1
                continue
            end = name_end(stream, language, item, sentence.last)
            start = name_start(stream, language, item, end)
            is_elided = end - start == 1 and stream.low[start].endswith(("'", "’"))
            if end - start <= LONGEST_NAME and not shouting and not is_elided:
                names.append((number, start, end))
            item = end
    for number, first, last in names:
        _enter(reading, found, number, first, last)
    _promote(reading, found, names)
    _merge_surnames(found)
    if language.has("cases"):
        join_cases(found, language.given_names)
    for number, first, last in names:
        _place(reading, found, number, first, last)
    found.subjects.sort(key=lambda event: event[0])
    found.mentions.sort(key=lambda event: event[0])
    _acronyms(reading, found)
    return found


def _is_title_case(stream: Stream, first: int, last: int) -> bool:
    words = [item for item in range(first, last) if not stream.flags[item] & (PUNCT | QUOTE)]
    capitals = sum(1 for item in words if stream.flags[item] & CAP)
    return len(words) >= 6 and capitals * 4 > len(words) * 3


def _inside_name(stream: Stream, item: int) -> bool:
    return item > 0 and bool(stream.flags[item - 1] & CAP) and not stream.flags[item - 1] & FUNCTION


def bare_name(words: str) -> str:
    """Return the name without a possessive ending."""
    return words[:-2] if words.endswith(("'s", "’s")) else words


def _enter(  # noqa: C901 - one condition a line
    reading: Reading, found: Register, number: int, first: int, last: int
) -> None:
    stream, language = reading.stream, reading.language
    del number
    words = bare_name(stream.words(first, last))
    entity = found.by_name.get(words)
    if entity is None:
        entity = found.by_name[words] = Entity(words)
        for word in words.split():
            found.by_word.setdefault(word, []).append(entity)
    given = language.given_names.get(stream.low[first], "")
    led = first > 0 and (
        stream.flags[first - 1] & DET
        or stream.low[first - 1] in language.lists.get("place_prepositions", ())
    )
    if led:
        entity.is_place = True
    if 2 <= last - first <= 4:
        entity.may_be_person = True
    before = stream.flags[first - 1] if first > 0 else 0
    if before & GROUP and not before & (ROLE | CAP):
        entity.is_place = True
        found.bodies.append((stream.start[first], words))
    org = language.lists.get("organisation_words", frozenset())
    if any(word in org for word in words.split()):
        return
    if (given and last - first >= 2) or (given and not before & DET):
        entity.is_person = True
        entity.gender = entity.gender or given
    if before & TITLE:
        entity.is_person = True
        if before & MASC and not before & FEM:
            entity.gender = "m"
        elif before & FEM and not before & MASC:
            entity.gender = "f"
        for role in language.titled_roles.get(stream.low[first - 1], ()):
            found.role_order.append((stream.start[first], role, frozenset(), entity))
    _roles(reading, found, entity, first, last)


def _roles(reading: Reading, found: Register, entity: Entity, first: int, last: int) -> None:  # noqa: C901, PLR0912, PLR0915 - one condition a line
    """Roles that touch the name: `le ministre X Nom`, `Nom, ministre de X,`, `…, Nom,`."""
    stream = reading.stream
    flags, lows = stream.flags, stream.low
    # role before the name, directly or over one comma
    here = first - 1
    if here >= 0 and flags[here] & (LINK | PREP) and not flags[here] & CAP:
        here = -1
    if here >= 1 and flags[here] & DET and flags[here - 1] & (LINK | PREP):
        here = -1
    while here >= 0 and flags[here] & TITLE and not flags[here] & ROLE:
        here -= 1
    if here >= LEAST_ROLE and lows[here - 2] == "," and flags[here - 1] & DET:
        _role_over_rank(reading, found, entity, here)
    comma = here >= 0 and lows[here] == ","
    if comma:
        here -= 1
    begin = here
    steps = 0
    start = -1
    while begin >= 0 and steps < 12:
        flag = flags[begin]
        if flag & (PUNCT | QUOTE | COMP | REL | AUX | BE | MODAL | PRON) and not flag & (DET | CAP):
            break
        if flag & (VERB | TIME | SUB) and not flag & (DET | CAP):
            break
        if lows[begin] in reading.language.cue_forms and not flag:
            break
        if flag & ROLE:
            start = begin
        if flag & DET and not flag & LINK and not (begin > 0 and flags[begin - 1] & LINK):
            break
        begin -= 1
        steps += 1
    if start >= 0 and (
        not comma or last >= len(lows) or flags[last] & (PUNCT | PREP | REL | QUOTE | AUX)
    ):
        adjacent_det = begin >= 0 and flags[begin] & DET
        if not (comma and not adjacent_det):
            opening = begin + 1 if adjacent_det else start
            _add_role(reading, found, entity, opening, here + 1, determiner=begin)
            if comma:
                return
    # role after the name, over one comma
    by_agent = any(
        lows[item] in reading.language.lists.get("passive_agent", ())
        for item in range(max(0, first - 2), first)
    )
    is_bound = first > 0 and flags[first - 1] & LINK and last - first == 1
    if is_bound and lows[first] not in reading.language.given_names:
        return
    if last + 1 < len(lows) and lows[last] in (",", "(") and not (entity.is_place or by_agent):
        begin = last + 1
        determiner = -1
        if flags[begin] & DET:
            determiner = begin
            begin += 1
        end = begin
        head = -1
        while (
            end < len(lows)
            and end - begin < 14
            and not flags[end] & (PUNCT | QUOTE | REL | AUX | BE)
        ):
            if flags[end] & ROLE and head < 0 and end - begin <= 3:
                head = end
            if determiner >= 0 and not flags[end] and _is_report(reading, end):
                break
            end += 1
        if determiner >= 0 and end < len(lows) and not flags[end] & (PUNCT | QUOTE | REL):
            return
        if determiner < 0 and end < len(lows) and flags[end] & (AUX | BE) and not flags[end] & DET:
            return
        named = head >= 0 and any(
            flags[item] & CAP
            and not flags[item] & (ROLE | LINK)
            and not flags[item - 1] & (LINK | PREP | DET)
            and flags[item - 1] & ROLE
            for item in range(head + 1, end)
        )
        if head >= 0 and not named:
            _add_role(reading, found, entity, head, end, determiner=determiner)


def _role_over_rank(reading: Reading, found: Register, entity: Entity, rank: int) -> None:
    """`le gouverneur de la région, le général X`: the role before the rank is X's too."""
    stream = reading.stream
    if not stream.flags[rank] & (ROLE | TITLE):
        return
    stop = rank - 2
    for begin in range(stop - 1, max(-1, stop - LONGEST_FORM), -1):
        flag = stream.flags[begin]
        if flag & (PUNCT | QUOTE | COMP | REL | AUX | BE) and not flag & (DET | CAP):
            return
        starts = flag & DET and not flag & LINK and not stream.flags[begin - 1] & LINK
        if starts and stream.flags[begin + 1] & ROLE:
            _add_role(reading, found, entity, begin + 1, stop, determiner=begin)
        if starts:
            return


def _is_report(reading: Reading, item: int) -> bool:
    """Whether a reporting verb stands here in a finite form."""
    forms = reading.language.cue_forms.get(reading.stream.low[item], ())
    return any(form.shape == "finite" and not form.tail for form in forms)


def _add_role(
    reading: Reading, found: Register, entity: Entity, first: int, last: int, *, determiner: int
) -> None:
    stream = reading.stream
    if entity.name.isupper() and " " not in entity.name and not _is_shouted(reading, first):
        return
    entity.is_person = True
    words = [stream.low[item] for item in range(first, last)]
    head, modifiers = _role_key(words, found.synonyms, found.heads)
    found.role_order.append((stream.start[first], head, modifiers, entity))
    flag = stream.flags[determiner] if determiner >= 0 else 0
    if not entity.gender and flag & DET and not flag & POSS:
        if flag & MASC and not flag & FEM:
            entity.gender = "m"
        elif flag & FEM and not flag & MASC:
            entity.gender = "f"
    if not entity.gender:
        role = stream.flags[first]
        if role & FEM and not role & MASC:
            entity.gender = "f"


def _is_shouted(reading: Reading, item: int) -> bool:
    """Whether the role before a name is in capitals too."""
    stream = reading.stream
    return stream.text[stream.start[item] : stream.end[item]].isupper()


def _promote(reading: Reading, found: Register, names: list[tuple[int, int, int]]) -> None:
    """Make persons of full names that are said again by surname, or told with an age."""
    stream, language = reading.stream, reading.language
    org = language.lists.get("organisation_words", frozenset())
    for _, first, last in names:
        entity = found.by_name.get(bare_name(stream.words(first, last)))
        if entity is None or entity.is_person or entity.is_place:
            continue
        words = entity.name.split()
        if any(word in org or word.isupper() for word in words):
            continue
        has_age = stream.low[last : last + 1] == [","] and bool(
            last + 2 < len(stream.low)
            and stream.flags[last + 1] & NUMBER
            and len(stream.low[last + 1]) == AGE_DIGITS
            and (
                stream.flags[last + 2] & PUNCT
                or stream.low[last + 2] in language.lists.get("ages", ())
            )
        )
        alone = found.by_name.get(words[-1])
        if not entity.may_be_person and not (has_age and len(words) == 1):
            continue
        if has_age or (alone is not None and not alone.is_place and len(words) > 1):
            entity.is_person = True


def _merge_surnames(found: Register) -> None:
    """A single word that ends a longer person's name is that person."""
    merged: dict[int, Entity] = {}
    for name, entity in list(found.by_name.items()):
        if " " in name:
            continue
        longer = [
            other
            for other in found.by_word.get(name, [])[:MEMORY]
            if other is not entity and other.is_person and other.name.split()[-1] == name
        ] or [
            other
            for other in found.by_word.get(name, [])[:MEMORY]
            if other is not entity and other.is_person and other.name.split()[0] == name
        ]
        if longer:
            target = max(longer, key=lambda other: len(other.name))
            if not target.gender:
                target.gender = entity.gender
            found.by_name[name] = target
            merged[id(entity)] = target
    found.role_order = [
        (where, head, modifiers, merged.get(id(holder), holder))
        for where, head, modifiers, holder in found.role_order
    ]


def _place(reading: Reading, found: Register, number: int, first: int, last: int) -> None:
    stream = reading.stream
    del last
    entity = found.find(stream.words(first, _end_of(found, stream, first)))
    if entity is not None and not entity.is_person and entity.may_be_person and not entity.is_place:
        found.possible.append((stream.start[first], entity))
    if entity is None or not entity.is_person:
        return
    place = stream.start[first]
    sentence = stream.sentences[number]
    if not entity.places:
        found.introduced[sentence.paragraph] = (place, entity)
    entity.places.append(place)
    found.mentions.append((place, entity))
    before = range(sentence.first, first)
    blocked = any(
        stream.flags[item] & (VERB | AUX | BE | MODAL | PREP | LINK | QUOTE | COMP)
        and not stream.flags[item] & DET
        for item in before
    )
    if not blocked:
        found.subjects.append((place, entity))


def _end_of(found: Register, stream: Stream, first: int) -> int:
    end = first + 1
    best = end
    while end < len(stream.low) and end - first < 6 and stream.flags[end] & (CAP | LINK):
        end += 1
        if stream.words(first, end) in found.by_name:
            best = end
    return best


def _acronyms(reading: Reading, found: Register) -> None:
    """`Office fédéral de l'agriculture (OFAG)`: the short form stands for the long one."""
    stream = reading.stream
    for item in range(1, len(stream.low) - 1):
        if stream.low[item - 1] != "(" or stream.low[item + 1] != ")":
            continue
        word = stream.text[stream.start[item] : stream.end[item]]
        if not (word.isupper() and len(word) >= 2):
            continue
        start = _long_form(stream, item - 2, word)
        if start >= 0:
            name = stream.words(start, item - 1)
            found.acronyms[word] = name
            found.groups.setdefault(stream.low[start], []).append((stream.start[start], name))
            found.bodies.append((stream.start[start], name))


def _long_form(stream: Stream, last: int, word: str) -> int:
    """Where the words begin that a short form in brackets stands for, or -1.

    The nearest place from which the initials spell it; else the nearest capital that begins it.
    """
    likely = -1
    initials = ""
    for begin in range(last, max(-1, last - LONGEST_FORM), -1):
        flag = stream.flags[begin]
        if flag & (PUNCT | QUOTE | COMP | REL):
            break
        initial = stream.text[stream.start[begin]]
        initials = initial.upper() + initials
        if initial.isupper() and not flag & NUMBER and initial == word[0]:
            if _spells(initials, word):
                return begin
            if likely < 0 and len(word) <= last - begin + 3:
                likely = begin
        if (
            flag & DET
            and initials
            and likely >= 0
            and not (begin > 0 and stream.flags[begin - 1] & LINK)
        ):
            break
    return likely


def _spells(initials: str, word: str) -> bool:
    """Whether the letters of a short form stand in this order among the initials."""
    letters = iter(initials)
    return all(letter in letters for letter in word)
