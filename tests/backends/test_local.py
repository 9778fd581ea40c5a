"""The local backend with real projects, processes and files."""

import asyncio
import contextlib
import shutil
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.backends.project import Project
from tests.gates import Gate, cancelled_at
from tests.supervisor.stage import PATIENCE, eventually, get
from tui.backends.local.backend import LocalBackend
from tui.backends.local.revisions import Revisions
from tui.config.environment import Environment, Sync
from tui.model import events as e
from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogRecord
from tui.model.recipes import LocalRecipe, LocalStep
from tui.model.releases import Release, unreadable
from tui.ports.backend import Build
from tui.supervisor.lock import held
from tui.supervisor.places import environment_id
from tui.supervisor.record import read_record
from tui.supervisor.strays import MARKER

ROOT = Path(__file__).parents[2]
WAIT = "wait for the install of another redraft"
INSTALL = LocalStep("install", ("sh", "-c", "echo installing; cp requirements.txt installed"))
WITH_DEPENDENCIES = LocalRecipe(
    "plain",
    (replace(INSTALL, manifests=("requirements.txt",)),),
    ("{python}", "app.py"),
    env=(("MORE", "{dependencies}"),),
)


async def test_a_project_is_built_deployed_and_rolled_back(project: Project) -> None:
    first = await project.up()
    url = (await project.until_serving(1)).url
    assert await get(url) == "one"
    project.write("says.txt", "two")
    second = await project.up()
    assert await get(url) == "two"
    back = await project.deploy(Build(first.image, first.spec), rollback_of=1)
    assert await get(url) == "one"
    assert [first.revision, second.revision, back.revision] == [1, 2, 3]
    assert [r.outcome for r in await project.open().releases()] == ["ready"] * 3


async def test_a_rollback_runs_with_the_settings_and_recipe_of_then(project: Project) -> None:
    project.recipe = replace(project.recipe, env=(("MORE", " more"),))
    first = await project.up()
    project.recipe = LocalRecipe("other", (), ("{python}", "-c", "import time; time.sleep(99)"))
    project.environment = replace(project.environment, env={"COLOR": "red"})
    await project.backend.deploy(1, release_of(await project.build()), project.events.append)
    project.backend = project.open()
    await project.deploy(Build(first.image, first.spec), rollback_of=1)
    assert await get((await project.until_serving(3)).url) == "one more"


async def test_the_tag_is_that_of_the_build_and_an_unchanged_tree_is_cached(
    project: Project,
) -> None:
    first = await project.build()
    again = await project.build()
    assert (again.image.tag, again.spec) == (first.image.tag, first.spec)
    assert (first.image.cached, again.image.cached) == (False, True)
    assert first.image.size > 0
    assert again.image.size == 0


async def test_dependencies_are_installed_once_for_each_manifest(project: Project) -> None:
    project.recipe = WITH_DEPENDENCIES
    project.write("requirements.txt", "flask==3")
    await project.build()
    before = [("context", "done"), ("snapshot", "done")]
    assert project.steps() == [*before, ("install", "done"), ("copy", "done")]
    project.write("says.txt", "two")
    assert (await project.build()).image.cached is False
    assert project.steps() == [*before, ("install", "cached"), ("copy", "done")]
    project.write("requirements.txt", "flask==4")
    await project.build()
    assert project.steps() == [*before, ("install", "done"), ("copy", "done")]
    await project.up()
    dependencies = (await get((await project.until_serving(1)).url)).removeprefix("two")
    assert read(Path(dependencies) / "installed") == "flask==4"


async def test_dependencies_that_are_gone_are_installed_again_by_a_rollback(
    project: Project,
) -> None:
    project.recipe = WITH_DEPENDENCIES
    project.write("requirements.txt", "flask==3")
    first = await project.up()
    await asyncio.to_thread(shutil.rmtree, project.state / "dependencies")
    project.steps()
    await project.deploy(Build(first.image, first.spec), rollback_of=1)
    assert project.steps() == [("install", "done"), ("copy", "done"), ("start", "done")]


async def test_a_deploy_has_only_to_start_what_was_built_just_now(project: Project) -> None:
    build = await project.build()
    project.steps()
    await project.deploy(build)
    assert project.steps() == [("start", "done")]
    await project.build()
    assert project.steps() == [("context", "done"), ("snapshot", "done")]


