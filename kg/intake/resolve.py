"""Names the speakers: from the words that mention them to a name, inside one document.

In: a reading with its drafts. Out: a `Speaker` per draft, each with basis and confidence; who
cannot be named stays unnamed, with the reason. Surnames, roles, apposition, pronouns and "the
latter" are resolved here; a `Gazetteer` (the project's registry of agents) may add names that
the document does not spell out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from kg.intake.cues import phrase_at
from kg.intake.declension import nominative
from kg.intake.entities import Entity, Register, register
from kg.intake.flags import (
    CAP,
    DET,
    GROUP,
    INVERTED,
    LINK,
    PERSON_NOUN,
    PLURAL,
    POSS,
    PREP,
    ROLE,
    SOURCE,
)
from kg.intake.focus import add_subjects, core_words, phrase_gender, tell_genders
from kg.intake.proposal import Speaker, TextSpan
from kg.intake.subjects import clause_subject

if TYPE_CHECKING:
    from kg.intake.drafts import Draft, Reading
    from kg.intake.phrases import Mention

__all__ = ["Gazetteer", "name_speakers"]


MEMORY = 60
"""How many speakers back a pronoun may reach."""


class Gazetteer(Protocol):
    """A registry that knows agents by alias, and by role at a date."""

    def find_name(self, words: str, *, language: str) -> str:
        """Return the canonical name behind these words; empty where it knows none."""


@dataclass(slots=True)
class _Talk:
    """Who spoke so far."""

    spoken: list[tuple[int, Entity]] = field(default_factory=list)
    groups: list[tuple[int, str, str]] = field(default_factory=list)


def name_speakers(reading: Reading, gazetteer: Gazetteer | None = None) -> list[Speaker]:
    """Return one speaker per draft, in the order of the drafts."""
    people = register(reading)
    tell_genders(reading, people)
    add_subjects(reading, people)
    talk = _Talk()
    named: dict[int, Speaker] = {}
    order = sorted(range(len(reading.drafts)), key=lambda n: _when(reading, reading.drafts[n]))
    for index in order:
        draft = reading.drafts[index]
        shared = draft.same_speaker_as
        if draft.mention is None and shared is not None and id(shared) in named:
            speaker = _continued(named[id(shared)])
        elif draft.mention is None:
            speaker = Speaker(basis="no speaker named")
        else:
            speaker = _resolve(reading, draft, people, talk)
        if gazetteer is not None and speaker.mention is not None and not speaker.canonical:
            speaker = _from_gazetteer(reading, speaker, gazetteer)
        mention = draft.mention if draft.mention_span is not None else None
        if mention is not None and not mention.is_pronoun and not speaker.canonical:
            speaker = replace(speaker, canonical=core_words(reading, mention))
        named[id(draft)] = speaker
        _remember(draft, reading, speaker, people, talk)
    return [named[id(draft)] for draft in reading.drafts]


def _when(reading: Reading, draft: Draft) -> tuple[int, int]:
    place = draft.content[0].start
    if draft.mention is not None:
        place = max(place, reading.stream.start[draft.mention.first])
    return draft.sentence, place


def _continued(speaker: Speaker) -> Speaker:
    return Speaker(
        speaker.mention, speaker.canonical, "continued", speaker.confidence * 0.9, speaker.kind
    )


def _from_gazetteer(reading: Reading, speaker: Speaker, gazetteer: Gazetteer) -> Speaker:
    if speaker.mention is None:
        return speaker
    words = speaker.mention.of(reading.stream.text)
    name = gazetteer.find_name(words, language=reading.language.code)
    if not name:
        return speaker
    return Speaker(speaker.mention, name, "registry", 0.8, speaker.kind)


def _remember(
    draft: Draft, reading: Reading, speaker: Speaker, people: Register, talk: _Talk
) -> None:
    entity = people.by_name.get(speaker.canonical)
    place = _when(reading, draft)[1]
    if _is_nested(reading, draft):
        return
    if entity is None and draft.mention is not None and not draft.mention.is_pronoun:
        entity = _unnamed_person(reading, draft.mention, speaker)
    if entity is not None and entity.is_person:
        talk.spoken.append((place, entity))
        entity.places.append(place)
    elif draft.mention is not None and speaker.mention is not None and not draft.mention.is_pronoun:
        said = speaker.mention.of(reading.stream.text)
        text = speaker.canonical or (
            core_words(reading, draft.mention) if draft.mention_span else said
        )
        gender = phrase_gender(reading, draft.mention)
        talk.groups.append((place, text, gender))


def _is_nested(reading: Reading, draft: Draft) -> bool:
    """Whether the statement is told inside another one: its speaker is not the topic."""
    return any(
        other is not draft
        and other.sentence == draft.sentence
        and other.content[0].start <= draft.content[0].start
        and draft.content[-1].end <= other.content[-1].end
        and other.content[-1].end - other.content[0].start
        > draft.content[-1].end - draft.content[0].start
        and other.content[0].start
        <= (reading.stream.start[draft.mention.first] if draft.mention else -1)
        for other in reading.near(draft)
    )


def _unnamed_person(reading: Reading, mention: Mention, speaker: Speaker) -> Entity | None:
    """Somebody known by a role alone can still be *he* or *she* in the next sentence."""
    flags = mention.flags
    if not flags & (ROLE | PERSON_NOUN) or flags & (GROUP | SOURCE) or speaker.mention is None:
        return None
    if reading.stream.flags[mention.first] & PLURAL:
        return None
    name = speaker.canonical or core_words(reading, mention)
    return Entity(name, phrase_gender(reading, mention), is_person=True)


def _resolve(reading: Reading, draft: Draft, people: Register, talk: _Talk) -> Speaker:
    mention = draft.mention
    if mention is None:
        return Speaker(basis="no speaker named")
    stream = reading.stream
    span = draft.mention_span or TextSpan(stream.start[mention.first], stream.end[mention.last - 1])
    if mention.is_pronoun:
        meant = _pronoun(reading, draft, mention, span, people=people, talk=talk)
        if _is_in_verb(reading, draft, mention):
            return replace(meant, mention=None, basis=f"{meant.basis} in the verb")
        return meant
    if mention.has_name:
        return _named(reading, mention, span, people=people, talk=talk)
    if stream.low[mention.first] in reading.language.lists.get("source_adverbs", ()):
        voice = _latest_voice(talk, span.start)
        basis = "the one before" if voice else "nobody before it"
        return Speaker(span, voice, basis, 0.4, "Unnamed")
    back = phrase_at(stream, reading.language, mention.first, "previous")
    if back:
        gender = phrase_gender(reading, mention)
        found = _latest_named(people, talk, span.start, gender)
        if any(stream.flags[item] & SOURCE for item in range(mention.first, mention.last)):
            return Speaker(span, _latest_voice(talk, span.start), "the one before", 0.5, "Unnamed")
        if found is not None:
            return Speaker(span, found[1].name, "the one before", 0.7, "NamedPerson")
    return _described(reading, mention, span, people=people, talk=talk)


def _is_in_verb(reading: Reading, draft: Draft, mention: Mention) -> bool:
    """Whether the verb alone stands for its subject."""
    if draft.cue is not None:
        return mention.first == draft.cue.verb
    place = reading.stream.start[mention.first]
    if reading.stream.flags[mention.first] & INVERTED:
        return False
    return draft.cue_span is not None and draft.cue_span.start <= place < draft.cue_span.end


def _named(
    reading: Reading, mention: Mention, span: TextSpan, *, people: Register, talk: _Talk
) -> Speaker:
    stream = reading.stream
    first, last = mention.name_first, mention.name_last
    name_span = TextSpan(stream.start[first], stream.end[last - 1])
    words = stream.words(first, last)
    body_nouns = reading.language.lists.get("body_nouns", frozenset())
    if last - first == 1 and words.lower() in body_nouns and stream.flags[first - 1] & DET:
        mention = replace(mention, flags=mention.flags | GROUP)
        return _described(reading, mention, span, people=people, talk=talk)
    entity = people.find(words)
    outside = first >= mention.last or first < mention.first
    shown = name_span if outside else span
    if entity is not None and entity.is_person:
        basis = "full name" if entity.name == words else "surname"
        return Speaker(shown, entity.name, basis, 0.95, "NamedPerson")
    head = mention.flags
    if (
        head & (ROLE | PERSON_NOUN)
        and not head & (GROUP | SOURCE)
        and not _is_own_name(reading, mention)
    ):
        return _described(reading, mention, span, people=people, talk=talk)
    long_form = people.acronyms.get(words, "")
    if long_form:
        return Speaker(shown, long_form, "acronym", 0.85, "Organisation")
    name = core_words(reading, mention)
    if not outside and first > mention.first and stream.low[first - 1] in body_nouns:
        name = stream.words(first, mention.last)
    titled = first - 2 >= mention.first and stream.flags[first - 1] & CAP
    if titled and stream.low[first - 2] in body_nouns:
        name = stream.words(first - 1, mention.last)
    if not reading.language.has_capitals:
        name = _fuller(talk, words if outside else name)
    if reading.language.has("cases"):
        if stream.low[first] in reading.language.given_names:
            name = words
        name = nominative(_fuller(talk, name), reading.language.given_names)
    kind = "Organisation" if head & (GROUP | SOURCE) else "NamedPerson"
    return Speaker(shown, name, "as written", 0.75, kind)


def _fuller(talk: _Talk, name: str) -> str:
    """The fullest earlier mention of a speaker that holds all words of this one."""
    words = set(name.split())
    earlier = [entity.name for _, entity in talk.spoken[-MEMORY:]]
    earlier += [text for _, text, *_ in talk.groups[-MEMORY:]]
    fuller = [text for text in earlier if words < set(text.split())]
    return max(fuller, key=len, default=name)


def _is_own_name(reading: Reading, mention: Mention) -> bool:
    """Whether the capitals name the person, not the post (`le ministre X`, not `de la Santé`)."""
    flags = reading.stream.flags
    first = mention.name_first
    if first >= mention.last:
        return True
    before = flags[first - 1] if first > mention.first else 0
    second = flags[first - 2] if first - 1 > mention.first else 0
    if before & (LINK | PREP) or (before & DET and second & (LINK | PREP)):
        return False
    return not any(flags[item] & ROLE for item in range(mention.name_last, mention.last))


def _described(
    reading: Reading, mention: Mention, span: TextSpan, *, people: Register, talk: _Talk
) -> Speaker:
    """A role or a common noun: `le ministre de la Santé`, `la toxicologue`, `the company`."""
    stream = reading.stream
    first = stream.flags[mention.first]
    is_definite = bool(first & DET) and stream.low[mention.first] not in reading.language.lists.get(
        "indefinite", frozenset()
    )
    gender = phrase_gender(reading, mention)
    if (
        mention.flags & (ROLE | PERSON_NOUN)
        and not first & PLURAL
        and (is_definite or not first & DET)
    ):
        words = [stream.low[item] for item in range(mention.first, mention.last)]
        is_bound = any(stream.flags[item] & LINK for item in range(mention.first + 1, mention.last))
        found = people.by_role(words, span.start, gender, is_bound=is_bound)
        if found is not None:
            return Speaker(span, found.name, "role", 0.8, "NamedPerson")
        offices = reading.language.lists.get("offices", frozenset())
        is_aged = any(word[0].isdigit() and "-" in word for word in words)
        is_office = not is_aged and any(word in offices for word in words)
        if is_definite and not first & POSS and not is_office and len(words) <= 3:
            latest = _latest(people, talk, span.start, gender)
            is_named = (
                latest is not None and latest[1].is_person and latest[1].name in people.by_name
            )
            if latest is not None and is_named and (gender != "f" or latest[1].gender == "f"):
                return Speaker(span, latest[1].name, "definite description", 0.5, "NamedPerson")
        return Speaker(span, "", "role without a name in the text", 0.4, "RoleOnly")
    if mention.flags & (GROUP | SOURCE) and is_definite and not first & PLURAL:
        known = people.group_of(stream.low[mention.last - 1], span.start) or _body_before(
            reading, mention, people=people, talk=talk
        )
        if known and mention.last - mention.first <= 3 and not first & POSS:
            return Speaker(span, known, "definite description", 0.5, "Organisation")
        return Speaker(span, core_words(reading, mention), "as written", 0.6, "Organisation")
    if first & PLURAL:
        return Speaker(span, "", "several people, unnamed", 0.5, "Collective")
    return Speaker(span, "", "unnamed", 0.4, "Unnamed")


def _body_before(reading: Reading, mention: Mention, *, people: Register, talk: _Talk) -> str:
    """The named body that `le quotidien`, `the charity` means: the last one before."""
    stream, language = reading.stream, reading.language
    if stream.low[mention.last - 1] not in language.lists.get("body_nouns", ()):
        return ""
    place = stream.start[mention.first]
    said = [(where, text) for where, text, _ in talk.groups[-MEMORY:] if where < place]
    said = [event for event in said if any(letter.isupper() for letter in event[1])]
    return max([*said[-1:], *people.bodies_before(place)], default=(0, ""))[1]


def _pronoun(
    reading: Reading,
    draft: Draft,
    mention: Mention,
    span: TextSpan,
    *,
    people: Register,
    talk: _Talk,
) -> Speaker:
    stream, language = reading.stream, reading.language
    low = stream.low[mention.first]
    if stream.flags[mention.first] & INVERTED:
        low = low.rsplit("-", 1)[-1]
        offset = stream.end[mention.first] - len(low)
        span = TextSpan(offset, stream.end[mention.first])
    traits = language.pronouns.get(low, "")
    if traits in ("1", "q", "x"):
        return Speaker(span, "", "pronoun without a referent", 0.4, "Unnamed")
    if traits.endswith("p"):
        group = _latest_group(talk, span.start, plural=True) or _plural_subject(
            reading, draft.sentence, people
        )
        return Speaker(span, group, "pronoun" if group else "plural pronoun", 0.4, "Collective")
    gender = traits[:1] if traits[:1] in ("m", "f") else ""
    if traits.startswith("n"):
        group = _latest_group(talk, span.start, plural=False)
        return Speaker(span, group, "pronoun", 0.45, "Organisation")
    place = span.start
    if draft.content and stream.flags[mention.first] & INVERTED:
        place = min(place, draft.content[0].start) if draft.rule != "tag.inside" else place
    paragraph = reading.sentence(draft.sentence).paragraph
    found = _latest(
        people, talk, place, gender, paragraph=paragraph, without=_named_inside(draft, people)
    )
    where, group = _group_event(talk, span.start, gender)
    if language.has("natural_gender"):
        group = ""
    else:
        is_known = found is not None and found[1].gender == gender
        body = people.latest_body(span.start, gender, with_unknown=not is_known)
        where, group = max((where, group), body)
    if group and (found is None or where > found[0]):
        return Speaker(span, group, "pronoun", 0.45, "Organisation")
    if found is not None:
        if language.has("natural_gender") and found[1].name not in people.by_name:
            found[1].gender = found[1].gender or gender
        return Speaker(span, found[1].name, "pronoun", 0.7, "NamedPerson")
    return Speaker(span, "", "pronoun without a name before it", 0.3, "Unnamed")


def _plural_subject(reading: Reading, number: int, people: Register) -> str:
    """The plural subject of one of the three sentences before."""
    stream, language = reading.stream, reading.language
    for back in range(number - 1, max(-1, number - 4), -1):
        sentence = reading.sentence(back)
        mention = clause_subject(stream, language, sentence.first, sentence.last)
        if (
            mention is not None
            and not mention.is_pronoun
            and (stream.flags[mention.first] & PLURAL)
        ):
            return _joint_names(reading, mention, people) or core_words(reading, mention)
        if mention is not None and mention.has_name:
            names = _joint_names(reading, mention, people)
            if ";" in names:
                return names
    return ""


def _joint_names(reading: Reading, mention: Mention, people: Register) -> str:
    """`les présidents X du A et Y du B`: the persons a plural phrase names."""
    stream = reading.stream
    begin, end = stream.start[mention.first], stream.end[mention.last - 1]
    found = [entity.name for entity in people.named_between(begin, end)]
    return "; ".join(dict.fromkeys(found)) if len(found) > 1 else ""


def _latest_named(
    people: Register, talk: _Talk, place: int, gender: str
) -> tuple[int, Entity] | None:
    """The last person before here, in whatever part of the sentence."""
    found = [_latest(people, talk, place, gender), people.latest_mention(place, gender)]
    return max((event for event in found if event), key=lambda event: event[0], default=None)


def _latest_voice(talk: _Talk, place: int) -> str:
    """Whoever spoke last, a person or not."""
    spoken = [(where, entity.name) for where, entity in talk.spoken[-MEMORY:] if where < place]
    others = [(where, text) for where, text, _ in talk.groups[-MEMORY:] if where < place]
    return max([*spoken[-1:], *others[-1:]], default=(0, ""))[1]


def _group_event(talk: _Talk, place: int, gender: str) -> tuple[int, str]:
    """The last body or unnamed source to speak, with its place."""
    for where, text, kind in reversed(talk.groups[-MEMORY:]):
        if where < place and (not gender or kind in ("", gender)):
            return where, text
    return -1, ""


def _latest_group(talk: _Talk, place: int, *, plural: bool = False) -> str:
    return _group_event(talk, place, "p" if plural else "")[1]


def _named_inside(draft: Draft, people: Register) -> frozenset[int]:
    """Who is named inside the statement: `she said Ray would go` is not said by Ray."""
    if draft.is_source or draft.rule == "tag.unmarked":
        return frozenset()
    spans = draft.content
    named = (entity for span in spans for entity in people.named_between(span.start, span.end))
    return frozenset(id(entity) for entity in named)


def _latest(
    people: Register,
    talk: _Talk,
    place: int,
    gender: str,
    *,
    paragraph: int = -1,
    without: frozenset[int] = frozenset(),
) -> tuple[int, Entity] | None:
    """The person in focus: the last to speak, unless somebody new took the subject since."""
    spoken = next(
        (
            event
            for event in reversed(talk.spoken[-MEMORY:])
            if event[0] < place and event[1].fits(gender) and id(event[1]) not in without
        ),
        None,
    )
    subject = people.latest_subject(place, gender, without)
    latest = max((event[0] for event in (spoken, subject) if event is not None), default=-1)
    newcomer = people.introduced.get(paragraph)
    if (
        newcomer is not None
        and latest < newcomer[0] < place
        and newcomer[1].fits(gender)
        and id(newcomer[1]) not in without
    ):
        return newcomer
    if spoken is not None and (subject is None or subject[0] <= spoken[0]):
        return spoken
    return (
        subject
        or people.latest_mention(place, gender, without)
        or (people.latest_possible(place) if not without else None)
    )
