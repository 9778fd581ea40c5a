"""What changes about the project itself while redraft is open on it."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.integration.redraft import COMMAND, Redraft
from tests.projects import greet, write_server
from tests.terminal import Terminal

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


DELETED_ONCE_CALLED = """
import subprocess, sys
from importlib import import_module
from tui.cli.quick import main

place, name, *redraft = sys.argv[1:]
module = import_module(place)
called = getattr(module, name)

def then_deleted(*arguments):
    answer = called(*arguments)
    subprocess.run([*redraft, "delete", "--yes"], check=True, capture_output=True)
    return answer

setattr(module, name, then_deleted)
sys.argv[1:] = []
main()
"""
"""A cockpit as `redraft` opens it, and another redraft that deletes once a function was called."""


@contextmanager
def watching(redraft: Redraft) -> Iterator["subprocess.Popen[str]"]:
    """Keep `up --watch` running, its first iteration through."""
    process = redraft.start("up", "--watch", "--output", "json")
    try:
        told(process, "IterationFinished")
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def told(process: "subprocess.Popen[str]", kind: str) -> dict[str, Any]:
    """Read JSON lines until an event of a kind, and return it."""
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == kind:
            return event
    raise AssertionError(f"no {kind}")


def edit(redraft: Redraft, old: str, new: str) -> None:
    """Replace draft.toml as editors do: by another file of its name."""
    file = redraft.project / "draft.toml"
    fresh = file.with_suffix(".new")
    fresh.write_text(file.read_text().replace(old, new))
    fresh.replace(file)


def test_draft_toml_is_followed_and_a_wrong_one_is_told_until_it_is_right(
    redraft: Redraft,
) -> None:
    with watching(redraft) as process:
        edit(redraft, '"greeter"', '"shop"\nreplicas = 2')
        changed = told(process, "SettingsChanged")
        assert (changed["name"], changed["keys"]) == ("shop", ["name", "replicas"])
        assert told(process, "IterationFinished")["outcome"] == "ready"
        edit(redraft, "replicas = 2", "replica = 2")
        fault = told(process, "SettingsRefused")["fault"]
        assert (fault["place"], fault["remedy"]) == ("draft.toml:3", "did you mean `replicas`?")
        edit(redraft, "replica = 2", "replicas = 2")
        assert told(process, "SettingsChanged")["keys"] == []


def test_a_place_that_draft_toml_comes_to_name_is_not_gone_to(redraft: Redraft) -> None:
    with watching(redraft) as process:
        edit(redraft, '"local"', '"docker"')
        assert told(process, "SettingsRefused")["fault"]["code"] == "backend-changed"
        ended = told(process, "IterationFinished")
        assert (ended["outcome"], ended["fault"]["code"]) == ("failed", "backend-changed")
        up = redraft("up")
        assert up.returncode == 2
        assert 'put `backend = "local"` back; to move, `redraft delete` there first' in up.stderr
        edit(redraft, '"docker"', '"local"')
        assert told(process, "IterationFinished")["outcome"] == "unchanged"
    assert len(redraft.json("history")) == 1


@pytest.mark.terminal
def test_header_and_environments_of_an_open_cockpit_follow_draft_toml(redraft: Redraft) -> None:
    file = redraft.project / "draft.toml"
    with Terminal(COMMAND, cwd=redraft.project, env=redraft.env) as terminal:
        terminal.wait_for("● watching")
        edit(redraft, '"greeter"', '"shop"')
        terminal.wait_for("redraft  shop  development")
        text = file.read_text()
        file.write_text(f'{text}\n[environments.staging]\nbackend = "local"\n')
        terminal.wait_for("e Env")
        terminal.press("e")
        terminal.wait_for("staging")
        terminal.press("\x1b")
        file.unlink()
        terminal.wait_for("→ press c or run")
        file.write_text(text)
        terminal.wait_for(lambda screen: "→ press c or run" not in screen)
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_a_deletion_by_another_redraft_is_told_and_so_is_what_it_brings_up_then(
    redraft: Redraft,
) -> None:
    redraft.good("up")
    with Terminal(COMMAND, cwd=redraft.project, env=redraft.env) as terminal:
        terminal.wait_for("revision 1 ✔ ready")
        redraft.good("delete", "--yes")
        terminal.wait_for("deleted elsewhere")
        terminal.wait_for("nothing runs yet")
        terminal.wait_for(lambda screen: "greeter-1-1" not in screen)
        redraft.good("up")
        terminal.wait_for("revision 1 ✔ ready")
        terminal.wait_for("INFO listening")
        assert redraft.good("logs", "--grep", "listening").count("listening") == 1
        redraft.good("delete", "--yes")
        terminal.wait_for("not released yet")
        terminal.press("u")
        terminal.wait_for("✔ ready")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert redraft.answer() == "hello one"
    assert redraft.good("logs", "--grep", "listening").count("listening") == 1


def test_leaving_what_was_deleted_elsewhere_leaves_no_file(redraft: Redraft) -> None:
    redraft.good("up")
    with Terminal(COMMAND, cwd=redraft.project, env=redraft.env) as terminal:
        terminal.wait_for("revision 1 ✔ ready")
        redraft.good("delete", "--yes")
        terminal.wait_for("deleted elsewhere")
        terminal.wait_for("not released yet")
    assert not list((redraft.home / "state" / "redraft").glob("*/*/releases"))


@pytest.mark.parametrize(
    "called", [("tui.wiring.glance", "glance"), ("tui.engine.engine", "chronicle")]
)
def test_what_is_deleted_while_the_cockpit_opens_is_told(
    redraft: Redraft, called: tuple[str, str]
) -> None:
    redraft.good("up")
    opening = [sys.executable, "-c", DELETED_ONCE_CALLED, *called, *COMMAND]
    with Terminal(opening, cwd=redraft.project, env=redraft.env) as terminal:
        terminal.wait_for("deleted elsewhere")
        terminal.wait_for("not released yet")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert not list((redraft.home / "state" / "redraft").glob("*/*/releases"))


def test_a_project_that_comes_back_is_watched_again(redraft: Redraft) -> None:
    away = redraft.project.with_name("away")
    with watching(redraft) as process:
        redraft.project.rename(away)
        assert told(process, "WatchFailed")["fault"]["code"] == "project-gone"
        away.rename(redraft.project)
        told(process, "WatchStarted")
        greet(redraft.project, "hello again")
        assert told(process, "IterationFinished")["outcome"] in {"ready", "superseded"}


def test_another_checkout_at_its_place_is_built(redraft: Redraft) -> None:
    with watching(redraft) as process:
        shutil.rmtree(redraft.project)
        write_server(redraft.project)
        greet(redraft.project, "hello clone")
        told(process, "WatchFailed")
        told(process, "WatchStarted")
        while told(process, "IterationFinished")["outcome"] != "ready":
            pass
    assert redraft.answer() == "hello clone"
