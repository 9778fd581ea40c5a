"""Plain values: frozen dataclasses to what JSON can hold, and back.

Reading is strict: a missing, unknown or wrongly typed field is a `ValueError`, so that what is
damaged is told apart from what is good. What other versions of redraft read and write as well is
parted first: fields that only a newer one has are laid aside, and put back when it is written.
"""

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """Turn a model value into dicts, lists, texts and numbers."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: Any, value: Any) -> Any:
    """Make a value of type `kind` from plain ones; raises ValueError when it does not fit."""
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_from(kind, value)
    if origin is tuple:
        return _tuple_from(get_args(kind), value)
    if origin in (Union, types.UnionType):
        return _union_from(get_args(kind), value)
    if origin is Literal:
        return _expect(value in get_args(kind), value, kind)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return _expect(type(value) is kind, value, kind)


def part(kind: Any, value: Any) -> tuple[Any, dict[str, Any]]:
    """Part plain values into what a `kind` has fields for, and the fields it has not.

    Those that are in an item of a list belong to no place that could be found again: they are gone.
    """
    kinds = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) is tuple and kinds[1:] == [Ellipsis] and isinstance(value, list):
        return [part(kinds[0], item)[0] for item in value], {}
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = kinds
    if not dataclasses.is_dataclass(kind) or not isinstance(value, dict):
        return value, {}
    hints, known, unknown = _hints(cast("type", kind)), dict[str, Any](), dict[str, Any]()
    for name, item in value.items():
        if name not in hints:
            unknown[name] = item
            continue
        known[name], below = part(hints[name], item)
        if below:
            unknown[name] = below
    return known, unknown


def join(plain: Mapping[str, Any], unknown: Mapping[str, Any]) -> dict[str, Any]:
    """Put fields back that were parted; what became of the object they were in decides."""
    joined = dict(plain)
    for name, item in unknown.items():
        if name not in plain:
            joined[name] = item
        elif isinstance(plain[name], Mapping) and isinstance(item, Mapping):
            joined[name] = join(plain[name], item)
    return joined


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _dataclass_from(kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{kind.__name__}: expected an object, got {type(value).__name__}")
    hints = _hints(kind)
    if unknown := value.keys() - hints.keys():
        raise ValueError(f"{kind.__name__}: unknown field {min(unknown)}")
    try:
        return kind(**{name: from_plain(hints[name], item) for name, item in value.items()})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def _tuple_from(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list, got {type(value).__name__}")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(from_plain(kinds[0], item) for item in value)
    if len(kinds) != len(value):
        raise ValueError(f"expected {len(kinds)} items, got {len(value)}")
    return tuple(from_plain(kind, item) for kind, item in zip(kinds, value, strict=True))


def _union_from(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in kinds:
        return None
    (kind,) = (k for k in kinds if k is not type(None))
    return from_plain(kind, value)


def _expect(fits: bool, value: Any, kind: Any) -> Any:
    if not fits:
        raise ValueError(f"expected {kind}, got {value!r:.80}")
    return value
