import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.backends.kubernetes.documents import read_documents
from tui.model.faults import FaultError

TWO = """\
# a comment only
---
apiVersion: v1
kind: ConfigMap
metadata: {name: one, annotations: {made: 2026-11-25, mode: "0644"}}
---
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: two}}
- {apiVersion: v1, kind: Service, metadata: {name: three}}
"""


def fault_of(text: str) -> tuple[str, str]:
    with pytest.raises(FaultError) as raised:
        read_documents(text, "k8s/app.yaml")
    return raised.value.fault.code, raised.value.fault.place


@pytest.mark.parametrize(
    ("file", "text", "sentence", "remedy"),
    [
        ("k8s/kustomization.yaml", "resources: [a.yaml]\n", "kustomize", "kustomize k8s`"),
        ("a.yml", "kind: Kustomization\nresources: []\n", "kustomize", "kustomize .`"),
        ("a.yml", "{apiVersion: v1, kind: Job, metadata: {generateName: a-}}", "Name`", "found"),
    ],
)
def test_what_only_looks_like_an_object_is_told_as_what_it_is(
    file: str, text: str, sentence: str, remedy: str
) -> None:
    with pytest.raises(FaultError) as raised:
        read_documents(text, file)
    fault = raised.value.fault
    assert fault.code == "manifest-incomplete"
    assert sentence in fault.sentence
    assert remedy in fault.remedy


def test_every_object_comes_with_its_line_and_lists_are_taken_apart() -> None:
    found = read_documents(TWO, "k8s/app.yaml")
    names = [(one.object["metadata"]["name"], one.place) for one in found]
    assert names == [
        ("one", "k8s/app.yaml:3"),
        ("two", "k8s/app.yaml:8"),
        ("three", "k8s/app.yaml:8"),
    ]


def test_a_date_stays_a_text_as_kubernetes_reads_it() -> None:
    (one, *_) = read_documents(TWO, "k8s/app.yaml")
    assert one.object["metadata"]["annotations"]["made"] == "2026-11-25"


@pytest.mark.parametrize("text", ["", "---\n", "# nothing\n", "---\n---\n"])
def test_an_empty_text_has_no_objects(text: str) -> None:
    assert read_documents(text, "empty.yaml") == ()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: b: c\n", "manifest-invalid", "k8s/app.yaml:1"),
        ("kind: Pod\n", "manifest-incomplete", "k8s/app.yaml:1"),
        ("\n\n- 1\n", "manifest-incomplete", "k8s/app.yaml:3"),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: 3}\n",
            "manifest-incomplete",
            "k8s/app.yaml:1",
        ),
        ("apiVersion: v1\nkind: Pod\nmetadata: {}\n", "manifest-incomplete", "k8s/app.yaml:1"),
        ("a: !!binary aGVsbG8=\n", "manifest-invalid", "k8s/app.yaml"),
        ("a: !!python/object:os.system {}\n", "manifest-invalid", "k8s/app.yaml:1"),
        ("a: &a [*a]\n", "manifest-invalid", "k8s/app.yaml"),
    ],
)
def test_what_is_no_manifest_is_a_fault_with_its_place(text: str, code: str, place: str) -> None:
    assert fault_of(text) == (code, place)


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_a_fault(text: str) -> None:
    with contextlib.suppress(FaultError):
        read_documents(text, "any.yaml")
