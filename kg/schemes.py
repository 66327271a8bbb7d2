"""The closed vocabularies of claim provenance, each a set of words (SKOS schemes in the ontology).

In: nothing. Out: one `StrEnum` per scheme; its values are the words that records use.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "AgentKind",
    "ConflictKind",
    "Decision",
    "Form",
    "Illocution",
    "Judgement",
    "Level",
    "Modality",
    "Polarity",
    "Relation",
    "RunKind",
    "SourceKind",
    "SpeakerKind",
    "Stance",
    "TopicKind",
]


class Level(StrEnum):
    """How bad a finding is; errors fail a check, warnings and notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Form(StrEnum):
    """How a text carries a speaker's words (`kg:FormScheme`)."""

    DIRECT = "direct"
    UNMARKED_DIRECT = "unmarked-direct"
    MIXED = "mixed"
    INDIRECT = "indirect"
    FREE_INDIRECT = "free-indirect"
    SCARE_QUOTE = "scare-quote"
    AUTHORIAL = "authorial"


class Illocution(StrEnum):
    """What the speaker does by speaking, after Searle (`kg:IllocutionScheme`)."""

    ASSERTION = "assertion"
    COMMITMENT = "commitment"
    REQUEST = "request"
    INVITATION = "invitation"
    EXPECTATION = "expectation"
    EVALUATION = "evaluation"
    QUESTION = "question"
    DENIAL = "denial"
    ANNOUNCEMENT = "announcement"


class Modality(StrEnum):
    """How certain the content is put; kept twice, for the speaker and for the reporter."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    CONDITIONAL = "conditional"
    PLANNED = "planned"
    HEARSAY = "hearsay"


class Stance(StrEnum):
    """What the reporter's cue says of the reporter's own distance to the words."""

    NEUTRAL = "neutral"
    EMPHATIC = "emphatic"
    APPROVING = "approving"
    DISTANCING = "distancing"


class Polarity(StrEnum):
    """Whether the speaker affirms the claim or denies it."""

    AFFIRMED = "affirmed"
    DENIED = "denied"


class SpeakerKind(StrEnum):
    """How the text presents its speaker."""

    NAMED_PERSON = "named-person"
    ROLE_ONLY = "role-only"
    COLLECTIVE = "collective"
    STATE = "state"
    ORGANISATION = "organisation"
    OUTLET_VOICE = "outlet-voice"
    UNNAMED = "unnamed"


class AgentKind(StrEnum):
    """What an agent is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    STATE = "state"
    GROUP = "group"


class TopicKind(StrEnum):
    """What a topic is: something claims speak about that cannot itself speak."""

    EVENT = "event"
    PROJECT = "project"
    PLACE = "place"
    CONCEPT = "concept"
    WORK = "work"


class SourceKind(StrEnum):
    """What a cited source is."""

    ARTICLE = "article"
    COMMUNIQUE = "communique"
    BROADCAST = "broadcast"
    AGENCY = "agency"
    POST = "post"
    PAPER = "paper"


class RunKind(StrEnum):
    """Who made an attribution: a program or a person (`prov:SoftwareAgent`, `prov:Person`)."""

    SOFTWARE = "software"
    PERSON = "person"


class Relation(StrEnum):
    """What an alignment says of its two sides (`kg:AlignmentRelationScheme`)."""

    SAME_UTTERANCE = "same-utterance"
    VARIANT = "variant-of-same-utterance"
    PART_OVERLAP = "part-overlap"
    SAME_CLAIM = "same-claim"
    ENTAILS = "entails"
    CONTRADICTS = "contradicts"
    ECHOES = "echoes"
    UNRELATED = "unrelated"


class ConflictKind(StrEnum):
    """In what two claims that cannot both hold differ (`kg:ConflictKindScheme`)."""

    POLARITY = "polarity"
    DATE = "date"
    NUMBER = "number"
    ROLE = "role"
    PLACE = "place"
    SCOPE = "scope"
    SUPERSEDED = "superseded"


class Judgement(StrEnum):
    """Whether the author of an alignment holds it to be so."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNSURE = "unsure"


class Decision(StrEnum):
    """What a reviewer decided of one attribution or proposal."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"
    SKIPPED = "skipped"
    UNDONE = "undone"
