"""Reads reports in a language whose main verb stands second and whose subclause ends in its verb.

In: a reading and one sentence. Out: drafts for tags (`„Q“, sagte X`; `Q, wie X mitteilte`), clauses
after the verb (`dass Q`, `Q sei`, `Q zu tun`), colons and quotes. Source phrases and sentences that go
on in the subjunctive are read by `kg.intake.rules_subjunctive`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.intake.cues import Cue, phrase_at
from kg.intake.drafts import Draft, Reading, content_form, is_first_person, skip_connectives
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    GROUP,
    MODAL,
    NEG,
    NUMBER,
    PERSON_NOUN,
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
from kg.intake.phrases import Mention, phrase_from

from kg.intake.proposal import TextSpan

if TYPE_CHECKING:
    from kg.intake.language import CueForm
    from kg.intake.segment import Sentence

__all__ = ["Parts", "clause_speaker", "cut", "noun_phrase", "read_verbsecond", "subjunctive_at"]

BREAKS = (",", ":", ";", "–", "—")
REACH = 30
SUBJECTS = ("er", "sie", "man", "ich", "wir")
FEW_WORDS = 2
SHORTEST = 3
NOUN = ROLE | PERSON_NOUN | GROUP | TITLE
FINITE = AUX | MODAL | BE | VERB


@dataclass(frozen=True, slots=True)
class Parts:
    """A sentence cut at its commas, colons and dashes: item ranges, left to right."""

    ranges: tuple[tuple[int, int], ...]

    def at(self, item: int) -> int:
        """Return the number of the part that holds an item."""
        for number, (first, last) in enumerate(self.ranges):
            if first <= item < last:
                return number
        return len(self.ranges) - 1


@dataclass(frozen=True, slots=True)
class _Verb:
    """One reporting verb: its cue, its part, and whether others are its object."""

    cue: Cue
    part: int
    is_passive: bool
    is_last: bool


def cut(reading: Reading, sentence: Sentence) -> Parts:
    """Cut a sentence into its parts."""
    ranges = []
    begin = sentence.first
    for item in range(sentence.first, sentence.last):
        if reading.stream.low[item] in BREAKS:
            if item > begin:
                ranges.append((begin, item))
            begin = item + 1
    last = sentence.last
    while last > begin and reading.stream.flags[last - 1] & PUNCT:
        last -= 1
    if last > begin:
        ranges.append((begin, last))
    return Parts(tuple(ranges))


def read_verbsecond(reading: Reading, number: int) -> list[Cue]:
    """Add the drafts of one sentence's reporting verbs; return the verbs."""
    sentence = reading.sentence(number)
    parts = cut(reading, sentence)
    verbs = _verbs(reading, parts)
    end = -1
    for verb in verbs:
        if reading.stream.start[verb.cue.verb] < end:
            continue
        draft = _tag(reading, verb, number, parts) or _complement(
            reading, verb, number, parts, verbs
        )
        if draft is not None:
            reading.add(draft)
            end = draft.content[-1].end
    if not verbs or not reading.of_sentence(number):
        _noun_cue(reading, number, parts)
    return [verb.cue for verb in verbs]


def subjunctive_at(reading: Reading, first: int, last: int, *, weak: bool = False) -> int:
    """Return the item of a form that marks the words of others, or -1."""
    stream, lists = reading.stream, reading.language.lists
    strong = lists.get("subjunctive", frozenset())
    faint = lists.get("subjunctive_weak", frozenset()) if weak else frozenset()
    for item in range(first, last):
        low = stream.low[item]
        if low not in strong and low not in faint:
            continue
        before = stream.low[item - 1] if item > first else ""
        if stream.flags[item] & CAP or before in ("als", "ich", "wie", "eine", "die", "zu"):
            continue
        return item
    return -1


