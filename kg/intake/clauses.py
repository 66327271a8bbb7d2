"""Finds where the content of a report begins and ends, with no parser.

In: a stream, a place in a sentence, the cues of the sentence. Out: item numbers. With the cue in
front, a statement runs to the end of its sentence unless a new report begins; that is what the
few stops below look for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.intake.cues import Cue, phrase_at
from kg.intake.flags import (
    ADV,
    AUX,
    BE,
    CAP,
    CLITIC,
    COMP,
    COORD,
    DET,
    GROUP,
    MODAL,
    NEG,
    NUMBER,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    ROLE,
    SUB,
    TIME,
    VERB,
)
from kg.intake.phrases import phrase_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.intake.language import Language, SourceCue
    from kg.intake.segment import Stream

__all__ = [
    "clause_end",
    "clause_limit",
    "has_verb",
    "quoted_predicate",
    "skip_adverbials",
    "source_at",
]

SHORTEST_PART = 3
SHORTEST_PREDICATE = 10
LONGEST_WORDS = 60
DASHES = ("–", "—", "--", "-")


def source_at(stream: Stream, language: Language, item: int) -> SourceCue | None:
    """Return the source phrase (selon, according to) that begins at this item."""
    for cue in language.sources.get(stream.low[item], ()):
        if tuple(stream.low[item : item + len(cue.words)]) == cue.words:
            return cue
    return None


def has_verb(stream: Stream, language: Language, first: int, last: int) -> bool:
    """Whether something in the range looks like a finite verb."""
    flags = stream.flags
    listed = language.lists.get("finite_verbs", frozenset())
    for item in range(first, last):
        if flags[item] & (VERB | AUX | MODAL | BE):
            return True
        if stream.low[item] in listed and not flags[item] & CAP:
            return True
        if flags[item] & CLITIC and not flags[item] & (DET | PREP | PRON | CAP):
            return True
        if not flags[item] and stream.low[item].endswith(language.verb_endings):
            return True
        if item > first and flags[item - 1] & POSS:
            continue
        if not flags[item] & CAP and any(
            not form.tail and form.shape != "gerund"
            for form in language.cue_forms.get(stream.low[item], ())
        ):
            return True
    return False


def quoted_predicate(stream: Stream, language: Language, first: int, last: int) -> int:
    """Return the quote in the range that holds its verb (`said the mayor "has no plan."`), or -1.

    Such a quote goes on in lower case after words outside it and ends the clause.
    """
    if not language.has("zero_complement"):
        return -1
    last = min(last, len(stream.flags))
    for item in range(first + 1, last):
        if not stream.flags[item] & QUOTE:
            continue
        quote = stream.quotes[item]
        words = stream.text[quote.inner_start : quote.inner_start + LONGEST_WORDS].split(" ")
        after = item + 1
        while after < last and stream.flags[after] & PUNCT:
            after += 1
        if quote.length < SHORTEST_PREDICATE or len(words) < SHORTEST_PART or after < last:
            return -1
        opening = words[0].lower()
        flag = language.word_flags.get(opening, 0)
        if flag & (ADV | NEG) and not flag & (AUX | MODAL | BE | VERB):
            opening = words[1].lower()
            flag = language.word_flags.get(opening, 0)
        is_verb = bool(flag & (AUX | MODAL | BE | VERB)) or (
            not flag
            and (
                opening.endswith(language.verb_endings)
                or opening in language.lists.get("finite_verbs", ())
                or opening in language.cue_forms
                or _is_third_person(stream, item - 1, opening)
            )
        )
        return item if is_verb and words[0][:1].islower() else -1
    return -1


def _is_third_person(stream: Stream, subject: int, word: str) -> bool:
    """`Ray “votes no and …”`: a name, and a word in the -s of its verb."""
    is_name = bool(stream.flags[subject] & CAP) and not stream.low[subject].endswith("s")
    return is_name and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def skip_adverbials(stream: Stream, language: Language, begin: int, last: int) -> int:
    """Step over adverbs, times and short prepositional phrases that follow a verb."""
    flags, lows = stream.flags, stream.low
    here = begin
    moved = True
    while here < last and moved:
        moved = False
        flag = flags[here]
        if flag & TIME or (flag & (ADV | NEG) and not flag & (DET | PRON | SUB | PREP)):
            here += 1
            moved = True
        elif flag & DET and here + 1 < last and flags[here + 1] & TIME:
            if language.has("zero_complement") and here + 2 < last and flags[here + 2] & VERB:
                return here
            here += 2
            moved = True
        elif flag & PREP and not flag & DET:
            stop = _prepositional_end(stream, language, here, last)
            if stop > here:
                here = stop
                moved = True
        elif (flag & NUMBER and here > begin and flags[here - 1] & TIME) or (
            lows[here] == ","
            and here > begin
            and here + 1 < last
            and (flags[here + 1] & (TIME | NUMBER | PREP) and not flags[here + 1] & DET)
        ):
            here += 1
            moved = True
    return here


def _prepositional_end(stream: Stream, language: Language, here: int, last: int) -> int:
    flags, lows = stream.flags, stream.low
    inner = here + 1
    while inner < last and flags[inner] & PREP and not flags[inner] & DET:
        inner += 1
    if inner < last and flags[inner] & (TIME | NUMBER):
        while inner < last and flags[inner] & (TIME | NUMBER):
            inner += 1
        return inner
    mention = phrase_from(stream, language, inner, last)
    if mention is None:
        return here
    words = {lows[item] for item in range(mention.first, mention.last)}
    known = bool(
        words
        & (
            language.lists.get("statement_nouns", frozenset())
            | language.lists.get("media_nouns", frozenset())
            | language.lists.get("audience", frozenset())
            | language.lists.get("means", frozenset())
        )
    )
    media = language.lists.get("media", frozenset())
    known = known or any(
        stream.text[stream.start[item] : stream.end[item]] in media
        for item in range(mention.first, mention.last)
    )
    is_addressee = phrase_at(stream, language, here, "addressee") > 0
    times = any(flags[item] & TIME for item in range(mention.first, mention.last))
    if known or is_addressee or times:
        stop = mention.last
        while stop < last and flags[stop] & TIME:
            stop += 1
        return stop
    return here


def clause_end(  # noqa: C901, PLR0911, PLR0912 - one condition a line
    stream: Stream,
    language: Language,
    begin: int,
    last: int,
    *,
    cues: Sequence[Cue],
    frames: frozenset[str] = frozenset({"that", "zero", "quote", "accuse"}),
) -> int:
    """Return where the content that begins here ends, exclusive."""
    by_first = {cue.first: cue for cue in cues if cue.first > begin}
    flags, lows = stream.flags, stream.low
    last = _before_next_quote(stream, begin, last, by_first)
    for item in range(begin + 1, last):
        is_comma = lows[item] == ","
        if flags[item] & QUOTE and item + 1 < last and stream.quotes[item].ends_with_comma:
            after = item + 1
            if lows[after] in language.lists.get("reactions", ()) or phrase_at(
                stream, language, after, "circumstance"
            ):
                return after
        if is_comma and item + 1 < last:
            if _new_report(stream, language, item + 1, last, by_first):
                return item
            if phrase_at(stream, language, item + 1, "circumstance"):
                return item
            if lows[item + 1] in language.lists.get("closing_conjunctions", ()):
                return item
            if lows[item + 1] in language.lists.get("reactions", ()):
                return item
            if (
                flags[item + 1] & COORD
                and item + 2 < last
                and language.has("zero_complement")
                and not flags[item + 2] & ~CAP
                and lows[item + 2].endswith(language.verb_endings)
            ):
                return item
            source = _source_after(stream, language, item + 1)
            if source is not None and _closes_sentence(stream, item + 1, last):
                return item
        elif flags[item] & QUOTE and item + 1 in by_first and by_first[item + 1].shape == "gerund":
            return item + 1
        elif (flags[item] & COORD and not flags[item] & CAP) or lows[item] in DASHES:
            if _refuses(stream, language, item + 1, last):
                return item - 1 if lows[item - 1] == "," else item
            if _goes_on(stream, language, begin, item, by_first):
                continue
            if _coordinated_report(stream, item + 1, last, by_first, frames):
                stop = item
                if lows[stop - 1] == ",":
                    stop -= 1
                return stop
        elif item in by_first and by_first[item].shape == "gerund":
            if flags[item - 1] & SUB:
                return item - 1
            if item > begin + 2 and lows[item - 1] in language.gerund_markers:
                return item - 2 if lows[item - 2] in language.gerund_markers else item - 1
    return last


def _refuses(stream: Stream, language: Language, item: int, last: int) -> bool:
    """`but declined to say`, `, but he stopped short of`: the reporter's own words go on."""
    refusals = language.lists.get("refusals", frozenset())
    if item >= last:
        return False
    if stream.low[item] in refusals or _leaves_open(stream, language, item, last):
        return True
    return (
        item + 1 < last
        and stream.low[item - 2] == ","
        and bool(stream.flags[item] & PRON)
        and stream.low[item + 1] in refusals
    )


