"""A real terminal for tests: a program in a pty, its screen read by pyte.

A thread reads the pty, so that the program is never held up by a test that looks away. `raw` keeps
the last bytes as they came, for measurements that must not wait for the emulator.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

PATIENCE = 30.0
"""Seconds any screen may take to appear; a bound for tests, not a measure."""
CLOSED = 0.2
SIZES = frozenset({"COLUMNS", "LINES"})
"""Variables that say another size than the pty has; xdist sets them for its workers."""


class Terminal:
    """A program running in a terminal of its own while the `with` lasts."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 36,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        emulate: bool = True,
    ) -> None:
        self._argv, self._cwd = list(argv), cwd
        own = {**os.environ, **(env or {})}
        self._env = {
            **{name: value for name, value in own.items() if name not in SIZES},
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        self._size = (lines, columns)
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._emulate = emulate
        self._lock = threading.Lock()
        self.raw = bytearray()

    def __enter__(self) -> Self:
        self._master, slave = pty.openpty()
        self._set_size(*self._size)
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            self._argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=self._cwd,
            env=self._env,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - only an ioctl, no locks are taken in it
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        self._reader.join(10)
        os.close(self._master)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def press(self, keys: str) -> None:
        """Type keys as they are sent by a terminal."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Change the terminal's size while the program runs."""
        with self._lock:
            self._screen.resize(lines, columns)
        self._set_size(lines, columns)

    def text(self) -> str:
        """Return the screen as text."""
        with self._lock:
            return "\n".join(line.rstrip() for line in self._screen.display)

    def wait_for(self, wanted: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """Wait until the screen has the text or satisfies the predicate; return the screen."""
        satisfied = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        deadline = time.monotonic() + patience
        while not satisfied(screen := self.text()):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError(f"waited in vain for {wanted!r}; the screen is:\n{screen}")
            time.sleep(0.02)  # noqa: TID251 - polling a condition from a test's own thread
        return screen

    def kill(self, number: int) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def wait_exit(self, patience: float = PATIENCE) -> int:
        """Wait for the program to end and return its exit code."""
        return self._process.wait(patience)

    def forget(self) -> None:
        """Drop the raw bytes read so far."""
        with self._lock:
            self.raw.clear()

    def seen(self, wanted: bytes, patience: float = PATIENCE) -> float:
        """Wait until the raw bytes hold `wanted`; return the time on the monotonic clock."""
        deadline = time.monotonic() + patience
        while True:
            with self._lock:
                if wanted in self.raw:
                    return time.monotonic()
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError(f"waited in vain for {wanted!r}")
            time.sleep(0.001)  # noqa: TID251 - polling a condition from a test's own thread

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._master], [], [], CLOSED)
            if not ready:
                if self._process.poll() is not None:
                    return
                continue
            try:
                chunk = os.read(self._master, 65536)
            except OSError:
                return
            if not chunk:
                return
            with self._lock:
                self.raw += chunk
                if self._emulate:
                    self._stream.feed(chunk)

    def _set_size(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _take_terminal() -> None:
    """Make the pty the program's controlling terminal, so that it hears of resizes and hang-ups.

    Who runs the tests may ignore Ctrl-C, as xdist's workers do; who sits at a terminal does not.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