async def test_a_folder_that_another_redraft_made_meanwhile_is_made_anew(project: Project) -> None:
    build = await project.build()
    project.write("says.txt", "two")
    await project.open().build(1, project.events.append)
    release = await project.deploy(build)
    assert await get((await project.until_serving(release.revision)).url) == "one"


async def test_every_line_of_a_step_is_told(project: Project) -> None:
    command = ("sh", "-c", "seq 1 20000; printf 'no end' >&2")
    project.recipe = LocalRecipe("plain", (LocalStep("count", command, ("app.py",)),), ("true",))
    await project.build()
    told = [line for s in project.events if isinstance(s, e.StepPrinted) for line in s.lines]
    assert told == [*(str(n) for n in range(1, 20001)), "no end"]


async def test_a_failing_step_tells_its_last_lines_and_leaves_no_half_cache(
    project: Project,
) -> None:
    command = ("sh", "-c", "seq 1 99; echo 'no matching distribution' >&2; exit 3")
    project.recipe = LocalRecipe("plain", (LocalStep("pip", command, ("app.py",)),), ("true",))
    with pytest.raises(FaultError) as raised:
        await project.build()
    fault = raised.value.fault
    assert fault.code == "build-step-failed"
    assert fault.sentence == "the build step `pip` exited with code 3"
    assert fault.evidence[-1] == "no matching distribution"
    assert len(fault.evidence) == 30
    assert project.steps()[-1] == ("pip", "failed")
    assert list((project.state / "dependencies").iterdir()) == []


async def test_a_step_whose_program_is_missing_is_told(project: Project) -> None:
    step = LocalStep("frob", ("no-such-program",), ("app.py",))
    project.recipe = LocalRecipe("plain", (step,), ("true",))
    with pytest.raises(FaultError) as raised:
        await project.build()
    assert raised.value.fault.code == "build-step-failed"
    assert "no-such-program" in raised.value.fault.remedy


async def cancelled_in_its_install(project: Project) -> list[psutil.Process]:
    """Begin a build and cancel it while it installs; return the processes of the install."""
    building = asyncio.create_task(project.build())
    await eventually(lambda: any(isinstance(s, e.StepPrinted) for s in project.events))
    (pid,) = [int(s.lines[0]) for s in project.events if isinstance(s, e.StepPrinted)]
    processes = [*psutil.Process(pid).children(), psutil.Process(pid)]
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert project.steps()[-1] == ("install", "cancelled")
    return processes


def installing(project: Project) -> None:
    """Have installs of the project wait until there is a file `go` beside it."""
    go = project.folder.parent / "go"
    wait = f"echo $$; while [ ! -e '{go}' ]; do sleep 0.05; done; cp requirements.txt installed"
    step = LocalStep("install", ("sh", "-c", wait), ("requirements.txt",))
    project.recipe = replace(WITH_DEPENDENCIES, steps=(step,))
    project.write("requirements.txt", "flask==3")


@pytest.mark.parametrize("end", ["let_go", "close"])
async def test_what_a_cancelled_build_installs_can_be_ended_and_leaves_nothing(
    project: Project, end: str
) -> None:
    installing(project)
    command = ("sh", "-c", "trap '' TERM; echo $$; sleep 1000 & wait; sleep 1000")
    step = LocalStep("install", command, ("requirements.txt",))
    project.recipe = replace(project.recipe, steps=(step,))
    processes = await cancelled_in_its_install(project)
    await getattr(project.backend, end)()
    assert not any(alive(process) for process in processes)
    assert list((project.state / "dependencies").iterdir()) == []


async def test_an_install_goes_on_over_a_save_and_the_next_build_joins_it(
    project: Project,
) -> None:
    installing(project)
    (shell, *_) = reversed(await cancelled_in_its_install(project))
    project.write("says.txt", "two")
    building = asyncio.create_task(project.build())
    await eventually(lambda: ("install", None) in begun(project))
    assert alive(shell)
    (project.folder.parent / "go").touch()
    build = await building
    assert ("install", "done") in project.steps()
    await project.deploy(build)
    answer = await get((await project.until_serving(1)).url)
    assert answer.startswith("two")
    assert read(Path(answer.removeprefix("two")) / "installed") == "flask==3"


