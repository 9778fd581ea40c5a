"""The cockpit, in a real terminal, while what it looks at goes away: no dead screen."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from tests.cluster import kubectl
from tests.cutting import Way
from tests.integration.kube.deployed import Deployed
from tests.integration.redraft import COMMAND
from tests.terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.fixture
def cockpit(over: Deployed) -> Iterator[Terminal]:
    with Terminal(COMMAND, cwd=over.project, env=over.redraft.env) as terminal:
        yield terminal


async def seen(terminal: Terminal, text: str, patience: float = 60.0) -> str:
    """Wait for a text on the screen, while this process serves the way."""
    return await asyncio.to_thread(terminal.wait_for, text, patience)


async def matched(terminal: Terminal, pattern: str) -> str:
    """Wait for an expression on the screen."""
    return await asyncio.to_thread(terminal.wait_for, lambda text: bool(re.search(pattern, text)))


async def test_a_cluster_that_goes_away_and_comes_back(
    over: Deployed, way: Way, cockpit: Terminal
) -> None:
    await seen(cockpit, "not released")
    cockpit.press("u")
    await seen(cockpit, "revision 1 ✔ ready")
    await way.cut()
    await seen(cockpit, "asked again by itself")
    over.edit("two")
    cockpit.press("u")
    await matched(cockpit, r"Build \d ✖ failed")
    await way.mend()
    await asyncio.to_thread(
        cockpit.wait_for, lambda text: "asked again by itself" not in text, 60.0
    )
    cockpit.press("u")
    await matched(cockpit, r"revision [2-9] ✔ ready")
    assert over.answer() == "two"
    cockpit.press("q")
    assert await asyncio.to_thread(cockpit.wait_exit) == 0


async def test_a_namespace_deleted_underneath(over: Deployed, cockpit: Terminal) -> None:
    await seen(cockpit, "not released")
    cockpit.press("u")
    await seen(cockpit, "revision 1 ✔ ready")
    kubectl("delete", "namespace", over.namespace, "--wait=false")
    await seen(cockpit, "deploy again")
    over.edit("two")
    cockpit.press("u")
    await seen(cockpit, "wait until it is gone")
    cockpit.press("q")
    assert await asyncio.to_thread(cockpit.wait_exit) == 0
