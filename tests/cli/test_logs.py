import pytest

from tui.cli.logs import NAMED, nothing_matches
from tui.model.loglines import LogFilter

MANY = [f"app-{number}" for number in range(NAMED + 2)]


@pytest.mark.parametrize(
    ("asked", "there", "told"),
    [
        ((), ["app-1"], ""),
        (("app-1", "app-9"), ["app-1"], ""),
        (("app",), [], ": no pod has said anything yet"),
        (("app",), ["app-1", "app-2"], ": pods with lines, of any revision, are app-1, app-2"),
        (
            ("app",),
            MANY,
            f": pods with lines, of any revision, are {', '.join(MANY[:NAMED])} and 2 more",
        ),
    ],
)
def test_where_a_pod_is_asked_for_that_said_nothing_those_that_did_are_named(
    asked: tuple[str, ...], there: list[str], told: str
) -> None:
    wanted = LogFilter(pods=frozenset(asked))
    assert nothing_matches(wanted, there) == f"no stored line matches{told}"
