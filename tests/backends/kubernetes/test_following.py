"""What a real kubelet cannot be made to show at will: statuses that lag, logs that are gone.

The real thing is followed in tests/integration/kube/test_logs.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from tui.backends.kubernetes.following import (
    DELETED,
    EMPTIED,
    ROTATED,
    UNREAD,
    Follower,
)
from tui.backends.kubernetes.incarnations import Incarnation
from tui.backends.kubernetes.merging import Merger
from tui.backends.kubernetes.outlet import Origin
from tui.clients.kube.loglines import SECOND
from tui.clients.kube.logs import LogReader
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogRecord

RUNNING, ENDED = False, True


def log(begin: int, *numbers: int) -> bytes:
    """Return lines, each a second after the one before."""
    stamps = ((f"2021-01-02T03:{begin:02}:{n:02}.000000001Z", n) for n in numbers)
    return b"".join(f"{stamp} {begin}-{n}\n".encode() for stamp, n in stamps)


def second(begin: int, number: int) -> float:
    """Return the Unix time of a line of `log` in whole seconds."""
    return datetime(2021, 1, 2, 3, begin, number, tzinfo=UTC).timestamp()


GONE = b"unable to retrieve container logs for docker://4f1c"
"""What a kubelet answers of a container that it has removed, as if it were its log."""


class Content:
    """An answer that has all its bytes at once, and then ends or breaks."""

    def __init__(self, content: bytes, *, breaks: bool) -> None:
        self._pieces = [content, b""]
        self._breaks = breaks

    async def readany(self) -> bytes:
        if self._breaks and self._pieces == [b""]:
            raise FaultError(Fault("api-unreachable", "the connection broke", kind="unreachable"))
        return self._pieces.pop(0)


class Kubelet:
    """Answers with the logs it has now; what it does not have it refuses."""

    def __init__(self) -> None:
        self.current: bytes | None = None
        self.previous: bytes | None = None
        self.gone = False
        self.away = False
        self.breaks = False
        """Whether a log that is followed breaks off."""
        self.followed = 0
        """How often a log was followed."""
        self.asked = 0
        """How often a log was asked for."""
        self.refused = 0
        """How often a log that was to be read was not there."""
        self.stalls = 0
        """How often a log that was asked for as the previous one is out of reach."""

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str], patience: float | None
    ) -> AsyncIterator[Content]:
        self.asked += 1
        if self.away:
            raise FaultError(Fault("api-unavailable", "the node is away", kind="unreachable"))
        if self.stalls and "previous" in query:
            self.stalls -= 1
            raise FaultError(Fault("api-unavailable", "the node is away", kind="unreachable"))
        found = self.previous if "previous" in query else self.current
        if self.gone or found is None:
            self.refused += "limitBytes" not in query
            code = "api-not-found" if self.gone else "api-refused"
            raise FaultError(Fault(code, "there is no such log"))
        since = query.get("sinceTime", "")[:19].encode()
        lines = [line for line in found.splitlines(keepends=True) if line[:19] >= since]
        yield Content(b"".join(lines), breaks=self.breaks and "follow" in query)
        self.followed += "follow" in query


class Following:
    """A follower of a scripted kubelet, and what it gave."""

    def __init__(self, *, from_its_begin: bool = False) -> None:
        self.kubelet = Kubelet()
        self._merger = Merger({})
        reader = LogReader(cast("KubeSession", self.kubelet), "shop", "web", "main")
        origin = Origin("web", "main", "uid/main")
        self.follower = Follower(reader, origin, self._merger, "", from_its_begin=from_its_begin)
        self.records: list[LogRecord] = []
        self.task = asyncio.create_task(self.follower.run())

    def see(self, restart: int, *, ended: bool, started: float = 0.0, waits: bool = False) -> None:
        self.follower.see(Incarnation(restart, ended, started, waits=waits), 1)

    def see_container(
        self, container: str, before: str = "", *, restart: int = 0, started: float = 0.0
    ) -> None:
        """Have the status tell which container runs, and which one before it is still there."""
        own = Incarnation(restart, RUNNING, started, container=container, container_before=before)
        self.follower.see(own, 1)

    def said(self) -> list[tuple[int, str]]:
        """Return all lines with the incarnation they are of."""
        if batch := self._merger.take(1 << 62):
            self.records += batch.records
        return [(one.restart, one.message) for one in self.records]

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - conditions of several objects
                await asyncio.sleep(0.01)


@pytest.fixture
async def following() -> AsyncIterator[Following]:
    one = Following()
    yield one
    await one.end()


@pytest.fixture
async def from_its_begin() -> AsyncIterator[Following]:
    """Return the following of a pod that came while others were followed."""
    one = Following(from_its_begin=True)
    yield one
    await one.end()


@pytest.fixture
async def away() -> AsyncIterator[Following]:
    """Return the following of a container whose node cannot be reached."""
    one = Following()
    one.kubelet.away = True
    one.see(0, ended=RUNNING)
    yield one
    await one.end()


async def test_a_kubelet_ahead_of_the_status_is_believed(following: Following) -> None:
    following.kubelet.current = log(1, 1, 2, 3)
    following.see(0, ended=RUNNING)
    first = [(0, "1-1"), (0, "1-2"), (0, "1-3")]
    await following.until(lambda: following.said() == first)
    following.kubelet.previous = log(1, 1, 2, 3, 4, 5)
    following.kubelet.current = log(2, 1, 2)
    first += [(0, "1-4"), (0, "1-5")]
    await following.until(lambda: following.said() == first)
    following.see(1, ended=RUNNING)
    expected = [*first, (1, "restart 1"), (1, "2-1"), (1, "2-2")]
    await following.until(lambda: len(following.said()) >= len(expected))
    assert sorted(following.said()) == sorted(expected)


@pytest.mark.parametrize("count", [0, 2], ids=["from its beginning", "on"])
async def test_a_last_line_without_its_end_is_read_where_the_kubelet_is_ahead(
    following: Following, count: int
) -> None:
    first = log(1, 1, 2, 3)
    if count:
        following.kubelet.current = b"".join(first.splitlines(keepends=True)[:count])
        following.see(0, ended=RUNNING, started=second(1, 1))
        await following.until(lambda: len(following.said()) == count)
    following.kubelet.previous, following.kubelet.current = first.rstrip(), log(2, 1, 2)
    following.see(0, ended=RUNNING, started=second(1, 1))
    await following.until(lambda: following.said() == [(0, "1-1"), (0, "1-2"), (0, "1-3")])


async def test_restarts_that_nobody_can_read_any_more_are_marked(following: Following) -> None:
    following.kubelet.current = log(1, 1)
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.previous = log(2, 1)
    following.kubelet.current = log(3, 1)
    following.see(2, ended=RUNNING)
    await following.until(lambda: (2, "3-1") in following.said())
    assert (0, UNREAD) in following.said()
    assert (1, "2-1") in following.said()


async def test_while_the_next_start_is_waited_for_the_previous_log_is_the_present_one(
    following: Following,
) -> None:
    following.kubelet.current = log(1, 1)
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.previous = following.kubelet.current = log(2, 1, 2)
    following.see(1, ended=ENDED, waits=True)
    await following.until(lambda: (1, "2-2") in following.said())
    assert sorted(following.said()) == sorted(
        [(0, "1-1"), (0, UNREAD), (1, "restart 1"), (1, "2-1"), (1, "2-2")]
    )


async def test_who_comes_while_the_next_start_is_waited_for_reads_one_log_once(
    following: Following,
) -> None:
    following.kubelet.previous = following.kubelet.current = log(3, 1, 2)
    following.see(2, ended=ENDED, waits=True)
    await following.until(following.follower.caught_up.is_set)
    await following.until(lambda: following.said() == [(2, "3-1"), (2, "3-2")])


async def test_of_a_pod_followed_from_its_begin_a_first_log_that_was_never_seen_is_missing(
    from_its_begin: Following,
) -> None:
    following = from_its_begin
    following.kubelet.previous = following.kubelet.current = log(3, 1, 2)
    following.see(1, ended=ENDED, started=second(3, 1), waits=True)
    await following.until(following.follower.caught_up.is_set)
    expected = [(0, UNREAD), (1, "restart 1"), (1, "3-1"), (1, "3-2")]
    await following.until(lambda: following.said() == expected)


async def test_a_log_that_the_node_has_not_any_more_is_told_as_missing(
    following: Following,
) -> None:
    following.kubelet.current = log(3, 1)
    following.see(1, ended=RUNNING, started=second(3, 1))
    expected = [(0, UNREAD), (1, "restart 1"), (1, "3-1")]
    await following.until(lambda: following.said() == expected)


async def test_a_pod_gone_before_its_log_could_be_read_is_marked(following: Following) -> None:
    following.kubelet.current, following.kubelet.breaks = log(1, 1), True
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.gone = True
    await following.until(lambda: following.kubelet.refused)
    following.follower.see_deletion()
    await following.until(lambda: (0, DELETED) in following.said())


async def test_a_log_that_was_emptied_before_its_container_ended_is_marked(
    following: Following,
) -> None:
    following.kubelet.current, following.kubelet.breaks = log(1, 1), True
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.current = b""
    following.see(0, ended=ENDED)
    await following.until(lambda: following.said() == [(0, "1-1"), (0, EMPTIED)])


@pytest.mark.parametrize("left", [GONE, None], ids=["the container", "the pod"])
@pytest.mark.parametrize("ended", [RUNNING, ENDED])
async def test_of_a_log_that_was_followed_to_its_end_nothing_is_missing_once_it_is_gone(
    following: Following, left: bytes | None, ended: bool
) -> None:
    kubelet = following.kubelet
    kubelet.current = log(1, 1)
    following.see(0, ended=RUNNING)
    await following.until(lambda: kubelet.followed)
    kubelet.current, known = left, kubelet.followed
    following.see(0, ended=ended)
    await following.until(lambda: kubelet.refused or kubelet.followed > known)
    following.follower.see_deletion()
    await following.task
    assert following.said() == [(0, "1-1")]


async def test_a_log_that_broke_off_before_its_container_was_gone_is_marked(
    following: Following,
) -> None:
    kubelet = following.kubelet
    kubelet.current, kubelet.breaks = log(1, 1), True
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    kubelet.current, kubelet.breaks = GONE, False
    await following.until(lambda: (0, GONE.decode()) in following.said())


async def test_a_node_that_is_away_keeps_nobody_waiting_and_is_read_later(
    away: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.backends.kubernetes.following.pause", lambda failures: 0.01)
    async with asyncio.timeout(20):
        await away.follower.caught_up.wait()
    assert away.said() == [(0, "logs cannot be read: the node is away")]
    away.kubelet.current = log(1, 1)
    away.kubelet.away = False
    await away.until(lambda: (0, "1-1") in away.said())


async def test_a_log_read_to_its_end_is_not_read_again(following: Following) -> None:
    following.kubelet.current = log(1, 1)
    following.see(0, ended=ENDED)
    await following.until(lambda: following.said() == [(0, "1-1")])
    await following.until(following.follower.caught_up.is_set)
    following.kubelet.previous, following.kubelet.current = None, log(2, 1)
    following.see(1, ended=RUNNING)
    await following.until(lambda: (1, "2-1") in following.said())
    assert (0, UNREAD) not in following.said()
    assert following.kubelet.refused == 0


async def test_a_restart_is_dated_by_when_the_container_began(following: Following) -> None:
    following.kubelet.current = log(1, 1)
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.previous, following.kubelet.current = log(1, 1), log(2, 1)
    began = following.records[0].time // SECOND + 30
    following.see(1, ended=RUNNING, started=began)
    await following.until(lambda: (1, "2-1") in following.said())
    assert following.said() == [(0, "1-1"), (1, "restart 1"), (1, "2-1")]
    assert following.records[1].time == began * SECOND


async def test_what_the_kubelet_says_in_place_of_a_log_is_dated_by_when_its_container_began(
    following: Following,
) -> None:
    following.kubelet.previous, following.kubelet.current = GONE, log(2, 1)
    following.see(0, ended=ENDED, started=second(1, 1))
    await following.until(lambda: following.said() == [(0, GONE.decode())])
    assert following.records[0].time == second(1, 1) * SECOND


async def test_a_restart_within_a_second_stays_behind_what_was_said_before(
    following: Following,
) -> None:
    following.kubelet.current = log(1, 1)
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.previous, following.kubelet.current = log(1, 1), log(2, 1)
    last = following.records[0].time
    following.see(1, ended=RUNNING, started=last // SECOND)
    await following.until(lambda: (1, "2-1") in following.said())
    assert following.records[1].time == last


async def test_a_kubelet_a_restart_ahead_gives_no_log_that_is_taken_for_the_one_before(
    following: Following,
) -> None:
    following.kubelet.previous, following.kubelet.current = log(1, 1, 2), log(2, 1, 2)
    following.see(0, ended=RUNNING)
    first = [(0, "1-1"), (0, "1-2")]
    await following.until(lambda: following.said() == first)
    following.see(1, ended=RUNNING)
    await following.until(lambda: (1, "2-2") in following.said())
    assert sorted(following.said()) == sorted([*first, (1, "restart 1"), (1, "2-1"), (1, "2-2")])


@pytest.mark.parametrize("began", [0, 1], ids=["in an earlier second", "in the second it spoke"])
async def test_a_kubelet_that_waits_already_gives_no_log_that_is_taken_for_the_previous_one(
    following: Following, began: int
) -> None:
    following.kubelet.previous = following.kubelet.current = log(2, 1, 2)
    following.see(1, ended=ENDED, started=second(2, began))
    await following.until(lambda: (1, "2-2") in following.said())
    await following.until(following.follower.caught_up.is_set)
    assert following.said() == [(0, UNREAD), (1, "restart 1"), (1, "2-1"), (1, "2-2")]


@pytest.mark.parametrize("told", [RUNNING, ENDED])
async def test_a_kubelet_two_incarnations_ahead_gives_no_log_that_is_taken_for_the_first(
    following: Following, told: bool
) -> None:
    following.kubelet.previous = following.kubelet.current = log(2, 1, 2)
    following.see(0, ended=told, started=second(2, 1))
    await following.until(lambda: following.kubelet.asked > 2)
    following.see(1, ended=ENDED, started=second(2, 1), waits=True)
    await following.until(lambda: (1, "2-2") in following.said())
    await following.until(following.follower.caught_up.is_set)
    assert following.said() == [(0, UNREAD), (1, "restart 1"), (1, "2-1"), (1, "2-2")]


async def test_a_first_incarnation_that_was_not_followed_by_another_is_read_after_a_while(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.backends.kubernetes.following.LATE", 0.05)
    following.kubelet.previous = following.kubelet.current = log(1, 1, 2)
    following.see(0, ended=ENDED, started=second(1, 1))
    await following.until(lambda: following.said() == [(0, "1-1"), (0, "1-2")])


async def test_what_ended_in_the_second_in_which_the_next_began_is_told_apart(
    following: Following,
) -> None:
    following.kubelet.previous, following.kubelet.current = (
        log(2, 1),
        log(2, 1, 2).replace(b"001Z", b"002Z"),
    )
    following.see(1, ended=RUNNING, started=second(2, 1))
    await following.until(lambda: (1, "2-2") in following.said())
    assert following.said()[0] == (0, "2-1")


async def test_a_first_log_with_one_before_it_that_is_older_is_followed(
    following: Following,
) -> None:
    following.kubelet.previous, following.kubelet.current = log(1, 1), log(2, 1)
    following.see(0, ended=RUNNING, started=second(2, 0))
    await following.until(lambda: following.said() == [(0, "2-1")])


async def test_lines_are_not_lost_where_whose_they_are_cannot_be_learnt_at_once(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.backends.kubernetes.following.pause", lambda failures: 0.01)
    following.kubelet.current = log(1, 1)
    following.kubelet.stalls = 2
    following.see(0, ended=RUNNING)
    await following.until(lambda: following.said() == [(0, "1-1")])


async def test_a_container_made_anew_whose_restarts_are_not_counted_is_another_incarnation(
    following: Following,
) -> None:
    following.kubelet.current = log(1, 1, 2)
    following.see_container("one")
    await following.until(lambda: following.kubelet.followed)
    following.kubelet.current = log(2, 1)
    following.see_container("two")
    expected = [(0, "1-1"), (0, "1-2"), (1, "restart 1"), (1, "2-1")]
    await following.until(lambda: following.said() == expected)
    following.kubelet.previous, following.kubelet.current = log(2, 1, 2), log(3, 1)
    following.see_container("three", "two", restart=1)
    expected += [(1, "2-2"), (2, "restart 2"), (2, "3-1")]
    await following.until(lambda: following.said() == expected)


async def test_what_the_kubelet_kept_of_a_container_before_one_it_does_not_count_is_read(
    following: Following,
) -> None:
    following.kubelet.current = log(1, 1)
    following.see_container("one")
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.previous, following.kubelet.current = log(1, 1, 2), log(2, 1)
    following.see_container("two", "one", started=second(2, 0))
    expected = [(0, "1-1"), (0, "1-2"), (1, "restart 1"), (1, "2-1")]
    await following.until(lambda: following.said() == expected)


async def test_a_log_of_a_container_made_anew_is_not_taken_for_a_rotated_one_before_the_status(
    following: Following,
) -> None:
    following.kubelet.current, following.kubelet.breaks = log(1, 1), True
    following.see_container("one")
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.current, refused = log(2, 1), following.kubelet.refused
    await following.until(lambda: following.kubelet.refused > refused)  # there is no previous one
    following.see_container("two")
    expected = [(0, "1-1"), (0, EMPTIED), (1, "restart 1"), (1, "2-1")]
    await following.until(lambda: following.said() == expected)


async def test_a_log_of_which_the_status_tells_nothing_new_was_rotated(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.backends.kubernetes.following.LATE", 0.01)
    following.kubelet.current = log(1, 1)
    following.see_container("one")
    await following.until(lambda: following.said() == [(0, "1-1")])
    following.kubelet.current = log(2, 1)
    await following.until(lambda: following.said() == [(0, "1-1"), (0, ROTATED), (0, "2-1")])


async def test_what_was_read_before_the_status_told_of_its_container_is_not_read_again(
    following: Following,
) -> None:
    following.kubelet.current = log(2, 1)  # of the second container; the first one said nothing
    following.see_container("one")
    await following.until(lambda: following.said() == [(0, "2-1")])
    following.see_container("two")
    following.kubelet.current = log(2, 1, 2)
    await following.until(lambda: following.said() == [(0, "2-1"), (0, "2-2")])
    following.kubelet.previous, following.kubelet.current = log(2, 1, 2), log(3, 1)
    following.see_container("three", "two", restart=1)
    expected = [(0, "2-1"), (0, "2-2"), (1, "restart 1"), (1, "3-1")]
    await following.until(lambda: following.said() == expected)
