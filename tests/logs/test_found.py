from array import array

from hypothesis import given
from hypothesis import strategies as st

from tui.logs.blocks import Block
from tui.logs.found import Found
from tui.model.loglines import LogOrigin

ORIGINS = [
    LogOrigin(1, "app-1", "app", 0, "stdout"),
    LogOrigin(1, "app-2", "app", 0, "stderr"),
    LogOrigin(1, "app-1", "app", 1, "marker"),
]
SAYERS = st.lists(st.integers(0, 2), min_size=1, max_size=8)


def found(sayers: list[int], wanted: list[bool]) -> Found:
    text = "\n".join(f"line {at}" for at in range(len(sayers)))
    times, numbers = array("q", range(len(sayers))), array("I", sayers)
    block = Block(7, text, times, numbers, bytes(len(sayers)))
    indexes = [at for at, one in enumerate(wanted[: len(sayers)]) if one]
    return Found(block, indexes, ORIGINS)


@given(SAYERS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_the_columns_are_those_of_the_lines(sayers: list[int], wanted: list[bool]) -> None:
    some = found(sayers, wanted)
    lines = some.lines()
    assert [line.id - 7 for line in lines] == some.indexes
    assert list(some.columns()) == [(line.time, line.pod, line.message) for line in lines]


@given(SAYERS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_separators_are_told_apart_from_what_apps_said(
    sayers: list[int], wanted: list[bool]
) -> None:
    some = found(sayers, wanted)
    said, marks = some.parted()
    assert said.lines() == [line for line in some.lines() if line.stream != "marker"]
    assert marks.lines() == [line for line in some.lines() if line.stream == "marker"]
