"""Rendering what a cluster is deployed by: the common chart, a classic pack's own, or manifests."""

import re
from collections.abc import Iterator, Mapping

from tui.scaffold.packs import CHART, MANIFESTS, built_in
from tui.scaffold.rendering import MANIFESTS as FOLDER
from tui.scaffold.rendering import Choice, filled

PART = r"^ *# @begin {0}@\n(.*?)^ *# @end {0}@\n"
"""A part of a manifest that some projects do without."""
DRAIN = 3
"""Seconds; all our images have the program `sleep`."""
OPEN_PORT = ("tcpSocket:", "  port: http")
CHECK = re.compile(r"^( *)@check@$", re.MULTILINE)


def render_chart(choice: Choice) -> Iterator[tuple[str, str]]:
    """Yield the chart's files: a classic pack's own, else the common one."""
    pack = choice.chosen.pack
    own = pack.folder / "charts"
    source = own if own.is_dir() else built_in() / CHART
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.name != "README.md":
            relative = path.relative_to(source).as_posix()
            text = filled(pack.text(path), _places(choice))
            yield f"charts/{choice.name}/{relative}", _named(relative, text, choice.name)


def render_manifests(choice: Choice) -> Iterator[tuple[str, str]]:
    """Yield plain manifests; a Service only where a port is opened."""
    source = built_in() / MANIFESTS
    for name in ("deployment.yaml", "service.yaml") if choice.port else ("deployment.yaml",):
        text = choice.chosen.pack.text(source / name)
        kept = _part(_part(text, "port", bool(choice.port)), "drain", choice.rootless)
        checked = CHECK.sub(lambda found: _check(found[1], choice.chosen.probe), kept)
        yield f"{FOLDER}/{name}", filled(checked, _places(choice))


def _places(choice: Choice) -> Mapping[str, str]:
    return {
        "@name@": choice.name,
        "@port@": str(choice.port),
        "@probe@": choice.chosen.probe,
        "@rootless@": "true" if choice.rootless else "false",
        "@drop@": "[ALL]" if choice.rootless else "[]",
        "@drain@": str(DRAIN if choice.rootless else 0),
        "<CHARTNAME>": choice.name,
    }


def _part(text: str, name: str, keep: bool) -> str:
    """Keep a part of a manifest, or leave it out."""
    marked = re.compile(PART.format(name), re.MULTILINE | re.DOTALL)
    return marked.sub(r"\1" if keep else "", text)


def _check(indent: str, path: str) -> str:
    """Return what a probe asks: an HTTP path, or whether the port is open."""
    lines = ("httpGet:", f'  path: "{path}"', "  port: http") if path else OPEN_PORT
    return "\n".join(f"{indent}{line}" for line in lines)


def _named(relative: str, text: str, name: str) -> str:
    """Give a classic pack's chart the app's name."""
    if relative != "Chart.yaml":
        return text
    return re.sub(r"^name:.*$", f'name: "{name}"', text, flags=re.MULTILINE)
