"""Checking the tables within an environment of draft.toml: texts, sync rules, tasks; pure."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from tui.config.environment import Sync
from tui.config.values import UnfitError, glob, shown, text, type_name, typed

TASK_NAMES = ("pre-up", "post-up", "post-deploy", "cleanup")


def strings(value: Any) -> Mapping[str, str]:
    """Check a table of texts, such as `env`; whole numbers are taken as their digits."""
    table: dict[str, Any] = typed(value, dict, '{ KEY = "value" }')
    return {key: _string_item(key, item) for key, item in table.items()}


def _string_item(key: str, item: Any) -> str:
    if not key or "=" in key or "\0" in key:
        raise UnfitError(f"holds the key {shown(key)}", "use letters, digits and _", key=key)
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    if not isinstance(item, str):
        problem = f"must give {shown(key)} a text, not {type_name(item)}"
        raise UnfitError(problem, f'write {key} = "..."', "config-wrong-type", key)
    return text(item)


def sync(value: Any) -> tuple[Sync, ...]:
    """Check the table that copies files into what runs: glob to folder in the container."""
    table: dict[str, Any] = typed(value, dict, '{ "*.py" = "/app" }')
    return tuple(_sync_item(source, target) for source, target in table.items())


def _sync_item(source: str, target: Any) -> Sync:
    if not isinstance(target, str) or not target.startswith("/") or "\0" in target:
        problem = f"must give {shown(source)} an absolute path in the container"
        raise UnfitError(problem, f'write "{source}" = "/app"', key=source)
    if ".." in PurePosixPath(target).parts:
        problem = f"leads {shown(source)} to {shown(target)}, out of the folder it names"
        raise UnfitError(problem, "name the folder itself", key=source)
    return Sync(glob(source, key=source), str(PurePosixPath(target)))


def tasks(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Check the tasks: each hook with a command, a list of them, or a table of named ones."""
    table: dict[str, Any] = typed(value, dict, '{ pre-up = ["make assets"] }')
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
