"""`redraft connect`: local ports that lead to a ready pod, kept open until interrupted."""

from typing import Any

import click

from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.telling import answer, answer_json, tell
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Connect
from tui.model.connections import Connection
from tui.model.faults import Fault, FaultError
from tui.model.permissions import refusals


@click.command()
@shared_options
def connect(call: Call) -> None:
    """Open local ports to a ready pod and keep them open over redeploys; stdout carries them."""
    run(_connect(call))


async def _connect(call: Call) -> None:
    from tui.wiring.opening import open_engine

    async with open_engine(call.project, call.environment, watch=False) as opened:
        refuse_unless_offered(opened.engine)
        subscription = opened.engine.subscribe()
        opened.engine.submit(Connect())
        fault: Fault | None = None
        while True:
            for stamped in await subscription.wait():
                match stamped.event:
                    case e.FaultRaised(raised):
                        fault = raised
                    case e.ConnectionsChanged(()) if fault is not None:
                        raise FaultError(fault)
                    case e.ConnectionsChanged(connections):
                        tell_connections(call, connections)


def refuse_unless_offered(engine: Engine) -> None:
    """Raise FaultError where the backend has no connections to offer."""
    reason = refusals(engine.state)["connect"]
    if reason:
        remedy = "the app answers at the URL of `redraft status`"
        raise FaultError(Fault("not-offered", reason, "usage", remedy=remedy))


def tell_connections(call: Call, connections: tuple[Connection, ...]) -> None:
    """Tell where each port leads now."""
    for connection in connections:
        if call.json:
            answer_json(connection_fields(connection))
        elif connection.status == "open":
            answer(f"{connection.url} -> {connection.pod}:{connection.remote}")
        else:
            tell(f"{connection.url}: {connection.message or 'no pod is ready'}")


def connection_fields(connection: Connection) -> dict[str, Any]:
    """Return one line of `connect --output json`: its keys are stable."""
    return {
        "url": connection.url,
        "local": connection.local,
        "remote": connection.remote,
        "pod": connection.pod,
        "status": connection.status,
        "message": connection.message,
    }
