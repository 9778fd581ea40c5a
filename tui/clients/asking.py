"""Asking an address whether it answers, as a browser would: by HTTP, HTTPS or plain TCP.

One request a question, without credentials and proxies; certificates are always verified. Only a
redirect to the very same origin is followed. Of an answer nothing but its head is read. Names below
`localhost` are this machine's whatever DNS says of them (RFC 6761, 6.3), as browsers have it.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit

from tui.model.frozen import frozen

Scheme = Literal["http", "https", "tcp"]
PATIENCE = 3.0
"""Seconds for the whole of one question, redirects included."""
REDIRECTS = 3
HEAD = 64 << 10
"""Bytes of an answer's head."""
LOCATION = 200
"""Characters of a redirect's target that are worth telling."""
DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE = "/:@!$&'()*+,;=~%-._?"
"""What a request's target may hold unquoted."""


class UnansweredError(Exception):
    """Nothing came back; its text says what happened instead."""


class UntrustedError(UnansweredError):
    """The certificate was not accepted."""


@frozen
class Question:
    """What to ask, and of whom."""

    scheme: Scheme
    host: str
    """Name or IP address that the URL has."""
    port: int
    path: str = "/"

    @property
    def url(self) -> str:
        """The URL, without a port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = DEFAULT_PORTS.get(self.scheme) == self.port
        path = "" if self.scheme == "tcp" or self.path == "/" else self.path
        return f"{self.scheme}://{host}{'' if usual else f':{self.port}'}{path}"


@frozen
class Answer:
    """What came back."""

    status: int = 0
    """HTTP's status; 0 where a connection is all there was to have."""
    location: str = ""
    """Where a redirect leads that was not followed."""


async def ask(question: Question, address: str) -> Answer:
    """Ask by a connection to `address`, whatever the URL's host is; raises UnansweredError."""
    try:
        async with asyncio.timeout(PATIENCE):
            if question.scheme == "tcp":
                async with _connection(question, address):
                    return Answer()
            return await _follow(question, address)
    except ssl.SSLCertVerificationError as error:
        raise UntrustedError(f"untrusted certificate ({error.verify_message})") from error
    except (OSError, UnicodeError) as error:
        raise UnansweredError(_what_happened(error)) from error


def _what_happened(error: OSError | UnicodeError) -> str:
    match error:
        case TimeoutError():
            return f"no answer within {PATIENCE:.0f} s"
        case ConnectionRefusedError():
            return "connection refused"
        case socket.gaierror() | UnicodeError():
            return "no DNS entry"
        case ssl.SSLError():
            return f"no TLS ({error.reason or error})"
        case _:
            return error.strerror or str(error) or type(error).__name__


async def _follow(question: Question, address: str) -> Answer:
    for _ in range(REDIRECTS):
        answer = await _request(question, address)
        there = _same_origin(question, answer.location)
        if there is None:
            return answer
        question = there
    return await _request(question, address)


def _same_origin(question: Question, location: str) -> Question | None:
    """Return the question that a redirect asks for, None when it leads elsewhere or nowhere."""
    if not location:
        return None
    try:
        there, here = urlsplit(urljoin(question.url, location)), urlsplit(question.url)
    except ValueError:
        return None
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        return None
    query = f"?{there.query}" if there.query else ""
    return replace(question, path=(there.path or "/") + query)


async def _request(question: Question, address: str) -> Answer:
    async with _connection(question, address) as (reader, writer):
        writer.write(request_head(question))
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if not error.partial:
                raise UnansweredError("a closed connection instead of an answer") from error
            head = error.partial
        except asyncio.LimitOverrunError as error:
            raise UnansweredError("an answer that is no HTTP") from error
    return read_head(head)


def request_head(question: Question) -> bytes:
    """Return the request for a page, after whose answer the connection ends."""
    authority = urlsplit(question.url).netloc
    return (
        f"GET {quote(question.path, safe=SAFE)} HTTP/1.1\r\nHost: {authority}\r\n"
        "User-Agent: redraft-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    ).encode("ascii", "replace")


def read_head(head: bytes) -> Answer:
    """Read status and redirect of an answer's head; raises UnansweredError when it is none."""
    first, *fields = head.decode("latin-1").split("\r\n")
    words = first.split(maxsplit=2)
    status = words[1] if len(words) > 1 and words[0].startswith("HTTP/") else ""
    if not (status.isascii() and status.isdigit() and len(status) == 3):
        raise UnansweredError("an answer that is no HTTP")
    named = (field.partition(":") for field in fields)
    location = next((v.strip() for name, _, v in named if name.lower() == "location"), "")
    return Answer(int(status), location[:LOCATION] if status.startswith("3") else "")


@asynccontextmanager
async def _connection(
    question: Question, address: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    tls = question.scheme == "https"
    reader, writer = await asyncio.open_connection(
        "localhost" if address.endswith(".localhost") else address,
        question.port,
        limit=HEAD,
        ssl=await asyncio.to_thread(_trust) if tls else None,
        server_hostname=question.host if tls else None,
    )
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@cache
def _trust() -> ssl.SSLContext:
    """Return what this machine trusts; reading it takes a moment."""
    return ssl.create_default_context()
