import asyncio
import socket

import pytest

from tui.clients.listening import TURNS, shut


@pytest.mark.parametrize("turns", range(TURNS + 1))
async def test_a_connection_accepted_just_before_is_served_to_its_end(turns: int) -> None:
    served = 0

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        served += 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()) as client:
        client.setblocking(False)
        for _ in range(turns):
            await asyncio.sleep(0)
        await shut(server)
        ended = await asyncio.wait_for(ended_how(client), 5.0)
    assert ended == ("answered" if served else "refused")


async def ended_how(client: socket.socket) -> str:
    try:
        await asyncio.get_running_loop().sock_recv(client, 1)
    except ConnectionResetError:
        return "refused"
    return "answered"


async def test_one_that_is_shut_takes_no_more() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await shut(server)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(*address)
