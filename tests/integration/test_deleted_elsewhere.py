"""What goes on with `up` while another redraft deletes its environment, and afterwards."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.redraft import Redraft
from tests.integration.test_following import told, watching
from tests.projects import greet, write_app
from tui.engine.outcomes import waiting_for

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
HANGS = "import time; time.sleep(1000)\n"


@contextmanager
def following(redraft: Redraft) -> Iterator["subprocess.Popen[str]"]:
    """Keep another redraft open that reads lines, and collects them where nobody else does."""
    command = ("logs", "--follow", "--grep", "listening", "--output", "json")
    process = redraft.start(*command)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def line(process: "subprocess.Popen[str]") -> int:
    """Return the revision of the next line."""
    assert process.stdout is not None
    revision: int = json.loads(process.stdout.readline())["revision"]
    return revision


def test_the_next_iteration_has_the_store_and_the_locks_that_others_have(redraft: Redraft) -> None:
    with watching(redraft) as process:
        redraft.good("delete", "--yes")
        told(process, "EnvironmentDeleted")
        redraft.good("up")
        with following(redraft) as other:
            assert line(other) == 1
            for revision, greeting in ((2, "hello two"), (3, "hello three")):
                greet(redraft.project, greeting)
                assert told(process, "IterationFinished")["outcome"] == "ready"
                assert redraft.answer() == greeting
                assert line(other) == revision
    lines = redraft.json("logs", "--all-revisions", "--grep", "listening")
    assert [line["revision"] for line in lines] == [1, 2, 3]
    assert [release["revision"] for release in redraft.json("history")] == [1, 2, 3]


def test_a_deletion_waits_for_an_up_unless_that_is_killed(redraft: Redraft) -> None:
    write_app(redraft.project, HANGS, 'probe-path = "/"\n')
    waits_for_an_up_unless_that_is_killed(redraft)
    assert not [path for path in (redraft.home / "state").rglob("*") if path.is_file()]


def waits_for_an_up_unless_that_is_killed(redraft: Redraft) -> None:
    """Delete what is not ready yet."""
    with redraft.start("up", "--output", "json") as up:
        told(up, "ReleaseStarted")
        with redraft.start("delete", "--yes", "--output", "json") as deletion:
            waiting = told(deletion, "Noticed")["text"]
            assert waiting == waiting_for(f"another redraft (process {up.pid})")
            assert len(redraft.json("history")) == 1
            up.kill()
            told(deletion, "EnvironmentDeleted")
            assert deletion.wait(timeout=20) == 0
