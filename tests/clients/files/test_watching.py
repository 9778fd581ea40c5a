import asyncio
import os
import shutil
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.testbed import write_tree
from tui.clients.files.grouping import IGNORED_TOLD, change_kind, present_group
from tui.clients.files.ignoring import IgnoreRules, load_rules
from tui.clients.files.losing import why_polling
from tui.clients.files.watching import COARSE, LATENESS, WORTH_TELLING, FileWatcher
from tui.model.changes import Change
from tui.model.faults import Fault, FaultError
from tui.ports.watching import Group

PATIENCE = 20.0
names = st.sets(st.sampled_from(["a", "b", "c", "d"]))

Groups = asyncio.Queue[tuple[Change, ...] | FaultError]


@given(names, names, names)
def test_a_group_tells_what_happened_by_what_was_and_is_there(
    paths: set[str], known: set[str], present: set[str]
) -> None:
    told = {c.path: c.kind for c in present_group(paths, known, dict.fromkeys(present, 1.0), {})}
    for path in paths:
        assert told.get(path) == change_kind(path in known, path in present)
    assert set(told) <= paths


def test_ignored_changes_come_last_and_not_too_many() -> None:
    paths = {f"{n}.log" for n in range(200)} | {"z.py"}
    rules = {path: ".gitignore:1" for path in paths if path.endswith(".log")}
    changes = present_group(paths, paths, dict.fromkeys(paths, 1.0), rules)
    assert changes[0] == Change("z.py", "modified")
    assert len(changes) == IGNORED_TOLD + 1


@asynccontextmanager
async def watching(watcher: FileWatcher) -> AsyncIterator[Groups]:
    """Watch, and put every group into a queue, a fault last."""
    groups: Groups = asyncio.Queue()
    began = asyncio.Event()

    async def follow() -> None:
        try:
            async for group in watcher.changes():
                if group.at_rest and (group.changes or not began.is_set()):
                    groups.put_nowait(group.changes)
                began.set()
        except FaultError as error:
            groups.put_nowait(error)

    task = asyncio.create_task(follow())
    try:
        assert await groups.get() == ()
        yield groups
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def seen(groups: Groups, act: Callable[[], object]) -> tuple[Change, ...]:
    """Do something, and return the next group."""
    act()
    async with asyncio.timeout(PATIENCE):
        group = await groups.get()
    if isinstance(group, FaultError):
        raise group
    return group


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text("0")
    let_age(folder / "app.py")
    return folder


def let_age(path: Path) -> None:
    """Wait until a file counts as saved before a watcher that is made now."""
    while time.time() - path.stat().st_ctime < 2 * COARSE:
        pass


@pytest.mark.integration
async def test_a_save_an_atomic_save_a_new_file_and_a_deletion_are_seen(project: Path) -> None:
    app, new = project / "app.py", project / "new.py"

    def replace() -> None:
        (project / "app.py.new~").write_text("2")
        (project / "app.py.new~").replace(app)

    async with watching(FileWatcher(project, 0.1)) as groups:
        assert await seen(groups, lambda: app.write_text("1")) == (Change("app.py", "modified"),)
        assert Change("app.py", "modified") in await seen(groups, replace)
        assert await seen(groups, lambda: new.write_text("1")) == (Change("new.py", "added"),)
        gone = await seen(groups, lambda: new.unlink(missing_ok=True))
        assert gone == (Change("new.py", "deleted"),)


@pytest.mark.integration
async def test_a_group_is_told_as_it_grows_and_again_at_rest(project: Path) -> None:
    async with aclosing(FileWatcher(project, 3.0).changes()) as groups:
        assert await anext(groups) == Group((), at_rest=True)
        (project / "app.py").write_text("1")
        app = Change("app.py", "modified")
        assert await anext(groups) == Group((app,), at_rest=False)
        (project / "b.py").write_text("1")
        both = (app, Change("b.py", "added"))
        assert await anext(groups) == Group(both, at_rest=False)
        assert await anext(groups) == Group(both, at_rest=True, told=True)


