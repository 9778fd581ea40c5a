"""Where the API keeps the objects of a kind: discovery, and paths from it."""

import re
from collections.abc import Mapping
from typing import Any

from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

SEGMENT = re.compile(r"[A-Za-z0-9._:~-]+")
"""Every name that the API takes; RBAC's are the widest."""


@frozen
class Resource:
    """A kind as the API serves it."""

    api_version: str
    """Group and version, such as `apps/v1`, or `v1` of the core group."""
    kind: str
    plural: str
    namespaced: bool

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.api_version.rpartition("/")[0]

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of one object, or of the list where there is no name.

        Raises `FaultError` (`name-invalid`) on a name that would lead somewhere else.
        """
        root = "/apis" if self.group else "/api"
        scope = f"/namespaces/{segment(namespace)}" if self.namespaced and namespace else ""
        object_path = f"/{segment(name)}" if name else ""
        return f"{root}/{self.api_version}{scope}/{self.plural}{object_path}"


class Resources:
    """What the API serves; asked once per group and version."""

    def __init__(self, session: KubeSession) -> None:
        self._session = session
        self._known: dict[str, dict[str, Resource]] = {}

    async def find(self, api_version: str, kind: str, place: str = "") -> Resource:
        """Return the resource of a kind; `place` is where the kind is asked for.

        A kind that was not there is asked for anew: its definition may have been added meanwhile.
        Raises `FaultError` (`kind-unknown`, and as requests do).
        """
        kinds = self._known.get(api_version)
        if kinds is None or kind not in kinds:
            kinds = self._known[api_version] = await self._discover(api_version)
        if kind not in kinds:
            served = await self._versions(api_version.rpartition("/")[0])
            raise FaultError(_unknown(api_version, kind, place, kinds, served))
        return kinds[kind]

    async def _versions(self, group: str) -> tuple[str, ...]:
        """Return in which versions a group is served; raises FaultError."""
        if not group:
            return ()
        try:
            told = await self._session.get(f"/apis/{segment(group)}")
        except FaultError as error:
            if error.fault.code == "api-not-found":
                return ()
            raise
        return tuple(str(version["groupVersion"]) for version in told.get("versions", ()))

    async def _discover(self, api_version: str) -> dict[str, Resource]:
        root = "/apis" if "/" in api_version else "/api"
        path = f"{root}/{'/'.join(segment(part) for part in api_version.split('/'))}"
        try:
            return kinds_of(await self._session.get(path))
        except FaultError as error:
            if error.fault.code == "api-not-found":
                return {}
            raise


def kinds_of(answer: Mapping[str, Any]) -> dict[str, Resource]:
    """Read an APIResourceList; subresources such as `pods/log` are no kinds of their own."""
    version = str(answer.get("groupVersion", ""))
    return {
        entry["kind"]: Resource(version, entry["kind"], entry["name"], bool(entry["namespaced"]))
        for entry in answer.get("resources", ())
        if "/" not in entry["name"]
    }


def segment(text: str) -> str:
    """Return a part of a path as it is, if it is one; raises `FaultError` (`name-invalid`).

    Names come from manifests; one of `../` or `?` would lead to another object.
    """
    if SEGMENT.fullmatch(text) and text.strip("."):
        return text
    raise FaultError(
        Fault(
            "name-invalid",
            f"`{text}` is not a name the cluster can have",
            kind="usage",
            remedy="use lower-case letters, digits, dots and hyphens",
        )
    )


def _unknown(
    api_version: str,
    kind: str,
    place: str,
    kinds: Mapping[str, Resource],
    served: tuple[str, ...],
) -> Fault:
    known = f"{api_version} has {', '.join(sorted(kinds))}" if kinds else ""
    others = [version for version in served if version != api_version]
    also = f"the cluster serves {', '.join(others)}" if others else ""
    return Fault(
        "kind-unknown",
        f"the cluster does not know the kind {kind} of {api_version}"
        if kinds
        else f"the cluster does not serve {api_version}, where {kind} is looked for",
        kind="usage",
        evidence=tuple(filter(None, (known, also))),
        place=place,
        remedy="correct apiVersion and kind, or install what defines them",
    )
