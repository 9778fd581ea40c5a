"""The quick way of `up`: what takes it, and that nobody to ask is no error."""

import os
import socket
import sys
from pathlib import Path

import pytest

from tui.cli.quick import COMPLETING, ask, main, plain_cockpit, plain_up
from tui.supervisor.doors import close_doors, find_door, open_door


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ("up", "development"),
        ("up -e staging", "staging"),
        ("up --environment staging", "staging"),
        ("", ""),
        ("up --watch", ""),
        ("up --output json", ""),
        ("up -e staging --output json", ""),
        ("up --project elsewhere", ""),
        ("-e staging up", ""),
        ("status", ""),
        ("rollback", ""),
    ],
)
def test_only_the_plainest_up_is_asked_about(arguments: str, environment: str) -> None:
    assert plain_up(arguments.split()) == environment


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ("", "development"),
        ("-e staging", "staging"),
        ("--environment staging", "staging"),
        ("-e staging --record run.jsonl", ""),
        ("--record run.jsonl", ""),
        ("--version", ""),
        ("up", ""),
    ],
)
def test_only_the_plainest_cockpit_goes_without_the_command_line(
    arguments: str, environment: str
) -> None:
    assert plain_cockpit(arguments.split()) == environment


def test_a_shell_that_completes_is_answered_by_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(COMPLETING, "bash_source")
    assert not plain_cockpit([])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of doors, of a project that is the present folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    doors = tmp_path / f"redraft-{os.getuid()}"
    doors.mkdir(mode=0o700)
    return doors


def test_without_a_door_nobody_answers(folder: Path) -> None:
    assert ask("development") is None
    folder.rmdir()
    assert ask("development") is None


def test_behind_a_door_left_over_nobody_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = find_door(str(folder.parent), "development")
    with monkeypatch.context() as inside, socket.socket(socket.AF_UNIX) as ended:
        inside.chdir(folder)
        ended.bind("here.sock")  # a whole path may be too long for a socket
    open_door(door, str(folder / "here.sock"))
    assert ask("development") is None
    close_doors(str(folder / "here.sock"))
    assert not os.path.lexists(door)


def test_a_folder_that_others_can_enter_is_not_trusted(folder: Path) -> None:
    folder.chmod(0o755)
    with pytest.raises(PermissionError):
        find_door(str(folder.parent), "development")
    assert ask("development") is None


def test_a_project_that_is_gone_is_left_to_the_usual_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = folder.parent / "gone"
    gone.mkdir()
    with monkeypatch.context() as inside:
        inside.chdir(gone)
        gone.rmdir()
        assert ask("development") is None


def test_an_interrupt_before_anything_runs_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["redraft", "status"])
    monkeypatch.setattr("tui.cli.quick._go_the_usual_way", interrupted)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
