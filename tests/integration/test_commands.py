import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.redraft import COMMAND, PATIENCE, Redraft, fetch, parse
from tests.projects import greet, write_app, write_server

pytestmark = pytest.mark.integration


def test_the_whole_loop_by_commands(redraft: Redraft) -> None:
    url = redraft.good("up").strip()
    assert fetch(url) == "hello one"
    greet(redraft.project, "hello two")
    assert redraft.good("up").strip() == url
    assert fetch(url) == "hello two"
    assert redraft.good("rollback", "--yes").strip() == url
    assert fetch(url) == "hello one"
    history = redraft.json("history")
    assert [line["verdict"] for line in history] == ["ready"] * 3
    assert [line["current"] for line in history] == [False, False, True]
    assert history[1]["changed"] == ["app.py"]
    assert history[2]["rollback_of"] == 1


def test_the_seconds_of_a_release_are_those_of_all_its_stages(redraft: Redraft) -> None:
    stages, told = redraft.seconds_accounted_for()
    assert told >= stages - 0.001  # it is told in milliseconds


def test_a_protected_environment_asks_for_its_name_on_this_machine_too(redraft: Redraft) -> None:
    with (redraft.project / "draft.toml").open("a") as file:
        file.write("protected = true\n")
    assert "marks the environment development as protected" in redraft("up").stderr
    assert redraft.json("history") == []
    redraft.good("up", "--confirm", "development")
    redraft.good("delete", "--yes", "--confirm", "development")


def test_a_history_of_nothing_says_so(redraft: Redraft) -> None:
    listed = redraft("history")
    assert listed.returncode == 0
    assert listed.stdout == ""
    assert listed.stderr == "nothing was released yet: `redraft up` begins\n"


def test_a_second_up_of_the_same_tree_does_nothing_and_says_so(redraft: Redraft) -> None:
    redraft.good("up")
    again = redraft("up")
    assert again.returncode == 0
    assert "nothing changed" in again.stderr
    assert len(redraft.json("history")) == 1


def test_up_tells_its_events_as_json_lines(redraft: Redraft) -> None:
    events = [line["event"] for line in redraft.json("up")]
    assert events[0] == "ProjectOpened"
    assert events.index("ImageBuilt") < events.index("ReleaseStarted")
    assert "IterationFinished" in events


def test_a_recorded_run_can_be_told_again(redraft: Redraft, tmp_path: Path) -> None:
    recording = tmp_path / "run.jsonl"
    redraft.good("up", "--record", str(recording))
    told = redraft("replay", str(recording))
    assert told.returncode == 0
    assert "revision 1 is ready" in told.stderr
    recording.write_text("{}\n")
    damaged = redraft("replay", str(recording))
    assert damaged.returncode == 2
    assert "run.jsonl:1" in damaged.stderr


def test_a_recording_that_cannot_be_written_is_a_usage_error(redraft: Redraft) -> None:
    refused = redraft("up", "--record", "nowhere/run.jsonl")
    assert refused.returncode == 2
    assert "nowhere/run.jsonl: the recording cannot be written: No such file" in refused.stderr
    assert "--record" in refused.stderr


def test_status_and_why_tell_a_crash_with_cause_evidence_and_remedy(redraft: Redraft) -> None:
    write_app(redraft.project, "import nosuchmodule\n")
    failed = redraft("up")
    assert failed.returncode == 1
    assert "crash-loop" in failed.stderr
    assert "add nosuchmodule to the dependencies" in failed.stderr
    (why,) = redraft.json("why")
    assert (why["verdict"], why["cause"]) == ("failed", "crash-loop")
    assert any("ModuleNotFoundError" in line for line in why["evidence"])
    (status,) = redraft.json("status")
    assert status["pods"][0]["restarts"] >= 1


def test_while_a_new_revision_crashes_the_old_one_goes_on_serving(redraft: Redraft) -> None:
    redraft.good("up")
    source = (redraft.project / "app.py").read_text()
    (redraft.project / "app.py").write_text("raise SystemExit(37)\n")
    failed = redraft("up")
    assert "exited with code 37" in failed.stderr
    assert redraft.answer() == "hello one"
    (redraft.project / "app.py").write_text(source.replace("hello one", "hello fixed"))
    redraft.good("up")
    assert redraft.answer() == "hello fixed"


