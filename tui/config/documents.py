"""Reading a TOML file of the user's: every way in which that fails is a fault with its place."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from tui.config.lines import KeyPath

SIZE_MAX = 1 << 20
"""Bytes; a settings file larger than this is no settings file."""

TWICE = re.compile(r"overwrite a value|twice|Duplicate")
"""Found in what the parser says of a key or a table that is there a second time."""


@frozen
class Document:
    """A TOML file that was read."""

    name: str
    """As shown to the user, such as `draft.toml`."""
    text: str
    tables: Mapping[str, Any]

    def place(self, path: "KeyPath") -> str:
        """Return `draft.toml:LINE` of a key, or of the table around it."""
        from tui.config.lines import line_of  # only a fault asks, and the first paint waits

        line = line_of(self.text, path)
        return f"{self.name}:{line}" if line else self.name


def read_document(project: Path, name: str) -> Document:
    """Read `name` in the project's folder.

    Raises `FaultError` of kind usage when it is missing, no file, too large, unreadable, not UTF-8
    or not TOML.
    """
    content = _read_bytes(project / name, name)
    return parse_document(_decode(content, name), name)


def parse_document(text: str, name: str) -> Document:
    """Read what a file holds; raises `FaultError` of kind usage when it is not TOML."""
    return Document(name, text, _parse(text, name))


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
        _refuse_odd(status, name)
        with path.open("rb") as file:
            return file.read(SIZE_MAX)
    except FileNotFoundError as error:
        raise _missing(path, name) from error
    except OSError as error:
        raise _fault(
            name,
            "unreadable",
            f"{name} cannot be read: {error.strerror}",
            "make it readable for you, or write it anew with `redraft create`",
        ) from error


def _refuse_odd(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _fault(name, "not-a-file", f"{name} is a folder, not a file", "move it away")
    if not stat.S_ISREG(status.st_mode):
        raise _fault(name, "not-a-file", f"{name} is not an ordinary file", "replace it by one")
    if status.st_size > SIZE_MAX:
        size = f"{status.st_size / SIZE_MAX:.1f} MiB"
        sentence = f"{name} is {size} large; at most 1 MiB is read"
        raise _fault(name, "too-large", sentence, "keep only settings in it")


def _missing(path: Path, name: str) -> FaultError:
    there = path.parent.is_dir()
    sentence = f"there is no {name} here" if there else "there is no such project folder"
    remedy = "press c or run `redraft create`" if there else "check the folder's path"
    return _fault(name, "missing", sentence, remedy, (str(path.parent),))


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _fault(
            name,
            "not-utf8",
            f"{name} is not UTF-8 text",
            "save it as UTF-8",
            (f"byte 0x{content[error.start]:02x}: {error.reason}",),
            line,
        ) from error


def _parse(text: str, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _fault(
            name, "syntax", f"{name} is nested too deeply", "write it with fewer brackets"
        ) from error
    except ValueError as error:
        raise _syntax_fault(text, name, str(error)) from error


def _syntax_fault(text: str, name: str, message: str) -> FaultError:
    match = re.search(r" \(at line (\d+), column \d+\)$", message)
    line = int(match.group(1)) if match else len(text.rstrip().splitlines()) or 1
    cause = message[: match.start()] if match else message.removesuffix(" (at end of document)")
    remedy = 'correct the line; texts stand in quotes, as in name = "greeter"'
    if TWICE.search(cause):
        cause, remedy = "what this line sets is set above already", "keep one of the two"
    lines = text.split("\n")
    evidence = lines[line - 1].strip()[:200] if line <= len(lines) else ""
    return _fault(
        name,
        "syntax",
        f"{name} is not valid TOML: {cause[:1].lower()}{cause[1:]}",
        remedy,
        (evidence,) if evidence else (),
        line,
    )


def _fault(
    name: str,
    code: str,
    sentence: str,
    remedy: str,
    evidence: tuple[str, ...] = (),
    line: int = 0,
) -> FaultError:
    stem = "draft-toml" if name == "draft.toml" else "draft-tasks"
    place = f"{name}:{line}" if line else name
    return FaultError(Fault(f"{stem}-{code}", sentence, "usage", evidence, place, remedy))
