"""Which of the records that are handed over are taken for what is wanted."""

from dataclasses import replace

import pytest

from tests.backends.kubernetes.test_deploying import WHOLE
from tui.backends.kubernetes.records import Record
from tui.backends.kubernetes.standing import is_news


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
