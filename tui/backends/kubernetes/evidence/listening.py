"""Listening: the open TCP ports of a pod, read from its `/proc/net/tcp`. Pure.

One socket a line, its local address as hexadecimal words in the machine's byte order (little-endian
wherever Kubernetes runs), `0A` for a socket that listens (proc(5)).
"""

from tui.model.frozen import frozen

LISTENS = "0A"
LOOPBACK_6 = "00000000000000000000000001000000"
LOOPBACK_4 = "7F"
"""Ends 127.x.x.x, its first byte being the last."""
MAPPED = "0000000000000000FFFF0000"
"""Begins an IPv4 address within an IPv6 one."""


@frozen
class Listening:
    """Ports of a pod."""

    outside: tuple[int, ...] = ()
    """Those that other pods can reach."""
    locally: tuple[int, ...] = ()
    """Those on loopback addresses only."""


def parse_listening(proc_net_tcp: str) -> Listening:
    """Read the text of `/proc/net/tcp` and `/proc/net/tcp6`; what is no such line is left out."""
    sockets = [found for line in proc_net_tcp.splitlines() if (found := _socket(line.split()))]
    outside = {port for port, local in sockets if not local}
    locally = {port for port, local in sockets if local} - outside
    return Listening(tuple(sorted(outside)), tuple(sorted(locally)))


def _socket(words: list[str]) -> tuple[int, bool] | None:
    if len(words) < 4 or words[3] != LISTENS:
        return None
    address, _, port = words[1].partition(":")
    try:
        return int(port, 16), _loopback(address)
    except ValueError:
        return None


def _loopback(address: str) -> bool:
    if len(address) == len(LOOPBACK_6) and not address.startswith(MAPPED):
        return address == LOOPBACK_6
    return address.endswith(LOOPBACK_4)
