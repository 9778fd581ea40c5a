"""Hypothesis strategies shared by the tests."""

import dataclasses
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from tui.model.commands import (
    ConfirmName,
    DropHeld,
    PauseWatch,
    ReleaseHeld,
    ResumeWatch,
    Rollback,
    Up,
)
from tui.model.decide import Inbox, Running
from tui.model.events import Event, Stamped
from tui.model.faults import Fault
from tui.model.rollouts import Container, Pod, Probe, Rollout, Termination
from tui.model.routes import Backend, Ingress, Service, ServicePort
from tui.model.stages import StageName

MOST = 2
"""Of everything in a picture of what runs: as many as it takes to mix things up."""


def few(kind: type) -> st.SearchStrategy[Any]:
    """Return the values of a dataclass whose tuples are short; else pictures take long to make."""
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{one.name: _field(hints[one.name], one) for one in dataclasses.fields(kind)}
    )


def _field(hint: Any, one: "dataclasses.Field[Any]") -> st.SearchStrategy[Any]:
    made = st.from_type(hint)
    if get_origin(hint) is tuple and get_args(hint)[-1] is Ellipsis:
        made = st.lists(st.from_type(get_args(hint)[0]), max_size=MOST).map(tuple)
    return made if one.default is dataclasses.MISSING else st.just(one.default) | made


st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False, width=32))
st.register_type_strategy(
    Fault, st.builds(Fault, st.text(min_size=1), st.text(min_size=1), evidence=st.just(("line",)))
)
for kind in (Termination, Probe, Container, Pod, ServicePort, Service, Backend, Ingress, Rollout):
    st.register_type_strategy(kind, few(kind))

events: st.SearchStrategy[Event] = st.one_of(*(st.from_type(kind) for kind in get_args(Event)))
stamped = st.builds(Stamped, st.integers(0, 1 << 40), st.floats(0, 4e9), events)
commands = st.one_of(
    st.builds(Up),
    st.builds(Rollback, st.integers(0, 5)),
    st.builds(PauseWatch),
    st.builds(ResumeWatch),
    st.builds(ReleaseHeld),
    st.builds(DropHeld),
    st.builds(ConfirmName),
)
inboxes = st.from_type(Inbox)
stages: st.SearchStrategy[StageName] = st.sampled_from(get_args(StageName))
running = st.one_of(st.none(), st.builds(Running, st.integers(1, 99), st.none() | stages))
