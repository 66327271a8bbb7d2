"""What a word can be to the rules: one bit per closed class that a language file may fill.

In and out: integers. The rules ask for bits, never for words.
"""

from __future__ import annotations

CAP = 1 << 0
"""Begins with a capital letter."""
DET = 1 << 1
PRON = 1 << 2
"""Personal pronoun that can be a subject."""
REL = 1 << 3
"""Opens a relative clause."""
PREP = 1 << 4
LINK = 1 << 5
"""Preposition that binds nouns into one phrase (de, of)."""
COORD = 1 << 6
SUB = 1 << 7
"""Opens a subordinate clause (alors que, because)."""
NEG = 1 << 8
ADV = 1 << 9
"""Adverb that may stand inside a verb group."""
AUX = 1 << 10
BE = 1 << 11
COMP = 1 << 12
"""Complementizer (que, that)."""
TIME = 1 << 13
TITLE = 1 << 14
ROLE = 1 << 15
"""Noun for a person by function (ministre, spokesman)."""
CLITIC = 1 << 16
INVERTED = 1 << 17
"""Pronoun split off its verb (-t-il)."""
NUMBER = 1 << 18
PUNCT = 1 << 19
QUOTE = 1 << 20
VERB = 1 << 21
"""Common finite verb: a clause, not a noun phrase."""
GROUP = 1 << 22
"""Noun for a body that can speak (gouvernement, police)."""
FIRST = 1 << 23
"""First person."""
SOURCE = 1 << 24
"""Noun for a text or a voice that can carry a statement (communiqué, report, source)."""
PLURAL = 1 << 25
MASC = 1 << 26
FEM = 1 << 27
COND = 1 << 28
"""Conditional or hearsay form of an auxiliary or modal."""
POSS = 1 << 29
MODAL = 1 << 30
CONNECT = 1 << 31
"""Discourse connective that may open a sentence (mais, however)."""
LIGHT = 1 << 32
"""Auxiliary of the reflexive or passive, not of a plain past (être)."""
PERSON_NOUN = 1 << 33
"""Noun for a person without a function (homme, habitante)."""

NAMES = {
    "determiner": DET,
    "pronoun": PRON,
    "relative": REL,
    "preposition": PREP,
    "link": LINK,
    "coordinator": COORD,
    "subordinator": SUB,
    "negation": NEG,
    "adverb": ADV,
    "auxiliary": AUX,
    "be": BE,
    "complementizer": COMP,
    "time": TIME,
    "title": TITLE,
    "role": ROLE,
    "clitic": CLITIC,
    "verb": VERB,
    "group": GROUP,
    "first_person": FIRST,
    "source": SOURCE,
    "plural": PLURAL,
    "masculine": MASC,
    "feminine": FEM,
    "conditional": COND,
    "possessive": POSS,
    "modal": MODAL,
    "connective": CONNECT,
    "person": PERSON_NOUN,
}
"""The word classes a language file may fill, by the key it uses."""
