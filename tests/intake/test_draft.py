"""A record is drafted of proposals: speakers known, proposed or unresolved, each with a reason."""

from __future__ import annotations

import dataclasses

import pytest

from kg.intake.claims import known_claims, load_patterns
from kg.intake.document import Captured, capture
from kg.intake.draft import NOT_NAMED, Drafted, Known, draft_record, run_of
from kg.intake.formats.article import Article
from kg.intake.gazetteer import build_agent_index
from kg.intake.proposal import Proposal, Speaker, TextSpan
from kg.intake.slugs import make_slug, slugify
from kg.model import Agent, AgentKind, Collection, Form, Outlet, Run, RunKind, Span, SpeakerKind

TEXT = (
    "Le bac\n\n« Le bac partira », a dit Ada Lund. Selon RFI, le prix, selon elle, baissera. "
    "« Le bac partira », répète-t-on.\n"
)
AGENTS = (
    Agent("ada-lund", AgentKind.PERSON, (("fr", "Ada Lund"),)),
    Agent("tor-vik", AgentKind.PERSON, (("fr", "Tor Vik"),)),
)


def span(words: str, nth: int = 0) -> TextSpan:
    """Where some words stand in the text."""
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return TextSpan(start, start + len(words))


def captured(**fields: str) -> Captured:
    """The text as an article."""
    made = capture(Article("p", "bac", TEXT, TEXT.encode(), "plain text", "text", language="fr"))
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


def drafted(
    *proposals: Proposal,
    collection: Collection | None = None,
    with_new_agents: bool = True,
    **fields: str,
) -> Drafted:
    """The record of some proposals."""
    found = collection or Collection(agents=AGENTS)
    known = Known(
        found, build_agent_index(found.agents), load_patterns(), known_claims(found.records)
    )
    return draft_record(
        captured(**fields),
        proposals,
        known,
        slug="bac",
        runs={"rules": run_of("1", "abc"), "model": Run("model", "m", RunKind.SOFTWARE)},
        with_new_agents=with_new_agents,
    )


def said_by(name: str, kind: str = "NamedPerson", confidence: float = 0.9) -> Proposal:
    """One direct statement of somebody."""
    return Proposal(
        (span("Le bac partira"),),
        "Direct",
        "tag.marked",
        0.9,
        speaker=Speaker(None, name, "full name", confidence, kind),
    )


def test_a_known_speaker_is_the_agent() -> None:
    """By name, with the basis in words; the repeated quote is told apart by what stands beside."""
    found = drafted(said_by("Ada Lund")).record.attributions[0]

    assert found.speakers == ("ada-lund",)
    assert found.basis == "named in full beside the words; “Ada Lund” is a name in agents.yaml"
    assert (found.quotes, found.spans) == (
        ("Le bac partira",),
        (Span(*dataclasses.astuple(span("Le bac partira"))),),
    )
    assert found.suffix.startswith(" », a dit Ada Lund")
    assert (found.run, found.confidence) == ("rules", 0.9)


def test_a_full_name_not_in_the_registry_is_proposed_as_an_agent() -> None:
    """Once for all its statements, and marked as proposed."""
    found = drafted(said_by("Maëlle Tarvoz"))

    assert [(item.id, item.kind) for item in found.agents] == [("maelle-tarvoz", AgentKind.PERSON)]
    assert "proposed when bac was added" in found.agents[0].note
    assert found.record.attributions[0].speakers == ("maelle-tarvoz",)


@pytest.mark.parametrize(
    ("name", "kind", "agents"),
    [
        ("Tarvoz", "NamedPerson", []),
        ("la ministre", "RoleOnly", []),
        ("des pêcheurs", "Collective", []),
        ("le gouvernement", "Organisation", []),
        ("RFI", "NamedPerson", [("rfi", AgentKind.ORGANISATION)]),
        (
            "Amnesty International",
            "Organisation",
            [("amnesty-international", AgentKind.ORGANISATION)],
        ),
        ("Ada Lund et Tor Vik", "NamedPerson", []),
    ],
)
def test_only_proper_names_become_agents(
    name: str, kind: str, agents: list[tuple[str, AgentKind]]
) -> None:
    """A surname alone, a role, a group and a common noun stay in the text's words."""
    found = drafted(said_by(name, kind))

    assert [(item.id, item.kind) for item in found.agents] == agents


def test_two_known_people_speak_jointly() -> None:
    """Both, where both are known."""
    assert drafted(said_by("Ada Lund et Tor Vik")).record.attributions[0].speakers == (
        "ada-lund",
        "tor-vik",
    )


def test_an_unknown_speaker_stays_unresolved_with_the_reason() -> None:
    """Without new agents, and where the text names nobody."""
    one = drafted(said_by("Maëlle Tarvoz"), with_new_agents=False)
    two = drafted(dataclasses.replace(said_by(""), speaker=Speaker()))

    assert one.agents == ()
    assert one.record.attributions[0].unresolved == "Maëlle Tarvoz"
    assert one.record.attributions[0].basis.endswith("not in agents.yaml")
    assert two.record.attributions[0].unresolved == NOT_NAMED
    assert two.unresolved == 1


