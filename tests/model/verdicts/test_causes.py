"""`docs/causes.md` is true: it tells every cause that a verdict can have, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tui.model.rollouts import ProbeKind
from tui.model.verdicts.endpoints import REMEDIES

ROOT = Path(__file__).parents[3]
RULES = ROOT / "tui" / "model" / "verdicts"
PLACES = {"trouble": 1, "Verdict": 1, "Lack": 0, "_Class": 0, "_Refusal": 0}
"""Where the cause stands among the arguments."""
OF_THE_WAY = {
    *("api-unreachable", "api-unavailable", "engine-unreachable", "token-expired"),
    *("api-unreadable", "credentials-unusable", "exec-plugin-missing", "exec-plugin-failed"),
}
"""Codes of the faults for which nothing can be seen; they come from who looks."""


def causes(node: ast.AST) -> Iterator[str]:
    """Yield the causes that a call, or an assignment to `cause`, gives."""
    match node:
        case ast.Call(ast.Name(name), args) if name in PLACES and args[PLACES[name] :]:
            yield from texts(args[PLACES[name]])
        case ast.Assign([ast.Name("cause")], value):
            yield from texts(value)


def texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.IfExp(_, body, orelse):
            yield from (*texts(body), *texts(orelse))


def test_the_table_of_causes_is_complete_and_names_no_other() -> None:
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "causes.md").read_text(), re.MULTILINE)
    documented = {cause for row in rows for cause in re.findall(r"`([a-z-]+)`", row)}
    trees = (ast.parse(path.read_text()) for path in RULES.glob("*.py"))
    in_code = {cause for tree in trees for node in ast.walk(tree) for cause in causes(node)}
    probes = {f"{kind}-probe" for kind in get_args(ProbeKind)}
    assert documented == in_code | OF_THE_WAY | probes | REMEDIES.keys()
