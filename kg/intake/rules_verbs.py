"""Reads reporting verbs followed by what was said: clause, infinitive, colon, quote, object.

In: a reading, one sentence and one of its verbs. Out: a draft, or nothing. Tags are read first, by
`kg.intake.rules_tags`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clause_starts import complementizer_after, infinitive_after
from kg.intake.clauses import (
    clause_end,
    clause_limit,
    has_verb,
    quoted_predicate,
    skip_adverbials,
)
from kg.intake.cues import Cue, phrase_at
from kg.intake.drafts import Draft, Reading, content_form, is_first_person
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    CLITIC,
    COMP,
    COORD,
    DET,
    FIRST,
    GROUP,
    LINK,
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
    SOURCE,
    SUB,
    TIME,
    TITLE,
    VERB,
)
from kg.intake.phrases import Mention, phrase_from
from kg.intake.rules_relays import cited_from, pass_on, without_relay
from kg.intake.rules_sources import behind_document

if TYPE_CHECKING:
    from kg.intake.segment import Stream

from kg.intake.reported_subjects import agrees, can_speak, is_inside, relative_span, subject_of

__all__ = ["before_new_predicate", "read_complement"]

LONGEST_NAME = 40
LONGEST_CLAUSE = 14


def read_complement(reading: Reading, cue: Cue, number: int, cues: list[Cue]) -> Draft | None:  # noqa: C901, PLR0911, PLR0912 - one condition a line
    """Return the draft of what follows a reporting verb, or nothing."""
    content = _content_after(reading, cue, number, cues)
    if content is None:
        return None
    first, last, rule, confidence = content
    stream_flags = reading.stream.flags
    if cue.shape == "infinitive" and is_inside(reading, cue, number):
        return None
    if _is_bound(reading, cue, number):
        return None
    mention, shared = subject_of(reading, cue, number)
    if mention is not None and mention.flags & SOURCE and not mention.has_name:
        mention = behind_document(reading, mention, reading.sentence(number))
    relay = ""
    if mention is not None:
        mention, relay = without_relay(reading, mention, reading.sentence(number).first)
    is_orphan = mention is None and shared is None and not reading.language.has("pro_drop")
    if is_orphan and rule not in ("verb.colon", "verb.quote"):
        return None
    if mention is not None and mention.is_pronoun and mention.flags & FIRST:
        return None
    if mention is not None and not can_speak(reading, cue, mention):
        return None
    if mention is not None and not agrees(reading, cue, mention):
        return None
    if mention is not None and _is_thing(reading, cue, mention):
        return None
    first = skip_content_openers(reading, first, last)
    if rule in ("verb.marked", "verb.object", "verb.request"):
        negated = cue.is_negated
        while first < last and (
            stream_flags[first] & TIME or (negated and stream_flags[first] & NEG)
        ):
            first += 1
        first += phrase_at(reading.stream, reading.language, first, "connective")
    span = reading.span(first, last)
    if span.end <= span.start:
        return None
    form = content_form(reading, first, last)
    if form == "Indirect" and is_first_person(reading, first, last) and rule == "verb.colon":
        form = "UnmarkedDirect"
    draft = Draft(
        content=[span],
        form=form,
        rule=rule,
        confidence=confidence,
        sentence=number,
        cue=cue,
        mention=mention,
        mention_span=relative_span(reading, cue, number),
        same_speaker_as=shared,
        chain=[relay] if relay else [],
    )
    reading.use(first, last)
    if mention is not None and mention.last <= first:
        pass_on(reading, draft, mention.last, first)
    return draft


def _is_bound(reading: Reading, cue: Cue, number: int) -> bool:
    """`declined to say why` says nothing; `had seen and had asked` is one reported clause."""
    stream, language = reading.stream, reading.language
    before = stream.low[max(0, cue.first - 2) : cue.first]
    if cue.shape == "infinitive":
        return any(low in language.lists.get("refusals", ()) for low in before)
    past = language.lists.get("backshifted", frozenset())
    return (
        stream.low[cue.first] in past
        and cue.first > 0
        and bool(stream.flags[cue.first - 1] & COORD)
        and is_inside(reading, cue, number)
    )


def _is_thing(reading: Reading, cue: Cue, mention: Mention) -> bool:
    """`Shares slipped, suggesting that`: what a thing suggests is nobody's statement."""
    stream, language = reading.stream, reading.language
    if cue.shape != "gerund" or mention.is_pronoun:
        return False
    if stream.low[cue.verb] not in language.lists.get("impersonal_gerunds", ()):
        return False
    if mention.flags & (ROLE | GROUP | SOURCE | PERSON_NOUN | TITLE):
        return False
    return not (
        mention.has_name
        and (
            mention.name_last - mention.name_first > 1
            or stream.low[mention.name_first] in language.given_names
        )
    )


