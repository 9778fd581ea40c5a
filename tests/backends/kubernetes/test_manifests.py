from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.backends.kubernetes.documents import Document, read_documents
from tui.backends.kubernetes.manifests import Wanted, images_of, merged_env, prepare, repository
from tui.model.faults import FaultError
from tui.model.images import Image

IMAGE = Image("127.0.0.1:5000/greeter", "abc", "sha256:1234")
PUT = Wanted("greeter", IMAGE)
TEXT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
      - {name: prepare, image: "127.0.0.1:5000/greeter:old"}
      containers:
      - {name: app, image: greeter, env: [{name: A, value: "1"}, {name: B, value: "2"}]}
      - {name: proxy, image: "envoy:1.2"}
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: nightly}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: "greeter:dev"}]}}}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: extra}
"""


def documents() -> tuple[Document, ...]:
    return read_documents(TEXT, "k8s.yaml")


def prepared(put: Wanted = PUT) -> dict[str, Any]:
    return {one.object["kind"]: one.object for one in prepare(documents(), put)}


def test_the_image_is_put_by_digest_wherever_a_container_names_the_app() -> None:
    found = prepared()
    ours = "127.0.0.1:5000/greeter@sha256:1234"
    assert images_of(found["Deployment"]) == (ours, "envoy:1.2")
    assert images_of(found["CronJob"]) == (ours,)


def test_without_a_registry_the_tag_is_put() -> None:
    image = Image("greeter", "abc")
    assert images_of(prepared(Wanted("greeter", image))["CronJob"]) == ("greeter:abc",)


def test_objects_and_the_pods_they_make_are_labelled_and_the_users_labels_stay() -> None:
    deployment = prepared()["Deployment"]
    ours = {"app.kubernetes.io/managed-by": "redraft", "redraft.dev/release": "greeter"}
    assert deployment["metadata"]["labels"] == ours
    assert deployment["spec"]["template"]["metadata"]["labels"] == {"app": "web", **ours}
    assert deployment["spec"]["selector"] == {"matchLabels": {"app": "web"}}


def test_what_others_need_comes_first() -> None:
    kinds = [one.object["kind"] for one in prepare(documents(), PUT)]
    assert kinds == ["Namespace", "Deployment", "CronJob"]


def test_settings_go_into_the_containers_that_run_the_app_only() -> None:
    put = replace(PUT, replicas=3, env=(("B", "9"), ("C", "3")), pull_secret="greeter-pull")
    spec = prepared(put)["Deployment"]["spec"]
    assert spec["replicas"] == 3
    pod = spec["template"]["spec"]
    assert pod["imagePullSecrets"] == [{"name": "greeter-pull"}]
    app, proxy = pod["containers"]
    assert [(one["name"], one["value"]) for one in app["env"]] == [
        ("A", "1"),
        ("B", "9"),
        ("C", "3"),
    ]
    assert "env" not in proxy


def test_what_was_read_is_left_as_it_was() -> None:
    read = documents()
    prepare(read, PUT)
    assert read == documents()


def test_manifests_that_do_not_run_the_app_are_a_fault_that_shows_their_images() -> None:
    with pytest.raises(FaultError) as raised:
        prepare(documents(), replace(PUT, name="other", image=Image("r/other", "t")))
    assert raised.value.fault.code == "image-unused"
    assert "image: envoy:1.2" in raised.value.fault.evidence


def test_no_object_at_all_is_a_fault() -> None:
    with pytest.raises(FaultError) as raised:
        prepare((), PUT)
    assert raised.value.fault.code == "manifests-empty"


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("greeter", "greeter"),
        ("greeter:1", "greeter"),
        ("greeter@sha256:12", "greeter"),
        ("127.0.0.1:5000/greeter", "127.0.0.1:5000/greeter"),
        ("127.0.0.1:5000/team/greeter:1@sha256:12", "127.0.0.1:5000/team/greeter"),
    ],
)
def test_a_port_belongs_to_the_registry_and_not_to_the_tag(image: str, name: str) -> None:
    assert repository(image) == name


names = st.sampled_from(["A", "B", "C"])


@given(
    st.lists(st.fixed_dictionaries({"name": names, "value": st.text(max_size=3)}), max_size=4),
    st.dictionaries(names, st.text(max_size=3)).map(lambda d: tuple(sorted(d.items()))),
)
def test_a_variable_of_draft_toml_stands_once_and_wins(
    present: list[Any], env: tuple[tuple[str, str], ...]
) -> None:
    merged = merged_env(present, env)
    for name, value in env:
        assert [one["value"] for one in merged if one["name"] == name] == [value]
    kept = [one for one in merged if one["name"] not in dict(env)]
    assert kept == [one for one in present if one["name"] not in dict(env)]
