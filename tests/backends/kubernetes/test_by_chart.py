"""What is told of a chart, and when helm is not asked; it is deployed in tests/integration/kube."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING, WHOLE
from tests.backends.kubernetes.test_leasing import taken_over
from tui.backends.kubernetes.by_chart import NOTES, ByChart, tell_notes
from tui.backends.kubernetes.records import Content
from tui.backends.kubernetes.turns import Turn
from tui.clients.helm.releases import HelmRevision
from tui.clients.helm.verbs import ChartCall
from tui.model import events as e
from tui.model.faults import FaultError
from tui.model.masking import MASK, SecretValue, mask_of
from tui.ports.telling import Steps


async def notes_told(notes: str) -> list[e.Event]:
    events: list[e.Event] = []
    mask = mask_of([SecretValue("password", b"hunter2")])
    await tell_notes(notes, mask, Steps(1, "deploy", events.append))
    return events


async def test_notes_are_told_without_what_the_charts_secrets_hold() -> None:
    (printed,) = [
        one for one in await notes_told("\nlog in\n as hunter2\n") if hasattr(one, "lines")
    ]
    assert printed == e.StepPrinted(1, "deploy", NOTES, ("log in", f" as {MASK}"))


async def test_a_chart_without_notes_tells_none() -> None:
    assert await notes_told("\n") == []


class Idle:
    """A helm with a release, and all that is looked at before it changes anything."""

    def __init__(self) -> None:
        self.changes = 0

    async def settle(self, *_: Any) -> HelmRevision:
        return HelmRevision(1, "deployed")

    async def judge(self, *_: Any) -> str:
        return "valid"

    async def version(self) -> tuple[int, ...]:
        return (4, 3)

    async def history(self, name: str) -> tuple[HelmRevision, ...]:
        return (HelmRevision(1, "deployed"),)

    @asynccontextmanager
    async def noted(self, *_: Any) -> AsyncIterator[None]:
        self.changes += 1
        yield


async def recorded() -> Content:
    return Content()


async def test_helm_is_not_asked_for_a_release_that_another_took_over() -> None:
    idle, steps = cast(Any, Idle()), Steps(1, "deploy", lambda event: None)
    turn = Turn(taken_over, idle.settle)
    chart = ByChart(idle, idle, "greeter", "team", idle, idle)
    with pytest.raises(FaultError, match="bob took it over"):
        await chart.deploy(ChartCall(Path("chart")), PENDING, (WHOLE,), turn, steps)
    for past in (WHOLE, replace(WHOLE, helm_revision=9)):  # the second is one that helm forgot
        with pytest.raises(FaultError, match="bob took it over"):
            await chart.roll_back(past, recorded, PENDING, turn, steps)
    assert not idle.changes
