import pytest

from tui.model.counts import count_of


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1234, "1,234 files")]
)
def test_one_is_told_from_many(number: int, said: str) -> None:
    assert count_of(number, "file") == said