def skip_content_openers(reading: Reading, first: int, last: int) -> int:
    """Step over marks and a second complementizer at the start of the content."""
    stream = reading.stream
    while first < last and (
        stream.flags[first] & COMP or stream.low[first] in (",", ":", "–", "—")
    ):
        first += 1
    return first


def _content_after(  # noqa: C901, PLR0911, PLR0912 - one condition a line
    reading: Reading, cue: Cue, number: int, cues: list[Cue]
) -> tuple[int, int, str, float] | None:
    stream, language = reading.stream, reading.language
    sentence = reading.sentence(number)
    last = sentence.last
    begin = cue.last
    if begin >= last:
        return None
    last = clause_limit(stream, language, sentence.first, cue, last)
    if cue.takes("infinitive") and cue.shape != "infinitive":
        infinitive = infinitive_after(stream, language, begin, last)
        if infinitive >= 0:
            end = clause_end(stream, language, infinitive, last, cues=cues)
            end = before_new_predicate(reading, infinitive, end)
            start = infinitive
            tails = language.lists.get("negation_tails", frozenset())
            while start > begin and (
                stream.flags[start - 1] & NEG or stream.low[start - 1] in tails
            ):
                start -= 1
            return start, end, "verb.infinitive", 0.85
    if cue.takes("gerund") and cue.shape == "finite" and language.has("zero_complement"):
        act = skip_adverbials(stream, language, begin, last)
        if act < last and _is_act(reading, act):
            end = clause_end(stream, language, act, last, cues=cues)
            return act, end, "verb.infinitive", 0.8
    if cue.takes("that"):
        cited = cited_from(reading, skip_adverbials(stream, language, begin, last), last)
        if cited >= 0:
            end = clause_end(stream, language, cited + 1, last, cues=cues)
            return cited + 1, end, "verb.that", 0.9
    if cue.takes("that") or cue.takes("request"):
        comp = complementizer_after(stream, language, begin, last)
        if comp >= 0 and not _is_restriction(reading, cue, comp):
            end = clause_end(stream, language, comp + 1, last, cues=cues)
            return comp + 1, end, "verb.that", 0.9
    here = begin
    if cue.takes("told"):
        addressee = phrase_from(stream, language, begin, last)
        if addressee is None and not cue.takes("object"):
            return None
        here = addressee.last if addressee is not None else begin
    here = skip_adverbials(stream, language, here, last)
    found = _marked_after(reading, cue, here, last, cues)
    if found is not None:
        return found
    asks = (
        cue.takes("whether")
        and here < last
        and stream.low[here] in language.lists.get("question_words", ())
    )
    if asks or (
        here < last
        and stream.low[here] in language.lists.get("interrogatives", ())
        and (cue.form.group.frames & {"whether", "that", "told"})
    ):
        return here, clause_end(stream, language, here, last, cues=cues), "verb.question", 0.75
    if cue.shape == "infinitive":
        return None
    is_clause = cue.takes("told") and begin < here < last and _opens_clause(reading, here, last)
    found = None if is_clause else _object_after(reading, cue, begin, last, cues)
    if found is not None:
        return found
    if cue.takes("pronoun") and here < last and stream.flags[here] & PRON:
        return _bare_clause(reading, cue, here, last, cues)
    if (
        cue.takes("pronoun")
        and stream.low[here : here + 1]
        and (
            stream.low[here] in language.lists.get("expletive", ())
            and has_verb(stream, language, here + 1, min(last, here + 2))
        )
    ):
        return here, clause_end(stream, language, here, last, cues=cues), "verb.zero", 0.8
    if cue.takes("zero") and language.has("zero_complement"):
        return _bare_clause(reading, cue, here, last, cues)
    return None


def _is_act(reading: Reading, item: int) -> bool:
    """`denied hiding it`: a gerund stands here, and nothing makes it a noun."""
    stream, language = reading.stream, reading.language
    is_gerund = stream.low[item].endswith(language.gerund_endings)
    return is_gerund and not stream.flags[item] & (DET | CAP | TIME | PREP | GROUP | ROLE)


def _opens_clause(reading: Reading, here: int, last: int) -> bool:
    """Whether a subject and its verb follow the addressee (`told X the school was …`)."""
    stream, language = reading.stream, reading.language
    if stream.flags[here] & PRON:
        return True
    comma = next((item for item in range(here, last) if stream.low[item] == ","), last)
    return bool(stream.flags[here] & (DET | CAP)) and (
        has_verb(stream, language, here + 1, comma)
        or quoted_predicate(stream, language, here, last) >= 0
    )


