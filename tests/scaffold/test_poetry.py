import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tui.scaffold.poetry import poetry_requirements, specifiers


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^1.2", ">=1.2,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^2.0.0b1", ">=2.0.0b1,<3"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.4.2", "~=1.4.2"),
        ("1.2.*", "==1.2.*"),
        ("1.2.3", "==1.2.3"),
        ("==1.2.3", "==1.2.3"),
        (">= 1.2, < 1.5", ">= 1.2,< 1.5"),
        ("^2.28,!=2.30", ">=2.28,<3,!=2.30"),
        ("*", ""),
        ("^1.0 || ^2.0", ""),
    ],
)
def test_a_constraint_is_said_in_words_that_pip_knows(constraint: str, said: str) -> None:
    assert specifiers(constraint) == said
    assert SpecifierSet(said) is not None


def test_what_is_optional_or_from_a_path_is_left_out_and_so_is_python() -> None:
    table = {
        "python": "^3.11",
        "Flask": "^3.0",
        "requests": {"version": "~2.31", "extras": ["socks"], "markers": "os_name == 'posix'"},
        "psycopg": {"version": "*", "optional": True},
        "mine": {"path": "../mine"},
        "odd": 3,
    }
    said = list(poetry_requirements(table))
    assert said == ["Flask>=3.0,<4", "requests[socks]>=2.31,<2.32; os_name == 'posix'"]
    assert all(Requirement(one) for one in said)
