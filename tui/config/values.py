"""Checking the values of draft.toml: one function a kind of value, each pure.

A check takes the plain TOML value and returns what the `Environment` holds, or raises `UnfitError`.
"""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from tui.config.labels import dns_label, is_dns_label
from tui.model.globs import translate

Check = Callable[[Any], Any]

TYPE_NAMES: Mapping[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
PORT_MAX = 65_535


class UnfitError(Exception):
    """A value that does not fit its key: what is wrong with it, and what would fit."""

    def __init__(
        self, problem: str, remedy: str, code: str = "config-bad-value", key: str = ""
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        """Goes on after the key: `must be ..., not ...`."""
        self.remedy = remedy
        self.code = code
        self.key = key
        """The key inside the value that is to blame, for the line; empty for the whole."""


def text(value: Any) -> str:
    """Check a text; NUL fits nowhere."""
    checked: str = typed(value, str, '"..."')
    if "\0" in checked:
        raise UnfitError("holds a NUL character", "remove it")
    return checked


def flag(value: Any) -> bool:
    """Check a boolean."""
    checked: bool = typed(value, bool, "true")
    return checked


def label(value: Any) -> str:
    """Check a DNS label."""
    checked = text(value)
    if not is_dns_label(checked):
        raise UnfitError(
            f"is {shown(checked)}, which is no DNS label: "
            "lower-case letters, digits and dashes, at most 63",
            f'write "{dns_label(checked)}"',
            "config-name",
        )
    return checked


def port(value: Any) -> int:
    """Check a TCP port; 0 stands for one that redraft chooses."""
    checked: int = typed(value, int, "8080")
    if not 0 <= checked <= PORT_MAX:
        raise UnfitError(
            f"is {shown(checked)}, out of range",
            "use 1 to 65535, or 0 to let redraft choose a free one",
            "config-port",
        )
    return checked


def replicas(value: Any) -> int:
    """Check a number of replicas."""
    checked: int = typed(value, int, "1")
    if not 1 <= checked <= 1000:
        raise UnfitError(f"is {shown(checked)}, out of range", "use 1 to 1000")
    return checked


def seconds(value: Any) -> float:
    """Check a duration in seconds, whole or not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(value, "a number of seconds", "0.3")
    if not math.isfinite(value) or not 0 <= value <= 3600:
        raise UnfitError(f"is {shown(value)}, out of range", "use 0 to 3600 seconds")
    return float(value)


def path(value: Any) -> str:
    """Check a path that stays inside the project's folder."""
    checked = text(value)
    pure = PurePosixPath(checked)
    if pure.is_absolute() or ".." in pure.parts:
        raise UnfitError(f"is {shown(checked)}, outside the project", "name a path inside it")
    return checked


def glob(value: Any, key: str = "") -> str:
    """Check a path that may have wildcards, as Docker's ignore rules do."""
    checked = text(value)
    try:
        re.compile(translate(checked, spanning=True))
    except re.error as error:
        problem = f"holds the glob {shown(checked)}, which cannot be read: {error}"
        raise UnfitError(problem, "write it like Docker's ignore rules", key=key) from error
    return path(checked)


def file_glob(value: Any) -> str:
    """Check a path or a glob of files that are looked for, by which `**` is a folder's whole name.

    Else pathlib takes it for a mistake, or for `*`, as its version will have it.
    """
    checked = glob(value)
    if any("**" in part and part != "**" for part in PurePosixPath(checked).parts):
        problem = f"holds {shown(checked)}, in which ** is not a whole folder"
        raise UnfitError(problem, 'write it like "k8s/**/*.yaml"')
    return checked


def url_path(value: Any) -> str:
    """Check the path of a URL; empty stands for none."""
    checked = text(value)
    if checked and not re.fullmatch(r"/[!-~]*", checked):
        raise UnfitError(f"is {shown(checked)}, no path of a URL", 'begin it with "/"; no spaces')
    return checked


def choice(*names: str) -> Check:
    """Make the check for one of a few words."""

    def check(value: Any) -> str:
        checked = text(value)
        if checked not in names:
            listed = ", ".join(f'"{name}"' for name in names)
            raise UnfitError(f"is {shown(checked)}, none of its choices", f"use one of {listed}")
        return checked

    return check


def several(check: Check) -> Check:
    """Make the check for a list of what `check` takes."""

    def check_all(value: Any) -> tuple[Any, ...]:
        return tuple(check(item) for item in typed(value, list, '["..."]'))

    return check_all


def assignment(value: Any) -> str:
    """Check a Helm value written as `key=value`."""
    checked = text(value)
    if not re.match(r"[^=\s]+=", checked):
        raise UnfitError(f"holds {shown(checked)}, not key=value", 'write it as "key=value"')
    return checked


def port_pair(value: Any) -> str:
    """Check `local:remote`, two ports."""
    checked = text(value)
    match = re.fullmatch(r"(\d{1,5}):(\d{1,5})", checked)
    if not match or not all(0 < int(number) <= PORT_MAX for number in match.groups()):
        raise UnfitError(
            f"holds {shown(checked)}, not two ports", 'write it as "8080:80"', "config-port"
        )
    return checked


def command(value: Any) -> tuple[str, ...]:
    """Check a command: a list is an argv, a text goes to `sh -c`."""
    if isinstance(value, str):
        stripped = text(value).strip()
        return ("sh", "-c", stripped) if stripped else ()
    if not isinstance(value, list):
        raise wrong_type(value, "a text or a list of texts", '"python app.py"')
    return tuple(text(item) for item in value)


def typed(value: Any, kind: type, example: str) -> Any:
    """Check that a value is of just this type; an example is the remedy."""
    if type(value) is not kind:
        raise wrong_type(value, TYPE_NAMES[kind], example)
    return value


def wrong_type(value: Any, wanted: str, example: str) -> UnfitError:
    """Return the error of a value of another type than is wanted."""
    problem = f"must be {wanted}, not {type_name(value)}"
    return UnfitError(problem, f"write it like {example}", "config-wrong-type")


def type_name(value: Any) -> str:
    """Return what a value of TOML is called to the user."""
    return TYPE_NAMES.get(type(value), "a date or time")


def shown(value: Any) -> str:
    """Show a value short and on one line, whatever is in it."""
    shown = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
