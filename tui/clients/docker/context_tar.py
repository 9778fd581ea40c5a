"""The build context as a tar that is made while it is sent, so that nothing large is held."""

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 16
PADDING = tarfile.NUL * tarfile.BLOCKSIZE


class ContextTar:
    """The folder's entries, and the Dockerfile where the context does not hold it.

    An ignored Dockerfile must be sent all the same; the engine takes it out of the context again by
    the context's own .dockerignore.
    """

    def __init__(self, context: Path, dockerfile: Path, name: str) -> None:
        self._context = context
        self._dockerfile = dockerfile
        self._name = name
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield the tar; it ends early, and so is refused, once it was closed."""
        for chunk in self._chunks():
            if self._closed:
                return
            yield chunk

    def close(self) -> None:
        """End it, in whatever thread it is read."""
        self._closed = True

    def _chunks(self) -> Iterator[bytes]:
        for folder, folders, files in os.walk(self._context):
            folders.sort()
            for name in sorted((*folders, *files)):
                path = Path(folder) / name
                yield from _entry(path, str(path.relative_to(self._context)))
        if not (self._context / self._name).is_file():
            yield from _entry(self._dockerfile, self._name)
        yield PADDING * 2


def _entry(path: Path, name: str) -> Iterator[bytes]:
    """Yield an entry's header and content; all belongs to root, as in an image."""
    status = path.lstat()
    info = tarfile.TarInfo(name)
    info.mode = stat.S_IMODE(status.st_mode)
    info.mtime = status.st_mtime
    if stat.S_ISLNK(status.st_mode):
        info.type, info.linkname = tarfile.SYMTYPE, str(path.readlink())
    elif stat.S_ISDIR(status.st_mode):
        info.type = tarfile.DIRTYPE
    else:
        info.size = status.st_size
    yield info.tobuf(tarfile.PAX_FORMAT)
    if info.isreg():
        yield from _content(path, info.size)


def _content(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
    yield tarfile.NUL * (-size % tarfile.BLOCKSIZE)
