"""Reads reports in a language whose main verb stands second and whose subclause ends in its verb.

In: a reading and one sentence. Out: drafts for tags (`„Q“, sagte X`; `Q, wie X mitteilte`), clauses
after the verb (`dass Q`, `Q sei`, `Q zu tun`), colons and quotes. Source phrases and sentences that
go on in the subjunctive are read by `kg.intake.rules_subjunctive`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.drafts import Draft, Reading, content_form, is_first_person, skip_connectives
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    MODAL,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    SUB,
    VERB,
)
from kg.intake.verbsecond_content import after_colon, before_next, complement_kind, content_of
from kg.intake.verbsecond_parts import (
    BREAKS,
    Parts,
    acts,
    clause_speaker,
    cut,
    noun_phrase,
    subjunctive_at,
    words,
)
from kg.intake.verbsecond_verbs import Verb, document_of, find_verbs, relative_span, verb_subject

if TYPE_CHECKING:
    from kg.intake.cues import Cue
    from kg.intake.phrases import Mention

__all__ = ["read_verbsecond"]

SHORTEST = 3
FINITE = AUX | MODAL | BE | VERB


def read_verbsecond(reading: Reading, number: int) -> list[Cue]:
    """Add the drafts of one sentence's reporting verbs; return the verbs."""
    sentence = reading.sentence(number)
    parts = cut(reading, sentence)
    verbs = find_verbs(reading, parts)
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


def _tag(reading: Reading, verb: Verb, number: int, parts: Parts) -> Draft | None:
    """`„Q“, sagte X`, `Q, sagte X, (Q)`, `Q, wie X mitteilte`, `Wie X mitteilte, Q`."""
    stream = reading.stream
    cue = verb.cue
    first, last = parts.ranges[verb.part]
    opening = first
    if stream.low[opening] in words(reading, "inserters"):
        return _inserted(reading, verb, number, parts)
    while opening < cue.first and stream.flags[opening] & QUOTE:
        opening += 1
    skipped = opening + (stream.low[opening] in words(reading, "pointing"))
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
    if cue.form.lemma in words(reading, "naming_verb"):
        mention = document_of(reading, cue.last, last)
    elif mention is None:
        return None
    if not has_quote and _content_follows(reading, parts, verb):
        return None
    return _tagged(reading, verb, number, parts, opening=opening, mention=mention)


def _leads_as_content(reading: Reading, parts: Parts, verb: Verb) -> bool:
    """Whether what stands before the verb is a clause of its own, not its opening."""
    stream = reading.stream
    if verb.part == 0:
        return False
    first, last = parts.ranges[0]
    begin = skip_connectives(reading, first, last)
    flag = stream.flags[begin]
    if (
        flag & SUB
        and not flag & (DET | PRON)
        and stream.low[begin] not in words(reading, "tag_openers")
    ):
        return verb.part > 1 and not flag & COMP and _is_main(reading, parts, 1, verb.part)
    if flag & COMP:
        return True
    return acts(reading, first, last) or bool(stream.flags[first] & QUOTE)


def _is_main(reading: Reading, parts: Parts, begin: int, end: int) -> bool:
    return any(reading.stream.flags[parts.ranges[n][0]] & FINITE for n in range(begin, end))


def _content_follows(reading: Reading, parts: Parts, verb: Verb) -> bool:
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


def _tagged(  # noqa: C901 - one condition a line
    reading: Reading,
    verb: Verb,
    number: int,
    parts: Parts,
    *,
    opening: int,
    mention: Mention | None,
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
    return max(start, here)


def _inserted(reading: Reading, verb: Verb, number: int, parts: Parts) -> Draft | None:
    """`Wie X mitteilte, Q`; `Q1, wie X mitteilt, Q2`; `Q1, so glaubt X, Q2`."""
    stream = reading.stream
    first, last = parts.ranges[verb.part]
    is_as = stream.low[first] in words(reading, "as_words")
    if is_as and not verb.is_last:
        return None
    if not is_as and verb.cue.first > first + 2:
        return None
    begin = first + 1 if is_as else verb.cue.last
    stop = verb.cue.first if is_as else last
    mention = clause_speaker(reading, begin, stop)
    if mention is None and is_as:
        while (
            begin < stop
            and stream.flags[begin] & (PREP | ADV | PRON)
            and not (stream.flags[begin] & DET)
        ):
            begin += 1
        mention = noun_phrase(reading, begin, stop)
    if mention is None and not (is_as and stream.low[first + 1] in words(reading, "dummy_subject")):
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


def _complement(
    reading: Reading, verb: Verb, number: int, parts: Parts, verbs: list[Verb]
) -> Draft | None:
    found = content_of(reading, verb, parts)
    if found is None:
        return None
    first, last, rule, confidence = found
    if rule.startswith("verb.") and rule not in ("verb.quote", "verb.colon"):
        last = before_next(reading, first, last, verbs, parts)
    mention = verb_subject(reading, verb, parts)
    is_naming = verb.cue.form.lemma in words(reading, "naming_verb")
    if mention is None and not verb.is_passive and not is_naming:
        mention = clause_speaker(reading, *parts.ranges[0])
    shared = None
    if mention is None and not verb.is_passive:
        near = [draft for draft in reading.drafts[-3:] if number - draft.sentence <= 1]
        shared = (
            near[-1]
            if near and reading.stream.flags[verb.cue.first - 1] & (COORD | PUNCT)
            else None
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
        mention_span=relative_span(reading, verb, parts, mention),
        same_speaker_as=shared,
    )


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
        if stream.low[last] == ":" and noun >= 0:
            found = after_colon(reading, parts, part)
        elif (kind == "clause" and _has_main(reading, parts, part)) or (
            noun >= last - SHORTEST and kind in ("that", "infinitive")
        ):
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
