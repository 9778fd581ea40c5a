"""Asking real servers on loopback, good ones and bad ones."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clients import asking
from tui.clients.asking import Answer, Question, UnansweredError, UntrustedError, ask, read_head

LOCAL = "127.0.0.1"


class Server:
    """Gives prepared answers, by path, and keeps what it was asked."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.asked: list[str] = []
        self.answers = answers
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        writer.write(self.answers.get(head.split()[1], b""))
        writer.close()

    def question(self, path: str = "/", host: str = LOCAL) -> Question:
        return Question("http", host, self.port, path)


@asynccontextmanager
async def serving(
    answers: dict[str, bytes], context: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    server = Server(answers)
    async with await asyncio.start_server(server.serve, LOCAL, 0, ssl=context) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


def answer(status: str, *fields: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *fields, "", "")).encode()


async def test_the_status_is_told_and_the_host_of_the_url_is_asked_for() -> None:
    async with serving({"/shop": answer("502 Bad Gateway")}) as server:
        assert await ask(server.question("/shop", "shop.test"), LOCAL) == Answer(502)
    (head,) = server.asked
    assert f"\r\nHost: shop.test:{server.port}\r\n" in head
    assert "authorization" not in head.lower()


async def test_a_name_below_localhost_is_this_machine_as_browsers_have_it() -> None:
    async with serving({"/": answer("200 OK")}) as server:
        assert await ask(server.question(host="shop.localhost"), "shop.localhost") == Answer(200)


async def test_a_redirect_on_the_same_host_is_followed() -> None:
    answers = {"/": answer("302 Found", "Location: /login?next=1"), "/login?next=1": answer("200")}
    async with serving(answers) as server:
        assert await ask(server.question(), LOCAL) == Answer(200)


@pytest.mark.parametrize("there", ["http://elsewhere.test/in", "https://127.0.0.1/in", "//x/in"])
async def test_a_redirect_to_another_origin_is_told_and_not_followed(there: str) -> None:
    answers = {"/": answer("301 Moved", f"Location: {there}"), "/in": answer("200")}
    async with serving(answers) as server:
        assert await ask(server.question(), LOCAL) == Answer(301, there)
    assert len(server.asked) == 1


async def test_redirects_in_a_circle_come_to_an_end() -> None:
    async with serving({"/": answer("302 Found", "Location: /")}) as server:
        assert (await ask(server.question(), LOCAL)).status == 302
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "a closed connection"), (b"+OK ready\r\n\r\n", "no HTTP"), (b"x" * 90_000, "no HTTP")],
    ids=["closed", "other protocol", "endless"],
)
async def test_what_is_no_answer_is_said(content: bytes, said: str) -> None:
    async with serving({"/": content}) as server:
        with pytest.raises(UnansweredError, match=said):
            await ask(server.question(), LOCAL)


async def test_a_closed_port_is_refused() -> None:
    with socket.create_server((LOCAL, 0)) as free:
        port = free.getsockname()[1]
    for scheme in ("http", "tcp"):
        with pytest.raises(UnansweredError, match="connection refused"):
            await ask(Question(scheme, LOCAL, port), LOCAL)


async def test_silence_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    with socket.create_server((LOCAL, 0)) as silent:
        question = Question("http", LOCAL, silent.getsockname()[1])
        with pytest.raises(UnansweredError, match="no answer within"):
            await ask(question, LOCAL)
        assert await ask(Question("tcp", LOCAL, question.port), LOCAL) == Answer()


async def test_a_certificate_of_nobody_known_is_not_accepted(
    certificate: Callable[[str], ssl.SSLContext],
) -> None:
    async with serving({"/": answer("200")}, certificate("shop.test")) as server:
        with pytest.raises(UntrustedError, match=r"self.signed"):
            await ask(Question("https", "shop.test", server.port), LOCAL)
    assert server.asked == []


@pytest.mark.parametrize("host", ["a" * 80 + ".test", "no..such"])
async def test_a_name_that_cannot_be_is_said(host: str) -> None:
    with pytest.raises(UnansweredError, match="no DNS entry"):
        await ask(Question("http", host, 80), host)


@given(st.text(), st.integers(1, 65535))
def test_no_path_can_add_a_header(path: str, port: int) -> None:
    head = asking.request_head(Question("http", "shop.test", port, f"/{path}"))
    assert head.count(b"\r\n") == 6
    assert head.split(b"\r\n")[0].count(b" ") == 2


@given(st.binary())
def test_any_head_is_an_answer_or_none(content: bytes) -> None:
    with suppress(UnansweredError):
        assert 0 <= read_head(content).status <= 999


@pytest.mark.parametrize(
    ("question", "url"),
    [
        (Question("http", "shop.test", 80), "http://shop.test"),
        (Question("https", "shop.test", 443, "/api"), "https://shop.test/api"),
        (Question("http", "::1", 8080), "http://[::1]:8080"),
        (Question("tcp", LOCAL, 30000), "tcp://127.0.0.1:30000"),
    ],
)
def test_urls_are_as_short_as_they_may_be(question: Question, url: str) -> None:
    assert question.url == url


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[[str], ssl.SSLContext]:
    """Return a maker of server contexts with a certificate that signed itself."""

    def make(name: str) -> ssl.SSLContext:
        key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"]
        words += ["ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key), "-out", str(cert)]
        words += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "2"]
        subprocess.run(words, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        return context

    return make
