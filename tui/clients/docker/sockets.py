"""What a container listens on: Linux's tables of TCP sockets, read inside of it. Pure.

`/proc/net/tcp` and `tcp6` show the network namespace of whoever reads them. A line's second field
is `address:port` in hex, each 32-bit word of the address in the machine's byte order; state `0A`
is LISTEN (include/net/tcp_states.h).
"""

import struct
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LISTEN = "0A"


class Listening(NamedTuple):
    """Where somebody listens."""

    address: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only those inside can reach it."""
        return self.address == "::1" or self.address.startswith("127.")


def listening_sockets(tables: str) -> tuple[Listening, ...]:
    """Return who listens by the tables' text, each once; lines of another kind are passed over."""
    found = (_listening(line.split()) for line in tables.splitlines())
    return tuple(sorted({one for one in found if one is not None}, key=lambda one: one.port))


def _listening(fields: list[str]) -> Listening | None:
    if len(fields) < 4 or fields[3] != LISTEN:
        return None
    address, _, port = fields[1].partition(":")
    try:
        return Listening(_address(bytes.fromhex(address)), int(port, 16))
    except ValueError:
        return None


def _address(raw: bytes) -> str:
    words = struct.unpack(f"<{len(raw) // 4}I", raw)
    packed = struct.pack(f">{len(words)}I", *words)
    return str(IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed))
