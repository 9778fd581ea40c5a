"""Failed pulls, in the words of engines and registries that the recordings do not hold.

Sources: containerd's errors as kubelets since 1.24 pass them on, those of 1.6 and 2.1 as nodes with
containerd 1.6.20 and 2.1.9 told them; the kubelet's `ImagePullBackOff`, which repeats the last
error since 1.32.
"""

import pytest

from tests.model.verdicts.pictures import judged, pull_failed, waiting
from tui.model.verdicts.images import pull_class

IMAGE = "registry.example/greeter:1"
CONTAINERD = f'rpc error: code = Unknown desc = failed to pull and unpack image "{IMAGE}": '
RESOLVE = f'failed to resolve reference "{IMAGE}": '


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (f"{RESOLVE}{IMAGE}: not found", "image-not-found"),
        ("no match for platform in manifest: not found", "image-platform"),
        (
            f"{RESOLVE}pull access denied, repository does not exist or may require "
            "authorization: server message: insufficient_scope: authorization failed",
            "image-no-access",
        ),
        (
            f"{RESOLVE}failed to authorize: failed to fetch anonymous token: unexpected status "
            "from GET request to https://auth.example/token: 401 Unauthorized",
            "image-no-access",
        ),
        (
            f"{RESOLVE}unexpected status from HEAD request to https://x: 403 Forbidden",
            "image-no-access",
        ),
        (
            f'{RESOLVE}failed to do request: Head "https://registry.example/v2/": '
            "dial tcp: lookup registry.example on 10.0.0.53:53: no such host",
            "image-registry-unreachable",
        ),
        (
            f'{RESOLVE}failed to do request: Head "https://registry.example/v2/": '
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "image-tls",
        ),
        (
            f'{RESOLVE}failed to do request: Head "https://registry.example/v2/": '
            "http: server gave HTTP response to HTTPS client",
            "image-tls",
        ),
        ("net/http: TLS handshake timeout", "image-registry-unreachable"),
        (
            f"{RESOLVE}unexpected status from HEAD request to https://x: 429 Too Many Requests",
            "image-rate-limited",
        ),
        ("unexpected status from HEAD request: 503 Service Unavailable", "image-registry-failed"),
        ("context canceled", "image-registry-unreachable"),  # no progress for five minutes
        ("the dog ate it", "image-pull"),
    ],
)
def test_words_of_containerd_have_their_class(words: str, cause: str) -> None:
    assert pull_class(CONTAINERD + words, IMAGE) == cause


PULLING_FROM = (
    f"{RESOLVE}pulling from host registry.example failed with status code [manifests 1]: "
)
DENIED = "pull access denied, repository does not exist or may require authorization: "
RESOLVE_2 = "failed to resolve image: "
HEAD = 'failed to do request: Head "https://registry.example/v2/greeter/manifests/1": '
STATUS = "unexpected status from HEAD request to https://registry.example/v2/greeter/manifests/1: "


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (f"{PULLING_FROM}401 Unauthorized", "image-no-access"),
        (f"{PULLING_FROM}403 Forbidden", "image-no-access"),
        (f"{PULLING_FROM}429 Too Many Requests", "image-rate-limited"),
        (f"{PULLING_FROM}500 Internal Server Error", "image-registry-failed"),
        (
            f"{RESOLVE}{HEAD}x509: certificate signed by unknown authority",
            "image-tls",
        ),
        (f"{RESOLVE}{HEAD}EOF", "image-registry-unreachable"),
    ],
)
def test_words_of_a_node_with_containerd_1_have_their_class(words: str, cause: str) -> None:
    assert pull_class(CONTAINERD + words, IMAGE) == cause


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (f"{IMAGE}: not found", "image-not-found"),
        (f"{DENIED}authorization failed: no basic auth credentials", "image-no-access"),
        (f"{STATUS}403 Forbidden", "image-no-access"),
        (f"{STATUS}429 Too Many Requests", "image-rate-limited"),
        (f"{STATUS}500 Internal Server Error", "image-registry-failed"),
        (
            f"{HEAD}dial tcp: lookup registry.example on 10.0.0.53:53: no such host",
            "image-registry-unreachable",
        ),
        (f"{HEAD}EOF", "image-registry-unreachable"),
        (
            f"{HEAD}tls: failed to verify certificate: x509: certificate signed by unknown "
            "authority",
            "image-tls",
        ),
        (f"{HEAD}tls: first record does not look like a TLS handshake", "image-tls"),
    ],
)
def test_words_of_a_node_with_containerd_2_have_their_class(words: str, cause: str) -> None:
    assert pull_class(CONTAINERD + RESOLVE_2 + words, IMAGE) == cause


@pytest.mark.parametrize(
    "words",
    [
        "pulling from host r.example failed with status code [manifests 404]: 500 Internal Server "
        "Error",
        "unexpected status from HEAD request to https://r.example/v2/certificates/manifests/404: "
        "500 Internal Server Error",
    ],
)
def test_words_in_an_address_or_a_tag_do_not_class_it(words: str) -> None:
    said = f'failed to pull and unpack image "r.example/certificates:404": {RESOLVE_2}{words}'
    assert pull_class(said, "r.example/certificates:404") == "image-registry-failed"


def test_an_image_whose_signature_is_not_accepted_is_told() -> None:
    message = (
        f"image pull failed for {IMAGE} because the signature validation failed: Source image "
        "rejected: A signature was required, but no signature exists"
    )
    verdict = judged(waiting("SignatureValidationFailed", message))
    assert verdict.cause == "image-pull"
    assert "A signature was required" in verdict.evidence[0]


def test_words_in_the_name_of_an_image_do_not_class_it() -> None:
    image = "certificate.example/denied:429"
    said = f'failed to pull and unpack image "{image}": {image}: manifest unknown'
    assert pull_class(said, image) == "image-not-found"


def test_a_backing_off_pull_repeats_its_words_on_newer_clusters() -> None:
    message = (
        f'Back-off pulling image "{IMAGE}": ErrImagePull: {CONTAINERD}{RESOLVE}{IMAGE}: not found'
    )
    verdict = judged(waiting("ImagePullBackOff", message))
    assert (verdict.outcome, verdict.cause) == ("failed", "image-not-found")
    assert verdict.evidence[0].startswith("failed to pull and unpack image")


def test_a_backing_off_pull_without_words_has_those_of_its_event() -> None:
    back_off = f'Back-off pulling image "{IMAGE}"'
    event = pull_failed("rpc error: code = Unknown desc = manifest unknown")
    verdict = judged(waiting("ImagePullBackOff", back_off, warnings=(event,)))
    assert (verdict.cause, verdict.evidence) == ("image-not-found", ("manifest unknown",))


def test_a_pull_nobody_says_anything_of_is_told_but_not_final() -> None:
    verdict = judged(waiting("ImagePullBackOff"))
    assert (verdict.outcome, verdict.cause) == ("progressing", "image-pull")


@pytest.mark.parametrize(("times", "outcome"), [(1, "progressing"), (2, "failed")])
def test_a_registry_out_of_reach_is_final_when_it_repeats(times: int, outcome: str) -> None:
    event = pull_failed("dial tcp: i/o timeout", times)
    verdict = judged(waiting("ErrImagePull", "dial tcp: i/o timeout", warnings=(event,)))
    assert (verdict.outcome, verdict.cause) == (outcome, "image-registry-unreachable")
