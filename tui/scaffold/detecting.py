"""Detecting: which pack fits a project, with the evidence for it.

Every rule of a pack that finds its file or its dependency adds its weight; of a pack's frameworks
the heaviest counts. The pack that weighs most is chosen, and two that weigh the same are for the
user to choose from.
"""

import re
from collections.abc import Iterator, Mapping
from shlex import quote

from tui.model.counts import count_of
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.proposals import Candidate, Clue
from tui.scaffold.dockerfiles import last_stage, local_command, local_env
from tui.scaffold.manifests import named_dependencies
from tui.scaffold.pack import ANYTHING, Framework, Pack, Rule
from tui.scaffold.sources import named_port, named_probe
from tui.scaffold.tree import Tree

ENTRY_NAMES = ("app", "main", "server", "index", "wsgi", "asgi", "manage", "run")
READ_FOR_ENTRY = 200
"""Of the files that may be the entry, the likeliest so many are read."""


@frozen
class Found:
    """A pack that fits, and how a project of it is started."""

    pack: Pack
    candidate: Candidate
    command: str = ""
    """Shell text; empty when nothing says how the project is started."""
    port: int = 0
    """The port its source names, or the framework's own; 0 when it opens none."""
    probe: str = ""
    """The path by which its source tells that it is well."""
    env: tuple[tuple[str, str], ...] = ()
    extras: tuple[str, ...] = ()
    """Packages that its framework needs and no manifest names."""
    folder: str = "."
    """The folder of the file that is started."""

    @property
    def serves(self) -> bool:
        """Whether the project seems to open a port."""
        return self.port > 0


@frozen
class _Entry:
    """A framework found, by the file that is started."""

    framework: Framework
    path: str
    groups: Mapping[str, str | None]


def detect(tree: Tree, packs: Mapping[str, Pack]) -> list[Found]:
    """Return the packs that fit, the heaviest first."""
    named = named_dependencies(tree)
    found = (_find(tree, pack, named, forced=False) for pack in packs.values())
    fitting = [one for one in found if one is not None]
    return sorted(fitting, key=lambda one: -one.candidate.weight)


def find(tree: Tree, pack: Pack) -> Found:
    """Return how a project is started by a pack that the user named, whether it fits or not."""
    return _find(tree, pack, named_dependencies(tree), forced=True) or Found(
        pack, Candidate(pack.name, "", 0, ())
    )


def choose(found: list[Found], tree: Tree) -> Found:
    """Return the pack that weighs most; raises FaultError when there is none or there are two."""
    if not tree.files:
        raise FaultError(_empty(tree))
    if not found:
        raise FaultError(_nothing(tree))
    if len(found) > 1 and found[0].candidate.weight == found[1].candidate.weight:
        raise FaultError(_tie(found))
    return found[0]


def builder_of(chosen: Found, found: list[Found]) -> Found:
    """Return what builds the project: the chosen pack, or the language found beside it."""
    if not chosen.pack.builds_with_language:
        return chosen
    languages = (one for one in found if not one.pack.builds_with_language)
    return next(languages, chosen)


def _find(tree: Tree, pack: Pack, named: Mapping[str, str], *, forced: bool) -> Found | None:
    clues = [clue for rule in pack.rules for clue in _clues(tree, pack, rule, named)]
    if not clues and not forced:
        return None
    entry = _best_entry(tree, pack, named)
    if entry is None:
        return _from_dockerfile(tree, pack, clues)
    framework, path = entry.framework, entry.path
    if framework.weight:
        clues.append(Clue(pack.name, path, f"looks like {framework.name}", framework.weight))
    serves = framework.serves.search(tree.text(path)) is not None
    port = named_port(tree, path) or framework.port or pack.port
    return Found(
        pack,
        Candidate(pack.name, framework.name, _weight(clues), tuple(clues)),
        _filled(tree, entry),
        port if serves else 0,
        named_probe(tree, path) if serves else "",
        extras=tuple(one for one in framework.extras if one not in named),
        folder=path.rpartition("/")[0] or ".",
    )


