"""Releases none of whose workloads is in the namespace that they are looked at in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING, REF
from tests.backends.kubernetes.test_dry_running import CALL, SPEC, runs, said
from tests.backends.kubernetes.test_failed_deploys import STEPS, History
from tests.backends.kubernetes.test_leasing import ME, OneLease
from tui.backends.kubernetes.applied import Applied
from tui.backends.kubernetes.by_manifests import ByManifests
from tui.backends.kubernetes.deploying import Deployer
from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.elsewhere import elsewhere
from tui.backends.kubernetes.records import Content
from tui.backends.kubernetes.turns import Turn
from tui.model.faults import FaultError

ASIDE = replace(REF, namespace="web")
SETTINGS = replace(REF, api_version="v1", kind="ConfigMap")


@pytest.mark.parametrize("refs", [(), (REF, ASIDE), (SETTINGS,)])
def test_with_a_workload_here_or_none_at_all_nothing_is_wrong(refs: tuple[Any, ...]) -> None:
    assert elsewhere(refs, "team") is None


def test_that_all_workloads_are_elsewhere_is_told_with_their_namespace() -> None:
    fault = elsewhere((SETTINGS, ASIDE), "team")
    assert fault
    assert fault.code == "workloads-elsewhere"
    assert fault.sentence.endswith("namespace team: Deployment app is in web")
    assert 'namespace = "web"' in fault.remedy


async def test_what_was_released_elsewhere_all_the_same_counts_as_failed() -> None:
    async def ask(*_: Any) -> Applied:
        return Applied("manifests", Content(()), (ASIDE,))

    history = cast("Any", History())
    deployer = Deployer(cast("Any", OneLease()), history, history, "app", ME)
    with pytest.raises(FaultError, match="no workload of this release"):
        await deployer.deploy(PENDING, "manifests", ask, STEPS)
    record = history.written[-1]
    assert (record.release.outcome, record.release.cause) == ("failed", "workloads-elsewhere")
    assert record.objects == (ASIDE,)


async def never(*_: Any) -> None:
    raise AssertionError("it was gone on with")


class Untouched:
    """A cluster that nothing may be asked of."""

    namespace = "team"
    session = never


async def test_manifests_are_refused_before_anything_is_done() -> None:
    metadata = {"name": "app", "namespace": "web"}
    workload = Document({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata})
    by_manifests = ByManifests(cast("Any", Untouched()), "greeter")
    with pytest.raises(FaultError, match="no workload of this release"):
        await by_manifests.deploy([workload], (), Turn(never, never), STEPS)


@pytest.mark.parametrize(
    ("namespace", "judgement"), [("web", "workloads-elsewhere"), ("there", "valid")]
)
async def test_a_chart_that_renders_to_workloads_elsewhere_is_a_fault(
    tmp_path: Path, namespace: str, judgement: str
) -> None:
    metadata = {"name": "app", "namespace": namespace}
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}
    dry_runs, _ = runs(tmp_path, "v4.3.0", f"echo '{json.dumps(workload)}'")
    assert said(await dry_runs.judge(CALL, SPEC, ())) == judgement
