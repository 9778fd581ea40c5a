"""Removing what is kept of an environment once nothing runs in it any more."""

import asyncio
import contextlib
import errno
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from tui.backends.newest import keeper
from tui.clients.lock import taken_if_free
from tui.engine.bus import Subscription
from tui.engine.engine import Engine
from tui.logs.store import LogStore
from tui.model.events import EnvironmentDeleted
from tui.wiring.places import LOCK, project_state, state_folder

MEANWHILE = frozenset({errno.ENOENT, errno.ENOTEMPTY})
"""Errors of removing a folder whose files a redraft that is open takes away or makes meanwhile."""


@contextlib.asynccontextmanager
async def forgetting(engine: Engine, store: LogStore) -> AsyncIterator[None]:
    """Have the store forget its lines whenever the engine deleted the environment."""
    subscription = engine.subscribe()
    task = asyncio.create_task(_forget_when_deleted(subscription, store))
    try:
        yield
    finally:
        task.cancel()
        subscription.close()


async def _forget_when_deleted(subscription: Subscription, store: LogStore) -> None:
    while True:
        for stamped in await subscription.wait():
            if isinstance(stamped.event, EnvironmentDeleted):
                store.forget()


def remove_state(project: Path, environment: str) -> None:
    """Remove the environment's state folder, and the project's when it was the last one.

    The lock goes last: whoever waits for it takes the next one, and all that is there from then on
    is theirs.
    """
    folder = state_folder(project, environment)
    while kept := _all_but_the_lock(folder):
        try:
            for path in kept:
                _remove(path)
        except OSError as error:
            if error.errno not in MEANWHILE:
                raise
    (folder / LOCK).unlink(missing_ok=True)
    remove_empty(project, environment)


def _all_but_the_lock(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.name != LOCK]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def remove_unless_released(project: Path, environment: str) -> None:
    """Remove the state of an environment that was deleted, unless something was released since."""
    if not keeper(state_folder(project, environment)):
        remove_state(project, environment)


def remove_unless_used(project: Path, environment: str) -> None:
    """Do so unless it is being brought up again, too."""
    with taken_if_free(state_folder(project, environment) / LOCK) as free:
        if free:
            remove_unless_released(project, environment)


def remove_empty(project: Path, environment: str) -> None:
    """Remove the environment's state folder and the project's where nothing is in them."""
    for folder in (state_folder(project, environment), project_state(project)):
        with contextlib.suppress(OSError):
            folder.rmdir()
