import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.clients.lock import FileLock, taken_if_free
from tui.model.faults import FaultError

HOLD = """
import sys
from pathlib import Path
from tui.clients.lock import FileLock, taken_if_free
assert FileLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_is_held_until_it_is_given_back(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "state" / "lock"), FileLock(tmp_path / "state" / "lock")
    assert one.acquire()
    assert not other.acquire()
    one.release()
    one.release()
    assert other.acquire()


def test_a_lock_is_not_taken_twice_by_one_holder(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire()
    assert not lock.acquire()
    assert lock.holder() == "this redraft itself"
    lock.release()
    assert lock.acquire()


def test_a_lock_whose_file_was_removed_is_lost_to_whoever_takes_the_next(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.acquire()
    assert not one.lost()
    (tmp_path / "lock").unlink()
    assert one.lost()
    assert other.acquire()
    assert one.lost()
    one.release()
    assert not one.lost()
    assert not one.acquire()


def test_a_file_that_is_removed_before_it_is_locked_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = tmp_path / "lock", fcntl.flock

    def late(descriptor: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", real)
        path.unlink()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    one = FileLock(path)
    assert one.acquire()
    assert not one.lost()
    assert not FileLock(path).acquire()


@pytest.mark.integration
def test_a_holder_that_is_killed_holds_no_more(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=-1, stdout=-1, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = FileLock(path)
        assert not lock.acquire()
        assert lock.holder() == f"another redraft (process {holder.pid})"
        holder.kill()
        holder.wait()
        assert lock.acquire()
        assert path.stat().st_mode & 0o077 == 0


def test_it_is_taken_only_where_it_is_free(tmp_path: Path) -> None:
    with taken_if_free(tmp_path / "lock") as first, taken_if_free(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with taken_if_free(tmp_path / "lock") as again:
        assert again


def test_who_holds_it_is_told_of_another_lock_of_this_redraft_too(tmp_path: Path) -> None:
    with taken_if_free(tmp_path / "lock"):
        lock = FileLock(tmp_path / "lock")
        assert not lock.acquire()
        assert lock.holder() == "this redraft itself"


def test_a_lock_is_taken_on_a_full_disk_and_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    monkeypatch.setattr(os, "pwrite", no_room)
    assert one.acquire()
    assert not other.acquire()
    assert other.holder() == "another redraft"
    one.release()
    assert other.acquire()


def no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_lock_in_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(FaultError, match="taking the lock failed"):
        FileLock(tmp_path / "state" / "lock").acquire()


def test_a_lock_whose_folder_is_just_removed_is_not_free_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = FileLock(tmp_path / "state" / "lock")
    with monkeypatch.context() as removed:
        removed.setattr(Path, "mkdir", lambda *_, **__: None)
        assert not lock.acquire()
    assert lock.acquire()


def test_a_lock_whose_folder_goes_while_it_is_made_is_not_free_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, real = FileLock(tmp_path / "project" / "state" / "lock"), os.mkdir

    def late(path: Path, mode: int) -> None:
        real(path, mode)
        if Path(path).name == "project":
            monkeypatch.undo()
            Path(path).rmdir()

    monkeypatch.setattr(os, "mkdir", late)
    assert not lock.acquire()
    assert lock.acquire()


def test_a_lock_whose_folder_was_replaced_is_lost(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "state" / "lock")
    assert lock.acquire()
    (tmp_path / "state" / "lock").unlink()
    (tmp_path / "state").rmdir()
    (tmp_path / "state").touch()
    assert lock.lost()
