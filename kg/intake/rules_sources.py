"""Reads the reports that hang on a source phrase: selon X, according to X, pour X.

In: a reading and one sentence whose verbs were read. Out: drafts, or a link in the chain of a
draft that has its own speaker. It skips phrases that only look like a source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clauses import clause_end, has_verb, source_at
from kg.intake.cues import Cue, phrase_at
from kg.intake.drafts import Draft, Reading, content_form, skip_connectives
from kg.intake.flags import (
    ADV,
    CAP,
    CLITIC,
    COMP,
    COORD,
    DET,
    GROUP,
    LINK,
    NUMBER,
    PERSON_NOUN,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SOURCE,
    SUB,
    TIME,
    TITLE,
)
from kg.intake.phrases import Mention, is_agent, phrase_from
from kg.intake.proposal import TextSpan
from kg.intake.rules_relays import is_voice, pass_on, without_relay
from kg.intake.subjects import antecedent

if TYPE_CHECKING:
    from kg.intake.language import SourceCue
    from kg.intake.segment import Sentence

__all__ = ["behind_document", "read_sources"]

SHORTEST_NOUNS = 5
SHORTEST_LEAD = 3


def read_sources(reading: Reading, number: int, cues: list[Cue]) -> None:
    """Add the drafts of one sentence's source phrases."""
    sentence = reading.sentence(number)
    lows = reading.stream.low
    heads = reading.language.sources
    taken = sentence.first
    for item in range(sentence.first, sentence.last):
        if item < taken or lows[item] not in heads:
            continue
        source = source_at(reading.stream, reading.language, item)
        if source is None or phrase_at(reading.stream, reading.language, item, "stop"):
            continue
        if _is_ordinal(reading, item, sentence.first, source):
            continue
        if _read_relative_source(reading, number, cues, item=item, source=source):
            continue
        mention = _named_source(reading, source, item, sentence)
        if mention is None:
            continue
        taken = mention.last
        _read_source(reading, number, cues, item=item, source=source, mention=mention)


def _is_ordinal(reading: Reading, item: int, first: int, source: SourceCue) -> bool:
    """`um segundo corpo`: one word that is a source elsewhere, behind an article."""
    before = reading.stream.flags[item - 1] if item > first else 0
    return len(source.words) == 1 and bool(before & DET) and not before & (PRON | CAP)


def _read_relative_source(
    reading: Reading, number: int, cues: list[Cue], *, item: int, source: SourceCue
) -> bool:
    """`X, pour qui Q`, `X, selon lequel Q`: the one before the comma is the source."""
    stream, language = reading.stream, reading.language
    sentence = reading.sentence(number)
    begin = item + len(source.words)
    if begin + 1 >= sentence.last or not stream.flags[begin] & REL:
        return False
    if item <= sentence.first + 1 or stream.low[item - 1] != ",":
        return False
    mention = antecedent(stream, language, sentence.first, item)
    if mention is None or not is_agent(mention) or mention.is_pronoun:
        return False
    last = clause_end(stream, language, begin + 1, sentence.last, cues=cues)
    reading.add(
        Draft(
            content=[reading.span(begin + 1, last)],
            form=content_form(reading, begin + 1, last),
            rule="source.relative",
            confidence=0.8,
            sentence=number,
            mention=mention,
            is_source=True,
            cue_span=TextSpan(stream.start[item], stream.end[begin - 1]),
            cue_lemma=" ".join(source.words),
        )
    )
    reading.use(begin + 1, last)
    return True


def _named_source(
    reading: Reading, source: SourceCue, item: int, sentence: Sentence
) -> Mention | None:
    stream, language = reading.stream, reading.language
    begin = item + len(source.words)
    if source.speaker == "own":
        for index in range(item, begin):
            if stream.flags[index] & (POSS | CLITIC):
                return Mention(index, begin, is_pronoun=True, flags=PRON | POSS)
        return None
    if begin >= sentence.last:
        return None
    if stream.flags[begin] & COMP:
        return None
    mention = phrase_from(stream, language, begin, sentence.last, follow=True)
    if mention is None:
        return None
    if not _is_source(reading, source, mention, item, sentence):
        return None
    if _is_own_document(reading, mention):
        return Mention(mention.first, mention.last, is_pronoun=True, flags=PRON | POSS)
    return behind_document(reading, mention, sentence)


