"""Probing: whether a replica answers, asked over and over until it does, and calmly from then on.

A probe tries 127.0.0.1 and then ::1, since an app told to listen on "localhost" may choose either.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

HOSTS = ("127.0.0.1", "::1")
PATIENCE = 5.0
"""Seconds an HTTP answer may take."""
CALM = 10.0
"""Seconds between two probes of a replica that is ready: as a kubelet does it."""
DOUBT = 1.0
"""Seconds between two probes once one has failed."""
BELIEVED = 3
"""Failures in a row that take readiness away."""


class ProbeError(Exception):
    """The probe failed; its text says what it saw."""


def probe_pause(elapsed: float) -> float:
    """Return the seconds until the next probe, `elapsed` seconds after the start."""
    return min(0.5, max(0.005, elapsed / 20))


async def losses(
    ask: Callable[[], Awaitable[object]], calm: float = CALM, doubt: float = DOUBT
) -> AsyncGenerator[str, None]:
    """Probe a replica that is ready, for ever; `ask` probes once and raises ProbeError.

    Yield what a probe saw when readiness is lost, and again while that changes; an empty text when
    it is there again.
    """
    failures, told = 0, ""
    while True:
        await asyncio.sleep(doubt if failures else calm)
        try:
            await ask()
            failures, seen = 0, ""
        except ProbeError as error:
            failures, seen = failures + 1, str(error)
        if seen != told and (not seen or failures >= BELIEVED):
            told = seen
            yield seen


async def probe(port: int, path: str, hosts: tuple[str, ...] = HOSTS) -> str:
    """Return the host that answers: HTTP below 400 from `path`, a connection when it is empty.

    Raises ProbeError.
    """
    refused = f"connection refused on port {port}"
    for host in hosts:
        try:
            async with asyncio.timeout(PATIENCE):
                return await _probe_host(host, port, path)
        except TimeoutError:
            raise ProbeError(f"no answer within {PATIENCE:.0f} s from port {port}{path}") from None
        except OSError:
            continue
    raise ProbeError(refused)


async def _probe_host(host: str, port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        if path:
            writer.write(_request(port, path))
            await _check_answer(reader, path)
        return host
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _request(port: int, path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: redraft-probe\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    ).encode()


async def _check_answer(reader: asyncio.StreamReader, path: str) -> None:
    try:
        line = await reader.readline()
    except ValueError as error:
        raise ProbeError(f"what answers on {path} does not speak HTTP") from error
    except ConnectionError as error:
        raise ProbeError(f"the connection was closed instead of answering {path}") from error
    words = line.split(maxsplit=2)
    if not line:
        raise ProbeError(f"the connection was closed instead of answering {path}")
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise ProbeError(f"what answers on {path} does not speak HTTP")
    if int(words[1]) >= 400:
        raise ProbeError(f"HTTP {int(words[1])} from {path}")