def _leaves_open(stream: Stream, language: Language, item: int, last: int) -> bool:
    """`but did not elaborate`: what the speaker did not say is told by the reporter."""
    lists = language.lists
    return (
        item + 1 < last
        and stream.low[item - 1] in lists.get("contrasts", ())
        and stream.low[item] in lists.get("plain_past", ())
        and bool((stream.flags[item] | stream.flags[item + 1]) & NEG)
    )


def _before_next_quote(stream: Stream, begin: int, last: int, by_first: dict[int, Cue]) -> int:
    """End where a later verb with its own quote begins: `…, and when asked, he said, "Q"`."""
    flags, lows = stream.flags, stream.low
    for item in range(begin + 1, last - 1):
        if lows[item] == ":" and flags[item + 1] & QUOTE:
            return item
        if lows[item] == ";" and item - begin > SHORTEST_PART:
            return item
        cue = by_first.get(item)
        if cue is None or cue.shape != "finite" or cue.last + 1 >= last:
            continue
        if lows[cue.last] not in (",", ":") or not flags[cue.last + 1] & QUOTE:
            continue
        for back in range(item - 1, max(begin, item - 8), -1):
            if lows[back] == ",":
                return _lead_start(stream, begin, back)
            if flags[back] & COORD and not flags[back] & CAP:
                return back
    return last


