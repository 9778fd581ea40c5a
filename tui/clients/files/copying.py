"""Copying files by the hundred thousand: a few system calls each, and no more."""

import hashlib
import os

CHUNK = 1 << 20
FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def copy_file(source: str, target: str, size: int, mode: int) -> None:
    """Copy a file of so many bytes to a path where nothing is; raises OSError."""
    reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        writing = os.open(target, FRESH, mode)
        try:
            while content := os.read(reading, min(size + 1, CHUNK)):
                _write(writing, content)
                if len(content) == size:
                    break
            os.fchmod(writing, mode)  # whatever the umask takes away
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def copy_hashed(source: str, target: str, size: int, mode: int) -> str:
    """Copy a file of about so many bytes, in place of what is there; return the SHA-256 in hex.

    Returns an empty text when the file is gone; raises OSError.
    """
    try:
        reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    digest = hashlib.sha256()
    try:
        writing = os.open(target, ANEW, mode)
        try:
            while content := os.read(reading, min(size + 1, CHUNK)):
                digest.update(content)
                _write(writing, content)
            os.fchmod(writing, mode)
        finally:
            os.close(writing)
    finally:
        os.close(reading)
    return digest.hexdigest()


def _write(descriptor: int, content: bytes) -> None:
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, content[written:])
