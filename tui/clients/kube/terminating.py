"""A namespace that is being deleted: nothing new can be made in it, and in a while it is gone."""

from tui.model.faults import Fault

REASON = "NamespaceTerminating"
"""The cause that the API gives then (k8s.io/api/core/v1: NamespaceTerminatingCause)."""
REMEDY = "wait until it is gone and go again, or choose another `namespace`"


def namespace_terminating(name: str, *evidence: str) -> Fault:
    """Return the fault of what was to be done there."""
    return Fault(
        "namespace-terminating",
        f"the namespace {name} is being deleted",
        kind="unreachable",
        evidence=evidence,
        remedy=REMEDY,
    )
