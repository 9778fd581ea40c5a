"""Building in the quiet period that follows a save, with real files and a real app."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from tests.integration.redraft import Redraft
from tests.projects import greet

pytestmark = pytest.mark.integration
QUIET = 5
"""Seconds: long enough for a build and another save in it, on a busy machine too."""
PATIENCE = 60.0


class Told:
    """The events that a running redraft told so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.events: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.events.append(json.loads(line)["event"])

    def iterations(self) -> tuple[int, int]:
        """Return how many began and how many ended."""
        return self.events.count("IterationStarted"), self.events.count("IterationFinished")


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # noqa: TID251 - a look at files of another process


def has_snapshots(redraft: Redraft, number: int) -> bool:
    return len(list(redraft.home.glob("state/redraft/*/development/snapshots/*"))) == number


def test_saves_in_one_quiet_period_are_built_at_once_and_the_last_is_deployed(
    redraft: Redraft,
) -> None:
    draft = redraft.project / "draft.toml"
    draft.write_text(draft.read_text().replace("watch-delay = 0.2", f"watch-delay = {QUIET}"))
    with redraft.start("up", "--watch", "--output", "json") as watcher:
        told = Told(watcher)
        until(lambda: told.iterations() == (1, 1))
        for number in (2, 3):
            greet(redraft.project, f"hello {number}")
            until(partial(has_snapshots, redraft, number))
            assert told.iterations() == (1, 1)
        until(lambda: told.iterations() == (2, 2))
        assert redraft.answer() == "hello 3"
        watcher.send_signal(signal.SIGINT)
    assert [release["verdict"] for release in redraft.json("history")] == ["ready", "ready"]
