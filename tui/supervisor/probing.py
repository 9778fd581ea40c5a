"""Probing: whether a replica answers, asked over and over until it does.

A probe tries 127.0.0.1 and then ::1, since an app told to listen on "localhost" may choose either.
"""

import asyncio
import contextlib

HOSTS = ("127.0.0.1", "::1")
PATIENCE = 5.0
"""Seconds an HTTP answer may take."""


class ProbeError(Exception):
    """The probe failed; its text says what it saw."""


def probe_pause(elapsed: float) -> float:
    """Return the seconds until the next probe, `elapsed` seconds after the start."""
    return min(0.5, max(0.005, elapsed / 20))


async def probe(port: int, path: str) -> str:
    """Return the host that answers: HTTP below 400 from `path`, a connection when it is empty.

    Raises ProbeError.
    """
    refused = f"connection refused on port {port}"
    for host in HOSTS:
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
