"""Finds who speaks where the verb comes first and names carry no capital.

In: a reading and the place of a verb or a source phrase. Out: the run of words that can be a
speaker, a name in apposition, or the subject of a verb whose words are not given. It reads no
content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.flags import ADV, COMP, GROUP, PREP, PUNCT, QUOTE, REL, ROLE, TIME, VERB
from kg.intake.phrases import Mention

if TYPE_CHECKING:
    from kg.intake.cues import Cue
    from kg.intake.drafts import Reading
    from kg.intake.language import CueForm
    from kg.intake.segment import Sentence

__all__ = [
    "bare_word",
    "form_at",
    "is_named_in_marks",
    "quoted_voice",
    "silent_subject",
    "source_name",
    "speaker_at",
    "subject_ahead",
    "with_name",
]

LONGEST_SPEAKER = 12
LONGEST_NAME = 4
LONGEST_MARKED_NAME = 40
LEAD = 6
SHORTEST = 3
COMMAS = (",", "،", "؛")
STOPS = PUNCT | QUOTE | COMP | REL | PREP | TIME | VERB


def bare_word(reading: Reading, item: int) -> str:
    """Return the word without a conjunction written on to it."""
    low = reading.stream.low[item]
    prefixes = tuple(reading.language.lists.get("joined_conjunctions", ())) or ("\x00",)
    return low[1:] if low.startswith(prefixes) and len(low) > SHORTEST else low


def form_at(reading: Reading, item: int) -> CueForm | None:
    """Return the form of a reporting verb that stands here, conjunctions looked through."""
    table = reading.language.cue_forms
    low = reading.stream.low[item]
    if item and reading.stream.low[item - 1] in reading.language.lists.get("noun_openers", ()):
        return None
    for form in table.get(low) or table.get(bare_word(reading, item)) or ():
        stop = item + 1 + len(form.tail)
        if tuple(reading.stream.low[item + 1 : stop]) == form.tail:
            return form
    return None


def speaker_at(reading: Reading, first: int, last: int) -> Mention | None:
    """Read the words that can be a speaker: up to a mark, a preposition, a time or a verb."""
    stream, lists = reading.stream, reading.language.lists
    closing = lists.get("after_source", frozenset())
    addressed = tuple(lists.get("addressee_prefixes", ())) or ("\x00",)
    resumptive = lists.get("resumptive", frozenset())
    while first < last and (stream.flags[first] & (ADV | TIME) or stream.low[first] in resumptive):
        first += 1
    end = first
    while end < last and end - first < LONGEST_SPEAKER:
        low = stream.low[end]
        if end > first and is_named_in_marks(reading, end):
            end += 1
            continue
        if stream.flags[end] & STOPS or low in closing or low.startswith(addressed):
            break
        form = form_at(reading, end)
        if form is not None and (end > first or "gerund" in form.group.frames):
            break
        end += 1
    if end <= first or stream.flags[first] & (VERB | ADV):
        return None
    return Mention(first, end, first, end, flags=stream.flags[first])


def quoted_voice(reading: Reading, cue: Cue, last: int) -> Mention | None:
    """Who is behind an agency: `the agency reported from X his saying that Q`."""
    sources = reading.language.lists.get("from_words", frozenset())
    for item in range(cue.last, last):
        if reading.stream.low[item] in sources:
            return speaker_at(reading, item + 1, last)
    return speaker_at(reading, cue.last, last)


def subject_ahead(reading: Reading, sentence: Sentence, cue: Cue) -> Mention | None:
    """A noun phrase that opens the sentence and runs up to the verb."""
    stream, language = reading.stream, reading.language
    first = sentence.first
    openers = language.lists.get("clause_openers", frozenset())
    for item in range(cue.first - 1, max(sentence.first, cue.first - LONGEST_SPEAKER) - 1, -1):
        if stream.low[item] in openers:
            first = item + 1
            break
    while first < cue.first and (
        stream.low[first] in language.lists.get("topic_openers", ())
        or stream.flags[first] & (PUNCT | ADV | TIME)
    ):
        first += 1
    last = cue.first
    while last > first and (
        stream.flags[last - 1] & (PUNCT | ADV)
        or stream.low[last - 1] in language.lists.get("topic_openers", ())
    ):
        last -= 1
    mention = speaker_at(reading, first, last) if last > first else None
    if mention is None:
        return None
    after = stream.flags[mention.last] if mention.last < last else PUNCT
    return mention if after & (PUNCT | REL | PREP) else None


def source_name(reading: Reading, first: int, last: int) -> Mention | None:
    """The words after a source phrase: one noun, and what is definite after it."""
    stream, lists = reading.stream, reading.language.lists
    definite = tuple(lists.get("definite_prefixes", ())) or ("\x00",)
    whole = speaker_at(reading, first, last)
    if whole is None or stream.low[first] in lists.get("not_a_source", ()):
        return None
    if whole.last < last and stream.low[whole.last] in (",", "،", ".", ":"):
        return whole
    if whole.last > first + 1 and stream.flags[whole.last - 1] & QUOTE:
        return whole
    end = whole.first + 1
    while end < whole.last and stream.low[end].startswith(definite):
        end += 1
    return Mention(whole.first, end, whole.first, end, flags=whole.flags)


def is_named_in_marks(reading: Reading, item: int) -> bool:
    """`the paper "N"`, `known as "N"`: marks that hold a name."""
    stream, lists = reading.stream, reading.language.lists
    if item < 1 or not stream.flags[item] & QUOTE:
        return False
    before = stream.low[item - 1]
    nouns = lists.get("media_nouns", frozenset()) | lists.get("name_words", frozenset())
    named = bool(stream.flags[item - 1] & GROUP) or before in nouns
    named = named or bare_word(reading, item - 1) in nouns
    return named and stream.quotes[item].length < LONGEST_MARKED_NAME


def with_name(reading: Reading, mention: Mention, last: int) -> Mention:
    """`the mayor, Ana Ruiz, …`: a role, and the name set off behind it."""
    stream = reading.stream
    begin = mention.last + 1
    if mention.last + 1 >= last or stream.low[mention.last] not in COMMAS:
        return mention
    if not stream.flags[mention.first] & ROLE:
        return mention
    end = begin
    while end < last and not stream.flags[end] & STOPS and form_at(reading, end) is None:
        end += 1
    is_name = 1 < end - begin <= LONGEST_NAME and end < last
    if not is_name or not (stream.low[end] in COMMAS or stream.flags[end] & COMP):
        return mention
    return Mention(mention.first, mention.last, begin, end, mention.flags)


def silent_subject(reading: Reading, sentence: Sentence) -> Mention | None:
    """The subject of the sentence's first verb, where what it said is not given as a clause.

    Between subject and object stands no mark: the phrase ends with its first definite noun and
    the adjectives that agree with it; behind a role one name of two words is taken in.
    """
    stream = reading.stream
    definite = tuple(reading.language.lists.get("definite_prefixes", ())) or ("\x00",)
    for item in range(sentence.first, min(sentence.last, sentence.first + LEAD)):
        form = form_at(reading, item)
        if form is None or "gerund" in form.group.frames:
            continue
        whole = speaker_at(reading, item + 1 + len(form.tail), sentence.last)
        if whole is None:
            return None
        end = whole.first
        while end < whole.last and not stream.low[end].startswith(definite):
            end += 1
        end += 1
        if stream.low[whole.first].startswith(definite):
            while end < whole.last and stream.low[end].startswith(definite):
                end += 1
        names = end + 1 < whole.last and stream.low[end + 1].startswith(definite)
        if stream.flags[whole.first] & ROLE and names and end < whole.last:
            end += 2
        end = min(end, whole.last)
        return Mention(whole.first, end, whole.first, end, flags=whole.flags)
    return None
