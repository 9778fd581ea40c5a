"""Checking: the API, its clock, the namespace, the rights, helm, and the way of the image."""

import time
from collections.abc import Awaitable, Callable

from tui.backends.images.checking import check_engine, check_push
from tui.backends.images.recipe import repository
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.evidence.measuring import (
    KUBELET,
    METRICS_API,
    NO_METRICS_API,
    serves_metrics,
)
from tui.backends.kubernetes.imaging import Imaging
from tui.backends.kubernetes.namespaces import has_namespace, namespace_missing
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.rights import NODES_PROXY, POD_METRICS, kinds_made, needed
from tui.clients.helm.verbs import Helm
from tui.clients.kube.rights import missing_rights
from tui.clients.kube.session import KubeSession
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.ports.backend import Checked

SKEW = 30.0
"""Seconds between two clocks at which ages and `--since` begin to mislead."""
HELM_OLDEST = (3, 0)
WITHOUT_REGISTRY = {
    "shared": "not needed: the cluster runs on the engine that builds",
    "load": "not needed: images are loaded into the cluster",
}


Objects = Callable[[], Awaitable[tuple[RawObject, ...]]]
"""Says what a release would consist of; raises FaultError where it cannot."""


async def check_cluster(
    cluster: Cluster, imaging: Imaging, helm: Helm, environment: Environment, objects: Objects
) -> tuple[Checked, ...]:
    """Look at everything a deploy needs; raises nothing that the user could mend.

    `objects` tells for what kinds rights are needed.
    """
    return (
        *await _check_image(imaging, environment),
        *await _check_api(cluster, objects, environment),
        *(() if environment.manifests else (await _check_helm(helm),)),
    )


async def _check_image(imaging: Imaging, environment: Environment) -> tuple[Checked, ...]:
    checked = await check_engine(imaging.engine, environment.builder)
    try:
        way = await imaging.way(environment)
    except FaultError as error:
        return (*checked, Checked("registry push", "warning", error.fault.sentence, error.fault))
    if way != "push":
        return (*checked, Checked("registry push", "ok", WITHOUT_REGISTRY[way]))
    return (*checked, await check_push(imaging.engine, repository(environment)))


async def _check_api(
    cluster: Cluster, objects: Objects, environment: Environment
) -> tuple[Checked, ...]:
    place = cluster.place
    try:
        session = await cluster.session()
        version = (await session.get("/version"))["gitVersion"]
        return (
            Checked("kubernetes", "ok", f"{version} at {session.server}, context {place.context}"),
            await _check_clock(session),
            await _check_namespace(session, place.namespace, environment),
            await _check_rights(session, place.namespace, objects, environment),
            await _check_memory_use(session, place.namespace),
        )
    except FaultError as error:
        return (Checked("kubernetes", "failed", error.fault.sentence, error.fault),)


async def _check_clock(session: KubeSession) -> Checked:
    """Compare the clocks; asking takes a moment, and an HTTP date has whole seconds."""
    ahead = await session.clock() - time.time()
    if abs(ahead) < SKEW:
        return Checked("cluster clock", "ok", "agrees with this machine's")
    detail = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} this machine's"
    remedy = "set the clocks by NTP; until then ages are wrong by as much"
    return Checked("cluster clock", "warning", detail, Fault("clock-skew", detail, remedy=remedy))


async def _check_namespace(
    session: KubeSession, namespace: str, environment: Environment
) -> Checked:
    try:
        if await has_namespace(session, namespace):
            return Checked("namespace", "ok", namespace)
    except FaultError as error:
        return Checked("namespace", "warning", f"{namespace}: {error.fault.sentence}", error.fault)
    if environment.create_namespace:
        return Checked("namespace", "ok", f"{namespace}: not there yet, made by the first up")
    fault = namespace_missing(namespace)
    return Checked("namespace", "failed", fault.sentence, fault)


async def _check_rights(
    session: KubeSession, namespace: str, objects: Objects, environment: Environment
) -> Checked:
    from tui.clients.kube.resources import Resources

    made, unknown = None, ""
    try:
        made = await kinds_made(Resources(session), await objects())
    except FaultError as error:
        unknown = f"; for a usual release, since its own is not known: {error.fault.sentence}"
    rights = needed(made, pull_secret=environment.pull_secret)
    missing = await missing_rights(session, namespace, rights)
    if not missing:
        detail = f"all {len(rights)} that redraft needs in {namespace}{unknown}"
        return Checked("rights", "ok", detail)
    named = ", ".join(map(str, missing))
    fault = Fault(
        "rights-missing",
        f"{len(missing)} rights are missing in {namespace}",
        evidence=tuple(map(str, missing)),
        remedy="have a Role with them bound to you in that namespace",
    )
    return Checked("rights", "failed", f"missing in {namespace}: {named}{unknown}", fault)


async def _check_memory_use(session: KubeSession, namespace: str) -> Checked:
    """Look who would tell how much memory a container used; nothing depends on it."""
    missing = {
        *await missing_rights(session, namespace, (POD_METRICS,)),
        *await missing_rights(session, "", (NODES_PROXY,)),
    }
    served = await serves_metrics(session)
    if served and POD_METRICS not in missing:
        return Checked("memory use", "ok", f"told by {METRICS_API}")
    if NODES_PROXY not in missing:
        return Checked("memory use", "ok", f"told by {KUBELET}")
    metrics = f"`{POD_METRICS}` is not allowed" if served else NO_METRICS_API
    detail = f"not told when a container is ended for it: {metrics}, `{NODES_PROXY}` is not allowed"
    return Checked("memory use", "ok", f"{detail}; either is optional")


async def _check_helm(helm: Helm) -> Checked:
    try:
        version = await helm.version()
    except FaultError as error:
        return Checked("helm", "failed", error.fault.sentence, error.fault)
    told = ".".join(map(str, version))
    if version >= HELM_OLDEST:
        return Checked("helm", "ok", told)
    fault = Fault("helm-old", f"helm {told} is too old", remedy="install helm 3 or 4")
    return Checked("helm", "failed", fault.sentence, fault)
