import pytest

from tui.clients.docker.push import Layer, Pushed, error_in, parse_push
from tui.clients.docker.registry_faults import push_fault


@pytest.mark.parametrize(
    ("message", "progress"),
    [
        ({"status": "The push refers to repository [r/x]"}, []),
        (
            {"status": "Preparing", "progressDetail": {}, "id": "a"},
            [Layer("a", "waiting", said="Preparing")],
        ),
        (
            {
                "status": "Pushing",
                "progressDetail": {"current": 512, "total": 600},
                "progress": "[====>]",
                "id": "a",
            },
            [Layer("a", "pushing", 512, 600, "Pushing")],
        ),
        (
            {"status": "Layer already exists", "id": "a"},
            [Layer("a", "there", said="Layer already exists")],
        ),
        (  # dockerd 28 with the containerd image store
            {"status": "Already exists", "progressDetail": {}, "id": "a"},
            [Layer("a", "there", said="Already exists")],
        ),
        (
            {"status": "Mounted from library/x", "id": "a"},
            [Layer("a", "there", said="Mounted from library/x")],
        ),
        (
            {"status": "Retrying in 5 seconds", "id": "a"},
            [Layer("a", "retrying", said="Retrying in 5 seconds")],
        ),
        ({"status": "v1: digest: sha256:d size: 9"}, [Pushed("v1", "sha256:d", 9)]),
        (
            {"progressDetail": {}, "aux": {"Tag": "v1", "Digest": "sha256:d", "Size": 9}},
            [Pushed("v1", "sha256:d", 9)],
        ),
        ({"aux": None, "id": 3, "status": None}, []),
    ],
)
def test_the_engines_messages_are_read(message: dict[str, object], progress: list[object]) -> None:
    assert list(parse_push(message)) == progress


def test_an_error_is_found_in_either_place() -> None:
    assert error_in({"errorDetail": {"message": "a"}, "error": "b"}) == "a"
    assert error_in({"error": "b"}) == "b"
    assert error_in({"status": "fine"}) == ""


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("denied: requested access to the resource is denied", "registry-denied"),
        ("unauthorized: authentication required", "registry-denied"),
        ("no basic auth credentials", "registry-denied"),
        ("received unexpected HTTP status: 500 Internal Server Error", "registry-failed"),
        ("toomanyrequests: You have reached your pull rate limit", "registry-failed"),
        (
            'Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
            "registry-unreachable",
        ),
        ('Get "https://r.example/v2/": net/http: TLS handshake timeout', "registry-unreachable"),
        ("unexpected EOF", "registry-unreachable"),
        ("x509: certificate signed by unknown authority", "registry-tls"),
        ("http: server gave HTTP response to HTTPS client", "registry-plain-http"),
        ("An image does not exist locally with the tag: r/x", "image-gone"),
        # dockerd 28 with the containerd image store, then dockerd 26
        ("error from registry: unknown error - disk on fire", "registry-failed"),
        ("error from registry: authentication required - who are you", "registry-denied"),
        ("tag does not exist: r.example/x:1", "image-gone"),
        (
            'failed commit on ref "manifest-sha256:43df": unexpected status from PUT request to '
            "http://r.example/v2/x/manifests/t: 500 Internal Server Error",
            "registry-failed",
        ),
        (
            "unexpected status from POST request to http://r.example/v2/x/blobs/uploads/: "
            "401 Unauthorized",
            "registry-denied",
        ),
        ("something nobody has seen", "push-failed"),
    ],
)
def test_a_registrys_words_have_a_code_and_are_the_evidence(said: str, code: str) -> None:
    fault = push_fault(said, "r.example", "r.example/x:1")
    assert (fault.code, fault.evidence) == (code, (said,))
    assert fault.remedy
    assert (fault.kind == "unreachable") == (code in {"registry-failed", "registry-unreachable"})
