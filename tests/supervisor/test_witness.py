"""The witness against the tree itself: it may forget too much, but never say a word too many."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.supervisor.stage import eventually
from tui.clients.files.context import HashCache, Look, look_at_context, scan_context
from tui.model.rollouts import Container, Pod, Rollout
from tui.supervisor import inotify
from tui.supervisor import witness as module
from tui.supervisor.doors import mounts_seen
from tui.supervisor.inotify import Inotify
from tui.supervisor.mounts import all_seen, mounts_of
from tui.supervisor.witness import Witness

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")

QUESTION = {"environment": "development", "mounts": mounts_seen() if sys.platform == "linux" else 0}
LOGGED = ((2, "iteration 2 started: command"), (2, "iteration 2 unchanged after 0.00 s"))
TOLD = ((2, "✔ nothing changed"), (1, "http://127.0.0.1:1"))


def running(started: float = 1.0, **fields: object) -> Rollout:
    pods = (Pod("app-3-1", 3, "Running", (Container("app", ready=True, started=started),)),)
    return Rollout(**{"revision": 3, "serving": 3, "pods": pods, "url": "u", **fields})  # type: ignore[arg-type]


class Tree:
    """A project under a witness, watched as redraft has it watched."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.elsewhere = folder / "elsewhere"
        self.picture = running()
        self.witness = Witness(folder / "here.sock", lambda: self.picture, self.say)
        self.said: list[tuple[int, str]] = []
        self.files: list[str] = []
        self.tag = ""
        for place in (self.project / "a" / "b", self.elsewhere):
            place.mkdir(parents=True)
        for path in ("one", "a/two", "a/b/three"):
            (self.project / path).write_text(path)
        (self.project / ".dockerignore").write_text("out\n*.log\n")
        os.link(self.project / "one", self.elsewhere / "one")

    def say(self, iteration: int, line: str) -> None:
        self.said.append((iteration, line))

    def look(self) -> Look:
        return look_at_context(self.project, HashCache(self.elsewhere / "hashes"), "Dockerfile")

    async def watch(self) -> int:
        look = self.look()
        places = (f"{self.project}/{path}".rstrip("/") for path in (*look.folders, *look.linked))
        return await self.witness.watch(sorted(places), self.files)

    async def attest(self) -> bool:
        turn = await self.watch()
        self.tag = self.look().manifest.tag
        return self.witness.attest(turn, 3, QUESTION, TOLD, LOGGED, "door")

    def answers(self) -> bool:
        return self.witness.answer(QUESTION) == TOLD

    def close(self) -> None:
        self.witness.forget()


@pytest.fixture
async def tree(tmp_path: Path) -> AsyncIterator[Tree]:
    if not all_seen(mounts_of(str(tmp_path)), str(tmp_path)):
        pytest.skip("temporary files are on a file system that others can change")
    one = Tree(tmp_path)
    yield one
    one.close()


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "more")


def edit_and_revert(path: Path) -> None:
    before = path.read_text()
    edit(path)
    path.write_text(before)


def replace_by(path: Path) -> None:
    fresh = path.with_name("fresh")
    fresh.write_text("fresh")
    fresh.replace(path)


CHANGES: Mapping[str, Callable[[Tree], object]] = {
    "edit": lambda tree: edit(tree.project / "a/b/three"),
    "revert": lambda tree: edit_and_revert(tree.project / "a/two"),
    "touch": lambda tree: (tree.project / "one").touch(),
    "truncate": lambda tree: os.truncate(tree.project / "one", 0),
    "replace": lambda tree: replace_by(tree.project / "one"),
    "executable": lambda tree: (tree.project / "one").chmod(0o755),
    "new file": lambda tree: (tree.project / "a/new").touch(),
    "new link": lambda tree: (tree.project / "a/new").symlink_to("two"),
    "new folder": lambda tree: (tree.project / "a/b/c").mkdir(),
    "ignored file": lambda tree: (tree.project / "x.log").touch(),
    "ignore rules": lambda tree: (tree.project / ".dockerignore").write_text("a\n"),
    "delete": lambda tree: (tree.project / "a/b/three").unlink(),
    "rename folder": lambda tree: (tree.project / "a").rename(tree.project / "z"),
    "move the project": lambda tree: tree.project.rename(tree.elsewhere / "moved"),
    "by another name": lambda tree: edit(tree.elsewhere / "one"),
    "by mapping": lambda tree: map_and_write(tree.project / "one"),
}


