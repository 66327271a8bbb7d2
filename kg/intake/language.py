"""A language as the rules see it: word classes, cue forms, marks, all read from one data file.

In: `lang/<code>.toml`. Out: a frozen `Language`, read once and only when asked for. It holds no
word itself; a new language is a new file beside the others.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.intake import flags as word_class
from kg.intake.segment import WORD_WHOLE, WORD_WITH_ELISION, WORD_WITH_VOWELS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CueClass", "CueForm", "Language", "SourceCue", "detect", "language_codes", "load"]

SAMPLE = 6000
WORDS = {"whole": WORD_WHOLE, "elided": WORD_WITH_ELISION, "vowelled": WORD_WITH_VOWELS}
"""How words are cut, by the name a data file gives it."""

SHAPES = ("finite", "participle", "gerund", "infinitive")
FILES = resources.files("kg.intake") / "lang"


@dataclass(frozen=True, slots=True)
class CueClass:
    """What the cues of one group share: complements they take, act, attitude."""

    frames: frozenset[str]
    illocution: str
    stance: str
    modality: str
    polarity: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CueForm:
    """One inflected form of a cue verb, with the words that must follow it (`faire` savoir)."""

    lemma: str
    shape: str
    tail: tuple[str, ...]
    group: CueClass


@dataclass(frozen=True, slots=True)
class SourceCue:
    """A fixed phrase that names its source: selon X, according to X, X zufolge.

    `needs` is "agent" where only a person or body makes it a cue; `place` is before or after
    the noun; `speaker` is "own" where the phrase holds the speaker itself (à ses yeux).
    """

    words: tuple[str, ...]
    needs: str
    place: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the rules know about one language."""

    code: str
    has_capitals: bool
    options: frozenset[str]
    word_pattern: re.Pattern[str]
    mark_pattern: re.Pattern[str]
    openers: dict[str, str]
    symmetric: frozenset[str]
    single_marks: frozenset[str]
    single_closing: frozenset[str]
    only_closing: frozenset[str]
    reversed_marks: dict[str, str]
    word_flags: dict[str, int]
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    abbreviations: frozenset[str]
    inversions: tuple[str, ...]
    infinitive: re.Pattern[str]
    cue_forms: dict[str, tuple[CueForm, ...]]
    sources: dict[str, tuple[SourceCue, ...]]
    pronouns: dict[str, str]
    lists: dict[str, frozenset[str]]
    synonyms: dict[str, str]
    markers: frozenset[str]
    given_names: dict[str, str]
    given_forms: frozenset[str]
    name_particles: frozenset[str]
    verb_endings: tuple[str, ...]
    participle_endings: tuple[str, ...]
    gerund_endings: tuple[str, ...]
    gerund_markers: frozenset[str]
    adverb_endings: tuple[str, ...]
    contractions: dict[str, int]
    role_endings: tuple[str, ...]
    role_words: frozenset[str]
    connective_tails: frozenset[str]
    """The last words of connectives of several words."""
    titled_roles: dict[str, tuple[str, ...]]
    """The roles that a title before a name tells (Gov. → governor)."""

    def has(self, option: str) -> bool:
        """Whether the data file switches a mechanism on."""
        return option in self.options


def language_codes() -> list[str]:
    """Return the codes of all languages that have a data file, sorted."""
    names = (entry.name for entry in FILES.iterdir())
    return sorted(
        name.removesuffix(".toml")
        for name in names
        if name.endswith(".toml") and not name.startswith("_")
    )


@cache
def load(code: str) -> Language:
    """Read one language's data file.

    Raises:
        UsageError: no data file has this code.
    """
    if code not in language_codes():
        known = ", ".join(language_codes())
        raise UsageError(f"language {code!r} is not known: use one of {known}")
    data = tomllib.loads((FILES / f"{code}.toml").read_text(encoding="utf-8"))
    names = tomllib.loads((FILES / "_names.toml").read_text(encoding="utf-8"))
    return build(data, names)


def detect(text: str) -> str:
    """Return the code of the language whose frequent words fill most of the text's start.

    Scripts decide first where only one known language uses them; English where nothing fits.
    """
    sample = text[:SAMPLE]
    markers, scripts, hints = _detection_tables()
    for code, pattern in scripts:
        if len(pattern.findall(sample)) * 3 > len(sample.replace(" ", "")):
            return code
    counts = Counter(re.findall(r"[^\W\d_]+['’]?", sample.lower().replace("’", "'")))
    scores = {
        code: sum(counts[word] for word in words if word in counts)
        for code, words in markers.items()
    }
    for code, pattern in hints.items():
        scores[code] += len(pattern.findall(sample.lower()))
    best = max(sorted(scores), key=lambda code: scores[code], default="en")
    return best if scores.get(best, 0) else "en"


