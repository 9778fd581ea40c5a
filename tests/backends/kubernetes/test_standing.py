"""Which of the records that are handed over are taken for what is wanted."""

from dataclasses import replace

import pytest

from tests.backends.kubernetes.test_deploying import WHOLE
from tui.backends.kubernetes.records import Record
from tui.backends.kubernetes.standing import is_news, wanted_of


def at(revision: int, *, history: float = 0.0, deleted: bool = False) -> Record:
    """Return the record of a revision in a history that began then."""
    release = replace(WHOLE.release, revision=revision, started=history + revision)
    return replace(WHOLE, release=release, deleted=deleted)


OUTSIDE = replace(at(8), means="outside")
SLOW = replace(at(8), release=replace(at(8).release, started=3.0))
"""Released by a machine whose clock is slow."""
ANEW = at(1, history=1000.0)


@pytest.mark.parametrize(
    ("records", "known"),
    [
        ((at(1),), ()),
        ((at(6), at(7)), (at(6), at(7))),
        ((at(7), at(8)), (at(7),)),
        ((at(7), SLOW), (at(7),)),
        ((at(7), at(8, deleted=True)), (at(7),)),
        ((at(8, deleted=True),), (at(7),)),
        ((at(7, deleted=True),), (at(6), at(7))),
        ((at(7, deleted=True),), (at(7, deleted=True),)),
        ((at(7, deleted=True),), (at(7), OUTSIDE)),
        ((at(1),), (at(7, deleted=True),)),
        ((ANEW,), (at(6), at(7))),
    ],
)
def test_what_is_as_new_as_what_is_known_is_taken(
    records: tuple[Record, ...], known: tuple[Record, ...]
) -> None:
    assert is_news(records, known)


@pytest.mark.parametrize(
    ("records", "known"),
    [
        ((at(6), at(7)), (at(7), OUTSIDE)),
        ((at(6),), (at(6), at(7))),
        ((at(6),), (at(7),)),
        ((at(6, deleted=True),), (at(6, deleted=True), at(7))),
        ((at(7, deleted=True),), (ANEW,)),
        ((at(6), at(7)), (ANEW,)),
    ],
)
def test_what_is_late_is_not_taken(records: tuple[Record, ...], known: tuple[Record, ...]) -> None:
    assert not is_news(records, known)


def test_when_a_release_was_begun_is_told_by_the_clock_of_the_cluster_where_it_is_known() -> None:
    known = replace(at(8), made=1_700_000_000.0)
    assert wanted_of([at(7), known], "team").made == 1_700_000_000.0
    started = replace(at(8).release, started=5.7)
    assert wanted_of([replace(OUTSIDE, release=started)], "team").made == 5.0


def test_the_very_first_release_is_begun_before_anything_is_wanted() -> None:
    first = Record(replace(at(1).release, outcome="pending"), made=3.0)
    wanted = wanted_of([first], "team")
    assert (wanted.revision, wanted.latest, wanted.made) == (0, 1, 3.0)
