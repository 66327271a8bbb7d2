"""Reads what the neighbours of a quote decide: continuations, headlines, signatures, tags inside.

In: a reading whose sentence was searched for verbs and source phrases. Out: drafts for the quotes
nobody has claimed yet: the same speaker goes on, a name and a colon stand before them, or they
are only scare quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import Cue, find_cues, phrase_at
from kg.intake.drafts import Draft, Reading, content_form, inner_span, skip_connectives
from kg.intake.flags import (
    CAP,
    COMP,
    DET,
    GROUP,
    LINK,
    NUMBER,
    PERSON_NOUN,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SOURCE,
    TIME,
    TITLE,
)
from kg.intake.phrases import Mention, is_agent, phrase_from
from kg.intake.proposal import TextSpan
from kg.intake.quotes import Quote
from kg.intake.rules_unlisted import read_unlisted_tag
from kg.intake.segment import Stream, add_tokens
from kg.intake.subjects import clause_subject, subject_after, subject_before

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["read_flow", "read_inside"]

LONG_QUOTE = 20
SHORTEST_CONTINUATION = 12
SHORTEST_FREE_QUOTE = 25
SCARE_WORDS = 4
LONGEST_ROLE = 10
LONGEST_BESIDE = 40
DASHES = ("—", "–", "―")


def read_flow(reading: Reading, number: int) -> None:
    """Add drafts for the quotes of one sentence that no verb and no source has claimed."""
    sentence = reading.sentence(number)
    stream = reading.stream
    _read_recap(reading, number, sentence)
    for item in range(sentence.first, sentence.last):
        if stream.flags[item] & QUOTE and item not in reading.used:
            _read_free_quote(reading, number, item, sentence)


def _read_free_quote(reading: Reading, number: int, item: int, sentence: Sentence) -> None:
    stream = reading.stream
    quote = stream.quotes[item]
    outside = [
        index
        for index in range(sentence.first, sentence.last)
        if not stream.flags[index] & (PUNCT | QUOTE)
    ]
    if not outside:
        _continue(reading, number, item, quote)
    elif item > sentence.first and stream.low[item - 1] == ":":
        _after_colon(reading, number, item, sentence)
    else:
        _in_running_text(reading, number, item, sentence)


def _continue(reading: Reading, number: int, item: int, quote: Quote) -> None:
    """A sentence that is only a quote goes on with the speaker before it."""
    before = _last_spoken(reading, number, reach=3)
    if before is None and quote.length < SHORTEST_FREE_QUOTE:
        is_sentence = reading.stream.text[quote.inner_end - 1] in ".!?…"
        if quote.length < SHORTEST_CONTINUATION or not is_sentence or not _beside(reading, number):
            return
    if before is not None and quote.length < SHORTEST_CONTINUATION and not quote.is_closed:
        return
    announced = _announcer(reading, number)
    if announced is not None:
        reading.add(
            Draft(
                content=[inner_span(quote)],
                form="Direct",
                rule="flow.announced",
                confidence=0.8,
                sentence=number,
                mention=announced,
            )
        )
        reading.use(item, item + 1)
        return
    near = before is not None and number - before.sentence <= 1
    person = None if near else _beside(reading, number)
    if person is not None:
        before = None
    reading.add(
        Draft(
            content=[inner_span(quote)],
            form="Direct",
            rule="flow.continued" if before else "flow.beside" if person else "flow.alone",
            confidence=0.85 if near else 0.6,
            sentence=number,
            mention=person,
            same_speaker_as=before,
        )
    )
    reading.use(item, item + 1)


def _announcer(reading: Reading, number: int) -> Mention | None:
    """The subject of the sentence before, where that sentence ends with a colon."""
    stream, language = reading.stream, reading.language
    if number == 0:
        return None
    sentence = reading.sentence(number - 1)
    if stream.low[sentence.last - 1] != ":":
        return None
    for cue in find_cues(stream, language, sentence.first, sentence.last):
        mention = subject_before(stream, language, sentence.first, cue.first)
        if mention is not None and is_agent(mention):
            return mention
    mention = clause_subject(stream, language, sentence.first, sentence.last - 1)
    return mention if mention is not None and is_agent(mention) else None


def _beside(reading: Reading, number: int) -> Mention | None:
    """The person who is the subject of the sentence before, or else after, in the paragraph."""
    paragraph = reading.sentence(number).paragraph
    for other in (number - 1, number + 1):
        if not 0 <= other < len(reading.stream.sentences):
            continue
        sentence = reading.sentence(other)
        if sentence.paragraph != paragraph or sentence.last - sentence.first > LONGEST_BESIDE:
            continue
        stop = sentence.last
        if other < number:
            asked = _asked(reading, sentence)
            if asked is not None:
                return asked
        if reading.stream.low[stop - 1] == "?":
            continue
        mention = clause_subject(reading.stream, reading.language, sentence.first, stop)
        if mention is None or mention.flags & (GROUP | SOURCE):
            continue
        if mention.flags & (ROLE | PERSON_NOUN) or mention.has_name:
            return mention
    return None


def _asked(reading: Reading, sentence: Sentence) -> Mention | None:
    """`Does he expect it?`, `She shrugs.`: the pronoun that the quote behind answers for."""
    stream, language = reading.stream, reading.language
    is_question = stream.low[sentence.last - 1] == "?"
    for item in range(sentence.first, sentence.last):
        low = stream.low[item].rsplit("-", 1)[-1]
        if language.pronouns.get(low, "") in ("ms", "fs") and stream.flags[item] & PRON:
            return Mention(item, item + 1, is_pronoun=True, flags=stream.flags[item])
        if not is_question:
            return None
    return None


def _last_spoken(reading: Reading, number: int, *, reach: int) -> Draft | None:
    for draft in reversed(reading.drafts[-6:]):
        if not draft.is_statement:
            continue
        if number - draft.sentence > reach:
            return None
        return draft
    return None


def _after_colon(reading: Reading, number: int, item: int, sentence: Sentence) -> None:
    """`X : "Q"`, `… pour lui une vocation : "Q"`."""
    stream, language = reading.stream, reading.language
    quote = stream.quotes[item]
    if quote.length < SCARE_WORDS * 5:
        return
    first = skip_connectives(reading, sentence.first, item)
    mention = clause_subject(stream, language, first, item - 1)
    before = _last_spoken(reading, number, reach=2)
    is_headline = mention is not None and mention.last == item - 1
    if mention is not None and not is_agent(mention):
        mention = None
    if mention is None or (mention.flags & GROUP and not is_headline):
        mention = _named_last(reading, sentence.first, item - 1) or mention
    if mention is None and before is None:
        before = _last_spoken(reading, number, reach=12)
    if mention is None and before is None:
        return
    if not is_headline and mention is not None and before is not None and not mention.is_pronoun:
        is_person = mention.flags & (ROLE | PERSON_NOUN) and not mention.flags & (GROUP | SOURCE)
        mention = mention if mention.has_name or is_person else None
    reading.add(
        Draft(
            content=[inner_span(quote)],
            form="Direct",
            rule="flow.headline" if is_headline else "flow.colon",
            confidence=0.85 if is_headline else 0.7,
            sentence=number,
            mention=mention,
            same_speaker_as=None if mention is not None else before,
        )
    )
    reading.use(item, item + 1)


def _named_last(reading: Reading, first: int, colon: int) -> Mention | None:
    """`La radio tend le micro à la juriste X :` gives the person right before the colon."""
    stream, language = reading.stream, reading.language
    for item in range(colon - 2, max(first, colon - LONGEST_ROLE), -1):
        if not stream.flags[item - 1] & (PREP | LINK) or stream.flags[item] & LINK:
            continue
        mention = phrase_from(stream, language, item, colon)
        if mention is not None and mention.last == colon and mention.has_name:
            before = stream.flags[mention.name_first - 1]
            if before & (ROLE | TITLE | PERSON_NOUN) or (
                stream.low[mention.name_first] in language.given_names
            ):
                return mention
    return None


def _in_running_text(reading: Reading, number: int, item: int, sentence: Sentence) -> None:
    """Quoted words in the outlet's own sentence: more of the same speaker, or scare quotes."""
    stream = reading.stream
    quote = stream.quotes[item]
    words = len(stream.text[quote.inner_start : quote.inner_end].split(None, 8))
    if _read_passive(reading, number, item, sentence):
        return
    if _read_unknown_verb(reading, number, item, sentence):
        return
    if item == sentence.first and read_unlisted_tag(reading, number, item, sentence):
        return
    if item == sentence.first and _read_bare_name(reading, number, item, sentence):
        return
    before = _last_spoken(reading, number, reach=1)
    if words > SCARE_WORDS and before is not None and quote.length >= SHORTEST_FREE_QUOTE:
        first = skip_connectives(reading, sentence.first, sentence.last)
        is_whole = item == first
        reading.add(
            Draft(
                content=[inner_span(quote) if is_whole else reading.span(first, sentence.last)],
                form="Direct" if is_whole else content_form(reading, first, sentence.last),
                rule="flow.mixed",
                confidence=0.5,
                sentence=number,
                same_speaker_as=before,
            )
        )
        reading.use(sentence.first, sentence.last)
        return
    reading.add(
        Draft(
            content=[inner_span(quote)],
            form="ScareQuote",
            rule="flow.scare",
            confidence=0.5,
            sentence=number,
        )
    )
    reading.use(item, item + 1)