def _is_own_document(reading: Reading, mention: Mention) -> bool:
    """`d'après ses calculs`, `according to her letter`: who owns the document speaks."""
    stream, language = reading.stream, reading.language
    low = stream.low[mention.first]
    return (
        bool(stream.flags[mention.first] & POSS)
        and bool(mention.flags & SOURCE)
        and not mention.has_name
        and mention.last - mention.first <= SHORTEST_LEAD
        and (low in language.pronouns or low in language.lists.get("owned_by_one", ()))
    )


def behind_document(  # noqa: C901 - one condition a line
    reading: Reading, mention: Mention, sentence: Sentence
) -> Mention:
    """`selon le récit qu'elle livre`: who stands behind the document is the speaker."""
    stream = reading.stream
    if not mention.flags & SOURCE or mention.last + 1 >= sentence.last:
        return mention
    agents = reading.language.lists.get("passive_agent", frozenset())
    if is_voice(reading, mention):
        return mention
    for item in range(mention.first + 2, mention.last - 1):
        if stream.low[item] in agents:
            behind = phrase_from(stream, reading.language, item + 1, sentence.last)
            if behind is not None and (behind.has_name or behind.flags & (ROLE | GROUP | SOURCE)):
                return behind
    if mention.has_name:
        return mention
    after = mention.last
    if stream.flags[after] & COMP and stream.flags[after + 1] & PRON:
        return Mention(after + 1, after + 2, is_pronoun=True, flags=stream.flags[after + 1])
    for item in range(after, min(after + 3, sentence.last - 1)):
        if stream.low[item] in agents:
            behind = phrase_from(stream, reading.language, item + 1, sentence.last)
            if behind is not None and (behind.has_name or behind.flags & (ROLE | GROUP | SOURCE)):
                return behind
        if stream.flags[item] & (PUNCT | REL | COMP):
            break
    return mention


def _is_source(
    reading: Reading, source: SourceCue, mention: Mention, item: int, sentence: Sentence
) -> bool:
    stream, language = reading.stream, reading.language
    words = {stream.low[index] for index in range(mention.first, mention.last)}
    if words & language.lists.get("not_a_source", frozenset()):
        return False
    agentive = mention.flags & (ROLE | GROUP | PERSON_NOUN | SOURCE | TITLE)
    if source.needs == "agent":
        start = skip_connectives(reading, sentence.first, sentence.last)
        opens = (
            item <= start
            or (
                stream.flags[item - 1] & COORD
                and item - 2 >= sentence.first
                and stream.low[item - 2] in (",", ";", '"')
            )
            or (stream.low[item - 1] == "," and not _has_words(reading, start, item - 2))
        )
        after = mention.last
        closed = after < sentence.last and (
            stream.low[after] == "," or stream.flags[after] & (QUOTE | REL)
        )
        is_pronoun = mention.is_pronoun and stream.low[mention.first] in language.pronouns
        named = mention.has_name and not stream.flags[mention.first] & NUMBER
        return bool(opens and closed and (is_pronoun or agentive & ~SOURCE or named))
    if mention.is_pronoun:
        return stream.low[mention.first] in language.pronouns
    return True


def _read_source(
    reading: Reading,
    number: int,
    cues: list[Cue],
    *,
    item: int,
    source: SourceCue,
    mention: Mention,
) -> None:
    stream = reading.stream
    sentence = reading.sentence(number)
    start = skip_connectives(reading, sentence.first, sentence.last)
    before = item - 1
    while (
        before >= sentence.first
        and stream.flags[before] & ADV
        and not stream.flags[before] & (QUOTE | DET)
    ):
        before -= 1
    opens = (
        item <= start
        or before < start
        or stream.low[before] in (";", ":")
        or bool(stream.flags[before] & (COORD | SUB | COMP) and not stream.flags[before] & DET)
        or (
            stream.low[before] == ","
            and before > start
            and bool(stream.flags[before - 1] & (COORD | COMP | SUB))
        )
        or (
            stream.low[before] == ","
            and before - start < SHORTEST_LEAD
            and not _has_words(reading, start, before)
        )
    )
    after_relative = stream.low[before] == "," and bool(stream.flags[before - 1] & REL)
    if after_relative:
        opens = False
    if opens:
        content = _content_behind(reading, mention, sentence, cues)
    else:
        content = _content_before(reading, mention, sentence, item=item, start=start, cues=cues)
    if content is None:
        return
    first, last = content
    if _is_relay(reading, number, mention, item=item, content=content, opens=opens):
        return
    if _is_echo(reading, number, mention, first):
        return
    span = reading.span(first, last)
    if span.end - span.start < 8 or (not opens and not _is_statement(reading, first, last)):
        return
    mention, relay = without_relay(reading, mention, item)
    draft = Draft(
        content=[span],
        form=content_form(reading, first, last),
        rule="source.before" if opens else "source.after",
        confidence=0.85,
        sentence=number,
        mention=mention,
        is_source=True,
        cue_span=TextSpan(stream.start[item], stream.end[item + len(source.words) - 1]),
        cue_lemma=" ".join(source.words),
        chain=[relay] if relay else [],
    )
    pass_on(reading, draft, mention.last, first if opens else sentence.last)
    reading.add(draft)
    reading.use(first, last)


