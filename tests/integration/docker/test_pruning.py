"""Old images go, those one can roll back to stay, and strays are stopped."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.docker.project import name_of
from tests.integration.redraft import Redraft
from tests.projects import greet
from tests.testbed import docker
from tui.backends.retention import IMAGES_KEPT

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def test_only_images_that_one_can_roll_back_to_are_kept(redraft: Redraft) -> None:
    for number in range(IMAGES_KEPT + 2):
        greet(redraft.project, f"hello {number}")
        redraft.good("up")
    tags = docker("images", "--format", "{{.Tag}}", name_of(redraft.project)).split()
    history = redraft.json("history")
    kept = [one["image"].partition(":")[2] for one in history[-IMAGES_KEPT:]]
    assert sorted(tags) == sorted(kept)
    redraft.good("rollback", str(history[-IMAGES_KEPT]["revision"]), "--yes")
    assert redraft.answer() == "hello 2"


def test_no_image_goes_while_a_release_cannot_be_read(redraft: Redraft) -> None:
    redraft.good("up")
    (first,) = Path(redraft.env["XDG_STATE_HOME"]).glob("redraft/*/*/releases/1.json")
    first.write_text(first.read_text()[:99])
    for number in range(IMAGES_KEPT + 1):
        greet(redraft.project, f"hello {number}")
        redraft.good("up")
    tags = docker("images", "--format", "{{.Tag}}", name_of(redraft.project)).split()
    assert len(tags) == IMAGES_KEPT + 2
    (told,) = (one for one in redraft.json("doctor") if one["subject"] == "history")
    assert (told["outcome"], told["evidence"]) == ("warning", [str(first)])
    first.unlink()
    greet(redraft.project, "hello")
    redraft.good("up")
    tags = docker("images", "--format", "{{.Tag}}", name_of(redraft.project)).split()
    assert len(tags) == IMAGES_KEPT


def test_two_redrafts_at_once_take_turns(redraft: Redraft) -> None:
    redraft.good("up")
    greet(redraft.project, "hello two")
    both: list[subprocess.Popen[str]] = [redraft.start("up"), redraft.start("up")]
    for one in both:
        one.communicate()
    assert [one.returncode for one in both] == [0, 0]
    assert [one["verdict"] for one in redraft.json("history")] == ["ready", "ready"]
    assert redraft.answer() == "hello two"
