"""Records and registries are read strictly: every fault has its file and line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from kg.errors import RecordError
from kg.model import Level, Span
from kg.project import Project
from kg.records import Loaded, load_collection
from kg.records.encode import encode_record
from kg.records.settled import Outline, Settled, outline_of, plain_items
from tests.records.conftest import AGENTS, OUTLETS, RECORD, SHA

Make = Callable[..., Project]


def codes(project: Project) -> dict[str, int]:
    """Each finding's code and line."""
    return {finding.code: finding.line for finding in load_collection(project).findings}


def test_a_good_project_loads_with_only_its_unanchored_quotes_found(make_project: Make) -> None:
    """Quotes typed without a place are the only thing to say of the sample."""
    loaded = load_collection(make_project())

    assert {finding.code for finding in loaded.findings} == {"not-anchored"}
    assert [record.slug for record in loaded.collection.records] == ["pont"]
    assert loaded.locations["pont#a2"].line == 20


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("speaker: mara-velin\n    cue", "speaker: mara-vellin\n    cue", "unknown-speaker", 13),
        ("    cue: a dit", "    queue: a dit", "unknown-key", 15),
        ("form: indirect", "form: indirekt", "unknown-word", 16),
        ("    speaker: mara-velin\n    cue", "    cue", "missing-speaker", 13),
        ("outlet: gazette", "outlet: gazete", "unknown-outlet", 1),
        ("id: a2", "id: a1", "duplicate-id", 20),
        (f"sha256: {SHA}", "sha256: abc", "bad-hash", 3),
        ("language: fr", "language: français", "bad-language", 5),
        ('pont opensOn "lundi"', "pont opensOn", "bad-claim", 19),
        ('pont opensOn "lundi"', "bridge opensOn lundi", "unknown-claims", 13),
        ("form: direct", "form: direct\n    at: [5, 2]", "bad-offsets", 23),
        ("form: direct", "form: direct\n    at: [5, 9]", "unfit-offsets", 23),
        ("form: direct", "form: authorial", "authorial-speaker", 21),
        ("form: direct", "form: direct\n    chain: [agence]", "unknown-chain", 20),
        ("form: direct", "form: direct\n    chain: ['pont#a2']", "relay-loop", 20),
        ("form: direct", "form: direct\n    run: other", "unknown-run", 20),
        ("form: direct", "form: direct\n    form: mixed", "duplicate-key", 23),
        ("form: direct", "form: direct\n    utterance: talk", "unknown-utterance", 20),
        ("  title: Le pont", "  title: Le pont\n  published: demain", "bad-date", 7),
        ("  title: Le pont", "  title: [Le pont", "bad-yaml", 7),
        ("  title: Le pont", "  title: &x Le pont\n  byline: *x", "alias", 6),
    ],
)
def test_a_fault_is_found_with_its_line(
    make_project: Make, old: str, new: str, code: str, line: int
) -> None:
    """Each way of spoiling the record gives its own code at the line a person must mend."""
    assert old in RECORD

    found = codes(make_project(RECORD.replace(old, new, 1)))

    assert found.get(code) == line


def test_all_faults_are_reported_together(make_project: Make) -> None:
    """One run names every fault, not the first."""
    spoilt = RECORD.replace("form: indirect", "form: x").replace("language: fr", "language: ")

    assert {"unknown-word", "missing"} <= codes(make_project(spoilt)).keys()


def test_faults_name_what_was_probably_meant(make_project: Make) -> None:
    """The nearest known id is offered."""
    loaded = load_collection(make_project(RECORD.replace("mara-velin", "mara-vellin", 1)))
    messages = [item.message for item in loaded.findings if item.code == "unknown-speaker"]

    assert messages == [
        (
            "`speaker: mara-vellin` is not in agents.yaml (did you mean `mara-velin`?); "
            "add it there or correct it"
        )
    ]


def test_a_record_that_is_not_utf8_is_one_finding(make_project: Make) -> None:
    """The line and byte are told, and the other files are still read."""
    project = make_project(
        **{"sources/pont/record.yaml": RECORD.encode().replace(b"Le pont est", b"\xff est")}
    )

    assert "not-utf8" in codes(project)


