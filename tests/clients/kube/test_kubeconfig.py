from pathlib import Path

import pytest

from tui.clients.kube.kubeconfig import Context, choose, find_kubeconfig, read_kubeconfig
from tui.clients.kube.locality import is_local
from tui.model.faults import Fault, FaultError

ONE = """
clusters:
- {name: east, cluster: {server: "https://east:6443"}}
contexts:
- {name: dev, context: {cluster: east, user: me, namespace: shop}}
- {name: torn, context: {cluster: gone, user: me}}
current-context: dev
"""
TWO = """
clusters:
- {name: east, cluster: {server: "https://other:6443"}}
contexts:
- {name: dev, context: {cluster: west, user: other}}
- {name: production, context: {cluster: east, user: other}}
current-context: production
"""


def written(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [folder / name for name in texts]


def fault_of(paths: list[Path], context: str = "dev") -> Fault:
    with pytest.raises(FaultError) as raised:
        choose(read_kubeconfig(paths), context)
    return raised.value.fault


def test_files_are_those_that_kubectl_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_kubeconfig({}) == (tmp_path / ".kube" / "config",)
    assert find_kubeconfig({"KUBECONFIG": "~/a::/b"}) == (tmp_path / "a", Path("/b"))


def test_of_two_entries_with_one_name_the_first_counts(tmp_path: Path) -> None:
    merged = read_kubeconfig(written(tmp_path, one=ONE, two=TWO))
    assert merged.current == "dev"
    assert merged.contexts["dev"] == Context("dev", "east", "me", "shop", "https://east:6443")
    assert merged.contexts["production"].server == "https://east:6443"
    assert merged.contexts["production"].namespace == "default"


def test_a_missing_file_beside_others_is_passed_over(tmp_path: Path) -> None:
    paths = [tmp_path / "none", *written(tmp_path, nothing="", one=ONE)]
    assert "dev" in read_kubeconfig(paths).contexts


def test_a_missing_context_is_told_with_those_there_and_the_nearest(tmp_path: Path) -> None:
    fault = fault_of(written(tmp_path, one=ONE, two=TWO), "prodution")
    assert (fault.code, fault.kind) == ("context-missing", "usage")
    assert fault.evidence == ("contexts there: dev, production, torn",)
    assert "`production`" in fault.remedy


def test_the_current_context_never_stands_in(tmp_path: Path) -> None:
    assert fault_of(written(tmp_path, one=ONE), "").code == "context-missing"


def test_a_context_without_a_server_is_broken(tmp_path: Path) -> None:
    assert fault_of(written(tmp_path, one=ONE), "torn").code == "context-broken"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "kubeconfig-empty"),
        ("apiVersion: v1\nkind: Config\n", "kubeconfig-empty"),
        ("contexts: nonsense", "kubeconfig-empty"),
        ("contexts:\n- 1\n- {name: dev}\n", "kubeconfig-empty"),
        ("just a text", "kubeconfig-invalid"),
        ("a: [1\nb: 2", "kubeconfig-invalid"),
    ],
)
def test_a_file_without_contexts_is_told(tmp_path: Path, text: str, code: str) -> None:
    assert fault_of(written(tmp_path, config=text)).code == code


def test_where_it_is_no_yaml_is_told(tmp_path: Path) -> None:
    assert fault_of(written(tmp_path, config="a: [1\nb: 2")).place == f"{tmp_path}/config:2"


def test_no_file_at_all_is_told(tmp_path: Path) -> None:
    fault = fault_of([tmp_path / "none"])
    assert (fault.code, fault.place) == ("kubeconfig-missing", f"{tmp_path}/none")


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(b"\xff\xfe\x00")
    assert fault_of([tmp_path / "config"]).code == "kubeconfig-unreadable"


@pytest.mark.parametrize(
    ("server", "context"),
    [
        ("https://127.0.0.1:6443", "anything"),
        ("https://[::1]:6443", "anything"),
        ("https://localhost:6443", "anything"),
        ("https://0.0.0.0:42123", "k3d-dev"),
        ("https://192.168.49.2:8443", "minikube"),
        ("https://172.18.0.3:6443", "kind-dev"),
        ("https://kubernetes.docker.internal:6443", "docker-desktop"),
    ],
)
def test_a_cluster_on_this_machine_is_local(server: str, context: str) -> None:
    assert is_local(server, context)


@pytest.mark.parametrize(
    ("server", "context"),
    [
        ("https://10.0.0.5:6443", "production"),
        ("https://52.1.2.3:6443", "kind-production"),
        ("https://minikube.example.org", "minikube"),
        ("", "kind-dev"),
    ],
)
def test_a_name_alone_makes_no_cluster_local(server: str, context: str) -> None:
    assert not is_local(server, context)
