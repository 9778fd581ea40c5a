"""A machine that will not have it: no rights, a clock that steps back, a state folder that goes."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.redraft import Redraft
from tests.integration.test_bad_input import refused
from tests.integration.test_commands import wait_event
from tests.projects import greet, write_server

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
CLOCK = """
import os, time

real, real_ns = time.time, time.time_ns


def offset():
    try:
        with open(os.environ["CLOCK_OFFSET"]) as file:
            return float(file.read())
    except (OSError, ValueError):
        return 0.0


time.time = lambda: real() + offset()
time.time_ns = lambda: real_ns() + int(offset() * 1e9)
"""


@pytest.fixture
def nobody() -> Iterator[Redraft]:
    """Return redraft on a small web app as a user without rights; root runs everything else."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become another user, by setpriv")
    folder = Path(tempfile.mkdtemp(prefix="redraft-nobody-"))
    folder.chmod(0o755)
    (folder / "home").mkdir()
    one = Redraft(
        write_server(folder / "greeter"),
        folder / "home",
        command=(*AS_NOBODY, python_for_all(folder / "venv"), "-m", "tui"),
    )
    give_away(folder)
    yield one
    give_away(folder)
    one("delete", "--yes")
    shutil.rmtree(folder)


def python_for_all(venv: Path) -> str:
    """Return an interpreter with our packages that another user can run, and be run by."""
    twice = "import subprocess, sys, tui; subprocess.run([sys.executable, '-c', ''], check=True)"
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        made = subprocess.run([python, "-m", "venv", "--clear", "--without-pip", venv], check=False)
        if made.returncode:
            continue
        (packages,) = (venv / "lib").glob("python*/site-packages")
        ours = (str(ROOT), sysconfig.get_path("purelib"))
        (packages / "ours.pth").write_text("\n".join(ours))
        tried = [*AS_NOBODY, str(venv / "bin" / "python"), "-c", twice]
        if not subprocess.run(tried, check=False, capture_output=True, cwd="/").returncode:
            return str(venv / "bin" / "python")
    pytest.skip("no Python of this version may be run by another user")


def give_away(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink() and "venv" not in path.parts:
            os.chown(path, NOBODY, NOBODY)
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_file_that_may_not_be_read_is_named(nobody: Redraft) -> None:
    (nobody.project / "secret.key").write_text("x")
    (nobody.project / "secret.key").chmod(0o600)
    told = refused(nobody, "up")
    assert "secret.key" in told
    assert "Permission denied" in told
    (nobody.project / ".dockerignore").write_text("secret.key\n")
    (nobody.project / ".dockerignore").chmod(0o644)
    nobody.good("up")
    assert nobody.answer() == "hello one"


def test_a_folder_that_may_not_be_read_is_named(nobody: Redraft) -> None:
    (nobody.project / "private").mkdir(mode=0o700)
    assert "private" in refused(nobody, "up")


def test_a_draft_toml_that_may_not_be_read_is_told(nobody: Redraft) -> None:
    (nobody.project / "draft.toml").chmod(0o000)
    assert "draft-toml-unreadable" in refused(nobody, "up")


def test_a_project_that_may_not_be_written_runs_and_cannot_be_created(nobody: Redraft) -> None:
    for path in (nobody.project, *nobody.project.iterdir()):
        os.chown(path, 0, 0)
    nobody.good("up")
    assert nobody.answer() == "hello one"
    (nobody.project / "draft.toml").unlink()
    told = refused(nobody, "create", "--yes")
    assert "Permission denied" in told
    write_server(nobody.project)


def test_a_state_folder_that_may_not_be_made_is_told(nobody: Redraft) -> None:
    os.chown(nobody.home, 0, 0)
    assert "state-unwritable" in refused(nobody, "up")


def test_while_the_clock_steps_back_an_hour_the_loop_goes_on(
    redraft: Redraft, tmp_path: Path
) -> None:
    stepping = replace(
        redraft,
        variables={"PYTHONPATH": str(tmp_path / "clock"), "CLOCK_OFFSET": str(tmp_path / "offset")},
    )
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(textwrap.dedent(CLOCK))
    watcher = stepping.start("up", "--watch", "--output", "json")
    try:
        wait_event(watcher, "IterationFinished")
        (tmp_path / "offset").write_text("-3600")
        greet(redraft.project, "hello again")
        wait_event(watcher, "IterationFinished")
    finally:
        watcher.terminate()
        watcher.communicate(timeout=20)
    assert redraft.answer() == "hello again"
    first, second = stepping.json("history")
    assert second["started"] < first["started"]
    assert second["verdict"] == "ready"
    assert 0 <= second["seconds"] < 60
    redraft.good("rollback", "--yes")
    assert redraft.answer() == "hello one"


def test_a_state_folder_deleted_while_redraft_watches_does_not_end_the_loop(
    redraft: Redraft,
) -> None:
    watcher = redraft.start("up", "--watch", "--output", "json")
    try:
        wait_event(watcher, "IterationFinished")
        gone = redraft.home / "gone"
        (redraft.home / "state").rename(gone)
        shutil.rmtree(gone)
        greet(redraft.project, "hello again")
        wait_event(watcher, "IterationFinished")
        assert redraft.answer() == "hello again"
    finally:
        watcher.terminate()
        told, _ = watcher.communicate(timeout=20)
    assert watcher.returncode == 130
    assert "internal-error" not in told
