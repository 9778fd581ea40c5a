import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.engine.outputs import Outputs
from tui.model.changes import Change


def saved(path: str, written: float) -> tuple[Change, ...]:
    return (Change(path, "modified", written=written),)


def run(outputs: Outputs) -> float:
    """Let tasks run; return a moment within."""
    with outputs.collected():
        return time.time()


def marks(changes: tuple[Change, ...]) -> list[str]:
    return [change.ignored_by for change in changes]


def test_what_tasks_write_counts_once_and_never_again() -> None:
    outputs = Outputs()
    assert marks(outputs.mark(saved("gen.js", run(outputs)))) == [""]
    for _ in range(3):
        assert marks(outputs.mark(saved("gen.js", run(outputs)))) == ["pre-up task"]


def test_a_save_between_two_runs_makes_a_file_the_users_again() -> None:
    outputs = Outputs()
    for _ in range(2):
        outputs.mark(saved("app.py", run(outputs)))
    assert marks(outputs.mark(saved("app.py", time.time() + 9))) == [""]
    assert marks(outputs.mark(saved("app.py", run(outputs)))) == [""]


def test_events_that_come_while_the_next_run_goes_on_are_told_apart() -> None:
    outputs = Outputs()
    outputs.mark(saved("gen.js", run(outputs)))
    late = run(outputs)
    with outputs.collected():
        assert marks(outputs.mark(saved("gen.js", late))) == ["pre-up task"]


def test_a_run_that_failed_is_over() -> None:
    outputs = Outputs()
    with pytest.raises(ZeroDivisionError), outputs.collected():
        raise ZeroDivisionError
    outputs.mark(saved("gen.js", run(outputs)))
    assert marks(outputs.mark(saved("gen.js", time.time() + 9))) == [""]


@given(st.lists(st.booleans(), max_size=12))
def test_without_tasks_nothing_is_ever_marked(gone: list[bool]) -> None:
    changes = tuple(Change(str(n), "deleted", written=0.0) for n in range(len(gone)))
    assert Outputs().mark(changes) == changes
