"""Guarding: an error in a handler becomes a fault on the screen instead of the end of it.

Textual ends the message loop of a widget whose handler raises, and then the app. `Guarded` catches
the error around each message, so that the loop of what is guarded (the app, its screens, its
panels) goes on; `Cockpit.trouble` writes the traceback to the log file and tells the user.
"""

from typing import TYPE_CHECKING

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.message import Message


class Guarded(MessagePump):
    """Mixed in before a Textual class whose message loop must go on."""

    async def _dispatch_message(self, message: "Message") -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            from tui.view.cockpit import Cockpit

            if not isinstance(self.app, Cockpit):
                raise
            self.app.trouble(error)
