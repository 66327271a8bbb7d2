"""Reads tags of verbs that no list has, where only a reporting verb can stand.

In: a quote that opens its sentence and that no rule has claimed. Out: a draft for
`"Q", peste X` and `"Q," X growls.`: the quote, one word of no known class, and somebody
who can speak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.drafts import Draft, Reading, inner_span
from kg.intake.flags import ADV, CLITIC, DET, GROUP, PERSON_NOUN, PUNCT, ROLE, SOURCE, TITLE
from kg.intake.phrases import Mention, phrase_from
from kg.intake.proposal import TextSpan
from kg.intake.subjects import subject_after

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["read_unlisted_tag"]

SHORTEST = 12


def read_unlisted_tag(reading: Reading, number: int, item: int, sentence: Sentence) -> bool:
    """Add the draft of a quote tagged by an unlisted verb; tell whether there is one."""
    stream = reading.stream
    quote = stream.quotes[item]
    if quote.length < SHORTEST:
        return False
    found = _verb_first(reading, item, sentence) or _verb_last(reading, item, sentence)
    if found is None:
        return False
    verb, mention = found
    reading.add(
        Draft(
            content=[inner_span(quote)],
            form="Direct",
            rule="flow.unlisted",
            confidence=0.75,
            sentence=number,
            mention=mention,
            cue_span=TextSpan(stream.start[verb], stream.end[verb]),
        )
    )
    reading.use(item, item + 1)
    return True


def _verb_first(reading: Reading, item: int, sentence: Sentence) -> tuple[int, Mention] | None:
    """`, peste le maire` or `, s'étrangle X` behind the quote."""
    stream, language = reading.stream, reading.language
    if not language.has("subject_after"):
        return None
    verb = item + 1
    if stream.low[verb : verb + 1] == [","]:
        verb += 1
    elif stream.text[stream.quotes[item].inner_end - 1] not in "?!… ":
        return None
    while verb < sentence.last and stream.flags[verb] & CLITIC:
        verb += 1
    if verb + 1 >= sentence.last or stream.flags[verb] or stream.low[verb].endswith("s"):
        return None
    after = verb + 1
    while after < sentence.last and stream.flags[after] & ADV and not stream.flags[after] & DET:
        after += 1
    mention = subject_after(stream, language, after, sentence.last)
    if mention is None or mention.is_pronoun or mention.first != after:
        return None
    speaks = ROLE | PERSON_NOUN | GROUP | SOURCE | TITLE
    return (verb, mention) if mention.has_name or mention.flags & speaks else None


def _verb_last(reading: Reading, item: int, sentence: Sentence) -> tuple[int, Mention] | None:
    """`X growls.` behind the quote, the verb last."""
    stream, language = reading.stream, reading.language
    endings = tuple(sorted(language.lists.get("tag_endings", ())))
    if not endings or not stream.quotes[item].ends_with_comma:
        return None
    verb = sentence.last - 1
    while verb > item and stream.flags[verb] & (PUNCT | ADV):
        verb -= 1
    if verb <= item + 1 or stream.flags[verb] or not stream.low[verb].endswith(endings):
        return None
    mention = phrase_from(stream, language, item + 1, verb)
    if mention is None or mention.last != verb:
        return None
    speaks = ROLE | PERSON_NOUN | TITLE
    return (verb, mention) if mention.has_name or mention.flags & speaks else None
