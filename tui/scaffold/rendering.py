"""Rendering the files of a proposal, from a pack and what was found."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from tui.scaffold.packs import CHART, Pack

DRAFT_TOML = """\
# What redraft knows of this project; every key is in README's reference.

[environments.development]
name = "app"
backend = "local"  # processes on this machine; later "docker" or "kubernetes"
"""


def render_draft_toml(name: str, pack: str, command: str, port: int) -> str:
    """Return draft.toml; `port` is pinned when it is not 0."""
    import tomlkit

    document = tomlkit.parse(DRAFT_TOML)
    table = document["environments"]["development"]
    table["name"] = name
    table.add("pack", pack)
    if command:
        table.add("command", command)
        table["command"].comment("PORT says where to listen")
    if port:
        table.add("port", port)
        table["port"].comment("the stable port on 127.0.0.1")
    else:
        table.add(
            tomlkit.comment("port = 8080  # the stable port; left out, one is chosen and kept")
        )
    text: str = tomlkit.dumps(document)
    return text


def render_image(pack: Pack, command: str, port: int) -> Iterator[tuple[str, str]]:
    """Yield Dockerfile and .dockerignore, where the pack has them."""
    words = ["sh", "-c", f"exec {command}"] if command else ["true"]
    places = {"@cmd@": json.dumps(words), "@port@": str(port)}
    for name in ("Dockerfile", ".dockerignore"):
        text = pack.file(name)
        if text is not None:
            yield name, fill(text, places)


def render_chart(pack: Pack, packs: Path, name: str, port: int) -> Iterator[tuple[str, str]]:
    """Yield the chart's files: a classic pack's own, else the common one."""
    own = pack.folder / "charts"
    source = own if own.is_dir() else packs / CHART
    places = {"@name@": name, "@port@": str(port), "@probe@": ""}
    for path in sorted(source.rglob("*")):
        if path.is_file():
            relative = path.relative_to(source).as_posix()
            yield f"charts/{name}/{relative}", fill(path.read_text(encoding="utf-8"), places)


def fill(text: str, places: Mapping[str, str]) -> str:
    """Replace `@name@` places; braces are the chart's own and stay."""
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def command_of_dockerfile(line: str) -> str:
    """Return what a CMD says as one shell text: `["a", "b"]` becomes `a b`."""
    try:
        words = json.loads(line)
    except ValueError:
        return line
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return line
    if words[:2] == ["sh", "-c"] and len(words) == 3:
        return str(words[2])
    return shlex.join(words)
