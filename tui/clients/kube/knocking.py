"""Knocking: one question to a port of a pod, through the API server and its node.

It reaches a pod as soon as its network is there, before the API knows its address.
"""

import asyncio

from tui.clients.asking import Answer, Question, UnansweredError, read_head, request_head
from tui.clients.kube.channels import DATA, forwarded, send
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession

PATIENCE = 2.0
"""Seconds for the whole of it."""


async def knock(session: KubeSession, namespace: str, pod: str, port: int, path: str) -> Answer:
    """Ask a pod for a path by HTTP; raises UnansweredError, and FaultError if there is no way."""
    way = f"/api/v1/namespaces/{segment(namespace)}/pods/{segment(pod)}/portforward"
    head = bytearray()
    try:
        async with (
            asyncio.timeout(PATIENCE),
            session.websocket(way, {"ports": str(port)}) as websocket,
        ):
            await send(websocket, DATA, request_head(Question("http", "localhost", port, path)))
            async for channel, content in forwarded(websocket):
                if channel != DATA:
                    raise UnansweredError(content.decode(errors="replace").strip())
                head += content
                if b"\n" in head:
                    return read_head(bytes(head))
    except (OSError, TimeoutError) as error:
        raise UnansweredError(str(error) or "no answer") from error
    raise UnansweredError("a closed connection instead of an answer")
