"""Who works here: for the history, and for who holds a lease."""

import getpass
import socket

from tui.engine.means import Author


def author_here() -> Author:
    """Return the user and this machine's name; an empty user where the system knows none."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = ""
    return Author(user, socket.gethostname())