def test_logs_outlive_the_process_and_are_filtered(redraft: Redraft) -> None:
    redraft.good("up")
    for path in ("/orders/1", "/users/2"):
        fetch(redraft.json("status")[0]["url"] + path)
    lines = redraft.json("logs")
    messages = [line["message"] for line in lines]
    assert "INFO listening" in messages
    assert {"INFO /orders/1", "INFO /users/2"} <= set(messages)
    assert [line["message"] for line in redraft.json("logs", "--grep", "orders")] == [
        "INFO /orders/1"
    ]
    assert [line["message"] for line in redraft.json("logs", "--tail", "2")] == messages[-2:]
    assert redraft.json("logs", "--level", "error") == []
    assert redraft.json("logs", "--revision", "9") == []
    assert redraft("logs", "--revision", "9").stderr == "no stored line matches\n"
    bad = redraft("logs", "--grep", "(")
    assert bad.returncode == 2
    assert "Traceback" not in bad.stderr


def test_following_the_logs_shows_lines_as_they_come(redraft: Redraft) -> None:
    redraft.good("up")
    follower = redraft.start("logs", "--follow", "-n", "1", "--output", "json", "--grep", "marker")
    try:
        fetch(redraft.json("status")[0]["url"] + "/marker")
        assert follower.stdout is not None
        (line,) = parse([follower.stdout.readline()])
        assert line["message"] == "INFO /marker"
    finally:
        follower.send_signal(signal.SIGINT)
        follower.communicate(timeout=20)
    assert follower.returncode == 130


def test_a_rollback_is_previewed_before_it_is_asked_about(redraft: Redraft) -> None:
    redraft.good("up")
    greet(redraft.project, "hello two")
    redraft.good("up")
    asked = redraft("rollback", stdin="n\n")
    assert asked.returncode == 130
    assert "  -GREETING = 'hello two'" in asked.stderr.splitlines()
    assert redraft.answer() == "hello two"
    assert redraft("rollback", stdin="y\n").returncode == 0
    assert redraft.answer() == "hello one"


def test_up_watch_goes_round_at_each_save(redraft: Redraft) -> None:
    watcher = redraft.start("up", "--watch", "--output", "json")
    try:
        wait_event(watcher, "IterationFinished")
        greet(redraft.project, "hello saved")
        wait_event(watcher, "IterationFinished")
        assert redraft.answer() == "hello saved"
    finally:
        watcher.send_signal(signal.SIGINT)
        watcher.communicate(timeout=20)
    assert redraft.answer() == "hello saved"


def test_delete_leaves_no_process_no_port_and_no_file(redraft: Redraft) -> None:
    url = redraft.good("up").strip()
    redraft.good("delete", "--yes")
    with pytest.raises(OSError, match="refused"):
        fetch(url)
    assert not list((redraft.home / "state" / "redraft").glob("*"))
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(redraft.home) not in running.stdout


def test_two_ups_at_once_end_with_one_release_each_seen(redraft: Redraft) -> None:
    first, second = redraft.start("up"), redraft.start("up")
    for process in (first, second):
        process.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(redraft.json("history")) == 1


def test_killed_in_the_middle_of_an_up_the_next_one_finds_out_where_it_stands(
    redraft: Redraft,
) -> None:
    redraft.good("up")
    for number in range(6):
        greet(redraft.project, f"hello {number}")
        process = redraft.start("up", "--output", "json")
        read_events(process, count=2 + number * 3)
        process.kill()
        process.communicate(timeout=20)
        assert redraft.answer().startswith("hello")
    redraft.good("up")
    assert redraft.answer() == "hello 5"
    assert redraft.json("history")[-1]["verdict"] == "ready"


