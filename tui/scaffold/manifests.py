"""Manifests: what a project's own files name: its dependencies, and itself."""

import json
import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from tui.scaffold.poetry import poetry_requirements
from tui.scaffold.setup_files import from_setup_cfg, from_setup_py
from tui.scaffold.tree import Tree

INCLUDE = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)", re.MULTILINE)
NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
NPM_TABLES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def named_dependencies(tree: Tree) -> Mapping[str, str]:
    """Return every dependency by its normal name, with the manifest that names it."""
    named: dict[str, str] = {}
    for path in included(tree, "requirements.txt"):
        for name in NAME.findall(tree.text(path)):
            named.setdefault(_normal(name), path)
    path, needed = _required(tree)
    for source, requirement in (
        *((path, one) for one in needed),
        *(("pyproject.toml", one) for one in _optional(tree)),
    ):
        if match := NAME.match(requirement):
            named.setdefault(_normal(match[1]), source)
    package = package_json(tree)
    for table in NPM_TABLES:
        for name in _table(package, table):
            named.setdefault(name, "package.json")
    return named


def project_names(tree: Tree) -> Mapping[str, str]:
    """Return what manifests call the project, by the manifest."""
    table = _pyproject(tree)
    names = {
        "package.json": package_json(tree).get("name"),
        "pyproject.toml": _table(table, "project").get("name") or _poetry(table).get("name"),
        **{path: name for path, (name, _) in _setup_files(tree).items()},
    }
    return {path: name for path, name in names.items() if name and isinstance(name, str)}


def included(tree: Tree, path: str) -> tuple[str, ...]:
    """Return a requirements file and those that it includes, within the project."""
    found: list[str] = []
    waiting = [path]
    while waiting:
        one = waiting.pop(0)
        if one in tree.files and one not in found:
            found.append(one)
            folder = posixpath.dirname(one)
            waiting += [
                posixpath.normpath(posixpath.join(folder, other))
                for other in INCLUDE.findall(tree.text(one))
            ]
    return tuple(found)


def requirements(tree: Tree) -> tuple[str, ...]:
    """Return the dependencies that pyproject.toml, setup.cfg or setup.py names, as far as read."""
    return _required(tree)[1]


def _required(tree: Tree) -> tuple[str, tuple[str, ...]]:
    """Return the dependencies and the manifest that names them: the first that names any."""
    table = _pyproject(tree)
    named = _table(table, "project").get("dependencies")
    if named is None:
        named = list(poetry_requirements(_table(_poetry(table), "dependencies")))
    found = {"pyproject.toml": named}
    found.update((path, list(needed)) for path, (_, needed) in _setup_files(tree).items())
    read = ((path, tuple(_texts(needed))) for path, needed in found.items())
    return next((one for one in read if one[1]), ("", ()))


def _setup_files(tree: Tree) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return what setuptools' own files give, of those that are there: name and dependencies."""
    readers = {"setup.cfg": from_setup_cfg, "setup.py": from_setup_py}
    return {path: read(tree.text(path)) for path, read in readers.items() if path in tree.files}


def package_json(tree: Tree) -> Mapping[str, Any]:
    """Return the project's package.json; empty when there is none or it is not JSON."""
    if "package.json" not in tree.files:
        return {}
    try:
        found = json.loads(tree.text("package.json").removeprefix("\ufeff"))  # as npm reads it
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _optional(tree: Tree) -> Iterator[str]:
    """Yield what pyproject.toml names for some cases only, or to Poetry."""
    table = _pyproject(tree)
    yield from _table(_poetry(table), "dependencies")
    groups = _table(_table(table, "project"), "optional-dependencies")
    for group in (*groups.values(), *_table(table, "dependency-groups").values()):
        yield from _texts(group)


def _poetry(table: Mapping[str, Any]) -> Mapping[str, Any]:
    return _table(_table(table, "tool"), "poetry")


def _pyproject(tree: Tree) -> Mapping[str, Any]:
    if "pyproject.toml" not in tree.files:
        return {}
    try:
        return tomllib.loads(tree.text("pyproject.toml"))
    except (ValueError, RecursionError):
        return {}


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _texts(value: Any) -> list[str]:
    """Return the texts of a list that may hold anything; none may pass for an option of pip's."""
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str) and not item.startswith("-")]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
