"""Every IRI this project writes or asks for, spelled once.

In: nothing. Out: string constants, one class a vocabulary, named as the vocabulary names them
(`KG.hasEvidence`, `PROV.wasGeneratedBy`; a trailing underscore where Python owns the word), and
the concept that stands for each value of a closed vocabulary.
The terms of `KG` are defined in `ontology/claim-provenance.ttl`; a test compares the two.
"""

# ruff: noqa: N815 (a term keeps the spelling of its vocabulary)

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg import model

if TYPE_CHECKING:
    from enum import StrEnum

__all__ = [
    "CONCEPTS",
    "DCTERMS",
    "EDTF",
    "KG",
    "KGP",
    "OA",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "QUALIFIERS",
    "RDF",
    "RDFS",
    "RESERVED",
    "SCHEMA",
    "SKOS",
    "XSD",
    "concept",
]

KGP: Final = "https://w3id.org/claim-provenance/predicate#"
"""The namespace of the shipped claim predicates; each is `KGP` + its name."""


class KG:
    """Our own terms."""

    NS: Final = "https://w3id.org/claim-provenance/ns#"

    # The capture
    SourceText: Final = NS + "SourceText"
    Outlet: Final = NS + "Outlet"
    UnidentifiedOutlet: Final = NS + "UnidentifiedOutlet"
    OutletFamily: Final = NS + "OutletFamily"
    CitedSource: Final = NS + "CitedSource"

    # The attribution
    Attribution: Final = NS + "Attribution"
    Hop: Final = NS + "Hop"

    # The claim and the utterance
    Claim: Final = NS + "Claim"
    ClaimPredicate: Final = NS + "ClaimPredicate"
    Utterance: Final = NS + "Utterance"

    # Agents and topics
    Agent: Final = NS + "Agent"
    State: Final = NS + "State"
    Group: Final = NS + "Group"
    Topic: Final = NS + "Topic"
    Project: Final = NS + "Project"

    # Judgement, review and making
    Alignment: Final = NS + "Alignment"
    Review: Final = NS + "Review"
    LostAttribution: Final = NS + "LostAttribution"
    OriginGroup: Final = NS + "OriginGroup"
    Run: Final = NS + "Run"

    # Properties of a source text
    charCount: Final = NS + "charCount"
    byline: Final = NS + "byline"
    outletBasis: Final = NS + "outletBasis"
    publishedEarliest: Final = NS + "publishedEarliest"
    publishedLatest: Final = NS + "publishedLatest"
    publicationBasis: Final = NS + "publicationBasis"
    eventDate: Final = NS + "eventDate"
    rawSha256: Final = NS + "rawSha256"
    extractor: Final = NS + "extractor"
    hasBoilerplate: Final = NS + "hasBoilerplate"
    boilerplateReason: Final = NS + "boilerplateReason"

    # Properties of outlets and cited sources
    identificationBasis: Final = NS + "identificationBasis"
    family: Final = NS + "family"
    agent: Final = NS + "agent"
    basis: Final = NS + "basis"
    sourceKind: Final = NS + "sourceKind"
    inCollection: Final = NS + "inCollection"

    # Properties of an attribution
    inText: Final = NS + "inText"
    hasEvidence: Final = NS + "hasEvidence"
    quote: Final = NS + "quote"
    hasCueSpan: Final = NS + "hasCueSpan"
    cue: Final = NS + "cue"
    hasMentionSpan: Final = NS + "hasMentionSpan"
    mention: Final = NS + "mention"
    speaker: Final = NS + "speaker"
    unresolvedSpeaker: Final = NS + "unresolvedSpeaker"
    resolutionBasis: Final = NS + "resolutionBasis"
    speakerKind: Final = NS + "speakerKind"
    form: Final = NS + "form"
    illocution: Final = NS + "illocution"
    polarity: Final = NS + "polarity"
    speakerModality: Final = NS + "speakerModality"
    reporterModality: Final = NS + "reporterModality"
    reporterStance: Final = NS + "reporterStance"
    roleAsStated: Final = NS + "roleAsStated"
    conveys: Final = NS + "conveys"
    reportsUtterance: Final = NS + "reportsUtterance"
    relayedFrom: Final = NS + "relayedFrom"
    hasHop: Final = NS + "hasHop"
    hopPosition: Final = NS + "hopPosition"
    through: Final = NS + "through"
    confidence: Final = NS + "confidence"
    reviewStatus: Final = NS + "reviewStatus"
    retractionReason: Final = NS + "retractionReason"

    # Properties of a claim
    entails: Final = NS + "entails"
    contradicts: Final = NS + "contradicts"
    attributed: Final = NS + "attributed"
    ownVoice: Final = NS + "ownVoice"
    originsAtLeast: Final = NS + "originsAtLeast"
    originsAtMost: Final = NS + "originsAtMost"
    about: Final = NS + "about"
    for_: Final = NS + "for"
    if_: Final = NS + "if"
    quantity: Final = NS + "quantity"
    unit: Final = NS + "unit"
    via: Final = NS + "via"
    when: Final = NS + "when"
    where: Final = NS + "where"
    with_: Final = NS + "with"

    # Properties of an utterance
    utteredBy: Final = NS + "utteredBy"
    utteranceDate: Final = NS + "utteranceDate"
    dateBasis: Final = NS + "dateBasis"
    atEvent: Final = NS + "atEvent"
    addressee: Final = NS + "addressee"
    earliest: Final = NS + "earliest"
    latest: Final = NS + "latest"

    # Properties of roles and topics
    post: Final = NS + "post"
    held: Final = NS + "held"
    roleBasis: Final = NS + "roleBasis"
    topicDate: Final = NS + "topicDate"

    # Properties of alignments, reviews and runs
    left: Final = NS + "left"
    right: Final = NS + "right"
    relation: Final = NS + "relation"
    judgement: Final = NS + "judgement"
    judgedBy: Final = NS + "judgedBy"
    judgeKind: Final = NS + "judgeKind"
    conflictKind: Final = NS + "conflictKind"
    reviews: Final = NS + "reviews"
    decision: Final = NS + "decision"
    reviewer: Final = NS + "reviewer"
    reviewerKind: Final = NS + "reviewerKind"
    version: Final = NS + "version"
    ruleset: Final = NS + "ruleset"

    # Properties of claim predicates
    ordered: Final = NS + "ordered"
    lexicalPattern: Final = NS + "lexicalPattern"

    # Forms of reported speech
    FormScheme: Final = NS + "FormScheme"
    Direct: Final = NS + "Direct"
    UnmarkedDirect: Final = NS + "UnmarkedDirect"
    Mixed: Final = NS + "Mixed"
    Indirect: Final = NS + "Indirect"
    FreeIndirect: Final = NS + "FreeIndirect"
    ScareQuote: Final = NS + "ScareQuote"
    Authorial: Final = NS + "Authorial"

    # Illocutions
    IllocutionScheme: Final = NS + "IllocutionScheme"
    Assertion: Final = NS + "Assertion"
    Commitment: Final = NS + "Commitment"
    Request: Final = NS + "Request"
    Invitation: Final = NS + "Invitation"
    Expectation: Final = NS + "Expectation"
    Evaluation: Final = NS + "Evaluation"
    Question: Final = NS + "Question"
    Denial: Final = NS + "Denial"
    Announcement: Final = NS + "Announcement"

    # Modalities
    ModalityScheme: Final = NS + "ModalityScheme"
    Certain: Final = NS + "Certain"
    Probable: Final = NS + "Probable"
    Possible: Final = NS + "Possible"
    Conditional: Final = NS + "Conditional"
    Planned: Final = NS + "Planned"
    Hearsay: Final = NS + "Hearsay"

    # Reporter stances
    StanceScheme: Final = NS + "StanceScheme"
    Neutral: Final = NS + "Neutral"
    Emphatic: Final = NS + "Emphatic"
    Approving: Final = NS + "Approving"
    Distancing: Final = NS + "Distancing"

    # Polarities
    PolarityScheme: Final = NS + "PolarityScheme"
    Affirmed: Final = NS + "Affirmed"
    Denied: Final = NS + "Denied"

    # Kinds of speaker
    SpeakerKindScheme: Final = NS + "SpeakerKindScheme"
    NamedPersonSpeaker: Final = NS + "NamedPersonSpeaker"
    RoleOnlySpeaker: Final = NS + "RoleOnlySpeaker"
    CollectiveSpeaker: Final = NS + "CollectiveSpeaker"
    StateSpeaker: Final = NS + "StateSpeaker"
    OrganisationSpeaker: Final = NS + "OrganisationSpeaker"
    OutletVoiceSpeaker: Final = NS + "OutletVoiceSpeaker"
    UnnamedSpeaker: Final = NS + "UnnamedSpeaker"

    # Relations between aligned things
    AlignmentRelationScheme: Final = NS + "AlignmentRelationScheme"
    SameUtterance: Final = NS + "SameUtterance"
    VariantOfSameUtterance: Final = NS + "VariantOfSameUtterance"
    PartOverlap: Final = NS + "PartOverlap"
    SameClaim: Final = NS + "SameClaim"
    Echoes: Final = NS + "Echoes"
    Entails: Final = NS + "Entails"
    Contradicts: Final = NS + "Contradicts"
    Unrelated: Final = NS + "Unrelated"

    # Kinds of conflict
    ConflictKindScheme: Final = NS + "ConflictKindScheme"
    PolarityConflict: Final = NS + "PolarityConflict"
    DateConflict: Final = NS + "DateConflict"
    NumberConflict: Final = NS + "NumberConflict"
    RoleConflict: Final = NS + "RoleConflict"
    PlaceConflict: Final = NS + "PlaceConflict"
    ScopeConflict: Final = NS + "ScopeConflict"
    SupersededConflict: Final = NS + "SupersededConflict"

    # Judgements
    JudgementScheme: Final = NS + "JudgementScheme"
    Positive: Final = NS + "Positive"
    Negative: Final = NS + "Negative"
    Unsure: Final = NS + "Unsure"

    # Review decisions and states
    ReviewScheme: Final = NS + "ReviewScheme"
    MachineOnly: Final = NS + "MachineOnly"
    Unreviewed: Final = NS + "Unreviewed"
    Accepted: Final = NS + "Accepted"
    Edited: Final = NS + "Edited"
    Rejected: Final = NS + "Rejected"
    Skipped: Final = NS + "Skipped"
    Undone: Final = NS + "Undone"


