"""A Podman of the tests' own: its service on a temporary socket, its images in a temporary folder.

It needs root, Linux and the `podman` program, which is not among what a test bed must have: where
it is not installed the tests are skipped, also where all else is required.
"""

import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

PATIENCE = 30.0
SETTINGS = """
[containers]
default_ulimits = ["nofile={files}:{files}", "nproc=4096:4096"]
[network]
network_config_dir = "{folder}/networks"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
{runtime}
"""
"""Podman's own limits are above what a machine without CAP_SYS_RESOURCE may give."""
REGISTRIES = """
[[registry]]
location = "{registry}"
insecure = true
"""


class OwnPodman:
    """`podman system service`, and what it takes to be alone."""

    def __init__(self, registry: str) -> None:
        if os.geteuid() or not shutil.which("podman"):
            pytest.skip("a Podman of one's own needs root and the podman program")
        self._folder = Path(tempfile.mkdtemp(prefix="redraft-podman-", dir="/var/tmp"))
        self.host = f"unix://{self._folder}/sock"
        runtime = 'runtime = "runc"' if shutil.which("runc") else ""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        settings = SETTINGS.format(files=min(files, 4096), folder=self._folder, runtime=runtime)
        (self._folder / "containers.conf").write_text(settings)
        (self._folder / "registries.conf").write_text(REGISTRIES.format(registry=registry))
        self._service = self._start()

    def load(self, image: str) -> None:
        """Give it an image that the common engine has."""
        saved = self._folder / "image.tar"
        subprocess.run(["docker", "save", "--output", saved, image], check=True)
        self.docker("load", "--input", str(saved))

    def remove(self) -> None:
        """Leave nothing of it."""
        self._podman("rm", "--all", "--force", "--time", "0")
        self._service.terminate()
        self._service.wait(PATIENCE)
        self._podman("unmount", "--all")
        shutil.rmtree(self._folder, ignore_errors=True)

    def docker(self, *arguments: str) -> str:
        """Run the docker command against it, which must succeed; return what it printed."""
        command = ["docker", "--host", self.host, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [*self._command("system", "service", "--time", "0"), self.host]
        with (self._folder / "log").open("ab") as log:
            service = subprocess.Popen(command, env=self._env, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        asked = ["docker", "--host", self.host, "version"]
        while subprocess.run(asked, capture_output=True, check=False).returncode:
            assert service.poll() is None, (self._folder / "log").read_text()[-2000:]
            assert time.monotonic() < deadline, "podman does not serve"
        return service

    def _podman(self, *arguments: str) -> None:
        subprocess.run(self._command(*arguments), env=self._env, capture_output=True, check=False)

    def _command(self, *arguments: str) -> list[str]:
        places = {"root": "root", "runroot": "run", "tmpdir": "tmp"}
        options = [f"--{name}={self._folder / place}" for name, place in places.items()]
        return ["podman", *options, *arguments]

    @property
    def _env(self) -> dict[str, str]:
        return {
            **os.environ,
            "CONTAINERS_CONF": str(self._folder / "containers.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(self._folder / "registries.conf"),
        }