def _lead_start(stream: Stream, begin: int, comma: int) -> int:
    """Take in `, and when pressed,` before the later verb's subject."""
    for back in range(comma - 1, max(begin, comma - 8), -1):
        if stream.low[back] == ",":
            return back if stream.flags[back + 1] & (COORD | SUB) else comma
    return comma


def clause_limit(stream: Stream, language: Language, first: int, cue: Cue, last: int) -> int:
    """Return where the clause of this verb must end: a subordinate clause ends at its comma."""
    flags, lows = stream.flags, stream.low
    if _is_subordinate(stream, language, first, cue):
        for item in range(cue.last + 2, last):
            if lows[item] == "," or (flags[item] & QUOTE and stream.quotes[item].ends_with_comma):
                after = item + 1
                if (
                    after < last
                    and (not flags[after] or flags[after] & (PRON | DET | CAP | ROLE | GROUP))
                    and not flags[after] & (REL | PREP | SUB | COORD)
                ):
                    return item + 1 if flags[item] & QUOTE else item
    return _relative_limit(stream, language, first, cue, last)


def _is_subordinate(stream: Stream, language: Language, first: int, cue: Cue) -> bool:
    """Whether the verb stands in a clause that a conjunction opened (if, because, alors que)."""
    flags, lows = stream.flags, stream.low
    if cue.shape == "infinitive" and language.has("pro_drop") and cue.first <= first + 1:
        return True
    opening = first
    while (
        opening < cue.first and flags[opening] & (ADV | PUNCT | CLITIC) and not flags[opening] & SUB
    ):
        opening += 1
    comma = next((item for item in range(opening, cue.first) if lows[item] == ","), -1)
    if flags[opening] & SUB and (comma < 0 or not has_verb(stream, language, opening + 1, comma)):
        return True
    for item in range(cue.first - 1, max(first, cue.first - 9), -1):
        if lows[item] in (",", ";", ":") or flags[item] & QUOTE:
            return False
        if flags[item] & SUB and not flags[item] & (PREP | ADV | DET):
            return lows[item - 1] == "," or bool(flags[item - 1] & (COORD | COMP))
    return False


