import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import small_disks
from tui.clients.files.context import HashCache, scan_context
from tui.clients.files.manifest import Manifest
from tui.clients.files.snapshots import Snapshots
from tui.model.faults import FaultError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "app.py").write_text("one\n")
    (folder / "src" / "run.sh").write_text("#!/bin/sh\n")
    (folder / "src" / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("app.py")
    return folder


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "state")


def scan(project: Path) -> Manifest:
    return scan_context(project, HashCache(project.parent / "hashes"))


def test_a_copy_of_a_snapshot_is_the_tree_it_was_taken_of(
    project: Path, snapshots: Snapshots, tmp_path: Path
) -> None:
    manifest = scan(project)
    assert snapshots.add(project, manifest) > 0
    (project / "app.py").write_text("two\n")
    copy = tmp_path / "copy"
    snapshots.materialise(manifest.tag, copy)
    assert (copy / "app.py").read_text() == "one\n"
    assert (copy / "link").readlink() == Path("app.py")
    assert stat.S_IMODE((copy / "src" / "run.sh").stat().st_mode) == 0o755
    assert scan_context(copy, HashCache(tmp_path / "other")).tag == manifest.tag


def test_a_copy_can_be_written_without_touching_the_snapshot(
    project: Path, snapshots: Snapshots, tmp_path: Path
) -> None:
    manifest = scan(project)
    snapshots.add(project, manifest)
    snapshots.materialise(manifest.tag, tmp_path / "copy")
    (tmp_path / "copy" / "app.py").write_text("changed by the app\n")
    assert snapshots.read(manifest.by_path()["app.py"].sha256) == b"one\n"


def test_equal_contents_are_kept_once(project: Path, snapshots: Snapshots) -> None:
    first = scan(project)
    snapshots.add(project, first)
    before = snapshots.size()
    (project / "copy.py").write_text("one\n")
    snapshots.add(project, scan(project))
    assert snapshots.size() - before < 2000
    assert snapshots.add(project, first) == 0


def test_a_file_that_changed_since_the_scan_is_a_fault_and_no_snapshot(
    project: Path, snapshots: Snapshots
) -> None:
    manifest = scan(project)
    (project / "app.py").write_text("changed meanwhile\n")
    with pytest.raises(FaultError) as caught:
        snapshots.add(project, manifest)
    assert caught.value.fault.code == "context-changed"
    assert not snapshots.has(manifest.tag)


def test_differences_are_told_as_diffs_and_binary_ones_as_such(
    project: Path, snapshots: Snapshots
) -> None:
    old = scan(project)
    snapshots.add(project, old)
    (project / "app.py").write_text("two\n")
    (project / "new.bin").write_bytes(b"\0\1")
    (project / "src" / "run.sh").unlink()
    new = scan(project)
    snapshots.add(project, new)
    assert snapshots.changed(old.tag, new.tag) == ("app.py", "new.bin", "src/run.sh")
    by_path = {one.path: one for one in snapshots.difference(old.tag, new.tag)}
    assert {p: one.kind for p, one in by_path.items()} == {
        "app.py": "modified",
        "new.bin": "added",
        "src/run.sh": "deleted",
    }
    assert "-one" in by_path["app.py"].diff
    assert "+two" in by_path["app.py"].diff
    assert by_path["new.bin"].diff == ""
    assert snapshots.difference(new.tag, new.tag) == ()


def test_pruning_keeps_what_is_needed(project: Path, snapshots: Snapshots, tmp_path: Path) -> None:
    tags = []
    for number in range(4):
        (project / "app.py").write_text(f"{number}\n" * 1000)
        tags.append(scan(project).tag)
        snapshots.add(project, scan(project))
    pruned, freed = snapshots.prune({tags[3]})
    assert set(pruned) == set(tags[:3])
    assert freed > 0
    snapshots.materialise(tags[3], tmp_path / "copy")
    with pytest.raises(FaultError) as caught:
        snapshots.materialise(tags[0], tmp_path / "copy")
    assert caught.value.fault.code == "snapshot-gone"


def test_what_the_machine_left_empty_when_it_crashed_is_written_anew(
    project: Path, snapshots: Snapshots, tmp_path: Path
) -> None:
    manifest = scan(project)
    snapshots.add(project, manifest)
    for file in (tmp_path / "state").rglob("*"):
        if file.is_file():
            os.truncate(file, 0)
    assert not snapshots.has(manifest.tag)
    assert snapshots.add(project, manifest) > 0
    snapshots.materialise(manifest.tag, tmp_path / "copy")
    assert (tmp_path / "copy" / "app.py").read_text() == "one\n"


def test_files_that_go_while_they_are_measured_count_for_nothing(
    project: Path, snapshots: Snapshots, tmp_path: Path
) -> None:
    snapshots.add(project, scan(project))
    before = snapshots.size()
    (tmp_path / "state" / "snapshots" / "x.json.partial").symlink_to("gone")
    assert snapshots.size() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of one megabyte."""
    with small_disks.small_disk(tmp_path / "small", 1) as folder:
        yield folder


@pytest.mark.integration
def test_a_full_disk_is_a_fault_and_leaves_nothing_half_written(
    project: Path, small_disk: Path
) -> None:
    (project / "large.bin").write_bytes(os.urandom(2 << 20))
    snapshots = Snapshots(small_disk)
    with pytest.raises(FaultError) as caught:
        snapshots.add(project, scan(project))
    assert caught.value.fault.code == "disk-full"
    assert not list(small_disk.rglob("*.partial"))
    (project / "large.bin").unlink()
    snapshots.add(project, scan(project))
