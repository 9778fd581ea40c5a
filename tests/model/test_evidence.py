from hypothesis import given
from hypothesis import strategies as st

from tui.model.evidence import telling

NODE = (
    "node:internal/modules/cjs/loader:1386",
    "  throw err;",
    "  ^",
    "",
    "Error: Cannot find module 'nosuchmodule'",
    *(f"    at frame ({number})" for number in range(12)),
    "  code: 'MODULE_NOT_FOUND',",
    "}",
    "",
    "Node.js v22.20.0",
    "npm notice",
    "npm notice New major version of npm available!",
    "npm notice",
)
PYTHON = (
    "INFO listening",
    "Traceback (most recent call last):",
    *(f'  File "app.py", line {number}' for number in range(12)),
    "ModuleNotFoundError: No module named 'nosuchmodule'",
)
JAVA = (
    'Exception in thread "main" java.lang.IllegalStateException: no pool',
    *(f"\tat a.B.c(B.java:{number})" for number in range(9)),
    "Caused by: java.net.ConnectException: Connection refused",
    *(f"\tat d.E.f(E.java:{number})" for number in range(9)),
)


def test_an_error_above_its_stack_is_found() -> None:
    assert "Error: Cannot find module 'nosuchmodule'" in telling(NODE, 12)
    assert "Error: Cannot find module 'nosuchmodule'" in telling(NODE, 2)


def test_an_error_below_its_stack_is_the_end() -> None:
    assert telling(PYTHON, 3)[-1] == "ModuleNotFoundError: No module named 'nosuchmodule'"
    assert len(telling(PYTHON, 12)) == 12


def test_the_root_cause_is_the_last_headline() -> None:
    assert "Caused by: java.net.ConnectException: Connection refused" in telling(JAVA, 2)


def test_compilers_and_package_managers_are_understood() -> None:
    noise = tuple(f"building {number}" for number in range(20))
    for line in ("error[E0432]: unresolved import", "npm error code E404", "ERROR: no match"):
        assert line in telling((*noise[:5], line, *noise), 2)


def test_what_says_nothing_of_the_matter_is_left_out() -> None:
    assert telling(("ready", "stopped", "", "npm notice", ""), 9) == ("ready", "stopped")
    assert telling(("", "npm notice"), 9) == ("", "npm notice")


@given(st.lists(st.text(max_size=30), max_size=40), st.integers(0, 20))
def test_lines_stay_in_order_and_never_are_more_than_asked_for(lines: list[str], most: int) -> None:
    told = telling(tuple(lines), most)
    assert len(told) <= most
    assert not told or any(
        tuple(lines[start : start + len(told)]) == told for start in range(len(lines))
    )