@pytest.mark.parametrize("what", ["manifest", "env"])
async def test_an_install_of_something_else_is_ended_before_another_begins(
    project: Project, what: str
) -> None:
    installing(project)
    processes = await cancelled_in_its_install(project)
    if what == "manifest":
        project.write("requirements.txt", "flask==4")
    else:
        project.environment = replace(project.environment, env={"PIP_INDEX_URL": "other"})
    building = asyncio.create_task(project.build())
    await eventually(lambda: any(isinstance(s, e.StepPrinted) for s in project.events))
    assert not any(alive(process) for process in processes)
    (project.folder.parent / "go").touch()
    await building
    (folder,) = (project.state / "dependencies").iterdir()
    assert (folder / "installed").read_text() == f"flask=={4 if what == 'manifest' else 3}"


async def test_a_cancelled_build_ends_once_its_thread_is_through(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    monkeypatch.setattr(Revisions, "make", gate.before(Revisions.make))
    building = asyncio.create_task(project.build())
    await cancelled_at(gate, building)
    assert (project.state / "revisions" / "1" / "app.py").exists()


def begun(project: Project) -> list[tuple[str, None]]:
    return [(s.step, None) for s in project.events if isinstance(s, e.StepStarted)]


async def test_an_install_that_redraft_died_in_is_begun_anew(project: Project) -> None:
    project.recipe = WITH_DEPENDENCIES
    project.write("requirements.txt", "flask==3")
    await project.build()
    (folder,) = (project.state / "dependencies").iterdir()
    (folder / ".redraft-complete").unlink()
    (folder / "half").touch()
    await project.build()
    assert project.steps()[-1] == ("install", "done")
    assert not (folder / "half").exists()


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.backends.project import Project
from tests.backends.test_local import {situation}
project = Project(Path(sys.argv[1]))
{situation}(project)
def tell(event):
    for line in getattr(event, "lines", ()):
        print(line, flush=True)
asyncio.run(project.backend.build(1, tell))
"""


def compiling(project: Project) -> None:
    """Have steps in the revision's folder wait until there is a file `go` beside the project."""
    installing(project)
    (step,) = project.recipe.steps
    project.recipe = replace(project.recipe, steps=(replace(step, manifests=()),))


@pytest.mark.parametrize("situation", [installing, compiling])
async def test_what_a_redraft_that_died_left_running_is_ended_before_its_folder_is_made_anew(
    project: Project, situation: Callable[[Project], None]
) -> None:
    code = KILLED.format(situation=situation.__name__)
    dying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, str(project.folder.parent)), cwd=ROOT, stdout=PIPE
    )
    assert dying.stdout is not None
    left = psutil.Process(int(await dying.stdout.readline()))
    dying.kill()
    await dying.wait()
    left.suspend()
    situation(project)
    (project.folder.parent / "go").touch()
    await project.build()
    assert not alive(left)


async def test_two_redrafts_install_in_turn_and_the_second_finds_it_done(project: Project) -> None:
    installing(project)
    await cancelled_in_its_install(project)
    other: list[e.Event] = []
    building = asyncio.create_task(project.open().build(1, other.append))
    await eventually(lambda: WAIT in [s.step for s in other if isinstance(s, e.StepStarted)])
    (project.folder.parent / "go").touch()
    await building
    told = [(s.step, s.outcome) for s in other if isinstance(s, e.StepFinished)]
    assert told[2:4] == [(WAIT, "done"), ("install", "cached")]


async def test_what_is_being_installed_is_not_pruned(project: Project) -> None:
    await project.up()
    installing(project)
    (shell, *_) = reversed(await cancelled_in_its_install(project))
    await project.open().prune()
    assert alive(shell)
    assert len(list((project.state / "dependencies").iterdir())) == 1
    await project.backend.close()
    project.recipe = LocalRecipe("plain", (), ("{python}", "app.py"))


