"""The protocol's version rises with every change of the data that cross the socket."""

import dataclasses
import hashlib
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tui.model.faults import Fault
from tui.model.rollouts import Rollout
from tui.ports import capabilities
from tui.supervisor.protocol import App
from tui.supervisor.version import VERSION

CROSSING = (App, Rollout, Fault, capabilities.Testimony)
"""What requests and answers are made of."""
KNOWN = {2: "fdb6ee7fdd05fe85"}
"""A fingerprint of all fields for each version. Add a line; change none."""


def test_what_crosses_the_protocol_is_what_its_version_says() -> None:
    told = fingerprint()
    assert KNOWN.get(VERSION) == told, (
        "what crosses the protocol has changed: raise VERSION in tui/supervisor/version.py "
        f"and add its line here: {VERSION + 1}: {told!r}"
    )
    assert len(set(KNOWN.values())) == len(KNOWN) == max(KNOWN) - 1


def fingerprint() -> str:
    """Return what stands for all fields, below whatever they are in, and their types."""
    fields = dict[str, str]()
    for kind in CROSSING:
        spell(kind, fields)
    return hashlib.sha256("\n".join(sorted(fields.values())).encode()).hexdigest()[:16]


def spell(kind: Any, fields: dict[str, str]) -> str:
    """Return how a type is called, alike on every Python, and note the fields of all in it."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return f"one of {sorted(map(repr, inside))}"
    if origin in (Union, types.UnionType):
        return " | ".join(sorted(spell(one, fields) for one in inside))
    if origin is not None:
        return f"{origin.__name__}[{', '.join(spell(one, fields) for one in inside)}]"
    if isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")):
        note(kind, fields)
    return getattr(kind, "__name__", repr(kind))


def note(kind: type, fields: dict[str, str]) -> None:
    """Note the fields of a type and of those that they hold."""
    if kind.__name__ in fields:
        return
    fields[kind.__name__] = ""
    told = [f"{name}: {spell(hint, fields)}" for name, hint in get_type_hints(kind).items()]
    fields[kind.__name__] = f"{kind.__name__}({', '.join(told)})"
