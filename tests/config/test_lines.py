import tomllib

from hypothesis import given
from hypothesis import strategies as st

from tui.config.lines import line_of, lines_of_keys

TEXT = '''# a comment with [brackets] = and "quotes
[environments.development]  # trailing
name = "a [b] = c"
env = { A = "1", "B C" = "x,y", D = { E = 2 } }
values = [
  "one",   # not = a key
  "two",
]
text = """
fake = 1
[fake]
"""
literal = \'\'\'
also = 2\'\'\'
environments-like.dotted . key = 3

[ environments . "quoted.name" ]
port = 1
[[points]]
x = 1
'''


def test_every_key_is_found_on_its_own_line() -> None:
    tomllib.loads(TEXT)
    where = ("environments", "development")
    assert lines_of_keys(TEXT) == {
        where: 2,
        (*where, "name"): 3,
        (*where, "env"): 4,
        (*where, "env", "A"): 4,
        (*where, "env", "B C"): 4,
        (*where, "env", "D"): 4,
        (*where, "env", "D", "E"): 4,
        (*where, "values"): 5,
        (*where, "text"): 9,
        (*where, "literal"): 13,
        (*where, "environments-like", "dotted", "key"): 15,
        ("environments", "quoted.name"): 17,
        ("environments", "quoted.name", "port"): 18,
        ("points",): 19,
        ("points", "x"): 20,
    }


def test_a_key_that_is_not_there_is_placed_at_the_table_around_it() -> None:
    assert line_of(TEXT, ("environments", "quoted.name", "missing")) == 17
    assert line_of(TEXT, ("nowhere",)) == 0


@given(st.text(alphabet=st.sampled_from("ab=[]{},.\"'#\n \\")))
def test_no_text_makes_the_scanner_raise(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in lines_of_keys(text).values())


@given(st.lists(st.sampled_from(["a", "b", "c-d", '"e f"']), unique=True), st.integers(0, 3))
def test_keys_after_any_blank_lines_keep_their_order(keys: list[str], blank: int) -> None:
    gap = "\n" * blank
    text = "[t]\n" + "".join(f"{gap}{key} = [1,\n 2]\n" for key in keys)
    found = lines_of_keys(text)
    expected = [2 + blank + i * (blank + 2) for i in range(len(keys))]
    assert [found["t", key.strip('"')] for key in keys] == expected
