"""The whole loop in a real terminal, from create to rollback, while requests hammer the port."""

import http.client
import json
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.redraft import COMMAND, Redraft, fetch
from tests.projects import greet, write_server
from tests.terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.integration, pytest.mark.timeout(180)]

URL = re.compile(r"http://127\.0\.0\.1:(\d+)")


@pytest.fixture
def redraft(tmp_path: Path) -> Iterator[Redraft]:
    one = Redraft(write_server(tmp_path / "greeter"), tmp_path / "home")
    yield one
    if not (one.project / "draft.toml").is_file():
        write_server(one.project)
    one("delete", "--yes")


@contextmanager
def cockpit(redraft: Redraft, columns: int = 120, lines: int = 36) -> Iterator[Terminal]:
    """Open the cockpit as a user does."""
    with Terminal(
        COMMAND, columns=columns, lines=lines, cwd=redraft.project, env=redraft.env
    ) as terminal:
        terminal.wait_for("greeter")
        yield terminal


class Hammer:
    """Asks the stable port again and again, each time anew and over one kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ended = threading.Event()
        self.failures: list[str] = []
        self.answers: dict[str, int] = {}
        self._threads = [
            threading.Thread(target=self._ask, args=(kept,), daemon=True) for kept in (True, False)
        ]

    def __enter__(self) -> "Hammer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(20)

    def _ask(self, kept: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._ended.is_set():
            try:
                connection.request("GET", "/")
                body = connection.getresponse().read().decode()
                self.answers[body] = self.answers.get(body, 0) + 1
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
            if not kept:
                connection.close()
            self._ended.wait(0.002)


def test_from_create_to_rollback_no_request_fails(redraft: Redraft) -> None:
    (redraft.project / "draft.toml").unlink()
    with cockpit(redraft) as terminal:
        terminal.wait_for("Press c")
        terminal.press("c")
        terminal.wait_for("+backend = ")
        terminal.press("\x13")  # ctrl+s
        terminal.wait_for(lambda text: "press u" in text.lower() or "not released" in text)
        terminal.press("u")
        screen = terminal.wait_for(lambda text: bool(URL.search(text)) and "✔ ready" in text)
        match = URL.search(screen)
        assert match is not None
        assert fetch(match[0]) == "hello one"
        with Hammer(int(match[1])) as hammer:
            greet(redraft.project, "hello two")
            terminal.wait_for(lambda text: "revision 2 ✔ ready" in text)
            terminal.press("r")
            terminal.wait_for("hello two")
            terminal.press("\r")
            terminal.wait_for(lambda text: "revision 3 ✔ ready" in text)
            assert fetch(match[0]) == "hello one"
        assert hammer.failures == []
        assert set(hammer.answers) == {"hello one", "hello two"}
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert redraft.answer() == "hello one"


def test_killed_and_opened_again_it_goes_on_where_it_was(redraft: Redraft) -> None:
    redraft.good("up")
    with cockpit(redraft) as terminal:
        terminal.wait_for("revision 1 ✔ ready")
        terminal.kill(signal.SIGKILL)
    assert redraft.answer() == "hello one"
    with cockpit(redraft) as terminal:
        terminal.wait_for("revision 1 ✔ ready")
        terminal.wait_for("INFO listening")
        terminal.wait_for("● watching")
        greet(redraft.project, "hello again")
        terminal.wait_for("revision 2 ✔ ready")
    assert redraft.answer() == "hello again"


def test_a_closed_terminal_ends_redraft_and_not_the_app(redraft: Redraft) -> None:
    redraft.good("up")
    with cockpit(redraft) as terminal:
        terminal.wait_for("revision 1 ✔ ready")
        terminal.kill(signal.SIGHUP)
        terminal.wait_exit()
    assert redraft.answer() == "hello one"


def test_resized_from_nothing_to_huge_it_lives_on(redraft: Redraft) -> None:
    redraft.good("up")
    with cockpit(redraft) as terminal:
        terminal.wait_for("revision 1 ✔ ready")
        for columns, lines in ((1, 1), (80, 24), (20, 5), (200, 60), (3, 40), (120, 36)):
            terminal.resize(columns, lines)
        terminal.wait_for("revision 1 ✔ ready")
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_the_first_paint_is_laid_out_for_the_size_of_the_terminal(redraft: Redraft) -> None:
    with cockpit(redraft, columns=80, lines=24) as terminal:
        terminal.wait_for("● watching")
        assert "no changes seen yet" in terminal.text()
        assert b"Changes" not in terminal.raw  # a title that only wider terminals have


def test_a_crash_loop_is_told_with_cause_and_remedy_and_a_fix_heals_it(redraft: Redraft) -> None:
    redraft.good("up")
    app = redraft.project / "app.py"
    good = app.read_text()
    with cockpit(redraft) as terminal:
        terminal.wait_for("● watching")
        app.write_text("import nosuchmodule\n")
        terminal.wait_for("add nosuchmodule to")
        assert redraft.answer() == "hello one"
        app.write_text(good.replace("hello one", "hello fixed"))
        terminal.wait_for(lambda text: "revision 3 ✔ ready" in text)
    assert redraft.answer() == "hello fixed"


def test_a_broken_draft_toml_is_told_and_the_cockpit_goes_on_when_it_is_right(
    redraft: Redraft,
) -> None:
    path = redraft.project / "draft.toml"
    good = path.read_text()
    path.write_text(good.replace("watch-delay", "watch-dely"))
    with cockpit(redraft) as terminal:
        terminal.wait_for("watch-delay")
        path.write_text(good)
        terminal.wait_for("not released yet")


def test_with_watch_false_it_begins_paused_and_w_goes_on(redraft: Redraft) -> None:
    path = redraft.project / "draft.toml"
    path.write_text(path.read_text() + "watch = false\n")
    redraft.good("up")
    with cockpit(redraft) as terminal:
        terminal.wait_for("paused")
        greet(redraft.project, "hello later")
        terminal.wait_for("1 queued")
        assert redraft.answer() == "hello one"
        terminal.press("w")
        terminal.wait_for("revision 2 ✔ ready")
    assert redraft.answer() == "hello later"


def test_the_demo_shows_its_folder_and_leaves_nothing(tmp_path: Path) -> None:
    redraft = Redraft(tmp_path, tmp_path / "home")
    with Terminal((*COMMAND, "demo"), cwd=tmp_path, env=redraft.env) as terminal:
        screen = terminal.wait_for("redraft-demo-", patience=60)
        terminal.wait_for("✔ ready", patience=90)
        folder = re.search(r"/\S*redraft-demo-\w+", screen)
        assert folder is not None
        assert Path(folder[0]).exists()
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert not Path(folder[0]).exists()
    assert not list((tmp_path / "home").rglob("logs.db"))


def test_history_keeps_what_the_screen_did(redraft: Redraft) -> None:
    with cockpit(redraft) as terminal:
        terminal.wait_for("not released yet")
        terminal.press("u")
        terminal.wait_for("revision 1 ✔ ready")
        terminal.press("h")
        terminal.wait_for("roll back to it")
        terminal.press("\x1b")
        terminal.wait_for(lambda text: "roll back to it" not in text)
        terminal.press("q")
        terminal.wait_exit()
    (line,) = [json.dumps(one) for one in redraft.json("history")]
    assert '"trigger": "key"' in line


def test_x_gives_the_terminal_to_a_shell_and_takes_it_back(redraft: Redraft) -> None:
    redraft.good("up")
    with cockpit(redraft) as terminal:
        terminal.wait_for("● watching")
        terminal.press("x")
        terminal.wait_for("brings the cockpit back")
        terminal.press("echo said $((40 + 2))\n")
        terminal.wait_for("said 42")
        terminal.press("sh -c 'echo up $((1 + 1)); sleep 60'\n")
        terminal.wait_for("up 2")
        terminal.press("\x03")
        terminal.wait_for("^C")
        terminal.press("exit 3\n")
        terminal.wait_for("ended with code 3")
        terminal.wait_for("watching")
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_a_recorded_run_is_played_in_the_cockpit(redraft: Redraft, tmp_path: Path) -> None:
    recording = tmp_path / "run.jsonl"
    redraft.good("up", "--record", str(recording))
    events = len(recording.read_text().splitlines())
    argv = [*COMMAND, "replay", str(recording)]
    with Terminal(argv, cwd=tmp_path, env=redraft.env) as terminal:
        terminal.wait_for(f"of {events}")
        terminal.press(">")
        terminal.wait_for(f"■ end 1x  event {events} of {events}")
        screen = terminal.wait_for("iteration 1 ready after")
        assert "revision 1 ✔ ready" in screen
        terminal.press("u")
        terminal.wait_for("this is a recorded run")
        terminal.press("q")
        assert terminal.wait_exit() == 0
