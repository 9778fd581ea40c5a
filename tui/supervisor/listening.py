"""Listening: which process listens on a port of this machine. All of it blocks."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from tui.supervisor.strays import in_session

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
"""Linux' own lists of sockets (proc(5)): the second field is the address, the fourth the state, the
tenth the inode by which the descriptors of processes name the socket."""
LISTEN = "0A"


def listens(leader: int, port: int) -> bool:
    """Whether a process of the leader's session listens on a port, or nobody can tell who does."""
    sockets = set(_sockets_at(port))
    return not sockets or any(not sockets.isdisjoint(_open_in(pid)) for pid in _session(leader))


def listening_ports(leader: int) -> tuple[int, ...]:
    """Return the TCP ports that a process and those of its session listen on."""
    import psutil

    ports: set[int] = set()
    for process in psutil.process_iter():
        if process.pid == os.getpid() or not in_session(process.pid, leader):
            continue
        with contextlib.suppress(psutil.Error):
            connections = process.net_connections(kind="tcp")
            ports |= {c.laddr.port for c in connections if c.status == psutil.CONN_LISTEN}
    return tuple(sorted(ports))


def holder_of(port: int) -> str:
    """Say which process listens on a port; empty when the system does not tell."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            for connection in process.net_connections(kind="tcp"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return f"{process.name()} (process {process.pid})"
    return ""


def _sockets_at(port: int) -> Iterator[str]:
    wanted = f":{port:04X}"
    for table in TABLES:
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines():
                fields = line.split() if wanted in line else []
                if fields and fields[1].endswith(wanted) and fields[3] == LISTEN:
                    yield f"socket:[{fields[9]}]"


def _session(leader: int) -> Iterator[int]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return (pid for pid in pids if in_session(pid, leader))


def _open_in(pid: int) -> Iterator[str]:
    """Yield what a process's descriptors stand for, as far as the system tells."""
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed just now
                yield str(descriptor.readlink())
