"""Records become a store: whole, in part, and never half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import sample

from kg.errors import RecordError, StoreError
from kg.graph.build import build_store, collection_quads, last_build, project_lookup
from kg.graph.files import write_graph_files
from kg.graph.generations import current_generation, graph_folder, lock_for_building
from kg.graph.store import open_store
from kg.graph.vocab import KG, RDF
from kg.model import Collection, Finding, Level, Record, parse_claim
from kg.project import Project, find_project
from kg.records.load import Loaded, load_collection

REPO = Path(__file__).resolve().parents[2]


def quads(project: Project) -> set[str]:
    with open_store(project.store) as store:
        return {str(quad) for quad in store.raw}


def test_a_full_build_holds_exactly_what_the_records_give(tmp_path: Path) -> None:
    """Every line that a collection gives is in the store, and no other."""
    project = sample.project(tmp_path)
    report = build_store(sample.loaded(sample.sample()), project)

    collection = sample.sample()
    lines = list(collection_quads(collection, project_lookup(collection, project)))
    memory = ox.Store()
    memory.load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    assert report.full
    assert report.added == len(lines) == len(set(lines))
    assert {str(quad) for quad in memory} == quads(project)


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    """The second build of the same records leaves the generation alone."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project)
    before = current_generation(project.store)
    report = build_store(sample.loaded(sample.sample()), project)

    assert not report.changed
    assert current_generation(project.store) == before


def test_no_blank_node_and_no_claim_asserted(tmp_path: Path) -> None:
    """All subjects are IRIs; each claim's triple stands in its own graph, and nowhere else."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project)
    with open_store(project.store) as store:
        everything = list(store.raw)
        described = {
            row[0].value: tuple(str(term.value) for term in row[1:] if term)
            for row in store.select(
                f"SELECT ?c ?s ?p ?o {{ ?c a <{RDF.Statement}> ; <{RDF.subject}> ?s ;"
                f" <{RDF.predicate}> ?p ; <{RDF.object}> ?o }}"
            ).rows
            if row[0]
        }
    default = {
        (quad.subject, quad.predicate, quad.object)
        for quad in everything
        if quad.graph_name == ox.DefaultGraph()
    }
    quoted = [quad for quad in everything if quad.graph_name != ox.DefaultGraph()]
    named = {
        quad.graph_name.value: (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in quoted
    }

    assert not any(
        isinstance(node, ox.BlankNode)
        for quad in everything
        for node in (quad.subject, quad.object, quad.graph_name)
    )
    assert len(quoted) == len(named) == 6
    assert named == described
    assert not any((quad.subject, quad.predicate, quad.object) in default for quad in quoted)


def test_editing_one_record_touches_its_quads_alone(tmp_path: Path) -> None:
    """A changed byline is one quad out and one quad in."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    build_store(sample.loaded(many), project)
    before = quads(project)
    edited = replace_record(many, "one", byline="C. Other")
    report = build_store(sample.loaded(edited), project)

    assert (report.added, report.removed, report.full) == (1, 1, False)
    assert report.records_changed == ("one",)
    assert {quad for quad in before ^ quads(project) if KG.byline not in quad} == set()


def test_deleting_a_record_leaves_nothing_of_it(tmp_path: Path) -> None:
    """Nothing that only the record brought about is left, and nothing else is gone."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    gone = sample.record(
        "gone", sample.attribution("a9", claims=(parse_claim("duo metWith isle"),))
    )
    build_store(sample.loaded(replace(many, records=(*many.records, gone))), project)
    with_it = quads(project)
    report = build_store(sample.loaded(many), project)
    without = quads(project)
    build_store(sample.loaded(many), project, full=True)

    assert not report.full
    assert without < with_it
    assert without == quads(project)
    assert not any(gone.document.id in quad for quad in without)
    assert not any(parse_claim("duo metWith isle").id in quad for quad in without)


def test_a_shared_claim_stays_while_something_conveys_it(tmp_path: Path) -> None:
    """Taking a claim out of one of two records keeps it; out of both, it goes."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    shared = parse_claim("duo expressedSupportFor ferry")
    one = sample.record("s1", sample.attribution("a1", claims=(shared,)))
    two = sample.record("s2", sample.attribution("a1", claims=(shared,)))
    counts = []
    for records in ((one, two), (one,), ()):
        build_store(sample.loaded(replace(many, records=many.records + records)), project)
        counts.append(sum(f"claim/{shared.id}>" in quad for quad in quads(project)))

    assert counts == [10, 9, 0]