@pytest.mark.integration
async def test_what_came_and_went_leaves_an_empty_group_at_rest(project: Path) -> None:
    async with aclosing(FileWatcher(project, 3.0).changes()) as groups:
        await anext(groups)
        (project / "app.new").write_text("1")
        added = Change("app.new", "added")
        assert await anext(groups) == Group((added,), at_rest=False)
        (project / "app.new").unlink()
        assert await anext(groups) == Group((), at_rest=False)
        assert await anext(groups) == Group((), at_rest=True, told=True)


@pytest.mark.integration
async def test_a_quiet_period_too_short_to_use_is_not_told_of(project: Path) -> None:
    async with aclosing(FileWatcher(project, WORTH_TELLING).changes()) as groups:
        await anext(groups)
        (project / "app.py").write_text("1")
        assert await anext(groups) == Group((Change("app.py", "modified"),), at_rest=True)


@pytest.mark.integration
async def test_ignored_files_are_told_at_rest_only(project: Path) -> None:
    (project / ".dockerignore").write_text("*.log\n")
    let_age(project / ".dockerignore")
    async with aclosing(FileWatcher(project, 0.3).changes()) as groups:
        await anext(groups)
        (project / "a.log").write_text("1")
        group = await anext(groups)
        assert (group.at_rest, group.changes[0].path) == (True, "a.log")


@pytest.mark.integration
async def test_what_was_saved_before_watching_began_is_seen(project: Path) -> None:
    watcher = FileWatcher(project, 0.1)
    (project / "early.py").write_text("1")
    async with watching(watcher) as groups:
        assert await seen(groups, lambda: None) == (Change("early.py", "modified"),)


@pytest.mark.integration
async def test_the_files_of_a_folder_that_is_moved_are_seen(project: Path) -> None:
    outside = project.with_name("outside")
    (outside / "deep").mkdir(parents=True)
    for path in ("a.py", "deep/b.py"):
        (outside / path).write_text("1")
        let_age(outside / path)
    (project / ".dockerignore").write_text("deps\n")
    let_age(project / ".dockerignore")
    async with watching(FileWatcher(project, 0.1)) as groups:
        came = await seen(groups, lambda: outside.rename(project / "in"))
        assert came == (Change("in/a.py", "added"), Change("in/deep/b.py", "added"))
        within = await seen(groups, lambda: (project / "in").rename(project / "to"))
        assert {(change.path, change.kind) for change in within} == {
            ("in/a.py", "deleted"),
            ("in/deep/b.py", "deleted"),
            ("to/a.py", "added"),
            ("to/deep/b.py", "added"),
        }
        went = await seen(groups, lambda: (project / "to").rename(outside))
        assert went == (Change("to/a.py", "deleted"), Change("to/deep/b.py", "deleted"))
        outside.rename(project / "deps")
        app = await seen(groups, lambda: (project / "app.py").write_text("1"))
        assert app == (Change("app.py", "modified"),)


@pytest.mark.integration
async def test_a_burst_is_one_group(project: Path) -> None:
    async with watching(FileWatcher(project, 0.3)) as groups:
        await seen(groups, lambda: (project / "app.py").write_text("1"))
        for number in range(50):
            (project / f"f{number}.py").write_text("x")
        async with asyncio.timeout(PATIENCE):
            group = await groups.get()
        assert not isinstance(group, FaultError)
        assert len(group) == 50


@pytest.mark.integration
async def test_new_rules_hold_at_once(project: Path) -> None:
    log = project / "x.log"
    async with watching(FileWatcher(project, 0.1)) as groups:
        first = await seen(groups, lambda: log.write_text("1"))
        assert [(change.path, change.ignored_by) for change in first] == [("x.log", "")]
        await seen(groups, lambda: (project / ".gitignore").write_text("*.log\n"))
        assert await seen(groups, lambda: log.write_text("2")) == (
            Change("x.log", "modified", ".gitignore:1"),
        )


@pytest.fixture
def in_a_checkout(project: Path) -> Path:
    """Make the project a folder of a checkout."""
    subprocess.run(["git", "init", "-q", project.parent], check=True)
    return project


