"""What a registry's refusal means: from the engine's words to a fault. Pure.

The words are the engine's (moby/moby: distribution, registry) and Go's net/http; with the
containerd image store containerd's or, from Docker 28 on, `error from registry: ` and the
registry's message alone, without the status. A fault of kind `unreachable` is worth another try.
"""

import re

from tui.model.faults import Fault, FaultKind

Rule = tuple[re.Pattern[str], str, str, str, FaultKind]

RULES: tuple[Rule, ...] = (
    (
        re.compile(r"server gave HTTP response to HTTPS client"),
        "registry-plain-http",
        "{registry} speaks plain HTTP, which the engine does not trust",
        "give it TLS, or name it in `insecure-registries` of the engine's daemon.json "
        "(Podman: `insecure = true` for it in registries.conf)",
        "usage",
    ),
    (
        re.compile(r"x509|certificate"),
        "registry-tls",
        "{registry} did not prove who it is",
        "give its certificate authority to the engine: /etc/docker/certs.d/{registry}/ca.crt",
        "usage",
    ),
    (
        re.compile(
            r"denied|unauthorized|authentication required|no basic auth|\b40[13]\b"
            r"|insufficient_scope",
            re.IGNORECASE,
        ),
        "registry-denied",
        "{registry} does not let you push {image}",
        "run `docker login {registry}`, and check that you may push to this name",
        "usage",
    ),
    (
        re.compile(
            r"does not exist locally|tag does not exist|No such image|reference does not exist"
        ),
        "image-gone",
        "the engine has no image {image} any more",
        "build it again: `redraft up`",
        "failed",
    ),
    (
        re.compile(
            r"\b5\d\d\b|too ?many ?requests|\b429\b|received unexpected HTTP status"
            r"|unknown error|internal error|service unavailable",
            re.IGNORECASE,
        ),
        "registry-failed",
        "{registry} failed",
        "try again; look at the registry's own log if it stays so",
        "unreachable",
    ),
    (
        re.compile(
            r"dial tcp|no such host|connection re(?:fused|set)|broken pipe|EOF|timeout|Timeout"
            r"|deadline exceeded|network is unreachable|use of closed network|server misbehaving"
        ),
        "registry-unreachable",
        "{registry} is out of reach",
        "check the network, the proxy and the name in `registry`",
        "unreachable",
    ),
)


def push_fault(said: str, registry: str, image: str) -> Fault:
    """Return the fault of a push that failed with these words."""
    for words, code, sentence, remedy, kind in RULES:
        if words.search(said):
            names = {"registry": registry, "image": image}
            return Fault(
                code, sentence.format(**names), kind, (said,), remedy=remedy.format(**names)
            )
    return Fault(
        "push-failed",
        f"{image} could not be pushed",
        evidence=(said,),
        remedy="read what the registry says",
    )
