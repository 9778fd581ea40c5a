"""An engine of the test's own, to be stopped and started without disturbing anyone.

It needs what an engine needs: root, Linux, and the `dockerd` and `ip` programs.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.testbed import lacking

PATIENCE = 60.0


class OwnEngine:
    """A dockerd with a bridge, a socket and a data folder of its own."""

    def __init__(self) -> None:
        if os.geteuid() or not shutil.which("dockerd") or not shutil.which("ip"):
            lacking("an engine of one's own needs root, dockerd and ip")
        self._folder = Path(tempfile.mkdtemp(prefix="redraft-engine-", dir="/tmp"))
        self._bridge = f"rd{secrets.token_hex(5)}"
        self._daemon: subprocess.Popen[bytes] | None = None
        self.host = f"unix://{self._folder}/sock"
        ip("link", "add", self._bridge, "type", "bridge")
        ip("addr", "add", f"172.31.{secrets.randbelow(255)}.1/24", "dev", self._bridge)
        ip("link", "set", self._bridge, "up")

    def start(self) -> None:
        """Start it and wait until it answers."""
        folder = self._folder
        command: list[str | Path] = [
            *("dockerd", "--host", self.host, "--bridge", self._bridge, "--iptables=false"),
            *("--data-root", folder / "data", "--exec-root", folder / "exec"),
            *("--pidfile", folder / "pid"),
        ]
        with (folder / "log").open("ab") as log:
            self._daemon = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while self.docker("version").returncode:
            assert time.monotonic() < deadline, (folder / "log").read_text()[-2000:]

    def stop(self) -> None:
        """Stop it, and by that its containers."""
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(PATIENCE)
            self._daemon = None

    def load(self, image: str) -> None:
        """Give it an image that the common engine has."""
        saved = self._folder / "image.tar"
        subprocess.run(["docker", "save", "--output", saved, image], check=True)
        assert self.docker("load", "--input", str(saved)).returncode == 0
        saved.unlink()

    def remove(self) -> None:
        """Leave nothing of it."""
        self.stop()
        ip("link", "delete", self._bridge)
        shutil.rmtree(self._folder, ignore_errors=True)

    def docker(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        """Run the docker command against it."""
        return subprocess.run(
            ["docker", "--host", self.host, *arguments], capture_output=True, check=False
        )


def ip(*arguments: str) -> None:
    """Run the ip command."""
    subprocess.run(["ip", *arguments], check=True)