def test_a_record_of_50_megabytes_is_refused_unread(make_project: Make) -> None:
    """A huge record is one finding that points to JSON Lines."""
    project = make_project(RECORD + "# " + "x" * 50_000_000)
    (finding,) = load_collection(project).findings

    assert finding.code == "too-large"
    assert "JSON Lines" in finding.message


def test_two_records_of_one_text_are_found(make_project: Make) -> None:
    """The same SHA-256 in two folders is an error at the second."""
    project = make_project(**{"sources/zweit/record.yaml": RECORD})
    found = [
        item for item in load_collection(project).findings if item.code == "two-records-one-text"
    ]

    assert [item.path for item in found] == ["sources/zweit/record.yaml"]


def test_one_id_in_two_registries_is_found(make_project: Make) -> None:
    """Ids are unique across agents, topics, outlets and sources, since claims name them barely."""
    project = make_project(**{"sources/agents.yaml": AGENTS.replace("id: ponts", "id: pont")})

    assert "duplicate-id" in codes(project)


def test_alignments_are_checked_against_records(make_project: Make) -> None:
    """A side that is not there, a self-link and a pair judged both ways are each told."""
    alignments = """\
alignments:
  - {left: "pont#a1", right: "pont#a9", relation: entails, judgement: positive, basis: b, by: me}
  - {left: "pont#a1", right: "pont#a1", relation: entails, judgement: positive, basis: b, by: me}
  - {left: "pont#a1", right: "pont#a2", relation: entails, judgement: positive, basis: b, by: me}
  - {left: "pont#a1", right: "pont#a2", relation: entails, judgement: negative, basis: b, by: me}
"""
    found = codes(make_project(**{"sources/alignments.yaml": alignments}))

    assert {"unknown-side": 2, "self-alignment": 3}.items() <= found.items()
    assert found["judged-both-ways"] in {4, 5}


def test_a_bulk_line_says_the_same_as_the_folder(make_project: Make) -> None:
    """JSON Lines and YAML hold one model."""
    project = make_project()
    (record,) = load_collection(project).collection.records
    line = json.dumps(encode_record(record, with_slug=True), ensure_ascii=False)
    (project.sources / "pont" / "record.yaml").unlink()
    (project.sources / "all.records.jsonl").write_text(line + "\n", encoding="utf-8")
    loaded = load_collection(project)

    assert loaded.collection.records == (record,)
    assert loaded.locations["pont#a1"] == ("sources/all.records.jsonl", 1)


def test_a_bulk_file_names_the_line_that_is_wrong(make_project: Make) -> None:
    """A line that is no JSON is one finding at its number; the rest is read."""
    project = make_project(**{"sources/all.records.jsonl": '\n{"slug": \n{"slug": "x"}\n'})
    found = codes(project)

    assert found["bad-json"] == 2
    assert found["missing"] == 3


def settle(loaded: Loaded) -> Settled:
    """What a build keeps of a load."""
    outlines = {owner: Outline(digest) for owner, digest in loaded.digests.items()}
    for record in loaded.collection.records:
        owner = f"record:{record.slug}"
        outlines[owner] = outline_of(record, loaded.digests[owner])
    return Settled(outlines, plain_items(loaded.collection, loaded.locations))


def bulk_project(make_project: Make, count: int = 6, **files: str) -> Project:
    """Write a project of many records in JSON Lines, each relayed from the one before it."""
    lines = []
    for number in range(count):
        first = {"id": "a1", "speaker": "mara-velin", "form": "indirect", "quote": "le pont est là"}
        first |= {"at": [number, number + 14], "claims": ['pont opensOn "lundi"']}
        second = first | {"id": "a2", "at": [40 + number, 54 + number]}
        if number:
            second["chain"] = ["avis", f"doc-{number - 1}#a2"]
        document = {"sha256": f"{number:064x}", "characters": 90, "language": "fr"}
        runs = [{"id": "r1", "agent": "desk", "kind": "software"}]
        record = {"slug": f"doc-{number}", "document": document | {"outlet": "gazette"}}
        lines.append(json.dumps(record | {"runs": runs, "attributions": [first, second]}))
    content = {"sources/all.records.jsonl": "\n".join(lines) + "\n"}
    project = make_project(**content | files)
    (project.sources / "pont" / "record.yaml").unlink()
    return project


ALIGNED = """\
alignments:
  - {left: "doc-1#a1", right: "doc-3#a1", relation: entails, judgement: positive, basis: b, by: me}
"""


