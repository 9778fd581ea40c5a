from pathlib import Path

import pytest

from tui.model.faults import FaultError
from tui.wiring.places import make_private, state_folder
from tui.wiring.removal import remove_empty, remove_state


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_two_checkouts_of_one_name_share_nothing(tmp_path: Path) -> None:
    one = state_folder(tmp_path / "a" / "app", "development")
    other = state_folder(tmp_path / "b" / "app", "development")
    assert one != other
    assert one.parent.name.startswith("app-")


def test_a_project_is_the_same_however_its_folder_is_named(tmp_path: Path) -> None:
    project = tmp_path / "app"
    project.mkdir()
    (tmp_path / "link").symlink_to(project)
    assert state_folder(project, "x") == state_folder(tmp_path / "link", "x")


@pytest.mark.parametrize("name", ["..", "a/b", "", "a b", "\n", "-x"])
def test_no_environment_name_leads_out_of_the_state_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(FaultError) as caught:
        state_folder(tmp_path, name)
    assert caught.value.fault.code == "environment-name"


@pytest.mark.parametrize("name", ["naïve ☃", "a\nb", "...", "/"])
def test_any_project_name_makes_one_plain_folder_name(name: str, state: Path) -> None:
    folder = state_folder(Path("/") / name, "development")
    assert folder.parent.parent == state / "redraft"
    assert folder.parent.name.isascii()


def test_state_is_for_the_user_alone_and_can_be_removed(tmp_path: Path) -> None:
    folder = state_folder(tmp_path, "development")
    make_private(folder)
    assert folder.stat().st_mode & 0o077 == 0
    assert folder.parent.stat().st_mode & 0o077 == 0
    remove_state(tmp_path, "development")
    assert not folder.parent.exists()


def test_a_state_folder_that_cannot_be_made_is_a_fault(tmp_path: Path, state: Path) -> None:
    state.write_text("a file where the folder should be")
    with pytest.raises(FaultError) as caught:
        make_private(state_folder(tmp_path, "development"))
    assert caught.value.fault.code == "state-unwritable"


def test_a_folder_that_another_redraft_removes_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = state_folder(tmp_path, "development"), Path.chmod

    def late(path: Path, mode: int) -> None:
        monkeypatch.setattr(Path, "chmod", real)
        remove_empty(tmp_path, "development")
        path.chmod(mode)

    monkeypatch.setattr(Path, "chmod", late)
    make_private(folder)
    assert folder.stat().st_mode & 0o077 == 0
