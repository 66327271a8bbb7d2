"""Reads the reports that hang on a verb: inserted tags, complements, quoted objects.

In: a reading and one sentence. Out: drafts. A verb is first tried as a tag (`"Q", a dit X`,
`Q, X said`), then with what follows it: colon, quote, complementizer, infinitive, object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clauses import (
    clause_end,
    clause_limit,
    complementizer_after,
    has_verb,
    infinitive_after,
    skip_adverbials,
    source_at,
)
from kg.intake.cues import Cue, find_cues
from kg.intake.drafts import Draft, Reading, content_form, is_first_person, skip_connectives
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
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
    PLURAL,
    POSS,
    ROLE,
    SOURCE,
    SUB,
    TIME,
    TITLE,
    VERB,
)
from kg.intake.phrases import (
    Mention,
    clause_subject,
    is_agent,
    phrase_from,
    subject_after,
    subject_before,
)
from kg.intake.proposal import TextSpan

if TYPE_CHECKING:
    from kg.intake.segment import Sentence, Stream

__all__ = ["read_cues"]

SHORTEST_UNMARKED = 3
LONG_ENOUGH = 6
SCARE_LENGTH = 3


def read_cues(reading: Reading, number: int) -> list[Cue]:
    """Add the drafts of one sentence's verbs; return the verbs."""
    sentence = reading.sentence(number)
    cues = find_cues(reading.stream, reading.language, sentence.first, sentence.last)
    for cue in cues:
        draft = _as_tag(reading, cue, number, cues) or _with_complement(reading, cue, number, cues)
        if draft is not None:
            reading.add(draft)
    return cues


# --- tags -------------------------------------------------------------------------------------


def _as_tag(reading: Reading, cue: Cue, number: int, cues: list[Cue]) -> Draft | None:
    if cue.shape != "finite" or not cue.form.group.frames & {"quote", "incise"}:
        return None
    sentence = reading.sentence(number)
    tag = _inverted_tag(reading, cue, sentence) or _plain_tag(reading, cue, sentence, cues)
    if tag is None:
        return None
    begin, mention, stop = tag
    return _tag_content(reading, cue, number, begin=begin, mention=mention, stop=stop)


def _inverted_tag(
    reading: Reading, cue: Cue, sentence: Sentence
) -> tuple[int, Mention, int] | None:
    """`…, a déclaré X` and `…, dit-il`: return where the tag begins, its speaker, its end."""
    stream, language = reading.stream, reading.language
    begin = cue.first
    while (
        begin > sentence.first
        and stream.flags[begin - 1] & ADV
        and not stream.flags[begin - 1] & (DET | PRON)
    ):
        begin -= 1
    if begin <= sentence.first:
        return None
    before = begin - 1
    if (
        stream.low[before] not in (",", "–", "—", "-", "?", "!", "...", "…")
        and not stream.flags[before] & QUOTE
    ):
        return None
    if cue.inverted >= 0:
        mention = Mention(cue.inverted, cue.inverted + 1, is_pronoun=True, flags=PRON)
        return begin, mention, max(cue.last, cue.inverted + 1)
    if not language.has("subject_after") or cue.is_modal or cue.takes("told"):
        return None
    if cue.last < sentence.last and stream.flags[cue.last] & (COMP | QUOTE):
        return None
    mention = subject_after(stream, language, cue.last, sentence.last)
    if mention is None or not is_agent(stream, mention):
        return None
    if (
        mention.is_pronoun
        and mention.last < sentence.last
        and not stream.flags[mention.last] & (PUNCT | QUOTE | TIME | PREP)
    ):
        return None
    if any(stream.flags[item] & COMP for item in range(cue.last, mention.first)):
        return None
    is_marked = _quote_before(reading, begin) >= 0
    if (
        not is_marked
        and not mention.flags & (ROLE | TITLE | PERSON_NOUN | GROUP | SOURCE)
        and (not mention.has_name)
    ):
        return None
    if not is_marked and not cue.takes("incise"):
        return None
    if not is_marked and _is_bare_subject(reading, sentence, before):
        return None
    if (
        not is_marked
        and language.has("zero_complement")
        and mention.last < sentence.last
        and not stream.flags[mention.last] & (PUNCT | REL | QUOTE)
        and not _is_participle(reading, mention.last)
    ):
        return None
    if (
        not is_marked
        and (before - sentence.first < LONG_ENOUGH or language.has("zero_complement"))
        and not _holds_clause(reading, sentence.first, before)
    ):
        return None
    if not is_marked and mention.last < sentence.last and stream.flags[mention.last] & (COMP):
        return None
    return begin, mention, mention.last