def _from_dockerfile(tree: Tree, pack: Pack, clues: list[Clue]) -> Found:
    """Return how the Dockerfile, the project's or the pack's, starts it."""
    candidate = Candidate(pack.name, "", _weight(clues), tuple(clues))
    if not pack.builds_with_language:
        return Found(pack, candidate, port=pack.port)
    there = "Dockerfile" in tree.files
    stage = last_stage(tree.text("Dockerfile") if there else pack.file("Dockerfile") or "")
    env = tuple(local_env(stage).items())
    return Found(pack, candidate, local_command(stage), stage.exposed or pack.port, env=env)


def _clues(tree: Tree, pack: Pack, rule: Rule, named: Mapping[str, str]) -> Iterator[Clue]:
    """Yield what a rule finds: one clue at most."""
    if rule.depends:
        if rule.depends in named:
            yield Clue(pack.name, named[rule.depends], rule.says, rule.weight)
        return
    for path in tree.matching(rule.file):
        if _holds(tree, path, rule):
            yield Clue(pack.name, path, rule.says, rule.weight)
            return


def _holds(tree: Tree, path: str, rule: Rule) -> bool:
    if rule.contains is ANYTHING and rule.lacks is None:
        return True
    return _match(rule, tree.text(path)) is not None


def _match(rule: Rule | Framework, text: str) -> re.Match[str] | None:
    """Return where a file has what it must contain, unless it has what it must lack."""
    if rule.lacks is not None and rule.lacks.search(text):
        return None
    return rule.contains.search(text)


def _weight(clues: list[Clue]) -> int:
    return sum(clue.weight for clue in clues)


def _best_entry(tree: Tree, pack: Pack, named: Mapping[str, str]) -> _Entry | None:
    """Return the heaviest framework whose file and dependency are there; the first of equals."""
    for framework in sorted(pack.frameworks, key=lambda one: -one.weight):
        if framework.depends and framework.depends not in named:
            continue
        for path in sorted(tree.matching(framework.file), key=_likely)[:READ_FOR_ENTRY]:
            match = _match(framework, tree.text(path))
            if match is not None and _has_main(tree, match.groupdict().get("main")):
                return _Entry(framework, path, match.groupdict())
    return None


def _has_main(tree: Tree, main: str | None) -> bool:
    """Whether the file that a manifest calls its main one is there, as far as can be seen.

    `npm init` writes index.js whatever there is. One in a folder may be made by the build.
    """
    name = (main or "").removeprefix("./")
    there = (name, f"{name}.js", f"{name}/index.js")
    return not name or "/" in name or any(path in tree.files for path in there)


def _likely(path: str) -> tuple[int, int, str]:
    """Order entry files: the shallow ones first, of them those of the usual names, tests last."""
    stem = path.rpartition("/")[2].partition(".")[0]
    usual = ENTRY_NAMES.index(stem) if stem in ENTRY_NAMES else len(ENTRY_NAMES)
    test = stem.startswith("test") or "test" in path.split("/")[:-1]
    return (path.count("/") + 10 * test, usual, path)


def _filled(tree: Tree, entry: _Entry) -> str:
    """Fill a command's places: `{file}`, `{folder}`, `{module}`, groups of the expression.

    A package that lies in a folder, as in `src/`, is imported from there: `{imports}` says so.
    """
    path = entry.path
    above = _above_packages(tree, path)
    module = path.removeprefix(f"{above}/").removesuffix(".py").removesuffix("/__main__")
    places = {
        "file": quote(path),
        "folder": quote(path.rpartition("/")[0] or "."),
        "module": quote(module.removesuffix("/__init__").replace("/", ".")),
        "imports": f"env {quote(f'PYTHONPATH={above}')} " if above else "",
        **{key: value or "" for key, value in entry.groups.items()},
    }
    command = entry.framework.command
    for name, value in places.items():
        command = command.replace(f"{{{name}}}", value)
    return command


def _above_packages(tree: Tree, path: str) -> str:
    """Return the folder of the outermost Python package of a file; empty for the project's own."""
    folder = inner = path.rpartition("/")[0]
    while folder and f"{folder}/__init__.py" in tree.files:
        folder = folder.rpartition("/")[0]
    return folder if folder != inner else ""


def _empty(tree: Tree) -> Fault:
    if "." in tree.unreadable:
        return Fault(
            "project-unreadable",
            "the project's folder cannot be read",
            kind="usage",
            place=str(tree.project),
            remedy="make it readable for you",
        )
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
        evidence=(f"looked at {count_of(len(tree.files), 'file')}: {seen}",),
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
