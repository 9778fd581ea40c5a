import logging
import shutil
from pathlib import Path

import pytest

from tui.wiring.logfile import logging_to


def test_what_is_logged_after_the_folder_was_removed_is_in_a_new_file(tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "development"
    folder.mkdir(parents=True)
    log = logging.getLogger("redraft")
    with logging_to(folder):
        shutil.rmtree(folder.parent)
        log.error("first")
        assert folder.stat().st_mode & 0o077 == 0
        shutil.rmtree(folder.parent)
        log.error("second")
        log.error("third")
    lines = (folder / "redraft.log").read_text().splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["second", "third"]


def test_what_cannot_be_written_is_not_put_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "development"
    folder.touch()
    log = logging.getLogger("redraft")
    with logging_to(folder):
        log.error("no room")
        folder.unlink()
        log.error("room again")
    assert "room again" in (folder / "redraft.log").read_text()
    assert capfd.readouterr() == ("", "")
