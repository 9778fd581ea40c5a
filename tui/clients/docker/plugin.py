"""Finding buildx: docker's plugin is a program that runs by itself, without the docker command.

So it is one process to end, and needs no docker command. It is looked for where docker looks for
plugins (docs.docker.com, "CLI plugins"), then on PATH. `--progress=rawjson` came with buildx 0.13.

It is called as the docker command calls its plugins: with the plugin's own name as first argument,
and a variable that says who calls. Called as a program of its own it does not see that DOCKER_HOST
is to be spoken to by TLS (docker/compose#12679).
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tui.clients.docker.endpoint import (
    Endpoint,
    command_environment,
    config_folder,
    docker_config,
)
from tui.clients.programs import ask_program

PLUGIN = "docker-buildx"
SYSTEM_FOLDERS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
    "/opt/homebrew/lib/docker/cli-plugins",
)
CALLER = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"
OLDEST = (0, 13)
PATIENCE = 10.0
"""Seconds buildx may take to tell its version."""


def find_buildx(environ: Mapping[str, str]) -> str:
    """Return the path of buildx; empty where it is not installed."""
    for folder in _folders(environ):
        program = folder / PLUGIN
        if os.access(program, os.X_OK):
            return str(program)
    path = environ.get("PATH", os.defpath)
    return shutil.which(PLUGIN, path=path) or ""


def installed_buildx(environ: Mapping[str, str]) -> tuple[str, int]:
    """Return the path of buildx and when it was installed, in nanoseconds; ("", 0) for none."""
    program = find_buildx(environ)
    return program, Path(program).stat().st_mtime_ns if program else 0


def plugin_command(program: str, *arguments: str) -> tuple[str, ...]:
    """Return how buildx is called; with `plugin_environment` alone it understands that."""
    return (program, "buildx", *arguments)


def plugin_environment(environ: Mapping[str, str], endpoint: Endpoint) -> dict[str, str]:
    """Return the environment in which buildx, called as a plugin, means this engine."""
    return command_environment(environ, endpoint) | {CALLER: "docker"}


async def buildx_version(program: str) -> tuple[int, ...]:
    """Return buildx's version, such as (0, 13, 1); empty where it does not tell."""
    try:
        answer = await ask_program((program, "version"), patience=PATIENCE)
    except OSError:  # not to be started, or too slow: TimeoutError is one
        return ()
    return parse_version(answer.stdout)


def parse_version(text: str) -> tuple[int, ...]:
    """Read `github.com/docker/buildx v0.13.1 788433953af10f2a698f5c07611dddce2e08c7a0`."""
    match = re.search(r"buildx v?(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def speaks_raw_json(version: tuple[int, ...]) -> bool:
    """Whether this buildx can tell its progress; a version of its own making is taken as new."""
    return version == () or version[:2] >= OLDEST or version[:1] > (0,)


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    yield config_folder(environ) / "cli-plugins"
    extra = docker_config(environ).get("cliPluginsExtraDirs")
    for folder in extra if isinstance(extra, list) else ():
        yield Path(str(folder))
    yield from map(Path, SYSTEM_FOLDERS)
