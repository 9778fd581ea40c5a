"""How fast redraft starts: the command line and the cockpit."""

import subprocess
from functools import partial
from pathlib import Path

from tests.bench.stopwatch import PYTHON, REDRAFT, own_state, seconds, turn_about
from tests.bench.table import Row
from tests.projects import write_server
from tests.terminal import Terminal

USEFUL = (b"paintbench", b"development", b"local", b"Changes", b"Build", b"Rollout", b"revision 1")
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
    """Measure start to the first useful paint, and to the first word of the engine.

    Useful is what has a name, environment and backend, all panels, what the history knows, and the
    keys: `Quit` is the last of them on the screen.
    """
    project = write_server(folder / "paintbench", name="paintbench")
    env = own_state(folder)
    subprocess.run([REDRAFT, "up"], cwd=project, env=env, check=True, capture_output=True)
    ours, bare = turn_about(
        partial(_until_painted, [REDRAFT], (*USEFUL, b"Quit"), project, env),
        partial(_until_painted, [PYTHON, "-c", BARE_APP], (b"bare-and-ready",), project, env),
        times=9,
    )
    live, _ = turn_about(
        partial(_until_painted, [REDRAFT], ("● watching".encode(),), project, env),
        lambda: 0.0,
        times=5,
    )
    subprocess.run([REDRAFT, "delete", "--yes"], cwd=project, env=env, check=True)
    beside, most = "a bare one-label Textual app", 1.3
    return [
        Row(
            "start to first useful paint",
            ours * 1000,
            "ms",
            beside,
            bare * 1000,
            f"{most} x",
            ours <= most * bare,
        ),
        Row("start to the engine at work", live * 1000, "ms", beside, bare * 1000),
    ]


def _until_painted(
    argv: list[str], wanted: tuple[bytes, ...], cwd: Path, env: dict[str, str]
) -> float:
    with Terminal(argv, cwd=cwd, env=env, emulate=False) as terminal:
        return max(terminal.seen(text) for text in wanted) - terminal.started
