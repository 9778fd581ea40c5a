"""Placeholders of a recipe, and the environments that steps and apps run in. Pure.

Environments are built up from what redraft knows to be needed, not handed down from its own: a
build must not depend on, and an app must not see, whatever the user's shell happens to export.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from tui.model.frozen import frozen
from tui.supervisor.launching import runs_shell

PLAIN = frozenset(
    {"HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER"}
    | {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
    | {"NODE_EXTRA_CA_CERTS", "SSH_AUTH_SOCK"}
)
PROXIES = re.compile(r"(?:https?|no|all|ftp)_proxy", re.IGNORECASE)
INSTALLERS = re.compile(
    r"(?:PIP|UV|NPM_CONFIG|YARN|PNPM|BUNDLE|GO|CARGO)_\w+|GOPROXY", re.IGNORECASE
)


@frozen
class Folders:
    """Where one revision lives."""

    app: Path
    dependencies: Path
    python: str
    path: str
    """The PATH of redraft."""

    def fill(self, text: str) -> str:
        """Put values where the placeholders stand; `{port}` is left to the supervisor."""
        values = {
            "{app}": str(self.app),
            "{dependencies}": str(self.dependencies),
            "{python}": self.python,
            "{PATH}": self.path,
        }
        return re.sub(r"\{(?:app|dependencies|python|PATH)\}", lambda m: values[m[0]], text)

    def fill_command(self, command: tuple[str, ...]) -> tuple[str, ...]:
        """Fill each argument; a text for the shell stays as it is."""
        if runs_shell(command):
            return command
        return tuple(self.fill(argument) for argument in command)

    def fill_env(self, env: tuple[tuple[str, str], ...]) -> dict[str, str]:
        """Fill each value."""
        return {name: self.fill(value) for name, value in env}


def app_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return what every app gets of redraft's own environment.

    Python is told not to hold its output back: a pipe would make it wait for whole blocks.
    """
    kept = {k: v for k, v in own.items() if k in PLAIN or PROXIES.fullmatch(k) or _locale(k)}
    return kept | {"PYTHONUNBUFFERED": "1"}


def step_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return what every build step gets: also the settings of package installers."""
    return app_environment(own) | {k: v for k, v in own.items() if INSTALLERS.fullmatch(k)}


def _locale(name: str) -> bool:
    return name.startswith("LC_")