def _is_bare_subject(reading: Reading, sentence: Sentence, stop: int) -> bool:
    """Whether only `X, confirming the news,` stands before the verb: its subject, no content."""
    stream, language = reading.stream, reading.language
    first = skip_connectives(reading, sentence.first, stop)
    mention = phrase_from(stream, language, first, stop + 1)
    return (
        mention is not None
        and mention.last <= stop
        and stream.low[mention.last] == ","
        and not _holds_clause(reading, mention.last, stop)
    )


def _is_participle(reading: Reading, item: int) -> bool:
    forms = reading.language.cue_forms.get(reading.stream.low[item], ())
    return any(form.shape == "gerund" for form in forms)


def _plain_tag(
    reading: Reading, cue: Cue, sentence: Sentence, cues: list[Cue]
) -> tuple[int, Mention, int] | None:
    """`…, X said.`: the subject stands between the content and its verb, and nothing follows."""
    stream, language = reading.stream, reading.language
    mention = subject_before(stream, language, sentence.first, cue.first)
    if mention is None or not is_agent(stream, mention) or mention.first <= sentence.first:
        return None
    begin = mention.first
    while begin > sentence.first and (
        stream.flags[begin - 1] & (ADV | TIME | CONNECT_LIKE) and not stream.flags[begin - 1] & DET
    ):
        begin -= 1
    if begin <= sentence.first:
        return None
    before = begin - 1
    is_quote = bool(stream.flags[before] & QUOTE)
    if not is_quote and stream.low[before] not in (",", "–", "—", "?", "!"):
        return None
    quoted = _quote_before(reading, begin)
    if quoted < 0 and (not language.has("zero_complement") or not cue.takes("incise")):
        return None
    stop = _tag_end(reading, cue, sentence)
    if (
        quoted < 0
        and not _holds_clause(reading, sentence.first, before)
        and not (
            0 <= stop < sentence.last
            and stream.low[stop] == ","
            and has_verb(stream, language, stop, sentence.last)
        )
    ):
        return None
    if stop >= 0 and quoted < 0 and _quote_follows(reading, stop, sentence):
        return None
    if stop < 0 and quoted == before - (stream.low[before] == ","):
        stop = _loose_tag_end(reading, cue, sentence)
    if stop < 0:
        return None
    if quoted < 0 and any(
        other.first < cue.first and other.shape == "gerund" and other.first >= before
        for other in cues
    ):
        return None
    return begin, mention, stop


CONNECT_LIKE = 1 << 31


def _quote_follows(reading: Reading, stop: int, sentence: Sentence) -> bool:
    """Whether a quote comes right behind the verb, so that nothing before it is the content."""
    stream = reading.stream
    while stop < sentence.last and stream.low[stop] in (",", ":", "–", "—"):
        stop += 1
    return stop < sentence.last and bool(stream.flags[stop] & QUOTE)


def _holds_clause(reading: Reading, first: int, last: int) -> bool:
    return has_verb(reading.stream, reading.language, first, last) or any(
        reading.stream.flags[item] & QUOTE for item in range(first, last)
    )


def _loose_tag_end(reading: Reading, cue: Cue, sentence: Sentence) -> int:
    """After a quote, `X said` is a tag whatever follows, unless it is a clause of its own."""
    flag = reading.stream.flags[cue.last] if cue.last < sentence.last else PUNCT
    if flag & COMP or reading.stream.low[cue.last : cue.last + 1] == [":"]:
        return -1
    return cue.last if flag & (SUB | PREP | LINK | COORD | ADV | TIME | PUNCT | QUOTE) else -1


