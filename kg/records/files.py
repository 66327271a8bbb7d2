"""Record files as text: YAML and JSON Lines read strictly, written so that comments survive.

In: bytes of one file. Out: plain data with a way to find the line of any place in it; and back.
Knows syntax, not meaning: what the fields are is in `kg.records.decode`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kg.records.encode import Plain
from kg.records.fields import Place

__all__ = [
    "MAXIMUM_BYTES",
    "Parsed",
    "SyntaxFaultError",
    "parse_json_line",
    "parse_yaml",
    "render_yaml",
]

MAXIMUM_BYTES = 8_000_000
"""The largest YAML file, or JSON line, that is read; a larger collection belongs in many lines."""


class SyntaxFaultError(Exception):
    """A file that is no YAML, JSON or UTF-8 at all; `line` counts from 1."""

    def __init__(self, code: str, line: int, message: str) -> None:
        """Keep code and line beside the message."""
        super().__init__(message)
        self.code = code
        self.line = line


class Parsed(NamedTuple):
    """Plain data, the line of any place in it, and keys that stand twice."""

    data: object
    line_of: Callable[[Place], int]
    twice: tuple[tuple[str, int], ...]


def parse_yaml(content: bytes) -> Parsed:
    """Read YAML 1.2 into plain data; anchors, tags and several documents are refused.

    Raises:
        SyntaxFaultError: the bytes are not UTF-8, not YAML, or too many.
    """
    text = _decoded(content)
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SyntaxFaultError(
            "bad-yaml",
            mark.line + 1 if mark else 0,
            f"this is not YAML: {error.problem or 'cannot be read'}"
            f"{f' (column {mark.column + 1})' if mark else ''}; "
            "check indentation, quotes and colons",
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:120] or "it nests too deeply"
        raise SyntaxFaultError("bad-yaml", 0, f"this is not YAML: {problem}") from error
    twice: list[tuple[str, int]] = []
    data = _plain(root, twice, set())
    return Parsed(data, lambda place: _line(root, place), tuple(twice))


def parse_json_line(line: bytes, number: int) -> object:
    """Read one line of a JSON Lines file.

    Raises:
        SyntaxFaultError: the line is not UTF-8, not JSON, or too long.
    """
    if len(line) > MAXIMUM_BYTES:
        raise SyntaxFaultError(
            "too-large",
            number,
            f"the line has {len(line):,} bytes, more than the {MAXIMUM_BYTES:,} read as one record",
        )
    try:
        return json.loads(line)
    except UnicodeDecodeError as error:
        raise SyntaxFaultError("not-utf8", number, f"byte {error.start} is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise SyntaxFaultError("bad-json", number, f"this line is not JSON: {error}") from error


def render_yaml(plain: Plain, previous: str = "") -> str:
    """Write plain data as YAML; a previous text keeps its comments, order and unchanged lines.

    Rendering what was parsed from a rendered text gives the same text.
    """
    yaml = _writer()
    target: object = CommentedMap()
    if previous.strip():
        target = yaml.load(previous)
        if not isinstance(target, CommentedMap):
            target = CommentedMap()
    _merge(target, plain)
    stream = io.StringIO()
    yaml.dump(target, stream)
    return stream.getvalue()


def _decoded(content: bytes) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise SyntaxFaultError(
            "too-large",
            0,
            f"the file has {len(content):,} bytes, more than the {MAXIMUM_BYTES:,} read as YAML; "
            "keep large collections as JSON Lines (*.records.jsonl)",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SyntaxFaultError(
            "not-utf8", line, f"byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from error


_SCALARS = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}


def _plain(node: Node | None, twice: list[tuple[str, int]], seen: set[int]) -> object:
    if node is None:
        return None
    if id(node) in seen:
        raise SyntaxFaultError(
            "alias", node.start_mark.line + 1, "`&name` and `*name` are not read; write it out"
        )
    seen.add(id(node))
    if isinstance(node, MappingNode):
        made: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in made:
                twice.append((key, key_node.start_mark.line + 1))
            made[key] = _plain(value_node, twice, seen)
        return made
    if isinstance(node, SequenceNode):
        return [_plain(item, twice, seen) for item in node.value]
    assert isinstance(node, ScalarNode)
    return _scalar(str(node.tag), str(node.value))


def _scalar(tag: str, value: str) -> object:
    if tag == "tag:yaml.org,2002:null":
        return None
    if tag == "tag:yaml.org,2002:bool":
        return value.lower() == "true"
    maker = _SCALARS.get(tag)
    if maker is None:
        return value
    try:
        return maker(value)
    except ValueError:
        return value


def _line(root: Node | None, place: Place) -> int:
    node = root
    line = node.start_mark.line + 1 if node is not None else 0
    for step in place:
        found: Node | None = None
        if isinstance(node, MappingNode):
            for key_node, value_node in node.value:
                if str(key_node.value) == str(step):
                    found, line = value_node, key_node.start_mark.line + 1
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            line = found.start_mark.line + 1
        if found is None:
            return line
        node = found
    return line


def _writer() -> YAML:
    yaml = YAML(typ="rt")
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    return yaml


def _merge(target: object, plain: Mapping[str, object]) -> None:
    assert isinstance(target, CommentedMap)
    for key in [key for key in target if key not in plain]:
        del target[key]
    for position, (key, value) in enumerate(plain.items()):
        if key not in target:
            target.insert(min(position, len(target)), key, _yaml_value(value))
        elif isinstance(value, Mapping) and isinstance(target[key], CommentedMap):
            _merge(target[key], value)
        elif _is_item_list(value) and isinstance(target[key], CommentedSeq):
            _merge_items(target[key], value)
        elif _bare(target[key]) != value:
            target[key] = _yaml_value(value)


def _is_item_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _merge_items(target: CommentedSeq, items: object) -> None:
    """Update a list of mappings item by item, matched by `id` or else by position."""
    assert isinstance(items, list)
    if all("id" in item for item in items):
        known = {str(item.get("id")): item for item in target if isinstance(item, CommentedMap)}
        if [str(item.get("id")) for item in target] != [str(item["id"]) for item in items]:
            rest = [known.get(str(item["id"])) for item in items]
            made = [old if old is not None else CommentedMap() for old in rest]
            del target[:]
            target.extend(made)
    else:
        while len(target) > len(items):
            del target[-1]
        while len(target) < len(items):
            target.append(CommentedMap())
    for old, item in zip(target, items, strict=True):
        _merge(old, item)


def _bare(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _bare(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_bare(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return int(value)
    return str(value)


def _yaml_value(value: object) -> object:
    if isinstance(value, Mapping):
        made = CommentedMap()
        for key, item in value.items():
            made[key] = _yaml_value(item)
        return made
    if isinstance(value, list):
        items = CommentedSeq([_yaml_value(item) for item in value])
        if all(isinstance(item, int) for item in value) or all(
            isinstance(item, list) for item in value
        ):
            items.fa.set_flow_style()
        return items
    return value
