"""What goes on with `up --watch` once another redraft deleted its environment."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.redraft import Redraft
from tests.integration.test_following import told, watching
from tests.projects import greet, write_app

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


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


def test_an_up_ends_whose_environment_is_deleted_before_it_is_ready(redraft: Redraft) -> None:
    write_app(redraft.project, "import time; time.sleep(1000)\n", 'probe-path = "/"\n')
    up = redraft.start("up", "--output", "json")
    told(up, "ReleaseStarted")
    redraft.good("delete", "--yes")
    ended = told(up, "IterationFinished")
    assert (ended["outcome"], ended["fault"]["code"]) == ("failed", "environment-deleted")
    up.communicate(timeout=20)
    assert up.returncode == 1
