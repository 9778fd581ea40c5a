"""Adopting: what draft.toml comes to say while it is open is taken over where that is harmless.

Most settings are read by whoever goes by them, each time. What has to be done at once is done here:
the watcher's quiet period, pausing, local ports, and what must be typed before a change. Where the
file is wrong, or would have the environment run elsewhere, all stays as it was and that is told.
"""

import asyncio
from collections.abc import Callable
from dataclasses import fields, replace

from tui.config.deployed import deployed_by
from tui.config.draft_toml import FILES
from tui.config.environment import Environment
from tui.engine.bus import Bus
from tui.engine.connecting import Connector
from tui.model import events as e
from tui.model.changes import Change
from tui.model.commands import Command, PauseWatch, ResumeWatch
from tui.model.faults import FaultError
from tui.ports.settings import Settings, SettingsSource
from tui.ports.watching import Watcher


class Adoption:
    """Takes over the settings of one open environment."""

    def __init__(
        self,
        source: SettingsSource,
        bus: Bus,
        connector: Connector,
        receive: Callable[[Command], None],
    ) -> None:
        self._source = source
        self._bus = bus
        self._connector = connector
        self._receive = receive

    async def adopted(self, watcher: Watcher, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Look at the settings if these changes are theirs; return the changes.

        A file that says something new counts, for it decides what runs, whatever ignores it.
        """
        if not any(change.path in FILES for change in changes):
            return changes
        before = self._source.now
        try:
            now = await asyncio.to_thread(self._source.read)
        except FaultError as error:
            names = await asyncio.to_thread(self._source.names)
            self._bus.publish(e.SettingsRefused(error.fault, names))
            return changes
        corrected = self._bus.state.settings_fault is not None
        if now == before and not corrected:
            return changes
        self._publish(before, now)
        self._follow(watcher, before.environment, now.environment)
        counts = corrected or now.environment != before.environment
        return tuple(_counted(change) if counts else change for change in changes)

    def _publish(self, before: Settings, now: Settings) -> None:
        protection = now.protection
        if protection == before.protection:
            protection = self._bus.state.protection  # its name may have been typed
        environment = now.environment
        keys = changed_keys(before.environment, environment)
        self._bus.publish(
            e.SettingsChanged(
                environment.name, now.environments, environment.pack, protection, keys
            )
        )

    def _follow(self, watcher: Watcher, before: Environment, now: Environment) -> None:
        watcher.quiet, watcher.beside = now.watch_delay, deployed_by(now)
        if now.watch != before.watch:
            self._receive(ResumeWatch() if now.watch else PauseWatch())
        if self._connector.open and now.override_ports != before.override_ports:
            self._connector.disconnect()
            self._connector.connect()
        if now.auto_connect and not before.auto_connect:
            self._connector.connect()


def _counted(change: Change) -> Change:
    return replace(change, ignored_by="") if change.path in FILES else change


def changed_keys(before: Environment, now: Environment) -> tuple[str, ...]:
    """Return the keys of draft.toml by which two readings of it differ. Pure."""
    names = (field.name for field in fields(now))
    return tuple(n.replace("_", "-") for n in names if getattr(before, n) != getattr(now, n))