async def test_steps_without_manifests_run_in_the_app_for_each_new_revision(
    project: Project,
) -> None:
    step = LocalStep("compile", ("sh", "-c", "printf compiled > says.txt"))
    project.recipe = replace(project.recipe, steps=(step,))
    await project.up()
    assert project.steps().count(("compile", "done")) == 1
    assert await get((await project.until_serving(1)).url) == "compiled"
    await project.build()
    assert ("compile", "done") not in project.steps()
    assert (project.folder / "says.txt").read_text() == "one"


async def test_links_lead_to_the_dependencies_unless_the_snapshot_has_its_own(
    project: Project,
) -> None:
    project.write("kept/file", "own")
    links = (("node_modules", "{dependencies}/node_modules"), ("kept", "{dependencies}/kept"))
    project.recipe = replace(project.recipe, links=links)
    await project.up()
    app = project.state / "revisions" / "1"
    assert (app / "node_modules").readlink().name == "node_modules"
    assert read(app / "kept" / "file") == "own"


async def test_a_port_that_is_taken_fails_the_release(project: Project) -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    project.environment = replace(project.environment, port=port)
    async with server:
        with pytest.raises(FaultError) as raised:
            await project.up()
    assert raised.value.fault.code == "port-taken"
    (release,) = await project.backend.releases()
    assert (release.outcome, release.cause) == ("failed", "port-taken")


async def test_revisions_rise_even_after_a_failure(project: Project) -> None:
    await project.up()
    (project.state / "releases" / "1.json").write_text("damaged")
    assert await project.backend.releases() == (unreadable(1),)
    assert (await project.up()).revision == 2


async def test_no_number_comes_twice_when_the_history_was_deleted_under_what_runs(
    project: Project,
) -> None:
    await project.up()
    project.backend = project.open()
    await asyncio.to_thread(shutil.rmtree, project.state / "releases")
    (project.state / "supervisor.json").unlink()
    await project.until_serving(1)
    assert (await project.up()).revision == 2


async def test_the_difference_names_files_and_settings(project: Project) -> None:
    old = await project.up()
    project.write("says.txt", "two")
    project.environment = replace(project.environment, env={"TOKEN": "x"}, replicas=2)
    build = await project.build()
    difference = await project.backend.difference(old, release_of(build))
    assert [file.path for file in difference.files] == ["says.txt"]
    assert "-one" in difference.files[0].diff
    assert {d.key for d in difference.settings} == {"env.TOKEN", "replicas"}
    assert "x" not in [d.new for d in difference.settings]


async def test_what_was_never_built_here_is_not_deployed(project: Project) -> None:
    build = await project.build()
    with pytest.raises(FaultError) as raised:
        await project.open().deploy(1, release_of(build), project.events.append)
    assert raised.value.fault.code == "release-unknown"
    assert await project.backend.releases() == ()


async def test_a_state_folder_that_cannot_be_written_is_told(project: Project) -> None:
    build = await project.build()
    (project.state / "releases").write_text("in the way")
    with pytest.raises(FaultError) as raised:
        await project.deploy(build)
    assert raised.value.fault.code == "state-unwritable"
    (project.state / "releases").unlink()


async def test_a_port_taken_while_nothing_ran_does_not_end_observing(project: Project) -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    project.environment = replace(project.environment, port=port)
    await project.up()
    record = read_record(project.state)
    assert record is not None
    psutil.Process(record["pid"]).kill()
    await eventually(lambda: not held(project.state))
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", port)
    async with server:
        rollout = await project.until(lambda rollout: True)
    assert rollout.serving == 0


async def test_checking_names_what_is_there_and_what_is_missing(project: Project) -> None:
    project.recipe = LocalRecipe("plain", (LocalStep("a", ("no-such-program",)), INSTALL), ("x",))
    outcomes = {c.subject: c.outcome for c in await project.backend.check()}
    assert outcomes == {
        "supervisor": "ok",
        "recipe": "ok",
        "no-such-program": "failed",
        "sh": "ok",
        "history": "ok",
    }


async def test_checking_says_that_rules_of_sync_are_for_containers(project: Project) -> None:
    project.environment = replace(project.environment, sync=(Sync("*.py", "/app"),))
    (said,) = [c.detail for c in await project.backend.check() if c.subject == "sync"]
    assert "for containers" in said


