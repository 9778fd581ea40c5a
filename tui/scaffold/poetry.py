"""Poetry: its dependencies in pip's words, after https://python-poetry.org/docs/dependency-specification.

Packages from a path are left out, for dependencies are installed apart from the project; so are
optional ones. Alternatives (`||`) have no word of pip's: any version does then.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

RELEASE = re.compile(r"\d+(?:\.\d+)*")


def poetry_requirements(dependencies: Mapping[str, Any]) -> Iterator[str]:
    """Yield the requirements that a table of Poetry's dependencies names."""
    for name, given in dependencies.items():
        table = {"version": given} if isinstance(given, str) else given
        if name == "python" or not isinstance(table, Mapping) or table.get("optional"):
            continue
        version = table.get("version")
        if isinstance(version, str):
            extras, marker = _extras(table.get("extras")), table.get("markers")
            condition = f"; {marker}" if isinstance(marker, str) else ""
            yield f"{name}{extras}{specifiers(version)}{condition}"


def specifiers(constraint: str) -> str:
    """Return a constraint of Poetry's as pip's version specifiers, empty for any version."""
    if "|" in constraint:
        return ""
    return ",".join(filter(None, (_specifier(part.strip()) for part in constraint.split(","))))


def _specifier(part: str) -> str:
    sign, version = part[:1], part[1:].strip()
    if part in {"", "*"}:
        return ""
    if sign == "^":
        return f">={version},<{_after(version, caret=True)}"
    if sign == "~" and not part.startswith("~="):
        return f">={version},<{_after(version, caret=False)}"
    return f"=={part}" if sign.isdigit() else part


def _after(version: str, *, caret: bool) -> str:
    """Return the first version that is too new: `^` keeps the first part that is not 0."""
    found = RELEASE.match(version)
    numbers = [int(number) for number in found[0].split(".")] if found else [0]
    last = len(numbers) - 1
    kept = next((i for i, n in enumerate(numbers) if n), last) if caret else min(1, last)
    return ".".join(map(str, [*numbers[:kept], numbers[kept] + 1]))


def _extras(given: Any) -> str:
    names = [name for name in given if isinstance(name, str)] if isinstance(given, list) else []
    return f"[{','.join(names)}]" if names else ""
