"""Frozen values: dataclasses that cost next to nothing to define.

Defining a frozen dataclass with slots takes half a millisecond, for six methods of its own are
compiled; there are more than a hundred, and a run of redraft needs few of them. Here a class only
gets its slots and methods that all of them share. What has to be compiled for it, `__init__`, is so
when it is first looked at, by `dataclasses` itself. All else (`replace`, `fields`, patterns) is a
dataclass's. That values are not changed is mypy's to see: nothing checks it at run time, which
makes them cheaper to create as well.
"""

from dataclasses import field, fields, make_dataclass
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[T]) -> type[T]:
    """Make a class a frozen dataclass with slots; equal values of it are equal and hash alike."""
    wanted = [
        (name, hint, vars(kind).get(name, field())) for name, hint in kind.__annotations__.items()
    ]
    names = tuple(name for name, _, _ in wanted)
    own = {name: value for name, value in vars(kind).items() if name not in {*names, *UNSLOTTED}}
    shared = {"__eq__": _equal, "__hash__": _hash, "__repr__": _repr, "__slots__": names}
    made: Any = type(kind.__name__, kind.__bases__, own | shared | {"__match_args__": names})
    made.__qualname__ = kind.__qualname__
    for name in ("__init__", "__dataclass_fields__", "_values"):
        setattr(made, name, _Deferred(made, name, wanted))
    defined: type[T] = made
    return defined


UNSLOTTED = ("__dict__", "__weakref__")
"""What a class without slots has of its own."""

UNREAD = {"__doc__": "The class that this is made for has its own."}
"""Without a text of its own a dataclass is given one: its signature, which takes long to find."""


class _Deferred:
    """An attribute of a class that is made, with its like, when one of them is first looked at."""

    def __init__(self, kind: Any, name: str, wanted: list[tuple[str, Any, Any]]) -> None:
        self._kind, self._name, self._wanted = kind, name, wanted

    def __get__(self, value: object, kind: type | None = None) -> Any:
        """Return the attribute; from now on it is there without asking for it here."""
        known: Any = make_dataclass(
            self._kind.__name__, self._wanted, namespace=UNREAD, eq=False, repr=False
        )
        names = [one.name for one in fields(known) if one.compare]
        self._kind.__init__ = known.__init__
        self._kind.__dataclass_fields__ = known.__dataclass_fields__
        self._kind._values = attrgetter(*names) if names else _nothing
        made = vars(self._kind)[self._name]
        return made.__get__(value, kind) if self._name == "__init__" else made


def _nothing(value: object) -> tuple[()]:
    return ()


def _equal(self: Any, other: Any) -> Any:
    kind = self.__class__
    return kind._values(self) == kind._values(other) if other.__class__ is kind else NotImplemented


def _hash(self: Any) -> int:
    return hash((self.__class__, self.__class__._values(self)))


def _repr(self: Any) -> str:
    names = [one.name for one in fields(self) if one.repr]
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
    return f"{self.__class__.__qualname__}({shown})"
