import ssl

import pytest

from tui.clients.kube.asking import Asked, asked
from tui.clients.kube.faults import managers, refused, unreachable

CONFLICT = {
    "message": 'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1',
    "reason": "Conflict",
    "details": {
        "causes": [
            {
                "reason": "FieldManagerConflict",
                "message": 'conflict with "kubectl-edit" using apps/v1',
                "field": ".spec.replicas",
            }
        ]
    },
}


@pytest.mark.parametrize(
    ("method", "path", "query", "expected"),
    [
        ("GET", "/api/v1/namespaces/shop/pods", None, Asked("list", "", "pods", "shop")),
        ("GET", "/api/v1/pods", {"watch": "1"}, Asked("watch", "", "pods")),
        ("GET", "/api/v1/namespaces/shop", None, Asked("get", "", "namespaces", "", "shop")),
        (
            "GET",
            "/api/v1/namespaces/shop/pods/web/log",
            {"follow": "true"},
            Asked("get", "", "pods/log", "shop", "web"),
        ),
        (
            "PATCH",
            "/apis/apps/v1/namespaces/shop/deployments/web",
            None,
            Asked("patch", "apps", "deployments", "shop", "web"),
        ),
        ("GET", "/version", None, Asked("get", "", "/version")),
        ("GET", "/apis/apps/v1", None, Asked("get", "", "/apis/apps/v1")),
    ],
)
def test_a_path_is_read_in_the_words_of_a_rule(
    method: str, path: str, query: dict[str, str] | None, expected: Asked
) -> None:
    assert asked(method, path, query) == expected


def test_what_is_forbidden_names_verb_and_resource() -> None:
    words = 'deployments.apps is forbidden: User "eve" cannot patch resource "deployments"'
    fault = refused(403, {"message": words}, Asked("patch", "apps", "deployments", "s", "w"), "dev")
    assert (fault.code, fault.kind) == ("api-forbidden", "usage")
    assert "patch deployments.apps w in s" in fault.sentence
    assert "verb patch on deployments" in fault.remedy
    assert fault.evidence == (words,)


def test_a_quota_is_not_a_missing_right() -> None:
    words = 'pods "x" is forbidden: exceeded quota: small'
    assert refused(403, {"message": words}, Asked("create", "", "pods"), "dev").code == "api-denied"


def test_what_cannot_be_made_since_its_namespace_is_being_deleted_is_no_rule_of_the_cluster() -> (
    None
):
    words = 'secrets "x" is forbidden: unable to create new content in namespace shop because it is'
    cause = {"reason": "NamespaceTerminating", "field": "metadata.namespace"}
    body = {"message": f"{words} being terminated", "details": {"causes": [cause]}}
    fault = refused(403, body, Asked("create", "", "secrets", "shop"), "dev")
    assert (fault.code, fault.kind) == ("namespace-terminating", "unreachable")
    assert fault.sentence == "the namespace shop is being deleted"
    assert fault.remedy.startswith("wait until it is gone")


def test_a_conflict_names_the_other_manager_and_the_field() -> None:
    fault = refused(409, CONFLICT, Asked("patch", "apps", "deployments", "s", "web"), "dev")
    assert fault.code == "api-conflict"
    assert "`kubectl-edit`" in fault.sentence
    assert '.spec.replicas: conflict with "kubectl-edit" using apps/v1' in fault.evidence
    assert managers(CONFLICT) == ("kubectl-edit",)


@pytest.mark.parametrize(
    ("status", "reason", "code", "kind"),
    [
        (401, "Unauthorized", "token-expired", "usage"),
        (404, "NotFound", "api-not-found", "failed"),
        (409, "AlreadyExists", "api-exists", "failed"),
        (409, "Conflict", "api-conflict", "failed"),
        (410, "Expired", "api-gone", "unreachable"),
        (422, "Invalid", "api-invalid", "failed"),
        (429, "TooManyRequests", "api-unavailable", "unreachable"),
        (503, "ServiceUnavailable", "api-unavailable", "unreachable"),
        (400, "BadRequest", "api-refused", "failed"),
    ],
)
def test_each_refusal_has_its_code(status: int, reason: str, code: str, kind: str) -> None:
    fault = refused(status, {"reason": reason}, Asked("get", "", "pods"), "dev")
    assert (fault.code, fault.kind) == (code, kind)
    assert fault.evidence == (f"HTTP {status}",)


@pytest.mark.parametrize(
    "words",  # of v1.20 and of v1.28
    [
        "failed to create typed patch object: .spec.replica: field not declared in schema",
        "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replica: "
        "field not declared in schema",
    ],
)
def test_a_field_that_is_not_in_the_schema_is_the_manifests_fault(words: str) -> None:
    body = {"kind": "Status", "status": "Failure", "message": words, "code": 500}
    fault = refused(500, body, Asked("patch", "apps", "deployments", "s", "web"), "dev")
    assert (fault.code, fault.kind, fault.evidence) == ("api-invalid", "failed", (words,))
    assert "this cluster's version" in fault.remedy


