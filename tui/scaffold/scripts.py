"""Scripts of package.json: which are there, and which a build can do without."""

import re
from collections.abc import Mapping

from tui.scaffold.manifests import package_json
from tui.scaffold.tree import Tree

FOR_DEVELOPERS = re.compile(
    r"\s*(?:is-ci\s*\|\|\s*)?(?:npx\s+(?:-\S+\s+)*)?"
    r"(?:husky|lefthook|simple-git-hooks|only-allow)(?![\w-])[^&;|]*"
    r"(?:\|\|\s*(?:true|:|exit 0|echo\b[^&;|]*)\s*)?"
)
"""A script that only sets git's hooks up or insists on a package manager: no app needs it."""
RUNS = r"(?:^|&&|;)\s*(?:npm|pnpm|yarn)\s+(?:run\s+)?(?:-s\s+|--silent\s+)?{}\s*(?:$|&&|;)"
"""A script that runs another one of the same package.json."""
ELSEWHERE = re.compile(r"\b(?:cd|pushd)\s")
"""A script that works in another folder."""
SOURCES = re.compile(r"(?<![\w./-])(?:\./)?src(?![\w-])")
"""A script that names the project's folder `src`."""


def scripts(tree: Tree) -> Mapping[str, str]:
    """Return the scripts of the project's package.json by their names."""
    found = package_json(tree).get("scripts")
    table = found if isinstance(found, dict) else {}
    return {name: text for name, text in table.items() if isinstance(text, str)}


def worth_running(tree: Tree, text: str) -> bool:
    """Whether a script does anything that an app may need, and has what it does it to."""
    if not text.strip() or FOR_DEVELOPERS.fullmatch(text):
        return False
    return ELSEWHERE.search(text) is not None or not _lacks_sources(tree, text)


def _lacks_sources(tree: Tree, text: str) -> bool:
    """Whether it builds what is not there, as in a package that was published when it was built."""
    return SOURCES.search(text) is not None and not (tree.project / "src").exists()


def runs_also(text: str, name: str, there: Mapping[str, str]) -> bool:
    """Whether a script does what another one does, by its name or word for word."""
    if not name or text == there[name]:
        return bool(name)
    return not ELSEWHERE.search(text) and bool(re.search(RUNS.format(re.escape(name)), text))
