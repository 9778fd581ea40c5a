"""Recipes: how the local backend builds and starts a project, from draft.toml and its pack."""

import re
import sys
from pathlib import Path

from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.recipes import LocalRecipe
from tui.scaffold.detecting import Found, builder_of, choose, detect, find
from tui.scaffold.pack import Pack
from tui.scaffold.packs import load_packs, pick
from tui.scaffold.steps import local_steps
from tui.scaffold.tree import Tree

COMPOUND = re.compile(r"[;&|<>()`\n]|^\s*\w+=|^\s*(?:exec|if|for|while|until|case|cd|export|\.)\s")
"""Shell text that is more than one simple command, before which `exec` would be wrong."""


def local_recipe(project: Path, environment: Environment) -> LocalRecipe:
    """Return how the project is built and started here; raises FaultError.

    draft.toml's `pack` and `command` go before what is detected. A project that no pack knows can
    still be started by its `command`, without a build.
    """
    tree = Tree(project)
    chosen, builder = _packs_of(tree, environment)
    if chosen is None or builder is None:
        return LocalRecipe("", (), _own_command(environment), probe_path=environment.probe_path)
    command = _own_command(environment) or shell_command(chosen.command or builder.command)
    if not command:
        raise FaultError(_no_command())
    steps = local_steps(tree, builder.pack, builder.extras)
    return LocalRecipe(
        pack=chosen.pack.name,
        steps=steps,
        command=command,
        env=(*chosen.env, *local_env(builder.pack)),
        probe_path=environment.probe_path,
        opens_port=bool(environment.port or environment.probe_path or chosen.serves),
        links=tuple(builder.pack.links.items()) if steps else (),
    )


def shell_command(text: str) -> tuple[str, ...]:
    """Return the argv that runs shell text, without a shell that stays in between if possible."""
    if not text:
        return ()
    return ("sh", "-c", text if COMPOUND.search(text) else f"exec {text}")


def _own_command(environment: Environment) -> tuple[str, ...]:
    """Return draft.toml's command; it wrote a text when it is one for the shell."""
    given = environment.command
    return shell_command(given[2]) if given[:2] == ("sh", "-c") and len(given) == 3 else given


def local_env(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return the pack's environment; the interpreter that runs redraft comes after its own."""
    folder = str(Path(sys.executable).parent)
    return tuple((key, v.replace("{python-folder}", folder)) for key, v in pack.env.items())


def _packs_of(tree: Tree, environment: Environment) -> tuple[Found | None, Found | None]:
    """Return what says how to start, and what says how to build; None where nothing fits."""
    packs = load_packs(tree.project)
    named = pick(packs, tree.project, environment.pack) if environment.pack else None
    if named is not None and not named.builds_with_language:
        alone = find(tree, named)
        return alone, alone
    found = detect(tree, packs)
    if named is not None:
        chosen = find(tree, named)
    elif not environment.command:
        chosen = choose(found, tree)
    elif found:
        chosen = found[0]
    else:
        return None, None
    return chosen, builder_of(chosen, found)


def _no_command() -> Fault:
    return Fault(
        "command-missing",
        "nothing says how this project is started",
        kind="usage",
        place="draft.toml",
        remedy='add command = "…" to the environment, or a Procfile with a web line',
    )
