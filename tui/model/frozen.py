"""Frozen values: dataclasses that cost little to define.

A frozen dataclass with slots takes half a millisecond to define, for it compiles six methods of its
own; more than a hundred of them were a third of what redraft takes to start. Here only `__init__`
is compiled, and the other methods are shared. All else (`replace`, `fields`, patterns, slots) is a
dataclass's. That values are not changed is mypy's to see: nothing checks it at run time, which
makes them cheaper to create as well.
"""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[T]) -> type[T]:
    """Make a class a frozen dataclass with slots; equal values of it are equal and hash alike."""
    made: Any = dataclass(eq=False, repr=False, slots=True)(kind)
    for name, method in {"__eq__": _equal, "__hash__": _hash, "__repr__": _repr}.items():
        setattr(made, name, method)
    names = [one.name for one in fields(made) if one.compare]
    made._values = attrgetter(*names) if names else _nothing
    defined: type[T] = made
    return defined


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
