"""Detecting: which pack fits a project, with the evidence for it.

Every rule of every pack that finds its file adds its weight; of a pack's frameworks the heaviest
counts. The pack that weighs most is chosen, and two that weigh the same are for the user to choose.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.model.faults import Fault, FaultError
from tui.model.proposals import Candidate, Clue
from tui.scaffold.packs import Framework, Pack
from tui.scaffold.tree import Tree

PORTS = (
    re.compile(r"^\s*EXPOSE\s+(\d{2,5})", re.MULTILINE),
    re.compile(r"\bport\s*=\s*(\d{4,5})\b"),
    re.compile(r"\.listen\(\s*(\d{4,5})\b"),
    re.compile(r"PORT['\"]?\s*(?:,|\|\||\?\?|\bor\b)\s*['\"]?(\d{4,5})\b"),
)
SERVES = re.compile(
    r"\bPORT\b|socket|http\.server|\.listen\(|uvicorn|waitress|aiohttp|tornado|bottle"
)
ENTRY_NAMES = ("app", "main", "server", "index", "wsgi", "asgi", "manage", "run")


@dataclass(frozen=True, slots=True)
class Found:
    """A pack that fits, and how a project of it is started."""

    pack: Pack
    candidate: Candidate
    command: str
    port: int
    """The port its source names, or the framework's own."""
    entry: str
    """The file that is started."""


def detect(tree: Tree, packs: Mapping[str, Pack]) -> list[Found]:
    """Return the packs that fit, the heaviest first."""
    found = (find(tree, pack) for pack in packs.values())
    fitting = [one for one in found if one is not None]
    return sorted(fitting, key=lambda one: -one.candidate.weight)


def find(tree: Tree, pack: Pack, *, forced: bool = False) -> Found | None:
    """Return how a pack fits a project, None when it does not; a forced one always does."""
    clues = [
        Clue(pack.name, path, rule.says, rule.weight)
        for rule in pack.rules
        for path in _first(tree.matching(rule.file))
    ]
    if not clues and not forced:
        return None
    framework, path, groups = _best_framework(tree, pack)
    if framework is not None and framework.weight:
        says = f"is a {framework.name} project's" if framework.name else "says how it is started"
        clues.append(Clue(pack.name, path, says, framework.weight))
    name = framework.name if framework else ""
    weight = sum(clue.weight for clue in clues)
    return Found(
        pack,
        Candidate(pack.name, name, weight, tuple(clues)),
        _filled(framework.command, path, groups) if framework else "",
        _port(tree, path) or (framework.port if framework else 0) or pack.port,
        path,
    )


def choose(found: list[Found], tree: Tree) -> Found:
    """Return the pack that weighs most; raises FaultError when there is none or there are two."""
    if not tree.files:
        raise FaultError(_empty())
    if not found:
        raise FaultError(_nothing(tree))
    if len(found) > 1 and found[0].candidate.weight == found[1].candidate.weight:
        raise FaultError(_tie(found))
    return found[0]


def serves(tree: Tree, found: Found) -> bool:
    """Whether the project seems to open a port: frameworks do, scripts that speak of one do."""
    if found.candidate.framework != "script":
        return True
    return SERVES.search(tree.text(found.entry)) is not None


def _best_framework(
    tree: Tree, pack: Pack
) -> tuple[Framework | None, str, Mapping[str, str | None]]:
    best: tuple[Framework | None, str, Mapping[str, str | None]] = (None, "", {})
    for framework in pack.frameworks:
        if best[0] is not None and framework.weight <= best[0].weight:
            continue
        for path in sorted(tree.matching(framework.file), key=_likely):
            match = framework.contains.search(tree.text(path))
            if match is not None:
                best = (framework, path, match.groupdict())
                break
    return best


def _likely(path: str) -> tuple[int, int, str]:
    """Order entry files: the shallow ones first, of them those of the usual names, tests last."""
    stem = path.rpartition("/")[2].partition(".")[0]
    usual = ENTRY_NAMES.index(stem) if stem in ENTRY_NAMES else len(ENTRY_NAMES)
    test = stem.startswith("test") or "test" in path.split("/")[:-1]
    return (path.count("/") + 10 * test, usual, path)


def _filled(command: str, path: str, groups: Mapping[str, str | None]) -> str:
    """Fill a command's places: `{file}`, `{module}` and the groups of the expression."""
    module = path.removesuffix(".py").replace("/", ".")
    places = {"file": path, "module": module, **{k: v or "" for k, v in groups.items()}}
    for name, value in places.items():
        command = command.replace(f"{{{name}}}", value)
    return command


def _port(tree: Tree, entry: str) -> int:
    """Return the port that the entry file or a Dockerfile names, 0 when none does."""
    for path in dict.fromkeys((entry, "Dockerfile")):
        text = tree.text(path) if path in tree.files else ""
        for pattern in PORTS:
            match = pattern.search(text)
            if match and 0 < int(match[1]) < 65536:
                return int(match[1])
    return 0


def _first(paths: Iterable[str]) -> list[str]:
    return next(([path] for path in paths), [])


def _empty() -> Fault:
    return Fault(
        "project-empty",
        "the project's folder is empty",
        kind="usage",
        remedy="put an app into it, or see `redraft demo`",
    )


def _nothing(tree: Tree) -> Fault:
    seen = ", ".join(tree.files[:8])
    return Fault(
        "detection-nothing",
        "no pack knows what this project is",
        kind="usage",
        evidence=(f"looked at {len(tree.files)} files: {seen}",),
        remedy="name one: --pack python, javascript, static; or write a Procfile or a Dockerfile",
    )


def _tie(found: list[Found]) -> Fault:
    weight = found[0].candidate.weight
    equal = [one for one in found if one.candidate.weight == weight]
    names = " or ".join(one.pack.name for one in equal)
    evidence = tuple(
        f"{clue.pack}: {clue.path} {clue.says} (+{clue.weight})"
        for one in equal
        for clue in one.candidate.clues
    )
    return Fault(
        "detection-tie",
        f"this project may as well be {names}",
        kind="usage",
        evidence=evidence,
        remedy=f"say which: --pack {equal[0].pack.name}",
    )
