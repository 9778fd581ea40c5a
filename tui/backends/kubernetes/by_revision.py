"""Going back to a revision that a workload keeps itself, made by somebody without redraft.

A Deployment keeps its earlier pod templates in ReplicaSets, a StatefulSet and a DaemonSet in
ControllerRevisions; `kubectl rollout undo` reads them as well. The template is put back over the
resourceVersion it was decided on, so that nobody's edit in between is lost.
"""

from typing import Any

from tui.backends.kubernetes.applied import Applied
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.kept_revisions import KeptRevision, kept_revisions
from tui.backends.kubernetes.marking import WORKLOADS
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Content, Mark, Record
from tui.backends.kubernetes.turns import Hold, Turn
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.ports.telling import Steps


@frozen
class ByRevision:
    """Puts back pod templates that workloads keep."""

    cluster: Cluster

    async def roll_back(self, past: Record, turn: Turn, steps: Steps) -> Applied:
        """Put back each workload's template of that time; raises FaultError when it is gone."""
        async with steps.step("put back the pod template") as note:
            for mark in past.marks:
                await self._put_back(mark, turn.hold)
            note.text = ", ".join(f"{m.kind} {m.name} revision {m.revision}" for m in past.marks)
        return Applied("outside", Content(), past.objects)

    async def _put_back(self, mark: Mark, hold: Hold) -> None:
        session = await self.cluster.session()
        path = WORKLOADS[mark.kind].format(self.cluster.namespace, mark.name)
        workload = await session.get(path)
        kept = await kept_revisions(self.cluster, mark.kind, workload)
        found = next((one for one in kept if one.revision == mark.revision), None)
        if found is None:
            raise FaultError(_gone(mark))
        await hold()
        await session.put(path, body=with_template(workload, found))


def with_template(workload: RawObject, kept: KeptRevision) -> dict[str, Any]:
    """Return the workload with the template of an earlier revision."""
    return {**workload, "spec": {**workload["spec"], "template": kept.template}}


def _gone(mark: Mark) -> Fault:
    return Fault(
        "revision-gone",
        f"the {mark.kind} {mark.name} does not keep its revision {mark.revision} any more",
        remedy="roll back to another revision, or raise `revisionHistoryLimit`",
    )