def test_create_writes_what_it_showed_and_never_overwrites(tmp_path: Path) -> None:
    project = tmp_path / "My App"
    write_server(project)
    (project / "draft.toml").unlink()
    redraft = Redraft(project, tmp_path / "home")
    shown = redraft("create", "--dry-run")
    assert not (project / "draft.toml").exists()
    assert "+++ b/draft.toml" in shown.stdout
    assert "to change the choice: --pack NAME, --name NAME, --port PORT" in shown.stderr
    redraft.good("create", "--yes")
    assert (project / "Dockerfile").is_file()
    mine = (project / "draft.toml").read_text() + "# mine\n"
    (project / "draft.toml").write_text(mine)
    refused = redraft("create", "--yes")
    assert refused.returncode == 2
    assert "draft.toml" in refused.stderr
    assert (project / "draft.toml").read_text() == mine
    redraft.good("create", "--yes", "--force")
    assert (project / "draft.toml").read_text() != mine


@pytest.mark.parametrize("command", [("create",), ("delete",), ("rollback",)])
def test_what_nobody_answers_is_a_usage_error_that_names_yes(
    redraft: Redraft, command: tuple[str, ...]
) -> None:
    if command == ("create",):
        (redraft.project / "draft.toml").unlink()
    else:
        redraft.good("up")
        greet(redraft.project, "hello two")
        redraft.good("up")
    asked = redraft(*command)
    assert asked.returncode == 2
    assert asked.stderr.endswith("✖ nobody answered [not-confirmed]\n  → add --yes\n")
    assert redraft(*command, stdin="n\n").returncode == 130


def test_doctor_gives_every_thing_a_verdict(redraft: Redraft) -> None:
    checked = {line["subject"]: line["outcome"] for line in redraft.json("doctor")}
    assert checked["draft.toml"] == "ok"
    assert {"python", "git", "disk", "state folder"} <= checked.keys()


def test_doctor_tells_what_keeps_it_from_asking_the_backend(redraft: Redraft) -> None:
    (redraft.project / ".git").write_text("gitdir: nowhere\n")
    settings = '[environments.development]\nbackend = "kubernetes"\n'
    (redraft.project / "draft.toml").write_text(settings)
    nowhere = {"KUBECONFIG": str(redraft.project / "none")}
    asked = replace(redraft, variables=nowhere)("doctor")
    assert asked.returncode == 1
    assert "! git: git refuses this checkout\n    │ fatal: not a git repository" in asked.stdout
    assert "✖ backend: there is no kubeconfig" in asked.stdout


def test_doctor_leaves_nothing_behind_of_an_environment_that_has_no_state(redraft: Redraft) -> None:
    redraft("doctor", "-e", "nope")
    redraft("doctor")
    state = redraft.home / "state" / "redraft"
    assert not [path for path in state.rglob("*") if path.is_dir()]
    redraft.good("up")
    redraft("doctor")
    assert len(redraft.json("history")) == 1


def test_the_demo_without_a_terminal_runs_the_loop_and_proves_it(tmp_path: Path) -> None:
    done = Redraft(tmp_path, tmp_path / "home")("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert steps == ["create", "up", "edit", "up again", "rollback"]
    assert not list((tmp_path / "home" / "state").rglob("*.db"))


def wait_event(process: "subprocess.Popen[str]", kind: str) -> None:
    """Read JSON lines until an event of a kind."""
    assert process.stdout is not None
    for line in process.stdout:
        if parse([line])[0]["event"] == kind:
            return
    raise AssertionError(f"no {kind}")


def read_events(process: "subprocess.Popen[str]", count: int) -> None:
    """Read some JSON lines, fewer if there are no more."""
    assert process.stdout is not None
    for _ in range(count):
        if not process.stdout.readline():
            return


def test_a_reader_that_stops_reading_does_not_stop_the_loop(redraft: Redraft) -> None:
    """The pipe is full before redraft begins; releases go on being made all the same."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"\n" * 4096)
    os.set_blocking(writing, True)
    up = subprocess.Popen(
        [*COMMAND, "up", "--watch", "--output", "json"],
        cwd=redraft.project,
        env=redraft.env,
        stdout=writing,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: len(redraft.json("history")) == 1)
        greet(redraft.project, "hello two")
        _until(lambda: len(redraft.json("history")) == 2)
        _until(lambda: redraft.answer() == "hello two")
    finally:
        up.send_signal(signal.SIGINT)
        os.close(writing)
        assert up.wait(PATIENCE) == 130
        os.close(reading)


def _until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.1)  # noqa: TID251 - polling a condition from a test's own thread
