"""Ending a server so that no connection stays half-way from the kernel to whoever serves it."""

import asyncio

TURNS = 5
"""Turns of the loop after which what serves a connection has begun since it was accepted."""


async def shut(server: asyncio.Server) -> None:
    """Accept no more, and have what was accepted begin to be served; then close the server.

    One that is closed in between leaves the connection open and its client waiting: its transport
    cannot be made any more, which asyncio passes over (CPython's issue 109564).
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    try:
        for _ in range(TURNS):
            await asyncio.sleep(0)
    finally:
        server.close()
