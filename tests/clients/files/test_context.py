import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clients.files.context import HashCache, scan_context
from tui.clients.files.hashing import GRAIN
from tui.clients.files.ignoring import load_context_rules
from tui.clients.files.listing import Listing, list_context
from tui.clients.files.manifest import Entry, from_plain, manifest_of, to_plain
from tui.model.faults import FaultError

digests = st.text("0123456789abcdef", min_size=8, max_size=8)
entries = st.builds(
    Entry, st.text(min_size=1), st.sampled_from([0o644, 0o755]), digests, st.integers(0, 9)
)
trees = st.lists(entries, max_size=8, unique_by=lambda entry: entry.path)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text("print(1)\n")
    return folder


def scan(project: Path) -> str:
    return scan_context(project, HashCache(project.parent / "hashes")).tag


@given(trees, st.randoms())
def test_the_tag_does_not_depend_on_the_order_of_files(tree: list[Entry], order: object) -> None:
    shuffled = sorted(tree, key=lambda entry: entry.sha256)
    assert manifest_of(tree).tag == manifest_of(shuffled).tag


@given(trees, entries)
def test_another_file_makes_another_tag(tree: list[Entry], one: Entry) -> None:
    others = [entry for entry in tree if entry.path != one.path]
    assert manifest_of(others).tag != manifest_of([*others, one]).tag


@given(trees)
def test_a_manifest_survives_being_written_and_read_back(tree: list[Entry]) -> None:
    manifest = manifest_of(tree)
    assert from_plain(to_plain(manifest)) == manifest


def test_content_mode_and_name_count_and_times_do_not(project: Path) -> None:
    first = scan(project)
    os.utime(project / "app.py", (1, 1))
    assert scan(project) == first
    (project / "app.py").chmod(0o755)
    second = scan(project)
    assert second != first
    (project / "app.py").rename(project / "main.py")
    assert scan(project) not in {first, second}


def test_a_change_that_keeps_size_and_modification_time_is_seen(project: Path) -> None:
    app = project / "app.py"
    before, status = scan(project), app.stat()
    app.write_text("print(2)\n")
    os.utime(app, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(project) != before


def test_a_file_changed_just_before_the_scan_is_read_again_by_the_next(project: Path) -> None:
    """Where the file system's clock is coarse, a second change may leave the same stamp."""
    cache = HashCache(project.parent / "hashes")
    (project / "app.py").write_text("print(2)\n")
    scan_context(project, cache)
    assert cache.recall(list_context(project, load_context_rules(project))) is None


def test_a_tree_at_rest_is_remembered_whole(project: Path) -> None:
    cache = aged(project, HashCache(project.parent / "hashes"))
    remembered = HashCache(project.parent / "hashes").recall(listed(project))
    assert remembered is not None
    assert (remembered.tag, remembered.count) == (scan_context(project, cache).tag, 1)
    assert remembered.entries == scan_context(project, HashCache(project.parent / "new")).entries


def fresh(path: Path) -> Path:
    path.unlink()
    return path


EDITS: dict[str, Callable[[Path], object]] = {
    "write": lambda path: path.write_text("changed"),
    "same size": lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
    "executable": lambda path: path.chmod(path.stat().st_mode ^ 0o100),
    "delete": lambda path: path.unlink(missing_ok=True),
    "rename": lambda path: path.rename(path.with_name("renamed")),
    "replace": lambda path: fresh(path).write_text("print(3)\n"),
    "link": lambda path: os.symlink("elsewhere", fresh(path)),  # noqa: PTH211 - in a lambda
    "touch": lambda path: path.touch(),
    "ignore": lambda path: (path.parent / ".dockerignore").write_text(path.name),
    "add": lambda path: path.with_name("another").write_text("x"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_remembered_is_what_a_scan_from_nothing_finds(project: Path, edit: str) -> None:
    (project / "other.py").write_text("print(1)\n")
    cache = aged(project, HashCache(project.parent / "hashes"))
    EDITS[edit](project / "app.py")
    for scanning in (cache, HashCache(project.parent / "hashes")):
        found = scan_context(project, scanning)
        assert found == scan_context(project, HashCache(project.parent / "none"))
        (project.parent / "none").unlink()


def listed(project: Path) -> Listing:
    return list_context(project, load_context_rules(project))


def aged(project: Path, cache: HashCache) -> HashCache:
    """Return the cache of a tree that has rested: its files are older than the clock's grain."""
    listing = listed(project)
    manifest = scan_context(project, HashCache(project.parent / "none"))
    cache.remember(listing, manifest, max(listing.latest()) + 2 * GRAIN)
    (project.parent / "none").unlink()
    return cache


def test_a_damaged_cache_is_an_empty_one(project: Path) -> None:
    before = scan(project)
    for damage in (b"", b"garbage", b"\x00" * 50):
        (project.parent / "hashes").write_bytes(damage)
        assert scan(project) == before


def test_links_are_entries_and_never_followed(project: Path) -> None:
    (project / "loop").symlink_to(".")
    (project / "out").symlink_to("/etc")
    (project / "broken").symlink_to("nowhere")
    manifest = scan_context(project, HashCache(project.parent / "hashes"))
    links = {entry.path: entry.link for entry in manifest.entries if entry.link}
    assert links == {"loop": ".", "out": "/etc", "broken": "nowhere"}


def test_names_of_any_kind_are_kept(project: Path) -> None:
    names = ["a b.txt", "new\nline", "🎉.md", "[x]"]
    for name in names:
        (project / name).write_text("x")
    (project / os.fsdecode(b"\xff\xfe.bin")).write_text("x")
    manifest = scan_context(project, HashCache(project.parent / "hashes"))
    assert {*names, "app.py", os.fsdecode(b"\xff\xfe.bin")} == set(manifest.by_path())
    assert from_plain(to_plain(manifest)) == manifest


def test_pipes_and_sockets_are_left_out(project: Path) -> None:
    os.mkfifo(project / "pipe")
    before = os.getcwd()  # noqa: PTH109 - a socket's path must be short
    os.chdir(project)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("socket")
            assert set(scan_context(project, HashCache(project.parent / "h")).by_path()) == {
                "app.py"
            }
    finally:
        os.chdir(before)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_a_fault_that_names_it(project: Path) -> None:
    (project / "secret").write_text("x")
    (project / "secret").chmod(0)
    with pytest.raises(FaultError) as caught:
        scan(project)
    assert caught.value.fault.code == "context-unreadable"


def test_ignored_folders_are_left_out_and_what_a_rule_brings_back_is_in(project: Path) -> None:
    for path in ("data/a.bin", "data/keep/b.bin", "node_modules/x.js"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("x")
    (project / ".dockerignore").write_text("data\n!data/keep\nnode_modules\n")
    manifest = scan_context(project, HashCache(project.parent / "hashes"))
    assert set(manifest.by_path()) == {"app.py", ".dockerignore", "data/keep/b.bin"}
