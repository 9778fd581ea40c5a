"""Copying files into a container that runs, and removing some from it, by its own programs.

As with `kubectl cp`, the container's `tar` unpacks what comes by standard input. That cannot be
closed by itself in this version of the protocol, and GNU tar reads on to its end: so `head` passes
on as many bytes as there are, and ends.
"""

import asyncio
from contextlib import aclosing, suppress

from tui.clients.kube.channels import OUTCOME, STDIN, exit_code, messages, send
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.clients.kube.transport import Websocket
from tui.model.faults import Fault, FaultError

SCRIPT = """size=$1; shift
test $# = 0 || rm -f -- "$@" || exit
test "$size" = 0 || head -c "$size" | tar -xmof - -C /"""
CHUNK = 32 << 10
MOST_SAID = 4 << 10
"""Bytes kept of what the programs say."""


async def copy_into(
    session: KubeSession,
    namespace: str,
    pod: str,
    container: str,
    tar: bytes,
    removed: tuple[str, ...],
) -> None:
    """Remove files from a container, then unpack a tar at its root; raises FaultError.

    What it does it does as the container's user. Closing the connection ends it.
    """
    path = f"/api/v1/namespaces/{segment(namespace)}/pods/{segment(pod)}/exec"
    query = [("container", container), ("stdin", "true"), ("stdout", "true"), ("stderr", "true")]
    query += [("command", part) for part in ("sh", "-c", SCRIPT, "sh", str(len(tar)), *removed)]
    async with session.websocket(path, query) as websocket:
        sending = asyncio.create_task(_send(websocket, tar))
        try:
            outcome, said = await _end(websocket)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    words = said.decode(errors="replace").splitlines()
    if fault := _fault(outcome, container, tuple(words)):
        raise FaultError(fault)


async def _send(websocket: Websocket, content: bytes) -> None:
    with suppress(OSError):  # it has ended; its outcome says how
        for at in range(0, len(content), CHUNK):
            await send(websocket, STDIN, content[at : at + CHUNK])


async def _end(websocket: Websocket) -> tuple[bytes, bytes]:
    """Return the outcome, empty where the connection broke, and the begin of what was said."""
    said = b""
    async with aclosing(messages(websocket)) as found:
        async for channel, content in found:
            if channel == OUTCOME:
                return content, said
            said = (said + content)[:MOST_SAID]
    return b"", said


def _fault(outcome: bytes, container: str, said: tuple[str, ...]) -> Fault | None:
    """Return what went wrong; None where all was done."""
    if not outcome:
        return _failed(container, "the connection broke", *said)
    try:
        code = exit_code(outcome)
    except ValueError as error:
        return _failed(container, str(error), *said)
    return _failed(container, *(said or (f"exit code {code}",))) if code else None


def _failed(container: str, *evidence: str) -> Fault:
    return Fault(
        "sync-failed", f"no files could be copied into the container {container}", evidence=evidence
    )
