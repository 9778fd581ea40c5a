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
    assert parse_lines(stamp + b" hello  world\n") == ([MOMENT + nanoseconds], ["hello  world"])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"unable to retrieve container logs for docker://ab",
        b"2021-13-45T99:04:05.123456789Z x",
        b"2021-01-02T03:04:05.12345678xZ x",
        b"2021-01-02T03:04:05.123456789X x",
    ],
)
def test_a_line_without_a_time_is_kept_whole(line: bytes) -> None:
    stamped = b"2021-01-02T03:04:05.123456789Z hello\n"
    times, messages = parse_lines(stamped + line + b"\n" + stamped)
    assert times == [MOMENT + 123456789, UNSTAMPED, MOMENT + 123456789]
    assert messages == ["hello", line.decode(), "hello"]


def test_empty_lines_and_what_is_no_utf8_stay_lines() -> None:
    stamp = b"2021-01-02T03:04:05.123456789Z"
    raw = stamp + b" \n" + stamp + b" \xff!\n" + stamp + b" \xe2\x82\n"
    assert parse_lines(raw)[1] == ["", "\ufffd!", "\ufffd"]


def test_there_are_no_lines_in_nothing_and_the_last_may_lack_its_end() -> None:
    stamp = b"2021-01-02T03:04:05.123456789Z "
    assert parse_lines(b"") == ([], [])
    assert parse_lines(stamp + b"a\n" + stamp + b"b")[1] == ["a", "b"]


STAMPS = (
    b"2021-01-02T03:04:05.123456789Z ",
    b"2021-01-02T03:04:05.023456789Z ",
    b"2021-01-02T03:04:06.123456789Z ",
    b"2021-01-02T05:04:05.123456789+02:00 ",
    b"2021-01-02T04:04:05.123456789+01:00 ",
    b"2021-01-02T03:04:05.5Z ",
    b"2021-01-02T03:04:05Z ",
    b"2021-02-30T03:04:05.123456789Z ",
    b"2021-01-02T03:04:05.1234+67+9Z ",
    "2021-01-02T03:04:05.12345678\u0669Z ".encode(),
    b"",
)
MESSAGES = st.binary(max_size=40).map(lambda text: text.replace(b"\n", b"")) | st.sampled_from(
    [b"x" * PART, b"x" * PART + STAMPS[0] + b"y", "é".encode() * PART]
)


@given(st.lists(st.tuples(st.sampled_from(STAMPS), MESSAGES), min_size=1, max_size=6))
def test_lines_of_any_kind_are_read_together(parts: list[tuple[bytes, bytes]]) -> None:
    lines = [stamp + message for stamp, message in parts]
    times, messages = parse_lines(b"".join(line + b"\n" for line in lines))
    assert times == [parse_time(line) for line in lines]
    said = [line.partition(b" ")[2] if parse_time(line) else line for line in lines]
    assert messages == [join_parts(message).decode(errors="replace") for message in said]


@given(st.lists(st.sampled_from(STAMPS[:3]), min_size=1, max_size=6))
def test_lines_written_alike_have_the_times_and_messages_of_their_own(stamps: list[bytes]) -> None:
    times, messages = parse_lines(
        b"".join(b"%sn %d\n" % (one, at) for at, one in enumerate(stamps))
    )
    assert times == [parse_time(one) for one in stamps]
    assert messages == [f"n {at}" for at in range(len(stamps))]


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
