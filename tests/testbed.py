"""The real engine and registry that tests run against, found through the environment.

Where there are none, tests that need them are skipped with the reason; REDRAFT_TEST_REQUIRED=1
makes that a failure, for a place that is known to have them.
"""

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tui.clients.docker.endpoint import find_endpoint

BASE = "busybox:latest"
"""An image that the engine has."""


def engine_environment() -> Mapping[str, str]:
    """Return the environment that names an engine that answers."""
    host = urlsplit(find_endpoint(os.environ).host)
    family = socket.AF_UNIX if host.scheme == "unix" else socket.AF_INET
    address = host.path if host.scheme == "unix" else (host.hostname or "", host.port or 2375)
    with socket.socket(family) as asked:
        asked.settimeout(5)
        try:
            asked.connect(address)
        except OSError as error:
            lacking(f"no Docker engine answers at {host.geturl()}: {error}")
    return os.environ


def registry_host() -> str:
    """Return the registry's host and port."""
    host = os.environ.get("REDRAFT_TEST_REGISTRY", "")
    if not host:
        lacking("REDRAFT_TEST_REGISTRY names no registry")
    return host


def lacking(reason: str) -> None:
    """Skip the test, or fail it where all is known to be there."""
    if os.environ.get("REDRAFT_TEST_REQUIRED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def fresh_name() -> str:
    """Return a name that nobody has."""
    return f"redraft-test-{secrets.token_hex(5)}"


def remove_images(name: str) -> None:
    """Remove what a name refers to from the engine, and containers of it; nothing without docker.

    The images of other tests may have the same content and so the same id: theirs stay.
    """
    if shutil.which("docker") is None:
        return
    of_name, of_app = (f"{name}:", f"{name}@"), f"{name.rpartition('/')[2]}-"
    for line in docker("ps", "--all", "--format", "{{.ID}} {{.Image}} {{.Names}}").splitlines():
        container, image, called = line.split()
        if image.startswith(of_name) or called.startswith(of_app):
            docker("rm", "--force", container)
    if ids := set(docker("images", "--quiet", "--no-trunc", name).split()):
        each = "{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}"
        references = docker("image", "inspect", "--format", each, *ids).split()
        docker("rmi", "--force", *(one for one in references if one.startswith(of_name)))


def docker(*arguments: str) -> str:
    """Run the docker command to its end; return what it printed."""
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout


def write_tree(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def sleeping(seconds: str) -> bool:
    """Whether a build's container sleeps still."""
    for process in psutil.process_iter(["cmdline"]):
        if process.info["cmdline"] == ["sleep", seconds]:
            return True
    return False
