"""Building in the quiet period that follows a save, with real files and a real app."""

import pytest

from tests.integration.redraft import Redraft
from tests.integration.watching import Told, until, watching
from tests.projects import greet

pytestmark = pytest.mark.integration
QUIET = 5
"""Seconds: long enough for a build and another save in it, on a busy machine too."""


def iterations(told: Told) -> tuple[int, int]:
    """Return how many began and how many ended."""
    return len(told.of("IterationStarted")), len(told.of("IterationFinished"))


def snapshots(redraft: Redraft) -> int:
    return len(list(redraft.home.glob("state/redraft/*/development/snapshots/*")))


def test_saves_in_one_quiet_period_are_built_at_once_and_the_last_is_deployed(
    redraft: Redraft,
) -> None:
    draft = redraft.project / "draft.toml"
    draft.write_text(draft.read_text().replace("watch-delay = 0.2", f"watch-delay = {QUIET}"))
    with watching(redraft) as told:
        assert iterations(told) == (1, 1)
        for number in (2, 3):
            greet(redraft.project, f"hello {number}")
            until(lambda: snapshots(redraft) == number, told.__str__)  # noqa: B023
            assert iterations(told) == (1, 1)
        until(lambda: iterations(told) == (2, 2), told.__str__)
        assert redraft.answer() == "hello 3"
    assert [release["verdict"] for release in redraft.json("history")] == ["ready", "ready"]
