import pytest

from tests.backends.docker.states import state
from tui.backends.docker.endings import container_ended, engine_pause

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("code", "signal"),
    [(0, 0), (1, 0), (37, 0), (137, 9), (139, 11), (143, 15)],
)
def test_a_signal_is_read_from_the_exit_code(code: int, signal: int) -> None:
    ended = container_ended(state(status="exited", exit_code=code, finished=SECOND), ("bye",))
    assert (ended.exit_code, ended.signal, ended.last_lines) == (code, signal, ("bye",))
    assert ended.finished == 1.0


def test_an_end_for_want_of_memory_names_the_limit() -> None:
    killed = state(status="exited", exit_code=137, out_of_memory=True, memory_limit=48 << 20)
    ended = container_ended(killed, ())
    assert (ended.reason, ended.message) == ("OOMKilled", "out of memory at its limit of 48.0 MiB")


def test_what_could_not_be_started_says_why() -> None:
    ended = container_ended(state(status="created", exit_code=127, error="no such file"), ())
    assert (ended.reason, ended.message) == ("StartError", "no such file")


def test_the_engines_pause_doubles_up_to_a_minute() -> None:
    pauses = [engine_pause(count) for count in range(12)]
    assert pauses[:3] == [0.1, 0.2, 0.4]
    assert pauses[-1] == 60.0
