"""Reads reporting verbs that stand as tags: `"Q", a dit X`, `Q, X said.`, `A, dit-il, B`.

In: a reading, one sentence and one of its verbs. Out: a draft whose content stands before the tag
or around it, or nothing. What follows a verb is read by `kg.intake.rules_verbs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.clauses import (
    clause_end,
    has_verb,
    quoted_predicate,
    skip_adverbials,
    source_at,
)
from kg.intake.cues import Cue
from kg.intake.drafts import (
    Draft,
    Reading,
    content_form,
    is_first_person,
    skip_connectives,
)
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    COMP,
    COORD,
    DET,
    GROUP,
    LINK,
    MODAL,
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
from kg.intake.phrases import Mention, is_agent, phrase_from
from kg.intake.rules_relays import pass_on
from kg.intake.subjects import subject_after, subject_before
from kg.intake.tag_content import after_tag, around_tag, content_start, is_apposed, is_lead

if TYPE_CHECKING:
    from kg.intake.segment import Sentence

__all__ = ["read_tag"]

SHORTEST_UNMARKED = 3

LONG_ENOUGH = 6
LONGEST_NAME_IN_MARKS = 40
SHORTEST_TAGGED = 20


def read_tag(reading: Reading, cue: Cue, number: int, cues: list[Cue]) -> Draft | None:
    """Return the draft that this verb tags, or nothing where it is no tag."""
    if cue.shape != "finite" or not cue.form.group.frames & {"quote", "incise"}:
        return None
    sentence = reading.sentence(number)
    tag = _inverted_tag(reading, cue, sentence) or _plain_tag(reading, cue, sentence, cues)
    if tag is None:
        return None
    begin, mention, stop = tag
    return _tag_content(reading, cue, number, begin=begin, mention=mention, stop=stop)


def _is_whole(reading: Reading, sentence: Sentence, before: int, stop: int) -> bool:
    """Whether a tag that ends its sentence follows words enough to be a clause of any verb."""
    stream = reading.stream
    if stop < 0 or any(not stream.flags[item] & PUNCT for item in range(stop, sentence.last)):
        return False
    return _opens_whole(reading, sentence, before)


def _opens_whole(reading: Reading, sentence: Sentence, before: int) -> bool:
    """Whether words enough for a clause stand before the tag, opened by what can be a subject."""
    stream = reading.stream
    flag = stream.flags[sentence.first]
    opens = not flag & (PREP | SUB | TIME | ADV) or bool(flag & (DET | PRON))
    has_comma = "," in stream.low[sentence.first : before]
    return opens and not has_comma and before - sentence.first >= LONG_ENOUGH - 1


def _inverted_tag(  # noqa: C901, PLR0911, PLR0912 - one condition a line
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
        clitic = Mention(cue.inverted, cue.inverted + 1, is_pronoun=True, flags=PRON)
        return begin, clitic, max(cue.last, cue.inverted + 1)
    if not language.has("subject_after") or cue.is_modal or _is_only_told(cue):
        return None
    if cue.last < sentence.last and stream.flags[cue.last] & (COMP | QUOTE):
        return None
    subject = subject_after(stream, language, cue.last, sentence.last)
    is_marked = _quote_before(reading, begin) >= 0
    if is_marked and _is_name_in_marks(reading, before, sentence):
        return None
    if subject is None or not (is_agent(subject) or (is_marked and subject.flags & DET)):
        return None
    mention = subject
    if (
        mention.is_pronoun
        and mention.last < sentence.last
        and not stream.flags[mention.last] & (PUNCT | QUOTE | TIME | PREP)
    ):
        return None
    if any(stream.flags[item] & COMP for item in range(cue.last, mention.first)):
        return None
    if (
        not is_marked
        and not mention.flags & (ROLE | TITLE | PERSON_NOUN | GROUP | SOURCE)
        and (not mention.has_name)
    ):
        return None
    if not is_marked and not cue.takes("incise"):
        return None
    if (
        not is_marked
        and quoted_predicate(stream, language, cue.last, min(mention.last + 1, sentence.last)) >= 0
    ):
        return None
    goes_on = not is_marked and _predicate_follows(reading, mention.last, sentence)
    if goes_on and not _holds_clause(reading, sentence.first, before):
        return begin, mention, mention.last
    if not is_marked and _opens_with_tag(reading, sentence, before, mention.last):
        return begin, mention, mention.last
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
        and not (mention.has_name and _opens_whole(reading, sentence, before))
        and not _closes_long(reading, sentence, before, mention)
    ):
        return None
    if not is_marked and mention.last < sentence.last and stream.flags[mention.last] & (COMP):
        return None
    return begin, mention, mention.last


def _is_only_told(cue: Cue) -> bool:
    """`told X` has its addressee behind it; `warns X` may have its subject there."""
    return cue.takes("told") and not cue.takes("object")


def _closes_long(reading: Reading, sentence: Sentence, before: int, mention: Mention) -> bool:
    """Whether words enough for a clause stand before a tag that ends the sentence."""
    rest = range(mention.last, sentence.last)
    return (
        not reading.language.has("zero_complement")
        and before - sentence.first >= LONG_ENOUGH - 1
        and all(reading.stream.flags[item] & PUNCT for item in rest)
    )


def _opens_with_tag(reading: Reading, sentence: Sentence, before: int, stop: int) -> bool:
    """`Demain, a annoncé X, Q`: only a time or a connective stands before the tag."""
    stream, language = reading.stream, reading.language
    if stream.low[before] != "," or stop >= sentence.last or stream.low[stop] != ",":
        return False
    lead = range(sentence.first, before)
    is_lead_in = is_lead(reading, sentence, before) or all(
        stream.flags[item] & (TIME | ADV | CONNECT_LIKE | NUMBER) for item in lead
    )
    return is_lead_in and has_verb(stream, language, stop + 1, sentence.last)


def _is_name_in_marks(reading: Reading, before: int, sentence: Sentence) -> bool:
    """`Il comitato «X» chiede`: a noun before the marks and a verb behind them, no comma."""
    stream = reading.stream
    if not stream.flags[before] & QUOTE or before <= sentence.first:
        return False
    quote = stream.quotes[before]
    if quote.ends_with_comma or stream.text[quote.inner_end - 1] in ".!?…":
        return False
    named = stream.flags[before - 1] & (GROUP | ROLE | SOURCE | PERSON_NOUN)
    return bool(named) and quote.length < LONGEST_NAME_IN_MARKS


def _predicate_follows(reading: Reading, stop: int, sentence: Sentence) -> bool:
    """`The depot, said X, had been "a trap".`: what is before the tag has its verb behind it."""
    stream, language = reading.stream, reading.language
    if not 0 <= stop < sentence.last - 1 or stream.low[stop] != ",":
        return False
    if stream.flags[sentence.first] & (PREP | SUB | ADV | TIME) and not (
        stream.flags[sentence.first] & (DET | PRON)
    ):
        return False
    flag = stream.flags[stop + 1]
    if flag & (AUX | MODAL | BE | VERB) and not flag & (DET | CAP):
        return language.has("zero_complement")
    return quoted_predicate(stream, language, stop, sentence.last) == stop + 1


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


def _plain_tag(  # noqa: C901, PLR0911, PLR0912 - one condition a line
    reading: Reading, cue: Cue, sentence: Sentence, cues: list[Cue]
) -> tuple[int, Mention, int] | None:
    """`…, X said.`: the subject stands between the content and its verb, and nothing follows."""
    stream, language = reading.stream, reading.language
    mention = subject_before(stream, language, sentence.first, cue.first)
    if mention is None or mention.first <= sentence.first:
        return None
    if not is_agent(mention) and not (mention.flags & DET and cue.takes("incise")):
        bare = stream.low[cue.verb] in language.lists.get("verbs_only", ())
        if not bare or not stream.low[mention.last - 1].endswith("s"):
            return None
    begin = mention.first
    while begin > sentence.first and (
        stream.flags[begin - 1] & (ADV | TIME | CONNECT_LIKE) and not stream.flags[begin - 1] & DET
    ):
        begin -= 1
    if begin > sentence.first and stream.low[begin - 1] in language.lists.get("manner", ()):
        begin -= 1
    if begin <= sentence.first:
        return None
    before = begin - 1
    is_quote = bool(stream.flags[before] & QUOTE)
    if not is_quote and stream.low[before] not in (",", "–", "—", "?", "!"):
        return None
    quoted = _quote_before(reading, begin)
    if quoted > sentence.first and _is_label(reading, cue, quoted, sentence):
        return None
    if is_quote and _governs_clause(reading, cue, before, sentence):
        return None
    if quoted < 0 and (not language.has("zero_complement") or not cue.takes("incise")):
        return None
    stop = _tag_end(reading, cue, sentence)
    if (
        quoted < 0
        and not _holds_clause(reading, sentence.first, before)
        and not _is_whole(reading, sentence, before, stop)
        and not _predicate_follows(reading, stop, sentence)
        and not (
            0 <= stop < sentence.last
            and (
                not stream.flags[sentence.first] & PREP
                or stream.low[sentence.first] in language.lists.get("infinitive_markers", ())
            )
            and stream.low[stop] == ","
            and has_verb(stream, language, stop, sentence.last)
        )
    ):
        return None
    goes_on = quoted < 0 and _predicate_follows(reading, stop, sentence)
    if stop >= 0 and quoted < 0 and _quote_follows(reading, stop, sentence) and not goes_on:
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


def _is_label(reading: Reading, cue: Cue, quoted: int, sentence: Sentence) -> bool:
    """Whether the marks before the subject only name something (`On “Hannity,” X said if …`)."""
    stream = reading.stream
    after = stream.flags[cue.last] if cue.last < sentence.last else PUNCT
    return (
        stream.quotes[quoted].length < SHORTEST_TAGGED
        and not after & (PUNCT | QUOTE)
        and not has_verb(stream, reading.language, sentence.first, quoted)
        and any(not stream.flags[item] & PUNCT for item in range(sentence.first, quoted))
    )


def _governs_clause(reading: Reading, cue: Cue, quoted: int, sentence: Sentence) -> bool:
    """`the engineer of «N» Ann Lee said, that Q`: marks that name, and a clause behind the verb."""
    stream = reading.stream
    quote = stream.quotes[quoted]
    closed = quote.ends_with_comma or stream.text[quote.inner_end - 1] in ".!?…,"
    return (
        not closed
        and cue.last + 1 < sentence.last
        and stream.low[cue.last] == ","
        and bool(stream.flags[cue.last + 1] & COMP)
    )


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


def _tag_end(reading: Reading, cue: Cue, sentence: Sentence) -> int:  # noqa: C901 - one condition a line
    """Return where the tag's verb phrase ends if nothing that could be content follows."""
    stream, language = reading.stream, reading.language
    here = cue.last
    if cue.form.group.frames & {"told", "whether"} and here < sentence.last:
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
    if here > 0 and stream.low[here] in ("–", "—", "-") and stream.low[here - 1] == ",":
        here -= 1
    if here >= 0 and stream.low[here] in (",", "–", "—", "-", ".", "!", "?"):
        here -= 1
    return here if here >= 0 and stream.flags[here] & QUOTE else -1


