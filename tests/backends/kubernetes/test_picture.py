"""The picture: what of the objects is the wanted revision's, and what is told of it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.situations.recordings import REVISION, recorded, wanted_of
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture import picture
from tui.backends.kubernetes.picture.pods import RETRIED
from tui.backends.kubernetes.picture.reading import duration, quantity
from tui.backends.kubernetes.picture.wanted import Wanted, pod_hash, template_hashes
from tui.backends.kubernetes.templates import template_digest
from tui.clients.kube.faults import unreachable
from tui.model.rollouts import Rollout
from tui.model.verdicts import judge


def changed(objects: Objects, kind: str, change: Callable[[dict[str, Any]], None]) -> Objects:
    """Return objects of which those of a kind are changed."""
    by_kind = copy.deepcopy({key: dict(ones) for key, ones in objects.by_kind.items()})
    for one in by_kind[kind].values():
        change(one)  # type: ignore[arg-type]  # a copy of our own
    return Objects(by_kind, objects.lost_since)


def seen(name: str, **fields: Any) -> Rollout:
    objects = recorded(name)
    return picture(objects, wanted_of(objects, **fields))


def revisions(rollout: Rollout) -> list[int]:
    return [pod.revision for pod in rollout.pods if pod.phase != "Terminating"]


def test_a_deployments_new_pods_are_those_of_the_current_template() -> None:
    rollout = seen("update-deployment")
    assert sorted(revisions(rollout)) == [0, REVISION]
    assert rollout.serving == 0  # the old one goes on, but nobody knows which revision it is


def test_an_old_pod_has_the_revision_that_its_template_was_recorded_with() -> None:
    objects = recorded("update-deployment")
    (new,) = template_hashes(objects, wanted_of(objects))
    old = next(pod_hash(pod) for pod in objects.of("Pod") if pod_hash(pod) != new)
    rollout = picture(objects, wanted_of(objects, revisions={old: 6, new: 5}))
    assert sorted(revisions(rollout)) == [6, REVISION]
    assert rollout.serving == 6


def test_a_pod_whose_node_is_lost_is_not_ready_though_its_containers_are_told_so() -> None:
    assert all(pod.ready for pod in seen("good").pods)
    rollout = _with_ready_false()
    assert [pod.ready for pod in rollout.pods] == [False] * len(rollout.pods)
    assert all(one.ready for pod in rollout.pods for one in pod.containers)
    assert all(pod.node_lost and not pod.gate for pod in rollout.pods)


def test_a_pod_whose_readiness_gate_is_closed_is_on_a_node_that_is_heard_of() -> None:
    rollout = _with_ready_false(reason="ReadinessGatesNotReady", message="the gate x is closed")
    assert {(pod.ready, pod.node_lost, pod.gate) for pod in rollout.pods} == {
        (False, False, "the gate x is closed")
    }


def _with_ready_false(**told: str) -> Rollout:
    """Return what is seen when a pod's readiness is taken away while its containers are ready.

    The controller of nodes does so without a word for a node that it does not hear of any more.
    """

    def take(pod: dict[str, Any]) -> None:
        for one in pod["status"]["conditions"]:
            if one["type"] == "Ready":
                one.update(status="False", **told)

    objects = changed(recorded("good"), "Pod", take)
    return picture(objects, wanted_of(objects))


@pytest.mark.parametrize(
    ("made", "started", "applied", "final_at"),
    [
        (10.0, 10.0, 50.0, 50.0 + RETRIED),  # the release may have made it at its end
        (10.0, 10.0, 0.0, 10.0 + RETRIED),  # when it ended is not on record
        (0.0, 0.9, 50.0, 0.0),  # made later in that second: the API tells no fractions
        (-10.0, -10.0, 50.0, 0.0),
        (-1.0, 59.0, 61.0, 0.0),  # this machine's clock is a minute ahead of the cluster's
        (10.0, -50.0, -10.0, -10.0 + RETRIED),  # and a minute behind
    ],
)
def test_what_a_pod_from_before_a_release_lacks_is_final_once_it_was_tried_again_after_that(
    made: float, started: float, applied: float, final_at: float
) -> None:
    pod = seen("missing-secret").pods[0].created
    at = {"made": pod + made, "started": pod + started, "applied": applied and pod + applied}
    rollout = seen("missing-secret", **at)
    before = "progressing" if final_at else "failed"
    assert judge(rollout, pod + final_at - 0.1).outcome == before
    assert judge(rollout, pod + final_at).outcome == "failed"


@pytest.mark.parametrize("name", ["update-statefulset", "update-daemonset"])
def test_controller_revisions_tell_which_pods_are_new(name: str) -> None:
    rollout = seen(name)
    assert revisions(rollout) == [REVISION]
    assert rollout.workloads[0].updated == 1


def test_until_the_controller_has_taken_up_the_newest_spec_no_pod_is_of_it() -> None:
    objects = changed(
        recorded("good"), "Deployment", lambda one: one["metadata"].update(generation=2)
    )
    rollout = picture(objects, wanted_of(objects))
    assert set(revisions(rollout)) == {0}
    assert not rollout.workloads[0].observed
    assert judge(rollout, 0.0).outcome == "progressing"


def test_the_workload_of_before_the_deploy_is_not_taken_for_the_wanted_one() -> None:
    assert judge(seen("good"), 4e9).outcome == "ready"
    stale = seen("good", generations={("Deployment", "web"): 2})
    assert (judge(stale, 4e9).outcome, stale.serving) == ("progressing", 0)


def test_a_template_that_was_put_back_makes_the_older_replica_set_the_wanted_one() -> None:
    objects = recorded("update-deployment")
    first = min(objects.of("ReplicaSet"), key=lambda one: one["metadata"]["creationTimestamp"])
    template = copy.deepcopy(first["spec"]["template"])
    del template["metadata"]["labels"]["pod-template-hash"]
    back = changed(objects, "Deployment", lambda one: one["spec"].update(template=template))
    new = [pod for pod in picture(back, wanted_of(back)).pods if pod.revision == REVISION]
    assert [pod.name.rsplit("-", 1)[0] for pod in new] == [first["metadata"]["name"]]


def test_what_is_not_listed_yet_is_not_missing() -> None:
    wanted = Wanted(REVISION, frozenset({("Deployment", "web"), ("Service", "web")}))
    assert judge(picture(Objects(), wanted), 0.0).cause == ""
    listed = Objects({"Deployment": {}, "Pod": {}})
    assert judge(picture(listed, wanted), 0.0).cause == "workload-missing"


def test_a_job_that_was_cleaned_up_is_not_missing_beside_what_lasts() -> None:
    objects = recorded("good")
    members = wanted_of(objects).members
    both = Wanted(REVISION, members | {("Job", "migrate")})
    assert judge(picture(objects, both), 4e9).outcome == "ready"
    alone = Wanted(REVISION, frozenset({("Job", "migrate")}))
    assert judge(picture(objects, alone), 4e9).cause == "workload-missing"


def test_a_template_that_somebody_else_changed_is_told_and_its_pods_are_not_ours() -> None:
    objects = recorded("good")
    (deployment,) = objects.of("Deployment")
    member = ("Deployment", deployment["metadata"]["name"])
    at = {member: deployment["metadata"]["generation"]}
    ours = wanted_of(objects, generations=at, templates={member: template_digest(deployment)})
    assert judge(picture(objects, ours), 4e9).outcome == "ready"

    def scaled(one: dict[str, Any]) -> None:
        one["metadata"]["generation"] += 1
        one["status"]["observedGeneration"] += 1

    def edited(one: dict[str, Any]) -> None:
        scaled(one)
        one["spec"]["template"]["spec"]["containers"][0]["image"] = "theirs"

    by_others = changed(objects, "Deployment", scaled)
    assert judge(picture(by_others, ours), 4e9).outcome == "ready"
    theirs = changed(objects, "Deployment", edited)
    verdict = judge(picture(theirs, ours), 4e9)
    assert (verdict.outcome, verdict.cause) == ("failed", "replaced")
    assert REVISION not in revisions(picture(theirs, ours))
    assert template_hashes(theirs, ours) == ()


@pytest.mark.parametrize(
    ("policy", "cause"), [("OrderedReady", "old-pod-not-ready"), ("Parallel", "")]
)
def test_a_stateful_set_in_order_waits_for_an_old_pod_that_crashes(policy: str, cause: str) -> None:
    def revised(one: dict[str, Any]) -> None:
        one["spec"]["podManagementPolicy"] = policy
        one["status"]["updateRevision"] = "web-newer"

    objects = changed(recorded("crash-loop-statefulset"), "StatefulSet", revised)
    assert judge(picture(objects, wanted_of(objects)), 4e9).cause == cause


def test_a_lost_api_is_told_and_is_never_the_releases_failure() -> None:
    objects = recorded("paused")
    lost = Objects({}, 100.0, unreachable("https://10.0.0.1", ConnectionRefusedError("no")))
    wanted = wanted_of(objects, started=90.0, deadline=150.0)
    verdict = judge(picture(lost, wanted), 200.0)
    assert (verdict.outcome, verdict.cause) == ("progressing", "api-unreachable")
    assert "100 s" in verdict.sentence
    assert verdict.evidence == ("no",)


def test_other_peoples_workloads_are_not_in_the_picture() -> None:
    objects = recorded("crash-loop")
    rollout = picture(objects, Wanted(REVISION, frozenset({("Deployment", "other")})))
    assert rollout.pods == ()
    assert [workload.name for workload in rollout.workloads] == ["other"]


def test_a_native_sidecar_is_told_from_an_init_container() -> None:
    def restarted(pod: dict[str, Any]) -> None:
        pod["spec"]["initContainers"][0]["restartPolicy"] = "Always"

    objects = recorded("init-crash")
    sidecar = changed(objects, "Pod", restarted)
    kinds = [
        [c.kind for c in picture(some, wanted_of(some)).pods[0].containers]
        for some in (objects, sidecar)
    ]
    assert kinds == [["init", "app"], ["sidecar", "app"]]
    verdict = judge(picture(sidecar, wanted_of(sidecar)), 4e9)
    assert verdict.sentence.startswith("sidecar migrate of web-")


def test_a_pods_address_is_its_apps_and_not_its_sidecars() -> None:
    def beside(pod: dict[str, Any]) -> None:
        proxy = {"name": "proxy", "image": "proxy:1", "ports": [{"containerPort": 15090}]}
        pod["spec"]["initContainers"] = [{**proxy, "restartPolicy": "Always"}]

    objects = changed(recorded("good"), "Pod", beside)
    assert all(p.address.endswith(":8080") for p in picture(objects, wanted_of(objects)).pods)


def test_a_container_is_told_with_what_its_spec_says() -> None:
    (pod, _) = seen("good").pods
    (container,) = pod.containers
    assert (container.image, container.ports) == ("busybox:latest", (8080,))
    assert [(p.kind, p.port, p.path) for p in container.probes] == [("readiness", 8080, "/")]
    assert (pod.owner, pod.node) == ("Deployment web", "node1")
    assert pod.address.endswith(":8080")
    (oom,) = seen("oom-killed").pods[0].containers
    assert oom.memory_limit == 32 << 20


def test_services_and_ingresses_are_told_with_whom_they_reach() -> None:
    rollout = seen("good")
    (service,) = rollout.services
    assert (service.ready_endpoints, len(service.selected)) == (2, 2)
    assert [(port.port, port.target, port.number) for port in service.ports] == [(80, "http", 8080)]
    assert [backend.missing for backend in rollout.ingresses[0].backends] == [""]


def test_without_the_right_to_read_endpoints_ready_pods_are_counted() -> None:
    objects = recorded("good")
    fewer = Objects({kind: ones for kind, ones in objects.by_kind.items() if kind != "Endpoints"})
    assert picture(fewer, wanted_of(objects)).services[0].ready_endpoints == 2


def test_a_refusal_from_before_the_deploy_does_not_count() -> None:
    assert seen("quota-statefulset").workloads[0].refused
    later = seen("quota-statefulset", started=4e9)
    assert later.workloads[0].refused == ""


def test_a_probe_that_could_not_be_asked_is_told_in_the_words_of_later_kubelets_too() -> None:
    said = "Readiness probe errored and resulted in unknown state: rpc error: container is stopping"

    def errored(event: dict[str, Any]) -> None:
        event["message"] = said

    objects = changed(recorded("readiness-http"), "Event", errored)
    (container,) = picture(objects, wanted_of(objects)).pods[0].containers
    assert container.failing_probe == "readiness"
    assert container.probe_message == "rpc error: container is stopping"


def test_events_in_series_are_counted_as_others_are() -> None:
    def in_series(event: dict[str, Any]) -> None:
        event["series"] = {"count": 7, "lastObservedTime": "2026-01-02T03:04:05.000000Z"}
        event.pop("count", None)

    objects = changed(recorded("image-unreachable"), "Event", in_series)
    warnings = picture(objects, wanted_of(objects)).pods[0].warnings
    assert {warning.times for warning in warnings} == {7}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("64Mi", 64 << 20),
        ("1G", 10**9),
        ("128974848", 128974848),
        ("1.5Gi", 3 << 29),
        ("64Ki", 1 << 16),
        ("1ki", 0),
    ],
)
def test_quantities_are_read(written: str, number: int) -> None:
    assert quantity(written) == number


@pytest.mark.parametrize(("written", "seconds"), [("20s", 20), ("1m20s", 80), ("5m0s", 300)])
def test_durations_are_read(written: str, seconds: float) -> None:
    assert duration(written) == seconds
