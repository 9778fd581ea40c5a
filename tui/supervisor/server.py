"""The server: answers redraft on the unix socket, any number of them at once.

One request a connection. A stream (`watch`, `follow`) ends when its client goes: that is noticed by
reading, not by the next failing write, so that forgotten watchers do not gather.
"""

import asyncio
import contextlib
import dataclasses
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tui.model.faults import Fault, FaultError
from tui.supervisor.controller import Controller
from tui.supervisor.protocol import (
    app_from,
    decode,
    encode,
    fault_answer,
    version_fault,
)
from tui.supervisor.pulse import Pulse
from tui.supervisor.version import VERSION
from tui.supervisor.witness import Witness

log = logging.getLogger("redraft.supervisor")

OK = {"ok": True}
BREATH = 0.05
"""Seconds between two pictures of a stream."""


class Server:
    """Speaks the protocol."""

    def __init__(
        self,
        controller: Controller,
        changed: Pulse,
        grown: Pulse,
        prepared: Callable[[], Awaitable[None]],
        witness: Witness,
    ) -> None:
        self._controller = controller
        self._changed = changed
        self._grown = grown
        self._prepared = prepared
        self._witness = witness
        self.connections = 0
        """How many clients are connected."""
        self.stopped = asyncio.Event()
        """Set when a client asked us to end and everything has ended."""

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        self.connections += 1
        try:
            await self._answer(decode(await reader.readline()), reader, writer)
        except FaultError as error:
            await _send(writer, fault_answer(error.fault))
        except ConnectionError:
            log.info("a client went away")
        except ValueError as error:
            await _send(writer, fault_answer(Fault("supervisor-request", f"bad request: {error}")))
        except Exception as error:  # the app must go on whatever one request does
            log.exception("unexpected error while answering")
            told = Fault("internal-error", f"the supervisor made a mistake: {error!r}")
            await _send(writer, fault_answer(told))
        finally:
            self.connections -= 1
            writer.close()

    async def _answer(
        self,
        message: Mapping[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if (version := message.get("version")) != VERSION:
            raise FaultError(version_fault(VERSION, version, os.getpid()))
        match message.get("op"):
            case "apply":
                await self._prepared()
                await self._controller.apply(app_from(message))
                await _send(writer, OK)
            case "ping":
                await _send(writer, OK | {"pid": os.getpid()})
            case "stop":
                await self._controller.stop()
                await _send(writer, OK)
                self.stopped.set()
            case "watch":
                await self._stream(reader, writer, self._changed, self._rollout)
            case "follow":
                await self._stream(reader, writer, self._grown, lambda: {"spool": True})
            case "witness" | "attest" | "unchanged":
                await _send(writer, await self._testify(message))
            case other:
                raise ValueError(f"unknown op {other!r}")

    async def _testify(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer what is for the witness; raises ValueError when a field is missing."""
        try:
            match message["op"]:
                case "witness":
                    turn = await self._witness.watch(message["folders"], message["files"])
                    return OK | {"turn": turn}
                case "attest":
                    fields = ("turn", "revision", "question", "told", "logged", "door")
                    said = self._witness.attest(*(message[field] for field in fields))
                    return OK | {"attested": said}
                case _:
                    return {"told": self._witness.answer(message["question"])}
        except KeyError as error:
            raise ValueError(f"no {error}") from error

    def _rollout(self) -> dict[str, Any]:
        return {"rollout": dataclasses.asdict(self._controller.picture())}

    async def _stream(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pulse: Pulse,
        picture: Callable[[], dict[str, Any]],
    ) -> None:
        sending = asyncio.create_task(_send_all(writer, pulse, picture))
        try:
            await reader.read()
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await sending


async def _send_all(
    writer: asyncio.StreamWriter, pulse: Pulse, picture: Callable[[], dict[str, Any]]
) -> None:
    seen, last = 0, None
    while True:
        seen = await pulse.after(seen)
        message = picture()
        if message != last or "spool" in message:
            await _send(writer, message)
        last = message
        await asyncio.sleep(BREATH)


async def _send(writer: asyncio.StreamWriter, message: Mapping[str, Any]) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(encode(message))
        await writer.drain()
