"""The nouns of claim provenance: frozen values, their closed vocabularies and their content ids.

In: nothing but the standard library. Out: types every other room shares.
Reads no file, knows no RDF and no syntax: `kg.records` reads and writes these values,
`kg.graph` turns them into triples.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.dates import When, parse_when
from kg.schemes import (
    AgentKind,
    ConflictKind,
    Decision,
    Form,
    Illocution,
    Judgement,
    Level,
    Modality,
    Polarity,
    Relation,
    RunKind,
    SourceKind,
    SpeakerKind,
    Stance,
    TopicKind,
)

__all__ = [
    "OUTLET_VOICE",
    "QUALIFIER_KEYS",
    "UNIDENTIFIED",
    "Agent",
    "AgentKind",
    "Alignment",
    "Attribution",
    "Boilerplate",
    "CitedSource",
    "Claim",
    "Collection",
    "ConflictKind",
    "Decision",
    "Document",
    "Finding",
    "Form",
    "Illocution",
    "Judgement",
    "Level",
    "Modality",
    "Outlet",
    "OutletFamily",
    "Polarity",
    "Qualifier",
    "Record",
    "Relation",
    "Retraction",
    "Review",
    "Role",
    "Run",
    "RunKind",
    "SourceKind",
    "Span",
    "SpeakerKind",
    "Stance",
    "Text",
    "Topic",
    "TopicKind",
    "Utterance",
    "When",
    "content_id",
    "parse_claim",
    "parse_when",
]

UNIDENTIFIED = "unidentified"
"""The outlet id of a document whose outlet is not known; each such document gets one of its own."""

OUTLET_VOICE = "outlet-voice"
"""The speaker kind of every authorial attribution."""

Text = tuple[tuple[str, str], ...]
"""A label per language, sorted: (("en", "Mali"), ("fr", "Mali")); "und" is no language."""


class Span(NamedTuple):
    """Half-open code-point offsets on the captured text."""

    start: int
    end: int


def content_id(kind: str, *fields: str) -> str:
    """Name a thing by its content: 16 hex digits of SHA-256 over kind and fields.

    The fields are joined by the unit separator U+001F after the kind, in UTF-8. Equal content
    gives equal ids on every machine; there is no counter and no clock.

    >>> content_id("claim", "russia", "firstToRecognise", "aes", "")
    '6af318e8900f729f'
    """
    packed = "\x1f".join((kind, *fields)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(packed).hexdigest()[:16]


class Qualifier(NamedTuple):
    """One circumstance of a claim, part of its identity, such as when or where."""

    key: str
    value: str


QUALIFIER_KEYS = ("about", "for", "if", "quantity", "unit", "via", "when", "where", "with")
"""The keys a claim may be qualified by, sorted; if, quantity, unit and when take no id."""


class Claim(NamedTuple):
    """One proposition: subject id, predicate name, object (an id, or a literal in quotes).

    The type, not the token: all attributions that convey the same proposition share one claim.
    Its one-line form is what records hold: `russia metWith aes [when=2024-11, where=sochi]`.
    """

    subject: str
    predicate: str
    object: str
    qualifiers: tuple[Qualifier, ...] = ()

    @property
    def id(self) -> str:
        """The content id over subject, predicate, object and sorted qualifiers."""
        marks = ",".join(f"{key}={value}" for key, value in self.qualifiers)
        return content_id("claim", self.subject, self.predicate, self.object, marks)

    @property
    def is_literal(self) -> bool:
        """Whether the object is a literal rather than the id of an entity."""
        return self.object.startswith('"')

    @property
    def literal(self) -> str:
        """The literal's characters, without its quotes; the object itself when it is an id."""
        return self.object[1:-1] if self.is_literal else self.object

    @property
    def line(self) -> str:
        """The one-line form; `parse_claim(claim.line) == claim`."""
        base = f"{self.subject} {self.predicate} {self.object}"
        if not self.qualifiers:
            return base
        return f"{base} [{', '.join(f'{key}={value}' for key, value in self.qualifiers)}]"


_CLAIM = re.compile(
    r'^(?P<s>[a-z0-9][a-z0-9-]*) (?P<p>[a-z][A-Za-z0-9]*) (?P<o>[a-z0-9][a-z0-9-]*|"[^"\[\]]*")'
    r"(?: \[(?P<q>[^\[\]]*)\])?$",
)


