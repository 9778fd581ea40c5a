"""Saving on while dependencies are installed in the image, which takes longer than the pauses."""

import secrets
from pathlib import Path

import pytest

from tests.integration.docker.project import DOCKERFILE, name_of
from tests.integration.redraft import Redraft
from tests.integration.watching import Told, until, watching
from tests.projects import greet
from tests.testbed import docker, sleeping

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("buildx"), pytest.mark.timeout(240)]
INSTALL = """\
COPY seconds .
RUN echo begun $(cat /proc/sys/kernel/random/uuid | tee /installed); sleep $(cat seconds)
COPY . .
"""
SECONDS = 10
"""That the install takes; two more saves come in them."""


def with_install(project: Path, seconds: int) -> None:
    """Have the image install something that takes so long."""
    install = f"ENV TEST={name_of(project)}\n{INSTALL}"
    (project / "Dockerfile").write_text(DOCKERFILE.lstrip().replace("COPY . .\n", install))
    (project / "seconds").write_text(f"{seconds}\n")
    draft = project / "draft.toml"
    draft.write_text(draft.read_text() + "watch-delay = 0.2\n")


def begun(told: Told) -> list[str]:
    """Return which installs were told to have begun."""
    lines = [line for event in told.of("StepPrinted") for line in event["lines"]]
    return [line.removeprefix("begun ") for line in lines if line.startswith("begun ")]


def test_saves_during_an_install_do_not_begin_it_anew(redraft: Redraft) -> None:
    with_install(redraft.project, 0)
    with watching(redraft) as told:
        (redraft.project / "seconds").write_text(f"{SECONDS}\n")
        until(lambda: len(begun(told)) == 2, told.__str__)
        for greeting in ("hello two", "hello three"):
            before = len(told.of("StepFinished"))
            greet(redraft.project, greeting)
            until(lambda: context_loaded(told, before), told.__str__)  # noqa: B023
        told.until("IterationFinished", 4)
        assert redraft.answer() == "hello three"
    outcomes = [event["outcome"] for event in told.of("IterationFinished")]
    assert outcomes == ["ready", "superseded", "superseded", "ready"]
    image = redraft.json("history")[-1]["image"]
    installed = docker("run", "--rm", image, "cat", "/installed").strip()
    assert set(begun(told)[1:]) == {installed}
    assert docker("images", "-q", name_of(redraft.project)).count("\n") == 2


def test_an_install_that_goes_on_over_a_save_ends_when_redraft_is_left(redraft: Redraft) -> None:
    with_install(redraft.project, 0)
    seconds = str(1000 + secrets.randbelow(10**6))
    with watching(redraft) as told:
        (redraft.project / "seconds").write_text(f"{seconds}\n")
        until(lambda: len(begun(told)) == 2, told.__str__)
        before = len(told.of("StepFinished"))
        greet(redraft.project, "hello two")
        until(lambda: context_loaded(told, before), told.__str__)
        assert sleeping(seconds)
    until(lambda: not sleeping(seconds), told.__str__)


def context_loaded(told: Told, before: int) -> bool:
    """Whether a build that came after so many steps has sent its context."""
    steps = told.of("StepFinished")[before:]
    return any(step["step"] == "[internal] load build context" for step in steps)