def _verbs(reading: Reading, parts: Parts) -> list[_Verb]:
    stream, table = reading.stream, reading.language.cue_forms
    found = []
    for number, (first, last) in enumerate(parts.ranges):
        helper = next(
            (
                i
                for i in range(first, last)
                if stream.flags[i] & (AUX | MODAL) and _is_lower(reading, i)
            ),
            -1,
        )
        for item in range(first, last):
            if stream.low[item] not in table or stream.flags[item] & (CAP | QUOTE):
                continue
            verb = _verb(reading, parts, number, item, helper)
            if verb is not None:
                found.append(verb)
    return found


def _is_lower(reading: Reading, item: int) -> bool:
    return not reading.stream.flags[item] & CAP or item == 0


def _verb(reading: Reading, parts: Parts, number: int, item: int, helper: int) -> _Verb | None:
    stream = reading.stream
    first, last = parts.ranges[number]
    if (
        stream.flags[item - 1] & DET
        and item > first
        and item + 1 < last
        and (stream.flags[item + 1] & CAP)
    ):
        return None
    for form in reading.language.cue_forms[stream.low[item]]:
        tail = _tail(reading, form, item, last)
        if tail < 0:
            continue
        is_aux = helper >= 0 and helper != item
        if form.shape == "participle" and not is_aux:
            continue
        if form.shape == "infinitive" and not (
            is_aux and stream.flags[helper] & MODAL and item == last - 1
        ):
            continue
        if (
            form.shape == "finite"
            and is_aux
            and not form.tail
            and _has_shape(reading, item, "participle")
        ):
            continue
        if form.shape == "finite" and is_aux and item not in (first, last - 1) and helper < item:
            continue
        passive = form.shape == "participle" and stream.low[helper] in (
            "wurde",
            "wurden",
            "wird",
            "werden",
            "worden",
        )
        begin = min(item, helper) if form.shape == "participle" and helper == item - 1 else item
        negated = any(stream.flags[i] & NEG for i in range(item, min(item + 2, last)))
        cue = Cue(begin, item + 1, item, form, "finite", is_negated=negated)
        is_last = item >= last - 1 or (helper == last - 1 and item == last - 2)
        return _Verb(cue, number, passive, is_last)
    return None


def _has_shape(reading: Reading, item: int, shape: str) -> bool:
    return any(form.shape == shape for form in reading.language.cue_forms[reading.stream.low[item]])


def _tail(reading: Reading, form: CueForm, item: int, last: int) -> int:
    """Return where the split part of the verb stands (`teilte … mit`); its own place if none."""
    if not form.tail:
        return item
    lows = reading.stream.low
    length = len(form.tail)
    for place in range(item + 1, last - length + 1):
        if tuple(lows[place : place + length]) == form.tail:
            return place
    if form.tail[0] in ("sich", "darauf", "dazu", "dafür", "davon", "daran"):
        return -1
    return -1


def _tag(reading: Reading, verb: _Verb, number: int, parts: Parts) -> Draft | None:
    """`„Q“, sagte X`, `Q, sagte X, (Q)`, `Q, wie X mitteilte`, `Wie X mitteilte, Q`."""
    stream = reading.stream
    cue = verb.cue
    first, last = parts.ranges[verb.part]
    opening = first
    if stream.low[opening] in ("wie", "so"):
        return _inserted(reading, verb, number, parts)
    while opening < cue.first and stream.flags[opening] & QUOTE:
        opening += 1
    skipped = opening
    while skipped < cue.first and stream.flags[skipped] & (ADV | COORD):
        skipped += 1
    if skipped != cue.first or not cue.form.group.frames & {"quote", "incise"}:
        return None
    has_quote = bool(stream.flags[opening - 1] & QUOTE) or (
        opening >= 2
        and opening - 2 >= reading.sentence(number).first
        and bool(stream.flags[opening - 2] & QUOTE)
    )
    if opening <= reading.sentence(number).first or stream.low[opening - 1] == ":":
        return None
    if not has_quote and not _leads_as_content(reading, parts, verb):
        return None
    mention = clause_speaker(reading, cue.last, last)
    if cue.form.lemma == "heißen":
        mention = _document(reading, cue.last, last)
    elif mention is None:
        return None
    if not has_quote and _content_follows(reading, parts, verb):
        return None
    return _tagged(reading, verb, number, parts, opening=opening, mention=mention)


