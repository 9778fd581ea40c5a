"""The picture: from the API's raw objects to a `Rollout`. Pure.

What is wanted comes with the release (`Wanted`); everything else is read from the objects, so that
the picture after a restart, or on another machine, is the same.
"""

from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture.events import warnings_by_uid
from tui.backends.kubernetes.picture.pods import pods
from tui.backends.kubernetes.picture.routes import ingresses, services
from tui.backends.kubernetes.picture.surroundings import Surroundings
from tui.backends.kubernetes.picture.wanted import WORKLOADS, Wanted
from tui.backends.kubernetes.picture.workloads import workload_pictures
from tui.model.rollouts import Pod, Rollout, Workload


def picture(objects: Objects, wanted: Wanted) -> Rollout:
    """Return what the objects show of the wanted release."""
    around = Surroundings(objects, wanted, warnings_by_uid(objects))
    found = pods(around)
    seen = workload_pictures(around, found)
    return Rollout(
        wanted.revision,
        _serving(wanted, seen, found) if _listed(objects, wanted) else 0,
        seen,
        found,
        started=wanted.started,
        deadline=wanted.deadline,
        services=services(objects, wanted),
        ingresses=ingresses(objects, wanted),
        deleted=wanted.deleted,
        begun=wanted.begun,
        failed=wanted.failed,
        lost_since=objects.lost_since,
        lost_to=objects.lost_to,
    )


def _listed(objects: Objects, wanted: Wanted) -> bool:
    """Whether everything that tells what serves was listed at least once."""
    kinds = {kind for kind, _ in wanted.members if kind in WORKLOADS}
    return kinds | {"Pod"} <= objects.by_kind.keys() if kinds else True


def _serving(wanted: Wanted, workloads: tuple[Workload, ...], pods: tuple[Pod, ...]) -> int:
    """Return the revision that answers: the wanted one once it has taken over everywhere.

    Until then it is the newest of the old ones that is ready, or the wanted one where nothing else
    is.
    """
    old = [pod for pod in pods if pod.revision != wanted.revision and pod.phase == "Running"]
    if all(_rolled_out(one) for one in workloads) and not old and not wanted.begun:
        return wanted.revision
    ready = [pod for pod in old if pod.ready]
    if ready:
        return max(pod.revision for pod in ready)
    new = any(pod.ready for pod in pods if pod.revision == wanted.revision)
    return wanted.revision if new else 0


def _rolled_out(workload: Workload) -> bool:
    return workload.observed and (workload.complete or workload.ready >= workload.desired)
