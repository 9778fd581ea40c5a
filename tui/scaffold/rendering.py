"""Rendering the files of a scaffold, from a pack and what was found; writes nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tui.config.environment import BackendName
from tui.model.frozen import frozen
from tui.model.proposals import Target
from tui.scaffold.detecting import Found
from tui.scaffold.pack import Pack
from tui.scaffold.recipes import shell_command
from tui.scaffold.steps import image_steps
from tui.scaffold.tree import Tree

MARK = "redraft create"
"""Stands in the heading of each file that we wrote: those we may propose to renew."""

DRAFT_TOML = f"""\
# Written by `{MARK}`; every key is in README's reference.

[environments.development]
name = "app"
"""


BACKENDS: Mapping[BackendName, str] = {
    "local": "processes on this machine",
    "docker": "containers on this machine's engine",
    "kubernetes": "pods in a cluster",
}
MANIFESTS = "k8s"
"""The folder that plain manifests are written to."""


@frozen
class Choice:
    """What was chosen for a project, all that its files are made from."""

    name: str
    chosen: Found
    """Says how the project is started."""
    builder: Found
    """Says how it is built."""
    pack: str
    """The chosen pack as draft.toml names it."""
    command: str
    asked: bool
    """Whether the user gave the command."""
    port: int
    """The port inside of a container; 0 for a project that opens none."""
    pinned: int
    """The stable port that the user asked for; 0 to have one chosen."""
    target: Target
    rootless: bool
    """Whether the image is known to run as a user that is not root."""
    chart: str = ""
    """The folder of the user's own chart, where draft.toml has to name it."""
    manifests: tuple[str, ...] = ()
    """The user's own manifests, where it is deployed by them."""


def is_ours(text: str) -> bool:
    """Whether a file's text says that `create` wrote it."""
    return MARK in text[:400]


def render_draft_toml(choice: Choice) -> str:
    """Return draft.toml; the command is left to files that say it themselves."""
    import tomlkit

    document = tomlkit.parse(DRAFT_TOML)
    table = document["environments"]["development"]
    table["name"] = choice.name
    _add_target(table, choice)
    table.add("pack", choice.pack)
    local = choice.target.backend == "local"
    says = choice.asked or not choice.chosen.pack.builds_with_language
    if local and choice.command and says:
        table.add("command", tomlkit.string(choice.command))
    if choice.chosen.probe:
        table.add("probe-path", choice.chosen.probe)
    if choice.pinned:
        table.add("port", choice.pinned)
    elif choice.port and choice.target.backend != "kubernetes":
        said = "port = 8080  # the stable port on 127.0.0.1; without it a free one is kept"
        table.add(tomlkit.comment(said))
    if not local and choice.builder.pack.sync:
        table.add("sync", _sync_rules(choice.builder))
    text: str = tomlkit.dumps(document)
    return text


def _sync_rules(builder: Found) -> dict[str, str]:
    """Return the pack's rules for this project's folder."""
    folder = "" if builder.folder == "." else f"{builder.folder}/"
    rules = builder.pack.sync.items()
    return {glob.replace("@folder@/", folder): target for glob, target in rules}


def _add_target(table: Any, choice: Choice) -> None:
    """Say where it runs, and by what it is deployed."""
    import tomlkit

    target = choice.target
    backend = tomlkit.string(target.backend)
    backend.comment(BACKENDS[target.backend])
    backend.trivia.comment_ws = "  "
    table.add("backend", backend)
    for key in ("context", "namespace", "registry"):
        if value := getattr(target, key):
            table.add(key, value)
    if target.namespace:
        table.add("create-namespace", True)
    if target.backend == "kubernetes" and choice.chart:
        table.add("chart", choice.chart)
    if target.manifests or (target.backend == "kubernetes" and choice.manifests):
        table.add("manifests", list(choice.manifests) or [MANIFESTS])


def render_image(tree: Tree, choice: Choice) -> Iterator[tuple[str, str]]:
    """Yield Dockerfile and .dockerignore, where the pack has them."""
    pack = choice.chosen.pack if choice.chosen.pack.classic else choice.builder.pack
    places = _image_places(tree, choice, pack)
    for name in ("Dockerfile", ".dockerignore"):
        text = pack.file(name)
        if text is not None:
            yield name, _tidy(filled(text, places))


def render_classic(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield what else a classic pack brings: its tasks and files of its own."""
    for path in sorted(pack.folder.rglob("*")):
        relative = path.relative_to(pack.folder).as_posix()
        known = relative in {"Dockerfile", ".dockerignore", "README.md", "pack.toml"}
        if path.is_file() and not known and not relative.startswith("charts/"):
            name = ".draft-tasks.toml" if relative == "tasks.toml" else relative
            yield name, pack.text(path)


def _image_places(tree: Tree, choice: Choice, pack: Pack) -> Mapping[str, str]:
    extras = choice.builder.extras
    lines = {
        step: "\n".join(image_steps(tree, pack, extras, installing=step == "install"))
        for step in ("install", "build")
    }
    return {
        "@install@": lines["install"],
        "@build@": lines["build"],
        "@cmd@": json.dumps(shell_command(choice.command) or ("true",)),
        "@port@": str(choice.port or pack.port),
        "@expose@": f"EXPOSE {choice.port}" if choice.port else "",
        "@folder@": choice.builder.folder,
    }


def filled(text: str, places: Mapping[str, str]) -> str:
    """Replace `@name@` places; braces are the chart's own and stay."""
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def _tidy(text: str) -> str:
    """Leave at most one empty line where places were filled with nothing."""
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
