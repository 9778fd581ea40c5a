from dataclasses import replace

from tui.backends.kubernetes.configuration import DEADLINE
from tui.backends.kubernetes.kept_revisions import (
    KeptRevision,
    from_controller_revision,
    from_replica_set,
)
from tui.backends.kubernetes.outside import from_helm, from_workload, image_of, newer_than
from tui.backends.kubernetes.records import Mark, Record
from tui.backends.kubernetes.standing import wanted_of
from tui.clients.helm.releases import HelmRelease, HelmRevision
from tui.model.images import Image
from tui.model.releases import Release

BEFORE = Record(Release(4, Image("r/app", "abc")), "chart", 2)
MARK = Mark("Deployment", "app", "u", 3, "2")
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {containers: [{image: "envoy:1"}, {image: "r/app:new"}]}}}
"""


def kept(number: int, image: str = "r/app:x") -> KeptRevision:
    template = {"spec": {"containers": [{"image": image}]}}
    return KeptRevision(number, str(number), template, "2026-11-25T14:39:33Z")


def test_a_helm_revision_of_somebody_else_is_a_release_with_the_next_number() -> None:
    told = HelmRelease(HelmRevision(3, "deployed", 1000.0), MANIFEST)
    (record,) = from_helm([told], BEFORE, "app", "team")
    release = record.release
    assert (release.revision, release.trigger, release.outcome) == (5, "outside", "ready")
    assert (release.image.reference, release.started) == ("r/app:new", 1000.0)
    assert (record.helm_revision, str(record.objects[0])) == (3, "Deployment app")


def test_a_helm_revision_that_failed_is_told_as_failed() -> None:
    told = HelmRelease(HelmRevision(3, "failed"), MANIFEST)
    (record,) = from_helm([told], BEFORE, "app", "team")
    assert record.release.outcome == "failed"


def test_revisions_of_a_workload_after_the_one_on_record_are_releases() -> None:
    found = from_workload([kept(1), kept(2), kept(3), kept(5, "r/app:y")], MARK, BEFORE, "app")
    told = [(one.release.revision, one.marks[0].revision) for one in found]
    assert told == [(5, "3"), (6, "5")]
    assert found[-1].release.image.tag == "y"
    assert found[-1].release.started == 1795617573.0


def test_a_template_that_is_older_than_the_release_before_it_was_put_back_after_that() -> None:
    before = replace(BEFORE, release=replace(BEFORE.release, started=1795617600.0))
    (record,) = from_workload([kept(3)], MARK, before, "app")
    assert record.release.started == 1795617600.0


def test_what_was_released_outside_has_no_deadline_of_ours() -> None:
    (record,) = from_workload([kept(3)], MARK, BEFORE, "app")
    assert wanted_of((BEFORE, record), "team").deadline == 0.0
    rollback = replace(record, release=replace(record.release, trigger="rollback", revision=6))
    assert (
        wanted_of((BEFORE, record, rollback), "team").deadline == record.release.started + DEADLINE
    )


def test_the_revision_on_record_may_have_been_renumbered_by_a_rollback_to_it() -> None:
    assert [one.number for one in newer_than([kept(1), kept(3)], "2")] == [3]


def test_nothing_is_newer_than_a_revision_that_is_not_known() -> None:
    assert newer_than([kept(1)], "app-7d9f") == []
    assert newer_than([kept(1)], "") == []


def test_a_deployment_s_revision_is_its_replica_set_s_template_without_the_hash() -> None:
    template = {"metadata": {"labels": {"app": "a", "pod-template-hash": "5d"}}, "spec": {"x": 1}}
    metadata = {"annotations": {"deployment.kubernetes.io/revision": "7"}}
    read = from_replica_set({"metadata": metadata, "spec": {"template": template}})
    assert (read.number, read.revision) == (7, "7")
    assert read.template == {"metadata": {"labels": {"app": "a"}}, "spec": {"x": 1}}
    assert "pod-template-hash" in template["metadata"]["labels"]  # type: ignore[index]


def test_a_controller_revision_is_a_patch_whose_directive_is_not_part_of_the_template() -> None:
    data = {"spec": {"template": {"$patch": "replace", "spec": {"x": 1}}}}
    read = from_controller_revision({"metadata": {"name": "web-5d"}, "revision": 3, "data": data})
    assert (read.number, read.revision, read.template) == (3, "web-5d", {"spec": {"x": 1}})


def test_images_are_read_with_tag_digest_or_neither() -> None:
    assert image_of("h:5000/a:1@sha256:22") == Image("h:5000/a", "1", "sha256:22")
    assert image_of("h:5000/a@sha256:22") == Image("h:5000/a", "22", "sha256:22")
    assert image_of("a") == Image("a", "latest")