class RDF:
    """RDF 1.1, with the one term of RDF 1.2 that an export needs."""

    NS: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    type: Final = NS + "type"
    Statement: Final = NS + "Statement"
    subject: Final = NS + "subject"
    predicate: Final = NS + "predicate"
    object: Final = NS + "object"
    langString: Final = NS + "langString"
    reifies: Final = NS + "reifies"


class RDFS:
    """RDF Schema."""

    NS: Final = "http://www.w3.org/2000/01/rdf-schema#"
    label: Final = NS + "label"
    comment: Final = NS + "comment"
    domain: Final = NS + "domain"
    range: Final = NS + "range"


class OWL:
    """OWL 2, as far as claim predicates are described with it."""

    NS: Final = "http://www.w3.org/2002/07/owl#"
    FunctionalProperty: Final = NS + "FunctionalProperty"
    SymmetricProperty: Final = NS + "SymmetricProperty"
    ObjectProperty: Final = NS + "ObjectProperty"
    DatatypeProperty: Final = NS + "DatatypeProperty"
    inverseOf: Final = NS + "inverseOf"
    propertyDisjointWith: Final = NS + "propertyDisjointWith"


class XSD:
    """XML Schema datatypes."""

    NS: Final = "http://www.w3.org/2001/XMLSchema#"
    string: Final = NS + "string"
    boolean: Final = NS + "boolean"
    integer: Final = NS + "integer"
    decimal: Final = NS + "decimal"
    double: Final = NS + "double"
    date: Final = NS + "date"
    dateTime: Final = NS + "dateTime"


