"""Tasks of draft.toml, run by the command a user types: real shells, real files."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.redraft import Redraft, parse
from tests.integration.test_commands import wait_event
from tests.projects import greet, write_server

pytestmark = pytest.mark.integration


def with_tasks(project: Path, text: str, extra: str = "") -> None:
    write_server(project, extra=f"{extra}\n[environments.development.tasks]\n{text}\n")


def said(project: Path) -> list[str]:
    """Return what the tasks wrote, in their order."""
    return (project.parent / "said").read_text().splitlines()


def test_tasks_run_in_order_quoted_as_in_a_shell(redraft: Redraft) -> None:
    with_tasks(
        redraft.project,
        """
pre-up = ['printf "%s\\n" "one  two" >> ../said', 'echo second >> ../said']
post-up = 'echo $REDRAFT_NAME $REDRAFT_REVISION $REDRAFT_URL >> ../said'
cleanup = ['echo cleaned >> ../said']
""",
    )
    url = redraft.good("up").strip()
    assert said(redraft.project) == ["one  two", "second", f"greeter 1 {url}"]
    redraft.good("delete", "--yes")
    assert said(redraft.project)[-1] == "cleaned"


def test_post_deploy_runs_in_each_replica_with_its_folder_and_port(redraft: Redraft) -> None:
    with_tasks(
        redraft.project, "post-deploy = 'pwd; cat app.py | wc -l; echo port $PORT'", "replicas = 2"
    )
    events = redraft.json("up")
    printed: dict[str, list[str]] = {}
    for event in events:
        if event["event"] == "StepPrinted" and event["stage"] == "post-up":
            printed.setdefault(event["step"].split(":")[0], []).extend(event["lines"])
    assert sorted(printed) == ["post-deploy in greeter-1-1", "post-deploy in greeter-1-2"]
    ports = set()
    for folder, _, port in printed.values():
        assert folder.startswith(str(redraft.home))
        ports.add(port)
    assert len(ports) == 2
    assert f"port {redraft.json('status')[0]['url'].rsplit(':', 1)[1]}" not in ports


def test_a_failing_pre_up_is_told_with_its_last_lines_and_nothing_is_built(
    redraft: Redraft,
) -> None:
    with_tasks(redraft.project, "pre-up = ['echo no such target >&2; exit 2', 'touch ../never']")
    failed = redraft("up")
    assert failed.returncode == 1
    assert "exited with code 2" in failed.stderr
    assert "no such target" in failed.stderr
    assert "[task-failed]" in failed.stderr
    assert not (redraft.project.parent / "never").exists()
    assert redraft.json("history") == []


def test_a_failing_post_up_leaves_the_release_standing(redraft: Redraft) -> None:
    with_tasks(redraft.project, "post-up = 'exit 3'", "rollback-on-failure = true")
    assert redraft("up").returncode == 1
    assert redraft.answer() == "hello one"
    assert [line["verdict"] for line in redraft.json("history")] == ["ready"]


def test_interrupting_a_task_leaves_nothing_of_it(redraft: Redraft) -> None:
    text = "pre-up = 'setsid sleep 4711 & sleep 4712'"
    with_tasks(redraft.project, text)
    up = redraft.start("up", "--output", "json")
    assert up.stdout is not None
    for line in up.stdout:
        if parse([line])[0]["event"] == "StepStarted":
            break
    up.terminate()
    up.communicate(timeout=20)
    assert up.returncode == 130
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "sleep 471" not in running.stdout


def test_a_task_that_writes_into_the_tree_does_not_start_itself_for_ever(redraft: Redraft) -> None:
    with_tasks(redraft.project, "pre-up = 'date +%s%N > stamp.txt; cat app.py > copied.txt'")
    watcher = redraft.start("up", "--watch", "--output", "json")
    try:
        wait_event(watcher, "IterationFinished")
        greet(redraft.project, "hello saved")
        endings = until_settled(watcher)
        assert endings.count("ready") <= 2, "once for the save, once before the task is known"
    finally:
        watcher.terminate()
        watcher.communicate(timeout=20)
    assert redraft.answer() == "hello saved"


def until_settled(watcher: "subprocess.Popen[str]") -> list[str]:
    """Read events until a change was put down to the task; return how iterations ended."""
    assert watcher.stdout is not None
    endings: list[str] = []
    mine: set[str] = set()
    for line in watcher.stdout:
        (event,) = parse([line])
        if event["event"] == "IterationFinished":
            endings.append(event["outcome"])
        changes = event.get("changes", []) if event["event"] == "FilesChanged" else []
        mine |= {c["path"] for c in changes if c["ignored_by"] == "pre-up task"}
        if mine >= {"stamp.txt", "copied.txt"} and endings and endings[-1] == "ready":
            return endings
    raise AssertionError(f"ended: {endings}")
