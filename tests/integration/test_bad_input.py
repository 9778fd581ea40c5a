"""Bad input, as a user would give it: a sentence, the place, the remedy; never a traceback."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.redraft import Redraft, fetch
from tests.projects import greet, write_app, write_server
from tests.small_disks import small_disk

pytestmark = pytest.mark.integration


def refused(redraft: Redraft, *arguments: str) -> str:
    """Run a command that must end with a told fault; return what it told."""
    done = redraft(*arguments)
    assert done.returncode in {1, 2, 3}, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.count("→") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"not = [toml", "draft-toml"),
        (b"", "draft-toml-empty"),
        (b"\xff\xfe\x00", "draft-toml"),
        (b"x" * (5 << 20), "draft-toml"),
        (b"[environments.development]\nnaem = 'x'\nbackend = 'local'\n", "config-unknown-key"),
        (b"[environments.development]\nbackend = 'local'\nport = 99999\n", "config"),
        (b"[environments.development]\nbackend = 'local'\nname = 'No Label'\n", "config"),
        (b"[environments.development]\nbackend = 'local'\nreplicas = 'two'\n", "config"),
        (b"[environments.production]\nbackend = 'local'\n", "environment-missing"),
    ],
)
def test_a_wrong_draft_toml_is_told_with_place_and_remedy(
    redraft: Redraft, text: bytes, code: str
) -> None:
    (redraft.project / "draft.toml").write_bytes(text)
    told = refused(redraft, "up")
    assert f"[{code}" in told
    assert "draft.toml" in told


def test_draft_toml_being_a_folder_or_missing_is_told(redraft: Redraft) -> None:
    (redraft.project / "draft.toml").unlink()
    assert "draft-toml-missing" in refused(redraft, "up")
    (redraft.project / "draft.toml").mkdir()
    refused(redraft, "status")
    (redraft.project / "draft.toml").rmdir()


def test_the_nearest_key_is_named(redraft: Redraft) -> None:
    text = "[environments.development]\nbackend = 'local'\nwatch-dely = 1\n"
    (redraft.project / "draft.toml").write_text(text)
    told = refused(redraft, "up")
    assert "watch-delay" in told
    assert "draft.toml:3" in told


def test_an_empty_project_and_one_of_no_language_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    redraft = Redraft(tmp_path / "empty", tmp_path / "home")
    assert "project-empty" in refused(redraft, "create", "--yes")
    (tmp_path / "empty" / "notes.xyz").write_text("?")
    assert "detection-nothing" in refused(redraft, "create", "--yes")


def test_a_port_someone_else_holds_is_told_with_who(redraft: Redraft) -> None:
    first = redraft.good("up").strip()
    port = first.rsplit(":", 1)[1]
    other = redraft.project.parent / "other"
    write_server(other, name="other", extra=f"port = {port}\n")
    second = Redraft(other, redraft.home)
    try:
        told = refused(second, "up")
        assert "port-taken" in told
        assert port in told
    finally:
        second("delete", "--yes")


def test_names_of_any_kind_in_the_tree_do_no_harm(redraft: Redraft) -> None:
    folder = redraft.project
    for name in ("a b", "new\nline", "🎉", "[bold]x\x1b]0;boo\x07"):
        (folder / name).write_text("x")
    (folder / "loop").symlink_to(".")
    (folder / "out").symlink_to("/etc/hostname")
    assert fetch(redraft.good("up").strip()) == "hello one"
    (folder / "[bold]x\x1b]0;boo\x07").write_text("y")
    up = redraft("up")
    assert "\x1b" not in up.stdout + up.stderr
    assert redraft.json("history")[-1]["changed"] == ["[bold]x\x1b]0;boo\x07"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise SystemExit(3)\n", "exited with code 3"),
        ("import os\nos.kill(os.getpid(), 9)\n", "SIGKILL"),
        ("print('done')\n", "exited with code 0"),
        ("def broken(:\n", "correct the syntax error"),
        (
            "import http.server\nhttp.server.HTTPServer(('127.0.0.1', 0), None).serve_forever()\n",
            "wrong-port",
        ),
    ],
)
def test_an_app_that_fails_is_told_with_its_cause(redraft: Redraft, source: str, said: str) -> None:
    write_app(redraft.project, source)
    assert said in refused(redraft, "up")


def test_a_command_that_cannot_be_started_is_told(redraft: Redraft) -> None:
    text = (redraft.project / "draft.toml").read_text()
    (redraft.project / "draft.toml").write_text(text.replace('"python3"', '"pyhton3"'))
    told = refused(redraft, "up")
    assert "start-error" in told
    assert "pyhton3" in told


def test_hostile_output_is_stored_harmlessly(redraft: Redraft) -> None:
    source = (redraft.project / "app.py").read_text()
    hostile = (
        "import sys\n"
        "sys.stdout.buffer.write(b'\\x1b]0;title\\x07\\x1b[2J\\x1b]52;c;aGk=\\x07[bold]text\\n')\n"
        "sys.stdout.buffer.write(b'nul\\x00 bad\\xff\\n')\n"
        "sys.stdout.buffer.write(b'x' * 1_000_000 + b'\\n')\n"
        "sys.stdout.flush()\n"
    )
    (redraft.project / "app.py").write_text(hostile + source)
    redraft.good("up")
    logs = redraft("logs")
    assert "\x1b" not in logs.stdout
    assert "[bold]text" in logs.stdout
    assert "nul␀ bad\ufffd" in logs.stdout
    messages = [line["message"] for line in redraft.json("logs")]
    assert sum(message.count("x") for message in messages if len(message) > 1000) == 1_000_000


def test_a_log_database_of_a_newer_redraft_is_refused(redraft: Redraft) -> None:
    redraft.good("up")
    (database,) = redraft.home.rglob("logs.db")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    greet(redraft.project, "hello two")  # an `up` with nothing to do needs no database
    assert "logs-newer-version" in refused(redraft, "up")
    database.unlink()


def test_a_state_folder_deleted_under_a_running_app_is_made_again(redraft: Redraft) -> None:
    redraft.good("up")
    shutil.rmtree(redraft.home / "state")
    greet(redraft.project, "hello again")
    redraft.good("up")
    assert redraft.answer() == "hello again"


@pytest.fixture
def small_home(tmp_path: Path) -> Iterator[Path]:
    """Return a home on a file system of three megabytes."""
    with small_disk(tmp_path / "home", 3) as folder:
        yield folder


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, small_home: Path) -> None:
    redraft = Redraft(write_server(tmp_path / "greeter"), small_home)
    try:
        redraft.good("up")
        (redraft.project / "large.bin").write_bytes(os.urandom(4 << 20))
        assert "disk-full" in refused(redraft, "up")
        assert redraft.answer() == "hello one"
        (redraft.project / "large.bin").unlink()
        greet(redraft.project, "hello room")
        redraft.good("up")
        assert redraft.answer() == "hello room"
    finally:
        redraft("delete", "--yes")


def test_a_recording_that_is_none_is_told(redraft: Redraft) -> None:
    (redraft.project / "run.jsonl").write_text("nonsense\n")
    assert "recording-damaged" in refused(redraft, "replay", "run.jsonl")


def test_usage_errors_exit_with_two(redraft: Redraft) -> None:
    for arguments in (("up", "--nonsense"), ("nonsense",), ("logs", "--since", "yesterday")):
        done = redraft(*arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