@pytest.mark.integration
async def test_rules_at_the_top_of_the_checkout_hold_too_once_they_are_written(
    in_a_checkout: Path,
) -> None:
    project = in_a_checkout
    log = project / "x.log"
    async with watching(FileWatcher(project, 0.1)) as groups:
        (first,) = await seen(groups, lambda: log.write_text("1"))
        assert first.ignored_by == ""
        (project.parent / ".gitignore").write_text("/project/*.log\n")
        await seen(groups, lambda: (project / "app.py").write_text("1"))
        assert await seen(groups, lambda: log.write_text("2")) == (
            Change("x.log", "modified", "../.gitignore:1"),
        )


@pytest.mark.integration
async def test_whether_an_ignored_file_is_in_the_context_is_told(project: Path) -> None:
    (project / ".gitignore").write_text("*.log\n*.bin\n")
    (project / ".dockerignore").write_text("*.bin\n")
    let_age(project / ".dockerignore")
    async with watching(FileWatcher(project, 0.1)) as groups:
        (log,) = await seen(groups, lambda: (project / "x.log").write_text("1"))
        (binary,) = await seen(groups, lambda: (project / "x.bin").write_text("1"))
    assert (log.ignored_by, log.in_context) == (".gitignore:1", True)
    assert (binary.ignored_by, binary.in_context) == (".dockerignore:1", False)


@pytest.mark.integration
async def test_what_is_deployed_beside_the_image_counts_though_no_image_has_it(
    project: Path,
) -> None:
    (project / ".dockerignore").write_text("charts\nk8s\n")
    for folder in ("charts/app", "k8s/live"):
        (project / folder).mkdir(parents=True)
    values, web, other = (
        project / name for name in ("charts/app/values.yaml", "k8s/live/web.yaml", "k8s/notes.txt")
    )
    for path in (values, web, other, project / ".dockerignore"):
        path.touch()
        let_age(path)
    watcher = FileWatcher(project, 0.1)
    watcher.beside = ("charts", "k8s/**/*.yaml")
    async with watching(watcher) as groups:
        for path in (values, web):
            (change,) = await seen(groups, partial(path.write_text, "1"))
            assert (change.kind, change.ignored_by, change.in_context) == ("modified", "", False)
        (change,) = await seen(groups, values.unlink)
        assert (change.kind, change.ignored_by) == ("deleted", "")
        (change,) = await seen(groups, partial(values.with_name("x.yaml~").write_text, "1"))
        assert change.ignored_by == "built-in"
        (change,) = await seen(groups, partial(other.write_text, "1"))
        assert change.ignored_by == ".dockerignore:2"


@pytest.mark.integration
async def test_a_chart_that_comes_and_goes_as_a_whole_is_seen_though_no_image_has_it(
    project: Path,
) -> None:
    (project / ".dockerignore").write_text("deploy\n")
    let_age(project / ".dockerignore")
    write_tree(project.with_name("outside"), {"charts/web/Chart.yaml": "", "other/x.yaml": ""})
    watcher = FileWatcher(project, 0.1)
    watcher.beside = ("deploy/charts",)
    async with watching(watcher) as groups:
        came = await seen(groups, lambda: project.with_name("outside").rename(project / "deploy"))
        chart = "deploy/charts/web/Chart.yaml"
        assert came == (Change(chart, "added", in_context=False),)
        went = await seen(groups, lambda: (project / "deploy/charts").rename(project.parent / "x"))
        assert went == (Change(chart, "deleted", in_context=False),)


@pytest.mark.integration
async def test_what_comes_to_be_deployed_beside_the_image_is_known_from_then_on(
    project: Path,
) -> None:
    web = (
        write_tree(project, {".dockerignore": "deploy\n", "deploy/web.yaml": ""})
        / "deploy/web.yaml"
    )
    let_age(web)
    watcher = FileWatcher(project, 0.1)
    async with aclosing(watcher.changes()) as groups, asyncio.timeout(PATIENCE):
        assert await anext(groups) == Group((), at_rest=True)
        watcher.beside = ("deploy",)
        waiting = asyncio.ensure_future(anext(groups))
        while "deploy/web.yaml" not in watcher._known:  # noqa: ASYNC110 - nothing would tell
            await asyncio.sleep(0.01)
        web.unlink()
        group = await waiting
    assert group.changes == (Change("deploy/web.yaml", "deleted", in_context=False),)