@pytest.mark.parametrize(
    "slug", ["a b", 'a"b', "a#b", "../x", "a\\b", "a\nb", " ", ".x", "a\ud800"]
)
def test_a_name_that_cannot_stand_in_the_graph_is_told(make_project: Make, slug: str) -> None:
    """A record's name is part of `slug#id` and of addresses: it holds nothing that ends one."""
    line = json.dumps({"slug": slug, "document": {}})
    found = codes(make_project(**{"sources/all.records.jsonl": f"{line}\n"}))

    assert found["bad-id"] == 1


def test_a_record_that_is_a_dead_link_or_too_large_is_told(make_project: Make) -> None:
    """What stands where a record belongs is read, or told."""
    large = json.dumps({"slug": "large", "document": {"title": "x" * 8_000_000}})
    project = make_project(**{"sources/all.records.jsonl": f"\n{large}\n"})
    (project.sources / "gone").mkdir()
    (project.sources / "gone" / "record.yaml").symlink_to(project.root / "nowhere")
    found = codes(project)

    assert found["too-large"] == 2
    assert found["unreadable"] == 0


def test_what_did_not_change_is_not_read_again(make_project: Make) -> None:
    """Only the edited record is read, with the registry items that it stands on."""
    project = bulk_project(make_project, **{"sources/alignments.yaml": ALIGNED})
    first = load_collection(project)
    settled = settle(first)
    path = project.sources / "all.records.jsonl"
    path.write_text(path.read_text("utf-8").replace('"characters": 90', '"characters": 95', 1))
    second = load_collection(project, settled=settled)
    (project.sources / "outlets.yaml").write_text(OUTLETS + "# a note\n", encoding="utf-8")
    third = load_collection(project, settled=settled)

    assert first.findings == second.findings == third.findings == ()
    assert second.skipped == {f"record:doc-{number}" for number in range(1, 6)}
    assert [record.document.characters for record in second.collection.records] == [95]
    assert [agent.id for agent in second.collection.agents] == ["mara-velin"]
    assert [source.id for source in second.collection.sources] == []
    assert second.locations["agents/mara-velin"] == first.locations["agents/mara-velin"]
    assert second.digests.keys() == first.digests.keys()
    assert third.skipped == frozenset()
    assert len(third.collection.records) == 6


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"doc-2#a2"', '"doc-2#a9"', "unknown-chain"),
        ('"chain": ["avis", "doc-0#a2"]', '"chain": ["doc-4#a2"]', "relay-loop"),
        ('"slug": "doc-2"', '"slug": "doc-4"', "duplicate-id"),
        (f"{2:064x}", f"{4:064x}", "two-records-one-text"),
        ('"slug": "doc-3"', '"slug": "doc-9"', "unknown-side"),
        ('"id": "a1", "speaker": "mara-velin", "form"', '"id": "a7", "form"', "missing-speaker"),
        ("mara-velin", "mara-veli", "unknown-speaker"),
        ('pont opensOn \\"lundi\\"', "quai reaches pont", "unknown-claims"),
        ("doc-3", "doc-3\udcff", "not-utf8"),
    ],
)
def test_a_fault_beside_what_did_not_change_is_told_as_ever(
    make_project: Make, old: str, new: str, code: str
) -> None:
    """Faults between an edited record and the others are found though those are not read."""
    project = bulk_project(make_project, **{"sources/alignments.yaml": ALIGNED})
    settled = settle(load_collection(project))
    path = project.sources / "all.records.jsonl"
    text = path.read_text("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogateescape"))
    part = load_collection(project, settled=settled)

    assert code in {finding.code for finding in part.findings}
    assert part == load_collection(project)


def test_a_deleted_record_that_others_name_is_told(make_project: Make) -> None:
    """What stays unchanged may name what is gone."""
    project = bulk_project(make_project)
    settled = settle(load_collection(project))
    path = project.sources / "all.records.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:2] + lines[3:]), "utf-8")
    part = load_collection(project, settled=settled)
    path.write_text("".join(lines[:5]), "utf-8")
    last = load_collection(project, settled=settled)

    assert [finding.code for finding in part.findings] == ["unknown-chain"]
    assert part.skipped == frozenset()
    assert last.findings == ()
    assert "record:doc-5" not in last.digests
    assert len(last.skipped) == 5