def test_a_predicate_is_described_while_a_claim_uses_it(tmp_path: Path) -> None:
    """A predicate's type and labels come with its first claim and go with its last."""
    project = sample.project(tmp_path)
    (project.sources / "predicates.ttl").write_text(
        "@prefix kg: <https://w3id.org/claim-provenance/ns#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<https://example.org/terms#lent> a kg:ClaimPredicate ; rdfs:label "lent"@en , "prêta"@fr .'
    )
    many = with_neighbours()
    one = sample.record("s1", sample.attribution("a1", claims=(parse_claim("ada lent isle"),)))
    two = sample.record("s2", sample.attribution("a1", claims=(parse_claim("duo lent isle"),)))
    counts = []
    for records in ((), (one,), (one, two), (two,), ()):
        build_store(sample.loaded(replace(many, records=many.records + records)), project)
        counts.append(
            sum(quad.startswith("<https://example.org/terms#") for quad in quads(project))
        )

    assert counts == [0, 3, 3, 3, 0]


def test_a_renamed_agent_renames_its_claims(tmp_path: Path) -> None:
    """The label of every claim about an agent follows the agent's name."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    build_store(sample.loaded(many), project)
    agents = tuple(
        replace(agent, name=(("en", "The Duo"),)) if agent.id == "duo" else agent
        for agent in many.agents
    )
    claim = sample.record("c", sample.attribution("a1", claims=(parse_claim("duo metWith ada"),)))
    with_claim = replace(many, records=(*many.records, claim))
    build_store(sample.loaded(with_claim), project)
    report = build_store(sample.loaded(replace(with_claim, agents=agents)), project)

    assert not report.full
    assert any('"The Duo met with Ada Low"@en' in quad for quad in quads(project))
    assert not any("The two met with" in quad for quad in quads(project))


def test_links_follow_an_attribution_that_moved(tmp_path: Path) -> None:
    """When a quote's place changes, the relays and alignments that name it point to it still."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    build_store(sample.loaded(many), project)
    two = next(item for item in many.records if item.slug == "two")
    first = sample.attribution("a1", 30, claims=two.attributions[0].claims)
    moved = swap(many, replace(two, attributions=(first, *two.attributions[1:])))
    # The other records are left out, as a loader does that skips what it knows.
    part = sample.loaded(moved)
    known = {"record:two"}
    skipped = frozenset(
        name for name in part.digests if name.startswith("record:") and name not in known
    )
    only = replace(moved, records=tuple(item for item in moved.records if item.slug == "two"))
    report = build_store(Loaded(only, {}, part.digests, (), skipped), project)
    edited = quads(project)
    build_store(sample.loaded(moved), project, full=True)

    assert not report.full
    assert edited == quads(project)


@pytest.mark.parametrize("seed", range(6))
def test_any_edits_in_any_order_equal_a_full_build(tmp_path: Path, seed: int) -> None:
    """After random edits, deletions and returns, the store is what a build from nothing gives."""
    chance = random.Random(seed)
    project = sample.project(tmp_path / "kept")
    fresh = sample.project(tmp_path / "fresh")
    collection = with_neighbours(9)
    build_store(sample.loaded(collection), project)
    partly = 0
    for _ in range(8):
        collection = random_edit(collection, chance)
        partly += not build_store(sample.loaded(collection), project).full
        if chance.random() < 0.7:
            write_graph_files(project)
    build_store(sample.loaded(collection), fresh)
    write_graph_files(project)
    write_graph_files(fresh)

    assert partly > 0
    assert quads(project) == quads(fresh)
    assert project.graph_ttl.read_bytes() == fresh.graph_ttl.read_bytes()
    assert project.graph_trig.read_bytes() == fresh.graph_trig.read_bytes()