def _is_echo(reading: Reading, number: int, mention: Mention, first: int) -> bool:
    """`Selon X, il affirme que …`: the verb has the statement, the source has the speaker."""
    stream = reading.stream
    if not stream.flags[first] & PRON:
        return False
    for draft in reading.of_sentence(number):
        if draft.cue is not None and draft.mention is not None and draft.mention.first == first:
            draft.mention = mention
            return True
    return False


def _is_statement(reading: Reading, first: int, last: int) -> bool:
    """Whether the words before a source phrase say something, and are not one bare noun."""
    return (
        last - first >= SHORTEST_NOUNS
        or has_verb(reading.stream, reading.language, first, last)
        or any(reading.stream.flags[item] & QUOTE for item in range(first, last))
    )


def _has_words(reading: Reading, start: int, before: int) -> bool:
    """Whether there is more than an adverb or a time before the comma."""
    stream = reading.stream
    words = [
        index
        for index in range(start, before + 1)
        if stream.flags[index] & QUOTE
        or not stream.flags[index] & (ADV | TIME | NUMBER | PUNCT | DET | PREP)
    ]
    led = bool(stream.flags[start] & (DET | PRON | CAP)) and bool(words)
    return led or len(words) > 1 or any(stream.flags[index] & QUOTE for index in words)


def _content_behind(
    reading: Reading, mention: Mention, sentence: Sentence, cues: list[Cue]
) -> tuple[int, int] | None:
    stream, language = reading.stream, reading.language
    here = mention.last
    last = sentence.last
    is_own = mention.is_pronoun and bool(mention.flags & POSS)
    while not is_own and here < last and stream.low[here] != "," and not stream.flags[here] & QUOTE:
        if stream.low[here] == ":":
            break
        here += 1
    if here >= last:
        here = mention.last
        if not has_verb(stream, language, here, last):
            return None
    elif not is_own:
        here = _past_appositions(reading, here, last)
    while here < last and (stream.low[here] in (",", ":") or stream.flags[here] & COMP):
        here += 1
    if here >= last:
        return None
    finite = [cue for cue in cues if cue.shape != "gerund"]
    end = clause_end(stream, language, here, last, cues=finite)
    return (here, end) if end > here else None


def _past_appositions(reading: Reading, comma: int, last: int) -> int:
    """Step over `, directeur de campagne, une organisation de défense,` to the statement."""
    stream, language = reading.stream, reading.language
    for _ in range(4):
        begin = comma + 1
        if stream.flags[comma] & QUOTE or stream.low[comma] == ":" or begin >= last:
            return comma if stream.flags[comma] & QUOTE else begin
        if stream.flags[begin] & QUOTE:
            return begin
        stop = next((i for i in range(begin, last) if stream.low[i] == ","), -1)
        if stop < 0:
            return begin
        flag = stream.flags[begin]
        if flag & (REL | COMP) and not flag & DET:
            comma = stop
            continue
        if flag & ROLE and not flag & DET and not has_verb(stream, language, begin, stop):
            comma = stop
            continue
        is_participle = not flag and stream.low[begin].endswith(_participles(reading))
        if is_participle and stream.flags[begin + 1] & (PREP | LINK):
            comma = stop
            continue
        bare = not flag & (DET | CAP | PRON | PREP | TIME | NUMBER | SUB | ADV)
        if has_verb(stream, language, begin, stop) or any(
            stream.flags[i] & QUOTE for i in range(begin, stop)
        ):
            return begin
        mention = phrase_from(stream, language, begin, stop)
        if (
            bare
            or (
                mention is not None
                and mention.flags & (ROLE | GROUP | PERSON_NOUN)
                and mention.last >= stop
            )
            or (
                flag & CAP
                and not flag & (DET | PREP | PRON | ADV | SUB | TIME)
                and mention is not None
                and (mention.last >= stop)
            )
        ):
            comma = stop
            continue
        return begin
    return comma + 1


