"""Plain values: frozen dataclasses to what JSON can hold, and back.

Reading is strict: a missing, unknown or wrongly typed field is a `ValueError`, so that a damaged
recording or release file is told apart from a good one.
"""

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


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