def test_records_with_errors_build_nothing(tmp_path: Path) -> None:
    """An error in the records is raised, and the old graph stands."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project)
    before = quads(project)
    fault = Finding("sources/x", 3, Level.ERROR, "missing", "`quote` is missing")
    bad = replace(sample.loaded(with_neighbours()), findings=(fault,))

    with pytest.raises(RecordError, match="nothing was built"):
        build_store(bad, project)
    assert before == quads(project)


def test_a_build_waits_for_nobody(tmp_path: Path) -> None:
    """A second build at the same time is refused in one line; readers go on."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project)
    with open_store(project.store) as store, lock_for_building(project.store):
        with pytest.raises(StoreError, match="another build is at work"):
            build_store(sample.loaded(with_neighbours()), project)
        assert len(store) > 0


def test_a_reader_keeps_its_graph_while_another_process_builds(tmp_path: Path) -> None:
    """An open store answers as before after a build replaced it; a new one sees the new graph."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(with_neighbours()), project)
    question = f"SELECT ?b {{ ?d <{KG.byline}> ?b }}"
    with open_store(project.store) as old:
        before = old.select(question)
        edited = replace_record(with_neighbours(), "one", byline="C. Other")
        build_store(sample.loaded(edited), project)
        after = old.select(question)
        with open_store(project.store) as new:
            assert new.select(question) != before
    assert before == after


def test_a_damaged_store_is_told_and_built_anew(tmp_path: Path) -> None:
    """Asking a damaged store gives one line; the next build is a full one, and right."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project)
    good = quads(project)
    (graph_folder(project.store) / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match=r"damaged.*run  kg build"):
        open_store(project.store)

    report = build_store(sample.loaded(sample.sample()), project)

    assert report.full
    assert good == quads(project)


@pytest.mark.parametrize("name", ["state.json", "registries.json"])
@pytest.mark.parametrize("damage", ["cut", "altered", "gone"])
def test_what_is_kept_of_a_build_is_made_anew_where_damaged(
    tmp_path: Path, name: str, damage: str
) -> None:
    """A kept file that is not as it was written is not believed; the next build mends it."""
    project = synthetic_project(tmp_path, 60)
    build_store(load_collection(project), project)
    good = quads(project)
    generation = current_generation(project.store)
    assert generation is not None
    path = generation / name
    content = path.read_bytes()
    kept = {"cut": content[:-9], "altered": content.replace(b"doc-1", b"doc-2", 1), "gone": None}
    if name == "registries.json":
        kept["altered"] = content.replace(b"agent-1", b"agent-2", 1)
    path.unlink()
    if (after := kept[damage]) is not None:
        path.write_bytes(after)

    assert last_build(project) is None
    report = build_store(load_collection(project, settled=last_build(project)), project)
    assert report.full
    assert good == quads(project)
    assert last_build(project) is not None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    """Where the output folder cannot be written, one line says so."""
    project = sample.project(tmp_path)
    project.output.mkdir()
    project.output.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be written"):
        build_store(sample.loaded(sample.sample()), project)


def test_a_store_that_is_a_file_is_told(tmp_path: Path) -> None:
    """Where a file stands in the store's place, one line says so and the file stays."""
    project = sample.project(tmp_path)
    project.output.mkdir()
    project.store.write_text("mine")
    with pytest.raises(StoreError, match="cannot be written"):
        build_store(sample.loaded(sample.sample()), project)
    assert project.store.read_text() == "mine"


