"""What a container printed is in the log store line by line, whatever ends in between."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.integration.docker.project import name_of
from tests.integration.redraft import Redraft, fetch
from tests.logs.test_store import every
from tests.testbed import docker
from tui.model.loglines import LogLine

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

TALKER = """
import http.server, os, signal, sys, threading, time

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ending, said = threading.Event(), []


def talk():
    while not ending.is_set():
        number = len(said)
        print("out", number, flush=True)
        print("err", number, file=sys.stderr, flush=True)
        said.append(number)
        time.sleep(0.002)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/stop":
            ending.set()
            talking.join()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(len(said)).encode())

    def log_message(self, format, *values):
        pass


talking = threading.Thread(target=talk, daemon=True)
talking.start()
http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
"""


def write_talker(redraft: Redraft, comment: str = "") -> None:
    """Write an app that numbers its lines until /stop, which answers how many there are."""
    (redraft.project / "app.py").write_text(f"{TALKER}\n# {comment}\n")


def stored(redraft: Redraft, word: str) -> list[int]:
    """Return the numbers of the lines in the store that begin with a word."""
    lines = (line["message"].split() for line in redraft.json("logs", "--all-revisions"))
    return [int(parts[1]) for parts in lines if len(parts) == 2 and parts[0] == word]


def wait_until(fits: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not fits():
        assert time.monotonic() < deadline, "not so within a minute"


def test_no_line_is_missed_or_repeated_when_redraft_is_killed_and_begins_again(
    redraft: Redraft,
) -> None:
    write_talker(redraft)
    url = redraft.good("up").strip()
    for _ in range(3):
        with watching(redraft, signal.SIGKILL):
            wait_until(grown(redraft))
    with watching(redraft, signal.SIGINT):
        count = int(fetch(f"{url}/stop"))
        wait_until(lambda: len(stored(redraft, "err")) >= count)
    assert stored(redraft, "out") == list(range(count))
    assert stored(redraft, "err") == list(range(count))


def test_what_crashes_printed_is_kept_with_the_way_they_ended(redraft: Redraft) -> None:
    app = redraft.project / "app.py"
    app.write_text("import sys, time\nprint('last words')\ntime.sleep(1)\nsys.exit(3)\n")
    assert redraft("up").returncode == 1
    with watching(redraft, signal.SIGINT):
        wait_until(lambda: len(of_app(redraft, "exited with code 3")) >= 3)
    said, ends = of_app(redraft, "last words"), of_app(redraft, "exited with code 3")
    assert {line.stream for line in ends} == {"marker"}
    assert len(said) >= len(ends)
    incarnations = [(line.revision, line.restart) for line in said]
    assert incarnations == sorted(incarnations)
    assert {(1, 0), (1, 1)} <= set(incarnations)


def of_app(redraft: Redraft, ending: str) -> list[LogLine]:
    """Return the app's stored lines that end so."""
    (path,) = (redraft.home / "state").rglob("logs.db")
    return [n for n in every(path) if n.pod != "redraft" and n.message.endswith(ending)]


def test_a_replaced_container_is_removed_once_its_lines_are_kept(redraft: Redraft) -> None:
    write_talker(redraft)
    redraft.good("up")
    write_talker(redraft, "another")
    url = redraft.good("up").strip()
    with watching(redraft, signal.SIGINT):
        wait_until(lambda: len(containers(redraft)) == 1)
    fetch(f"{url}/stop")
    lines = redraft.json("logs", "--all-revisions")
    first = [int(line["message"].split()[1]) for line in lines if is_out(line, revision=1)]
    assert first == list(range(len(first)))
    assert first


def test_a_container_that_is_replaced_while_somebody_watches_is_removed_too(
    redraft: Redraft,
) -> None:
    write_talker(redraft)
    redraft.good("up")
    before = containers(redraft)
    with watching(redraft, signal.SIGINT):
        write_talker(redraft, "another")
        wait_until(lambda: bool(now := set(containers(redraft))) and not now & set(before))
    assert len(containers(redraft)) == 1


@contextmanager
def watching(redraft: Redraft, ending: signal.Signals) -> Iterator[None]:
    """Have a redraft watch; it gets a signal in the end."""
    process = redraft.start("up", "--watch")
    try:
        yield
    finally:
        process.send_signal(ending)
        process.communicate()


def grown(redraft: Redraft) -> Callable[[], bool]:
    before = len(stored(redraft, "out"))
    return lambda: len(stored(redraft, "out")) > before


def is_out(line: dict[str, Any], revision: int) -> bool:
    said: str = line["message"]
    return line["revision"] == revision and said.startswith("out ")


def containers(redraft: Redraft) -> list[str]:
    return docker("ps", "-aq", "--filter", f"name={name_of(redraft.project)}").split()
