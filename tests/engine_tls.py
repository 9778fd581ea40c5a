"""A real engine behind TLS, with certificates of both sides."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from tests.carrying import Relay
from tests.testbed import engine_environment
from tui.clients.docker.endpoint import find_endpoint
from tui.clients.listening import shut


@asynccontextmanager
async def tls_engine(folder: Path) -> AsyncIterator[Mapping[str, str]]:
    """Put the engine's socket behind TLS on loopback; yield the environment that names it.

    Whoever comes must prove who they are.
    """
    make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    path = find_endpoint(engine_environment()).host.removeprefix("unix://")
    relay = Relay(partial(asyncio.open_unix_connection, path))
    server = await asyncio.start_server(relay.forward, "127.0.0.1", 0, ssl=context)
    try:
        host = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield {
            **engine_environment(),
            "DOCKER_HOST": host,
            "DOCKER_TLS_VERIFY": "1",
            "DOCKER_CERT_PATH": str(folder),
        }
    finally:
        await shut(server)
        await relay.close()


def make_certificate(folder: Path) -> None:
    """Write ca.pem, cert.pem and key.pem of one on 127.0.0.1 who vouches for themselves."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "1", "-subj", "/CN=redraft test"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    (folder / "ca.pem").write_bytes((folder / "cert.pem").read_bytes())