def _tag_end(reading: Reading, cue: Cue, sentence: Sentence) -> int:
    """Return where the tag's verb phrase ends if nothing that could be content follows."""
    stream, language = reading.stream, reading.language
    here = cue.last
    if cue.takes("told") and here < sentence.last:
        addressee = phrase_from(stream, language, here, sentence.last)
        if addressee is not None:
            here = addressee.last
    here = skip_adverbials(stream, language, here, sentence.last)
    if here >= sentence.last:
        return here
    flag = stream.flags[here]
    if flag & (PUNCT | QUOTE):
        if stream.low[here] == ":":
            return -1
        if stream.low[here] == "," and here + 1 < sentence.last and stream.flags[here + 1] & QUOTE:
            return here
        return here
    if (
        stream.low[here] in language.lists.get("infinitive_markers", ())
        and here + 1 < sentence.last
        and not stream.flags[here + 1] & (DET | CAP | PRON | NUMBER | TITLE)
    ):
        return -1
    if flag & (PREP | SUB | LINK) and not flag & COMP:
        rest = here
        while rest < sentence.last and not stream.flags[rest] & (PUNCT | QUOTE | COMP):
            rest += 1
        if (
            rest >= sentence.last
            or stream.low[rest] in (".", ",", "!", "?", "–", "—")
            or (stream.flags[rest] & QUOTE)
        ):
            return rest
    if flag & COORD:
        return here
    return -1


def _quote_before(reading: Reading, begin: int) -> int:
    stream = reading.stream
    here = begin - 1
    if here >= 0 and stream.low[here] in (",", "–", "—", "-", ".", "!", "?"):
        here -= 1
    return here if here >= 0 and stream.flags[here] & QUOTE else -1


def _tag_content(  # noqa: PLR0913 - the parts of one tag
    reading: Reading, cue: Cue, number: int, *, begin: int, mention: Mention, stop: int
) -> Draft | None:
    stream = reading.stream
    sentence = reading.sentence(number)
    quoted = _quote_before(reading, begin)
    first = _content_start(reading, sentence, begin, quoted)
    last = begin
    while last > first and stream.low[last - 1] in (",", "–", "—", "-"):
        last -= 1
    if last <= first:
        return None
    mention = _unnamed_voice(reading, cue, mention, sentence)
    wide = _around_tag(reading, cue, sentence, first=first, last=last, stop=stop)
    if wide > last:
        last, stop = wide, wide
    form = content_form(reading, first, last)
    if form == "Indirect" and last - first < SHORTEST_UNMARKED:
        return None
    rule = "tag.marked" if form != "Indirect" else "tag.unmarked"
    draft = Draft(
        content=[reading.span(first, last)],
        form=form,
        rule=rule,
        confidence=0.95 if form != "Indirect" else 0.8,
        sentence=number,
        cue=cue,
        mention=mention,
    )
    if form == "Indirect" and is_first_person(reading, first, last):
        draft.form = "UnmarkedDirect"
    reading.use(first, last)
    _after_tag(reading, draft, stop, sentence, has_quote=quoted >= 0)
    return draft


def _unnamed_voice(reading: Reading, cue: Cue, mention: Mention, sentence: Sentence) -> Mention:
    """`a-t-on appris de source policière`: the source behind an impersonal tag."""
    stream, language = reading.stream, reading.language
    if not mention.is_pronoun and not cue.takes("learn"):
        return mention
    word = stream.low[mention.first].removeprefix("-t-").removeprefix("-")
    if language.pronouns.get(word) != "x" and not cue.takes("learn"):
        return mention
    for item in range(cue.last, min(cue.last + 5, sentence.last)):
        source = source_at(stream, language, item)
        if source is not None and len(source.words) > 1:
            found = phrase_from(stream, language, item + 1, sentence.last)
            return found or mention
        if not stream.flags[item] & (TIME | ADV | NUMBER | DET | CAP):
            break
    return mention


def _around_tag(  # noqa: PLR0913 - a tag and what stands on both sides
    reading: Reading, cue: Cue, sentence: Sentence, *, first: int, last: int, stop: int
) -> int:
    """`To win, they said, the party must change`: one statement on both sides of its tag."""
    stream, language = reading.stream, reading.language
    if stop >= sentence.last or stream.low[stop] != "," or stop + 2 >= sentence.last:
        return -1
    rest = stop + 1
    flag = stream.flags[rest]
    if (
        flag & (QUOTE | PUNCT | REL)
        or any(stream.flags[item] & QUOTE for item in range(last - 1, last))
        and not flag & (COMP | AUX | MODAL | BE)
    ):
        return -1
    if stream.low[rest] in language.cue_forms and not flag & (DET | CAP):
        return -1
    if last - first < SHORTEST_UNMARKED and not stream.flags[last - 1] & QUOTE:
        return clause_end(stream, language, rest, sentence.last, cues=())
    goes_on = flag & (AUX | MODAL | BE | VERB | COMP) and not flag & (DET | CAP)
    if not goes_on and has_verb(stream, language, first, last):
        return -1
    end = clause_end(
        stream,
        language,
        rest,
        sentence.last,
        cues=find_cues(stream, language, rest, sentence.last),
    )
    return end if has_verb(stream, language, rest, end) else -1