def test_errors_stop_a_build_together(make_project: Make) -> None:
    """`require` raises once, with all findings."""
    loaded = load_collection(make_project())

    with pytest.raises(RecordError) as caught:
        loaded.require()
    assert len(caught.value.findings) == 2
    assert all(item.level is Level.ERROR for item in caught.value.findings)


def test_a_reader_survives_any_mapping(make_project: Make) -> None:
    """Lists, numbers and nothing in place of mappings are findings."""
    for body in (
        "",
        "[]",
        "3",
        "document: []",
        "document: {}\nattributions: 3",
        "attributions: [1]",
    ):
        assert load_collection(make_project(body)).errors


def test_spans_stand_where_they_are_written(make_project: Make) -> None:
    """Split quotes have as many spans as parts."""
    spoilt = RECORD.replace(
        "quote: Le pont sera ouvert lundi", "quote: [Le pont, lundi]\n    at: [[0, 7], [20, 25]]"
    )
    (record,) = load_collection(make_project(spoilt)).collection.records

    assert record.attributions[0].spans == (Span(0, 7), Span(20, 25))


def test_a_registry_that_cannot_be_read_is_one_error(make_project: Make) -> None:
    """What would be missing from it is not told as well."""
    files = {
        "sources/utterances.yaml": "utterances:\n  - {id: talk, speakers: [mara-velin]}\n",
        "sources/alignments.yaml": (
            "alignments:\n  - {left: 'pont opensOn \"lundi\"', right: 'ponts opensOn \"lundi\"', "
            "relation: entails, judgement: positive, basis: b, by: me}\n"
        ),
    }
    broken = AGENTS.replace("name: Ponts et Cie", "name: [Ponts et Cie")
    for agents in (broken, AGENTS.replace("agents:", "agent:", 1)):
        found = load_collection(make_project(**files, **{"sources/agents.yaml": agents})).findings
        rest = [item for item in found if item.code != "not-anchored"]

        assert [item.path for item in rest] == ["sources/agents.yaml"]


def test_a_record_that_cannot_be_read_is_one_error(make_project: Make) -> None:
    """Alignments and relays about it are not called wrong."""
    alignments = (
        "alignments:\n  - {left: pont#a1, right: pont#a2, relation: entails, "
        "judgement: positive, basis: b, by: me}\n"
    )
    for spoilt in (
        RECORD.replace("title: Le pont", "title: [Le pont"),
        RECORD.replace("attributions:", "atributions:")
        + "reviews:\n  - {attribution: a1, decision: accepted, by: me, on: 2024-05-14}\n",
    ):
        project = make_project(spoilt, **{"sources/alignments.yaml": alignments})
        found = load_collection(project).findings

        assert [item.path for item in found] == ["sources/pont/record.yaml"]


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("document:", "documnt:", "document"),
        ("    speaker: mara-velin\n    cue", "    speeker: mara-velin\n    cue", "speaker"),
        ("    quote: Le", "    qoute: Le", "quote"),
    ],
)
def test_a_misspelt_key_is_not_also_missing(
    make_project: Make, old: str, new: str, meant: str
) -> None:
    """One slip, one error."""
    found = load_collection(make_project(RECORD.replace(old, new, 1))).findings
    (finding,) = [item for item in found if item.code != "not-anchored"]

    assert finding.code == "unknown-key"
    assert f"did you mean `{meant}`?" in finding.message


@pytest.mark.parametrize("value", ["2025-11-03", "2025", "40"])
def test_a_bare_date_or_number_in_a_claim_is_told_to_stand_in_quotes(
    make_project: Make, value: str
) -> None:
    """It is no entity that a registry lacks."""
    found = load_collection(make_project(RECORD.replace('"lundi"', value))).findings
    (finding,) = [item for item in found if item.code != "not-anchored"]

    assert f'write it in double quotes ("{value}")' in finding.message
    assert "agents.yaml" not in finding.message


def test_a_pair_the_wrong_way_round_is_one_error(make_project: Make) -> None:
    """It is not also too short."""
    found = load_collection(
        make_project(RECORD.replace("form: direct", "form: direct\n    at: [5, 2]"))
    ).findings

    assert len([item for item in found if item.code == "bad-offsets"]) == 1