def map_and_write(path: Path) -> None:
    import mmap

    with path.open("r+b") as file, mmap.mmap(file.fileno(), 1) as mapped:
        mapped[0] = 33


@pytest.mark.parametrize("change", CHANGES)
async def test_whatever_happens_is_seen_at_once(tree: Tree, change: str) -> None:
    assert await tree.attest()
    assert tree.answers()
    CHANGES[change](tree)
    assert not tree.answers()
    assert not (tree.witness._socket.with_name("door")).is_symlink()


@pytest.mark.parametrize("change", CHANGES)
async def test_what_happens_between_watching_and_attesting_is_seen(tree: Tree, change: str) -> None:
    turn = await tree.watch()
    CHANGES[change](tree)
    assert not tree.witness.attest(turn, 3, QUESTION, TOLD, LOGGED, "door")
    assert not tree.answers()


async def test_each_answer_leaves_its_lines_among_the_logs(tree: Tree) -> None:
    assert await tree.attest()
    assert not tree.said
    assert tree.answers()
    assert tree.answers()
    edit(tree.project / "one")
    assert not tree.answers()
    assert tree.said == [*LOGGED, *LOGGED]


async def test_what_only_reads_is_no_change(tree: Tree) -> None:
    assert await tree.attest()
    for path in tree.project.rglob("*"):
        assert path.is_dir() or path.read_bytes() is not None
    assert tree.answers()


async def test_files_elsewhere_are_looked_at_when_asked(tree: Tree) -> None:
    target, link = tree.elsewhere / "target", tree.elsewhere / "link"
    target.write_text("x")
    link.symlink_to(target)
    tree.files = [str(link), str(tree.elsewhere / "absent")]
    assert await tree.attest()
    assert tree.answers()
    edit(target)
    assert not tree.answers()
    assert await tree.attest()
    (tree.elsewhere / "absent").mkdir()
    assert not tree.answers()


PICTURES = {
    "restarted": running(started=2.0),
    "not ready": running(pods=(Pod("app-3-1", 3, "Running", (Container("app"),)),)),
    "nothing serves": running(serving=0),
    "another wanted": running(revision=4),
    "another address": running(url="v"),
}


@pytest.mark.parametrize("picture", PICTURES)
async def test_an_app_that_is_not_as_it_was_is_not_vouched_for(tree: Tree, picture: str) -> None:
    assert await tree.attest()
    tree.picture = PICTURES[picture]
    assert not tree.answers()
    tree.picture = running()
    assert tree.answers()


async def test_a_revision_that_does_not_run_is_not_attested(tree: Tree) -> None:
    turn = await tree.watch()
    assert not tree.witness.attest(turn, 2, QUESTION, TOLD, LOGGED, "door")


async def test_only_the_question_that_was_attested_is_answered(tree: Tree) -> None:
    assert await tree.attest()
    assert tree.witness.answer(QUESTION | {"environment": "other"}) is None
    assert tree.answers()


async def test_who_sees_other_mounts_cannot_attest(tree: Tree) -> None:
    turn = await tree.watch()
    other = QUESTION | {"mounts": 1}
    assert not tree.witness.attest(turn, 3, other, TOLD, LOGGED, "door")
    assert tree.witness.attest(turn, 3, QUESTION, TOLD, LOGGED, "door")


