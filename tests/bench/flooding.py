"""How the cockpit bears a flood of lines: kept, keys, processor; beside `cat` and a bare app."""

import subprocess
import time
from pathlib import Path

import psutil

from tests.bench.reading import cockpit, database, supervisors
from tests.bench.stopwatch import PYTHON, REDRAFT, own_state, percentile, processor_seconds
from tests.bench.table import Row
from tests.projects import write_app
from tests.terminal import Terminal
from tui.logs.reader import LogReader
from tui.model.loglines import LogFilter

RATE = 50_000
FLOOD_SECONDS = 20

FLOOD = f"""
import sys, time
line = "INFO request %08d handled by the flood with some words to make it of a usual length\\n"
began = time.monotonic()
for second in range({FLOOD_SECONDS * 20}):
    first = second * {RATE // 20}
    sys.stdout.write("".join(line % n for n in range(first, first + {RATE // 20})))
    sys.stdout.flush()
    left = began + (second + 1) / 20 - time.monotonic()
    if left > 0:
        time.sleep(left)
"""

FLOODING_APP = """
import http.server, os, threading, time

def flood():
    while not os.path.exists(os.environ["FLOOD_AT"]):
        time.sleep(0.05)
    import flooding
    open(os.environ["FLOOD_AT"] + ".done", "w").close()

threading.Thread(target=flood, daemon=True).start()
address = ("127.0.0.1", int(os.environ["PORT"]))
http.server.ThreadingHTTPServer(address, http.server.BaseHTTPRequestHandler).serve_forever()
"""


BARE_APP = """
from textual.app import App
from textual.widgets import Label

class Bare(App):
    BINDINGS = [("slash", "show(True)", ""), ("escape", "show(False)", "")]
    CSS = "#bar { display: none; }"

    def compose(self):
        yield Label("bare-and-ready")
        yield Label("include", id="bar")

    def action_show(self, shown):
        self.query_one("#bar").display = shown

Bare().run()
"""


def flood(folder: Path) -> list[Row]:
    """Measure 50,000 lines a second for 20 s: lines kept, keys, processor; beside `cat`."""
    flag = folder / "flood.now"
    extra = f'[environments.development.env]\nFLOOD_AT = "{flag}"\n'
    project = write_app(folder / "flood", FLOODING_APP, extra)
    (project / "flooding.py").write_text(FLOOD)
    env = own_state(folder)
    subprocess.run([REDRAFT, "up"], cwd=project, env=env, check=True, capture_output=True)
    with cockpit(project, env, emulate=False) as (terminal, process):
        terminal.press("l")
        processes = [process, *supervisors(folder)]
        before, began = processor_seconds(processes), time.monotonic()
        flag.touch()
        keys = _keys_painted(terminal, began + FLOOD_SECONDS)
        _wait_for(Path(f"{flag}.done"))
        share = (processor_seconds(processes) - before) / (time.monotonic() - began)
        kept = _lines_kept(project, env)
    subprocess.run([REDRAFT, "delete", "--yes"], cwd=project, env=env, check=True)
    lost = RATE * FLOOD_SECONDS - kept
    bare, cat = _beside_cat()
    return [
        Row("flood of 50,000 lines/s: lost", lost, "lines", aim="0", met=lost == 0),
        Row(
            "flood: key to paint, p95",
            percentile(keys, 0.95) * 1000,
            "ms",
            "a bare Textual app, the same flood into `cat`",
            percentile(bare, 0.95) * 1000,
            aim="60 ms",
            met=percentile(keys, 0.95) <= 0.06,
            note=f"{len(keys)} keys",
        ),
        Row(
            "flood: processor",
            share,
            "cores",
            "the same flood into `cat`",
            cat,
            "1 core",
            share <= 1,
            note="cockpit and supervisor together",
        ),
    ]


def _keys_painted(terminal: Terminal, until: float) -> list[float]:
    """Open and close the filter bar again and again; return the seconds from key to its paint."""
    taken = []
    while time.monotonic() < until:
        terminal.forget()
        began = time.monotonic()
        terminal.press("/")
        taken.append(terminal.seen(b"include") - began)
        terminal.press("\x1b")
        time.sleep(0.3)  # noqa: TID251 - a pause between keys, as a person makes
    return taken


def _lines_kept(project: Path, env: dict[str, str]) -> int:
    """Count the flood's lines in the store once no more come."""
    reader = LogReader(database(project, env))
    last = -1
    while last != (newest := reader.bounds()[1]):
        last = newest
        time.sleep(1)  # noqa: TID251 - between two looks
    wanted = LogFilter(include="handled by the flood")
    oldest, newest = reader.bounds()
    return sum(len(chunk) for chunk in reader.matching(wanted, oldest, newest + 1))


def _beside_cat() -> tuple[list[float], float]:
    """Return the seconds from key to paint of a bare app, and the cores `cat` takes for the flood.

    What the bare app takes is the machine's own: its terminals, and its other work.
    """
    with (
        Terminal([PYTHON, "-c", BARE_APP], emulate=False) as terminal,
        subprocess.Popen([PYTHON, "-c", FLOOD], stdout=subprocess.PIPE) as source,
        subprocess.Popen(["cat"], stdin=source.stdout, stdout=subprocess.DEVNULL) as cat,
    ):
        terminal.seen(b"bare-and-ready")
        process, began = psutil.Process(cat.pid), time.monotonic()
        before = processor_seconds([process])
        keys = _keys_painted(terminal, began + FLOOD_SECONDS - 4)
        used = processor_seconds([process]) - before
        return keys, used / (time.monotonic() - began)


def _wait_for(path: Path, patience: float = 120.0) -> None:
    deadline = time.monotonic() + patience
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(path)
        time.sleep(0.05)  # noqa: TID251 - polling a condition from the bench's own thread