async def test_checking_tells_a_broken_draft_toml(project: Project) -> None:
    def broken() -> Environment:
        raise FaultError(Fault("config-unknown-key", "no such key"))

    project.load = broken
    (failed,) = [c for c in await project.backend.check() if c.outcome == "failed"]
    assert failed.fault is not None
    assert failed.fault.code == "config-unknown-key"


async def test_what_no_release_needs_is_pruned(project: Project) -> None:
    tags = []
    project.recipe = LocalRecipe(
        "plain", (), ("{python}", "-c", "import time; time.sleep(99)"), opens_port=False
    )
    for number in range(13):
        project.write("says.txt", str(number))
        build = await project.build()
        tags.append(build.image.tag)
        await project.backend.deploy(1, release_of(build), project.events.append)
    await project.until(lambda r: r.serving == 13 and len(r.pods) == 1)
    pruned, freed = await project.backend.prune()
    assert sorted(pruned) == sorted(tags[:3])
    assert freed > 0
    assert [path.name for path in (project.state / "revisions").iterdir()] == ["13"]
    assert len(await project.backend.releases()) == 13
    first = (await project.backend.releases())[0]
    with pytest.raises(FaultError) as raised:
        await project.deploy(Build(first.image, first.spec), rollback_of=1)
    assert raised.value.fault.code == "snapshot-gone"


@pytest.mark.parametrize("damage", ["garbage", "truncated", "a folder"])
async def test_nothing_is_pruned_while_a_release_cannot_be_read_which_doctor_tells(
    damage: str, project: Project
) -> None:
    project.recipe = LocalRecipe("plain", (), ("sleep", "99"), opens_port=False)
    await project.backend.deploy(1, release_of(await project.build()), project.events.append)
    project.write("says.txt", "built and not released")
    tag = (await project.build()).image.tag
    history = next(c for c in await project.backend.check() if c.subject == "history")
    assert history.outcome == "ok"
    file = project.state / "releases" / "1.json"
    damaged(file, damage)
    again = project.open()
    assert await again.prune() == ((), 0)
    history = next(c for c in await again.check() if c.subject == "history")
    assert history.outcome == "warning"
    assert history.fault is not None
    assert history.fault.evidence == (str(file),)
    file.rmdir() if file.is_dir() else file.unlink()
    assert tag in (await again.prune())[0]