class PROV:
    """PROV-O."""

    NS: Final = "http://www.w3.org/ns/prov#"
    Bundle: Final = NS + "Bundle"
    Activity: Final = NS + "Activity"
    SoftwareAgent: Final = NS + "SoftwareAgent"
    Person: Final = NS + "Person"
    wasGeneratedBy: Final = NS + "wasGeneratedBy"
    wasAssociatedWith: Final = NS + "wasAssociatedWith"
    used: Final = NS + "used"
    wasRevisionOf: Final = NS + "wasRevisionOf"
    invalidatedAtTime: Final = NS + "invalidatedAtTime"
    atLocation: Final = NS + "atLocation"
    hadMember: Final = NS + "hadMember"


class OA:
    """Web Annotation."""

    NS: Final = "http://www.w3.org/ns/oa#"
    SpecificResource: Final = NS + "SpecificResource"
    TextPositionSelector: Final = NS + "TextPositionSelector"
    TextQuoteSelector: Final = NS + "TextQuoteSelector"
    hasSource: Final = NS + "hasSource"
    hasSelector: Final = NS + "hasSelector"
    start: Final = NS + "start"
    end: Final = NS + "end"
    exact: Final = NS + "exact"
    prefix: Final = NS + "prefix"
    suffix: Final = NS + "suffix"


