"""Removing what is kept of an environment, whoever else has it open."""

import shutil
from pathlib import Path

import pytest

from tests.projects import write_server
from tui.backends.local.backend import LocalBackend
from tui.clients.lock import FileLock
from tui.model.events import EnvironmentDeleted, Event
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
    folder, real = state_folder(project, "development"), shutil.rmtree
    (folder / "logs.db-wal").touch()

    def late(path: Path) -> None:
        monkeypatch.setattr(shutil, "rmtree", real)
        raise FileNotFoundError(2, "No such file or directory", "logs.db-wal")

    monkeypatch.setattr(shutil, "rmtree", late)
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
