from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.testbed import write_tree
from tui.backends.kubernetes import chart_images
from tui.backends.kubernetes.charts import chart_call, chart_values, find_chart
from tui.backends.kubernetes.configuration import digest, manifest_files, read_manifests
from tui.backends.kubernetes.documents import read_values
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.model.images import Image

CHART = {
    "charts/b/Chart.yaml": "name: b\n",
    "charts/a/Chart.yaml": "name: a\n",
    "charts/a/templates/x.yaml": "kind: X\n",
    "charts/a/values.yaml": "n: 1\n",
    "charts/notes.txt": "",
    "values/dev.yaml": "n: 2\n",
}
IMAGE = Image("r/greeter", "abc", "sha256:1")


def environment(**keys: Any) -> Environment:
    return Environment("development", "greeter", **keys)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(FaultError) as raised:
        call()
    return raised.value.fault.code


def test_the_chart_is_the_one_named_or_the_first_in_charts(tmp_path: Path) -> None:
    write_tree(tmp_path, CHART)
    assert find_chart(tmp_path, environment()).name == "a"
    assert find_chart(tmp_path, environment(chart="charts/b")).name == "b"


def test_a_chart_or_a_values_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert code_of(lambda: find_chart(tmp_path, environment())) == "chart-missing"
    assert code_of(lambda: find_chart(tmp_path, environment(chart="x"))) == "file-missing"
    write_tree(tmp_path, CHART)
    wrong = environment(values=("nope.yaml",))
    assert code_of(lambda: chart_call(tmp_path, wrong, IMAGE)) == "file-missing"


def test_what_a_chart_is_given_for_its_image_is_what_it_has_itself(tmp_path: Path) -> None:
    schema = {"charts/a/values.schema.json": "{}"}
    write_tree(tmp_path, {**CHART, **schema, "v.yaml": "image: {digest: ''}\n"})
    tagged = {"repository": "r/greeter", "tag": "abc"}
    assert chart_call(tmp_path, environment(), IMAGE).values == {"image": tagged}
    pinned = chart_call(tmp_path, environment(values=("v.yaml",)), IMAGE).values
    assert pinned == {"image": {**tagged, "digest": "sha256:1"}}


def test_a_chart_is_given_its_image_where_draft_toml_says_that_it_has_it(tmp_path: Path) -> None:
    sub = {"charts/a/charts/web/values.yaml": "image: {registry: quay.io, repository: x}\n"}
    write_tree(tmp_path, {**CHART, **sub})
    keyed = environment(image_keys=("web.image", "web.job.image"), env={"A": "1"})
    tagged = {"repository": "r/greeter", "tag": "abc", "digest": "sha256:1"}
    apart = {"registry": "docker.io", **tagged}
    given = chart_call(tmp_path, keyed, IMAGE).values
    assert given == {"env": {"A": "1"}, "web": {"image": apart, "job": {"image": tagged}}}
    assert digest(tmp_path, keyed) != digest(tmp_path, environment(env={"A": "1"}))


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("replicaCount.x", {"replicas": 2}),
        ("env.HOME.image", {"env": {"HOME": "/"}}),
        ("containers.main.image", {}),
        ("web.containers.main.image", {}),
        ("port.image", {}),
    ],
)
def test_keys_that_lead_through_what_is_no_table_are_a_fault(
    tmp_path: Path, path: str, keys: dict[str, Any]
) -> None:
    known = "containers: [{image: x}]\nweb: {containers: [{}]}\nport: 8080\n"
    write_tree(tmp_path, {**CHART, "charts/a/values.yaml": known})
    keyed = environment(image_keys=(path,), **keys)
    with pytest.raises(FaultError) as raised:
        chart_call(tmp_path, keyed, IMAGE)
    assert raised.value.fault.code == "image-keys-unfit"
    assert f"{path}, but {path.rpartition('.')[0].removesuffix('.main')}" in str(raised.value)


def test_keys_may_lead_through_what_is_empty_or_off(tmp_path: Path) -> None:
    write_tree(tmp_path, {**CHART, "charts/a/values.yaml": "sidecar: false\nweb:\n"})
    keyed = environment(image_keys=("sidecar.image", "web.image"))
    assert chart_call(tmp_path, keyed, IMAGE).values.keys() == {"sidecar", "web"}


def test_each_file_of_values_is_read_once_however_many_images_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subs = {"charts/a/charts/web/values.yaml": "s: 1\n", "charts/a/charts/db/values.yaml": "s: 2\n"}
    write_tree(tmp_path, {**CHART, **subs, "charts/a/values.yaml": "n: 1\n", "v.yaml": "v: 1\n"})
    read = list[str]()

    def noted(text: str) -> Any:
        read.append(text)
        return read_values(text)

    monkeypatch.setattr(chart_images, "read_values", noted)
    keys = ("web.image", "web.job.image", "db.image")
    chart_call(tmp_path, environment(image_keys=keys, values=("v.yaml",)), IMAGE)
    assert sorted(read) == ["n: 1\n", "s: 1\n", "s: 2\n", "v: 1\n"]


def test_only_what_draft_toml_says_is_given_to_the_chart_besides_the_image() -> None:
    assert chart_values(environment()) == {}
    full = environment(replicas=1, env={"A": "1"}, probe_path="/health")
    assert chart_values(full, "greeter-pull") == {
        "replicaCount": 1,
        "env": {"A": "1"},
        "probe": {"path": "/health"},
        "imagePullSecrets": [{"name": "greeter-pull"}],
    }


@pytest.mark.parametrize(
    ("path", "text", "same"),
    [
        ("charts/a/templates/x.yaml", "kind: Y\n", False),
        ("charts/a/values.yaml", "n: 3\n", False),
        ("values/dev.yaml", "n: 3\n", False),
        ("charts/a/new.yaml", "", False),
        ("charts/b/Chart.yaml", "name: c\n", True),
        ("app.py", "", True),
    ],
)
def test_the_digest_changes_with_the_chart_and_its_values_and_nothing_else(
    tmp_path: Path, path: str, text: str, same: bool
) -> None:
    write_tree(tmp_path, CHART)
    before = digest(tmp_path, environment(values=("values/dev.yaml",)))
    write_tree(tmp_path, {path: text})
    assert (digest(tmp_path, environment(values=("values/dev.yaml",))) == before) is same


def test_the_digest_changes_with_what_is_set(tmp_path: Path) -> None:
    write_tree(tmp_path, CHART)
    assert digest(tmp_path, environment()) != digest(tmp_path, environment(set=("a=1",)))


def test_manifests_are_files_folders_and_globs_each_file_once_in_order(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {"k8s/b.yaml": "", "k8s/a/c.yml": "", "k8s/notes.md": "", "x.json": "", "y.yaml": ""},
    )
    found = manifest_files(tmp_path, environment(manifests=("y.yaml", "k8s", "*.json", "k8s/*")))
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "y.yaml",
        "k8s/a/c.yml",
        "k8s/b.yaml",
        "x.json",
    ]


def test_an_entry_that_names_no_manifest_is_a_fault(tmp_path: Path) -> None:
    write_tree(tmp_path, {"k8s/notes.md": ""})
    for entry in ("k8s", "nowhere", "*.yaml"):
        wrong = environment(manifests=(entry,))
        assert code_of(lambda wrong=wrong: manifest_files(tmp_path, wrong)) == "manifests-missing"  # type: ignore[misc]


def test_a_manifest_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    wrong = environment(manifests=("a.yaml",))
    assert code_of(lambda: read_manifests(tmp_path, wrong)) == "file-unreadable"
