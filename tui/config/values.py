"""Checking the values of draft.toml: one function a kind of value, each pure.

A check takes the plain TOML value and returns what the `Environment` holds, or raises `UnfitError`.
"""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from tui.config.environment import BuildSecret, Sync
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
# Patterns as texts: most files need few of them, and the first paint waits for this module.
TAG = r"(?a)\w[\w.-]{0,127}"
NAME = r"(?a)\w[\w.-]*"
PLATFORM = r"[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?"
REGISTRY = r"(?a)[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:/[a-z0-9][a-z0-9._-]*)*/?"
CACHE = r"[^\s-]\S*"
TASK_NAMES = ("pre-up", "post-up", "post-deploy", "cleanup")


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
    checked: str = _typed(value, str, '"..."')
    if "\0" in checked:
        raise UnfitError("holds a NUL character", "remove it")
    return checked


def flag(value: Any) -> bool:
    """Check a boolean."""
    checked: bool = _typed(value, bool, "true")
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
    checked: int = _typed(value, int, "8080")
    if not 0 <= checked <= PORT_MAX:
        raise UnfitError(
            f"is {shown(checked)}, out of range",
            "use 1 to 65535, or 0 to let redraft choose a free one",
            "config-port",
        )
    return checked


def replicas(value: Any) -> int:
    """Check a number of replicas."""
    checked: int = _typed(value, int, "1")
    if not 1 <= checked <= 1000:
        raise UnfitError(f"is {shown(checked)}, out of range", "use 1 to 1000")
    return checked


def seconds(value: Any) -> float:
    """Check a duration in seconds, whole or not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(value, "a number of seconds", "0.3")
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
        return tuple(check(item) for item in _typed(value, list, '["..."]'))

    return check_all


def assignment(value: Any) -> str:
    """Check a Helm value written as `key=value`."""
    checked = text(value)
    if not re.match(r"[^=\s]+=", checked):
        raise UnfitError(f"holds {shown(checked)}, not key=value", 'write it as "key=value"')
    return checked


def tag(value: Any) -> str:
    """Check an image tag."""
    checked = text(value)
    if not re.fullmatch(TAG, checked):
        raise UnfitError(
            f"holds {shown(checked)}, no image tag", "use letters, digits, dots and dashes"
        )
    return checked


def registry(value: Any) -> str:
    """Check what an image's name begins with: a host or the hub's user, then folders."""
    checked = text(value)
    if checked and not re.fullmatch(REGISTRY, checked):
        remedy = 'write it like "registry.example.com/team", without "https://"'
        raise UnfitError(f"is {shown(checked)}, no registry", remedy)
    return checked


def plain_name(value: Any) -> str:
    """Check the name of a Dockerfile's stage or of a builder; empty stands for the default."""
    checked = text(value)
    if checked and not re.fullmatch(NAME, checked):
        raise UnfitError(f"is {shown(checked)}, no name", "use letters, digits, dots and dashes")
    return checked


def platform(value: Any) -> str:
    """Check a platform as images name them."""
    checked = text(value)
    if not re.fullmatch(PLATFORM, checked):
        remedy = 'write it like "linux/amd64" or "linux/arm/v7"'
        raise UnfitError(f"holds {shown(checked)}, no platform", remedy)
    return checked


def build_secret(value: Any) -> BuildSecret:
    """Check a build secret, written as `docker buildx build --secret` takes it."""
    checked = text(value)
    parts = dict(part.partition("=")[::2] for part in checked.split(","))
    name = parts.get("id", "")
    source = parts.get("src") or parts.get("env")
    if not re.fullmatch(NAME, name) or not source or len(parts) != 2:
        raise UnfitError(
            f"holds {shown(checked)}, no build secret",
            'write it like "id=npm,src=.npmrc" or "id=token,env=NPM_TOKEN"',
        )
    return BuildSecret(name, "file" if "src" in parts else "variable", source)


