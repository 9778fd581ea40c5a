import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.model.faults import Fault, FaultError
from tui.model.proposals import FilePlan
from tui.scaffold.writing import write_files

PLANS = (FilePlan("draft.toml", "a"), FilePlan("charts/greeter/Chart.yaml", "b"))


def fault_of(project: Path, plans: tuple[FilePlan, ...] = PLANS, *, force: bool = False) -> Fault:
    with pytest.raises(FaultError) as caught:
        write_files(project, plans, force)
    assert caught.value.fault.remedy
    return caught.value.fault


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_files_are_written_whole_and_nothing_else_is_left(project: Path) -> None:
    assert write_files(project, PLANS, force=False) == tuple(plan.path for plan in PLANS)
    assert everything(project) == {
        *("draft.toml", "charts", "charts/greeter", "charts/greeter/Chart.yaml")
    }


def test_files_that_are_there_already_with_that_content_are_not_written(project: Path) -> None:
    assert write_files(project, (FilePlan("draft.toml", "a", "a"),), force=False) == ()


def test_a_link_out_of_the_project_is_refused_even_by_force(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (project / "charts").symlink_to(outside)
    assert fault_of(project, force=True).code == "create-outside"
    assert not everything(outside)
    assert everything(project) == {"charts"}


@pytest.mark.parametrize("path", ["../x", "/etc/redraft-test"])
def test_a_path_out_of_the_project_is_refused(project: Path, path: str) -> None:
    assert fault_of(project, (FilePlan(path, "x"),)).code == "create-outside"


def test_a_linked_file_is_replaced_and_not_written_through(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    (project / "draft.toml").symlink_to(target)
    write_files(project, PLANS, force=True)
    assert target.read_text() == "mine"
    assert (project / "draft.toml").read_text() == "a"


def test_a_file_where_a_folder_must_be_leaves_the_project_as_it_was(project: Path) -> None:
    (project / "charts").write_text("a file")
    assert fault_of(project).code == "project-unwritable"
    assert everything(project) == {"charts"}


def test_a_read_only_folder_is_told(project: Path) -> None:
    project.chmod(0o500)
    if os.access(project, os.W_OK):
        pytest.skip("this user writes everywhere whatever the mode (root)")
    assert fault_of(project).code == "project-unwritable"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("no mount program here")
    if done.returncode:
        pytest.skip("only root of a machine of its own may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_project_as_it_was(small_disk: Path) -> None:
    plans = (*PLANS, FilePlan("big", "x" * 200_000))
    assert fault_of(small_disk, plans).code == "disk-full"
    assert not everything(small_disk)
