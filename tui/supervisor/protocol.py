"""The protocol between redraft and the supervisor: JSON lines over a unix socket.

A connection carries one request, `{"version": ..., "op": ...}`, and its answers:

- `apply` with the fields of an `App`: answered by `{"ok": true}` once its replicas are started;
- `watch`: a `{"rollout": {...}}` now and at each change;
- `follow`: a `{"spool": true}` now and whenever the spool grew;
- `witness` with `folders` and `files` to watch: `{"ok": true, "turn": ...}` once they are, 0 for
  the turn where they cannot be (`witness`);
- `attest` with that `turn`, the `revision` that runs, a `question`, the lines `told` in answer,
  those `logged` each time, and the name of a `door`: `{"ok": true, "attested": ...}`, false when
  something happened meanwhile;
- `unchanged` with a `question`: `{"told": ...}`, null when something happened since, or may have;
- `ping`: `{"ok": true, "pid": ...}`;
- `stop`: ends the app and the supervisor; answered when nothing of the app runs any more.

Whatever cannot be done is answered by `{"fault": {...}}`.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from tui.model.faults import Fault
from tui.model.plain import from_plain, part
from tui.supervisor.version import VERSION

LONGEST = 16 << 20
"""Bytes of the longest line: an environment may be large."""

OTHER_VERSION = "supervisor-version"


@dataclasses.dataclass(frozen=True, slots=True)
class App:
    """One revision of the app and how it is run. `{port}` in `argv` and `env` is filled in."""

    revision: int
    name: str
    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    cwd: str
    replicas: int = 1
    port: int = 0
    """The stable port; 0 for the one kept, or a free one the first time."""
    opens_port: bool = True
    probe_path: str = ""
    stop_grace: float = 10.0
    deadline: float = 60.0
    image: str = ""
    """The id of the image that containers of it are made from; empty for a process."""
    inside: int = 0
    """The port it opens inside its container; 0 for a process, which gets one of its own."""


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message as one line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Read a line; raises ValueError when it is no JSON object."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message


def request(op: str, fields: Mapping[str, Any], version: int = VERSION) -> dict[str, Any]:
    """Return a request, of this version or another."""
    return {"version": version, "op": op, **fields}


def app_from(message: Mapping[str, Any]) -> App:
    """Read the app of an `apply`; raises ValueError when a field is missing."""
    names = {field.name for field in dataclasses.fields(App)}
    try:
        app = App(**{name: value for name, value in message.items() if name in names})
    except TypeError as error:
        raise ValueError(str(error)) from error
    env = tuple((name, value) for name, value in app.env)
    return dataclasses.replace(app, argv=tuple(app.argv), env=env)


def fault_answer(fault: Fault) -> dict[str, Any]:
    """Return the answer that tells a fault."""
    return {"fault": dataclasses.asdict(fault)}


def fault_in(message: Mapping[str, Any]) -> Fault | None:
    """Return the fault that an answer tells, None for none; raises ValueError."""
    told = message.get("fault")
    if told is None:
        return None
    fields = part(Fault, told)[0]
    fault: Fault = from_plain(Fault, fields)
    return fault


def version_fault(supervisor: object, redraft: object, pid: object) -> Fault:
    """Return the fault of two sides that do not understand each other."""
    return Fault(
        OTHER_VERSION,
        "the supervisor of this app was started by another version of redraft",
        evidence=(
            f"process {pid}",
            f"it speaks version {supervisor} of its protocol, this redraft version {redraft}",
        ),
        remedy=f"`kill {pid}`, then the same again: that ends the app, and it is started anew",
    )