@cache
def _detection_tables() -> tuple[
    dict[str, frozenset[str]], tuple[tuple[str, re.Pattern[str]], ...], dict[str, re.Pattern[str]]
]:
    markers: dict[str, frozenset[str]] = {}
    scripts: list[tuple[str, re.Pattern[str]]] = []
    hints: dict[str, re.Pattern[str]] = {}
    for code in language_codes():
        data = tomllib.loads((FILES / f"{code}.toml").read_text(encoding="utf-8"))
        markers[code] = frozenset(data["markers"].split())
        if "script" in data:
            scripts.append((code, re.compile(data["script"])))
        if "hints" in data:
            hints[code] = re.compile(data["hints"])
    return markers, tuple(scripts), hints


@cache
def load_volitions(code: str) -> Language | None:
    """Return the language with its verbs of will in place of its reporting verbs; None without any.

    They are read only where a caller asks for wishes, and never mixed with what was said.
    """
    data = tomllib.loads((FILES / f"{code}.toml").read_text(encoding="utf-8"))
    if not data.get("volitions"):
        return None
    return replace(load(code), cue_forms=_cue_forms({**data, "cues": data["volitions"]}))


def build(data: dict[str, Any], names: dict[str, str]) -> Language:
    """Turn the parsed data file into the tables the rules use."""
    marks = data["marks"]
    openers, closing = _openers(marks)
    all_marks = sorted({*openers, *closing}, key=lambda mark: (-len(mark), mark))
    single = frozenset(part for pair in marks.get("single", []) for part in pair.split())
    return Language(
        code=data["code"],
        has_capitals=data.get("has_capitals", True),
        options=frozenset(data.get("options", "").split()),
        word_pattern=WORDS[data.get("words_are", "elided" if data.get("elision") else "whole")],
        mark_pattern=re.compile("|".join(re.escape(mark) for mark in all_marks)),
        openers=openers,
        symmetric=frozenset(marks.get("symmetric", [])),
        single_marks=single,
        single_closing=frozenset(openers[mark] for mark in single if mark in openers),
        reversed_marks=dict(pair.split() for pair in marks.get("reversed", [])),
        only_closing=frozenset(closing - set(openers)),
        word_flags=_word_flags(data["words"]),
        phrases=_phrases(data.get("phrases", {})),
        abbreviations=frozenset(data["abbreviations"].split()),
        inversions=tuple(sorted(data.get("inversions", []), key=lambda end: (-len(end), end))),
        infinitive=re.compile(data.get("infinitive", r"(?!)")),
        cue_forms=_cue_forms(data),
        sources=_sources(data.get("sources", [])),
        pronouns=_pronouns(data.get("pronouns", {})),
        lists={key: frozenset(value.split()) for key, value in data.get("lists", {}).items()},
        synonyms=_synonyms(data.get("synonyms", [])),
        markers=frozenset(data["markers"].split()),
        given_names=_given_names(names),
        given_forms=_given_forms(names, data),
        name_particles=frozenset(names["particles"].split()),
        verb_endings=tuple(data.get("verb_endings", "").split()),
        gerund_endings=tuple(data.get("gerund_endings", "").split()),
        participle_endings=tuple(data.get("participle_endings", "").split()),
        adverb_endings=tuple(data.get("adverb_endings", "").split()) or ("\x00",),
        role_endings=tuple(data.get("role_endings", "").split()),
        role_words=frozenset(data["words"].get("role", "").split()),
        connective_tails=frozenset(
            phrase.split()[-1] for phrase in data.get("phrases", {}).get("connective", [])
        ),
        titled_roles={
            title: tuple(roles.split()) for title, roles in data.get("titled_roles", {}).items()
        },
        contractions={
            ending: sum(word_class.NAMES[name] for name in classes.split())
            for ending, classes in data.get("contractions", {}).items()
        },
        gerund_markers=frozenset(data.get("gerund_markers", "").split()),
    )


def _openers(marks: dict[str, Any]) -> tuple[dict[str, str], set[str]]:
    openers: dict[str, str] = {}
    closing: set[str] = set()
    for pair in [*marks["pairs"], *marks.get("single", [])]:
        opener, *closers = pair.split()
        openers[opener] = " ".join(closers)
        closing.update(closers)
    for mark in marks.get("symmetric", []):
        openers[mark] = " ".join([mark, *marks.get("symmetric_closed_by", "").split()])
        closing.add(mark)
    return openers, closing


