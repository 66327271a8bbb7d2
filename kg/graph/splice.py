"""Turtle and TriG brought up to date: what did not change is copied from the file as it was.

In: the old file, an Oxigraph store of the new state, the names of what changed. Out: the bytes
that `kg.graph.turtle` would write. The files are sorted, one block a name, with an empty line
after each and nowhere else, so a block is found by halving.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable
from typing import IO

import pyoxigraph as ox

from kg.graph.turtle import Speller, graph_block

__all__ = ["splice_graphs", "splice_turtle"]

_GAP = b"\n\n"
_STEP = 1 << 22


def splice_turtle(
    old: IO[bytes], store: ox.Store, base: str, subjects: Iterable[str], output: IO[bytes]
) -> None:
    """Write the default graph; `subjects` are the IRIs of which something else is said now.

    Raises:
        StoreError: the graph holds a blank node.
    """
    speller = Speller(base)

    def block(name: str) -> str:
        quads = store.quads_for_pattern(ox.NamedNode(name), None, None, ox.DefaultGraph())
        said = [(str(quad.predicate), str(quad.object)) for quad in quads]
        return speller.block(f"<{name}>", said) if said else ""

    header = speller.header().encode()
    output.write(header)
    _splice(old, len(header), speller, subjects, block, output)


def splice_graphs(
    old: IO[bytes], start: int, store: ox.Store, base: str, graphs: Iterable[str], output: IO[bytes]
) -> None:
    """Write the named graphs, which stand in the old file from `start` on, behind the default one.

    `graphs` names those that hold something else now.
    """
    speller = Speller(base)
    _splice(old, start, speller, graphs, lambda name: graph_block(store, name, speller), output)


def _splice(
    old: IO[bytes],
    start: int,
    speller: Speller,
    names: Iterable[str],
    block: Callable[[str], str],
    output: IO[bytes],
) -> None:
    """Copy the blocks of a file from `start` on, with those of some names as they are now."""
    size = old.seek(0, 2)
    if not size:
        return
    with mmap.mmap(old.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name in sorted(names):
            begin, end = _find(data, name, start, size, speller)
            _copy(data, start, begin, output)
            output.write(block(name).encode("utf-8", "replace"))
            start = end
        _copy(data, start, size, output)


def _copy(data: mmap.mmap, start: int, end: int, output: IO[bytes]) -> None:
    for position in range(start, end, _STEP):
        output.write(data[position : min(position + _STEP, end)])


def _find(data: mmap.mmap, name: str, low: int, high: int, speller: Speller) -> tuple[int, int]:
    """Give where the block of a name begins and ends; where it is not, both are its place."""
    while low < high:
        middle = (low + high) // 2
        begin = data.rfind(_GAP, low, middle) + len(_GAP)
        if begin < len(_GAP):
            begin = low
        # The middle may stand between the two characters of a gap.
        end = data.find(_GAP, max(begin, middle - 1), high) + len(_GAP)
        found = speller.iri(data[begin : data.find(b"\n", begin)].split(b" ")[0].decode())
        if found == name:
            return begin, end
        if found < name:
            low = end
        else:
            high = begin
    return low, low