def test_several_fields_that_are_not_in_the_schema_are_a_line_each() -> None:
    words = (
        "failed to create typed patch object: errors:\n  .a: field not declared in schema\n  .b: x"
    )
    fault = refused(500, {"message": words}, Asked("patch", "apps", "deployments"), "dev")
    assert fault.evidence[1:] == (".a: field not declared in schema", ".b: x")


def test_a_refused_change_is_told_but_once_and_without_the_object_s_dump() -> None:
    dumped = "spec.template: Invalid value: {}: field is immutable"
    cause = {"field": "spec.template", "message": "Invalid value: {}: field is immutable"}
    dump = 'core.PodTemplateSpec{Labels:map[string]string{"a":"b: c"}, Spec:core.PodSpec{}}'
    body = {
        "message": f'Job.batch "m" is invalid: {dumped.format(dump)}',
        "details": {"causes": [{**cause, "message": cause["message"].format(dump)}]},
    }
    fault = refused(422, body, Asked("patch", "batch", "jobs", "s", "m"), "dev")
    assert fault.evidence == (f'Job.batch "m" is invalid: {dumped.format("…")}',)
    assert fault.remedy.startswith("delete the object")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (  # of v1.20
            "failed to create typed patch object: .stringData.PIN: expected string, got "
            "&value.valueUnstructured{Value:123456}",
            "failed to create typed patch object: .stringData.PIN: expected string, got …",
        ),
        (  # of v1.28
            "failed to create typed patch object (shop/s; /v1, Kind=Secret): errors:\n"
            "  .data.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}"
            '{"b":"123456"}}\n'
            "  .data.c: expected string, got &value.valueUnstructured{Value:123456}",
            "failed to create typed patch object (shop/s; /v1, Kind=Secret): errors:\n"
            ".data.a: expected string, got …\n.data.c: expected string, got …",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_not_shown_for_it_may_be_a_secret_s(
    words: str, told: str
) -> None:
    fault = refused(500, {"message": words}, Asked("patch", "", "secrets", "shop", "s"), "dev")
    assert (fault.code, "\n".join(fault.evidence)) == ("api-invalid", told)
    assert "quotes" in fault.remedy


@pytest.mark.parametrize(
    ("got", "after"),
    [
        ("&{[123456]}", ""),
        ("&{123456}", "\n  .type: field not declared in schema"),
        ("&{-----BEGIN 123456\n123456 {}\n123456}", "\n"),
        ("&{{\n 123456\n}}", "\nand more"),
    ],
)
def test_a_text_in_place_of_a_map_is_not_shown_either(got: str, after: str) -> None:
    words = f"failed to create typed patch object: errors:\n  .data: expected map, got {got}{after}"
    fault = refused(500, {"message": words}, Asked("patch", "", "secrets", "shop", "s"), "dev")
    assert fault.evidence[1] == ".data: expected map, got …"
    assert fault.evidence[2:] == tuple(filter(None, [after.strip()]))


def test_what_cannot_be_read_is_the_manifests_fault() -> None:
    words = (  # of v1.20
        "failed to convert new object to proper version: unable to convert unstructured object to "
        "/v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 6"
    )
    fault = refused(500, {"message": words}, Asked("patch", "", "secrets", "shop", "s"), "dev")
    assert (fault.code, fault.kind, fault.evidence) == ("api-invalid", "failed", (words,))


def test_what_stands_around_an_invalid_value_is_not_shown() -> None:
    words = (  # of v1.20
        'Secret in version "v1" cannot be handled as a Secret: v1.Secret.Data: decode base64: '
        "illegal base64 data at input byte 3, error found in #10 byte of {}, bigger context {}"
    )
    sent = '...|data":{"PIN":"123456!!"},"ki|...'
    body = {"message": words.format(sent, sent)}
    (told,) = refused(400, body, Asked("patch", "", "secrets", "shop", "s"), "dev").evidence
    assert told == words.partition("{}")[0] + "…"


@pytest.mark.parametrize("body", [{}, {"details": None}, {"details": "x"}, {"details": {}}])
def test_an_answer_of_another_shape_is_told_all_the_same(body: dict[str, object]) -> None:
    assert refused(409, body, Asked("patch", "", "pods"), "dev").code == "api-conflict"


def test_a_certificate_that_is_not_trusted_is_no_network_trouble() -> None:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    assert unreachable("https://x", error).code == "api-untrusted"
    assert unreachable("https://x", ConnectionRefusedError()).code == "api-unreachable"
