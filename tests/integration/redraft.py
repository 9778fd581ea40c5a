"""The command `redraft` as a user runs it: a process of its own on a project of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "tui")
HANGING = str(Path(__file__).with_name("hanging.py"))
PATIENCE = 60
WORDS = 2
"""Seconds in which one that hangs tells what its tasks wait for."""


@dataclass(frozen=True, slots=True)
class Redraft:
    """Runs commands in `project`, with all state below `home`."""

    project: Path
    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment of every command."""

    @property
    def env(self) -> dict[str, str]:
        """The environment of every command: state and home are the test's own."""
        return {
            **os.environ,
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "NO_COLOR": "1",
            **self.variables,
        }

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever its exit code; one that hangs says where."""
        with subprocess.Popen(
            [sys.executable, HANGING, *arguments],
            cwd=self.project,
            env={**self.env, "PYTHONFAULTHANDLER": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                out, err = process.communicate(stdin, PATIENCE)
            except subprocess.TimeoutExpired:
                out, err = last_words(process)
                raise AssertionError(f"{arguments} hangs\n{out}{err}") from None
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def good(self, *arguments: str) -> str:
        """Run a command that must succeed; return its stdout."""
        done = self(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a command with --output json; return its lines, whatever its exit code."""
        return parse(self(*arguments, "--output", "json").stdout.splitlines())

    def seconds_accounted_for(self) -> tuple[float, float]:
        """Bring it up; return the seconds of all stages together, and those that history tells."""
        told = self.json("up")
        stages = sum(event["seconds"] for event in told if event["event"] == "StageFinished")
        return stages, self.json("history")[-1]["seconds"]

    def start(self, *arguments: str, stderr: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        """Start a command and leave it running, its stdout a pipe."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.project,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def answer(self) -> str:
        """Ask the app itself at its stable URL."""
        (status,) = self.json("status")
        return fetch(status["url"])


def last_words(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """End a process that hangs; return what it said, last what its tasks and threads do."""
    process.send_signal(signal.SIGUSR1)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=WORDS)
    process.send_signal(signal.SIGABRT)  # at which Python tells what each thread does
    return process.communicate()


def parse(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in lines]


def fetch(url: str) -> str:
    """Return the body of a GET."""
    with urllib.request.urlopen(url, timeout=15) as response:
        body: bytes = response.read()
        return body.decode()
