"""Reads source phrases of a verb-second language, with the words on both sides of them.

In: a reading and one sentence whose verbs were read. Out: drafts for `laut X`, `nach Angaben X`,
`X zufolge`, `so X`, `demnach`, before, inside or behind their statement; or a relay of the draft
that a verb has given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import Cue
from kg.intake.drafts import Draft, Reading, content_form, skip_connectives
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COORD,
    DET,
    MODAL,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    SOURCE,
    SUB,
    TIME,
    VERB,
)
from kg.intake.phrases import Mention
from kg.intake.proposal import TextSpan
from kg.intake.verbsecond_parts import (
    Parts,
    acts,
    clause_speaker,
    cut,
    noun_phrase,
    words,
)

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["read_around"]

SHORTEST = 2
ADJECTIVE = ("en", "er", "em", "es", "e")
HEAD_REACH = 4
FINITE = AUX | BE | MODAL | VERB


def read_around(reading: Reading, number: int, cues: list[Cue]) -> None:
    """Add a draft for each source phrase of the sentence, with the words on both sides of it."""
    sentence = reading.sentence(number)
    triggers = (
        words(reading, "source_adverbs")
        | words(reading, "after_prepositions")
        | words(reading, "so_words")
        | reading.language.sources.keys()
    )
    lows = reading.stream.low
    if triggers.isdisjoint(lows[sentence.first : sentence.last]):
        return
    parts = cut(reading, sentence)
    here = sentence.first
    while here < sentence.last:
        found = _source_at(reading, here, sentence, parts) if lows[here] in triggers else None
        if found is None:
            here += 1
            continue
        begin, end, mention = found
        _add(reading, number, parts, cues, begin=begin, end=end, mention=mention, place=here)
        here = max(end, here + 1)


def _source_at(
    reading: Reading, item: int, sentence: Sentence, parts: Parts
) -> tuple[int, int, Mention | None] | None:
    """Return where the source phrase at this item begins and ends, and whom it names."""
    stream, language = reading.stream, reading.language
    low = stream.low[item]
    last = parts.ranges[parts.at(item)][1] if parts.ranges else sentence.last
    if low in language.lists.get("source_adverbs", ()):
        return _adverb(reading, item, sentence)
    for source in language.sources.get(low, ()):
        stop = item + len(source.words)
        if tuple(stream.low[item:stop]) != source.words:
            continue
        if source.place == "after":
            first = _phrase_left(reading, item, sentence)
            mention = noun_phrase(reading, first, item) if first < item else None
            if mention is not None:
                return first, stop, mention
            continue
        mention = noun_phrase(reading, stop, last)
        if mention is not None:
            return item, mention.last, mention
    if low in words(reading, "after_prepositions"):
        return _nach(reading, item, sentence, last)
    if low in words(reading, "so_words"):
        return _so(reading, item, sentence, parts)
    return None


def _adverb(
    reading: Reading, item: int, sentence: Sentence
) -> tuple[int, int, Mention | None] | None:
    stream = reading.stream
    if stream.low[item] in words(reading, "loose_adverbs") or item + 1 >= sentence.last:
        return None
    if stream.flags[item + 1] & FINITE or item > sentence.first:
        return item, item + 1, None
    if not stream.flags[item + 1] & (PUNCT | PREP | ADV):
        return item, item + 1, None
    return None


def _nach(
    reading: Reading, item: int, sentence: Sentence, last: int
) -> tuple[int, int, Mention | None] | None:
    """`nach Angaben der Polizei`, `nach eigenen Angaben`, `meiner Meinung nach`."""
    stream, language = reading.stream, reading.language
    heads = language.lists.get("source_heads", frozenset())
    endings = tuple(language.lists.get("source_endings", ())) or ("\x00",)
    for head in range(item + 1, min(item + 1 + HEAD_REACH, last)):
        low = stream.low[head]
        if stream.flags[head] & CAP and (low in heads or low.endswith(endings)):
            return _headed(reading, item, head, last, sentence)
        if stream.flags[head] & (PUNCT | QUOTE | FINITE) or (
            stream.flags[head] & CAP and not stream.flags[head] & DET
        ):
            break
    before = item - 1
    if before > sentence.first and stream.low[before] in heads and stream.flags[before] & CAP:
        first = before
        while first > sentence.first and (
            stream.flags[first - 1] & DET
            or (not stream.flags[first - 1] and stream.low[first - 1].endswith(ADJECTIVE))
        ):
            first -= 1
        if first == before or (first > sentence.first and stream.flags[first] & CAP):
            return None
        mention = Mention(first, before + 1, flags=stream.flags[first])
        return first, item + 1, mention
    return None


def _headed(
    reading: Reading, item: int, head: int, last: int, sentence: Sentence
) -> tuple[int, int, Mention | None] | None:
    stream, language = reading.stream, reading.language
    own = language.lists.get("own_words", frozenset())
    after = head + 1
    if after < last and stream.low[after] in words(reading, "agent_prepositions"):
        mention = noun_phrase(reading, after + 1, last)
    elif after < last and (
        stream.low[after] in language.lists.get("genitive_articles", ())
        or (
            head == item + 1
            and not stream.flags[after] & (PREP | TIME | DET)
            and (stream.flags[after] & CAP or stream.low[after].endswith("er"))
            and not stream.flags[after] & (FINITE | ADV)
        )
    ):
        mention = noun_phrase(reading, after, last)
    else:
        mention = None
    if mention is not None:
        return item, mention.last, mention
    if any(stream.low[i] in own for i in range(item + 1, head)):
        subject = clause_speaker(reading, sentence.first, item) or clause_speaker(
            reading, head + 1, last
        )
        return item, after, subject
    return item, after, Mention(item + 1, after, flags=stream.flags[head])


def _phrase_left(reading: Reading, item: int, sentence: Sentence) -> int:
    stream = reading.stream
    first = item
    while first > sentence.first:
        before = stream.flags[first - 1]
        low = stream.low[first - 1]
        if before & (PUNCT | QUOTE | SUB) or (before & FINITE and not before & (CAP | DET)):
            break
        if not before & (CAP | DET | PREP) and not low.endswith(ADJECTIVE):
            break
        if before & ADV and not before & (DET | CAP):
            break
        if before & PREP and not before & DET and not _inner(reading, first - 2, sentence):
            break
        first -= 1
        if before & DET and not (first > sentence.first and _inner(reading, first - 1, sentence)):
            break
    return first


def _inner(reading: Reading, item: int, sentence: Sentence) -> bool:
    """Whether a noun stands here, so that what follows hangs on it (`die Behörden in Bonn`)."""
    return item >= sentence.first and bool(reading.stream.flags[item] & CAP)


def _so(
    reading: Reading, item: int, sentence: Sentence, parts: Parts
) -> tuple[int, int, Mention | None] | None:
    """`Q, so X.`: a name or noun phrase alone up to the next comma."""
    stream, language = reading.stream, reading.language
    if item <= sentence.first or item + 1 >= sentence.last:
        return None
    if stream.low[item - 1] not in (",", "–") and not stream.flags[item - 1] & QUOTE:
        return None
    last = parts.ranges[parts.at(item)][1]
    begin = item + 1
    if stream.low[begin] in words(reading, "so_not"):
        return None
    while begin < last and stream.flags[begin] & (ADV | TIME) and not stream.flags[begin] & DET:
        begin += 1
    if begin >= last or stream.low[begin] in language.cue_forms:
        return None
    flag = stream.flags[begin]
    if not flag & (CAP | DET) and not flag & PRON:
        return None
    mention = noun_phrase(reading, begin, last)
    if mention is None:
        return None
    if any(
        stream.flags[i] & FINITE and not stream.flags[i] & (CAP | DET)
        for i in range(mention.last, last)
    ):
        return None
    return item, last, mention


def _add(  # noqa: PLR0913 - the two ends of the phrase and what they belong to
    reading: Reading,
    number: int,
    parts: Parts,
    cues: list[Cue],
    *,
    begin: int,
    end: int,
    mention: Mention | None,
    place: int,
) -> None:
    stream = reading.stream
    sentence = reading.sentence(number)
    start = _clause_start(reading, number, begin, parts)
    spans = []
    before = reading.span(start, begin) if begin > start else None
    if before is not None and before.end > before.start and _says_something(reading, start, begin):
        spans.append((start, begin, before))
    rest = _past(reading, end, sentence, parts, opens=not spans)
    stop = sentence.last
    if _in_relative(reading, begin, parts):
        spans = []
        stop = parts.ranges[parts.at(begin)][1]
    number_of_rest = parts.at(rest) if rest < stop else 0
    is_apposition = (
        bool(spans)
        and rest < stop
        and stream.low[rest - 1] == ","
        and bool(stream.flags[rest] & CAP)
        and not acts(reading, rest, parts.ranges[number_of_rest][1])
    )
    if rest < stop and not is_apposition:
        after = reading.span(rest, stop)
        if after.end > after.start:
            spans.append((rest, stop, after))
    if not spans or _has_draft(reading, number, spans, mention, cues):
        return
    form = content_form(reading, spans[0][0], spans[-1][1])
    if mention is None and stream.low[place] in words(reading, "source_adverbs"):
        mention = Mention(place, place + 1, flags=SOURCE)
    if (
        len(spans) == 1
        and stream.low[place] in words(reading, "so_words")
        and stream.flags[spans[0][1] - 1] & QUOTE
    ):
        form = "Direct" if spans[0][1] - spans[0][0] == 1 else form
    for first, last, _ in spans:
        reading.use(first, last)
    reading.add(
        Draft(
            content=[span for _, _, span in spans],
            form=form,
            rule="source.around",
            confidence=0.85,
            sentence=number,
            mention=mention,
            is_source=True,
            cue_span=TextSpan(stream.start[place], stream.end[place]),
            cue_lemma=stream.low[place],
        )
    )


def _in_relative(reading: Reading, begin: int, parts: Parts) -> bool:
    """Whether the phrase stands in a relative clause: only the rest of that clause is meant."""
    number = parts.at(begin)
    first = parts.ranges[number][0]
    stream = reading.stream
    if number == 0 or not first < begin <= first + 3:
        return False
    pronoun = first + 1 if stream.flags[first] & PREP and not stream.flags[first] & DET else first
    return (
        stream.low[pronoun] in words(reading, "relative_articles")
        and pronoun < begin
        and not stream.flags[pronoun + 1] & CAP
    )


def _clause_start(reading: Reading, number: int, begin: int, parts: Parts) -> int:
    stream = reading.stream
    sentence = reading.sentence(number)
    start = skip_connectives(reading, sentence.first, begin) if begin > sentence.first else begin
    for first, last in parts.ranges:
        if first > begin:
            break
        if first > start and stream.low[first - 1] == ";":
            start = first
        if first > start and first < begin and stream.low[first] in words(reading, "coordinators"):
            start = first + 1
        del last
    for draft in reading.of_sentence(number):
        if draft.content[-1].end <= stream.start[begin]:
            while start < begin and stream.start[start] < draft.content[-1].end:
                start += 1
    return start


def _past(reading: Reading, end: int, sentence: Sentence, parts: Parts, *, opens: bool) -> int:
    """Step over a comma and appositions to the words that go on."""
    stream = reading.stream
    here = end
    while here < sentence.last and stream.low[here] in (",", "–", ":"):
        here += 1
        if not opens:
            continue
        number = parts.at(here)
        first, last = parts.ranges[number]
        if (
            first == here
            and not any(
                stream.flags[i] & (FINITE | QUOTE) and not stream.flags[i] & CAP
                for i in range(first, min(last, first + 2))
            )
            and stream.flags[first] & (DET | CAP)
            and number + 1 < len(parts.ranges)
        ):
            here = last
    return here


def _says_something(reading: Reading, first: int, last: int) -> bool:
    stream = reading.stream
    said = [
        i
        for i in range(first, last)
        if not stream.flags[i] & (PUNCT | COORD) or stream.flags[i] & QUOTE
    ]
    return bool(said) and not (
        len(said) <= SHORTEST and all(stream.flags[i] & (ADV | SUB | PRON) for i in said)
    )


def _has_draft(
    reading: Reading,
    number: int,
    spans: list[tuple[int, int, TextSpan]],
    mention: Mention | None,
    cues: list[Cue],
) -> bool:
    """Whether a verb's draft stands in these words: the source is then its relay."""
    stream = reading.stream
    first, last = stream.start[spans[0][0]], spans[-1][2].end
    for draft in reading.of_sentence(number):
        if draft.cue is None:
            continue
        place = stream.start[draft.cue.verb]
        inside = draft.content[0].start >= first and draft.content[-1].end <= last
        if first <= place < last and inside and draft.mention is not None and mention is not None:
            draft.chain.append(stream.words(mention.first, mention.last))
            return True
        if draft.content[0].start <= first and last <= draft.content[-1].end:
            return True
    del cues
    return False
