from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tui.clients.docker.inspecting import NANO, nanoseconds
from tui.clients.docker.logframes import HEADER, FrameReader, LogFrame

times = st.integers(0, 4_000_000_000 * NANO)
frames = st.builds(LogFrame, times, st.sampled_from(["stdout", "stderr"]), st.binary(max_size=40))


def stamp(time: int) -> str:
    whole = datetime.fromtimestamp(time // NANO, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{time % NANO:09}Z"


def encoded(frame: LogFrame) -> bytes:
    payload = stamp(frame.time).encode() + b" " + frame.text
    return HEADER.pack(1 if frame.stream == "stdout" else 2, len(payload)) + payload


@given(st.lists(frames), st.integers(1, 50))
def test_frames_are_found_however_they_were_cut(sent: list[LogFrame], size: int) -> None:
    data = b"".join(map(encoded, sent))
    reader = FrameReader()
    cut = (data[at : at + size] for at in range(0, len(data), size))
    assert [frame for piece in cut for frame in reader.feed(piece)] == sent


@given(times)
def test_times_keep_their_nanoseconds(time: int) -> None:
    assert nanoseconds(stamp(time)) == time


def test_times_of_other_engines_are_read_too() -> None:
    assert nanoseconds("1970-01-01T01:00:01.5+01:00") == 1_500_000_000
    assert nanoseconds("0001-01-01T00:00:00Z") == 0