def _read_bare_name(reading: Reading, number: int, item: int, sentence: Sentence) -> bool:
    """`"words," spokeswoman Ann Lee.`: nothing but the quote and its speaker."""
    stream = reading.stream
    mention = phrase_from(stream, reading.language, item + 1, sentence.last)
    if mention is None or not mention.has_name or mention.last + 1 < sentence.last:
        return False
    quote = stream.quotes[item]
    if quote.length < SHORTEST_FREE_QUOTE or not quote.ends_with_comma:
        return False
    reading.add(
        Draft(
            content=[inner_span(quote)],
            form="Direct",
            rule="flow.name",
            confidence=0.7,
            sentence=number,
            mention=mention,
        )
    )
    reading.use(item, item + 1)
    return True


def _read_unknown_verb(reading: Reading, number: int, item: int, sentence: Sentence) -> bool:
    """`and then boomed, "Q"`: a verb form nobody listed, a comma, and a whole quote."""
    stream, language = reading.stream, reading.language
    verb = item - 2
    if verb <= sentence.first or stream.low[item - 1] != "," or stream.flags[verb]:
        return False
    quote = stream.quotes[item]
    if quote.length < SHORTEST_FREE_QUOTE or not stream.text[quote.inner_start].isupper():
        return False
    if not stream.low[verb].endswith(language.verb_endings):
        return False
    mention = subject_before(stream, language, sentence.first, verb)
    if mention is None or not is_agent(mention):
        return False
    reading.add(
        Draft(
            content=[inner_span(quote)],
            form="Direct",
            rule="flow.verb",
            confidence=0.7,
            sentence=number,
            mention=mention,
            cue_span=TextSpan(stream.start[verb], stream.end[verb]),
        )
    )
    reading.use(item, item + 1)
    return True