def _content_start(reading: Reading, sentence: Sentence, begin: int, quoted: int) -> int:
    """Where the tagged statement begins: the quote alone, or the clause that holds it."""
    stream, language = reading.stream, reading.language
    start = skip_connectives(reading, sentence.first, begin)
    earlier = [draft for draft in reading.drafts[-3:] if draft.cue is not None]
    for draft in earlier:
        if not draft.rule.startswith("tag"):
            continue
        if draft.content[-1].end > stream.start[start]:
            for item in range(start, begin):
                if stream.start[item] >= draft.content[-1].end and stream.low[item] in (",", ";"):
                    start = item + 1
                    break
    if quoted >= 0:
        outside = [item for item in range(start, quoted) if not stream.flags[item] & PUNCT]
        if not outside:
            return start
        if stream.low[quoted - 1] in (":", "-", "–", "—"):
            return quoted
        quote = stream.quotes[quoted]
        words = quote.length
        lead = stream.end[quoted - 1] - stream.start[start]
        if words > 60 and lead < 12 and not has_verb(stream, language, start, quoted):
            return quoted
    return start


def _after_tag(
    reading: Reading, draft: Draft, stop: int, sentence: Sentence, *, has_quote: bool
) -> None:
    """Join what follows the tag inside the sentence: `"A", dit X, "B"`."""
    stream = reading.stream
    here = stop
    limit = sentence.last
    while here < limit and not stream.flags[here] & QUOTE:
        if stream.low[here] in (";", ".") or stream.low[here] in reading.language.cue_forms:
            return
        if here - stop > 24:
            return
        here += 1
    if not has_quote or here >= limit or here in reading.used:
        return
    if stream.low[here - 1] not in (",", ":", "–", "—", "-", "…") and here > stop:
        return
    draft.content.append(reading.span(here, here + 1))
    reading.use(here, here + 1)


# --- complements ------------------------------------------------------------------------------


def _with_complement(reading: Reading, cue: Cue, number: int, cues: list[Cue]) -> Draft | None:
    content = _content_after(reading, cue, number, cues)
    if content is None:
        return None
    first, last, rule, confidence = content
    stream_flags = reading.stream.flags
    if cue.shape == "infinitive" and _is_inside(reading, cue, number):
        return None
    mention, shared = _subject(reading, cue, number, cues)
    if mention is None and shared is None and not reading.language.has("pro_drop"):
        if rule not in ("verb.colon", "verb.quote"):
            return None
    if mention is not None and mention.is_pronoun and mention.flags & FIRST:
        return None
    if mention is not None and not _can_speak(reading, cue, mention):
        return None
    if mention is not None and not _agrees(reading, cue, mention):
        return None
    first = skip_content_openers(reading, first, last)
    if rule in ("verb.marked", "verb.object", "verb.request"):
        while first < last and stream_flags[first] & TIME:
            first += 1
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
        mention_span=_relative_span(reading, cue, number),
        same_speaker_as=shared,
    )
    reading.use(first, last)
    return draft


def _is_inside(reading: Reading, cue: Cue, number: int) -> bool:
    """Whether the verb stands inside a statement already read in this sentence."""
    place = reading.stream.start[cue.verb]
    return any(
        span.start <= place < span.end
        for draft in reading.drafts[-4:]
        if draft.sentence == number
        for span in draft.content
    )


def _relative_span(reading: Reading, cue: Cue, number: int) -> TextSpan | None:
    """The relative pronoun itself, where it is the verb's subject."""
    stream = reading.stream
    before = cue.first - 1
    while before > reading.sentence(number).first and stream.flags[before] & ADV:
        before -= 1
    if (
        before >= reading.sentence(number).first
        and stream.flags[before] & (REL | (COMP if reading.language.has("zero_complement") else 0))
        and not (stream.flags[before] & (CAP | DET))
    ):
        return TextSpan(stream.start[before], stream.end[before])
    return None


def skip_content_openers(reading: Reading, first: int, last: int) -> int:
    """Step over marks and a second complementizer at the start of the content."""
    stream = reading.stream
    while first < last and (
        stream.flags[first] & COMP or stream.low[first] in (",", ":", "–", "—")
    ):
        first += 1
    return first


