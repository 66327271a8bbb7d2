"""Starts records from articles: keeps the text, writes the record, keeps every proposal beside it.

In: a project and captured articles. Out: `sources/<slug>/record.yaml` and `proposals.jsonl`, the
text under `.kg/texts`, what the registries lacked. The same bytes twice change nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Self

from kg.errors import RecordError
from kg.intake.claims import KnownClaims, Patterns, known_claims, load_patterns
from kg.intake.document import Captured
from kg.intake.draft import Drafted, Known, draft_record, run_of
from kg.intake.fresh_yaml import render_fresh
from kg.intake.lock import writing
from kg.intake.proposal import Proposal
from kg.intake.propose import agent_index_for, propose
from kg.intake.registries import add_to_registries
from kg.intake.slugs import make_slug
from kg.model import Collection, Level, Run
from kg.project import Project, write_atomically
from kg.records import load_collection
from kg.records.encode import encode_record
from kg.records.texts import keep_text

__all__ = [
    "PROPOSALS",
    "Added",
    "Desk",
    "OtherMaker",
    "open_desk",
    "rules_digest",
]

PROPOSALS = "proposals.jsonl"
"""Beside each record: what was proposed and what each edit changed, one a line, only added to."""

OtherMaker = Callable[[Captured, list[Proposal]], tuple[list[Proposal], Run]]
"""Something besides the rules that proposes: given the article and the rules' proposals, it gives
all proposals, its own marked by the first part of their rule name, and the run that made them."""

_BATCH = 256
_UNREADABLE = frozenset({"bad-yaml", "not-utf8", "too-large", "alias", "unreadable", "bad-json"})
_RULE_FILES = frozenset(
    {"chains", "clause_starts", "clauses", "cues", "declension", "focus", "quotes", "subjects"}
    | {"reported_subjects", "tag_content", "verbfirst_subjects", "verbsecond_content"}
    | {"verbsecond_parts", "verbsecond_verbs"}
    | {"drafts", "entities", "extract", "language", "phrases"}
    | {"qualify", "resolve", "segment"}
)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one article: `slug` names its record, `is_new` whether it was written now."""

    place: str
    slug: str
    is_new: bool
    drafted: Drafted | None = None


