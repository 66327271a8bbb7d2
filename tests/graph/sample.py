"""A small invented collection with every kind of node in it, for the tests of the graph."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path

from kg.model import (
    Agent,
    AgentKind,
    Alignment,
    Attribution,
    Boilerplate,
    CitedSource,
    Collection,
    ConflictKind,
    Decision,
    Document,
    Form,
    Judgement,
    Outlet,
    OutletFamily,
    Record,
    Relation,
    Retraction,
    Review,
    Role,
    Run,
    RunKind,
    SourceKind,
    Span,
    SpeakerKind,
    Topic,
    TopicKind,
    Utterance,
    parse_claim,
    parse_when,
)
from kg.project import Project
from kg.records.load import Loaded

BASE = "https://example.org/id/"


def sha(text: str) -> str:
    """Hash a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def attribution(name: str, start: int = 10, **fields: object) -> Attribution:
    """Make an attribution that says something short."""
    words = f"les mots « {name} » sont dits"
    given: dict[str, object] = {
        "form": Form.DIRECT,
        "quotes": (words,),
        "spans": (Span(start, start + len(words)),),
        "speakers": ("ada",),
        "claims": (parse_claim("ada metWith isle"),),
        "utterance": "u1",
    }
    return Attribution(id=name, **(given | fields))  # type: ignore[arg-type]


def record(slug: str, *attributions: Attribution, **fields: object) -> Record:
    """Make a record of a text of its own."""
    given: dict[str, object] = {
        "sha256": sha(slug),
        "characters": 900,
        "language": "fr",
        "title": f"Titre de {slug}",
        "outlet": "gazette",
    }
    document = Document(**(given | fields))  # type: ignore[arg-type]
    run = Run("r1", "reader", RunKind.SOFTWARE, "1.0", "rules-7", "first pass")
    return Record(slug, document, attributions, (run,))


