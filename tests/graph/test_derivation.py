"""The derived graph in the store: made in the same build, alone in its graph, never out of date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import sample
from test_build import quads, replace_record, with_neighbours

from kg.errors import QueryError, StoreError
from kg.graph.build import build_store
from kg.graph.derivation import Derivation, derived_graph
from kg.graph.files import write_graph_files
from kg.graph.generations import current_generation, read_state
from kg.graph.store import EmbeddedStore, open_store
from kg.graph.vocab import KG, SCHEMA
from kg.project import Project


def bylines(project: Project, most: int = 100, rules: str = "1") -> Derivation:
    """Derive one quad a byline: enough to see what the function was given."""

    def derive(store: EmbeddedStore) -> Iterable[str]:
        rows = store.select(f"SELECT ?b {{ ?d <{KG.byline}> ?b }} ORDER BY ?b").rows
        names = sorted({row[0].value for row in rows if row[0]})
        graph = derived_graph(project.base)
        return [f'<{project.base}made> <{SCHEMA.NS}name> "{name}" <{graph}> .' for name in names]

    return Derivation(rules, most, derive)


def derived(project: Project) -> set[str]:
    """What the store holds in the derived graph."""
    graph = ox.NamedNode(derived_graph(project.base))
    with open_store(project.store) as store:
        return {str(quad.object) for quad in store.raw.quads_for_pattern(None, None, None, graph)}


def rest(project: Project) -> set[str]:
    """What the store holds in all other graphs."""
    return {quad for quad in quads(project) if f"<{derived_graph(project.base)}>" not in quad}


def test_the_rest_of_the_store_is_as_without(tmp_path: Path) -> None:
    """Deriving adds its own graph and touches no other."""
    plain, project = sample.project(tmp_path / "plain"), sample.project(tmp_path / "derived")
    many = sample.loaded(with_neighbours())
    build_store(many, plain)
    report = build_store(many, project, derivation=bylines(project))
    state = read_state(current_generation(project.store) or tmp_path)

    assert rest(project) == quads(plain)
    assert len(derived(project)) == report.derived.quads > 0
    assert state.quads == report.added == len(quads(project))


def test_an_edit_writes_the_difference(tmp_path: Path) -> None:
    """One byline changed is one quad out and in, in the records and in the derived graph."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    build_store(sample.loaded(many), project, derivation=bylines(project))
    before = derived(project)
    edited = replace_record(many, "one", byline="C. Other")
    report = build_store(sample.loaded(edited), project, derivation=bylines(project))

    assert '"C. Other"' in derived(project) - before
    assert not report.full
    assert (report.added, report.removed) == (2, 1 + len(before - derived(project)))
    assert report.since.changed == ("one",)


def test_nothing_changed_stays_nothing(tmp_path: Path) -> None:
    """The same records and rules make no new generation, and derive nothing."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project, derivation=bylines(project))
    before = current_generation(project.store)

    def never(_store: EmbeddedStore) -> Iterable[str]:
        raise AssertionError

    again = replace(bylines(project), derive=never)
    report = build_store(sample.loaded(sample.sample()), project, derivation=again)

    assert not report.changed
    assert report.derived.quads == len(derived(project))
    assert current_generation(project.store) == before


def test_other_rules_derive_again(tmp_path: Path) -> None:
    """With a new version of the rules the graph is made again though no record changed."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project, derivation=bylines(project))
    line = f'<{project.base}made> <{SCHEMA.NS}name> "else" <{derived_graph(project.base)}> .'
    other = Derivation("2", 100, lambda _store: [line])
    report = build_store(sample.loaded(sample.sample()), project, derivation=other)

    assert not report.full
    assert derived(project) == {'"else"'}


def test_above_the_bound_it_is_left_out_whole(tmp_path: Path) -> None:
    """Above so many attributions nothing is derived or left of it, and the report says so."""
    project = sample.project(tmp_path)
    many = sample.loaded(with_neighbours())
    build_store(many, project, derivation=bylines(project))
    report = build_store(many, project, derivation=bylines(project, most=3))

    assert derived(project) == set()
    assert report.derived.quads == 0
    assert report.derived.left_out > 3
    assert report.removed > 0
    report = build_store(many, project, derivation=bylines(project, most=3))
    assert (report.changed, report.derived.left_out > 3) == (False, True)


def test_without_a_derivation_none_is_kept(tmp_path: Path) -> None:
    """A build that derives nothing leaves nothing derived from other records."""
    project = sample.project(tmp_path)
    build_store(sample.loaded(sample.sample()), project, derivation=bylines(project))
    build_store(sample.loaded(sample.sample()), project)

    assert derived(project) == set()


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("<https://e.org/a> <https://e.org/b> <https://e.org/c> .", StoreError),
        ("<https://e.org/a> nonsense <https://example.org/id/derived> .", StoreError),
        (None, QueryError),
    ],
)
def test_a_fault_while_deriving_leaves_the_last_graph(
    tmp_path: Path, full: bool, line: str | None, fault: type[Exception]
) -> None:
    """A line outside its graph, no line at all, a query refused: the last good graph stands."""
    project = replace(sample.project(tmp_path), base="https://example.org/id/")
    many = with_neighbours()
    build_store(sample.loaded(many), project, derivation=bylines(project))
    before = quads(project)

    def derive(_store: EmbeddedStore) -> Iterable[str]:
        if line is None:
            raise QueryError("the query is wrong")
        return [line]

    edited = sample.loaded(replace_record(many, "one", byline="C. Other"))
    with pytest.raises(fault):
        build_store(edited, project, full=full, derivation=Derivation("2", 100, derive))
    assert quads(project) == before
    assert len(list(project.store.glob("g-*"))) == 1


def test_the_files_follow(tmp_path: Path) -> None:
    """TriG holds the derived graph, Turtle does not; in part or whole, one text."""
    project, fresh = sample.project(tmp_path / "kept"), sample.project(tmp_path / "fresh")
    many = with_neighbours()
    edited = sample.loaded(replace_record(many, "one", byline="C. Other"))
    build_store(sample.loaded(many), project, derivation=bylines(project))
    write_graph_files(project)
    build_store(edited, project, derivation=bylines(project))
    write_graph_files(project)
    build_store(edited, fresh, derivation=bylines(fresh))
    write_graph_files(fresh)

    trig = project.graph_trig.read_text("utf-8")
    assert trig == fresh.graph_trig.read_text("utf-8")
    assert '<derived> {\n    <made> schema:name "C. Other" .\n' in trig
    assert "<made>" not in project.graph_ttl.read_text("utf-8")


def test_a_report_names_what_changed_on_disk(tmp_path: Path) -> None:
    """Added, changed and removed records and changed registries, against the last build."""
    project = sample.project(tmp_path)
    many = with_neighbours()
    first = build_store(sample.loaded(many), project)
    edited = replace_record(many, "one", byline="C. Other")
    rest_of = tuple(item for item in edited.records if item.slug != "n3")
    new = sample.record("new", sample.attribution("a1", 90))
    agents = tuple(
        replace(agent, name=(("en", "The Duo"),)) if agent.id == "duo" else agent
        for agent in many.agents
    )
    edited = replace(edited, records=(*rest_of, new), agents=agents)
    since = build_store(sample.loaded(edited), project).since

    assert set(first.since.added) == {item.slug for item in many.records}
    assert since == (("new",), ("one",), ("n3",), ("agents",))
