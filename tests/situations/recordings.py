"""Recordings: what a real API server told of each situation, in `tests/fixtures/cluster`."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture.wanted import WORKLOADS, Wanted

FOLDER = Path(__file__).parent.parent / "fixtures" / "cluster"
KINDS = {
    "Deployment": "deployments",
    "StatefulSet": "statefulsets",
    "DaemonSet": "daemonsets",
    "Job": "jobs",
    "ReplicaSet": "replicasets",
    "ControllerRevision": "controllerrevisions",
    "Pod": "pods",
    "Event": "events",
    "Service": "services",
    "Endpoints": "endpoints",
    "Ingress": "ingresses.networking.k8s.io",
    "PersistentVolumeClaim": "persistentvolumeclaims",
}
"""What is recorded, with the names by which the API is asked for it."""
REVISION = 7


def recorded(name: str) -> Objects:
    """Return the objects of a recording."""
    by_kind = json.loads((FOLDER / f"{name}.json").read_text())
    return objects_of(one for ones in by_kind.values() for one in ones)


def objects_of(found: Iterable[dict[str, Any]]) -> Objects:
    """Return objects as watches of all kinds would have them."""
    by_kind: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for one in found:
        by_kind[one["kind"]][one["metadata"]["uid"]] = one
    return Objects(by_kind)


def wanted_of(objects: Objects, **fields: Any) -> Wanted:
    """Return a release that consists of all workloads, Services and Ingresses."""
    kinds = (*WORKLOADS, "Service", "Ingress")
    members = {(kind, one["metadata"]["name"]) for kind in kinds for one in objects.of(kind)}
    return Wanted(REVISION, frozenset(members), **fields)


def recorded_at(objects: Objects) -> float:
    """Return the last moment that the objects tell of, Unix time."""
    moments = (
        one.get("lastTimestamp") or one["metadata"]["creationTimestamp"]
        for ones in objects.by_kind.values()
        for one in ones.values()
    )
    return max(datetime.fromisoformat(moment).timestamp() for moment in moments)
