"""Guarding: an error in a handler becomes a fault on the screen instead of the end of it.

Textual ends the message loop of a widget whose handler raises, and then the app. `Guarded` catches
the error around each message, so that the loop of what is guarded (the app and its screens) goes
on; `Host.trouble` writes the traceback to the log file and tells the user.
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
        except Exception as error:  # noqa: BLE001 - told on the screen and in the log file
            tell_trouble(self, error)


def tell_trouble(where: MessagePump, error: Exception) -> None:
    """Have the cockpit tell an error; raises it again in an app that is none."""
    trouble = getattr(where.app, "trouble", None)
    if trouble is None:
        raise error
    trouble(error)