def _leads_as_content(reading: Reading, parts: Parts, verb: _Verb) -> bool:
    """Whether what stands before the verb is a clause of its own, not its opening."""
    stream = reading.stream
    if verb.part == 0:
        return False
    first, last = parts.ranges[0]
    begin = skip_connectives(reading, first, last)
    flag = stream.flags[begin]
    if flag & SUB and not flag & (DET | PRON) and stream.low[begin] not in ("da",):
        return verb.part > 1 and not flag & COMP and _is_main(reading, parts, 1, verb.part)
    if flag & COMP:
        return True
    return any(
        stream.flags[item] & FINITE or stream.low[item].endswith(reading.language.verb_endings)
        for item in range(begin, parts.ranges[verb.part - 1][1])
    )


def _is_main(reading: Reading, parts: Parts, begin: int, end: int) -> bool:
    return any(reading.stream.flags[parts.ranges[n][0]] & FINITE for n in range(begin, end))


def _content_follows(reading: Reading, parts: Parts, verb: _Verb) -> bool:
    """Whether the words after the verb are its content, so that those before it are none."""
    if verb.part + 1 >= len(parts.ranges):
        return False
    begin, end = parts.ranges[verb.part + 1]
    flag = reading.stream.flags[begin]
    if flag & (COMP | QUOTE) or reading.stream.low[begin - 1] == ":":
        return True
    return (
        subjunctive_at(reading, begin, end) >= 0
        and subjunctive_at(reading, parts.ranges[0][0], verb.cue.first) < 0
        and complement_kind(reading, parts, verb.part + 1, verb.cue) == "clause"
    )


def _tagged(
    reading: Reading, verb: _Verb, number: int, parts: Parts, *, opening: int, mention: Mention | None
) -> Draft | None:
    stream = reading.stream
    sentence = reading.sentence(number)
    start = skip_connectives(reading, sentence.first, opening)
    last = opening
    while last > start and stream.low[last - 1] in BREAKS:
        last -= 1
    quoted = last - 1 if stream.flags[last - 1] & QUOTE else -1
    if quoted > start and stream.low[quoted - 1] in (":", "–"):
        start = quoted
    start = max(start, _free_from(reading, number, start))
    if last <= start:
        return None
    form = content_form(reading, start, last)
    if form == "Indirect" and last - start < SHORTEST:
        return None
    content = [reading.span(start, last)]
    part = parts.ranges[verb.part]
    rest = part[1] + 1
    if quoted >= 0 or form == "Mixed":
        here = part[1]
        while here < sentence.last and stream.low[here] in BREAKS:
            here += 1
        if here < sentence.last and here > part[1] and stream.flags[here] & QUOTE:
            content.append(reading.span(here, here + 1))
            reading.use(here, here + 1)
    if len(content) == 1 and quoted < 0 and rest < sentence.last - 1:
        flag = stream.flags[rest]
        goes_on = flag & SUB and not flag & (DET | PRON)
        if goes_on and stream.low[part[1]] == ",":
            content = [reading.span(start, sentence.last)]
            last = sentence.last
    if form == "Indirect" and is_first_person(reading, start, last):
        form = "UnmarkedDirect"
    reading.use(start, last)
    return Draft(
        content=content,
        form=form,
        rule="tag.marked" if form != "Indirect" else "tag.unmarked",
        confidence=0.93 if form != "Indirect" else 0.8,
        sentence=number,
        cue=verb.cue,
        mention=mention,
    )


