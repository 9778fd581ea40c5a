from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import events
from tui.model.plain import from_plain, join, part, to_plain

names = st.text(alphabet="xyz", min_size=1).map(lambda text: f"new-{text}")


@given(events, st.dictionaries(names, st.integers()))
def test_fields_that_are_not_known_are_laid_aside_and_put_back(
    event: object, more: dict[str, int]
) -> None:
    plain = to_plain(event)
    known, unknown = part(type(event), plain | more)
    assert from_plain(type(event), known) == event
    assert unknown == more
    assert join(known, unknown) == plain | more
