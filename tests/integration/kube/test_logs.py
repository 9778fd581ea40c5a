"""Logs of real pods, compared line by line with what kubectl prints."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from tests.cluster import eventually, job, kubectl
from tests.cutting import way_to_the_cluster
from tui.backends.kubernetes.collecting import Collector
from tui.backends.kubernetes.following import EMPTIED, UNREAD, Follower
from tui.backends.kubernetes.hooks import Hooks
from tui.backends.kubernetes.incarnations import Incarnation, incarnations
from tui.backends.kubernetes.merging import Merger
from tui.backends.kubernetes.outlet import Origin
from tui.backends.kubernetes.picture.wanted import Member, Wanted
from tui.backends.kubernetes.watches import Watches
from tui.clients.kube.applying import delete
from tui.clients.kube.logs import LogReader
from tui.clients.kube.resources import Resource
from tui.clients.kube.session import KubeSession
from tui.model.loglines import LogRecord

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
MISSING = (UNREAD, EMPTIED, "unable to retrieve container logs")
"""How a log is told that the node has dropped, by us or by the kubelet."""
WANTED = Wanted(7, frozenset({("Job", "talker")}))


class Book:
    """What was collected, with its positions, as the store would keep it."""

    def __init__(self) -> None:
        self.records: list[LogRecord] = []
        self.positions: dict[str, str] = {}
        self.caught_up = False
        self.ended = False

    def said(self, container: str = "main", restart: int | None = None) -> list[str]:
        return [
            record.message
            for record in self.records
            if record.container == container
            and record.stream != "marker"
            and restart in {None, record.restart}
        ]

    def markers(self) -> list[str]:
        return [record.message for record in self.records if record.stream == "marker"]


class PlayedHooks:
    """What helm tells of a release's hooks."""

    name = "app"

    def __init__(self, *members: Member) -> None:
        self._members = members

    async def members(self) -> tuple[Member, ...]:
        return self._members


@asynccontextmanager
async def collecting(
    session: KubeSession,
    namespace: str,
    book: Book,
    wanted: Wanted = WANTED,
    *hooks: Member,
) -> AsyncIterator[Book]:
    async def work() -> None:
        watches, positions = Watches(session, namespace), dict(book.positions)
        played = cast("Hooks", PlayedHooks(*hooks))
        collector = Collector(watches, lambda: wanted, played, positions)
        async with aclosing(collector.batches()) as batches:
            async for batch in batches:
                book.records += batch.records
                book.positions |= batch.positions
                book.caught_up |= not batch.records
        book.ended = True

    task = asyncio.create_task(work())
    try:
        yield book
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def run(session: KubeSession, namespace: str, one: dict[str, Any]) -> None:
    await session.post(f"/apis/batch/v1/namespaces/{namespace}/jobs", body=one)


async def api_lines(namespace: str) -> list[str]:
    return (await asyncio.to_thread(kubectl, "-n", namespace, "logs", "job/talker")).splitlines()


async def grown(book: Book) -> None:
    known = len(book.records)
    await eventually(lambda: len(book.records) > known)


def numbers(count: int, pause: str = "") -> str:
    return f"for i in $(seq {count}); do echo line $i; {pause} done; "


async def test_every_line_equals_what_the_api_has(session: KubeSession, namespace: str) -> None:
    await run(session, namespace, job("talker", f"seq 100000 | sed 's/$/ {'x' * 60}/'; echo end"))
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: book.said()[-1:] == ["end"])
    assert book.said() == await api_lines(namespace)
    assert book.markers() == []
    assert {record.revision for record in book.records} == {7}


async def test_a_hook_that_was_there_before_is_read_to_its_end_as_well(
    session: KubeSession, namespace: str
) -> None:
    for name in ("migrate", "of-others"):
        hook = job(name, numbers(100))
        hook["metadata"]["annotations"] = {"helm.sh/hook": "pre-upgrade"}
        await run(session, namespace, hook)
    wait = ("wait", "--for=condition=complete", "job", "--all", "--timeout=60s")
    kubectl("-n", namespace, *wait)
    wanted = Wanted(7, frozenset(), latest=7)
    async with collecting(session, namespace, Book(), wanted, ("Job", "migrate")) as book:
        await eventually(lambda: book.caught_up)
    assert book.said() == [f"line {number}" for number in range(1, 101)]
    assert {record.revision for record in book.records} == {7}


async def test_stdout_and_stderr_at_once_keep_the_logs_own_order(
    session: KubeSession, namespace: str
) -> None:
    script = f"({numbers(3000)}) & ({numbers(3000).replace('line', 'error')}) >&2; wait; echo end"
    await run(session, namespace, job("talker", script))
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: "end" in book.said())
    assert book.said() == await api_lines(namespace)