def test_files_on_disk_build_in_part(tmp_path: Path) -> None:
    """With known digests only the edited line of a bulk file is read, and only its quads change."""
    project = synthetic_project(tmp_path, 200)
    build_store(load_collection(project), project)
    path = project.sources / "bulk.records.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text.replace('Accord numéro 7"', 'Accord numéro sept"', 1), "utf-8")
    part = load_collection(project, settled=last_build(project))
    report = build_store(part, project)
    edited = quads(project)
    build_store(load_collection(project), project, full=True)

    assert len(part.skipped) == 19
    assert (report.added, report.removed, report.full) == (1, 1, False)
    assert edited == quads(project)


def test_a_build_that_was_overtaken_reads_everything(tmp_path: Path) -> None:
    """What was skipped as unchanged is read where another build has moved on meanwhile."""
    project = synthetic_project(tmp_path, 200)
    build_store(load_collection(project), project)
    path = project.sources / "bulk.records.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text.replace('Accord numéro 7"', 'Accord numéro sept"', 1), "utf-8")
    slow = load_collection(project, settled=last_build(project))
    edited = text.replace('Accord numéro 9"', 'Accord numéro neuf"', 1)
    path.write_text(edited, "utf-8")
    build_store(load_collection(project, settled=last_build(project)), project)
    good = quads(project)

    build_store(slow, project)
    assert quads(project) == good


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.3, 0.8])
def test_a_killed_build_leaves_the_last_good_graph(tmp_path: Path, moment: float) -> None:
    """After kill -9 at any moment the old graph or the new one is there whole, and builds go on."""
    project = synthetic_project(tmp_path, 300)
    build_store(load_collection(project), project)
    old = quads(project)
    path = project.sources / "bulk.records.jsonl"
    path.write_text(path.read_text("utf-8").replace("Signature", "Paraphe"), "utf-8")
    program = (
        "import sys; from pathlib import Path\n"
        "from kg.project import find_project\n"
        "from kg.records.load import load_collection\n"
        "from kg.graph.build import build_store\n"
        "from kg.graph.files import write_graph_files\n"
        "project = find_project(Path(sys.argv[1]))\n"
        "loaded = load_collection(project)\n"
        "print('go', flush=True)\n"
        "build_store(loaded, project, full=True); write_graph_files(project)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(project.root)], stdout=subprocess.PIPE, cwd=REPO
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"go\n"
    time.sleep(moment)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    found = quads(project)
    build_store(load_collection(project), project)
    write_graph_files(project)
    fresh = synthetic_project(tmp_path / "fresh", 300)
    (fresh.sources / path.name).write_bytes(path.read_bytes())
    build_store(load_collection(fresh), fresh)
    write_graph_files(fresh)
    new = quads(fresh)

    assert found in (old, new)
    assert quads(project) == new
    assert project.graph_trig.read_bytes() == fresh.graph_trig.read_bytes()
    assert len(list(project.store.glob("g-*"))) == 1
    assert sorted(item.name for item in project.output.iterdir()) == [
        "graph.trig",
        "graph.ttl",
        "store",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
@pytest.mark.parametrize("room", [0, 20_000, 200_000])
def test_a_full_disk_leaves_the_last_good_graph(tmp_path: Path, room: int) -> None:
    """Where files cannot grow, one line says so, the old graph stands and nothing else is left."""
    project = synthetic_project(tmp_path, 200)
    build_store(load_collection(project), project)
    old = quads(project)
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from kg.errors import StoreError\n"
        "from kg.project import find_project\n"
        "from kg.records.load import load_collection\n"
        "from kg.graph.build import build_store\n"
        "from kg.graph.files import write_graph_files\n"
        "project = find_project(Path(sys.argv[1]))\n"
        "loaded = load_collection(project)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))\n"
        "for step in (lambda: build_store(loaded, project, full=True),\n"
        "             lambda: write_graph_files(project)):\n"
        "    try:\n"
        "        step()\n"
        "    except StoreError as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(project.root), str(room)],
        check=True,
        cwd=REPO,
        capture_output=True,
        text=True,
    )

    assert done.stderr == ""
    assert [line.count("File too large") for line in done.stdout.splitlines()] == [1, 1]
    assert quads(project) == old
    assert len(list(project.store.glob("g-*"))) == 1
    assert [item.name for item in project.output.iterdir()] == ["store"]


@pytest.mark.slow
def test_the_same_bytes_under_any_hash_seed_and_order(tmp_path: Path) -> None:
    """Turtle, TriG and N-Quads do not depend on hash seed, folder or the order of the input."""
    program = (
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(REPO / 'tests' / 'graph')!r})\n"
        "import sample\n"
        "from kg.graph.build import build_store, collection_quads, project_lookup\n"
        "from kg.graph.files import write_graph_files\n"
        "project = sample.project(Path(sys.argv[1]))\n"
        "given = sample.shuffled(sample.sample(), int(sys.argv[2]))\n"
        "build_store(sample.loaded(given), project); write_graph_files(project)\n"
        "lines = sorted(collection_quads(given, project_lookup(given, project)))\n"
        "(project.output / 'lines.nq').write_text('\\n'.join(lines), 'utf-8')\n"
    )
    made = []
    for seed in (0, 1, 2):
        folder = tmp_path / f"folder-{seed}"
        subprocess.run(
            [sys.executable, "-c", program, str(folder), str(seed)],
            check=True,
            cwd=REPO,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
        )
        names = ("graph.ttl", "graph.trig", "lines.nq")
        made.append([(folder / "build" / name).read_bytes() for name in names])

    assert made[0] == made[1] == made[2]