def parse_claim(text: str) -> Claim:
    """Read the one-line form of a claim.

    Raises:
        ValueError: with what is wrong and the form wanted.

    >>> parse_claim("russia metWith aes [where=sochi, when=2024-11]").qualifiers
    (Qualifier(key='when', value='2024-11'), Qualifier(key='where', value='sochi'))
    """
    match = _CLAIM.match(text.strip())
    if match is None:
        raise ValueError(
            f"claim '{text}' is not of the form  subject predicate object [key=value, …]  "
            '(ids are lower case with hyphens; a literal object stands in "double quotes")'
        )
    qualifiers: list[Qualifier] = []
    for part in (match["q"] or "").split(","):
        if not part.strip():
            continue
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value or key not in QUALIFIER_KEYS:
            raise ValueError(
                f"qualifier '{part.strip()}' of claim '{text}' must be key=value with a key of: "
                + ", ".join(QUALIFIER_KEYS)
            )
        if key == "when":
            parse_when(value)
        qualifiers.append(Qualifier(key, value))
    if len({key for key, _ in qualifiers}) != len(qualifiers):
        raise ValueError(f"claim '{text}' gives one qualifier twice")
    return Claim(match["s"], match["p"], match["o"], tuple(sorted(qualifiers)))


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A fault in the data, as a value: sorted by place, printed as one line.

    `path` is relative to the project folder; `line` counts from 1, 0 means the whole file.
    `subject` is the id the finding is about, "" where there is none.
    """

    path: str
    line: int
    level: Level
    code: str
    message: str
    subject: str = ""

    def __str__(self) -> str:
        """Give `path:line: level code: message`, as compilers do."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.level} {self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A stretch of a document that is no article text: a menu, an advert, a comment form."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """One captured article text: exact bytes by hash, and what is known of its publication."""

    sha256: str
    characters: int
    language: str
    title: str
    outlet: str
    byline: str = ""
    outlet_basis: str = ""
    published: When | None = None
    published_basis: str = ""
    event: When | None = None
    url: str = ""
    raw_sha256: str = ""
    extractor: str = ""
    revision_of: str = ""
    boilerplate: tuple[Boilerplate, ...] = ()

    @property
    def id(self) -> str:
        """The first 16 digits of the text's SHA-256."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Run:
    """One act of making attributions: who or what did it, in which version, by which rules."""

    id: str
    agent: str
    kind: RunKind
    version: str = ""
    ruleset: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retraction:
    """Why and when an attribution was withdrawn; it stays in the record, hidden by default."""

    reason: str
    on: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """One text saying that an agent said something: the token that carries all provenance.

    `id` is the record's own short name for it; `key(document)` is its content id.
    `speakers` holds agent ids (several speak jointly); it is empty for the outlet's own voice
    and where `unresolved` gives the text's words for a speaker nobody could identify.
    `quotes` and `spans` are parallel: more than one when a cue splits the words;
    `spans` is empty until the quotes are anchored.
    `chain` names what stands between speaker and text, nearest to the text first: cited sources,
    outlets, or attributions as `slug#id`.
    """

    id: str
    form: Form
    quotes: tuple[str, ...]
    spans: tuple[Span, ...]
    speakers: tuple[str, ...] = ()
    unresolved: str = ""
    basis: str = ""
    kind: SpeakerKind = SpeakerKind.NAMED_PERSON
    mention: str = ""
    mention_span: Span | None = None
    role: str = ""
    cue: str = ""
    cue_span: Span | None = None
    illocution: Illocution = Illocution.ASSERTION
    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.CERTAIN
    reporter_modality: Modality = Modality.CERTAIN
    stance: Stance = Stance.NEUTRAL
    utterance: str = ""
    chain: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    claims: tuple[Claim, ...] = ()
    run: str = ""
    confidence: float | None = None
    retracted: Retraction | None = None
    note: str = ""

    def key(self, document: Document) -> str:
        """Name the attribution by content: document hash, spans (or quotes), speakers, chain."""
        places = ";".join(f"{start}-{end}" for start, end in self.spans) or "|".join(self.quotes)
        speaker = "+".join(self.speakers) or self.unresolved or self.form
        return content_id("attribution", document.sha256, places, speaker, ">".join(self.chain))


@dataclass(frozen=True, slots=True)
class Review:
    """One decision of one reviewer on one attribution or proposal; never edited, only added to."""

    attribution: str
    decision: Decision
    by: str
    on: str
    note: str = ""
    kind: RunKind = RunKind.PERSON


@dataclass(frozen=True, slots=True)
class Record:
    """All that one record file holds of one document; the truth everything else is rebuilt from."""

    slug: str
    document: Document
    attributions: tuple[Attribution, ...] = ()
    runs: tuple[Run, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A post held in an organisation over an interval (`org:Membership`)."""

    post: Text
    organisation: str
    held: When | None = None
    aliases: Text = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person, organisation, state or group that can speak."""

    id: str
    kind: AgentKind
    name: Text
    aliases: Text = ()
    roles: tuple[Role, ...] = ()
    members: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something claims speak about that cannot itself speak: an event, a project, a place."""

    id: str
    kind: TopicKind
    name: Text
    aliases: Text = ()
    when: When | None = None
    where: str = ""
    same_as: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutletFamily:
    """Outlets under one publisher: they count once as origins."""

    id: str
    name: Text
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes documents, and how that was identified."""

    id: str
    name: Text
    basis: str
    family: str = ""
    agent: str = ""
    url: str = ""
    aliases: Text = ()


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A medium or paper named in a text but not in the collection."""

    id: str
    kind: SourceKind
    name: Text
    publisher: str = ""
    date: When | None = None
    basis: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """The speech act that several attributions report."""

    id: str
    speakers: tuple[str, ...]
    date: When | None = None
    basis: str = ""
    place: str = ""
    event: str = ""
    addressees: tuple[str, ...] = ()
    name: Text = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """A judged link between two attributions (`slug#id`) or two claims (one-line form).

    An echo stands between an attribution, left, and the cited source it has its words from without
    a credit, right.
    """

    left: str
    right: str
    relation: Relation
    judgement: Judgement
    basis: str
    by: str
    on: str = ""
    conflict: ConflictKind | None = None
    kind: RunKind = RunKind.SOFTWARE

    @property
    def id(self) -> str:
        """The content id over both sides, relation, judgement and author."""
        return content_id(
            "alignment", self.left, self.right, self.relation, self.judgement, self.by
        )

    @property
    def of_claims(self) -> bool:
        """Whether the two sides are claims rather than attributions."""
        return "#" not in self.left


@dataclass(frozen=True, slots=True)
class Collection:
    """Every record and registry of one project, each part sorted by id."""

    records: tuple[Record, ...] = ()
    agents: tuple[Agent, ...] = ()
    topics: tuple[Topic, ...] = ()
    families: tuple[OutletFamily, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    sources: tuple[CitedSource, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    alignments: tuple[Alignment, ...] = field(default=())
