"""What is removed of a state folder."""

import os
import shutil
from pathlib import Path

import pytest

from tui.backends.removing import remove_kept
from tui.supervisor.lock import take
from tui.supervisor.places import private_folder, socket_path


def test_only_what_is_named_and_the_supervisors_files_go(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "1.json").write_text("{}")
    for name in ("port", "supervisor.json", "logs.db"):
        (tmp_path / name).write_text("x")
    remove_kept(tmp_path, ("releases", "port", "never-made"))
    assert [path.name for path in tmp_path.iterdir()] == ["logs.db"]


def test_a_supervisor_that_was_started_since_is_left_what_it_is_found_by(tmp_path: Path) -> None:
    socket = socket_path(tmp_path)
    private_folder(socket.parent)
    socket.touch()
    (tmp_path / "port").touch()
    lock = take(tmp_path)
    assert lock is not None
    remove_kept(tmp_path, ("port",))
    assert [path.name for path in tmp_path.iterdir()] == ["supervisor.lock"]
    assert socket.exists()
    os.close(lock)
    remove_kept(tmp_path, ())
    assert list(tmp_path.iterdir()) == []
    assert not socket.exists()


def test_a_supervisor_that_is_started_meanwhile_is_left_what_it_is_found_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dependencies").mkdir()
    locks: list[int | None] = []
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: locks.append(take(tmp_path)))
    remove_kept(tmp_path, ("dependencies",))
    (lock,) = locks
    assert lock is not None
    assert (tmp_path / "supervisor.lock").exists()
    os.close(lock)