def _agrees(reading: Reading, cue: Cue, mention: Mention) -> bool:
    """Whether a form that shows number fits its subject (`states` is no verb of `the poor`)."""
    stream, language = reading.stream, reading.language
    if not language.has("bare_infinitive") or cue.first < cue.verb or cue.shape != "finite":
        return True
    low, lemma = stream.low[cue.verb], cue.form.lemma.split()[0]
    is_base = low == lemma
    if not is_base and not (low.endswith("s") and low.startswith(lemma[:-1])):
        return True
    head = stream.low[mention.last - 1]
    first = stream.flags[mention.first]
    joined = any(
        stream.flags[item] & COORD and not stream.flags[item] & CAP
        for item in range(mention.first, mention.last)
    )
    is_plural = (
        bool(first & PLURAL)
        or joined
        or (
            head.endswith("s")
            and not head.endswith(("'s", "ss", "us"))
            and not (stream.flags[mention.last - 1] & CAP)
        )
        or head in language.lists.get("plural_heads", ())
    )
    plural_inside = any(
        stream.low[item].endswith("s")
        and not stream.flags[item] & (CAP | POSS | PREP | DET)
        and not stream.low[item].endswith("'s")
        for item in range(mention.first, mention.last)
    )
    relative = cue.first - 1 >= 0 and stream.flags[cue.first - 1] & REL
    if relative:
        return True
    if mention.is_pronoun:
        return is_base == (
            bool(first & PLURAL)
            or bool(first & FIRST)
            or head in language.lists.get("plural_heads", ())
        )
    if is_base:
        return (
            is_plural
            or plural_inside
            or bool(mention.has_name and stream.low[mention.name_last - 1].endswith("s"))
        )
    return not is_plural or mention.has_name and not joined


def _can_speak(reading: Reading, cue: Cue, mention: Mention) -> bool:
    stream = reading.stream
    if mention.is_pronoun:
        return stream.low[mention.first] not in reading.language.lists.get("expletive", ())
    if is_agent(stream, mention):
        return True
    return bool(cue.form.group.frames & {"incise", "infinitive", "accuse"})