def cache(value: Any) -> str:
    """Check a cache as buildx names them: an image, or `type=...,...`."""
    checked = text(value)
    if not re.fullmatch(CACHE, checked):
        remedy = 'write it like "type=registry,ref=registry.example.com/greeter:cache"'
        raise UnfitError(f"holds {shown(checked)}, no cache", remedy)
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
        raise _wrong_type(value, "a text or a list of texts", '"python app.py"')
    return tuple(text(item) for item in value)


def strings(value: Any) -> Mapping[str, str]:
    """Check a table of texts, such as `env`; whole numbers are taken as their digits."""
    table: dict[str, Any] = _typed(value, dict, '{ KEY = "value" }')
    return {key: _string_item(key, item) for key, item in table.items()}


def _string_item(key: str, item: Any) -> str:
    if not key or "=" in key or "\0" in key:
        raise UnfitError(f"holds the key {shown(key)}", "use letters, digits and _", key=key)
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    if not isinstance(item, str):
        problem = f"must give {shown(key)} a text, not {_type_name(item)}"
        raise UnfitError(problem, f'write {key} = "..."', "config-wrong-type", key)
    return text(item)


def sync(value: Any) -> tuple[Sync, ...]:
    """Check the table that copies files into what runs: glob to folder in the container."""
    table: dict[str, Any] = _typed(value, dict, '{ "*.py" = "/app" }')
    return tuple(_sync_item(source, target) for source, target in table.items())


def _sync_item(source: str, target: Any) -> Sync:
    if not isinstance(target, str) or not target.startswith("/") or "\0" in target:
        problem = f"must give {shown(source)} an absolute path in the container"
        raise UnfitError(problem, f'write "{source}" = "/app"', key=source)
    if ".." in PurePosixPath(target).parts:
        problem = f"leads {shown(source)} to {shown(target)}, out of the folder it names"
        raise UnfitError(problem, "name the folder itself", key=source)
    try:
        re.compile(translate(source, spanning=True))
    except re.error as error:
        problem = f"holds the glob {shown(source)}, which cannot be read: {error}"
        raise UnfitError(problem, "write it like Docker's ignore rules", key=source) from error
    return Sync(path(source), str(PurePosixPath(target)))


def tasks(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Check the tasks: each hook with a command, a list of them, or a table of named ones."""
    table: dict[str, Any] = _typed(value, dict, '{ pre-up = ["make assets"] }')
    found: dict[str, tuple[str, ...]] = {}
    for key, item in table.items():
        name = key.replace("_", "-")
        if name not in TASK_NAMES:
            listed = ", ".join(TASK_NAMES)
            raise UnfitError(
                f"has no hook {shown(key)}", f"use {listed}", "config-unknown-key", key
            )
        found[name] = _task_commands(key, item)
    return found


def _task_commands(key: str, item: Any) -> tuple[str, ...]:
    commands = list(item.values()) if isinstance(item, dict) else item
    commands = [commands] if isinstance(commands, str) else commands
    if not isinstance(commands, list) or not all(isinstance(c, str) for c in commands):
        remedy = f'write {key} = ["make assets"]'
        raise UnfitError(f"must give {key} commands as texts", remedy, "config-wrong-type", key)
    return tuple(text(c) for c in commands)


def _typed(value: Any, kind: type, example: str) -> Any:
    if type(value) is not kind:
        raise _wrong_type(value, TYPE_NAMES[kind], example)
    return value


def _wrong_type(value: Any, wanted: str, example: str) -> UnfitError:
    problem = f"must be {wanted}, not {_type_name(value)}"
    return UnfitError(problem, f"write it like {example}", "config-wrong-type")


def _type_name(value: Any) -> str:
    return TYPE_NAMES.get(type(value), "a date or time")


def shown(value: Any) -> str:
    """Show a value short and on one line, whatever is in it."""
    shown = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
