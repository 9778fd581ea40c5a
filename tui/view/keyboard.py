"""Reading keys: asleep until one is pressed.

Textual's own thread for this wakes ten times a second to see whether it is to end, and whether an
Escape stands alone: a quarter of what an idle cockpit costs. This one sleeps until the terminal has
something or the end is told; only after a key does it look once more, for an Escape by itself.
"""

import os
from codecs import getincrementaldecoder
from select import select
from threading import Event
from typing import Any
from weakref import finalize

from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

READ = 4096
"""Bytes read at once."""


class Bell(Event):
    """An event that can be waited for together with files: readable while it is set."""

    def __init__(self) -> None:
        super().__init__()
        self._reading, self._writing = os.pipe()
        for descriptor in (self._reading, self._writing):
            finalize(self, os.close, descriptor)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self._reading

    def set(self) -> None:
        """Set the event; not while it is set."""
        super().set()
        os.write(self._writing, b"\0")

    def clear(self) -> None:
        """Clear the event; only while it is set."""
        super().clear()
        os.read(self._reading, 1)


class Keyboard(LinuxDriver):
    """Textual's driver for Linux and macOS with a thread for the keys that sleeps."""

    def __init__(self, *options: Any, **named: Any) -> None:
        super().__init__(*options, **named)
        self.exit_event: Bell = Bell()

    def run_input_thread(self) -> None:
        """Tell the app of what is pressed until `exit_event` is set, or the terminal is gone."""
        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")().decode
        patience = None
        while not self.exit_event.is_set():
            ready, _, _ = select([self.fileno, self.exit_event], [], [], patience)
            if self.fileno in ready:
                data = os.read(self.fileno, READ)
                if not data:
                    return
                if text := decode(data):  # none before the last byte of a character
                    for message in parser.feed(text):
                        self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
            patience = ESCAPE_DELAY if ready else None