def _read_passive(reading: Reading, number: int, item: int, sentence: Sentence) -> bool:
    """`qualifié de "gourou" par un dirigeant`."""
    stream, language = reading.stream, reading.language
    after = item + 1
    if after + 1 >= sentence.last or stream.low[after] not in (
        language.lists.get("passive_agent", ())
    ):
        return False
    verbs = range(max(sentence.first, item - 4), item)
    if not any(stream.low[index] in language.cue_forms for index in verbs):
        return False
    mention = phrase_from(stream, language, after + 1, sentence.last, follow=True)
    if mention is None or not is_agent(mention):
        return False
    reading.add(
        Draft(
            content=[inner_span(stream.quotes[item])],
            form="Mixed",
            rule="flow.passive",
            confidence=0.7,
            sentence=number,
            mention=mention,
        )
    )
    reading.use(item, item + 1)
    return True


def _read_recap(reading: Reading, number: int, sentence: Sentence) -> None:
    """`C'est ce qu'a annoncé X.` gives the sentence before to X."""
    stream, language = reading.stream, reading.language
    if stream.flags[sentence.first] & QUOTE:
        _read_manner(reading, number, sentence)
        return
    if number == 0:
        return
    by = phrase_at(stream, language, sentence.first, "recap_by") or _cleft(reading, sentence)
    if by:
        _read_made_by(reading, number, sentence.first + by)
        return
    length = phrase_at(stream, language, sentence.first, "recap")
    if not length:
        return
    before = reading.sentence(number - 1)
    if any(draft.sentence == number - 1 for draft in reading.drafts[-3:]):
        return
    for cue in find_cues(stream, language, sentence.first + length, sentence.last):
        mention = subject_after(stream, language, cue.last, sentence.last) or subject_before(
            stream, language, sentence.first + length, cue.first
        )
        if mention is None or not is_agent(mention):
            continue
        first = skip_connectives(reading, before.first, before.last)
        reading.drop_from(stream.start[sentence.first])
        reading.add(
            Draft(
                content=[reading.span(first, before.last)],
                form=content_form(reading, first, before.last),
                rule="flow.recap",
                confidence=0.75,
                sentence=number,
                cue=cue,
                mention=mention,
            )
        )
        reading.use(before.first, before.last)
        return


