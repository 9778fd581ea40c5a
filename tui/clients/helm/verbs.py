"""Helm's verbs, as far as redraft needs them: 3 and 4 alike, JSON where there is JSON."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

from tui.clients.helm.faults import helm_unreadable
from tui.clients.helm.program import Program
from tui.clients.helm.releases import HelmRelease, HelmRevision, parse_list, parse_release
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.model.images import Image

T = TypeVar("T")
HISTORY_MAX = 20
"""Revisions helm keeps; as many as there are releases on record."""
UPGRADE = ("upgrade", "--install", f"--history-max={HISTORY_MAX}")
INSTALL_ANEW = ("install", "--replace")
ALL = (
    "--deployed",
    "--failed",
    "--pending",
    "--superseded",
    "--uninstalled",
    "--uninstalling",
)


@frozen
class ChartCall:
    """A chart with what is given to it; later values win over earlier ones."""

    chart: Path
    files: tuple[Path, ...] = ()
    """The user's values files."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Ours, given on stdin: they are neither on disk nor in the list of processes."""
    assignments: tuple[str, ...] = ()
    """`key=value` in helm's own notation."""
    image: Image | None = None
    """What the values name for the app's containers."""

    def arguments(self) -> list[str]:
        """Return the arguments after the chart; values come on stdin."""
        files = [f"--values={_csv(str(path))}" for path in self.files]
        return [*files, "--values=-", *(f"--set={one}" for one in self.assignments)]

    def stdin(self) -> str:
        """Return our values: JSON is YAML as well."""
        return json.dumps(self.values)


class Helm:
    """Deploys charts into one context and namespace."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._version: tuple[int, ...] = ()

    async def version(self) -> tuple[int, ...]:
        """Return helm's version, such as (4, 3, 1); raises FaultError without helm."""
        if not self._version:
            told = await self._program.read(
                "tell its version", "version", "--template={{.Version}}"
            )
            self._version = tuple(int(part) for part in re.findall(r"\d+", told)[:3])
        return self._version

    async def idle(self) -> None:
        """Wait until no helm of this machine changes anything; raises FaultError."""
        await self._program.idle()

    async def find(self, release: str) -> HelmRevision | None:
        """Return the newest revision of a release, whatever its status; None when there is none."""
        doing = f"look for the release {release}"
        told = await self._program.read(
            doing, "list", *ALL, "--filter", f"^{re.escape(release)}$", "--output=json"
        )
        newest = _read(doing, parse_list, told)
        return newest[-1] if newest else None

    async def history(self, release: str) -> tuple[HelmRevision, ...]:
        """Return a release's revisions, oldest first; raises FaultError when there is none."""
        doing = f"list the revisions of {release}"
        return _read(
            doing, parse_list, await self._program.read(doing, "history", release, "--output=json")
        )

    async def upgrade(
        self,
        release: str,
        call: ChartCall,
        description: str,
        *,
        anew: bool = False,
        validate: bool = True,
    ) -> HelmRelease:
        """Install or upgrade a release; raises FaultError.

        `anew` installs one that was uninstalled and kept its history: from ten revisions on,
        `upgrade --install` takes another than the newest for its last one, and refuses.
        `validate` compares what is rendered with the cluster's schema before anything is changed.
        """
        doing = f"deploy the chart {call.chart.name}"
        told = await self._program.change(
            doing,
            *(INSTALL_ANEW if anew else UPGRADE),
            "--output=json",
            f"--description={description}",
            *await self._forcing(),
            *([] if validate else ["--disable-openapi-validation"]),
            *call.arguments(),
            "--",
            release,
            str(call.chart),
            stdin=call.stdin(),
        )
        return _read(doing, parse_release, told)

    async def rollback(self, release: str, revision: int, *, hooks: bool = True) -> HelmRelease:
        """Go back to a revision; raises FaultError."""
        await self._program.change(
            f"roll {release} back to its revision {revision}",
            "rollback",
            f"--history-max={HISTORY_MAX}",
            *([] if hooks else ["--no-hooks"]),
            *await self._forcing(),
            "--",
            release,
            str(revision),
        )
        return await self.status(release)

    async def status(self, release: str, revision: int = 0) -> HelmRelease:
        """Return a release at a revision, 0 for the newest; raises FaultError."""
        doing = f"tell how {release} stands"
        at = [f"--revision={revision}"] if revision else []
        told = await self._program.read(doing, "status", *at, "--output=json", "--", release)
        return _read(doing, parse_release, told)

    async def uninstall(self, release: str, *, keep_history: bool) -> None:
        """Remove what a release made; raises FaultError."""
        keep = ["--keep-history"] if keep_history else []
        await self._program.change(
            f"uninstall {release}", "uninstall", *keep, "--ignore-not-found", "--", release
        )

    async def template(self, release: str, call: ChartCall, *, upgrade: bool = False) -> str:
        """Return the YAML that a chart renders to, asking no cluster; raises FaultError."""
        return await self._template(release, call, *_upgrading(upgrade))

    async def dry_run(self, release: str, call: ChartCall, *, upgrade: bool) -> str:
        """Return the YAML of an install or upgrade that the cluster's schema allows.

        Changes nothing; raises FaultError.
        """
        validating = "--dry-run=server" if await self.version() >= (4,) else "--validate"
        return await self._template(release, call, validating, *_upgrading(upgrade))

    async def _template(self, release: str, call: ChartCall, *more: str) -> str:
        return await self._program.read(
            f"render the chart {call.chart.name}",
            "template",
            *more,
            *call.arguments(),
            "--",
            release,
            str(call.chart),
            stdin=call.stdin(),
        )

    async def _forcing(self) -> list[str]:
        """Take fields back from who edited them by hand, as helm 3 always did.

        Helm 4 can do so by server-side apply only, which it does not choose for what helm 3 made.
        """
        four = await self.version() >= (4,)
        return ["--server-side=true", "--force-conflicts"] if four else []


def _upgrading(upgrade: bool) -> list[str]:
    return ["--is-upgrade"] if upgrade else []


def _csv(text: str) -> str:
    """Quote a value of those flags that helm reads as a line of CSV."""
    quoted = text.replace('"', '""')
    return f'"{quoted}"'


def _read(doing: str, parse: Callable[[str], T], told: str) -> T:
    try:
        return parse(told)
    except ValueError as error:
        raise FaultError(helm_unreadable(doing, str(error))) from error
