from dataclasses import dataclass, field, fields, replace

from hypothesis import given
from hypothesis import strategies as st

from tui.model.frozen import frozen


@frozen
class Point:
    x: int
    y: tuple[int, ...] = field(default_factory=tuple)


@frozen
class Place:
    x: int
    y: tuple[int, ...] = ()


@frozen
class One:
    x: int


@frozen
class Nothing:
    pass


@dataclass(frozen=True)
class Known:
    x: int
    y: tuple[int, ...]


values = st.tuples(st.integers(0, 2), st.lists(st.integers(0, 1), max_size=2).map(tuple))


@given(values, values)
def test_values_are_equal_and_hash_alike_as_a_dataclass_is(
    one: tuple[int, tuple[int, ...]], other: tuple[int, tuple[int, ...]]
) -> None:
    assert (Point(*one) == Point(*other)) == (Known(*one) == Known(*other))
    if one == other:
        assert hash(Point(*one)) == hash(Point(*other))


def test_values_of_another_kind_are_never_equal() -> None:
    others: list[object] = [Place(1), (1, ()), 1]
    assert Point(1) not in others
    assert One(1) not in others
    assert Nothing() == Nothing()
    assert len({One(1), One(1), One(2), Nothing(), Nothing()}) == 3


def test_all_else_is_a_dataclass() -> None:
    point = replace(Point(1), y=(2,))
    assert repr(point) == "Point(x=1, y=(2,))"
    assert [f.name for f in fields(point)] == ["x", "y"]
    assert not hasattr(point, "__dict__")
    match point:
        case Point(x, y):
            assert (x, y) == (1, (2,))


@frozen
class Seen:
    path: str
    at: float = field(default=0.0, compare=False)


def test_a_field_that_is_not_compared_counts_neither_for_equality_nor_for_the_hash() -> None:
    assert Seen("a", 1.0) == Seen("a", 2.0) != Seen("b", 1.0)
    assert len({Seen("a", 1.0), Seen("a", 2.0)}) == 1
    assert repr(Seen("a", 1.0)) == "Seen(path='a', at=1.0)"


@frozen
class Key:
    name: str
    secret: str = field(default="", repr=False)


def test_a_field_that_is_not_to_be_shown_is_not() -> None:
    assert repr(Key("a", "s3cret")) == "Key(name='a')"
