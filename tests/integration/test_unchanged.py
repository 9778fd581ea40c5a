"""A second `up` with nothing changed: answered at once, in the usual words, and never wrongly."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from tests.integration.redraft import Redraft, fetch
from tests.projects import greet
from tui.logs.reader import LogReader
from tui.supervisor.doors import find_door
from tui.supervisor.mounts import all_seen, mounts_of

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's"),
]
ASK = "import json; from tui.cli.quick import ask; print(json.dumps(ask({!r})))"


@pytest.fixture
def settled(redraft: Redraft, tmp_path: Path) -> Redraft:
    """Return redraft on a project that is up and was attested."""
    if not all_seen(mounts_of(str(tmp_path)), str(tmp_path)):
        pytest.skip("temporary files are on a file system that others can change")
    (redraft.project / ".dockerignore").write_text("*.log\ndraft.toml\n")
    redraft.good("up")
    assert witnessed(redraft)
    return redraft


def witnessed(redraft: Redraft, environment: str = "development") -> str:
    """Return what the witness tells; empty when it leaves the work to redraft."""
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(environment)],
        cwd=redraft.project,
        env=redraft.env,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout) or []
    return "".join(f"{line}\n" for _, line in told)


def supervisor(redraft: Redraft) -> psutil.Process:
    (record,) = redraft.home.glob("state/redraft/*/development/supervisor.json")
    return psutil.Process(json.loads(record.read_text())["pid"])


def until_answering(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            assert fetch(url)
            return
        except OSError:
            assert time.monotonic() < deadline


def words(output: str) -> str:
    return re.sub(r"\d+\.\d s", "0.0 s", output)


def revisions(redraft: Redraft) -> int:
    return len(redraft.json("history"))


def git(redraft: Redraft, *arguments: str) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *who, *arguments], cwd=redraft.project, check=True, capture_output=True)


def test_it_is_told_in_the_words_of_an_up_that_looked(settled: Redraft) -> None:
    usual = settled("up", "--output", "plain")
    quick = settled("up")
    assert (quick.returncode, quick.stdout) == (usual.returncode, usual.stdout)
    assert words(quick.stderr) == words(usual.stderr)
    assert "nothing changed: revision 1 runs this tree already" in quick.stderr
    assert words(witnessed(settled)) == words(quick.stderr + quick.stdout)
    assert witnessed(settled) == "".join(settled("up", "-e", "development").stderr) + quick.stdout


def test_it_leaves_the_lines_of_an_up_that_looked_among_the_logs(settled: Redraft) -> None:
    settled.good("logs")
    quick = chronicle(settled)  # of the question that was asked before
    assert "iteration 2 started: command" in quick
    settled.good("up")
    settled.good("up", "--output", "plain")
    assert sorted(chronicle(settled)) == sorted([*quick, *quick, *quick])


def chronicle(redraft: Redraft) -> list[str]:
    """Return redraft's own lines of the second iteration, without their seconds."""
    (file,) = redraft.home.glob("state/redraft/*/development/logs.db")
    reader = LogReader(file)
    oldest, newest = reader.bounds()
    lines = reader.lines(range(oldest, newest + 1))
    said = [line.message for line in lines if (line.revision, line.stream) == (2, "redraft")]
    return [re.sub(r"\d+\.\d+ s", "0.00 s", message) for message in said]


def test_what_follows_an_edit_is_built(settled: Redraft) -> None:
    greet(settled.project, "hello two")
    assert not witnessed(settled)
    assert settled.answer() == "hello one"
    settled.good("up")
    assert settled.answer() == "hello two"
    assert "revision 2 runs this tree" in settled("up").stderr
    assert "revision 2 runs this tree" in witnessed(settled)


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def add_pack(project: Path) -> None:
    folder = project.parent / "home" / "config" / "redraft" / "packs" / "mine"
    folder.mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM scratch\n")


