from typing import Any

from tui.backends.kubernetes.secret_values import secrets_used, values_held
from tui.model.masking import SecretValue


def pod(**spec: Any) -> dict[str, Any]:
    return {"kind": "Pod", "metadata": {"name": "web"}, "spec": spec}


def test_secrets_are_used_by_variables_volumes_and_image_pulls() -> None:
    variable = {"name": "A", "valueFrom": {"secretKeyRef": {"name": "by-variable", "key": "a"}}}
    app = {"name": "app", "env": [{"name": "B", "value": "b"}, variable]}
    init = {"name": "init", "envFrom": [{"secretRef": {"name": "by-all"}}, {"configMapRef": {}}]}
    projected = {"sources": [{"secret": {"name": "by-source"}}, {"configMap": {"name": "none"}}]}
    volumes = [{"secret": {"secretName": "by-volume"}}, {"projected": projected}, {"emptyDir": {}}]
    used = secrets_used(
        pod(
            containers=[app],
            initContainers=[init],
            volumes=volumes,
            imagePullSecrets=[{"name": "by-image"}],
        )
    )
    assert used == {"by-variable", "by-all", "by-source", "by-volume", "by-image"}


def test_a_pod_without_secrets_uses_none() -> None:
    assert secrets_used(pod(containers=[{"name": "app", "env": None}], volumes=None)) == frozenset()


def test_what_secrets_hold_is_known_whoever_tells_it() -> None:
    told = {"kind": "Secret", "data": {"user": "aHVudGVyMg==", "none": None}}
    written = {"kind": "Secret", "stringData": {"pin": 4711}, "data": {"broken": "%"}}
    other = {"kind": "ConfigMap", "data": {"a": "b"}}
    assert values_held([told, written, other]) == {
        SecretValue("user", b"hunter2"),
        SecretValue("pin", b"4711"),
        SecretValue("broken", b""),
    }


def test_of_a_service_account_only_the_token_is_secret() -> None:
    data = {"token": "aHVudGVyMg==", "namespace": "c2hvcC1zdGFnaW5n", "ca.crt": "eA=="}
    account = {"kind": "Secret", "type": "kubernetes.io/service-account-token", "data": data}
    assert values_held([account]) == {SecretValue("token", b"hunter2")}
