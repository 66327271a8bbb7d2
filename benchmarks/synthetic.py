"""Synthetic collections of any size: a project folder with JSON Lines records and registries.

In: a number of attributions, a seed. Out: `kg.toml`, `sources/*.jsonl`, or the same as values.
The same arguments give the same bytes, and `kg check` finds no fault in them. The days of a year
follow one another: a document reports what was said in the week before it, two documents in turn
have an utterance in common, and none goes unreported. Texts do not exist; offsets are plausible.

    python benchmarks/synthetic.py 10000 /tmp/ten-thousand
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from kg.model import (
    Agent,
    AgentKind,
    Alignment,
    Attribution,
    CitedSource,
    Claim,
    Collection,
    Document,
    Form,
    Illocution,
    Judgement,
    Modality,
    Outlet,
    OutletFamily,
    Polarity,
    Qualifier,
    Record,
    Relation,
    Role,
    Run,
    RunKind,
    SourceKind,
    Span,
    SpeakerKind,
    Stance,
    Topic,
    TopicKind,
    Utterance,
    When,
    parse_when,
)
from kg.records.encode import encode_item, encode_record

__all__ = ["PER_RECORD", "make_records", "make_registries", "write_project"]

PER_RECORD = 10
"""Attributions a record."""

_WORDS = (  # noqa: SIM905 - it reads as the sentence it is
    "la ligne sera ouverte avant l'été et les deux rives en profiteront selon les termes de "
    "l'accord signé hier au port après des mois de pourparlers entre les ministres des États "
    "voisins qui ont salué un partenariat durable fondé sur la confiance et la souveraineté"
).split()
_CUES = ("a souligné", "a déclaré", "selon", "a ajouté", "a indiqué", "estime")
_PREDICATES = ("metWith", "expressedSupportFor")
_DAYS = 330
"""Days in 2025 over which utterances and documents are spread, in the order of their numbers."""
_PART = 48
"""A document reports what was said last: one utterance in so many, and a dozen at least."""


def make_registries(size: int, seed: int = 7) -> Collection:
    """Make the registries that `make_records(size, seed)` refers to."""
    chance = random.Random(f"registries {seed}")
    speakers = max(12, size // 100)
    agents = [
        Agent(
            f"agent-{number}",
            AgentKind.PERSON,
            (("en", f"Speaker {number}"), ("fr", f"Oratrice {number}")),
            aliases=(("fr", f"O. {number}"),),
            roles=(
                Role(
                    (("en", f"minister {number % 40}"), ("fr", f"ministre {number % 40}")),
                    f"state-{number % 12}",
                    parse_when("2024-01/2026-01"),
                    basis="the office's own page",
                ),
            ),
        )
        for number in range(speakers)
    ]
    agents.extend(
        Agent(
            f"state-{number}",
            AgentKind.STATE,
            (("en", f"Country {number}"), ("fr", f"Pays {number}")),
        )
        for number in range(12)
    )
    topics = tuple(
        Topic(f"topic-{number}", TopicKind.EVENT, (("en", f"Event {number}"),))
        for number in range(max(10, size // 200))
    )
    outlets = tuple(
        Outlet(
            f"outlet-{number}",
            (("und", f"Outlet {number}"),),
            "it signs its pages",
            family=f"family-{number % 9}",
        )
        for number in range(max(8, size // 500))
    )
    spoken = max(2, size // 8)
    utterances = tuple(
        Utterance(
            f"utterance-{number}",
            (f"agent-{chance.randrange(speakers)}",),
            parse_when(_day(number, spoken)),
            "all texts give this day",
            event=f"topic-{chance.randrange(len(topics))}",
        )
        for number in range(spoken)
    )
    return Collection(
        agents=tuple(sorted(agents, key=lambda agent: agent.id)),
        topics=topics,
        families=tuple(
            OutletFamily(f"family-{number}", (("und", f"Family {number}"),)) for number in range(9)
        ),
        outlets=outlets,
        sources=tuple(
            CitedSource(f"source-{number}", SourceKind.BROADCAST, (("und", f"Radio {number}"),))
            for number in range(20)
        ),
        utterances=utterances,
        alignments=tuple(_alignments(size, chance)),
    )


def _day(number: int, many: int) -> str:
    """Give the day of one of so many things that follow one another."""
    return (date(2025, 1, 1) + timedelta(days=number * _DAYS // many)).isoformat()


def _alignments(size: int, chance: random.Random) -> Iterator[Alignment]:
    """Align some first attributions: those of two documents in turn report one utterance."""
    pairs = _many_records(size) // 2
    for pair in chance.sample(range(pairs), min(pairs, size // 100)):
        yield Alignment(
            f"doc-{2 * pair}#a0",
            f"doc-{2 * pair + 1}#a0",
            Relation.VARIANT,
            Judgement.POSITIVE,
            f"the same speaker on the same day, case {pair}",
            "a reader",
        )


def _many_records(size: int) -> int:
    return max(1, size // PER_RECORD)


def make_records(size: int, seed: int = 7) -> Iterator[Record]:
    """Make the records one by one, `PER_RECORD` attributions each."""
    registries = make_registries(size, seed)
    utterances, many = registries.utterances, _many_records(size)
    for number in range(many):
        day = _day(number + 1, many)
        chance = random.Random(f"{seed} {number}")
        known = _newest(utterances, day)
        if number % 2 == 0:
            common = chance.choice(known)
        begin, end = (len(utterances) * place // many for place in (number, number + 1))
        first = (common, *utterances[begin:end])
        rest = (chance.choice(known) for _ in range(PER_RECORD - len(first)))
        yield _record(number, parse_when(day), (*first, *rest), registries, chance)


def _newest(utterances: tuple[Utterance, ...], day: str) -> tuple[Utterance, ...]:
    """Give what was said last, up to a day; utterances stand in the order of their days."""
    until = bisect_right(utterances, day, key=lambda one: one.date.text if one.date else "")
    return utterances[max(0, until - max(12, len(utterances) // _PART)) : until]


def _record(
    number: int,
    published: When,
    reported: tuple[Utterance, ...],
    registries: Collection,
    chance: random.Random,
) -> Record:
    outlet = registries.outlets[number % len(registries.outlets)].id
    document = Document(
        sha256=hashlib.sha256(f"text {number}".encode()).hexdigest(),
        characters=PER_RECORD * 400,
        language="fr",
        title=f"Accord numéro {number}",
        outlet="unidentified" if number % 5 == 0 else outlet,
        byline=f"Signature {number % 300}",
        published=published,
        published_basis="printed under the title",
        event=published,
    )
    run = Run("r1", "synthetic", RunKind.SOFTWARE, "1")
    made = tuple(
        _attribution(place, utterance, registries, chance)
        for place, utterance in enumerate(reported)
    )
    return Record(f"doc-{number}", document, made, (run,))


def _attribution(
    place: int, utterance: Utterance, registries: Collection, chance: random.Random
) -> Attribution:
    words = " ".join(chance.choice(_WORDS) for _ in range(chance.randint(8, 20)))
    start = place * 400 + 40
    cue = chance.choice(_CUES)
    speaker = utterance.speakers[0]
    attribution = Attribution(
        id=f"a{place}",
        form=chance.choice((Form.DIRECT, Form.INDIRECT, Form.MIXED, Form.UNMARKED_DIRECT)),
        quotes=(words,),
        spans=(Span(start, start + len(words)),),
        speakers=(speaker,),
        mention=f"Mme {speaker}",
        mention_span=Span(start - 30, start - 26 + len(speaker)),
        role="ministre",
        cue=cue,
        cue_span=Span(start - 15, start - 15 + len(cue)),
        illocution=chance.choice(tuple(Illocution)),
        polarity=Polarity.AFFIRMED,
        reporter_modality=chance.choice(tuple(Modality)),
        stance=chance.choice(tuple(Stance)),
        utterance=utterance.id,
        chain=(f"source-{chance.randrange(20)}",) if chance.random() < 0.15 else (),
        claims=tuple(sorted(_claim(registries, chance) for _ in range(chance.choice((1, 1, 2))))),
        run="r1",
        confidence=0.9,
    )
    if place > 2 and chance.random() < 0.14:
        return replace(
            attribution,
            form=Form.AUTHORIAL,
            kind=SpeakerKind.OUTLET_VOICE,
            speakers=(),
            utterance="",
            cue="",
            cue_span=None,
            mention="",
            mention_span=None,
            role="",
        )
    return attribution


def _claim(registries: Collection, chance: random.Random) -> Claim:
    topic = chance.choice(registries.topics).id
    when = Qualifier("when", f"2025-{chance.randint(1, 12):02}")
    return Claim(
        chance.choice(registries.agents).id,
        chance.choice(_PREDICATES),
        f"state-{chance.randrange(12)}",
        (Qualifier("about", topic), when) if chance.random() < 0.5 else (),
    )


def write_project(folder: Path, size: int, seed: int = 7) -> Path:
    """Write a whole project folder; what stands there under the same names is replaced."""
    sources = folder / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    settings = f'title = "{size} synthetic attributions"\n'
    (folder / "kg.toml").write_text(settings, encoding="utf-8")
    with (sources / "bulk.records.jsonl").open("w", encoding="utf-8", newline="\n") as stream:
        for record in make_records(size, seed):
            plain = encode_record(record, with_slug=True)
            stream.write(json.dumps(plain, ensure_ascii=False) + "\n")
    registries = make_registries(size, seed)
    for name, lists in (
        ("agents", ("agents",)),
        ("topics", ("topics",)),
        ("outlets", ("families", "outlets", "sources")),
        ("utterances", ("utterances",)),
        ("alignments", ("alignments",)),
    ):
        with (sources / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as stream:
            for key in lists:
                for item in getattr(registries, key):
                    line = {"list": key, **encode_item(item)}
                    stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    return folder


def main() -> None:
    """Write a project folder of the size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int, help="number of attributions")
    parser.add_argument("folder", type=Path, help="where to write the project")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    write_project(options.folder, options.size, options.seed)
    sys.stderr.write(f"{options.folder}: {options.size} attributions\n")


if __name__ == "__main__":
    main()
