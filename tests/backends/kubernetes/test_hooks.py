from typing import Any, cast

import pytest

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.hooks import Hooks, explained, made_since
from tui.backends.kubernetes.objects import Objects
from tui.model.faults import Fault, FaultError
from tui.model.rollouts import Pod, Rollout, Verdict, Workload

FAULT = Fault("helm-failed", "helm could not", evidence=("Error: pre-upgrade hooks failed: x",))


def job(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "uid": f"uid-{name}"}}


def test_a_job_of_an_earlier_deploy_is_not_looked_at() -> None:
    objects = Objects({"Job": {name: job(name) for name in ("old", "new")}})
    rollout = Rollout(
        1,
        workloads=(
            Workload("Job", "old", 1, created=1.0),
            Workload("Job", "new", 1, created=2.0),
            Workload("Job", "not made yet", 1),
        ),
        pods=(Pod("a", 1, "Failed", owner="Job old"), Pod("b", 1, "Running", owner="Job new")),
    )
    seen = made_since(rollout, objects, {"uid-old"})
    assert [one.name for one in seen.workloads] == ["new"]
    assert [pod.name for pod in seen.pods] == ["b"]


def test_helm_s_words_come_after_those_of_the_hook_s_pod() -> None:
    verdict = Verdict("failed", "crash-loop", "m exited with code 3", ("no table",), "correct it")
    told = explained(FAULT, verdict)
    assert (told.code, told.remedy) == ("crash-loop", "correct it")
    assert told.sentence == "a hook of the chart failed: m exited with code 3"
    assert told.evidence == ("no table", *FAULT.evidence)


async def test_where_nothing_is_known_of_the_hook_helm_s_fault_stands() -> None:
    class OutOfReach:
        async def session(self) -> None:
            raise FaultError(Fault("api-unreachable", "not there"))

    nothing = cast(Any, None)
    hooks = Hooks(cast(Cluster, OutOfReach()), nothing, nothing, "app")
    told: list[Verdict] = []
    with pytest.raises(FaultError) as raised:
        async with hooks.followed(told.append):
            raise FaultError(FAULT)
    assert raised.value.fault is FAULT
    assert told == []