def _word_flags(words: dict[str, str]) -> dict[str, int]:
    table: dict[str, int] = {}
    for name, members in words.items():
        bit = word_class.NAMES[name]
        for member in members.split():
            table[member] = table.get(member, 0) | bit
    return table


def _phrases(
    phrases: dict[str, list[str]],
) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, members in phrases.items():
        for member in members:
            words = tuple(member.split())
            table.setdefault(words[0], []).append((words, name))
    return {
        head: tuple(sorted(entries, key=lambda entry: (-len(entry[0]), entry)))
        for head, entries in table.items()
    }


def _cue_forms(data: dict[str, Any]) -> dict[str, tuple[CueForm, ...]]:
    paradigms = data.get("paradigms", {})
    irregular = data.get("irregular", {})
    groups: dict[str, CueClass] = {}
    for entry in data["cues"]:
        group = CueClass(
            frames=frozenset(entry["frames"].split()),
            illocution=entry.get("illocution", "Assertion"),
            stance=entry.get("stance", "Neutral"),
            modality=entry.get("modality", "Certain"),
            polarity=entry.get("polarity", "Affirmed"),
            links=tuple(entry.get("links", "").split()),
        )
        for phrase in _members(entry):
            groups[phrase] = _joined(groups[phrase], group) if phrase in groups else group
    table: dict[str, list[CueForm]] = {}
    splits = "split_prefixes" in data.get("options", "").split()
    for phrase, group in groups.items():
        lemma, *tail = phrase.split()
        for shape, forms in _inflect(lemma, paradigms, irregular).items():
            for form in dict.fromkeys(forms):
                table.setdefault(form, []).append(CueForm(phrase, shape, tuple(tail), group))
                if splits and tail:
                    joined = tail[-1] + form
                    table.setdefault(joined, []).append(CueForm(phrase, shape, (), group))
    return {
        form: tuple(sorted(cues, key=lambda cue: (-len(cue.tail), cue.shape, cue.lemma)))
        for form, cues in table.items()
    }


def _joined(one: CueClass, two: CueClass) -> CueClass:
    """A verb listed twice takes the complements of both groups and the attitude of the first."""
    links = tuple(dict.fromkeys((*one.links, *two.links)))
    return replace(one, frames=one.frames | two.frames, links=links)


def _members(entry: dict[str, Any]) -> Iterable[str]:
    yield from entry.get("verbs", "").split()
    yield from entry.get("expressions", [])


def _inflect(
    lemma: str, paradigms: dict[str, dict[str, str]], irregular: dict[str, dict[str, str]]
) -> dict[str, list[str]]:
    if lemma in irregular:
        return {shape: irregular[lemma].get(shape, "").split() for shape in SHAPES}
    for ending in sorted(paradigms, key=lambda end: (-len(end), end)):
        if lemma.endswith(ending):
            stem = lemma.removesuffix(ending)
            rule = paradigms[ending]
            return {
                shape: [_form(stem, end) for end in rule.get(shape, "").split()] for shape in SHAPES
            }
    return {"finite": [lemma]}


def _form(stem: str, ending: str) -> str:
    """`ge+t` puts a syllable before the stem, `-` is the bare stem."""
    before, plus, end = ending.rpartition("+")
    return before + stem + ("" if end == "-" else end) if plus else stem + ending.removeprefix("-")


def _sources(entries: list[dict[str, Any]]) -> dict[str, tuple[SourceCue, ...]]:
    table: dict[str, list[SourceCue]] = {}
    for entry in entries:
        for phrase in entry["phrases"]:
            words = tuple(phrase.split())
            cue = SourceCue(
                words,
                entry.get("needs", ""),
                entry.get("place", "before"),
                entry.get("speaker", "next"),
            )
            table.setdefault(words[0], []).append(cue)
    return {
        head: tuple(sorted(cues, key=lambda cue: (-len(cue.words), cue.words)))
        for head, cues in table.items()
    }


def _pronouns(groups: dict[str, str]) -> dict[str, str]:
    return {word: traits for traits, words in groups.items() for word in words.split()}


def _synonyms(groups: list[list[str]]) -> dict[str, str]:
    return {phrase: group[0] for group in groups for phrase in group}


def _given_forms(names: dict[str, str], data: dict[str, Any]) -> frozenset[str]:
    """Given names in all their cases, where the data file says how a name is declined."""
    forms = set(_given_names(names))
    endings = data.get("declension", {})
    for name in tuple(forms):
        for last, others in endings.items():
            if name.endswith(last):
                forms.update(name.removesuffix(last) + other for other in others.split())
    return frozenset(forms)


def _given_names(data: dict[str, str]) -> dict[str, str]:
    return {name: gender for gender in ("m", "f") for name in data[gender].split()}
