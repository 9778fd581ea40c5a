"""Images: why an image cannot be pulled, by class, in the registry's words. Pure.

The words are those of the engine (dockershim, cri-dockerd) or of containerd and CRI-O; they reach
us in a container's `message` while it waits with `ErrImagePull`, in the event `Failed` before that,
and, since Kubernetes 1.32, in the message of `ImagePullBackOff` as well.
"""

import re
from collections.abc import Iterator

from tui.model.frozen import frozen
from tui.model.rollouts import Container, Pod, Verdict, WarningEvent
from tui.model.verdicts.scene import Scene, trouble, who

PULLING = {
    "ErrImagePull",
    "ImagePullBackOff",
    "RegistryUnavailable",
    "ImageInspectError",
    "SignatureValidationFailed",
}
PREFIX = re.compile(
    r"Failed to pull image \"[^\"]*\": |Back-off pulling image \"[^\"]*\"(?:: |$)"
    r"|ErrImagePull: |rpc error: code = \w+ desc = |Error response from daemon: "
)
NAMES = re.compile(r"\"[^\"]*\"|\[manifests [^\]]*\]|https?://\S+")
"""What a message names: quoted, as containerd 1.6 names a tag, and addresses, which hold both."""
REPEATED = 2


@frozen
class _Class:
    cause: str
    pattern: re.Pattern[str]
    sentence: str
    remedy: str
    may_pass: bool = False
    """Whether the next try may succeed by itself, so that only a repeat is final."""


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


CLASSES = (
    _Class(
        "image-platform",
        _words("no matching manifest for", "no match for platform", "exec format error"),
        "it was not built for the node's platform",
        "build it for the platform of the nodes: `docker buildx build --platform`",
    ),
    _Class(
        "image-rate-limited",
        _words("toomanyrequests", "rate limit", r"\b429\b"),
        "the registry takes no more requests for now",
        "log in to the registry by a pull secret, use a mirror, or wait",
        may_pass=True,
    ),
    _Class(
        "image-registry-unreachable",
        _words(
            "TLS handshake timeout",
            "dial tcp",
            "no such host",
            "connection (?:refused|reset)",
            "i/o timeout",
            "no route to host",
            "network is unreachable",
            "(?:request|context) canceled",
            "deadline exceeded",
            r"\bEOF$",
        ),
        "the node cannot reach the registry",
        "check `registry` in draft.toml, and that the nodes can reach it by that name",
        may_pass=True,
    ),
    _Class(
        "image-tls",
        _words("HTTP response to HTTPS client", "does not look like a TLS handshake"),
        "the node asks by HTTPS, but the registry speaks plain HTTP",
        "serve the registry by HTTPS, or list it among the nodes' insecure registries",
    ),
    _Class(
        "image-tls",
        _words("x509:", "certificate", r"\btls: "),
        "the node does not trust the registry's TLS certificate",
        "have the nodes trust the authority that signed the registry's certificate",
    ),
    _Class(
        "image-no-access",
        _words(
            "unauthorized",
            "authentication required",
            r"\bdenied\b",
            "no basic auth credentials",
            "insufficient_scope",
            "forbidden",
            r"\b40[13]\b",
        ),
        "the registry gives no access to it, or there is no such repository",
        "set `pull-secret = true` in draft.toml, or give the pod a secret of its own "
        "(`imagePullSecrets`) that may read it, or correct its name",
    ),
    _Class(
        "image-not-found",
        _words("manifest unknown", "name unknown", "not found", r"\b404\b"),
        "the registry has no such image",
        "push it, or correct its name and tag",
    ),
    _Class(
        "image-registry-failed",
        _words(r"\b5\d\d\b", "internal server error", "bad gateway", "unavailable"),
        "the registry fails",
        "look at the registry itself; it is asked again by itself",
        may_pass=True,
    ),
)
UNKNOWN = _Class("image-pull", re.compile(""), "it cannot be pulled", "read the words", True)


def unpulled(at: Scene) -> Iterator[Verdict]:
    """Tell containers whose image is not to be had."""
    for pod, container in at.containers():
        match container.waiting:
            case "InvalidImageName":
                yield _invalid(pod, container)
            case "ErrImageNeverPull":
                yield _never(pod, container)
            case waiting if waiting in PULLING:
                yield _pull(pod, container)


def pull_class(words: str, image: str) -> str:
    """Return the cause that the words of a failed pull stand for."""
    return _classify(words, image).cause


def _classify(words: str, image: str) -> _Class:
    """Names of images and addresses may hold any word: they are left out."""
    said = NAMES.sub("", words).replace(image, "")
    return next((one for one in CLASSES if one.pattern.search(said)), UNKNOWN)


def _pull(pod: Pod, container: Container) -> Verdict:
    words, times = _said(pod, container)
    found = _classify(words, container.image)
    final = not found.may_pass or times >= REPEATED
    sentence = f"{who(pod, container)} has no image {container.image}: {found.sentence}"
    if not words:
        return trouble(False, UNKNOWN.cause, sentence, (), "wait for the next try")
    return trouble(final, found.cause, sentence, (words,), found.remedy)


def _said(pod: Pod, container: Container) -> tuple[str, int]:
    """Return the registry's last words, and how often it was asked."""
    told = [w for w in pod.warnings if w.container == container.name and _is_pull(w)]
    words = PREFIX.sub("", container.message) or (PREFIX.sub("", told[-1].message) if told else "")
    return words.strip(), max((warning.times for warning in told), default=1)


def _is_pull(warning: WarningEvent) -> bool:
    return warning.message.startswith("Failed to pull image")


def _invalid(pod: Pod, container: Container) -> Verdict:
    return trouble(
        True,
        "image-name-invalid",
        f"{who(pod, container)} names an image that cannot be: {container.image}",
        (container.message,),
        "write it as REGISTRY/NAME:TAG, the name in lower case",
    )


def _never(pod: Pod, container: Container) -> Verdict:
    return trouble(
        True,
        "image-never-pulled",
        f"{who(pod, container)} has no image {container.image}: it is not on the node, and its "
        "pull policy is Never",
        (container.message,),
        "load the image into the node, or set `imagePullPolicy: IfNotPresent`",
    )
