"""Protected places, connections and shells, as the cockpit offers them."""

from dataclasses import replace

import pytest

from tests.view import situations
from tests.view.scripted import Told
from tests.view.stage import staged
from tui.model import events as e
from tui.model.commands import Command, ConfirmName, Connect, Delete, Disconnect, Up
from tui.model.connections import Connection
from tui.model.places import Protection
from tui.model.rollouts import NO_VERDICT, Container
from tui.view.screens.asking import NameScreen
from tui.view.screens.shells import ShellScreen

PROTECTION = Protection("prod-eu", "context prod-eu is not local")
CAPABLE = ("connect", "purge", "shell")


def opened(protection: Protection | None = None) -> tuple[Told, ...]:
    """Return a cluster that offers everything."""
    event = e.ProjectOpened(
        "/home/ada/src/greeter",
        "greeter",
        "production",
        "kubernetes",
        "prod-eu",
        "shop",
        CAPABLE,
        protection=protection,
    )
    return ((-900.0, event),)


def running(*containers: str) -> e.RolloutObserved:
    """Return one pod with these containers running."""
    pod = replace(
        situations.pod("greeter-7d9-x2k", 14, 60),
        containers=tuple(Container(name, ready=True, running=True) for name in containers),
    )
    return e.RolloutObserved(situations.rollout(14, (pod,)), NO_VERDICT)


async def test_a_key_that_would_change_a_protected_place_asks_for_its_name_first() -> None:
    async with staged(opened(PROTECTION)) as stage:
        await stage.shows("◆ protected", "T Type name")
        await stage.press("u")
        assert isinstance(stage.app.screen, NameScreen)
        await stage.shows("context prod-eu is not local", "type: prod-eu")
        await stage.press(*"prod-us", "enter")
        await stage.shows("that is not its name")
        assert stage.engine.submitted == []
        await stage.press("ctrl+u", *"prod-eu", "enter")
        submitted: list[Command] = [ConfirmName("prod-eu")]
        assert stage.engine.submitted == submitted
        stage.engine.tell(e.NameConfirmed())
        await stage.until(lambda: "protected" not in stage.text())
        await stage.press("u")
        assert stage.engine.submitted == [*submitted, Up()]


async def test_p_connects_shows_the_address_and_disconnects() -> None:
    async with staged(opened()) as stage:
        await stage.press("p")
        assert stage.engine.submitted == [Connect()]
        stage.engine.tell(e.ConnectionsChanged((Connection(8081, 80, "greeter-1", "open"),)))
        await stage.shows("http://127.0.0.1:8081")
        await stage.press("p")
        assert stage.engine.submitted == [Connect(), Disconnect()]


async def test_x_asks_in_which_container_where_there_are_several() -> None:
    async with staged(opened()) as stage:
        stage.engine.tell(running("greeter", "proxy"))
        await stage.until(lambda: stage.app.state.rollout)
        await stage.press("x")
        assert isinstance(stage.app.screen, ShellScreen)
        await stage.shows("greeter-7d9-x2k  greeter", "greeter-7d9-x2k  proxy")


async def test_x_says_so_where_nothing_runs() -> None:
    async with staged(opened()) as stage:
        stage.engine.tell(e.RolloutObserved(situations.rollout(14, ()), NO_VERDICT))
        await stage.press("x")
        assert stage.words() == ["Shell: no pod runs"]


@pytest.mark.parametrize(("key", "purge"), [("y", False), ("p", True)])
async def test_a_history_in_the_cluster_is_kept_unless_it_is_to_be_purged(
    key: str, purge: bool
) -> None:
    async with staged(opened()) as stage:
        await stage.press("D")
        await stage.shows("on prod-eu / shop and removes:", "Deployment greeter", "purge it too")
        await stage.press(key)
        assert stage.engine.submitted == [Delete(purge=purge)]


async def test_what_cannot_be_looked_up_is_told_in_the_deletion_itself() -> None:
    async with staged(opened()) as stage:
        stage.engine.owned = None
        await stage.press("D")
        await stage.shows("the API server is out of reach", "Yes, keep the history")