def _cleft(reading: Reading, sentence: Sentence) -> int:
    """`C'est X qui l'a annoncé`: how many items stand before X, or 0."""
    stream, language = reading.stream, reading.language
    length = phrase_at(stream, language, sentence.first, "cleft")
    whole = language.lists.get("recap_object", frozenset())
    for item in range(sentence.first + length, sentence.last - 2 if length else 0):
        if stream.flags[item] & REL and stream.low[item + 1] in whole:
            cues = find_cues(stream, language, item, sentence.last)
            return length if cues and cues[0].first <= item + 2 else 0
    return 0


def _read_made_by(reading: Reading, number: int, first: int) -> None:
    """`L'annonce a été faite par X.` gives the sentence before to X, if nobody has said it."""
    stream = reading.stream
    sentence, before = reading.sentence(number), reading.sentence(number - 1)
    mention = phrase_from(stream, reading.language, first, sentence.last, follow=True)
    if mention is None or not is_agent(mention):
        return
    if (
        reading.drafts
        and reading.drafts[-1].sentence >= number - 1
        and (reading.drafts[-1].form != "Authorial")
    ):
        return
    start = skip_connectives(reading, before.first, before.last)
    reading.drop_from(stream.start[start])
    reading.add(
        Draft(
            content=[reading.span(start, before.last)],
            form=content_form(reading, start, before.last),
            rule="flow.recap",
            confidence=0.75,
            sentence=number,
            mention=mention,
        )
    )
    reading.use(before.first, before.last)


def _read_manner(reading: Reading, number: int, sentence: Sentence) -> None:
    """`« Un choc », c'est ainsi qu'il a qualifié …`."""
    stream, language = reading.stream, reading.language
    here = sentence.first + 1
    if here < sentence.last and stream.low[here] == ",":
        here += 1
    length = phrase_at(stream, language, here, "manner") if here < sentence.last else 0
    if not length or sentence.first in reading.used:
        return
    for cue in find_cues(stream, language, here + length, sentence.last):
        mention = subject_before(stream, language, here + length, cue.first)
        if mention is None:
            continue
        reading.add(
            Draft(
                content=[inner_span(stream.quotes[sentence.first])],
                form="Direct",
                rule="flow.manner",
                confidence=0.85,
                sentence=number,
                cue=cue,
                mention=mention,
            )
        )
        reading.use(sentence.first, sentence.first + 1)
        return


def read_inside(reading: Reading, number: int) -> None:
    """Split quotes that hold their own tag: « A, dit-elle. B »."""
    if not reading.language.has("incise_inside"):
        return
    sentence = reading.sentence(number)
    for item in range(sentence.first, sentence.last):
        if reading.stream.flags[item] & QUOTE and item not in reading.used:
            quote = reading.stream.quotes[item]
            if quote.length > LONG_QUOTE:
                _split_at_tag(reading, number, item, quote)


