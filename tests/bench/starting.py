"""How fast redraft starts: the command line and the cockpit."""

from functools import partial
from pathlib import Path

from tests.bench.stopwatch import PYTHON, REDRAFT, own_state, seconds, turn_about
from tests.bench.table import Row
from tests.projects import write_server
from tests.terminal import Terminal

BARE_APP = """
from textual.app import App
from textual.widgets import Label

class Bare(App):
    def compose(self):
        yield Label("bare-and-ready")

Bare().run()
"""


def version(folder: Path) -> list[Row]:
    """Measure `redraft --version` beside importing click."""
    ours, click = turn_about(
        lambda: seconds([REDRAFT, "--version"]),
        lambda: seconds([PYTHON, "-c", "import click"]),
        times=15,
    )
    return [
        Row(
            "`redraft --version`",
            ours * 1000,
            "ms",
            "`python -c 'import click'`",
            click * 1000,
            "2 x",
            ours <= 2 * click,
        )
    ]


def first_paint(folder: Path) -> list[Row]:
    """Measure start to the first paint, which names the project, and to all panels with it."""
    project = write_server(folder / "paintbench")
    env = own_state(folder)
    rows = []
    for what, wanted in (("the project named", b"paintbench"), ("all panels", b"Rollout")):
        ours, bare = turn_about(
            partial(_until_painted, [REDRAFT], wanted, project, env),
            partial(_until_painted, [PYTHON, "-c", BARE_APP], b"bare-and-ready", project, env),
            times=7,
        )
        beside = "a bare one-label Textual app"
        good = ours <= 1.3 * bare
        rows.append(
            Row(f"start to {what} painted", ours * 1000, "ms", beside, bare * 1000, "1.3 x", good)
        )
    return rows


def _until_painted(argv: list[str], wanted: bytes, cwd: Path, env: dict[str, str]) -> float:
    with Terminal(argv, cwd=cwd, env=env, emulate=False) as terminal:
        return terminal.seen(wanted) - terminal.started