def damaged(file: Path, damage: str) -> None:
    """Have nobody read a file any more."""
    content = file.read_text()
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    else:
        file.write_text(content[: len(content) // 2] if damage == "truncated" else "\0garbage")


async def test_disk_use_is_measured(project: Project) -> None:
    before = await project.backend.disk()
    project.recipe = WITH_DEPENDENCIES
    project.write("requirements.txt", "x" * 10_000)
    await project.up()
    after = await project.backend.disk()
    assert (before.snapshots, before.dependencies) == (0, 0)
    assert after.snapshots > 20_000
    assert after.dependencies > 20_000


async def test_delete_leaves_no_process_no_port_and_no_file(project: Project) -> None:
    project.environment = replace(project.environment, replicas=2)
    await project.up()
    url = (await project.until_serving(1)).url
    await project.backend.delete(project.events.append)
    with pytest.raises(OSError, match="refused"):
        await get(url)
    left = [path.name for path in project.state.iterdir()]
    assert left == []
    marked = [p.info["cmdline"] or [] for p in psutil.process_iter(["cmdline"])]
    assert not any(str(project.state) in " ".join(command) for command in marked)


async def test_delete_does_not_wait_for_ever_and_ends_what_a_killed_supervisor_left(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await project.up()
    url = (await project.until_serving(1)).url
    supervisor = psutil.Process((read_record(project.state) or {})["pid"])
    supervisor.suspend()
    with monkeypatch.context() as impatient:
        impatient.setattr("tui.clients.process.supervisor.STOP_PATIENCE", 0.2)
        with pytest.raises(FaultError, match="not ended"):
            await asyncio.wait_for(project.backend.delete(project.events.append), PATIENCE)
    assert [release.revision for release in await project.backend.releases()] == [1]
    supervisor.kill()
    await eventually(lambda: not held(project.state))
    await project.backend.delete(project.events.append)
    with pytest.raises(OSError, match="refused"):
        await get(url)
    assert list(project.state.iterdir()) == []


@pytest.mark.parametrize("doing", ["install", "build"])
async def test_delete_ends_what_a_step_of_a_redraft_that_died_left(
    project: Project, doing: str
) -> None:
    marked = {MARKER: f"{doing}/{environment_id(project.state)}/step/"}
    left = await asyncio.create_subprocess_exec("sleep", "1000", env=marked)
    try:
        await project.backend.delete(project.events.append)
        async with asyncio.timeout(PATIENCE):
            assert await left.wait() == -signal.SIGTERM
    finally:
        with contextlib.suppress(ProcessLookupError):
            left.kill()


async def test_an_environment_never_brought_up_is_observed_as_empty(project: Project) -> None:
    rollout = await project.until(lambda rollout: True)
    assert (rollout.revision, rollout.pods) == (0, ())


async def test_what_another_redraft_brings_up_is_observed(project: Project) -> None:
    watching = asyncio.create_task(project.until_serving(1))
    await asyncio.sleep(0)
    other = project.open()
    build = await other.build(1, project.events.append)
    await other.deploy(1, release_of(build), project.events.append)
    assert (await watching).serving == 1


async def test_a_killed_supervisor_is_brought_back_with_what_served(project: Project) -> None:
    await project.up()
    project.write("app.py", "import sys; sys.exit(1)")
    build = await project.build()
    failed = await project.backend.deploy(1, release_of(build), project.events.append)
    await project.backend.record(replace(failed, outcome="failed"))
    url = (await project.until(lambda r: r.revision == 2)).url
    record = read_record(project.state)
    assert record is not None
    watching = asyncio.create_task(project.until(lambda r: (r.revision, r.serving) == (1, 1)))
    psutil.Process(record["pid"]).kill()
    assert (await watching).url == url
    assert await get(url) == "one"


async def test_log_lines_are_collected_once_through_restarts_of_everything(
    project: Project,
) -> None:
    project.write(
        "app.py",
        "import sys\nfor n in range(5): print('line', n)\n"
        + "sys.stdout.flush()\n"
        + "import time; time.sleep(99)\n",
    )
    project.recipe = replace(project.recipe, opens_port=False)
    await project.up()
    positions: dict[str, str] = {}
    first = await collected(project.backend, positions, until="line 4")
    record = read_record(project.state)
    assert record is not None
    psutil.Process(record["pid"]).kill()
    project.backend = project.open()
    await project.until_serving(1)
    second = await collected(project.backend, positions, until="line 4")
    for records in (first, second):
        lines = [r.message for r in records if r.stream == "stdout"]
        assert lines == [f"line {n}" for n in range(5)]


async def test_consumed_segments_are_deleted_only_once_committed(project: Project) -> None:
    spool = project.state / "spool"
    project.recipe = LocalRecipe(
        "plain", (), ("sh", "-c", "seq -f %0100.0f 1 200000; sleep 99"), opens_port=False
    )
    await project.up()
    await eventually(lambda: len(list(spool.iterdir())) > 2)
    positions: dict[str, str] = {}
    records = await collected(project.backend, positions, until=f"{200_000:0100}", commit=False)
    numbers = [r.message for r in records if r.stream == "stdout"]
    assert numbers == [f"{n:0100}" for n in range(1, 200_001)]
    assert len(list(spool.iterdir())) > 2
    positions["spool"] = f"{max(int(path.stem) for path in spool.iterdir())}:0"
    following = asyncio.create_task(collected(project.backend, positions, until="never"))
    await eventually(lambda: len(list(spool.iterdir())) == 1)
    following.cancel()


async def collected(
    backend: LocalBackend, positions: dict[str, str], until: str, *, commit: bool = True
) -> list[LogRecord]:
    """Collect records, committing positions like the log store, until a message came."""
    records: list[LogRecord] = []
    async with asyncio.timeout(PATIENCE * 2):
        async for batch in backend.logs(positions):
            records += batch.records
            if batch.records and commit:
                positions[batch.source] = batch.position
            if any(record.message == until for record in batch.records):
                return records
    raise AssertionError("collecting ended")


def read(path: Path) -> str:
    return path.read_text()


def release_of(build: Build) -> Release:
    return Release(0, build.image, build.spec)


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
