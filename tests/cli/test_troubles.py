"""What is told of a rollout that is waited for."""

import asyncio
from dataclasses import replace

import pytest

from tui.cli.troubles import tell_troubles, trouble_of
from tui.engine.bus import Bus
from tui.model import events as e
from tui.model.rollouts import Rollout, Verdict
from tui.model.state import State

PATIENCE = 20.0
WAITS = Verdict("progressing", "old-pod-not-ready", "web-1 is waited for", ("why",), "remove it")


def waiting(verdict: Verdict = WAITS, revision: int = 2) -> Bus:
    """Return a bus on which a rollout is waited for."""
    bus = Bus()
    bus.publish(e.IterationStarted(1, "command"))
    bus.publish(e.StageStarted(1, "rollout"))
    bus.publish(e.RolloutObserved(Rollout(revision), verdict))
    return bus


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict("progressing", sentence="1 of 2 ready"),
        replace(WAITS, outcome="failed"),
        replace(WAITS, outcome="ready"),
    ],
)
def test_only_what_holds_up_a_rollout_that_goes_on_is_a_trouble(verdict: Verdict) -> None:
    assert trouble_of(waiting().state) == (2, "old-pod-not-ready")
    assert trouble_of(waiting(verdict).state) is None


def test_a_rollout_that_nobody_waits_for_has_none() -> None:
    bus = waiting()
    bus.publish(e.StageFinished(1, "rollout", 1.0, "failed"))
    assert trouble_of(bus.state) is None


async def test_a_trouble_that_lasts_is_told_once_and_the_next_one_too() -> None:
    bus, told, looks = waiting(), list[str](), 0
    enough = asyncio.Event()

    def now() -> State:
        nonlocal looks
        looks += 1
        match looks:
            case 1:
                assert not told
            case 5:
                assert told == [
                    "… web-1 is waited for [old-pod-not-ready]",
                    "  | why",
                    "  → remove it",
                ]
                another = replace(WAITS, cause="quota", sentence="no room", evidence=(), remedy="")
                bus.publish(e.RolloutObserved(Rollout(2), another))
            case 6:
                assert len(told) == 3
            case 9:
                enough.set()
        return bus.state

    teller = asyncio.create_task(tell_troubles(now, told.append, 0))
    looked = asyncio.create_task(enough.wait())
    await asyncio.wait((teller, looked), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if not looked.done():
        looked.cancel()
        teller.result()  # raises what was wrong at one of the looks
    teller.cancel()
    assert told[3:] == ["… no room [quota]"]
