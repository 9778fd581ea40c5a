"""Streams that end early; those of a real engine are read in tests/integration/docker."""

import asyncio
import sys

import pytest

from tui.clients.docker.streams import Stream


async def test_a_stream_without_a_connection_is_closed_without_the_sdk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "docker.types", None)  # whoever imports it fails
    stream = Stream[int](asyncio.get_running_loop())
    stream.close()
    assert stream.closed
