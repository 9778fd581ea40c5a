"""What source code says of ports and probes."""

import re

from tui.scaffold.dockerfiles import last_stage
from tui.scaffold.tree import Tree

PORTS = (
    re.compile(r"\bport\s*=\s*(\d{4,5})\b"),
    re.compile(r"\.listen\(\s*(\d{4,5})\b"),
    re.compile(r"PORT['\"]?[\])]?\s*(?:,|\|\||\?\?|\bor\b)\s*['\"]?(\d{4,5})\b"),
)
PROBE = re.compile(r"""["'`](/(?:healthz?|readyz?|livez))["'`]""")
BESIDE_PACKAGE_JSON = re.compile(r"(?:src/)?(?:server|index|app|main)\.[cm]?[jt]s")


def named_port(tree: Tree, entry: str) -> int:
    """Return the port that the source or a Dockerfile names, 0 when none does."""
    for path in _sources(tree, entry):
        for pattern in PORTS:
            match = pattern.search(tree.text(path))
            if match and 0 < int(match[1]) < 65536:
                return int(match[1])
    return last_stage(tree.text("Dockerfile")).exposed if "Dockerfile" in tree.files else 0


def named_probe(tree: Tree, entry: str) -> str:
    """Return the path of a route that is there to be probed, empty when there is none."""
    found = (PROBE.search(tree.text(path)) for path in _sources(tree, entry))
    return next((match[1] for match in found if match), "")


def _sources(tree: Tree, entry: str) -> list[str]:
    """Return the file that is started; for a package.json those that it is likely to start."""
    if entry != "package.json":
        return [entry]
    return [path for path in tree.files if BESIDE_PACKAGE_JSON.fullmatch(path)]