def sample() -> Collection:
    """Make the collection."""
    one = record(
        "one",
        attribution(
            "a1",
            speakers=("ada", "isle"),
            mention="Ada",
            mention_span=Span(1, 4),
            cue="a dit",
            role="ministre",
            cue_span=Span(4, 9),
            prefix="« ",
            suffix=" »",
            claims=(
                parse_claim("ada metWith isle [when=2025-04, where=port, about=ferry]"),
                parse_claim('ferry takesPlaceOn "2025-04-03"'),
                parse_claim("isle expressedSupportFor duo [for=port, if=no storm, via=bridge]"),
                parse_claim("isle metWith duo [quantity=3, unit=days, with=ada]"),
            ),
            confidence=0.9,
        ),
        attribution(
            "a2",
            100,
            quotes=("le début", "la fin"),
            spans=(Span(100, 108), Span(120, 126)),
            chain=("radio", "two#a1"),
        ),
        published=parse_when("2025-04"),
        published_basis="printed",
        event=parse_when("2025-04-03"),
        url="https://example.org/one",
        byline="B. Line",
        outlet_basis="its name stands on the page",
        raw_sha256=sha("raw one"),
        extractor="reader 1.0",
        boilerplate=(Boilerplate(Span(800, 900), "comment form"),),
    )
    one = replace(
        one,
        reviews=(
            Review("a1", Decision.REJECTED, "Bo", "2025-05-01"),
            Review("a1", Decision.UNDONE, "Bo", "2025-05-02"),
            Review("a1", Decision.ACCEPTED, "Bo", "2025-05-02T10:00:00Z", "looked again"),
        ),
    )
    two = record(
        "two",
        attribution("a1", claims=(parse_claim("isle expressedSupportFor ferry"),)),
        attribution(
            "a2",
            200,
            form=Form.AUTHORIAL,
            kind=SpeakerKind.OUTLET_VOICE,
            speakers=(),
            utterance="",
            claims=(parse_claim("ada metWith isle"),),
        ),
        attribution(
            "a3",
            300,
            speakers=(),
            unresolved="un proche",
            basis="no name in the text",
            kind=SpeakerKind.UNNAMED,
            claims=(),
            retracted=Retraction("misread", "2025-06-01"),
            note='a "note" \\ with\nlines',
        ),
        outlet="unidentified",
        revision_of=sha("one"),
    )
    return Collection(
        records=(one, two),
        agents=(
            Agent(
                "ada",
                AgentKind.PERSON,
                (("en", "Ada Low"), ("fr", "Ada Low")),
                aliases=(("fr", "Mme Low"),),
                roles=(
                    Role(
                        (("fr", "ministre"),),
                        "isle",
                        parse_when("2024-01/.."),
                        aliases=(("fr", "cheffe"),),
                        basis="decree",
                    ),
                ),
                same_as=("https://example.org/same/ada",),
                note="a person",
            ),
            Agent("duo", AgentKind.GROUP, (("en", "The two"),), members=("ada", "isle")),
            Agent("isle", AgentKind.STATE, (("en", "The Isle"), ("fr", "L’Île"))),
        ),
        topics=(
            Topic("bridge", TopicKind.PROJECT, (("en", "bridge"),)),
            Topic(
                "ferry",
                TopicKind.EVENT,
                (("en", "ferry talks"),),
                when=parse_when("2025-04-03/2025-04-04"),
                where="port",
            ),
            Topic("port", TopicKind.PLACE, (("und", "Port"),)),
        ),
        families=(OutletFamily("press", (("und", "Press"),), "one owner"),),
        outlets=(
            Outlet(
                "gazette",
                (("und", "Gazette"),),
                "signs its pages",
                family="press",
                agent="isle",
                url="https://example.org/gazette",
                aliases=(("und", "La Gazette"),),
            ),
        ),
        sources=(
            CitedSource(
                "radio",
                SourceKind.BROADCAST,
                (("und", "Radio"),),
                publisher="isle",
                date=parse_when("2025-04-02"),
                basis="named in the text",
                url="https://example.org/radio",
            ),
        ),
        utterances=(
            Utterance(
                "u1",
                ("ada",),
                parse_when("2025-04-03"),
                "all texts say so",
                place="port",
                event="ferry",
                addressees=("isle",),
            ),
        ),
        alignments=(
            Alignment(
                "one#a1",
                "two#a1",
                Relation.VARIANT,
                Judgement.POSITIVE,
                "same day",
                "Bo",
                on="2025-05-03",
                kind=RunKind.PERSON,
            ),
            Alignment(
                "ada metWith isle",
                "isle expressedSupportFor ferry",
                Relation.CONTRADICTS,
                Judgement.POSITIVE,
                "they differ",
                "Bo",
                conflict=ConflictKind.SCOPE,
            ),
            Alignment(
                "isle expressedSupportFor ferry",
                "ada metWith isle",
                Relation.ENTAILS,
                Judgement.POSITIVE,
                "one needs the other",
                "Bo",
            ),
        ),
    )


def project(root: Path) -> Project:
    """Make a project whose records are given as values, not files."""
    sources = root / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    return Project(root, BASE, "Sample", "en", sources, root / "build", ())


def loaded(collection: Collection) -> Loaded:
    """Wrap a collection as if it had been read from files."""
    registries = {
        "registry:agents": (collection.agents,),
        "registry:topics": (collection.topics,),
        "registry:outlets": (collection.families, collection.outlets, collection.sources),
        "registry:utterances": (collection.utterances,),
        "registry:alignments": (collection.alignments,),
    }
    digests = {name: sha(repr(items)) for name, items in registries.items()}
    digests |= {f"record:{item.slug}": sha(repr(item)) for item in collection.records}
    return Loaded(collection, {}, digests, ())


def shuffled(collection: Collection, seed: int) -> Collection:
    """Give the same collection in another order."""
    chance = random.Random(seed)

    def mixed(items: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(chance.sample(items, len(items)))

    return Collection(*(mixed(getattr(collection, name)) for name in Collection.__slots__))  # type: ignore[arg-type]
