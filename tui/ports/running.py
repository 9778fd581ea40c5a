"""The protocol of running commands on this machine; `capabilities.Executing` runs them in a pod.

Neither is ever given a shell string that was put together from other texts: a command is an argv,
and one of draft.toml's texts is an argument of `sh -c`. Both obey cancellation at once and leave
nothing running when they were cancelled.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from tui.model.frozen import frozen

TellLines = Callable[[tuple[str, ...]], None]
"""Takes lines as they are printed; never blocks, never raises."""


@frozen
class CommandEnd:
    """How a command ended."""

    code: int
    """Exit code; negative for a signal."""
    last_lines: tuple[str, ...] = ()
    """The last lines it printed, both streams together, at most 30."""


class CommandRunner(Protocol):
    """Runs commands on this machine, in the project's folder."""

    async def run(
        self, argv: tuple[str, ...], env: Mapping[str, str], tell: TellLines
    ) -> CommandEnd:
        """Run a command to its end; `env` is added to redraft's own environment.

        Raises OSError when it cannot be started.
        """