class SCHEMA:
    """schema.org, always https."""

    NS: Final = "https://schema.org/"
    NewsArticle: Final = NS + "NewsArticle"
    NewsMediaOrganization: Final = NS + "NewsMediaOrganization"
    Person: Final = NS + "Person"
    Organization: Final = NS + "Organization"
    Event: Final = NS + "Event"
    Place: Final = NS + "Place"
    CreativeWork: Final = NS + "CreativeWork"
    sha256: Final = NS + "sha256"
    publisher: Final = NS + "publisher"
    datePublished: Final = NS + "datePublished"
    url: Final = NS + "url"
    sameAs: Final = NS + "sameAs"


class DCTERMS:
    """Dublin Core terms."""

    NS: Final = "http://purl.org/dc/terms/"
    identifier: Final = NS + "identifier"
    language: Final = NS + "language"
    title: Final = NS + "title"
    date: Final = NS + "date"


class SKOS:
    """SKOS."""

    NS: Final = "http://www.w3.org/2004/02/skos/core#"
    Concept: Final = NS + "Concept"
    ConceptScheme: Final = NS + "ConceptScheme"
    altLabel: Final = NS + "altLabel"
    prefLabel: Final = NS + "prefLabel"
    inScheme: Final = NS + "inScheme"


class ORG:
    """The Organization Ontology."""

    NS: Final = "http://www.w3.org/ns/org#"
    Membership: Final = NS + "Membership"
    member: Final = NS + "member"
    organization: Final = NS + "organization"
    hasMember: Final = NS + "hasMember"


class EDTF:
    """Extended Date/Time Format (ISO 8601-2), as a datatype of the Library of Congress."""

    NS: Final = "http://id.loc.gov/datatypes/edtf/"
    EDTF: Final = NS + "EDTF"


PREFIXES: Final[dict[str, str]] = {
    "dcterms": DCTERMS.NS,
    "edtf": EDTF.NS,
    "kg": KG.NS,
    "kgp": KGP,
    "oa": OA.NS,
    "org": ORG.NS,
    "prov": PROV.NS,
    "rdf": RDF.NS,
    "rdfs": RDFS.NS,
    "schema": SCHEMA.NS,
    "skos": SKOS.NS,
    "xsd": XSD.NS,
}
"""The prefixes of every file we write, sorted."""

QUALIFIERS: Final[dict[str, str]] = {key: KG.NS + key for key in model.QUALIFIER_KEYS}
"""Qualifier key → property."""

RESERVED: Final = frozenset(
    {
        KG.OriginGroup,
        KG.originsAtLeast,
        KG.originsAtMost,
        KG.LostAttribution,
        KG.attributed,
        KG.ownVoice,
        KG.lexicalPattern,
    }
)
"""Terms that the ontology defines and no record brings about: the readings do, or later ones."""


def _camel(value: str) -> str:
    return "".join(part.capitalize() for part in value.split("-"))


def _concepts(kind: type[StrEnum], suffix: str = "") -> dict[str, str]:
    return {str(member): KG.NS + _camel(member) + suffix for member in kind}


CONCEPTS: Final[dict[type[StrEnum], dict[str, str]]] = {
    model.Form: _concepts(model.Form),
    model.Illocution: _concepts(model.Illocution),
    model.Modality: _concepts(model.Modality),
    model.Stance: _concepts(model.Stance),
    model.Polarity: _concepts(model.Polarity),
    model.SpeakerKind: _concepts(model.SpeakerKind, "Speaker"),
    model.Relation: _concepts(model.Relation)
    | {str(model.Relation.VARIANT): KG.VariantOfSameUtterance},
    model.ConflictKind: _concepts(model.ConflictKind, "Conflict"),
    model.Judgement: _concepts(model.Judgement),
    model.Decision: _concepts(model.Decision),
}
"""The concept that stands for each value of each closed vocabulary."""


def concept(member: StrEnum) -> str:
    """Give the IRI of the concept that stands for a value of a closed vocabulary.

    >>> concept(model.Form.FREE_INDIRECT)
    'https://w3id.org/claim-provenance/ns#FreeIndirect'
    """
    return CONCEPTS[type(member)][member]
