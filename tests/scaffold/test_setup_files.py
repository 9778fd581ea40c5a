import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.scaffold.setup_files import from_setup_cfg, from_setup_py

CFG = """
[metadata]
name = shop
version = attr: shop.__version__

[options]
install_requires =
    # the web
    flask >= 2, < 4
    requests; python_version < "3.13"  # for old ones
    file: more.txt

[tool:pytest]
addopts = -q %(here)s
"""


def test_what_setup_cfg_says_is_read_line_by_line() -> None:
    needed = ("flask >= 2, < 4", 'requests; python_version < "3.13"')
    assert from_setup_cfg(CFG) == ("shop", needed)


@pytest.mark.parametrize("text", ["", "[options", "a = 1", "[options]\n[options]\n"])
def test_a_setup_cfg_that_says_nothing_or_is_broken_gives_nothing(text: str) -> None:
    assert from_setup_cfg(text) == ("", ())


def test_a_name_to_be_looked_up_elsewhere_is_none() -> None:
    assert from_setup_cfg("[metadata]\nname = attr: shop.NAME\n") == ("", ())


@pytest.mark.parametrize(
    "given",
    [
        "setup(name='shop', install_requires=['flask>=2', 'rich'])",
        "import setuptools\nsetuptools.setup(name='shop', install_requires=('flask>=2', 'rich'))",
        "requires = ['flask>=2', 'rich']\nsetup(name='shop', install_requires=requires)",
        "NAME = 'shop'\nif True:\n    setup(name=NAME, install_requires='flask>=2\\nrich')",
        "setup(name='shop', install_requires=['flask>=2', 3, 'rich'], **more)",
    ],
)
def test_what_setup_py_gives_as_literals_is_read(given: str) -> None:
    assert from_setup_py(given) == ("shop", ("flask>=2", "rich"))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "setup(name=read('NAME'), install_requires=read('needs').split())",
        "setup(name=NAME, install_requires=NEEDS)",
        "print(name='shop', install_requires=['flask'])",
        "setup(name='shop'",
        "x = " + "(" * 10_000,
        "\0",
    ],
)
def test_what_setup_py_computes_is_not_known_and_nothing_of_it_is_run(given: str) -> None:
    assert from_setup_py(given) == ("", ())


def test_what_python_thinks_of_a_setup_py_is_not_told() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert from_setup_py("setup(name='shop', version=match('\\d'))") == ("shop", ())


@given(st.text())
def test_whatever_stands_there_is_read_without_a_mistake(text: str) -> None:
    for read in (from_setup_cfg, from_setup_py):
        name, needed = read(text)
        assert isinstance(name, str)
        assert all(isinstance(one, str) for one in needed)