def _split_at_tag(reading: Reading, number: int, item: int, quote: Quote) -> None:
    language = reading.language
    inner = Stream(reading.stream.text)
    add_tokens(inner, quote.inner_start, quote.inner_end, language)
    last = len(inner.low)
    for cue in find_cues(inner, language, 0, last):
        tag = _tag_in(inner, cue, reading, last)
        if tag is None:
            continue
        mention, stop = tag
        lead = cue.first - 1
        while lead > 0 and inner.low[lead] in (",", "!", "?", "…", *DASHES):
            lead -= 1
        head = TextSpan(quote.inner_start, inner.end[lead] if lead >= 0 else 0)
        if head.end <= head.start:
            continue
        content = [head]
        rest = stop
        while rest < last and inner.flags[rest] & PUNCT:
            rest += 1
        if rest < last:
            content.append(TextSpan(inner.start[rest], quote.inner_end))
        mention_span = TextSpan(inner.start[mention.first], inner.end[mention.last - 1])
        reading.add(
            Draft(
                content=content,
                form="Direct",
                rule="tag.inside",
                confidence=0.92,
                sentence=number,
                cue_span=TextSpan(inner.start[cue.first], inner.end[cue.last - 1]),
                cue_lemma=cue.form.lemma,
                mention=_outer_mention(reading, inner, mention),
                mention_span=mention_span,
            )
        )
        reading.use(item, item + 1)
        return


def _tag_in(inner: Stream, cue: Cue, reading: Reading, last: int) -> tuple[Mention, int] | None:
    if cue.shape != "finite" or cue.first < 2 or not cue.form.group.frames & {"quote", "incise"}:
        return None
    lead = cue.first - 1
    is_dashed = inner.low[lead] in DASHES and reading.language.has("dash_dialogue")
    if not is_dashed and inner.low[lead] not in (",", "!", "?", "…"):
        return None
    if is_dashed and inner.low[cue.last : cue.last + 1] in (["–"], ["—"]):
        return Mention(cue.verb, cue.verb + 1, is_pronoun=True, flags=PRON), cue.last
    if cue.inverted >= 0:
        mention = Mention(cue.inverted, cue.inverted + 1, is_pronoun=True, flags=PRON)
        stop = max(cue.last, cue.inverted + 1)
    else:
        found = subject_after(inner, reading.language, cue.last, last)
        if found is None or found.is_pronoun or not is_agent(found):
            return None
        if inner.flags[cue.last] & (COMP | PUNCT):
            return None
        mention, stop = found, found.last
    while stop < last and inner.low[stop] not in (".", "!", "?", "…"):
        if inner.low[stop] == "," and (
            cue.inverted >= 0 or _resumes(inner, reading, stop + 1, last)
        ):
            break
        if inner.low[stop] in DASHES and reading.language.has("dash_dialogue"):
            break
        stop += 1
    return mention, stop


def _resumes(inner: Stream, reading: Reading, here: int, last: int) -> bool:
    """Whether the quote goes on behind a named tag, and no apposition of the name stands there."""
    if here >= last:
        return False
    flag = inner.flags[here]
    after = inner.flags[here + 1] if here + 1 < last else PUNCT
    if flag & (ROLE | GROUP | TITLE | NUMBER | REL | PREP | PUNCT | TIME | CAP | PERSON_NOUN):
        return False
    if flag & DET and after & (ROLE | GROUP | PERSON_NOUN | TIME | NUMBER):
        return False
    forms = reading.language.cue_forms.get(inner.low[here], ())
    return bool(flag) and not any(form.shape == "gerund" for form in forms)


def _outer_mention(reading: Reading, inner: Stream, mention: Mention) -> Mention:
    """Append the inner tokens to the document's columns, so that mentions have one home."""
    stream = reading.stream
    base = len(stream.low)
    stream.start.extend(inner.start[mention.first : mention.last])
    stream.end.extend(inner.end[mention.first : mention.last])
    stream.low.extend(inner.low[mention.first : mention.last])
    stream.flags.extend(inner.flags[mention.first : mention.last])
    shift = base - mention.first
    named = (
        mention.has_name
        and mention.name_first >= mention.first
        and (mention.name_last <= mention.last)
    )
    return Mention(
        base,
        base + mention.last - mention.first,
        mention.name_first + shift if named else -1,
        mention.name_last + shift if named else -1,
        mention.flags,
        mention.is_pronoun,
    )
