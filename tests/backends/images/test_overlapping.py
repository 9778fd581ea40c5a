"""Two builds at once, of builders that say what a test has them say."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cluster import eventually
from tui.backends.images.overlapping import LAST_WORDS, Overlap
from tui.backends.images.sharing import CONTEXT
from tui.clients.docker.building import Building
from tui.clients.docker.progress import Printed, Progress, Solved, Unsolved, Vertex
from tui.model.faults import Fault, FaultError

LOST = FaultError(Fault("engine-lost", "the engine went away"))
INSTALL = Vertex("a", "[2/3] RUN install", 1.0)
OVER = replace(INSTALL, completed=2.0)


def alone(vertex: Vertex) -> Vertex:
    """Return the same step as another build does it without sharing."""
    return replace(vertex, id="b")


@dataclass
class Builder:
    """Builds as it is told to."""

    says: "asyncio.Queue[Progress | FaultError]" = field(default_factory=asyncio.Queue)
    shares: bool = True
    runs: bool = False
    heard: list[Progress] = field(default_factory=list)

    async def batches(self) -> AsyncGenerator[list[Progress], None]:
        self.runs = True
        try:
            while True:
                said = await self.says.get()
                if isinstance(said, FaultError):
                    raise said
                yield [said]
                if isinstance(said, Solved | Unsolved):
                    return
        finally:
            await asyncio.sleep(0)  # a process is waited for
            self.runs = False

    async def begun(self, overlap: Overlap, *told: Progress) -> "asyncio.Task[Solved | Unsolved]":
        """Begin a build that has said this."""

        async def build() -> Solved | Unsolved:
            async with overlap.next_one():
                building = Building(self.batches(), self.shares)
                return await overlap.solve(building, self.heard.extend)

        building = asyncio.create_task(build())
        await self.said(*told)
        await eventually(lambda: self.runs or building.done())
        return building

    async def said(self, *told: Progress | FaultError) -> None:
        for one in told:
            self.says.put_nowait(one)
        for _ in range(4 + 4 * len(told)):
            await asyncio.sleep(0)


async def superseded(building: "asyncio.Task[Solved | Unsolved]") -> None:
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building


async def test_a_build_at_a_step_goes_on_unheard_until_the_next_one_ended() -> None:
    overlap, old, new = Overlap(), Builder(), Builder()
    await superseded(await old.begun(overlap, INSTALL))
    await old.said(Printed("a", b"still"))
    assert (old.runs, old.heard) == (True, [INSTALL])
    building = await new.begun(overlap)
    await new.said(Solved())
    assert await building == Solved()
    assert (old.runs, new.runs) == (False, False)


async def test_what_a_build_that_was_left_comes_to_is_no_result() -> None:
    for end in (Solved(), Unsolved(("no such package",)), LOST):
        overlap, old, new = Overlap(), Builder(), Builder()
        await superseded(await old.begun(overlap, INSTALL))
        building = await new.begun(overlap)
        await old.said(end)
        await eventually(lambda: not old.runs)  # noqa: B023
        assert not building.done()
        await new.said(Solved())
        assert await building == Solved()


async def test_a_build_is_ended_when_its_step_is_over_whether_another_one_began_or_not() -> None:
    for begins in (True, False):
        overlap, old, new = Overlap(), Builder(), Builder()
        await superseded(await old.begun(overlap, INSTALL))
        if begins:
            await new.begun(overlap)
        await old.said(OVER)
        await eventually(lambda: not old.runs)  # noqa: B023
        assert new.runs is begins
        new.says.put_nowait(Solved())


async def test_a_build_is_ended_once_the_next_one_does_its_step_alone() -> None:
    overlap, old, new = Overlap(), Builder(), Builder()
    await superseded(await old.begun(overlap, INSTALL))
    building = await new.begun(overlap, replace(alone(INSTALL), started=0.0))
    assert old.runs
    await new.said(alone(INSTALL))
    await eventually(lambda: not old.runs)
    await superseded(building)
    assert new.runs
    await overlap.let_go()
    assert not new.runs


WAITING = (replace(alone(INSTALL), started=0.0), Vertex("x", "[1/3] FROM busybox", 1.0, 1.0))
"""What a build tells that then waits for the install, without telling of it."""


def soon(quiet: float = 0.01) -> Overlap:
    overlap = Overlap()
    overlap.quiet = quiet
    return overlap


async def test_a_step_that_the_next_build_waits_for_is_told_it_from_its_begin_on() -> None:
    overlap, old, new = soon(), Builder(), Builder()
    await superseded(await old.begun(overlap, INSTALL, Printed("a", b"one")))
    building = await new.begun(overlap, *WAITING)
    await eventually(lambda: Printed("a", b"one") in new.heard)
    await old.said(Printed("z", b"of another step"), Printed("a", b"two"), OVER)
    heard = [one for one in new.heard if one not in WAITING]
    assert list(dict.fromkeys(heard)) == [
        INSTALL,
        Printed("a", b"one"),
        Printed("a", b"two"),
        OVER,
    ]
    await new.said(Solved())
    await building


@pytest.mark.parametrize("quiet", [0.01, 60.0])
async def test_the_failure_of_a_step_that_the_next_build_waited_for_is_told_once(
    quiet: float,
) -> None:
    overlap, old, new = soon(quiet), Builder(), Builder()
    failed = replace(OVER, error="exit code: 1")
    await superseded(await old.begun(overlap, INSTALL, Printed("a", b"one")))
    building = await new.begun(overlap, *WAITING)
    if quiet < 1:
        await eventually(lambda: INSTALL in new.heard)
    await old.said(failed)
    await new.said(Unsolved(("exit code: 1",)))
    await building
    assert (new.heard.count(Printed("a", b"one")), new.heard.count(failed)) == (1, 1)


@pytest.mark.parametrize("quiet", [0.01, 60.0])
async def test_a_failure_that_the_next_build_told_first_is_still_told_by_the_one_it_waited_for(
    quiet: float,
) -> None:
    overlap, old, new = soon(quiet), Builder(), Builder()
    failed = replace(OVER, error="exit code: 1")
    await superseded(await old.begun(overlap, INSTALL))
    building = await new.begun(overlap, *WAITING)
    if quiet < 1:
        await eventually(lambda: INSTALL in new.heard)
    await new.said(replace(WAITING[0], completed=2.0, error="exit code: 1"), Unsolved(("1",)))
    assert not building.done()
    await old.said(Printed("a", b"last"), failed, Unsolved(("exit code: 1",)))
    assert await building == Unsolved(("1",))
    assert new.heard[-2:] == [Printed("a", b"last"), failed]


async def test_a_build_that_fails_by_itself_waits_for_no_other() -> None:
    overlap, old, new = soon(60.0), Builder(), Builder()
    await superseded(await old.begun(overlap, INSTALL))
    building = await new.begun(overlap, Vertex("m", "[internal] load metadata for busybox", 1.0))
    assert old.runs
    await new.said(Unsolved(("1",)))
    async with asyncio.timeout(LAST_WORDS / 2):
        assert await building == Unsolved(("1",))


async def test_nothing_more_is_told_of_a_step_to_a_build_that_was_superseded() -> None:
    overlap, old, new = soon(), Builder(), Builder()
    await superseded(await old.begun(overlap, INSTALL))
    building = await new.begun(overlap, *WAITING)
    await eventually(lambda: INSTALL in new.heard)
    await superseded(building)
    heard = len(new.heard)
    await old.said(Printed("a", b"two"))
    assert (old.runs, len(new.heard)) == (True, heard)
    await overlap.let_go()


async def test_of_three_builds_the_first_is_kept_while_it_is_wanted() -> None:
    overlap, one, two, three = Overlap(), Builder(), Builder(), Builder()
    await superseded(await one.begun(overlap, INSTALL))
    await superseded(await two.begun(overlap, INSTALL))
    assert (one.runs, two.runs) == (True, False)
    building = await three.begun(overlap)
    assert one.runs
    await three.said(LOST)
    with pytest.raises(FaultError):
        await building
    assert not one.runs


@pytest.mark.parametrize(
    "told",
    [
        (),
        (Vertex("m", "[internal] load metadata for busybox", 1.0),),
        (OVER, Vertex("e", "exporting to image", 2.0)),
        (INSTALL, Vertex("c", CONTEXT, 1.0)),
    ],
)
async def test_a_build_that_is_at_no_step_or_reads_the_context_ends_at_once(
    told: tuple[Vertex, ...],
) -> None:
    overlap, old = Overlap(), Builder()
    await superseded(await old.begun(overlap, *told))
    assert not old.runs


async def test_a_builder_that_shares_no_steps_ends_at_once() -> None:
    overlap, old = Overlap(), Builder(shares=False)
    await superseded(await old.begun(overlap, INSTALL))
    assert not old.runs


async def test_a_next_build_that_has_nothing_to_build_ends_what_was_left() -> None:
    overlap, old = Overlap(), Builder()
    await superseded(await old.begun(overlap, INSTALL))
    async with overlap.next_one():
        assert old.runs
    assert not old.runs


async def test_a_build_may_be_cancelled_again_while_it_ends() -> None:
    overlap, old = Overlap(), Builder(shares=False)
    building = await old.begun(overlap, INSTALL)
    building.cancel()
    await asyncio.sleep(0)
    await superseded(building)
    assert not old.runs


SAID: dict[str, Progress | FaultError] = {
    "older over": OVER,
    "older lost": LOST,
    "over": OVER,
    "alone": alone(INSTALL),
    "lost": LOST,
    "solved": Solved(),
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["begin", "leave", *SAID]), max_size=12))
def test_whatever_happens_there_are_two_at_most_and_none_in_the_end(order: list[str]) -> None:
    asyncio.run(happens(order))


async def happens(order: list[str]) -> None:
    overlap, builders = Overlap(), [Builder()]
    building = await builders[0].begun(overlap, INSTALL)
    for word in order:
        if word in {"begin", "leave"} and not building.done():
            await superseded(building)
        if word == "begin":
            builders.append(Builder())
            told = replace(INSTALL, id=str(len(builders)), started=0.0)
            building = await builders[-1].begun(overlap, told)
        elif word in SAID and (running := [one for one in builders if one.runs]):
            await running[0 if word.startswith("older") else -1].said(SAID[word])
        assert sum(one.runs for one in builders) <= 2
    if not building.done():
        await superseded(building)
    await overlap.let_go()
    assert not any(one.runs for one in builders)
    await asyncio.gather(building, return_exceptions=True)
