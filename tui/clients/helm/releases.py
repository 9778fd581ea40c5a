"""What helm tells of a release, read from its JSON; helm 3 and 4 write the same keys. Pure."""

import json
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from tui.model.frozen import frozen

PENDING = frozenset({"pending-install", "pending-upgrade", "pending-rollback"})
GOOD = frozenset({"deployed", "superseded"})


@frozen
class HelmRevision:
    """One revision of a Helm release."""

    revision: int
    status: str
    """Helm's word: `deployed`, `superseded`, `failed`, `uninstalled`, `pending-upgrade`, ..."""
    updated: float = 0.0
    """Unix time in seconds."""
    chart: str = ""
    description: str = ""

    @property
    def pending(self) -> bool:
        """Whether helm is at it, or was when it died."""
        return self.status in PENDING

    @property
    def uninstalled(self) -> bool:
        """Whether nothing of it is left but its history."""
        return self.status == "uninstalled"


@frozen
class Hook:
    """What a chart has helm make at a moment of a release."""

    kind: str
    name: str
    """Empty where the cluster is to give it one."""


@frozen
class HelmRelease:
    """A Helm release as an install or an upgrade left it."""

    revision: HelmRevision
    manifest: str
    """The YAML documents that the chart rendered to."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The values given, without the chart's own."""
    notes: str = ""
    hooks: tuple[Hook, ...] = ()


def parse_list(text: str) -> tuple[HelmRevision, ...]:
    """Read `helm list` or `helm history`; raises ValueError when it is not theirs."""
    return tuple(_listed(entry) for entry in json.loads(text) or ())


def parse_release(text: str) -> HelmRelease:
    """Read `helm upgrade` or `helm status`; raises ValueError when it is not theirs."""
    plain = json.loads(text)
    if not isinstance(plain, dict):
        raise ValueError("no release of helm's: not an object")
    try:
        told = plain["info"]
        revision = HelmRevision(
            int(plain["version"]),
            str(told["status"]),
            unix_time(str(told.get("last_deployed", ""))),
            _chart_name(plain.get("chart") or {}),
            str(told.get("description", "")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no release of helm's: {error!r} is missing") from error
    return HelmRelease(
        revision,
        plain.get("manifest") or "",
        plain.get("config") or {},
        told.get("notes") or "",
        tuple(_hook(hook) for hook in plain.get("hooks") or ()),
    )


def unix_time(text: str) -> float:
    """Return the Unix time of one of helm's times; 0 for one that cannot be read.

    `helm list` writes Go's `2026-11-25 14:39:33.579034213 +0000 UTC`, the others RFC 3339.
    """
    words = text.split()
    if len(words) >= 3:
        text = f"{words[0]}T{words[1]}{words[2]}"
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0


def _listed(entry: Mapping[str, Any]) -> HelmRevision:
    try:
        return HelmRevision(
            int(entry["revision"]),
            str(entry["status"]),
            unix_time(str(entry.get("updated", ""))),
            str(entry.get("chart", "")),
            str(entry.get("description", "")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no list of helm's: {error!r} is missing") from error


def _hook(entry: Mapping[str, Any]) -> Hook:
    return Hook(str(entry.get("kind") or ""), str(entry.get("name") or ""))


def _chart_name(chart: Mapping[str, Any]) -> str:
    metadata = chart.get("metadata") or {}
    return f"{metadata.get('name', '')}-{metadata.get('version', '')}".strip("-")
