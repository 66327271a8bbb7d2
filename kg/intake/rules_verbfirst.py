"""Reads reports in a language whose verb comes first and whose names carry no capital.

In: a reading and one sentence. Out: drafts for `verb X that Q`, `verb X: "Q"`, `"Q", verb X`, for
a verb with no subject (the speaker before goes on), and for source phrases before or after their
statement. A speaker is the run of words between the verb and what opens the content; a conjunction
written on to its verb (`w-` in Arabic) is looked through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.intake.cues import Cue, phrase_at
from kg.intake.drafts import Draft, Reading, content_form
from kg.intake.flags import COMP, NEG, PREP, PUNCT, QUOTE, REL, TIME, VERB
from kg.intake.phrases import Mention
from kg.intake.proposal import TextSpan
from kg.intake.verbfirst_subjects import (
    bare_word,
    form_at,
    is_named_in_marks,
    quoted_voice,
    silent_subject,
    source_name,
    speaker_at,
    subject_ahead,
    with_name,
)

if TYPE_CHECKING:
    from kg.intake.language import SourceCue
    from kg.intake.segment import Sentence

__all__ = ["read_verbfirst"]

REACH = 34
LONGEST_SPEAKER = 12
SHORTEST = 3
COMMAS = (",", "،", "؛", "–", "—", "-")
STOPS = PUNCT | QUOTE | COMP | REL | PREP | TIME | VERB


@dataclass(frozen=True, slots=True)
class _Content:
    first: int
    last: int
    rule: str


def read_verbfirst(reading: Reading, number: int) -> list[Cue]:
    """Add the drafts of one sentence; return its reporting verbs."""
    sentence = reading.sentence(number)
    cues = []
    end = -1
    for item in range(sentence.first, sentence.last):
        form = form_at(reading, item)
        if form is None or reading.stream.start[item] < end:
            continue
        cue = Cue(item, item + 1, item, form, "finite", is_negated=_is_negated(reading, item))
        cues.append(cue)
        draft = _tag(reading, number, cue) or _complement(reading, number, cue)
        if draft is not None:
            reading.add(draft)
            end = max(draft.content[-1].end, end)
    _sources(reading, number)
    return cues


def _is_negated(reading: Reading, item: int) -> bool:
    return item > 0 and bool(reading.stream.flags[item - 1] & NEG)


def _complement(reading: Reading, number: int, cue: Cue) -> Draft | None:
    sentence = reading.sentence(number)
    found = _content(reading, sentence, cue)
    if found is None:
        return None
    mention = None
    if cue.takes("relayed"):
        mention = quoted_voice(reading, cue, found.first)
    elif not cue.takes("gerund"):
        mention = speaker_at(reading, cue.last + len(cue.form.tail), found.first)
        if mention is not None:
            mention = with_name(reading, mention, found.first)
        else:
            mention = subject_ahead(reading, sentence, cue)
    if mention is None:
        mention = _left_silent(reading, number, cue)
    shared = None
    if mention is None:
        near = [draft for draft in reading.drafts[-3:] if draft.is_statement]
        if not near:
            return None
        shared = near[-1]
    span = reading.span(found.first, found.last)
    if span.end <= span.start:
        return None
    reading.use(found.first, found.last)
    return Draft(
        content=[span],
        form=content_form(reading, found.first, found.last),
        rule=found.rule,
        confidence=0.85,
        sentence=number,
        cue=cue,
        mention=mention,
        same_speaker_as=shared,
    )


def _left_silent(reading: Reading, number: int, cue: Cue) -> Mention | None:
    """`X accused the firm, adding that Q`, `X denied it. He said Q`: X has no statement yet."""
    drafts = reading.of_sentence(number)
    if drafts:
        return None
    if cue.takes("gerund"):
        return silent_subject(reading, reading.sentence(number))
    last = reading.drafts[-1].sentence if reading.drafts else -1
    return silent_subject(reading, reading.sentence(number - 1)) if 0 < number > last + 1 else None


def _content(  # noqa: C901, PLR0911 - one condition a line
    reading: Reading, sentence: Sentence, cue: Cue
) -> _Content | None:
    """Find what opens the content after the verb: a complementizer, a colon, a quote, a link."""
    stream = reading.stream
    begin = cue.last + len(cue.form.tail)
    limit = min(sentence.last, begin + REACH)
    links = cue.form.group.links
    for item in range(begin, limit):
        low = stream.low[item]
        if stream.flags[item] & COMP:
            if cue.takes("that"):
                bare = low in reading.language.lists.get("bare_complementizers", ())
                first = item + 1 if bare else item
                return _Content(first, _end(reading, first, sentence), "verb.that")
            return None
        if low == ":" and item + 1 < sentence.last:
            if stream.flags[item + 1] & QUOTE:
                return _Content(item + 1, item + 2, "verb.colon")
            return _Content(item + 1, sentence.last, "verb.colon")
        if stream.flags[item] & QUOTE:
            if (
                stream.quotes[item].length < LONGEST_SPEAKER
                or item in reading.used
                or is_named_in_marks(reading, item)
            ):
                continue
            return _Content(item, item + 1, "verb.quote")
        if low in links and item + 1 < sentence.last:
            if stream.flags[item + 1] & COMP:
                continue
            if cue.takes("object"):
                first = _object(reading, begin, item)
                return _Content(first, _end(reading, item, sentence), "verb.object")
            if stream.flags[item + 1] & QUOTE and not _goes_on(reading, item + 2, sentence):
                return _Content(item, item + 2, "verb.object")
            return _Content(item, _end(reading, item, sentence), "verb.object")
        if item > begin and form_at(reading, item) is not None:
            return None
    return None


def _goes_on(reading: Reading, item: int, sentence: Sentence) -> bool:
    """Whether the clause goes on behind a quote: with a conjunction written on to its word."""
    prefixes = tuple(reading.language.lists.get("joined_conjunctions", ())) or ("\x00",)
    return (
        item < sentence.last
        and reading.stream.low[item].startswith(prefixes)
        and not reading.stream.flags[item] & PREP
    )


def _object(reading: Reading, begin: int, link: int) -> int:
    """The object of a call stands between its preposition phrase and the link."""
    stream = reading.stream
    for item in range(begin, link):
        if stream.flags[item] & PREP:
            return min(item + SHORTEST, link)
    return link


def _end(reading: Reading, first: int, sentence: Sentence) -> int:
    """Content ends where a new report or a new scene begins, or with its sentence."""
    stream = reading.stream
    closers = reading.language.lists.get("closing_conjunctions", frozenset())
    for item in range(first + 1, sentence.last - 1):
        if stream.low[item] not in COMMAS:
            continue
        after = item + 1
        form = form_at(reading, after)
        if form is not None and "gerund" in form.group.frames:
            return item
        if item - first < SHORTEST:
            continue
        if stream.low[after] in closers or form_at(reading, after) is not None:
            return item
        if phrase_at(stream, reading.language, after, "circumstance"):
            return item
        if _source(reading, after) is not None:
            return item
    return sentence.last


def _tag(reading: Reading, number: int, cue: Cue) -> Draft | None:
    """`"Q"، قال X` and `"Q" يقول X`."""
    stream = reading.stream
    sentence = reading.sentence(number)
    here = cue.first - 1
    while here > sentence.first and stream.low[here] in (*COMMAS, "."):
        here -= 1
    if here < sentence.first or not stream.flags[here] & QUOTE or here in reading.used:
        return None
    set_off = stream.low[cue.first - 1] in COMMAS
    if cue.takes("gerund") or (stream.quotes[here].length < LONGEST_SPEAKER and not set_off):
        return None
    stop = min(sentence.last, cue.last + LONGEST_SPEAKER)
    if any(stream.flags[item] & COMP for item in range(cue.last, stop)):
        return None
    mention = speaker_at(reading, cue.last, sentence.last)
    near = [draft for draft in reading.drafts[-3:] if draft.is_statement]
    if mention is None and not near:
        return None
    reading.use(here, here + 1)
    return Draft(
        content=[reading.span(here, here + 1)],
        form="Direct",
        rule="tag.marked",
        confidence=0.9,
        sentence=number,
        cue=cue,
        mention=mention,
        same_speaker_as=None if mention is not None else near[-1],
    )


def _source(reading: Reading, item: int) -> SourceCue | None:
    heads = reading.language.sources
    bare = bare_word(reading, item)
    for word in (reading.stream.low[item], bare):
        for source in heads.get(word, ()):
            stop = item + len(source.words)
            if tuple(reading.stream.low[item + 1 : stop]) == source.words[1:]:
                return source
    return None


def _sources(reading: Reading, number: int) -> None:
    stream = reading.stream
    sentence = reading.sentence(number)
    for item in range(sentence.first, sentence.last):
        source = _source(reading, item)
        if source is None:
            continue
        begin = item + len(source.words)
        mention = source_name(reading, begin, sentence.last)
        if mention is None:
            continue
        if item <= sentence.first + 1:
            first, last = _past_relative(reading, mention.last, sentence), sentence.last
            while first < last and (
                stream.low[first] in COMMAS
                or stream.low[first] in reading.language.lists.get("after_source", ())
            ):
                first += 1
            last = _end(reading, first, sentence)
        else:
            first, last = sentence.first, item
        has_quote = any(stream.flags[i] & QUOTE for i in range(first, last))
        is_short = last - first < SHORTEST and not has_quote
        if is_short or _is_relay(reading, number, first, last, mention):
            return
        reading.add(
            Draft(
                content=[reading.span(first, last)],
                form=content_form(reading, first, last),
                rule="source.before" if item <= sentence.first + 1 else "source.after",
                confidence=0.8,
                sentence=number,
                mention=mention,
                is_source=True,
                cue_span=TextSpan(stream.start[item], stream.end[begin - 1]),
                cue_lemma=" ".join(source.words),
            )
        )
        reading.use(first, last)
        return


def _past_relative(reading: Reading, first: int, sentence: Sentence) -> int:
    """`a source who asked not to be named, Q`: the comma behind the clause on the source."""
    stream = reading.stream
    asking = reading.language.lists.get("anonymity", frozenset())
    stop = min(sentence.last, first + LONGEST_SPEAKER)
    comma = next((item for item in range(first, stop) if stream.low[item] in COMMAS), -1)
    is_relative = any(stream.low[item] in asking for item in range(first, max(comma, first)))
    return comma if is_relative else first


def _is_relay(reading: Reading, number: int, first: int, last: int, mention: Mention) -> bool:
    """Record the source as a relay where the statement has a speaker of its own."""
    stream = reading.stream
    for draft in reading.of_sentence(number):
        if draft.cue is not None and first <= draft.cue.verb < last:
            draft.chain.append(stream.words(mention.first, mention.last))
            return True
    return False