async def test_a_testimony_grows_old(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GOOD_FOR", 0.0)
    assert await tree.attest()
    assert not tree.answers()


async def test_of_two_that_watch_only_the_last_may_attest(tree: Tree) -> None:
    first = await tree.watch()
    second = await tree.watch()
    assert not tree.witness.attest(first, 3, QUESTION, TOLD, LOGGED, "door")
    assert tree.witness.attest(second, 3, QUESTION, TOLD, LOGGED, "door")


async def test_a_folder_that_is_gone_cannot_be_watched(tree: Tree) -> None:
    assert not await tree.witness.watch([str(tree.project), str(tree.project / "none")], [])
    assert not tree.witness.attest(0, 3, QUESTION, TOLD, LOGGED, "door")


async def test_nothing_is_watched_any_more_once_something_happened(tree: Tree) -> None:
    assert await tree.attest()
    edit(tree.project / "one")
    await eventually(lambda: tree.witness._watched is None)


async def test_a_tree_of_too_many_folders_is_left_to_redraft(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tree.elsewhere / "few"
    few.write_text("15\n")
    monkeypatch.setattr(inotify, "MOST_WATCHES", few)
    assert not await tree.watch()
    few.write_text("16\n")
    assert await tree.watch()


def test_a_queue_that_ran_over_is_an_event(tmp_path: Path) -> None:
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if most > 100_000:
        pytest.skip("the queue is too long to be filled here")
    watching = Inotify()
    watching.watch([str(tmp_path)])
    try:
        for number in range(most // 2 + 1):
            for name in "ab":
                (tmp_path / name).write_bytes(b"%d" % number)
        assert not watching.silent()
    finally:
        watching.close()


def test_mounts_that_others_change_are_not_trusted() -> None:
    ext4 = b"1 0 8:1 / / rw - ext4 /dev/sda rw"
    nfs = b"2 1 0:9 / /home/me rw - nfs4 there:/me rw"
    tmpfs = b"3 1 0:10 / /home/me/app/tmp rw - tmpfs tmpfs rw"
    hidden = b"4 1 0:11 / /home/me rw - ext4 /dev/sdb rw"
    assert all_seen((ext4,), "/srv/app")
    assert not all_seen((ext4, nfs), "/home/me/app")
    assert not all_seen((ext4, nfs), "/home/me")
    assert all_seen((ext4, nfs, hidden), "/home/me/app")
    assert all_seen((ext4, tmpfs), "/home/me/app")
    assert not all_seen((ext4, nfs), "/home")
    assert not all_seen((), "/srv")


def test_mounts_elsewhere_do_not_matter(tmp_path: Path) -> None:
    assert mounts_of(str(tmp_path))
    assert all(b" /proc " not in line for line in mounts_of(str(tmp_path)))


NAMES = st.sampled_from(
    ["one", "a", "a/two", "a/b", "a/b/three", "x", "a/y", "out", "out/z", "l.log"]
)
OPERATIONS = st.one_of(
    st.tuples(st.just("write"), NAMES, st.sampled_from(["", "1", "22"])),
    st.tuples(st.sampled_from(["delete", "touch", "folder", "chmod", "elsewhere", "again"]), NAMES),
    st.tuples(st.sampled_from(["rename", "link", "symlink"]), NAMES, NAMES),
)


ACTS: Mapping[str, Callable[..., object]] = {
    "write": lambda path, text: path.write_text(text),
    "delete": lambda path: path.rmdir() if path.is_dir() else path.unlink(),
    "touch": lambda path: path.touch(),
    "folder": lambda path: path.mkdir(),
    "chmod": lambda path: path.chmod(0o755 if path.is_dir() else 0o700),
    "elsewhere": lambda path: (path.parents[1] / "elsewhere/one").write_text(path.name),
    "again": lambda path: path.write_text(path.read_text()),
    "rename": lambda path, other: path.rename(path.parent / other),
    "link": lambda path, other: os.link(path, path.parent / other),
    "symlink": lambda path, other: (path.parent / other).symlink_to(path.name),
}


async def act(folder: Path, operations: list[tuple[str, ...]]) -> None:
    tree = Tree(folder)
    try:
        for operation, name, *others in operations:
            assert tree.answers() or await tree.attest()
            with contextlib.suppress(OSError):  # no such file, a folder in its place
                ACTS[operation](tree.project / name, *others)
            if tree.answers():
                assert tag_of(tree) == tree.tag
    finally:
        tree.close()


def tag_of(tree: Tree) -> str:
    """Return the hash of the tree as one finds it who remembers nothing."""
    none = tree.elsewhere / "none"
    none.unlink(missing_ok=True)
    return scan_context(tree.project, HashCache(none)).tag


@settings(max_examples=150)
@given(st.lists(OPERATIONS, max_size=20))
def test_it_never_says_that_nothing_changed_when_the_hash_differs(
    operations: list[tuple[str, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(act(Path(folder), operations))