def _relative_limit(stream: Stream, language: Language, first: int, cue: Cue, last: int) -> int:
    """A relative clause between commas ends where the main verb comes."""
    flags, lows = stream.flags, stream.low
    relative = cue.first - 1
    while relative > first and lows[relative] != "," and not flags[relative] & QUOTE:
        relative -= 1
    relative += 1
    if relative <= first + 1 or not flags[relative] & REL or flags[relative] & (DET | CAP):
        return last
    if lows[relative - 1] != "," or relative >= cue.first:
        return last
    for item in range(cue.last + 2, last - 1):
        if lows[item] != ",":
            continue
        after = item + 1
        while after < last and flags[after] & (ADV | CLITIC):
            after += 1
        if after < last and (
            (flags[after] & (AUX | MODAL | VERB | BE) and not flags[after] & (DET | CAP | PREP))
            or (
                lows[after] in language.cue_forms
                and not flags[after] & (CAP | DET)
                and any(form.shape == "finite" for form in language.cue_forms[lows[after]])
            )
            or (not flags[after] and lows[after].endswith(language.verb_endings))
        ):
            return item
    return last


def _new_report(
    stream: Stream, language: Language, item: int, last: int, by_first: dict[int, Cue]
) -> bool:
    flags = stream.flags
    here = item
    steps = 0
    while (
        here < last
        and steps < 3
        and (flags[here] & (COORD | ADV | TIME) or stream.low[here] in language.gerund_markers)
    ):
        if here in by_first:
            break
        here += 1
        steps += 1
    cue = by_first.get(here)
    if cue is None:
        return False
    if cue.shape == "gerund":
        return True
    return cue.inverted >= 0 or (
        cue.shape == "finite"
        and steps == 0
        and cue.takes("incise")
        and here + 1 < last
        and flags[cue.last : cue.last + 1] != [COMP]
        and _is_tag(stream, language, cue, last)
    )


def _is_tag(stream: Stream, language: Language, cue: Cue, last: int) -> bool:
    """Whether a finite verb after a comma is an inserted tag (`, a dit X`), not a predicate."""
    if cue.last >= last or stream.flags[cue.last] & (COMP | QUOTE):
        return False
    mention = phrase_from(stream, language, cue.last, last)
    return (
        mention is not None
        and not mention.is_pronoun
        and mention.last <= last
        and (
            language.has("subject_after")
            and not stream.flags[cue.last] & (PREP | ADV)
            and (mention.has_name or bool(mention.flags & (1 << 15)))
        )
    )


def _source_after(stream: Stream, language: Language, item: int) -> SourceCue | None:
    cue = source_at(stream, language, item)
    if cue is None or cue.needs:
        return None
    return cue


def _closes_sentence(stream: Stream, item: int, last: int) -> bool:
    return all(
        stream.low[index] != "," and not stream.flags[index] & (VERB | COMP)
        for index in range(item, last)
    )


def _goes_on(
    stream: Stream, language: Language, begin: int, item: int, by_first: dict[int, Cue]
) -> bool:
    """`that X had seen it and had asked`: one more verb of the reported clause itself."""
    cue = by_first.get(item + 1)
    past = language.lists.get("backshifted", frozenset())
    return (
        cue is not None
        and cue.first < cue.verb
        and stream.low[cue.first] in past
        and any(stream.low[index] in past for index in range(begin, item))
    )


def _coordinated_report(
    stream: Stream,
    item: int,
    last: int,
    by_first: dict[int, Cue],
    frames: frozenset[str],
) -> bool:
    """Whether `et a ajouté que`, `and said` begins a new report of the same or a new speaker."""
    flags, lows = stream.flags, stream.low
    here = item
    steps = 0
    while here < last and steps < 4:
        cue = by_first.get(here)
        if cue is not None and cue.shape in ("finite", "gerund"):
            after = flags[cue.last] if cue.last < last else PUNCT
            if lows[item - 1] in DASHES and steps > 1:
                return False
            return bool(after & (COMP | QUOTE)) or (
                steps <= 2
                and bool(cue.form.group.frames & frames)
                and (stream.low[cue.verb] != cue.form.lemma or cue.first < cue.verb)
                and not after & PUNCT
                and not after & COORD
            )
        if flags[here] & (PUNCT | QUOTE | COMP | REL | PREP) and stream.low[here] != ",":
            return False
        here += 1
        steps += 1
    return False
