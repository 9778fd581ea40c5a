"""Recipes: how the local backend builds and starts a project, from draft.toml and its pack."""

import sys
import tomllib
from pathlib import Path

from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.recipes import LocalRecipe, LocalStep
from tui.scaffold.detecting import Found, choose, detect, find, serves
from tui.scaffold.packs import Pack, Step, load_packs
from tui.scaffold.scaffolder import builder_of, start_command
from tui.scaffold.tree import Tree


def local_recipe(project: Path, environment: Environment) -> LocalRecipe:
    """Return how the project is built and started here; raises FaultError.

    draft.toml's `pack` and `command` go before what is detected. A project that no pack knows can
    still be started by its `command`, without a build.
    """
    tree, packs = Tree(project), load_packs(project)
    chosen, builder = _packs_of(tree, packs, environment)
    command = environment.command or _shell(chosen)
    if not command:
        raise FaultError(_no_command())
    pack = builder.pack if builder else None
    return LocalRecipe(
        pack=pack.name if pack else "",
        steps=local_steps(project, pack) if pack else (),
        command=command,
        env=local_env(pack) if pack else (),
        probe_path=environment.probe_path,
        opens_port=_opens_port(tree, chosen, environment),
        links=tuple(pack.links.items()) if pack and local_steps(project, pack) else (),
    )


def _packs_of(
    tree: Tree, packs: dict[str, Pack], environment: Environment
) -> tuple[Found | None, Found | None]:
    """Return what says how to start, and what says how to build."""
    found = detect(tree, packs)
    named = packs.get(environment.pack)
    if named is not None:
        one = find(tree, named, forced=True)
        return one, builder_of(one, found) if one else None
    if environment.pack:
        raise FaultError(_unknown_pack(environment.pack, packs))
    if environment.command and not found:
        return None, None
    chosen = found[0] if environment.command else choose(found, tree)
    return chosen, builder_of(chosen, found)


def local_steps(project: Path, pack: Pack) -> tuple[LocalStep, ...]:
    """Return the pack's build steps that this project has the manifests for."""
    return tuple(
        LocalStep(step.name, _command(project, step), step.manifests)
        for step in pack.steps
        if _applies(project, step)
    )


def _applies(project: Path, step: Step) -> bool:
    if step.needs and not (project / step.needs).is_file():
        return False
    if step.unless and (project / step.unless).is_file():
        return False
    if "{requirements}" in step.command and not _requirements(project):
        return False
    return any((project / name).is_file() for name in step.manifests)


def _command(project: Path, step: Step) -> tuple[str, ...]:
    words: list[str] = []
    for word in step.command:
        words += _requirements(project) if word == "{requirements}" else [word]
    return tuple(words)


def _requirements(project: Path) -> list[str]:
    """Return the dependencies that pyproject.toml names; none when it cannot be read."""
    try:
        table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
        named = table.get("project", {}).get("dependencies", [])
    except (OSError, ValueError, AttributeError):
        return []
    return [one for one in named if isinstance(one, str) and not one.startswith("-")]


def local_env(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return the pack's environment; the interpreter that runs redraft comes after its own."""
    folder = str(Path(sys.executable).parent)
    return tuple((key, v.replace("{python-folder}", folder)) for key, v in pack.env.items())


def _shell(chosen: Found | None) -> tuple[str, ...]:
    text = start_command(chosen) if chosen else ""
    return ("sh", "-c", f"exec {text}") if text else ()


def _opens_port(tree: Tree, chosen: Found | None, environment: Environment) -> bool:
    if environment.port or environment.probe_path or chosen is None:
        return True
    return serves(tree, chosen)


def _no_command() -> Fault:
    return Fault(
        "command-missing",
        "nothing says how this project is started",
        kind="usage",
        place="draft.toml",
        remedy='add command = "…" to the environment, or a Procfile with a web line',
    )


def _unknown_pack(name: str, packs: dict[str, Pack]) -> Fault:
    return Fault(
        "pack-unknown",
        f"there is no pack {name!r}",
        kind="usage",
        place="draft.toml",
        evidence=(f"packs: {', '.join(packs)}",),
        remedy="choose one of these, or remove the key to have it detected",
    )