async def test_lines_of_any_length_and_a_last_one_without_its_end(
    session: KubeSession, namespace: str
) -> None:
    long = 'awk \'BEGIN { for (i = 0; i < 50000; i++) printf "%d,", i; print "" }\''
    await run(
        session, namespace, job("talker", f"echo; {long}; echo '\x1b[1mb\x1b[0m'; printf last")
    )
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: book.said()[-1:] == ["last"])
    expected = "".join(f"{number}," for number in range(50000))
    assert book.said() == ["", expected, "\x1b[1mb\x1b[0m", "last"]


async def test_init_and_sidecar_containers_are_followed_too(
    session: KubeSession, namespace: str
) -> None:
    base = job("talker", "echo from main; sleep 600")
    image = base["spec"]["template"]["spec"]["containers"][0]
    sidecar = image | {"name": "sidecar", "command": ["sh", "-c", "echo beside; sleep 600"]}
    init = image | {"name": "prepare", "command": ["echo", "before"]}
    base["spec"]["template"]["spec"] |= {"containers": [image, sidecar], "initContainers": [init]}
    await run(session, namespace, base)
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: len(book.records) == 3)
    assert book.said("prepare") == ["before"]
    assert book.said("sidecar") == ["beside"]
    assert book.said() == ["from main"]


async def test_each_incarnation_of_a_crash_loop_is_read_to_its_end_or_told_as_missing(
    session: KubeSession, namespace: str
) -> None:
    name = "cat /proc/sys/kernel/random/uuid"
    script = f"{name}; {numbers(200)} echo last words; exit 3"
    await run(session, namespace, job("talker", script, restartPolicy="OnFailure"))
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: book.said(restart=2)[-1:] == ["last words"])
    expected = [*(f"line {number}" for number in range(1, 201)), "last words"]
    missing = {r.restart for r in book.records if r.message.startswith(MISSING)}
    said = {restart: book.said(restart=restart) for restart in (0, 1, 2)}
    assert missing <= {0}, "a node at its limit may drop a log before it can be asked for"
    for restart in {0, 1, 2} - missing:
        assert said[restart][1:] == expected, (restart, len(said[restart]), book.markers())
    names = [lines[0] for lines in said.values() if lines]
    assert len(names) == len(set(names)), "a log was taken for another incarnation's"
    restarts = [one for one in book.markers() if not one.startswith(MISSING)]
    assert restarts == ["restart 1", "restart 2"]
    times = [record.time for record in book.records]
    assert times == sorted(times), "a restart is dated by when the container began"


async def test_a_kubelet_ahead_of_the_status_gives_no_incarnations_log_as_anothers(
    session: KubeSession, namespace: str
) -> None:
    await run(session, namespace, job("talker", "echo crashing; exit 3", restartPolicy="OnFailure"))
    pod, started = await waiting_for_its_second_restart(session, namespace)
    merger, reader = Merger({}), LogReader(session, namespace, pod, "main")
    follower = Follower(reader, Origin(pod, "main", "uid/main"), merger, "")
    follower.see(Incarnation(1, ended=True, started=started), 7)  # as it was a little before
    async with asyncio.TaskGroup() as group:
        following = group.create_task(follower.run())
        await follower.caught_up.wait()
        following.cancel()
    batch = merger.take(1 << 62)
    assert batch is not None
    told = [(one.restart, one.message) for one in batch.records]
    assert told == [(0, UNREAD), (1, "restart 1"), (1, "crashing")]


async def waiting_for_its_second_restart(session: KubeSession, namespace: str) -> tuple[str, float]:
    """Return the pod's name, and when the container began that ended last."""
    found: list[tuple[str, float]] = []

    async def waits() -> bool:
        for pod in (await session.get(f"/api/v1/namespaces/{namespace}/pods"))["items"]:
            present = incarnations(pod).get("main")
            if present and present.waits and present.restart == 1:
                found.append((pod["metadata"]["name"], present.started))
        return bool(found)

    await eventually(waits)
    return found[0]


async def test_the_previous_container_is_read_by_who_comes_late(
    session: KubeSession, namespace: str
) -> None:
    script = "[ -e /state/ran ] && exec sleep 600; touch /state/ran; echo crashing; exit 1"
    once = job(
        "talker", script, restartPolicy="OnFailure", volumes=[{"name": "state", "emptyDir": {}}]
    )
    once["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = [
        {"name": "state", "mountPath": "/state"}
    ]
    await run(session, namespace, once)

    async def restarted() -> bool:
        found = await session.get(f"/api/v1/namespaces/{namespace}/pods")
        statuses = [one["status"].get("containerStatuses") for one in found["items"]]
        return any(
            status and status[0]["restartCount"] and status[0]["ready"] for status in statuses
        )

    await eventually(restarted)
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: book.caught_up)
    assert book.said(restart=0) == ["crashing"]