def _free_from(reading: Reading, number: int, start: int) -> int:
    """Return the first item that no draft of this sentence has taken yet."""
    stream = reading.stream
    here = start
    sentence = reading.sentence(number)
    for draft in reading.of_sentence(number):
        while here < sentence.last and stream.start[here] < draft.content[-1].end:
            here += 1
    return here if here > start else start


def _inserted(reading: Reading, verb: _Verb, number: int, parts: Parts) -> Draft | None:
    """`Wie X mitteilte, Q`; `Q1, wie X mitteilt, Q2`; `Q1, so glaubt X, Q2`."""
    stream = reading.stream
    first, last = parts.ranges[verb.part]
    is_as = stream.low[first] == "wie"
    if is_as and not verb.is_last:
        return None
    if not is_as and verb.cue.first > first + 2:
        return None
    begin = first + 1 if is_as else verb.cue.last
    stop = verb.cue.first if is_as else last
    mention = clause_speaker(reading, begin, stop)
    if mention is None and is_as:
        while begin < stop and stream.flags[begin] & (PREP | ADV | PRON) and not (
            stream.flags[begin] & DET
        ):
            begin += 1
        mention = noun_phrase(reading, begin, stop)
    if mention is None and not (is_as and stream.low[first + 1] == "es"):
        return None
    sentence = reading.sentence(number)
    content = []
    if verb.part > 0:
        start = skip_connectives(reading, sentence.first, first)
        content.append(reading.span(start, first))
    if last + 1 < sentence.last and stream.low[last] in (",", "–"):
        span = reading.span(last + 1, sentence.last)
        if span.end > span.start:
            content.append(span)
    content = [span for span in content if span.end > span.start]
    if not content:
        return None
    form = content_form(reading, sentence.first if verb.part else last, sentence.last)
    reading.use(sentence.first, sentence.last)
    return Draft(
        content=content,
        form=form,
        rule="tag.inserted",
        confidence=0.85,
        sentence=number,
        cue=verb.cue,
        mention=mention,
    )


def clause_speaker(reading: Reading, first: int, last: int) -> Mention | None:
    """Return the first phrase in a range that can be a subject: no object form, no phrase of place."""
    stream, language = reading.stream, reading.language
    objects = language.lists.get("object_articles", frozenset())
    here = first
    while here < last:
        flag, low = stream.flags[here], stream.low[here]
        if phrase_at(stream, language, here, "connective"):
            here += phrase_at(stream, language, here, "connective")
            continue
        if low in objects:
            skipped = noun_phrase(reading, here, last)
            here = max(skipped.last if skipped and flag & DET else here + 1, here + 1)
            continue
        if flag & PRON and not (
            flag & DET and here + 1 < last and not _ends_phrase(reading, here + 1)
        ):
            if low == "es" and here + 1 < last:
                here += 1
                continue
            return Mention(here, here + 1, is_pronoun=True, flags=flag)
        if flag & PREP and not flag & DET:
            skipped = noun_phrase(reading, here + 1, last)
            here = max(skipped.last, here + 1) if skipped else here + 1
            continue
        if flag & TIME or (flag & (ADV | SUB | COORD | NEG | NUMBER) and not flag & (DET | CAP)):
            here += 1
            continue
        if flag & (FINITE | PUNCT | QUOTE | REL | COMP) and not flag & (DET | CAP):
            here += 1
            continue
        if flag & DET and here + 1 < last and stream.flags[here + 1] & TIME:
            here += 2
            continue
        if flag & (DET | CAP | NOUN):
            return noun_phrase(reading, here, last)
        here += 1
    return None


