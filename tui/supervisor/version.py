"""The protocol's version: both sides must speak the same.

It rises with every change of what crosses the socket, requests or answers; a test knows the fields
of each version. `ping` and `stop` stay as they are in every one: a redraft of another version asks
for them in the supervisor's own, and so can delete an app that it cannot follow.
"""

VERSION = 2
