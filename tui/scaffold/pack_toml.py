"""Reading pack.toml: strictly, so that a slip in a pack is told and not silently passed over."""

import dataclasses
import re
import tomllib
import types
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from tui.scaffold.pack import Framework, Pack, Rule, Step, broken

T = TypeVar("T")
TABLES: Mapping[str, type] = {"rule": Rule, "framework": Framework, "step": Step}
"""The arrays of tables in a pack.toml, and what each entry becomes."""
PLAIN: Mapping[str, type] = {"description": str, "port": int, "builds-with-language": bool}


def read_pack(folder: Path) -> Pack:
    """Read `folder`/pack.toml; raises FaultError when it is wrong in any way."""
    path = folder / "pack.toml"
    try:
        return _pack(folder, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise broken(path, str(error)) from error


@lru_cache
def _pack(folder: Path, text: str) -> Pack:
    """Return what a pack.toml says; every build asks, and it hardly ever says anything new."""
    table = tomllib.loads(text)
    if unknown := table.keys() - TABLES.keys() - PLAIN.keys() - {"env", "links", "sync"}:
        raise ValueError(f"unknown key {min(unknown)}")
    plain = {
        key.replace("-", "_"): _expect(table[key], kind, key)
        for key, kind in PLAIN.items()
        if key in table
    }
    return Pack(
        name=folder.name,
        folder=folder,
        rules=_entries(table, "rule", Rule),
        frameworks=_entries(table, "framework", Framework),
        steps=_entries(table, "step", Step),
        env=_texts(table, "env"),
        links=_texts(table, "links"),
        sync=_texts(table, "sync"),
        **plain,
    )


def _entries(table: Mapping[str, Any], key: str, kind: type[T]) -> tuple[T, ...]:
    return tuple(_entry(kind, one, key) for one in _expect(table.get(key, []), list, key))


def _entry(kind: type[T], table: Any, where: str) -> T:
    """Make one rule, framework or step; its fields say which keys and types there are."""
    hints = get_type_hints(kind)
    if unknown := _expect(table, dict, where).keys() - hints.keys():
        raise ValueError(f"[[{where}]] has an unknown key {min(unknown)}")
    values = {key: _value(hints[key], value, key) for key, value in table.items()}
    missing = [
        field.name
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]  # all three are dataclasses
        if field.default is dataclasses.MISSING and field.name not in values
    ]
    if missing:
        raise ValueError(f"[[{where}]] lacks {missing[0]}")
    return kind(**values)


def _value(hint: Any, value: Any, key: str) -> Any:
    if hint == tuple[str, ...]:
        return tuple(_expect(item, str, key) for item in _expect(value, list, key))
    if hint in (re.Pattern[str], re.Pattern[str] | types.NoneType):
        return _pattern(_expect(value, str, key), key)
    return _expect(value, hint, key)


def _pattern(text: str, key: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.MULTILINE)
    except re.error as error:
        raise ValueError(f"{key}: {error}") from error


def _texts(table: Mapping[str, Any], key: str) -> dict[str, str]:
    texts: dict[str, Any] = _expect(table.get(key, {}), dict, key)
    return {name: _expect(value, str, name) for name, value in texts.items()}


def _expect(value: Any, kind: type, key: str) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{key} must be {kind.__name__}, not {type(value).__name__}")
    return value