def noun_phrase(reading: Reading, begin: int, limit: int) -> Mention | None:
    """Read a noun phrase up to the lower word that follows its noun: the verb, or a new phrase."""
    stream = reading.stream
    if begin >= limit:
        return None
    genitive = reading.language.lists.get("genitive_articles", frozenset())
    stop = begin + 1
    while stop < limit and stop - begin < REACH:
        flag, low = stream.flags[stop], stream.low[stop]
        after_noun = stream.flags[stop - 1] & CAP and not stream.flags[stop - 1] & DET
        if after_noun and not flag & (CAP | PUNCT | QUOTE):
            is_adjective = low.endswith("er") and stop + 1 < limit and stream.flags[stop + 1] & CAP
            if not flag and not is_adjective:
                break
            if flag & DET and low not in genitive and not flag & PREP:
                break
        stop += 1
    return phrase_from(stream, reading.language, begin, stop, follow=stop >= limit)


def _ends_phrase(reading: Reading, item: int) -> bool:
    flag = reading.stream.flags[item]
    low = reading.stream.low[item]
    return (
        bool(flag & (FINITE | PUNCT | QUOTE | ADV | NEG | PREP | TIME))
        and not flag & CAP
        or (low in reading.language.cue_forms and not flag & CAP)
    )


def _subject(reading: Reading, verb: _Verb, number: int, parts: Parts) -> Mention | None:
    """The subject of a reporting verb: before it, after it, or before its relative clause."""
    stream = reading.stream
    first, last = parts.ranges[verb.part]
    cue = verb.cue
    if verb.is_passive:
        for item in range(first, cue.verb):
            if stream.low[item] in ("von", "vom"):
                return noun_phrase(reading, item + 1, cue.verb)
        return None
    begin = skip_connectives(reading, first, last)
    is_relative = (
        verb.is_last
        and verb.part > 0
        and (stream.flags[begin] & DET or stream.flags[begin] & REL)
        and stream.low[begin] in ("der", "die", "das")
    )
    if is_relative and _is_pronoun(reading, begin, last):
        before = parts.ranges[verb.part - 1]
        here = before[1] - 1
        while here > before[0] and not stream.flags[here - 1] & (PUNCT | PREP | FINITE | ADV):
            here -= 1
            if stream.flags[here] & DET:
                break
        return phrase_from(stream, reading.language, here, before[1])
    if cue.form.lemma == "heißen":
        return _document(reading, first, last)
    after = stream.flags[cue.last] if cue.last < last else PUNCT
    if after & PRON and stream.low[cue.last] in SUBJECTS and cue.first > begin:
        return Mention(cue.last, cue.last + 1, is_pronoun=True, flags=after)
    mention = clause_speaker(reading, begin, cue.first)
    opens = cue.first == begin and verb.part > 0 and not stream.flags[first] & COORD
    if mention is None and opens and not any(_has_verb(reading, parts, n) for n in range(verb.part)):
        mention = clause_speaker(reading, *parts.ranges[0])
    if mention is None:
        mention = clause_speaker(reading, cue.last, last)
    if mention is None and verb.part > 0 and not _has_verb(reading, parts, verb.part - 1):
        mention = clause_speaker(reading, parts.ranges[0][0], parts.ranges[0][1])
    if mention is None and verb.part > 0:
        head = parts.ranges[0]
        flag = stream.flags[first - 1] if first else 0
        if cue.first == first and not flag & COMP:
            mention = clause_speaker(reading, head[0], head[1])
    return mention


def _relative(
    reading: Reading, verb: _Verb, parts: Parts, mention: Mention | None
) -> TextSpan | None:
    """The relative pronoun itself, where the speaker stands before its clause."""
    stream = reading.stream
    first = parts.ranges[verb.part][0]
    if mention is None or not verb.is_last or mention.last > first:
        return None
    if stream.low[first] not in ("der", "die", "das"):
        return None
    return TextSpan(stream.start[first], stream.end[first])


def _is_pronoun(reading: Reading, item: int, last: int) -> bool:
    """Whether `der`, `die`, `das` stands for a noun before it, and does not open a phrase."""
    after = reading.stream.flags[item + 1] if item + 1 < last else PUNCT
    return not after & CAP and bool(after or reading.stream.low[item] in ("der", "das"))


