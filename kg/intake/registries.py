"""Adds proposed items to a collection's registries, leaving every line that is there as it is.

In: agents, topics, outlets and cited sources. Out: `agents.yaml`, `topics.yaml`, `outlets.yaml`
with them appended, each written whole or not at all. What is there already is never changed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from kg.errors import RecordError
from kg.model import Agent, CitedSource, Finding, Level, Outlet, Topic
from kg.project import Project, write_atomically
from kg.records.encode import Plain, encode_item
from kg.records.files import SyntaxFaultError, parse_yaml, render_yaml

__all__ = ["add_to_registries"]


def add_to_registries(
    project: Project,
    *,
    agents: Iterable[Agent] = (),
    topics: Iterable[Topic] = (),
    outlets: Iterable[Outlet] = (),
    sources: Iterable[CitedSource] = (),
) -> None:
    """Append items to the registries; items whose id is there already are left out.

    Raises:
        RecordError: a registry cannot be read, so it is not written either.
        ProjectError: it cannot be written.
    """
    _append(project, "agents", {"agents": [encode_item(item) for item in agents]})
    _append(project, "topics", {"topics": [encode_item(item) for item in topics]})
    _append(
        project,
        "outlets",
        {
            "outlets": [encode_item(item) for item in outlets],
            "sources": [encode_item(item) for item in sources],
        },
    )


def _append(project: Project, name: str, lists: Mapping[str, Sequence[Plain]]) -> None:
    if not any(lists.values()):
        return
    path = project.sources / f"{name}.yaml"
    bulk = project.sources / f"{name}.jsonl"
    if bulk.is_file() and not path.is_file():
        before = bulk.read_bytes()
        lines = [
            json.dumps({"list": key, **item}, ensure_ascii=False)
            for key, items in lists.items()
            for item in items
        ]
        end = b"" if not before or before.endswith(b"\n") else b"\n"
        write_atomically(bulk, before + end + "\n".join(lines).encode("utf-8") + b"\n")
        return
    previous = path.read_bytes() if path.is_file() else b""
    try:
        parsed = parse_yaml(previous).data if previous.strip() else {}
    except SyntaxFaultError as fault:
        place = project.relative(path)
        finding = Finding(place, fault.line, Level.ERROR, fault.code, str(fault))
        raise RecordError(f"{place}: mend this file first; nothing was added", [finding]) from fault
    plain: Plain = dict(parsed) if isinstance(parsed, Mapping) else {}
    for key, items in lists.items():
        listed = plain.get(key)
        there: list[object] = list(listed) if isinstance(listed, list) else []
        ids = {item.get("id") for item in there if isinstance(item, Mapping)}
        there.extend(item for item in items if item["id"] not in ids)
        if there:
            plain[key] = there
    text = render_yaml(plain, previous.decode("utf-8"))
    if text.encode("utf-8") != previous:
        write_atomically(path, text)