CHANGES: Mapping[str, Callable[[Path], object]] = {
    "touch": lambda project: (project / "app.py").touch(),
    "revert": lambda project: append(project / "app.py", ""),
    "ignored file": lambda project: (project / "x.log").touch(),
    "draft.toml": lambda project: append(project / "draft.toml", "# more\n"),
    "a pack of the user's": add_pack,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_may_matter_is_looked_at_and_then_vouched_for_again(
    settled: Redraft, change: str
) -> None:
    CHANGES[change](settled.project)
    assert not witnessed(settled)
    assert "nothing changed: revision 1" in settled("up").stderr
    assert "nothing changed: revision 1" in witnessed(settled)


def test_settings_that_changed_are_released(settled: Redraft) -> None:
    draft = settled.project / "draft.toml"
    draft.write_text(draft.read_text() + 'env = { COLOUR = "red" }\n')
    assert not witnessed(settled)
    settled.good("up")
    assert revisions(settled) == 2
    assert "revision 2 runs this tree" in witnessed(settled)


def test_another_branch_is_another_tree(settled: Redraft) -> None:
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(settled, *arguments)
    git(settled, "checkout", "-qb", "other")
    greet(settled.project, "hello other")
    git(settled, "commit", "-qam", "other")
    settled.good("up")
    assert "revision 2" in witnessed(settled)
    git(settled, "checkout", "-q", "-")
    assert not witnessed(settled)
    settled.good("up")
    assert settled.answer() == "hello one"


def test_a_rollback_is_not_taken_for_this_tree(settled: Redraft) -> None:
    greet(settled.project, "hello two")
    settled.good("up")
    assert "revision 2" in witnessed(settled)
    settled.good("rollback", "--yes")
    assert not witnessed(settled)
    settled.good("up")
    assert settled.answer() == "hello two"
    assert "revision 4" in witnessed(settled)


def test_a_history_that_changed_is_read(settled: Redraft) -> None:
    (release,) = settled.home.rglob("releases/1.json")
    release.touch()
    assert not witnessed(settled)


def test_an_app_that_was_killed_is_looked_at(settled: Redraft) -> None:
    (app,) = supervisor(settled).children()
    app.kill()
    app.wait()
    assert not witnessed(settled)
    (status,) = settled.json("status")
    until_answering(status["url"])
    assert not witnessed(settled)
    assert "nothing changed: revision 1" in settled("up").stderr
    assert "nothing changed: revision 1" in witnessed(settled)


def test_with_the_supervisor_goes_what_it_knew(settled: Redraft) -> None:
    keeper = supervisor(settled)
    keeper.kill()
    keeper.wait()
    assert not witnessed(settled)
    settled.good("up")
    assert "runs this tree already" in witnessed(settled)


def test_every_environment_has_its_own(settled: Redraft) -> None:
    draft = settled.project / "draft.toml"
    one = draft.read_text()
    draft.write_text(f"{one}\n{one.replace('development', 'staging')}")
    assert not witnessed(settled, "staging")
    settled.good("up")
    settled.good("up", "-e", "staging")
    assert "greeter · staging" in witnessed(settled, "staging")
    assert "greeter · development" in witnessed(settled)
    greet(settled.project, "hello both")
    assert not witnessed(settled)
    assert not witnessed(settled, "staging")
    settled.good("delete", "--yes", "-e", "staging")


def test_other_places_of_state_are_other_questions(settled: Redraft) -> None:
    elsewhere = Redraft(settled.project, settled.home / "elsewhere")
    assert not witnessed(elsewhere)
    assert witnessed(settled)


def test_tasks_before_a_build_run_at_every_up(redraft: Redraft) -> None:
    draft = redraft.project / "draft.toml"
    draft.write_text(draft.read_text() + 'tasks = { pre-up = ["echo one >> ../ran"] }\n')
    redraft.good("up")
    assert not witnessed(redraft)
    redraft.good("up")
    assert (redraft.project / "../ran").read_text() == "one\none\n"


def test_deleting_takes_the_door_away_even_of_a_killed_supervisor(settled: Redraft) -> None:
    door = Path(find_door(str(settled.project), "development"))
    settled.good("delete", "--yes")
    assert not door.is_symlink()
    assert "is ready" in settled("up").stderr
    assert door.is_symlink()
    keeper = supervisor(settled)
    keeper.kill()
    keeper.wait()
    settled.good("delete", "--yes")
    assert not door.is_symlink()
