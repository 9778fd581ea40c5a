"""The host: what a cockpit is to those that act on it, an app with a session that says things."""

import asyncio
from typing import TYPE_CHECKING

from tui.model.state import State
from tui.view.guarding import Guarded
from tui.view.keyboard import Keyboard
from tui.view.session import Session
from tui.view.type_ahead import TypeAhead

if TYPE_CHECKING:
    from tui.model.commands import Command
    from tui.model.faults import Fault

MOST_TROUBLES = 50
"""Errors written to the log file; the same one again and again is not told again."""


class Host(Guarded, TypeAhead):
    """Knows one environment's session; errors of its own become faults, and it goes on."""

    def __init__(self, session: Session) -> None:
        super().__init__(driver_class=Keyboard)
        self.session = session
        self.painted = asyncio.Event()
        """Set once the first paint is on the screen: now heavy things may be loaded."""
        self.faults: list[Fault] = []
        """Errors of the screen itself, newest last."""

    @property
    def state(self) -> State:
        """What is known now."""
        if self.session.engine is not None:
            return self.session.engine.state
        if self.session.glance is not None:
            return self.session.glance
        return State(name=self.session.project.name, project=str(self.session.project))

    def submit(self, command: "Command") -> None:
        """Ask the engine for something."""
        if self.session.engine is not None:
            self.session.engine.submit(command)

    def say(self, text: str, severity: str = "information") -> None:
        """Show a passing notice; the text is data, never markup."""
        from tui.model.printing import printable

        error = severity == "error"
        self.notify(
            printable(text),
            markup=False,
            severity="error" if error else "information",
            timeout=10 if error else 5,
        )

    def trouble(self, error: BaseException) -> None:
        """Write an error's traceback to the log file and tell the user, once for each error."""
        from tui.engine.outcomes import unexpected

        known = [fault.evidence for fault in self.faults]
        if (str(error),) in known or len(known) >= MOST_TROUBLES:
            return
        fault = unexpected(error, "drawing the screen")
        self.faults.append(fault)
        self.say(f"{fault.sentence}: {error}", "error")

    def _handle_exception(self, error: Exception) -> None:
        """Keep the app open after an error; only one before the first paint ends it."""
        if not self.painted.is_set():
            super()._handle_exception(error)
        else:
            self.trouble(error.__cause__ or error)