def _participles(reading: Reading) -> tuple[str, ...]:
    """The endings of a participle in apposition, in all its forms."""
    endings = reading.language.participle_endings
    return tuple(end + more for end in endings for more in ("", "e", "s", "es")) or ("\x00",)


def _content_before(
    reading: Reading,
    mention: Mention,
    sentence: Sentence,
    *,
    item: int,
    start: int,
    cues: list[Cue],
) -> tuple[int, int] | None:
    stream, language = reading.stream, reading.language
    first = start
    for draft in reading.drafts[-3:]:
        earlier = draft.mention
        if draft.is_source and earlier is not None and first <= earlier.first < item:
            first = skip_connectives(reading, earlier.last, item)
    end = item
    while (
        end > first and stream.flags[end - 1] & (PUNCT | ADV) and not stream.flags[end - 1] & QUOTE
    ):
        if stream.flags[end - 1] & ADV and not stream.flags[end - 1] & PUNCT:
            pass
        end -= 1
    after = mention.last
    if after < sentence.last and stream.low[after] == "," and stream.low[item - 1] == ",":
        rest = after + 1
        flag = stream.flags[rest] if rest < sentence.last else PUNCT
        if not flag & (PUNCT | QUOTE) and rest not in {cue.first for cue in cues}:
            is_new = flag & (REL | COORD) and not flag & COMP
            if not is_new or not has_verb(stream, language, first, end):
                stop = clause_end(stream, language, rest, sentence.last, cues=cues)
                if not _is_apposition(reading, mention, rest, stop):
                    return first, stop
    return (first, end) if end > first else None


def _is_apposition(reading: Reading, mention: Mention, begin: int, stop: int) -> bool:
    stream, language = reading.stream, reading.language
    del mention
    flag = stream.flags[begin]
    if flag & (COMP | SUB | PREP | LINK):
        return False
    phrase = phrase_from(stream, language, begin, stop)
    return (
        phrase is not None
        and bool(phrase.flags & (ROLE | GROUP | PERSON_NOUN))
        and not (flag & (PRON | CAP))
    )


def _is_relay(
    reading: Reading,
    number: int,
    mention: Mention,
    *,
    item: int,
    content: tuple[int, int],
    opens: bool,
) -> bool:
    """Record the source as a relay where the statement has a speaker of its own."""
    stream = reading.stream
    name = stream.words(mention.first, mention.last)
    is_medium = is_relay_source(reading, mention)
    found = False
    for draft in reading.of_sentence(number):
        if draft.cue is None:
            continue
        if draft.same_speaker_as is not None:
            continue
        if draft.mention is not None and draft.mention.first == mention.first:
            return True
        verb = draft.cue.verb
        if opens and content[0] <= verb < content[1]:
            draft.chain.append(name)
            found = is_medium and (draft.mention is not None)
        elif not opens and verb < item and content[0] <= verb:
            draft.chain.append(name)
            found = found or is_medium or draft.rule.startswith("tag")
    return found


def is_relay_source(reading: Reading, mention: Mention) -> bool:
    """Whether the phrase is a medium or a document, not somebody who speaks for themselves."""
    stream, language = reading.stream, reading.language
    if mention.is_pronoun:
        return False
    media = language.lists.get("media", frozenset())
    nouns = language.lists.get("media_nouns", frozenset())
    for index in range(mention.first, mention.last):
        word = stream.text[stream.start[index] : stream.end[index]]
        if word in media or stream.low[index] in nouns:
            return True
    return (
        bool(mention.flags & SOURCE)
        and not mention.flags & (ROLE | PERSON_NOUN)
        and not (mention.flags & CAP)
    )