def test_a_cue_inside_the_words_splits_them() -> None:
    """« selon elle » is no part of what she said."""
    inside = Proposal(
        (span("le prix, selon elle, baissera"),),
        "Indirect",
        "source.after",
        0.8,
        cue=TextSpan(span("selon elle").start, span("selon elle").start + 5),
        speaker=Speaker(span("elle"), "Ada Lund", "pronoun", 0.7, "NamedPerson"),
    )

    assert drafted(inside).record.attributions[0].quotes == ("le prix", "baissera")


def test_a_relay_becomes_a_cited_source_of_this_text() -> None:
    """Two texts that name RFI may mean two reports, so each has its own."""
    relayed = dataclasses.replace(said_by("Ada Lund"), chain=("RFI", "RFI"))
    found = drafted(relayed)

    assert [(item.id, str(item.kind)) for item in found.sources] == [("rfi-in-bac", "broadcast")]
    assert found.record.attributions[0].chain == ("rfi-in-bac",)


def test_a_relay_that_is_an_outlet_of_ours_is_that_outlet() -> None:
    """And the article's own outlet relays nothing to itself."""
    outlet = Outlet("rfi", (("fr", "RFI"),), "known")
    relayed = dataclasses.replace(said_by("Ada Lund"), chain=("RFI",))
    collection = Collection(agents=AGENTS, outlets=(outlet,))

    assert drafted(relayed, collection=collection).record.attributions[0].chain == ("rfi",)
    assert drafted(relayed, collection=collection, outlet="RFI").record.attributions[0].chain == ()


def test_the_outlet_is_found_proposed_or_unidentified() -> None:
    """By id, name or alias; a new name is proposed with the basis of its name."""
    known = Collection(outlets=(Outlet("le-fanal", (("fr", "Le Fanal"),), "known"),))

    assert drafted(collection=known, outlet="le fanal").record.document.outlet == "le-fanal"
    assert drafted().record.document.outlet == "unidentified"
    new = drafted(outlet="La Vigie", outlet_basis="given", url="https://vigie.example/1/x")
    assert new.record.document.outlet == "la-vigie"
    assert new.outlets == (
        Outlet("la-vigie", (("fr", "La Vigie"),), "given", url="https://vigie.example/"),
    )


def test_every_proposal_is_kept_as_made() -> None:
    """With rule, reasons, run and the attribution in the record's own words."""
    line = drafted(said_by("Ada Lund")).lines[0]

    assert (line["attribution"], line["run"], line["rule"]) == ("a1", "rules", "tag.marked")
    assert line["proposal"]["quote"] == "Le bac partira"  # type: ignore[index]


def test_the_run_of_a_model_is_told_apart() -> None:
    """The record says which made which."""
    other = dataclasses.replace(
        said_by("Ada Lund"), content=(span("baissera"),), rule="model.Indirect", form="Indirect"
    )
    record = drafted(said_by("Ada Lund"), other).record

    assert [item.run for item in record.attributions] == ["rules", "model"]
    assert [run.id for run in record.runs] == ["rules", "model"]


def test_twins_and_empty_spans_are_left_out() -> None:
    """The same words of the same speaker once; spans that hold nothing not at all."""
    nothing = dataclasses.replace(said_by("Ada Lund"), content=(TextSpan(6, 8),))
    wild = dataclasses.replace(said_by("Ada Lund"), content=(TextSpan(50, 5000),))

    assert (
        len(drafted(said_by("Ada Lund"), said_by("Ada Lund"), nothing, wild).record.attributions)
        == 1
    )


def test_values_of_every_scheme_are_spelt_as_records_spell_them() -> None:
    """FreeIndirect is free-indirect; an authorial hedge has no speaker."""
    hedge = Proposal((span("baissera"),), "Authorial", "hedge", 0.5)
    free = dataclasses.replace(said_by("Ada Lund"), form="FreeIndirect", illocution="Commitment")

    first, second = drafted(free, hedge).record.attributions
    assert (first.form, str(first.illocution)) == (Form.FREE_INDIRECT, "commitment")
    assert (second.form, second.kind, second.speakers, second.unresolved) == (
        Form.AUTHORIAL,
        SpeakerKind.OUTLET_VOICE,
        (),
        "",
    )


@pytest.mark.parametrize(
    ("name", "title", "taken", "slug"),
    [
        ("Lavrov à Moscou", "", set(), "lavrov-a-moscou"),
        (
            "003",
            "Le bac de Corvenne ouvrira en mai prochain, enfin",
            set(),
            "le-bac-de-corvenne-ouvrira-en-mai",
        ),
        ("index", "", set(), "index"),
        ("stdin", "Мост открыт", set(), "stdin"),
        ("bac", "", {"bac", "bac-2"}, "bac-3"),
    ],
)
def test_a_record_is_named_by_its_file_or_title(
    name: str, title: str, taken: set[str], slug: str
) -> None:
    """A file name that says nothing gives way to the title; a taken name is numbered."""
    assert make_slug(name, title, taken) == slug


def test_a_long_slug_is_cut_at_a_word() -> None:
    """Never in the middle of one."""
    assert slugify("mot " * 40) == "-".join(["mot"] * 15)