async def test_over_breaks_of_the_connection_no_line_is_lost_or_repeated(
    session: KubeSession, namespace: str, context: str, tmp_path: Path
) -> None:
    await run(session, namespace, job("talker", numbers(60000) + "echo end; sleep 600"))
    async with (
        way_to_the_cluster(tmp_path) as (way, path),
        KubeSession.open(context, [path]) as over,
        collecting(over, namespace, Book()) as book,
    ):
        while "end" not in book.said()[-1:]:
            await grown(book)
            way.break_connections()
        assert way.accepted > 4
    assert book.said() == await api_lines(namespace)
    assert book.markers() == []


async def test_stopped_at_any_time_it_goes_on_from_the_committed_positions(
    session: KubeSession, namespace: str
) -> None:
    await run(
        session, namespace, job("talker", numbers(20000, "usleep 50;") + "echo end; sleep 600")
    )
    book = Book()
    while "end" not in book.said()[-1:]:
        async with collecting(session, namespace, book):
            await grown(book)
    assert book.said() == await api_lines(namespace)


async def test_a_deleted_pod_is_read_to_its_last_words(
    session: KubeSession, namespace: str
) -> None:
    script = "trap 'echo goodbye; exit 0' TERM; echo hello; while :; do sleep 0.1; done"
    wanted = Wanted(7, frozenset({("Job", "talker"), ("Job", "next")}))
    await run(session, namespace, job("talker", script, terminationGracePeriodSeconds=10))
    async with collecting(session, namespace, Book(), wanted) as book:
        await eventually(lambda: book.said() == ["hello"])
        jobs = Resource("batch/v1", "Job", "jobs", namespaced=True)
        await delete(session, jobs, namespace, "talker")
        await eventually(lambda: no_pods(session, namespace))
        await run(session, namespace, job("next", "echo next; sleep 600"))
        await eventually(lambda: "next" in book.said())
    assert book.said() == ["hello", "goodbye", "next"]
    assert book.markers() == []


async def no_pods(session: KubeSession, namespace: str) -> bool:
    return not (await session.get(f"/api/v1/namespaces/{namespace}/pods"))["items"]


async def test_what_the_node_dropped_before_it_was_read_is_marked_as_missing(
    session: KubeSession, namespace: str
) -> None:
    counting = "i=0; while [ -e /proc/1 ]; do i=$((i + 1)); echo line $i; usleep 50000; done"
    await run(session, namespace, job("talker", counting))
    book = Book()
    async with collecting(session, namespace, book):
        await eventually(lambda: len(book.said()) > 20)
    await eventually(lambda: more_than(namespace, len(book.said()) + 40))
    await drop_the_log(session, namespace)
    async with collecting(session, namespace, book):
        known = len(book.said())
        await eventually(lambda: len(book.said()) > known + 20)
    (gap,) = [at for at, one in enumerate(book.records) if one.stream == "marker"]
    assert "missing" in book.records[gap].message
    before = [int(one.message.split()[1]) for one in book.records[:gap]]
    after = [int(one.message.split()[1]) for one in book.records[gap + 1 :]]
    assert before == list(range(1, len(before) + 1))
    assert after == list(range(after[0], after[-1] + 1))
    assert after[0] > before[-1] + 20


async def more_than(namespace: str, count: int) -> bool:
    return len(await api_lines(namespace)) > count


async def drop_the_log(session: KubeSession, namespace: str) -> None:
    """Empty the log's file, as rotation does; skips where the node is not this machine."""
    (found,) = (await session.get(f"/api/v1/namespaces/{namespace}/pods"))["items"]
    metadata, status = found["metadata"], found["status"]["containerStatuses"][0]
    folder = Path("/var/log/pods") / f"{namespace}_{metadata['name']}_{metadata['uid']}"
    path = folder / status["name"] / f"{status['restartCount']}.log"
    if not os.access(path, os.W_OK):
        pytest.skip("the node's log files are not within reach")
    os.truncate(path, 0)


async def test_a_namespace_deleted_underneath_ends_nothing_but_its_logs(
    session: KubeSession, namespace: str
) -> None:
    await run(session, namespace, job("talker", numbers(3) + "sleep 600"))
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: len(book.said()) == 3)
        await session.delete(f"/api/v1/namespaces/{namespace}")
        await eventually(lambda: no_pods(session, namespace))
        assert not book.ended
    assert book.said() == ["line 1", "line 2", "line 3"]
    assert book.markers() == []