def _document(reading: Reading, first: int, last: int) -> Mention | None:
    """`In dem Bericht heißt es`, `heißt es aus Berlin`: the document or place is the voice."""
    stream = reading.stream
    for item in range(first, last):
        if stream.low[item] in ("in", "im", "aus", "vom", "von", "beim", "bei", "seitens"):
            return noun_phrase(reading, item + 1, last)
    return None


def _has_verb(reading: Reading, parts: Parts, part: int) -> bool:
    first, last = parts.ranges[part]
    return any(
        reading.stream.flags[i] & FINITE and not reading.stream.flags[i] & CAP
        for i in range(first, last)
    )


def _complement(
    reading: Reading, verb: _Verb, number: int, parts: Parts, verbs: list[_Verb]
) -> Draft | None:
    found = _content(reading, verb, parts)
    if found is None:
        return None
    first, last, rule, confidence = found
    if rule.startswith("verb.") and rule not in ("verb.quote", "verb.colon"):
        last = _before_next(reading, first, last, verbs, parts)
    mention = _subject(reading, verb, number, parts)
    if mention is None and not verb.is_passive and verb.cue.form.lemma != "heißen":
        mention = clause_speaker(reading, *parts.ranges[0])
    shared = None
    if mention is None and not verb.is_passive:
        near = [draft for draft in reading.drafts[-3:] if number - draft.sentence <= 1]
        shared = (
            near[-1] if near and reading.stream.low[verb.cue.first - 1] in ("und", ",") else None
        )
    span = reading.span(first, last)
    if span.end <= span.start:
        return None
    form = content_form(reading, first, last)
    if form == "Indirect" and rule == "verb.colon" and is_first_person(reading, first, last):
        form = "UnmarkedDirect"
    reading.use(first, last)
    return Draft(
        content=[span],
        form=form,
        rule=rule,
        confidence=confidence,
        sentence=number,
        cue=verb.cue,
        mention=mention,
        mention_span=_relative(reading, verb, parts, mention),
        same_speaker_as=shared,
    )


def _content(reading: Reading, verb: _Verb, parts: Parts) -> tuple[int, int, str, float] | None:
    stream = reading.stream
    cue = verb.cue
    part = parts.ranges[verb.part]
    end = parts.ranges[-1][1]
    for item in range(cue.last, part[1]):
        if stream.flags[item] & QUOTE and item not in reading.used:
            words = len(
                stream.quotes[item].inner_start
                and stream.text[
                    stream.quotes[item].inner_start : stream.quotes[item].inner_end
                ].split(None, 4)
            )
            if words < FEW_WORDS or not cue.form.group.frames & {"quote", "marked"}:
                break
            after = item + 1
            is_bare = item == cue.last or stream.flags[after] & PUNCT if after < end else True
            return item, (after if is_bare else after), "verb.quote", 0.85
    if verb.part + 1 >= len(parts.ranges):
        return None
    if stream.low[part[1]] == ":":
        return _after_colon(reading, parts, verb.part)
    for number in range(verb.part + 1, min(verb.part + 5, len(parts.ranges))):
        kind = complement_kind(reading, parts, number, cue)
        if kind == "skip":
            continue
        if not kind:
            return None
        first = parts.ranges[number][0]
        confidence = 0.9 if kind == "that" else 0.8
        return first, end, f"verb.{kind}", confidence
    return None


def _after_colon(reading: Reading, parts: Parts, part: int) -> tuple[int, int, str, float] | None:
    stream = reading.stream
    begin = parts.ranges[part + 1][0]
    if stream.flags[begin] & QUOTE:
        return (begin, begin + 1, "verb.colon", 0.95) if begin not in reading.used else None
    return begin, parts.ranges[-1][1], "verb.colon", 0.7


