"""Endpoints: pods that are ready, yet do not answer to those who come from outside. Pure.

That does not fail the iteration: the fault may lie with what stands between, a controller or a
firewall, and with where redraft looks from. So it is a warning with a verdict that is `ready`.
"""

from tui.model.rollouts import Rollout, Verdict
from tui.model.routes import Endpoint

NO_ADDRESS = "endpoint-no-address"
REMEDIES = {
    "endpoint-error": "look at the controller's or load balancer's log, and at the app's own",
    "endpoint-unreachable": "see that this machine has a way there (a firewall, a port that is not "
    "published); `connect` needs none",
    "endpoint-untrusted": "give it a certificate of an authority that this machine trusts",
    NO_ADDRESS: "wait for its controller to give it one; without a controller nothing will",
}


def answering(rollout: Rollout) -> Verdict:
    """Return a verdict that is ready, with a warning where an endpoint does not answer."""
    failing = [e for e in rollout.endpoints if e.reach == "failing" and e.cause in REMEDIES]
    if any(one.reach == "answers" for one in rollout.endpoints):
        failing = [one for one in failing if one.cause != NO_ADDRESS]
    if not failing:
        return Verdict("ready")
    first = min(failing, key=lambda one: one.cause == NO_ADDRESS)
    evidence = tuple(f"{one.label}{_at(one)}: {one.answer}" for one in failing)
    return Verdict("ready", first.cause, _sentence(first), evidence, REMEDIES[first.cause])


def _at(endpoint: Endpoint) -> str:
    return f" at {endpoint.url}" if endpoint.url else ""


def _sentence(endpoint: Endpoint) -> str:
    if endpoint.cause == NO_ADDRESS:
        return f"ready, but {endpoint.label} has no address yet"
    return f"ready, but {endpoint.answer} through {endpoint.label}"
