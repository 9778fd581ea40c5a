"""setup.cfg and setup.py: what setuptools is told there, read and never run. Pure.

setup.py is a program. What it gives to `setup` is known where it stands there as a literal, or as
a name that was bound to one before; whatever it computes is not.
https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

import ast
import configparser
import warnings
from collections.abc import Mapping
from typing import Any


def from_setup_cfg(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the project's name and the dependencies that a setup.cfg gives, empty for none."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return "", ()
    name = parser.get("metadata", "name", fallback="")
    return _plain(name), _lines(parser.get("options", "install_requires", fallback=""))


def from_setup_py(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the project's name and the dependencies that a setup.py gives, empty for none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about their escapes, on our terminal
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", ()
    bound: dict[str, ast.expr] = {}
    given: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            bound.update((one.id, node.value) for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.Call) and _is_setup(node.func):
            given.update((one.arg, one.value) for one in node.keywords if one.arg)
    name = _literal(given.get("name"), bound)
    needed = _literal(given.get("install_requires"), bound)
    if isinstance(needed, str):
        needed = _lines(needed)
    listed = needed if isinstance(needed, list | tuple) else ()
    return _plain(name), tuple(one for one in listed if isinstance(one, str))


def _is_setup(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "setup"
    return isinstance(function, ast.Name) and function.id == "setup"


def _literal(node: ast.expr | None, bound: Mapping[str, ast.expr]) -> Any:
    """Return a literal's value, or None for what is none."""
    if isinstance(node, ast.Name):
        node = bound.get(node.id)
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _plain(name: object) -> str:
    """Return a name that is given as such: `attr:` and `file:` say where setuptools finds it."""
    return name if isinstance(name, str) and ":" not in name else ""


def _lines(text: str) -> tuple[str, ...]:
    """Return what a list in setup.cfg says, an item a line; a file that it names is not read."""
    lines = (line.partition(" #")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith(("#", "file:")))
