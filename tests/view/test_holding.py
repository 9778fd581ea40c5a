from hypothesis import given
from hypothesis import strategies as st

from tui.model.changes import HoldReason
from tui.view.holding import Holding

reasons: list[HoldReason | None] = [None, "paused", "protected", "branch-switch", "mass-change"]


@given(st.lists(st.sampled_from(reasons)))
def test_a_hold_is_asked_about_once_if_it_is_one_that_asks(
    held: list[HoldReason | None],
) -> None:
    holding, asked_about = Holding(), None
    for reason in held:
        asks = reason in {"branch-switch", "mass-change"}
        assert holding.is_news(reason) == (asks and reason != asked_about)
        if reason not in {"paused", "protected"}:
            asked_about = reason
