"""Files without a name: what a program reads from one is whole, whoever dies meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def nameless_file(content: bytes = b"") -> Iterator[IO[bytes]]:
    """Yield a file to read `content` from, for this user alone; in memory where that is possible.

    No path leads to it, and it is gone with the last process that has it open.
    """
    with _made() as file:
        file.write(content)
        file.seek(0)
        yield file


def _made() -> IO[bytes]:
    if not hasattr(os, "memfd_create"):
        import tempfile  # takes a few milliseconds, and is needed on macOS only

        return tempfile.TemporaryFile()
    descriptor = os.memfd_create("redraft")
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "w+b")