def complement_kind(reading: Reading, parts: Parts, number: int, cue: Cue | None) -> str:  # noqa: C901, PLR0911, PLR0912 - one condition a line
    """Return how a part completes a reporting verb: that, question, clause, infinitive; or skip."""
    stream, language = reading.stream, reading.language
    first, last = parts.ranges[number]
    begin = first
    while (
        begin < last
        and stream.flags[begin] & ADV
        and not stream.flags[begin] & (DET | PRON | COMP | SUB)
    ):
        begin += 1
    if begin >= last:
        return "skip"
    flag, low = stream.flags[begin], stream.low[begin]
    if stream.flags[first] & COMP or flag & COMP:
        return "that"
    if stream.flags[first] & QUOTE:
        return "quote" if cue is None or cue.form.group.frames & {"quote", "incise"} else ""
    if low in language.lists.get("interrogatives", ()) and not (
        low == "wie" and last - begin < SHORTEST
    ):
        return "question"
    if low in ("wonach",):
        return "that"
    if (
        flag & PREP
        and begin + 1 < last
        and stream.low[begin + 1] in ("denen", "dem", "der", "deren")
    ):
        return "skip"
    if stream.low[first] in ("und", "aber", "sowie", "doch", "sondern"):
        return ""
    place = subjunctive_at(reading, first, last, weak=cue is not None)
    relative = low in ("der", "die", "das", "den", "dem", "deren", "dessen") and (begin + 1 < last)
    if place >= 0:
        if relative and place >= last - 1 and (number == len(parts.ranges) - 1 or last - begin < 8):
            after = stream.flags[begin + 1]
            if not after & CAP or place > begin + 6:
                return "skip" if place != begin + 2 else "clause"
        if flag & SUB and not flag & DET:
            return "clause" if low in ("wenn", "falls", "da", "solange") else "skip"
        return "clause"
    if _infinitive(reading, begin, last):
        if low in language.lists.get("never_infinitive", ()):
            return "skip"
        return "infinitive" if cue is None or cue.takes("infinitive") else ""
    if number + 1 < len(parts.ranges) and low in ("wenn", "falls", "nachdem", "sollte", "solange"):
        return (
            "clause"
            if subjunctive_at(reading, *parts.ranges[number + 1], weak=True) >= 0
            else "skip"
        )
    if cue is not None and cue.takes("zero") and not flag & (SUB | REL):
        second = next(
            (i for i in range(begin + 1, min(last, begin + 8)) if stream.flags[i] & FINITE), -1
        )
        starts = flag & (PRON | DET | CAP | ADV | NUMBER) or flag & PREP
        is_relative = relative and (second == last - 1 or second < 0)
        if starts and second >= 0 and second < last - 1 and not is_relative:
            if relative and not stream.flags[begin + 1] & CAP and stream.flags[last - 1] & FINITE:
                return "skip"
            return "clause"
    return "skip"


def _infinitive(reading: Reading, first: int, last: int) -> bool:
    lows = reading.stream.low
    for item in range(last - 1, max(first, last - 5) - 1, -1):
        low = lows[item]
        if reading.stream.flags[item] & CAP:
            continue
        if item > first and lows[item - 1] == "zu" and low.endswith("n"):
            return True
        cut_at = low.find("zu", 2)
        if 2 <= cut_at < len(low) - 4 and low.endswith("n") and low[:cut_at] in SEPARABLE:
            return True
    return False


SEPARABLE = frozenset(
    "ab an auf aus bei ein fest frei fort her hin los mit nach nieder um unter vor weg weiter wieder "
    "zurück zusammen bereit durch entgegen heraus hinaus teil über voran vorbei dar herbei hervor "
    "bekannt sicher statt wahr heim herunter hinzu".split()
)


