"""The supervisor: a kubelet and a deployment controller for one machine, as small as they can be.

One process per environment (`python -m tui.supervisor STATE`) keeps the app's processes, probes
them, owns the stable port and writes what they print into the spool. It outlives redraft, which
talks to it through a unix socket. PyPI's `supervisor` was looked at and not taken: its log files
carry no time per line and lose lines at rotation, signals come only as text, and it can neither
probe nor hold the stable port. To start fast it imports little: the standard library, a few model
classes, and psutil only in the moment it is needed.
"""
