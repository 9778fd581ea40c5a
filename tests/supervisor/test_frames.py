import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.supervisor.frames import (
    STREAMS,
    Frame,
    Origin,
    decode_frames,
    encode_frame,
    segment_name,
    segment_number,
)
from tui.supervisor.splitting import Piece

pieces = st.builds(Piece, st.binary(min_size=1), st.booleans(), st.booleans())
origins = st.builds(Origin, st.integers(0, 2**32 - 1), st.text(max_size=70), st.integers(0, 999))
written = st.lists(st.tuples(st.integers(0, 2**64 - 1), origins, st.sampled_from(STREAMS), pieces))


def encoded(frames: list[tuple[int, Origin, str, Piece]]) -> bytes:
    return b"".join(encode_frame(*frame) for frame in frames)


@given(written)
def test_frames_are_read_back_as_written(frames: list[tuple[int, Origin, str, Piece]]) -> None:
    buffer = encoded(frames)
    assert [frame[:4] for frame in decode_frames(buffer)] == frames


@given(written, st.data())
def test_reading_can_begin_after_any_frame(
    frames: list[tuple[int, Origin, str, Piece]], data: st.DataObject
) -> None:
    buffer = encoded(frames)
    read = list(decode_frames(buffer))
    at = data.draw(st.integers(0, len(read)))
    offset = read[at - 1].end if at else 0
    assert list(decode_frames(buffer, offset)) == read[at:]


@given(written, st.data())
def test_a_torn_frame_is_left_and_those_before_it_are_read(
    frames: list[tuple[int, Origin, str, Piece]], data: st.DataObject
) -> None:
    buffer = encoded(frames)
    cut = data.draw(st.integers(0, len(buffer)))
    whole: list[Frame] = [frame for frame in decode_frames(buffer) if frame.end <= cut]
    assert list(decode_frames(buffer[:cut])) == whole


def test_what_is_no_frame_is_told() -> None:
    with pytest.raises(ValueError, match="no frame"):
        list(decode_frames(b"\0" * 100))


def test_segments_are_told_from_other_files() -> None:
    assert segment_number(segment_name(17)) == 17
    assert segment_number("0000000017") == 0
    assert segment_number("notes.segment") == 0
