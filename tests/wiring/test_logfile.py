import logging
import shutil
from pathlib import Path

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