@dataclass(slots=True)
class Desk:
    """A project open for adding: its collection as it grows, article by article.

    Articles are written in batches, registries first, so that no record names an agent that is
    not there; leave by `with`, or call `flush`.
    """

    project: Project
    collection: Collection
    patterns: Patterns
    slugs: dict[str, str]
    claims: KnownClaims
    version: str
    with_new_agents: bool = True
    volitions: bool = False
    other: OtherMaker | None = None
    pending: list[tuple[Captured, Drafted]] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *stopped: object) -> None:
        self.flush()

    def add(self, captured: Captured) -> Added:
        """Add one article, unless its bytes or its text are in the collection already.

        Raises:
            RecordError: a registry cannot be read.
            ProjectError: the project cannot be written.
        """
        known = self.slugs.get(captured.raw_sha256) or self.slugs.get(captured.sha256)
        if known:
            return Added(captured.place, known, is_new=False)
        drafted = self._draft(captured)
        self.pending.append((captured, drafted))
        self._remember(captured, drafted)
        if len(self.pending) >= _BATCH:
            self.flush()
        return Added(captured.place, drafted.record.slug, is_new=True, drafted=drafted)

    def _draft(self, captured: Captured) -> Drafted:
        index = agent_index_for(captured, self.collection)
        runs = {"rules": run_of(self.version, rules_digest())}
        proposals = propose(captured, index, volitions=self.volitions)
        if self.other is not None:
            proposals, run = self.other(captured, proposals)
            runs[run.id] = run
        slug = make_slug(captured.name, captured.title, set(self.slugs.values()))
        known = Known(self.collection, index, self.patterns, self.claims)
        drafted = draft_record(
            captured,
            proposals,
            known,
            slug=slug,
            runs=runs,
            with_new_agents=self.with_new_agents,
        )
        before = self._earlier_capture(captured)
        if before:
            document = replace(drafted.record.document, revision_of=before)
            drafted = replace(drafted, record=replace(drafted.record, document=document))
        return drafted

    def _earlier_capture(self, captured: Captured) -> str:
        for record in reversed(self.collection.records):
            if captured.url and record.document.url == captured.url:
                return record.document.sha256
        return ""

    def flush(self) -> None:
        """Write what is pending; the record of an article last, so that half of one is no record.

        Raises:
            RecordError: a registry cannot be read.
            ProjectError: the project cannot be written.
        """
        if not self.pending:
            return
        drafts = [drafted for _, drafted in self.pending]
        with writing(self.project):
            add_to_registries(
                self.project,
                agents=[item for drafted in drafts for item in drafted.agents],
                outlets=[item for drafted in drafts for item in drafted.outlets],
                sources=[item for drafted in drafts for item in drafted.sources],
            )
            for captured, drafted in self.pending:
                self._write(captured, drafted)
        self.pending.clear()

    def _write(self, captured: Captured, drafted: Drafted) -> None:
        folder = self.project.sources / drafted.record.slug
        lines = [json.dumps(line, ensure_ascii=False) for line in drafted.lines]
        keep_text(self.project, captured.text)
        write_atomically(folder / PROPOSALS, "".join(f"{line}\n" for line in lines))
        write_atomically(folder / "record.yaml", render_fresh(encode_record(drafted.record)))

    def _remember(self, captured: Captured, drafted: Drafted) -> None:
        found = self.collection
        self.collection = replace(
            found,
            records=(*found.records, drafted.record),
            agents=(*found.agents, *drafted.agents),
            outlets=(*found.outlets, *drafted.outlets),
            sources=(*found.sources, *drafted.sources),
        )
        if any(item.claims for item in drafted.record.attributions):
            self.claims = known_claims(self.collection.records)
        self.slugs[captured.sha256] = drafted.record.slug
        self.slugs[captured.raw_sha256] = drafted.record.slug


def open_desk(project: Project, *, version: str) -> Desk:
    """Read a project's records so that articles can be added to it.

    Raises:
        RecordError: a registry is no readable file; adding to it would lose what it holds.
    """
    if not project.sources.is_dir():
        project.sources.mkdir(parents=True, exist_ok=True)
    loaded = load_collection(project)
    registries = {f"{name}.yaml" for name in ("agents", "outlets", "topics")}
    broken = [
        finding
        for finding in loaded.findings
        if finding.level is Level.ERROR
        and finding.code in _UNREADABLE
        and finding.path.rpartition("/")[2] in registries
    ]
    if broken:
        raise RecordError("mend the registries first; nothing was added", broken)
    slugs: dict[str, str] = {}
    for record in loaded.collection.records:
        slugs[f"slug:{record.slug}"] = record.slug
        for digest in (record.document.sha256, record.document.raw_sha256):
            if digest:
                slugs[digest] = record.slug
    return Desk(
        project=project,
        collection=loaded.collection,
        patterns=load_patterns(project.sources),
        slugs=slugs,
        claims=known_claims(loaded.collection.records),
        version=version,
    )


@cache
def rules_digest() -> str:
    """Hash the rules and the language data that made a proposal, 16 hexadecimal digits."""
    folder = resources.files("kg.intake")
    digest = hashlib.sha256()
    for name, content in sorted(_rule_contents(folder)):
        digest.update(f"{name}\x1f{hashlib.sha256(content).hexdigest()}\x1f".encode())
    return digest.hexdigest()[:16]


def _rule_contents(folder: Traversable) -> Iterable[tuple[str, bytes]]:
    for item in (folder / "lang").iterdir():
        if item.name.endswith(".toml"):
            yield item.name, item.read_bytes()
    for item in folder.iterdir():
        stem = item.name.removesuffix(".py")
        if item.name.endswith(".py") and (stem in _RULE_FILES or stem.startswith("rules_")):
            yield item.name, item.read_bytes()
