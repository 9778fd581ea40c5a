"""Manifests: what a project's requirements.txt, pyproject.toml and package.json name."""

import json
import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from tui.scaffold.poetry import poetry_requirements
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
    for requirement in (*requirements(tree), *_optional(tree)):
        if match := NAME.match(requirement):
            named.setdefault(_normal(match[1]), "pyproject.toml")
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
    }
    return {path: name for path, name in names.items() if isinstance(name, str)}


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
    """Return the dependencies that pyproject.toml names; none when it cannot be read."""
    table = _pyproject(tree)
    named = _table(table, "project").get("dependencies")
    if named is None:
        named = list(poetry_requirements(_table(_poetry(table), "dependencies")))
    return tuple(_texts(named))


def package_json(tree: Tree) -> Mapping[str, Any]:
    """Return the project's package.json; empty when there is none or it is not JSON."""
    if "package.json" not in tree.files:
        return {}
    try:
        found = json.loads(tree.text("package.json"))
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
