"""Pinning: which context and namespace an environment is deployed to, whatever is current.

draft.toml says so, or else the first `up` writes down in the state folder what was current then.
From that on a `kubectl config use-context` changes nothing here.
"""

import json
from pathlib import Path

from tui.backends.protecting import marked
from tui.clients.kube.kubeconfig import Kubeconfig, choose
from tui.clients.kube.locality import is_local
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.places import Place, Protection

FILE = "place.json"


@frozen
class Pin:
    """What was written down at the first `up`; empty texts before it."""

    context: str = ""
    namespace: str = ""


def read_pin(state: Path) -> Pin:
    """Return what was pinned; raises FaultError when the file is damaged."""
    path = state / FILE
    try:
        plain = json.loads(path.read_text())
        return Pin(str(plain["context"]), str(plain["namespace"]))
    except FileNotFoundError:
        return Pin()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FaultError(
            Fault(
                "pin-unreadable",
                "what context this environment is pinned to cannot be read",
                kind="usage",
                evidence=(str(error),),
                place=str(path),
                remedy="set `context` and `namespace` in draft.toml, and remove the file",
            )
        ) from error


def write_pin(state: Path, place: Place) -> None:
    """Pin the place; what is pinned already stays."""
    path = state / FILE
    if not path.exists():
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"context": place.context, "namespace": place.namespace})
        fresh = path.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(path)


def place_of(environment: Environment, pin: Pin, kubeconfig: Kubeconfig) -> Place:
    """Return where the environment is deployed; raises FaultError for a context not there."""
    name = environment.context or pin.context or kubeconfig.current
    if not name:
        raise FaultError(_no_context(kubeconfig))
    context = choose(kubeconfig, name)
    pinned = pin.namespace if pin.context == name else ""
    namespace = environment.namespace or pinned or context.namespace
    local = is_local(context.server, name)
    return Place(name, namespace, protection(environment, name, local=local))


def protection(environment: Environment, context: str, *, local: bool) -> Protection | None:
    """Return what must be typed before anything is changed there; None for a place of one's own."""
    if environment.protected or local:
        return marked(environment)
    return Protection(context, f"the context {context} is not on this machine")


def _no_context(kubeconfig: Kubeconfig) -> Fault:
    return Fault(
        "context-unset",
        "neither draft.toml nor the kubeconfig says which context to deploy to",
        kind="usage",
        evidence=tuple(sorted(kubeconfig.contexts)),
        remedy='set `context = "..."` in draft.toml to one of them',
    )
