"""An engine behind ssh, reached as docker reaches it: `ssh HOST docker system dial-stdio`.

The SDK would need a library of its own for that, so it is given a socket of this machine instead:
each connection to it becomes one ssh, which reads and writes that very connection. ssh is the
user's own, with its keys, agent, jump hosts and known hosts; it never asks anything (BatchMode),
since it would ask on the terminal that the screen is on.
"""

import contextlib
import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 30
"""Seconds for ssh to connect."""
WORDS = 2_000
"""Bytes of ssh's last words that are kept."""


class SshWay:
    """A socket of this machine that leads to an engine behind ssh. Blocking."""

    def __init__(self, host: str, environ: Mapping[str, str]) -> None:
        self._argv = ssh_arguments(host)
        self._environ = dict(environ)
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self._dialled: list[subprocess.Popen[bytes]] = []
        self._folder = Path(tempfile.mkdtemp(prefix="redraft-"))

    def open(self) -> str:
        """Return the socket's address, open from now on until `close`."""
        path = self._folder / "engine.sock"
        with self._lock:
            if self._listening is None:
                self._listening = socket.socket(socket.AF_UNIX)
                self._listening.bind(str(path))
                self._listening.listen()
                threading.Thread(target=self._accept, args=[self._listening], daemon=True).start()
        return f"unix://{path}"

    def said(self) -> str:
        """Return ssh's last words; empty while all is well."""
        try:
            return self._words.read_text(errors="replace")[-WORDS:].strip()
        except OSError:
            return ""

    def close(self) -> None:
        """Close the socket and end every ssh."""
        with self._lock:
            if self._listening is not None:
                with contextlib.suppress(OSError):
                    self._listening.shutdown(socket.SHUT_RDWR)
                self._listening.close()
            for process in self._dialled:
                process.kill()
                process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _words(self) -> Path:
        return self._folder / "ssh.said"

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return  # closed
            with connection, self._lock:
                self._dial(connection)

    def _dial(self, connection: socket.socket) -> None:
        self._dialled = [one for one in self._dialled if one.poll() is None]
        with self._words.open("wb") as words:
            try:
                process = subprocess.Popen(
                    self._argv,
                    stdin=connection.fileno(),
                    stdout=connection.fileno(),
                    stderr=words,
                    env=self._environ,
                    start_new_session=True,
                )
            except OSError as error:
                words.write(f"{self._argv[0]}: {error.strerror}".encode())
                return
        self._dialled.append(process)


def ssh_arguments(host: str) -> list[str]:
    """Return the command for `ssh://[user@]host[:port][/path/of/the/socket]`."""
    parts = urlsplit(host)
    dial = ["docker", "system", "dial-stdio"]
    if parts.path.strip("/"):
        dial[1:1] = ["--host", f"unix://{parts.path}"]
    return [
        "ssh",
        "-T",
        *("-o", "BatchMode=yes", "-o", f"ConnectTimeout={PATIENCE}"),
        *(("-l", parts.username) if parts.username else ()),
        *(("-p", str(parts.port)) if parts.port else ()),
        "--",
        parts.hostname or "",
        shlex.join(dial),
    ]
