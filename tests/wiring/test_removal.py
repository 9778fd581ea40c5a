"""Removing what is kept of an environment, whoever else has it open."""

import asyncio
from pathlib import Path

import pytest

from tests.cluster import eventually
from tests.engine.scripted import FAULT
from tests.projects import write_server
from tui.backends.local.backend import LocalBackend
from tui.clients.lock import FileLock, taken_if_free
from tui.engine import locking
from tui.engine.outcomes import waiting_for
from tui.engine.tasks import Tasks
from tui.model.events import EnvironmentDeleted, Event, Noticed
from tui.model.faults import FaultError
from tui.wiring import opening
from tui.wiring.opening import delete_environment, open_backend
from tui.wiring.places import make_private, state_folder
from tui.wiring.removal import remove_state, remove_unless_used


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    project = write_server(tmp_path / "greeter")
    make_private(state_folder(project, "development"))
    return project


def test_files_that_others_take_away_meanwhile_are_no_error(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = state_folder(project, "development"), Path.unlink
    (folder / "logs.db-wal").touch()

    def late(path: Path) -> None:
        monkeypatch.setattr(Path, "unlink", real)
        raise FileNotFoundError(2, "No such file or directory", path.name)

    monkeypatch.setattr(Path, "unlink", late)
    remove_state(project, "development")
    assert not folder.parent.exists()


def test_a_deleted_environment_that_is_brought_up_again_is_left_alone(project: Path) -> None:
    folder = state_folder(project, "development")
    lock = FileLock(folder / "lock")
    assert lock.acquire()
    remove_unless_used(project, "development")
    assert folder.exists()
    lock.release()
    remove_unless_used(project, "development")
    assert not folder.parent.exists()


def test_a_deleted_environment_that_was_brought_up_again_is_left_alone(project: Path) -> None:
    folder = state_folder(project, "development")
    (folder / "releases").mkdir()
    (folder / "releases" / "1.json").touch()
    remove_unless_used(project, "development")
    assert (folder / "releases" / "1.json").exists()


@pytest.mark.parametrize("released", [True, False])
async def test_what_another_redraft_releases_while_the_environment_is_deleted_is_left_alone(
    project: Path, released: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = state_folder(project, "development")

    async def delete(*_: object, **__: object) -> None:
        if released:
            (folder / "releases").mkdir()
            (folder / "releases" / "1.json").touch()

    monkeypatch.setattr(LocalBackend, "delete", delete)
    told: list[Event] = []
    async with open_backend(project, "development") as backend:
        await delete_environment(project, "development", backend, told.append, purge=False)
    assert told == [EnvironmentDeleted()]
    assert folder.exists() == released


def test_what_waits_for_the_lock_of_an_environment_that_is_removed_has_it_afterwards(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = state_folder(project, "development"), Path.unlink
    held, waiting = FileLock(folder / "lock"), FileLock(folder / "lock")
    assert held.acquire()
    (folder / "logs.db").touch()
    (folder / "spool").mkdir()
    taken: list[bool] = []

    def unlink(path: Path, missing_ok: bool = False) -> None:
        real(path, missing_ok=missing_ok)
        taken.append(waiting.acquire())

    monkeypatch.setattr(Path, "unlink", unlink)
    remove_state(project, "development")
    assert taken == [False, True]
    assert not waiting.lost()


async def test_a_deletion_waits_until_another_redraft_has_done_with_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "UNNOTICED", 0.0)
    lock = FileLock(state_folder(project, "development") / "lock")
    assert lock.acquire()
    told: list[Event] = []
    async with open_backend(project, "development") as backend:
        deleting = delete_environment(project, "development", backend, told.append, purge=False)
        task = asyncio.create_task(deleting)
        await eventually(lambda: told)
        assert told == [Noticed(waiting_for("this redraft itself"))]
        lock.release()
        await task
    assert told[1:] == [EnvironmentDeleted()]
    assert not state_folder(project, "development").exists()


async def test_a_deletion_that_another_redraft_does_not_let_begin_removes_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.0)
    folder = state_folder(project, "development")
    (folder / "releases").mkdir()
    with taken_if_free(folder / "lock"):
        async with open_backend(project, "development") as backend:
            with pytest.raises(FaultError, match="deploying or deleting") as raised:
                await delete_environment(project, "development", backend, print, purge=False)
    assert raised.value.fault.code == "environment-locked"
    assert (folder / "releases").exists()


async def test_nobody_else_has_the_environment_until_the_deletion_is_over(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = FileLock(state_folder(project, "development") / "lock")
    free: list[bool] = []

    async def look(*_: object, **__: object) -> None:
        free.append(lock.acquire())

    monkeypatch.setattr(LocalBackend, "delete", look)
    monkeypatch.setattr(Tasks, "after_delete", look)
    async with open_backend(project, "development") as backend:
        await delete_environment(project, "development", backend, print, purge=False)
    assert free == [False, False]


async def test_a_deletion_that_fails_leaves_nothing_that_others_may_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_state(project, "development")

    async def fail(*_: object, **__: object) -> None:
        raise FAULT

    monkeypatch.setattr(LocalBackend, "delete", fail)
    async with open_backend(project, "development") as backend:
        with pytest.raises(FaultError):
            await delete_environment(project, "development", backend, print, purge=False)
    folder = state_folder(project, "development")
    assert not (folder.stat().st_mode | folder.parent.stat().st_mode) & 0o077
