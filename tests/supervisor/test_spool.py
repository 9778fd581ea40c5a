import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.clients.process.spool import Position, SpoolReader
from tui.supervisor.frames import Origin
from tui.supervisor.splitting import Piece
from tui.supervisor.spool import SpoolWriter

ORIGIN = Origin(1, "app-1-1", 0)
LINE = Piece(b"x" * 99 + b"\n")


def spool(folder: Path, segment: int = 1000, cap: int = 5000) -> SpoolWriter:
    return SpoolWriter(folder, lambda: None, segment, cap)


def wait_until_another_millisecond() -> None:
    began = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 == began:
        pass


def read_all(folder: Path) -> list[str]:
    reader, position, lines = SpoolReader(folder), Position(), []
    while (reading := reader.read(position)).advanced:
        position = reading.position
        lines += [f"{record.stream}: {record.message}" for record in reading.records]
    return lines


def test_output_goes_to_a_new_segment_when_one_is_full(tmp_path: Path) -> None:
    writer = spool(tmp_path)
    for _ in range(20):
        writer.write(ORIGIN, "stdout", LINE)
    writer.close()
    assert len(list(tmp_path.iterdir())) > 1
    assert len(read_all(tmp_path)) == 20


def test_what_nobody_reads_is_dropped_oldest_first_and_counted(tmp_path: Path) -> None:
    writer = spool(tmp_path)
    for number in range(100):
        writer.write(ORIGIN, "stdout", Piece(f"{number:>99}\n".encode()))
    writer.close()
    lines = read_all(tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 6000
    assert lines[-1].endswith(" 99")
    assert any("nobody collected them" in line for line in lines)


def test_a_new_writer_never_goes_on_in_an_old_segment(tmp_path: Path) -> None:
    for _ in range(2):
        writer = spool(tmp_path)
        writer.write(ORIGIN, "stdout", LINE)
        writer.close()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_deleted_folder_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    writer = spool(folder)
    writer.write(ORIGIN, "stdout", LINE)
    next(folder.iterdir()).unlink()
    folder.rmdir()
    writer.look_after()
    writer.write(ORIGIN, "stdout", LINE)
    writer.close()
    assert len(read_all(folder)) == 1


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_lines_lost_to_an_unwritable_folder_are_told_later(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    lose_and_tell(tmp_path, lambda: tmp_path.chmod(0o700))


def test_lines_lost_to_a_file_in_the_way_are_told_later(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.write_text("in the way")
    lose_and_tell(folder, folder.unlink)


def lose_and_tell(folder: Path, mend: Callable[[], None]) -> None:
    writer = spool(folder)
    writer.write(ORIGIN, "stdout", LINE)
    mend()
    writer.write(ORIGIN, "stdout", Piece(b"after\n"))
    writer.close()
    lines = read_all(folder)
    assert lines[0].startswith("marker: 100 bytes of log lines were lost")
    assert lines[1:] == ["stdout: after"]


def test_spool_files_are_for_the_user_alone(tmp_path: Path) -> None:
    writer = spool(tmp_path / "spool")
    writer.write(ORIGIN, "stdout", LINE)
    writer.close()
    for path in (tmp_path / "spool").iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_a_position_in_a_spool_that_was_deleted_means_no_place_in_the_next(tmp_path: Path) -> None:
    first = spool(tmp_path / "first")
    first.write(ORIGIN, "stdout", LINE)
    first.write(ORIGIN, "stdout", LINE)
    first.close()
    position = Position()
    while (reading := SpoolReader(tmp_path / "first").read(position)).advanced:
        position = reading.position
    later = spool(tmp_path / "later")
    wait_until_another_millisecond()
    later.write(ORIGIN, "stdout", Piece(b"after\n"))
    later.close()
    [record] = SpoolReader(tmp_path / "later").read(position).records
    assert record.message == "after"
