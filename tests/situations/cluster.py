"""A real cluster, by kubectl: what the tests change, and what they look at, in one namespace."""

import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.situations.manifests import Object
from tests.situations.recordings import KINDS, objects_of, wanted_of
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture import picture
from tui.model.rollouts import Verdict
from tui.model.verdicts import judge

PATIENCE = 120.0
LOOK = 0.3


def kubectl(*arguments: str, stdin: str = "") -> str:
    """Run kubectl; raises CalledProcessError with its words when it fails."""
    done = subprocess.run(
        ["kubectl", *arguments], input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(f"kubectl {' '.join(arguments)}: {done.stderr}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Cluster:
    """One namespace of the cluster that KUBECONFIG names."""

    namespace: str

    def apply(self, manifests: tuple[Object, ...]) -> None:
        """Apply manifests in their order; what comes after a quota finds it in force."""
        for number, one in enumerate(manifests):
            if one["kind"] == "ResourceQuota":
                self._apply(manifests[: number + 1])
                self._until_in_force(one["metadata"]["name"])
        self._apply(manifests)

    def _until_in_force(self, quota: str) -> None:
        """Wait until a quota's use is counted: before that it refuses nothing."""
        deadline = time.monotonic() + PATIENCE
        jsonpath = "jsonpath={.status.used}"
        while not kubectl("get", "quota", quota, "-n", self.namespace, "-o", jsonpath):
            assert time.monotonic() < deadline, f"the quota {quota} is not in force"
            time.sleep(LOOK)  # noqa: TID251 - the cluster is another process

    def _apply(self, manifests: tuple[Object, ...]) -> None:
        listed = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
        kubectl("apply", "-n", self.namespace, "-f", "-", stdin=json.dumps(listed))

    def objects(self) -> Objects:
        """Return everything that is recorded of the namespace now."""
        kinds = ",".join(KINDS.values())
        return objects_of(
            json.loads(kubectl("get", kinds, "-n", self.namespace, "-o", "json"))["items"]
        )

    def verdict(self) -> Verdict:
        """Return redraft's verdict on everything in the namespace now."""
        objects = self.objects()
        return judge(picture(objects, wanted_of(objects)), time.time())

    def until(self, outcome: str, cause: str) -> Verdict:
        """Wait for a verdict, look by look; raises AssertionError when it does not come."""
        deadline = time.monotonic() + PATIENCE
        while True:
            verdict = self.verdict()
            if (verdict.outcome, verdict.cause) == (outcome, cause):
                return verdict
            assert time.monotonic() < deadline, f"no {outcome} {cause}: {verdict}"
            time.sleep(LOOK)  # noqa: TID251 - the cluster is another process


@contextmanager
def namespace() -> Iterator[Cluster]:
    """Make a namespace with a name of its own; it is on its way out afterwards."""
    name = f"redraft-test-{uuid.uuid4().hex[:8]}"
    kubectl("create", "namespace", name)
    try:
        yield Cluster(name)
    finally:
        kubectl("delete", "namespace", name, "--wait=false")
