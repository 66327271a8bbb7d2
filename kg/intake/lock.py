"""Lets one writer at a time change the records of a project.

In: a project. Out: a lock held for the length of a `with` block, released whatever happens. Two
readers need none; two machines that share a disk are not kept apart.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import ProjectError
from kg.project import Project

try:
    import fcntl
except ImportError:  # a system without it: the last writer wins, each file still whole
    fcntl = None  # type: ignore[assignment]

__all__ = ["writing"]


@contextmanager
def writing(project: Project) -> Iterator[None]:
    """Wait for other writers of this project, then keep them out.

    Raises:
        ProjectError: the project folder cannot be written.
    """
    path = project.root / ".kg" / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ProjectError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
