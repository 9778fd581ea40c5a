from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clients.kube.loglines import PART, SECOND, UNSTAMPED, join_parts, parse_lines, parse_time

MOMENT = int(datetime.fromisoformat("2021-01-02T03:04:05+00:00").timestamp()) * SECOND


@pytest.mark.parametrize(
    ("stamp", "nanoseconds"),
    [
        (b"2021-01-02T03:04:05.123456789Z", 123456789),
        (b"2021-01-02T03:04:05.000000001Z", 1),
        (b"2021-01-02T03:04:05.5Z", 500_000_000),
        (b"2021-01-02T03:04:05Z", 0),
        (b"2021-01-02T05:04:05.123456789+02:00", 123456789),
        (b"2021-01-01T21:34:05.123456789-05:30", 123456789),
    ],
)
def test_every_way_to_write_the_time_is_read(stamp: bytes, nanoseconds: int) -> None:
    assert parse_lines([stamp + b" hello  world"]) == ([MOMENT + nanoseconds], ["hello  world"])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"unable to retrieve container logs for docker://ab",
        b"2021-13-45T99:04:05.123456789Z x",
        b"2021-01-02T03:04:05.12345678xZ x",
    ],
)
def test_a_line_without_a_time_is_kept_whole(line: bytes) -> None:
    times, messages = parse_lines([line])
    assert times == [UNSTAMPED]
    assert messages in ([line.decode()], [line.decode().partition(" ")[2]])


def test_empty_lines_and_what_is_no_utf8_stay_lines() -> None:
    stamp = b"2021-01-02T03:04:05.123456789Z"
    assert parse_lines([stamp + b" ", stamp + b" \xff!"])[1] == ["", "\ufffd!"]


@given(st.integers(0, 4 * 10**18))
def test_times_are_exact(time: int) -> None:
    text = datetime.fromtimestamp(time // SECOND, tz=None).astimezone().isoformat()
    stamp = f"{text[:19]}.{time % SECOND:09}{text[19:]} ".encode()
    assert parse_time(stamp) == time


@given(st.integers(0, 3 * PART), st.integers(0, 6))
def test_a_line_cut_into_parts_is_whole_again(length: int, seed: int) -> None:
    message = bytes((seed + at) % 251 for at in range(length)).replace(b"\n", b".")
    parts = [message[at : at + PART] for at in range(0, length, PART)]
    stamp = b"2021-01-02T03:04:05.123456789Z "
    assert join_parts(stamp.join(parts)) == message
