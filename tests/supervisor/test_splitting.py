from hypothesis import given
from hypothesis import strategies as st

from tui.supervisor.splitting import LIMIT, LineSplitter, Piece

chunks = st.lists(
    st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda n, end: b"x" * n + end, st.integers(0, 3 * LIMIT), st.sampled_from([b"", b"\n"])
        ),
        st.builds(lambda n: "é".encode() * n, st.integers(0, LIMIT)),
        st.text(max_size=50).map(str.encode),
        st.integers(1, 300).map(lambda n: b"a\n" * n),
    ),
    max_size=8,
)


def split(fed: list[bytes]) -> list[Piece]:
    splitter = LineSplitter()
    return [piece for data in fed for piece in splitter.feed(data)] + splitter.close()


@given(chunks)
def test_pieces_joined_are_what_was_fed(fed: list[bytes]) -> None:
    assert b"".join(piece.payload for piece in split(fed)) == b"".join(fed)


@given(chunks)
def test_no_line_in_a_piece_is_longer_than_the_limit(fed: list[bytes]) -> None:
    for piece in split(fed):
        assert max(map(len, piece.payload.split(b"\n"))) <= LIMIT


@given(chunks)
def test_a_piece_ends_with_a_line_or_says_that_it_does_not(fed: list[bytes]) -> None:
    pieces = split(fed)
    for piece in pieces[:-1]:
        assert piece.unfinished != piece.payload.endswith(b"\n")
    assert not pieces or not pieces[-1].unfinished


@given(chunks)
def test_what_continues_follows_what_was_unfinished(fed: list[bytes]) -> None:
    pieces = split(fed)
    assert [p.continues for p in pieces[1:]] == [p.unfinished for p in pieces[:-1]]
    assert not pieces or not pieces[0].continues


@given(st.text(alphabet="aé漢😀", min_size=1, max_size=7))
def test_a_long_line_is_never_cut_inside_a_character(text: str) -> None:
    for piece in split([(text * LIMIT).encode()]):
        piece.payload.decode()


@given(chunks, st.sets(st.integers(0, 7)))
def test_asking_for_the_rest_loses_and_repeats_nothing(fed: list[bytes], asked: set[int]) -> None:
    splitter = LineSplitter()
    pieces: list[Piece] = []
    for number, data in enumerate(fed):
        pieces += splitter.feed(data)
        pieces += splitter.take_rest() if number in asked else []
    pieces += splitter.close()
    assert b"".join(piece.payload for piece in pieces) == b"".join(fed)
    assert [p.continues for p in pieces[1:]] == [p.unfinished for p in pieces[:-1]]


@given(st.text(alphabet="aé漢😀", min_size=1, max_size=7), st.integers(1, 28))
def test_a_rest_ends_with_a_whole_character(text: str, size: int) -> None:
    splitter = LineSplitter()
    splitter.feed(text.encode()[:size])
    for piece in splitter.take_rest():
        assert text.startswith(piece.payload.decode())


def test_the_rest_of_a_line_is_given_once() -> None:
    splitter = LineSplitter()
    splitter.feed(b"Continue? ")
    assert splitter.take_rest() == [Piece(b"Continue? ", unfinished=True)]
    assert splitter.feed(b"y") == splitter.take_rest() == []
    assert splitter.feed(b"es\n") == [Piece(b"yes\n", continues=True)]
    assert splitter.take_rest() == []


def test_a_line_is_held_back_until_its_end_comes() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"one\ntw") == [Piece(b"one\n")]
    assert splitter.feed(b"o\n") == [Piece(b"two\n")]


def test_a_line_of_just_the_limit_is_whole() -> None:
    line = b"x" * LIMIT + b"\n"
    assert split([line]) == [Piece(line)]