def _content_after(
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
            start = infinitive
            while start > begin and stream.flags[start - 1] & NEG:
                start -= 1
            return start, end, "verb.infinitive", 0.85
    if cue.takes("that") or cue.takes("request"):
        comp = complementizer_after(stream, language, begin, last)
        if comp >= 0:
            end = clause_end(stream, language, comp + 1, last, cues=cues)
            return comp + 1, end, "verb.that", 0.9
    here = begin
    if cue.takes("told"):
        addressee = phrase_from(stream, language, begin, last)
        if addressee is None:
            return None
        here = addressee.last
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
    found = _object_after(reading, cue, begin, last, cues)
    if found is not None:
        return found
    if cue.takes("zero") and language.has("zero_complement"):
        return _bare_clause(reading, cue, here, last, cues)
    return None


def _marked_after(
    reading: Reading, cue: Cue, here: int, last: int, cues: list[Cue]
) -> tuple[int, int, str, float] | None:
    """A colon or a quote right after the verb phrase."""
    stream, language = reading.stream, reading.language
    if not cue.form.group.frames & {"quote", "incise", "that", "marked"}:
        return None
    colon = _colon_after(stream, here, last, limit=22)
    if colon >= 0 and colon + 1 < last:
        if stream.flags[colon + 1] & QUOTE:
            return _quote_run(reading, cue, colon + 1, last, cues, "verb.colon")
        if colon <= here + 1 and cue.takes("incise"):
            return colon + 1, last, "verb.colon", 0.75
        return None
    while here < last and stream.low[here] in (",", "–", "—"):
        here += 1
    if here < last and stream.flags[here] & QUOTE and cue.form.group.frames & {"quote", "incise"}:
        return _quote_run(reading, cue, here, last, cues, "verb.quote")
    return None


def _colon_after(stream: Stream, here: int, last: int, *, limit: int) -> int:
    for item in range(here, min(last, here + limit)):
        if stream.low[item] == ":":
            return item
        if stream.flags[item] & (QUOTE | COMP) or stream.low[item] in (";", "."):
            return -1
    return -1


def _quote_run(  # noqa: PLR0913 - a place and what may cut it
    reading: Reading, cue: Cue, first: int, last: int, cues: list[Cue], rule: str
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


def _object_after(
    reading: Reading, cue: Cue, begin: int, last: int, cues: list[Cue]
) -> tuple[int, int, str, float] | None:
    stream, language = reading.stream, reading.language
    group = cue.form.group
    if begin >= last or stream.flags[begin] & PUNCT and stream.low[begin] not in ("(",):
        return None
    end = clause_end(stream, language, begin, last, cues=cues)
    if cue.shape == "gerund":
        end = _before_main_verb(reading, begin, end)
    if cue.takes("request") and _has_request(reading, cue, begin, end):
        return begin, end, "verb.request", 0.75
    if cue.takes("object"):
        start = skip_adverbials(stream, language, begin, end)
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
        if quotes and cue.takes("named"):
            end = _end_of_name(reading, quotes[-1], end)
        if quotes and not any(item in reading.used for item in quotes):
            if quotes[0] - begin > 14:
                return None
            return begin, end, "verb.marked", 0.7
    return None


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
        if language.has("bare_infinitive"):
            if not stream.flags[after] & (DET | CAP | PRON | NUMBER | PUNCT):
                return True
        elif language.infinitive.search(stream.low[after]) and not stream.flags[after] & CAP:
            return True
        elif (
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
    if flag & (PUNCT | COORD | MODAL) and not flag & (DET | CAP) and stream.low[here] not in "([$":
        return None
    if flag & BE and not flag & CAP:
        return None
    end = clause_end(stream, language, here, last, cues=cues)
    is_pronoun = bool(flag & PRON) and not flag & DET
    is_sure = is_pronoun or (cue.takes("clause") and end - here >= 4 and flag & (DET | CAP))
    if not is_sure and not has_verb(stream, language, here + 1, end):
        return None
    if flag & (LINK | PREP) and not flag & DET:
        comma = next((i for i in range(here, min(end, here + 12)) if stream.low[i] == ","), -1)
        if comma < 0:
            return None
    return here, end, "verb.zero", 0.8


# --- subjects ---------------------------------------------------------------------------------


def _subject(
    reading: Reading, cue: Cue, number: int, cues: list[Cue]
) -> tuple[Mention | None, Draft | None]:
    """Return the mention that is the verb's subject, or the draft whose speaker it shares."""
    stream, language = reading.stream, reading.language
    sentence = reading.sentence(number)
    here = [draft for draft in reading.drafts[-4:] if draft.sentence == number and draft.cue]
    if cue.inverted >= 0:
        return Mention(cue.inverted, cue.inverted + 1, is_pronoun=True, flags=PRON), None
    if cue.shape in ("gerund", "infinitive"):
        attached = _attached_subject(reading, cue, sentence)
        if attached is not None:
            return attached, None
        if here:
            return None, here[-1]
        subject = clause_subject(stream, language, sentence.first, cue.first)
        if subject is None and reading.drafts and number - reading.drafts[-1].sentence <= 2:
            return None, reading.drafts[-1]
        return subject, None
    before = stream.flags[cue.first - 1] if cue.first > sentence.first else 0
    if before & COORD and here and not before & CAP:
        return None, here[-1]
    mention = subject_before(stream, language, sentence.first, cue.first)
    if mention is None and here:
        return None, here[-1]
    return mention, None


def _attached_subject(reading: Reading, cue: Cue, sentence: Sentence) -> Mention | None:
    """A participle right after a noun phrase that can speak: `un discours de X jugeant que`."""
    stream, language = reading.stream, reading.language
    if cue.shape != "gerund" or cue.first - 1 <= sentence.first:
        return None
    before = stream.flags[cue.first - 1]
    if before & (PUNCT | SUB | PREP | COORD | ADV | QUOTE | TIME | NUMBER):
        return None
    first = cue.first - 1
    while first > sentence.first and stream.flags[first - 1] & CAP and stream.flags[first] & CAP:
        first -= 1
    if not stream.flags[cue.first - 1] & CAP:
        mention = subject_before(stream, language, sentence.first, cue.first)
        if mention is None or not mention.flags & (SOURCE | ROLE):
            return None
        if not mention.flags & ROLE:
            subject = clause_subject(stream, language, sentence.first, mention.first)
            if subject is not None and is_agent(stream, subject):
                return subject
        return mention
    return phrase_from(stream, language, first, cue.first)


def cue_span(reading: Reading, cue: Cue) -> TextSpan:
    """Return the text range of the verb group."""
    return TextSpan(reading.stream.start[cue.first], reading.stream.end[cue.last - 1])
