import json
import re

from hypothesis import given
from hypothesis import strategies as st

from tui.view.logs.json_text import laid_out

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


def squeezed(text: str) -> str:
    """Without the white space outside strings."""
    return "".join(re.findall(r'"(?:[^"\\]|\\.)*"|\S', text))


@given(st.dictionaries(st.text(), values, min_size=1), st.booleans())
def test_layout_changes_nothing_but_white_space(value: dict[str, object], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert squeezed(laid_out(text)) == squeezed(text)


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert squeezed(laid_out(text)) == squeezed(text)


def test_objects_are_indented() -> None:
    assert laid_out('{"a":1,"b":[2,{}],"c":"x, y"}') == "\n".join(
        ["{", '  "a": 1,', '  "b": [', "    2,", "    {}", "  ],", '  "c": "x, y"', "}"]
    )


def test_json_after_a_prefix_is_found() -> None:
    assert laid_out('12:00 [main] INFO {"a": 1}').splitlines() == [
        "12:00 [main] INFO",
        "{",
        '  "a": 1',
        "}",
    ]


def test_repeated_keys_and_digits_are_kept() -> None:
    assert '"a": 1.10' in laid_out('{"a":1.10,"a":2}')
    assert '"a": 2' in laid_out('{"a":1.10,"a":2}')
    assert "9" * 5000 in laid_out('{"a":' + "9" * 5000 + "}")


def test_escaped_control_characters_stay_escaped() -> None:
    assert laid_out('{"a":"\\u001b]52;c;eA==\\u0007","b":"\\ud800"}').isprintable() is False
    assert "\x1b" not in laid_out('{"a":"\\u001b]52;c;eA==\\u0007"}')
    assert "\\ud800" in laid_out('{"b":"\\ud800"}')


def test_deep_nesting_is_left_as_it_is() -> None:
    text = "[" * 20_000
    assert laid_out(text) == text


def test_what_is_no_json_is_left_as_it_is() -> None:
    assert laid_out("[bold]no[/bold] {json} here []") == "[bold]no[/bold] {json} here []"
