"""Load a project's records and registries, with every fault found between them.

In: a project folder. Out: a `Loaded` collection, the place of each subject, a digest per owner.
Reads files only; never looks at article texts (`kg.records.anchor`, `kg.records.verify`) nor RDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.errors import RecordError
from kg.model import Collection, Finding, Level, Record
from kg.project import Project
from kg.records.check import Known, cross_findings, follows_from_unread, record_findings
from kg.records.read import (
    ReadRecord,
    Unread,
    read_records,
    registries_of,
    registry_digests,
)
from kg.records.settled import Location, Settled, all_fit, outline_of

__all__ = ["Loaded", "Location", "ReadRecord", "load_collection", "read_records", "read_registries"]

_OF_OTHER_LISTS = frozenset({"unknown-attribution", "unknown-run", "missing-run"})
"""What is not told of a record of which a list could not be read."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A collection with what is known of its files.

    `locations` maps `slug`, `slug#id`, `agents/id`, `topics/id`, … to places; `digests` maps each
    owner (`record:slug`, `registry:agents`, …) to the SHA-256 of its bytes. `skipped` names the
    owners whose digest was already known and whose records were therefore not read. `unread` names
    the registry files that could not be read whole: what is not found may stand in them.
    """

    collection: Collection
    locations: Mapping[str, Location]
    digests: Mapping[str, str]
    findings: tuple[Finding, ...]
    skipped: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    def require(self) -> Collection:
        """Give the collection, or raise all its errors at once.

        Raises:
            RecordError: with the findings, where any is an error.
        """
        if self.errors:
            count = len(self.errors)
            raise RecordError(
                f"{count} error{'s' if count > 1 else ''} in the records; nothing was built",
                self.findings,
            )
        return self.collection


def load_collection(project: Project, *, settled: Settled | None = None) -> Loaded:
    """Read every record and registry; nothing is raised for a fault in a file.

    With what an earlier load found good, records that did not change are skipped, and of the
    registries only what the others name is given. Where a registry changed, or anything does not
    fit, all is read: what is told is the same either way.

    Raises:
        RecordError: the sources folder is not there.
    """
    if not project.sources.is_dir():
        raise RecordError(
            f"{project.relative(project.sources)}: no such folder; records belong there"
        )
    changed = _load_changed(project, settled) if settled is not None else None
    return _load_whole(project) if changed is None else changed


def read_registries(project: Project) -> Loaded:
    """Read the registries alone; a missing file is an empty registry."""
    found = registries_of(project)
    return Loaded(
        found.collection,
        found.locations,
        found.digests,
        tuple(found.findings),
        unread=frozenset(found.unread),
    )


def _load_whole(project: Project) -> Loaded:
    registries = read_registries(project)
    collection = registries.collection
    locations = dict(registries.locations)
    digests = dict(registries.digests)
    findings = list(registries.findings)
    records: list[Record] = []
    partial: set[str] = set()
    between: list[Finding] = []
    index = Known.of(collection)
    for item in read_records(project):
        assert isinstance(item, ReadRecord), "nothing is known, so everything is read"
        digests[item.owner] = item.digest
        records.append(item.record)
        locations.update(item.lines)
        findings.extend(item.findings)
        about = record_findings(item.record, index, locations)
        if not item.whole:
            partial.add(item.record.slug)
            about = (finding for finding in about if finding.code not in _OF_OTHER_LISTS)
        between.extend(about)
    records.sort(key=lambda record: record.slug)
    collection = replace(collection, records=tuple(records))
    between.extend(cross_findings(collection, locations, unread=frozenset(partial)))
    unread = registries.unread
    findings.extend(item for item in between if not follows_from_unread(item, unread))
    return Loaded(collection, locations, digests, tuple(sorted(set(findings))), unread=unread)


def _load_changed(project: Project, settled: Settled) -> Loaded | None:
    """Read the records that changed; None where everything is to be read."""
    digests = registry_digests(project)
    if digests is None or digests != settled.registries():
        return None
    outlines = {owner: settled.outlines[owner] for owner in digests}
    locations: dict[str, Location] = {}
    records: list[Record] = []
    skipped: set[str] = set()
    for item in read_records(project, known=settled.outlines):
        owner = item.owner
        if owner in outlines:
            return None
        if isinstance(item, Unread):
            skipped.add(owner)
            outlines[owner] = settled.outlines[owner]
            continue
        if item.findings:
            return None
        records.append(item.record)
        locations.update(item.lines)
        outlines[owner] = outline_of(item.record, item.digest)
    changed = (settled.outlines.keys() | outlines.keys()) - skipped - digests.keys()
    if not skipped or not all_fit(outlines, changed, settled.alignments()):
        return None
    near, places = settled.near(records)
    locations |= places
    known = settled.known()
    if any(next(record_findings(record, known, locations), None) for record in records):
        return None
    records.sort(key=lambda record: record.slug)
    return Loaded(
        replace(near, records=tuple(records)),
        locations,
        {owner: outline.digest for owner, outline in outlines.items()},
        (),
        frozenset(skipped),
    )
