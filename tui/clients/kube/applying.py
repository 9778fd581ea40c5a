"""Server-side apply and deletion of objects of any kind.

https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from tui.clients.kube.resources import Resource, Resources
from tui.clients.kube.session import APPLY_PATCH, KubeSession
from tui.model.faults import Fault, FaultError

FIELD_MANAGER = "redraft"
Propagation = Literal["Background", "Foreground", "Orphan"]
"""What becomes of the dependents: deleted after the owner, before it, or left alone."""


async def apply(
    session: KubeSession,
    resources: Resources,
    manifest: Mapping[str, Any],
    namespace: str,
    *,
    place: str = "",
    force: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Apply one object and return it as the cluster has it now.

    `namespace` is where it goes if it names none; `place` is its file and line. With `force`
    fields are taken over from other managers; `dry_run` changes nothing and answers the same.
    Raises `FaultError`: `manifest-incomplete`, `kind-unknown`, `api-conflict` naming the other
    manager, and as requests do; each with the place.
    """
    api_version, kind, name = _identity(manifest, place)
    query = {"fieldManager": FIELD_MANAGER, "force": "true" if force else "false"}
    if dry_run:
        query["dryRun"] = "All"
    try:
        resource = await resources.find(api_version, kind, place)
        path = resource.path(manifest["metadata"].get("namespace") or namespace, name)
        return await session.patch(path, query, manifest, APPLY_PATCH)
    except FaultError as error:
        raise FaultError(_at(error.fault, place)) from error


async def delete(
    session: KubeSession,
    resource: Resource,
    namespace: str,
    name: str,
    *,
    uid: str = "",
    propagation: Propagation = "Background",
) -> bool:
    """Delete one object; return whether it was there.

    With `uid` only that very object is deleted, not one made anew under its name: the API answers
    `api-conflict` then. Raises `FaultError` as requests do.
    """
    options: dict[str, Any] = {"propagationPolicy": propagation}
    if uid:
        options["preconditions"] = {"uid": uid}
    try:
        await session.delete(resource.path(namespace, name), body=options)
    except FaultError as error:
        if error.fault.code == "api-not-found":
            return False
        raise
    return True


def _identity(manifest: Mapping[str, Any], place: str) -> tuple[str, str, str]:
    metadata = manifest.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    found = {"apiVersion": manifest.get("apiVersion"), "kind": manifest.get("kind")}
    found["metadata.name"] = name
    missing = [key for key, value in found.items() if not isinstance(value, str) or not value]
    if missing:
        raise FaultError(
            Fault(
                "manifest-incomplete",
                f"a manifest has no {' and no '.join(missing)}",
                kind="usage",
                place=place,
                remedy="every object needs apiVersion, kind and metadata.name",
            )
        )
    return str(found["apiVersion"]), str(found["kind"]), str(name)


def _at(fault: Fault, place: str) -> Fault:
    return fault if fault.place or not place else replace(fault, place=place)