def _is_restriction(reading: Reading, cue: Cue, comp: int) -> bool:
    """`ne relève que de`: only, not that."""
    after = reading.stream.flags[comp + 1] if comp + 1 < len(reading.stream.flags) else 0
    return cue.is_negated and bool(after & LINK) and not after & DET


def _marked_after(  # noqa: PLR0911 - one condition a line
    reading: Reading, cue: Cue, here: int, last: int, cues: list[Cue]
) -> tuple[int, int, str, float] | None:
    """A colon or a quote right after the verb phrase."""
    stream = reading.stream
    if not cue.form.group.frames & {"quote", "incise", "that", "marked"}:
        return None
    colon = _colon_after(stream, here, last, limit=22)
    if any(here <= other.verb < colon and other.shape in ("finite", "gerund") for other in cues):
        return None
    if colon >= 0 and colon + 1 < last:
        if stream.flags[colon + 1] & QUOTE:
            return _quote_run(reading, colon + 1, last, cues, "verb.colon")
        if colon <= here + 1 and cue.takes("incise"):
            return colon + 1, last, "verb.colon", 0.75
        return None
    while here < last and stream.low[here] in (",", "–", "—"):
        here += 1
    addressed = _behind_marked_name(stream, here, last)
    if addressed >= 0:
        end = clause_end(stream, reading.language, addressed, last, cues=cues)
        return addressed, end, "verb.that", 0.85
    if cue.takes("named") and here == cue.last and not _is_asked_for(reading, cue):
        return None
    if here < last and stream.flags[here] & QUOTE and cue.form.group.frames & {"quote", "incise"}:
        return _quote_run(reading, here, last, cues, "verb.quote")
    return None


def _is_asked_for(reading: Reading, cue: Cue) -> bool:
    """`what he called “Q”` gives his words; `a petition called “Q”` has a name."""
    stream = reading.stream
    openers = reading.language.lists.get("interrogatives", frozenset())
    return any(
        stream.low[item] in openers or stream.flags[item] & (REL | COMP)
        for item in range(max(0, cue.first - LONGEST_CLAUSE), cue.first - 1)
    )


def _behind_marked_name(stream: Stream, here: int, last: int) -> int:
    """`told the «Evening Post», that Q`: where Q begins behind an addressee in marks, or -1."""
    if here + 3 >= last or not stream.flags[here] & QUOTE or stream.low[here + 1] != ",":
        return -1
    quote = stream.quotes[here]
    is_name = quote.length < LONGEST_NAME and stream.text[quote.inner_start].isupper()
    return here + 3 if is_name and stream.flags[here + 2] & COMP else -1


def _colon_after(stream: Stream, here: int, last: int, *, limit: int) -> int:
    for item in range(here, min(last, here + limit)):
        if stream.low[item] == ":":
            return item
        if stream.flags[item] & (QUOTE | COMP) or stream.low[item] in (";", "."):
            return -1
    return -1


def _quote_run(
    reading: Reading, first: int, last: int, cues: list[Cue], rule: str
) -> tuple[int, int, str, float] | None:
    """A quote after the verb: alone, or the head of a clause half in marks."""
    stream, language = reading.stream, reading.language
    if first in reading.used:
        return None
    after = first + 1
    if after >= last or stream.flags[after] & PUNCT:
        return first, after, rule, 0.95
    end = clause_end(stream, language, first, last, cues=cues)
    if stream.quotes[first].length > 120:
        return first, after, rule, 0.9
    return first, end, rule, 0.85


def _object_after(  # noqa: C901, PLR0911, PLR0912 - one condition a line
    reading: Reading, cue: Cue, begin: int, last: int, cues: list[Cue]
) -> tuple[int, int, str, float] | None:
    stream, language = reading.stream, reading.language
    group = cue.form.group
    if begin >= last or (stream.flags[begin] & PUNCT and stream.low[begin] != "("):
        return None
    end = clause_end(stream, language, begin, last, cues=cues)
    if cue.shape == "gerund":
        end = _before_main_verb(reading, begin, end)
    end = before_new_predicate(reading, begin, end)
    if cue.takes("request") and _has_request(reading, cue, begin, end):
        return begin, end, "verb.request", 0.75
    if cue.takes("object"):
        start = skip_adverbials(stream, language, begin, end)
        if start + 1 < end and stream.low[start] in group.links:
            start += 1
            if stream.flags[start] & QUOTE and start + 1 < end and stream.flags[start + 1] & COORD:
                end = start + 1
        return (start, end, "verb.object", 0.7) if start < end else None
    if cue.takes("accuse") and any(
        stream.low[item] in group.links for item in range(begin, min(end, begin + 14))
    ):
        return begin, end, "verb.accuse", 0.7
    if cue.takes("dolink") and any(
        stream.low[item] in group.links
        and item + 1 < end
        and language.infinitive.search(stream.low[item + 1])
        for item in range(begin, min(end, begin + 10))
    ):
        return begin, end, "verb.request", 0.75
    if cue.takes("marked"):
        quotes = [item for item in range(begin, end) if stream.flags[item] & QUOTE]
        is_named = cue.takes("named") and quotes[:1] == [begin]
        if is_named and not _is_asked_for(reading, cue):
            return None
        if quotes and cue.takes("named"):
            end = _end_of_name(reading, quotes[-1], end)
        if quotes and not any(item in reading.used for item in quotes):
            if quotes[0] - begin > 14:
                return None
            return begin, end, "verb.marked", 0.7
    return None


