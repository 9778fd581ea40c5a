"""Hypothesis strategies shared by the tests."""

from typing import get_args

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
from tui.model.stages import StageName

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False, width=32))

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
