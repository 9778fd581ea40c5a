"""Giving the terminal away for a while: a shell in a container, the cockpit coming back after.

The loop goes on meanwhile: logs are collected, the rollout is followed. Only the screen must keep
still, for the terminal is not ours: `batch_update` holds every paint back, and the last `refresh`
makes up for all of them.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.model.faults import FaultError
from tui.model.printing import printable
from tui.ports.capabilities import Terminal
from tui.view.screens.shells import Target

if TYPE_CHECKING:
    from tui.view.host import Host
    from tui.view.session import Loop


async def shell_in(app: "Host", engine: "Loop", target: Target) -> None:
    """Run a shell in a container on the terminal and say how it ended, unless it ended well."""
    try:
        with _aside(app):
            terminal = _terminal()
            os.write(terminal.output, present_welcome(target).encode())
            code = await engine.shell(target.pod, target.container, terminal)
    except FaultError as error:
        app.say(f"{error.fault.sentence}: {error.fault.remedy}", "error")
        return
    finally:
        app.refresh(layout=True)
    if code:
        app.say(f"the shell in {target.pod} ended with code {code}")


@contextmanager
def _aside(app: "Host") -> Iterator[None]:
    """Take the screen away while the `with` lasts, however it ends.

    Textual's own `suspend` does not give it back where something is raised inside.
    """
    raised: BaseException | None = None
    with app.batch_update(), app.suspend():
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - raised again below
            raised = error
    if raised is not None:
        raise raised


def present_welcome(target: Target) -> str:
    """Return the line above the shell: where it is, and how to come back."""
    where = printable(f"{target.pod} · {target.container}")
    return f"\r\nA shell in {where}; `exit` brings the cockpit back.\r\n"


def _terminal() -> Terminal:
    assert sys.__stdin__ is not None, "a cockpit has a terminal"
    assert sys.__stdout__ is not None, "a cockpit has a terminal"
    return Terminal(sys.__stdin__.fileno(), sys.__stdout__.fileno())
