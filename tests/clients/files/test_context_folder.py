from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.testbed import write_tree
from tui.clients.files.context import HashCache, scan_context
from tui.clients.files.context_folder import ContextFolder
from tui.clients.files.manifest import Manifest
from tui.clients.files.snapshots import Snapshots


class Place:
    """A project, its snapshots and the folder that builders read."""

    def __init__(self, root: Path) -> None:
        self.project = root / "project"
        self.project.mkdir(parents=True)
        self.snapshots = Snapshots(root / "state")
        self.folder = ContextFolder(root / "state" / "build" / "context", self.snapshots)

    def hold(self) -> Manifest:
        manifest = scan_context(self.project, HashCache(self.project.parent / "hashes"))
        self.snapshots.add(self.project, manifest)
        self.folder.hold(manifest)
        return manifest


def held(folder: Path) -> dict[str, tuple[int, str]]:
    """Return all files and links of a folder with mode and content; empty folders too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = (0, str(path.readlink()))
        elif path.is_file():
            found[name] = (path.stat().st_mode & 0o777, path.read_text())
        elif not any(path.iterdir()):
            found[name] = (0, "an empty folder")
    return found


def test_it_holds_what_the_project_has(tmp_path: Path) -> None:
    place = Place(tmp_path)
    write_tree(place.project, {"a": "same", "b/c": "same", "run": "same"})
    (place.project / "run").chmod(0o755)
    (place.project / "link").symlink_to("b/c")
    place.hold()
    assert held(place.folder.path) == held(place.project)


def test_only_what_changed_is_touched(tmp_path: Path) -> None:
    place = Place(tmp_path)
    write_tree(place.project, {"a": "1", "b": "1"})
    place.hold()
    before = {name: (place.folder.path / name).stat() for name in "ab"}
    write_tree(place.project, {"b": "2"})
    place.hold()
    after = {name: (place.folder.path / name).stat() for name in "ab"}
    assert (after["a"].st_ino, after["a"].st_mtime_ns) == (
        before["a"].st_ino,
        before["a"].st_mtime_ns,
    )
    assert after["b"].st_mtime_ns != before["b"].st_mtime_ns


def test_contents_are_not_copied(tmp_path: Path) -> None:
    place = Place(tmp_path)
    write_tree(place.project, {"a": "1"})
    (entry,) = place.hold().entries
    assert (place.folder.path / "a").samefile(place.snapshots.content(entry.sha256))


def test_what_a_crash_left_half_done_is_made_anew(tmp_path: Path) -> None:
    place = Place(tmp_path)
    write_tree(place.project, {"a": "1"})
    place.hold()
    write_tree(place.folder.path, {"left/over": "x"})
    (place.folder.path.parent / "context.tag").unlink()
    place.hold()
    assert held(place.folder.path) == held(place.project)


trees = st.dictionaries(
    st.sampled_from(["a", "b/c", "b/d/e", "d"]), st.sampled_from(["1", "2"]), max_size=4
)


@settings(deadline=None)
@given(st.lists(st.tuples(trees, st.booleans()), min_size=1, max_size=4))
def test_it_holds_the_latest_whatever_came_before(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[tuple[dict[str, str], bool]]
) -> None:
    place = Place(tmp_path_factory.mktemp("place"))
    for tree, swapped in rounds:
        for path in sorted(place.project.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        # a name that is a file in one round is a folder in the next
        write_tree(place.project, {f"{n}/x" if swapped else n: text for n, text in tree.items()})
        place.hold()
        assert held(place.folder.path) == held(place.project)
