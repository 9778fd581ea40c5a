from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tui.view.logs.rows import ChosenLines, EveryLine


class ChosenLinesMachine(RuleBasedStateMachine):
    """Compares with a plain list, and remembers under which number each line was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = ChosenLines()
        self.ids: list[int] = []
        self.numbers: dict[int, int] = {}
        self.oldest_found = 1000
        self.newest = 999
        self.pruned = False

    @precondition(lambda self: not self.pruned)
    @rule(steps=st.lists(st.integers(1, 9), max_size=4))
    def search_backwards(self, steps: list[int]) -> None:
        found = []
        for step in steps:
            self.oldest_found -= step
            found.append(self.oldest_found)
        self.rows.add_older(found)
        self.ids = found[::-1] + self.ids

    @rule(steps=st.lists(st.integers(1, 9), max_size=4))
    def arrive(self, steps: list[int]) -> None:
        for step in steps:
            self.newest += step
            self.rows.add_newer([self.newest])
            self.ids.append(self.newest)

    @rule(oldest=st.integers(900, 1100))
    def prune(self, oldest: int) -> None:
        self.pruned = True
        self.rows.prune(oldest)
        self.ids = [line for line in self.ids if line >= oldest]

    @rule(line=st.integers(900, 1100))
    def look_up(self, line: int) -> None:
        if self.ids:
            at_or_after = [shown for shown in self.ids if shown >= line]
            nearest = at_or_after[0] if at_or_after else self.ids[-1]
            assert self.rows.id_at(self.rows.row_near(line)) == nearest

    @invariant()
    def shows_the_same_lines(self) -> None:
        rows = range(self.rows.first, self.rows.stop)
        assert [self.rows.id_at(row) for row in rows] == self.ids
        assert len(self.rows) == len(self.ids)

    @invariant()
    def no_number_ever_shifts(self) -> None:
        for row in range(self.rows.first, self.rows.stop):
            line = self.rows.id_at(row)
            assert self.numbers.setdefault(line, row) == row


TestChosenLines = ChosenLinesMachine.TestCase


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 120))
def test_without_a_filter_the_row_is_the_id(oldest: int, more: int, line: int) -> None:
    rows = EveryLine(oldest, oldest + more)
    assert rows.stop - rows.first == more + 1
    row = rows.row_near(line)
    assert rows.id_at(row) == min(max(line, oldest), oldest + more)


def test_no_lines_make_no_rows() -> None:
    assert EveryLine().first == EveryLine().stop
    assert ChosenLines().first == ChosenLines().stop


@given(
    st.lists(st.integers(1, 99), unique=True, max_size=12),
    st.integers(0, 12),
    st.integers(0, 99),
    st.data(),
)
def test_ids_of_rows_are_those_of_each_row(
    numbers: list[int], older: int, oldest: int, data: st.DataObject
) -> None:
    rows, known = ChosenLines(), sorted(numbers)
    rows.add_older(known[:older][::-1])
    rows.add_newer(known[older:])
    rows.prune(oldest)
    for some in (rows, EveryLine(3, 9)):
        start = data.draw(st.integers(some.first, some.stop))
        stop = data.draw(st.integers(start, some.stop))
        assert list(some.ids(start, stop)) == [some.id_at(row) for row in range(start, stop)]