def _before_next(reading: Reading, first: int, last: int, verbs: list[_Verb], parts: Parts) -> int:
    """End the content where a later verb brings its own report: `… und betonte, dass`."""
    stream = reading.stream
    for verb in verbs:
        item = verb.cue.first
        if item <= first or item >= last:
            continue
        for back in range(item - 1, max(first, item - 8), -1):
            if stream.low[back] == "," and back != item - 1:
                break
            if (
                stream.flags[back] & COORD
                and not stream.flags[back] & CAP
                and (back >= item - 2 or _content(reading, verb, parts) is not None)
                and not verb.is_last
            ):
                return back - 1 if stream.low[back - 1] == "," else back
        begin, stop = parts.ranges[verb.part]
        if begin > first and stream.low[begin] in ("so", "wie") and item <= begin + 1:
            return begin - 1
        if begin > first and item == begin and clause_speaker(reading, item + 1, stop) is not None:
            return begin - 1
    for item in range(first + 1, last):
        if stream.low[item] == ":" and item + 1 < last and stream.flags[item + 1] & QUOTE:
            return item
        if (
            stream.low[item] == ","
            and item + 1 < last
            and stream.low[item + 1] in ("was", "wobei", "wodurch", "womit", "weshalb")
            and item - first > SHORTEST
        ):
            return item
        if (
            stream.flags[item] & COORD
            and item + 1 < last
            and stream.low[item - 1] == ","
            and not stream.flags[item + 1] & ~FINITE
            and stream.low[item + 1].endswith(("te", "ten", "s"))
            and subjunctive_at(reading, first, item) >= 0
            and subjunctive_at(reading, item + 1, item + 2, weak=True) < 0
        ):
            return item - 1
        if stream.low[item] == ";" or (
            stream.low[item] == ","
            and stream.low[item + 1] == "so"
            and item + 2 < last
            and stream.flags[item + 2] & (CAP | DET)
        ):
            return item
    return last


def _has_main(reading: Reading, parts: Parts, part: int) -> bool:
    """Whether a verb that is not in the subjunctive stands before: somebody's act or state."""
    stream = reading.stream
    first, last = parts.ranges[0][0], parts.ranges[part][1]
    if subjunctive_at(reading, first, last, weak=True) >= 0:
        return False
    head = parts.ranges[0]
    return any(
        (stream.flags[i] & FINITE or stream.low[i].endswith(reading.language.verb_endings))
        and not stream.flags[i] & CAP
        for i in range(*head)
    )


def _noun_cue(reading: Reading, number: int, parts: Parts) -> None:
    """`… die Forderung, dass Q`; `… stehen Vorwürfe im Raum, sie habe Q`."""
    stream, language = reading.stream, reading.language
    nouns = language.lists.get("statement_nouns", frozenset())
    for part in range(len(parts.ranges) - 1):
        first, last = parts.ranges[part]
        noun = next(
            (
                i
                for i in range(last - 1, first - 1, -1)
                if stream.low[i] in nouns and stream.flags[i] & CAP
            ),
            -1,
        )
        kind = complement_kind(reading, parts, part + 1, None)
        if stream.low[last] == ":" and (noun >= 0 or stream.flags[last + 1] & QUOTE):
            found = _after_colon(reading, parts, part)
        elif (kind == "clause" and _has_main(reading, parts, part)) or (noun >= last - SHORTEST and kind in ("that", "infinitive")):
            found = (parts.ranges[part + 1][0], parts.ranges[-1][1], "noun." + kind, 0.6)
        else:
            continue
        if found is None:
            continue
        mention = clause_speaker(reading, parts.ranges[0][0], last)
        if mention is not None and mention.first <= noun < mention.last:
            follows = clause_speaker(reading, noun + 1, last)
            mention = follows or mention
        begin, end, rule, confidence = found
        if mention is None:
            continue
        reading.add(
            Draft(
                content=[reading.span(begin, end)],
                form=content_form(reading, begin, end),
                rule=rule,
                confidence=confidence,
                sentence=number,
                mention=mention,
            )
        )
        reading.use(begin, end)
        return