def with_neighbours(count: int = 12) -> Collection:
    """Give the sample with more records beside it, so that one edit is a small one."""
    collection = sample.sample()
    more = tuple(
        sample.record(f"n{number}", sample.attribution("a1", 10 + number))
        for number in range(count)
    )
    return replace(collection, records=(*collection.records, *more))


def swap(collection: Collection, new: Record) -> Collection:
    return replace(
        collection,
        records=tuple(new if item.slug == new.slug else item for item in collection.records),
    )


def replace_record(collection: Collection, slug: str, **fields: object) -> Collection:
    old = next(item for item in collection.records if item.slug == slug)
    return swap(collection, replace(old, document=replace(old.document, **fields)))  # type: ignore[arg-type]


def random_edit(collection: Collection, chance: random.Random) -> Collection:
    """Change one thing: a record's words, claims, outlet, a registry, which records there are."""
    free = [item for item in collection.records if item.slug.startswith("n")]
    target = chance.choice(free) if free else collection.records[0]
    kind = chance.randrange(6)
    number = chance.randrange(100)
    if kind == 0 and free:
        rest = tuple(item for item in collection.records if item != target)
        return replace(collection, records=rest)
    if kind == 1:
        claims = tuple(
            sorted(
                {
                    parse_claim(f"{chance.choice(('ada', 'duo', 'isle'))} metWith {other}")
                    for other in chance.sample(("ada", "duo", "isle", "ferry"), 2)
                }
            )
        )
        made = sample.attribution("a1", 10 + number, claims=claims)
        return swap(collection, replace(target, attributions=(made,)))
    if kind == 2:
        return replace_record(collection, target.slug, outlet="unidentified", title=f"T{number}")
    if kind == 3:
        agents = tuple(
            replace(agent, name=(("en", f"Duo {number}"),)) if agent.id == "duo" else agent
            for agent in collection.agents
        )
        return replace(collection, agents=agents)
    if kind == 4:
        new = sample.record(f"n{100 + number}", sample.attribution("a1", chain=("two#a1",)))
        rest = tuple(item for item in collection.records if item.slug != new.slug)
        return replace(collection, records=(*rest, new))
    two = next(item for item in collection.records if item.slug == "two")
    moved = sample.attribution("a1", 40 + number, claims=two.attributions[0].claims)
    return swap(collection, replace(two, attributions=(moved, *two.attributions[1:])))


def synthetic_project(root: Path, size: int) -> Project:
    sys.path.insert(0, str(REPO / "benchmarks"))
    try:
        from synthetic import write_project  # noqa: PLC0415 - benchmarks are no package
    finally:
        sys.path.pop(0)
    return find_project(write_project(root, size))