def before_new_predicate(reading: Reading, begin: int, end: int) -> int:
    """`affirme vouloir partir et s'est engagée à …`: the next verb ends an object."""
    stream, language = reading.stream, reading.language
    if not language.has("subject_after") or language.has("zero_complement"):
        return end
    for item in range(begin + 1, end - 1):
        if not stream.flags[item] & COORD or stream.flags[item] & CAP:
            continue
        verb = item + 1
        while verb < end and stream.flags[verb] & (CLITIC | NEG) and not stream.flags[verb] & DET:
            verb += 1
        if verb >= end or stream.flags[verb] & (DET | CAP | PREP):
            continue
        if not stream.flags[verb] & (AUX | MODAL | VERB | BE):
            continue
        if not language.infinitive.search(stream.low[verb]):
            return item
    return end


def _before_main_verb(reading: Reading, begin: int, end: int) -> int:
    """The object of a participle ends where the main verb comes: `confirmant X, a évoqué …`."""
    stream = reading.stream
    for item in range(begin, end - 1):
        if (
            stream.low[item] == ","
            and stream.flags[item + 1] & (AUX | VERB | MODAL)
            and not (stream.flags[item + 1] & (DET | CAP))
        ):
            return item
    return end


def _end_of_name(reading: Reading, quote: int, end: int) -> int:
    """`called it a "fake" deal`: the label ends with the phrase that holds the quote."""
    stream = reading.stream
    here = quote + 1
    while here < end and not stream.flags[here] & (PUNCT | COORD | SUB | COMP | AUX | VERB | BE):
        if stream.flags[here] & PREP and not stream.flags[here] & LINK:
            break
        here += 1
    return here


def _has_request(reading: Reading, cue: Cue, begin: int, end: int) -> bool:
    """Whether the verb governs an act: `demande à X de partir`, `urged X to go`."""
    stream, language = reading.stream, reading.language
    links = cue.form.group.links
    for item in range(begin, min(end, begin + 16)):
        low = stream.low[item]
        if stream.flags[item] & (REL | QUOTE):
            return False
        if low not in links or item + 1 >= end:
            continue
        after = item + 1
        while after < end and stream.flags[after] & (NEG | ADV) and after < item + 4:
            after += 1
        if after >= end:
            continue
        if language.has("bare_infinitive"):
            if not stream.flags[after] & (DET | CAP | PRON | NUMBER | PUNCT):
                return True
        elif (language.infinitive.search(stream.low[after]) and not stream.flags[after] & CAP) or (
            after + 1 < end
            and stream.flags[after] & (1 << 16)
            and language.infinitive.search(stream.low[after + 1])
        ):
            return True
    return False


def _bare_clause(
    reading: Reading, cue: Cue, here: int, last: int, cues: list[Cue]
) -> tuple[int, int, str, float] | None:
    """`X said Q`: a clause with no complementizer."""
    stream, language = reading.stream, reading.language
    while here < last and stream.low[here] == ",":
        here += 1
    if here >= last:
        return None
    flag = stream.flags[here]
    if (
        here > cue.last
        and stream.low[here - 1] == ","
        and (not flag and stream.low[here].endswith(language.gerund_endings))
    ):
        return None
    if flag & (PUNCT | COORD | MODAL) and not flag & (DET | CAP) and stream.low[here] not in "([$":
        return None
    if flag & BE and not flag & CAP:
        return None
    end = clause_end(stream, language, here, last, cues=cues)
    is_pronoun = bool(flag & PRON) and not flag & DET
    is_sure = is_pronoun or (cue.takes("clause") and end - here >= 4 and flag & (DET | CAP))
    if (
        not is_sure
        and not has_verb(stream, language, here + 1, end)
        and quoted_predicate(stream, language, here, end) < 0
    ):
        return None
    if flag & (LINK | PREP) and not flag & DET:
        comma = next((i for i in range(here, min(end, here + 12)) if stream.low[i] == ","), -1)
        if comma < 0:
            return None
    return here, end, "verb.zero", 0.8
