"""Channels: several streams in one websocket, as exec and port-forward use them.

Each binary message begins with a byte that names the channel (`v4.channel.k8s.io`). For exec these
are standard input, output and error, the outcome as a Status, and the terminal's size; for one
forwarded port they are its bytes and its errors, either of which begins with the port's number.
https://github.com/kubernetes/design-proposals-archive/blob/main/api-machinery/api-group.md
"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import aiohttp

from tui.clients.kube.transport import Websocket

STDIN, STDOUT, STDERR, OUTCOME, RESIZE = range(5)
DATA, ERROR = 0, 1


async def messages(websocket: Websocket) -> AsyncGenerator[tuple[int, bytes], None]:
    """Yield channel and content of each message, to the end."""
    async for message in websocket:
        if message.type is aiohttp.WSMsgType.BINARY and message.data:
            yield message.data[0], message.data[1:]


async def forwarded(websocket: Websocket) -> AsyncGenerator[tuple[int, bytes], None]:
    """Yield channel and content of each message of one forwarded port, without its number."""
    begun = set[int]()
    async with aclosing(messages(websocket)) as found:
        async for channel, content in found:
            if channel in begun:
                yield channel, content
            begun.add(channel)


async def send(websocket: Websocket, channel: int, content: bytes) -> None:
    """Send on a channel; raises what a broken connection raises."""
    await websocket.send_bytes(bytes((channel,)) + content)


def exit_code(outcome: bytes) -> int:
    """Read the outcome of an exec; raises ValueError with the API's words where nothing ran."""
    status: dict[str, Any] = json.loads(outcome)
    if status.get("status") == "Success":
        return 0
    causes = (status.get("details") or {}).get("causes") or ()
    for cause in causes:
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise ValueError(str(status.get("message", "")))
