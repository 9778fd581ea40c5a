from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.clients.process.spool import READ, Position, SpoolReader, position_from, records_of
from tui.supervisor.frames import Frame, Origin, decode_frames, encode_frame, segment_name
from tui.supervisor.splitting import LIMIT, LineSplitter, Piece

ORIGIN = Origin(3, "app-3-1", 2)


def frame(payload: bytes, number: int = 0) -> bytes:
    return encode_frame(number, ORIGIN, "stdout", Piece(payload))


def put(folder: Path, number: int, content: bytes) -> None:
    (folder / segment_name(number)).write_bytes(content)


def read_all(folder: Path, position: Position | None = None) -> tuple[list[str], Position]:
    reader, position, lines = SpoolReader(folder), position or Position(), []
    while (reading := reader.read(position)).advanced:
        position = reading.position
        lines += [record.message for record in reading.records]
    return lines, position


def messages(pieces: list[Piece]) -> list[str]:
    frames = [Frame(0, ORIGIN, "stdout", piece, 0) for piece in pieces]
    return [record.message for each in frames for record in records_of(each)]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r")), max_size=30))
def test_lines_come_out_as_they_were_printed(lines: list[str]) -> None:
    splitter = LineSplitter()
    data = "".join(f"{line}\n" for line in lines).encode()
    assert messages(splitter.feed(data) + splitter.close()) == lines


@given(st.integers(LIMIT + 1, 4 * LIMIT))
def test_the_parts_of_a_long_line_are_marked_and_make_it_up(length: int) -> None:
    splitter = LineSplitter()
    parts = messages(splitter.feed(b"x" * length + b"\n") + splitter.close())
    assert len(parts) > 1
    assert all(part.endswith("…") for part in parts[:-1])
    assert all(part.startswith("…") for part in parts[1:])
    assert "".join(part.strip("…") for part in parts) == "x" * length


def test_windows_line_ends_are_line_ends() -> None:
    assert messages([Piece(b"one\r\ntwo\r\n")]) == ["one", "two"]


def test_records_say_where_they_come_from(tmp_path: Path) -> None:
    put(tmp_path, 1, frame(b"hello\n", number=42))
    (record,) = SpoolReader(tmp_path).read(Position()).records
    assert record == (42, 3, "app-3-1", "app", 2, "stdout", "hello")


def test_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    one = frame(b"one\n")
    put(tmp_path, 1, one)
    lines, position = read_all(tmp_path)
    assert (lines, str(position)) == (["one"], f"1:{len(one)}")
    put(tmp_path, 1, one + frame(b"two\n"))
    put(tmp_path, 2, frame(b"three\n"))
    assert read_all(tmp_path, position_from(str(position)))[0] == ["two", "three"]


def test_a_frame_still_being_written_is_waited_for(tmp_path: Path) -> None:
    whole = frame(b"one\n") + frame(b"two\n")
    put(tmp_path, 1, whole[:-3])
    lines, position = read_all(tmp_path)
    assert lines == ["one"]
    put(tmp_path, 1, whole)
    assert read_all(tmp_path, position)[0] == ["two"]


def test_a_torn_frame_before_a_newer_segment_is_told(tmp_path: Path) -> None:
    put(tmp_path, 1, frame(b"one\n") + frame(b"two\n")[:-3])
    put(tmp_path, 2, frame(b"three\n"))
    lines, _ = read_all(tmp_path)
    assert lines[0] == "one"
    assert "cannot be read" in lines[1]
    assert lines[2:] == ["three"]


def test_a_damaged_segment_is_passed_over_and_told(tmp_path: Path) -> None:
    put(tmp_path, 1, frame(b"one\n") + b"\0" * 500 + frame(b"two\n"))
    put(tmp_path, 2, frame(b"three\n"))
    lines, _ = read_all(tmp_path)
    assert (lines[0], lines[-1]) == ("one", "three")
    assert "cannot be read" in lines[1]


def test_dropped_segments_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, 7, frame(b"seven\n"))
    assert read_all(tmp_path, Position(3, 500))[0] == ["seven"]


def test_a_position_of_another_spool_begins_at_the_oldest(tmp_path: Path) -> None:
    put(tmp_path, 1, frame(b"one\n"))
    assert read_all(tmp_path, Position(99, 5))[0] == ["one"]


def test_an_empty_or_missing_spool_has_nothing(tmp_path: Path) -> None:
    assert read_all(tmp_path) == ([], Position())
    assert read_all(tmp_path / "missing") == ([], Position())


@given(st.text())
def test_any_text_is_read_as_a_position(text: str) -> None:
    position_from(text)


def test_only_segments_before_the_position_are_deleted_and_never_the_newest(
    tmp_path: Path,
) -> None:
    for number in (1, 2, 3):
        put(tmp_path, number, frame(b"x\n"))
    SpoolReader(tmp_path).forget(Position(2, 0))
    assert sorted(path.name for path in tmp_path.iterdir()) == [segment_name(2), segment_name(3)]
    SpoolReader(tmp_path).forget(Position(9, 0))
    assert [path.name for path in tmp_path.iterdir()] == [segment_name(3)]


def test_frames_of_one_read_never_exceed_it() -> None:
    assert next(decode_frames(frame(b"x" * 2 * LIMIT))).end < READ