def _tag_content(
    reading: Reading, cue: Cue, number: int, *, begin: int, mention: Mention, stop: int
) -> Draft | None:
    stream = reading.stream
    sentence = reading.sentence(number)
    quoted = _quote_before(reading, begin)
    first = content_start(reading, sentence, begin, quoted)
    last = begin
    while last > first and stream.low[last - 1] in (",", "–", "—", "-"):
        last -= 1
    if last <= first:
        return None
    mention = _unnamed_voice(reading, cue, mention, sentence)
    if quoted < 0 and is_lead(reading, sentence, begin) and stream.low[stop : stop + 1] == [","]:
        first = last = stop + 1
        last = clause_end(stream, reading.language, first, sentence.last, cues=())
        stop = last
        wide = -1
    else:
        described = mention.first > cue.verb and is_apposed(reading, stop + 1, sentence)
        wide = -1
        if not described:
            wide = around_tag(reading, sentence, first=first, last=last, stop=stop)
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
    pass_on(reading, draft, stop, sentence.last)
    after_tag(reading, draft, stop, sentence, has_quote=quoted >= 0)
    return draft


def _unnamed_voice(reading: Reading, cue: Cue, mention: Mention, sentence: Sentence) -> Mention:
    """`a-t-on appris de source policière`: the source behind an impersonal tag."""
    stream, language = reading.stream, reading.language
    if not mention.is_pronoun and not cue.takes("learn"):
        return mention
    word = stream.low[mention.first].rsplit("-", 1)[-1]
    if language.pronouns.get(word) != "x" and not cue.takes("learn"):
        return mention
    for item in range(cue.last, min(cue.last + 5, sentence.last)):
        if cue.takes("learn") and item > cue.last - 1 and stream.flags[item] & LINK:
            return phrase_from(stream, language, item + 1, sentence.last) or mention
        source = source_at(stream, language, item)
        if source is not None and len(source.words) > 1:
            found = phrase_from(stream, language, item + 1, sentence.last)
            return found or mention
        if not stream.flags[item] & (TIME | ADV | NUMBER | DET | CAP) and stream.low[item] not in (
            language.lists.get("learned_from", ())
        ):
            break
    return mention