@pytest.mark.integration
async def test_own_outputs_and_git_wake_no_one(project: Path) -> None:
    own = project / "state"
    own.mkdir()
    (project / ".git").mkdir()
    async with watching(FileWatcher(project, 0.1, (own,))) as groups:
        await seen(groups, lambda: (project / "app.py").write_text("1"))
        (own / "x").write_text("1")
        (project / ".git" / "index").write_text("1")
        (project / "last.py").write_text("1")
        async with asyncio.timeout(PATIENCE):
            assert await groups.get() == (Change("last.py", "added"),)


async def test_a_change_that_nobody_told_of_yet_is_found_before_a_group_ends(project: Path) -> None:
    watcher = FileWatcher(project, 0.1)
    before = watcher._look(("app.py", "gone.py"))
    assert watcher._changed_since(before) == {}
    while not (changed := watcher._changed_since(before)):  # the file system's clock is coarse
        (project / "app.py").write_text("1")
    assert changed.keys() == {"app.py"}


@pytest.mark.parametrize(("ago", "age"), [(-5, 0), (0.05, 0.05), (60, LATENESS)])
def test_a_change_counts_from_when_it_was_made_but_only_as_far_as_nothing_is_unknown(
    project: Path, ago: float, age: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    watcher = FileWatcher(project, 0.1)
    assert watcher._age({"app.py": 1000.0 - ago}) == pytest.approx(age)
    assert watcher._age({"app.py": 1000.0 - ago, "gone.py": 0.0}) == 0


@pytest.mark.integration
async def test_a_steady_writer_cannot_put_it_off_for_ever(project: Path) -> None:
    quiet, pause = 0.5, 0.05
    async with watching(FileWatcher(project, quiet)) as groups:
        await seen(groups, lambda: (project / "app.py").write_text("1"))
        began, written = time.monotonic(), [time.monotonic()]
        async with asyncio.timeout(PATIENCE):
            while groups.empty():
                (project / "app.py").write_text(str(len(written)))
                await asyncio.sleep(pause)
                written.append(time.monotonic())
        steady = all(later - earlier < quiet for earlier, later in pairwise(written))
        assert written[-1] - began > quiet or not steady


@pytest.mark.integration
async def test_a_folder_taken_away_is_a_fault(project: Path) -> None:
    async with watching(FileWatcher(project, 0.1)) as groups:
        await seen(groups, lambda: (project / "app.py").write_text("1"))
        shutil.rmtree(project)
        async with asyncio.timeout(PATIENCE):
            while not isinstance(last := await groups.get(), FaultError):
                pass
        assert last.fault.code == "project-gone"


async def lost(watcher: FileWatcher, act: Callable[[], object]) -> None:
    """Watch, do something that takes the folder away, and wait until that is a fault."""
    async with watching(watcher) as groups:
        act()
        async with asyncio.timeout(PATIENCE):
            while not isinstance(last := await groups.get(), FaultError):
                pass
        assert last.fault.code == "project-gone"


async def first_group(watcher: FileWatcher) -> set[tuple[str, str]]:
    """Watch again as soon as that is possible; return what changed meanwhile."""
    async with asyncio.timeout(PATIENCE):
        await watcher.possible()
        async with aclosing(watcher.changes()) as groups:
            assert await anext(groups) == Group((), at_rest=True)
            async for group in groups:
                if group.at_rest:
                    return {(change.path, change.kind) for change in group.changes}
    raise AssertionError("nothing changed")


@pytest.mark.parametrize("at_first", [True, False])
async def test_what_could_not_be_read_is_watched_again_when_it_can_be(
    project: Path, at_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.files.watching.LOOK", 0.05)
    let_age(project)
    watcher = FileWatcher(project, 0.1)
    reads, real = threading.Event(), load_rules

    def rules(project: Path) -> IgnoreRules:
        if not reads.is_set():
            raise FaultError(Fault("ignore-unreadable", ".gitignore cannot be read"))
        return real(project)

    def unreadable() -> None:
        for room in ("watching", "losing"):
            monkeypatch.setattr(f"tui.clients.files.{room}.load_rules", rules)
        (project / ".gitignore").write_text("*.log")

    if at_first:
        unreadable()
        with pytest.raises(FaultError, match="cannot be read"):
            await anext(aiter(watcher.changes()))
    else:
        async with watching(watcher) as groups:
            with pytest.raises(FaultError, match="cannot be read"):
                await seen(groups, unreadable)
    waiting = asyncio.create_task(first_group(watcher))
    await asyncio.sleep(0)
    assert not waiting.done()
    reads.set()
    assert ".gitignore" in {path for path, _ in await waiting}


@pytest.mark.integration
async def test_a_folder_that_comes_back_is_watched_again_and_tells_what_changed_meanwhile(
    project: Path, tmp_path: Path
) -> None:
    let_age(project)
    (project / "kept.py").write_text("as it was")
    os.utime(project / "kept.py", (1, 1))
    watcher, away = FileWatcher(project, 0.1), tmp_path / "away"
    await lost(watcher, lambda: project.rename(away))
    (away / "new.py").write_text("1")
    (away / "app.py").unlink()
    waiting = asyncio.create_task(first_group(watcher))
    away.rename(project)
    changed = await waiting
    assert {("new.py", "added"), ("app.py", "deleted")} <= changed


@pytest.mark.integration
async def test_all_files_of_another_folder_of_its_name_are_told(
    project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other)
    (other / "more.py").write_text("1")
    watcher = FileWatcher(project, 0.1)

    def replace() -> None:
        project.rename(tmp_path / "away")
        other.rename(project)

    await lost(watcher, replace)
    changed = await first_group(watcher)
    assert {("app.py", "modified"), ("more.py", "added")} <= changed


@pytest.mark.integration
async def test_a_folder_made_anew_at_once_is_not_taken_for_the_one_that_was_watched(
    project: Path,
) -> None:
    watcher = FileWatcher(project, 0.1)

    def anew() -> None:
        shutil.rmtree(project)
        project.mkdir()
        (project / "fresh.py").write_text("1")

    await lost(watcher, anew)
    assert ("fresh.py", "added") in await first_group(watcher)


@pytest.mark.integration
async def test_a_folder_moved_with_the_one_above_it_is_missed_without_an_event(
    tmp_path: Path,
) -> None:
    project = tmp_path / "above" / "greeter"
    project.mkdir(parents=True)
    await lost(FileWatcher(project, 0.1), lambda: project.parent.rename(tmp_path / "moved"))


@pytest.fixture
def few_watches() -> Iterator[None]:
    """Lower the system's limit on watches."""
    limit = Path("/proc/sys/fs/inotify/max_user_watches")
    if os.geteuid() != 0 or not os.access(limit, os.W_OK):
        pytest.skip("only root on Linux can lower the limit on watches")
    before = limit.read_text().strip()
    try:
        limit.write_text("10")
    except OSError:
        pytest.skip("this machine lets the limit not be changed")
    yield
    limit.write_text(before)


@pytest.mark.integration
@pytest.mark.stops_parts
async def test_where_native_events_fail_it_polls_and_says_so(
    project: Path, few_watches: None
) -> None:
    for number in range(40):
        (project / f"d{number}").mkdir()
    watcher = FileWatcher(project, 0.1)
    async with watching(watcher) as groups:
        async with asyncio.timeout(PATIENCE):
            while groups.empty():  # a poll finds only what changed since the one before it
                (project / "app.py").write_text(os.urandom(4).hex())
                await asyncio.sleep(0.1)
        assert watcher.mode == "polling"
        assert watcher.reason == (
            "the limit on file watches is reached: raise fs.inotify.max_user_watches"
        )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "error creating recommended watcher: Too many open files (os error 24)",
            "too many programs watch files: raise fs.inotify.max_user_instances",
        ),
        (
            'No space left on device (os error 28) about ["/srv"] (Error { kind: Io(Os { code: 28',
            "native file events failed: No space left on device (os error 28)",
        ),
    ],
)
def test_why_it_polls_is_told_in_words(said: str, told: str) -> None:
    assert why_polling(said) == told
