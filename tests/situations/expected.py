"""What redraft must say of each situation: outcome, cause, and words that must not be missing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """A verdict, in so far as it can be told beforehand."""

    outcome: str
    cause: str = ""
    says: tuple[str, ...] = ()
    """Texts that stand in sentence, evidence or remedy."""


def failed(cause: str, *says: str) -> Expected:
    return Expected("failed", cause, says)


def told(cause: str, *says: str) -> Expected:
    return Expected("progressing", cause, says)


READY = Expected("ready")
REFUSED = "requested: pods=1, used: pods=0, limited: pods=0"

EXPECTED: dict[str, Expected] = {
    "good": READY,
    "good-statefulset": READY,
    "good-daemonset": READY,
    "good-job": READY,
    "scaled-to-zero": READY,
    "paused": told("paused", "kubectl rollout resume deployment/web"),
    "image-not-found": failed("image-not-found", "127.0.0.1:5000/nowhere", "manifest unknown"),
    "image-unreachable": failed("image-registry-unreachable", "connection refused"),
    "image-unknown-host": failed("image-registry-unreachable", "no such host"),
    "image-name-invalid": failed("image-name-invalid", "must be lowercase"),
    "image-never-pulled": failed("image-never-pulled", "pull policy"),
    "image-no-access": failed("image-no-access", "unauthorized", "imagePullSecrets"),
    "image-denied": failed("image-no-access", "denied"),
    "image-rate-limited": failed("image-rate-limited", "toomanyrequests"),
    "image-registry-failed": failed("image-registry-failed", "500 Internal"),
    "image-platform": failed("image-platform", "no matching manifest for linux/amd64"),
    "image-tls": failed("image-tls", "x509:"),
    "image-plain-http": failed("image-tls", "the registry speaks plain HTTP"),
    "webhook-denied": failed("webhook-denied", "images must come from the company's registry"),
    "unschedulable-taint": failed("unschedulable-taint", "{dedicated: gpu}"),
    "webhook-unreachable": told("webhook-unreachable", "connection refused"),
    "crash-loop": failed("crash-loop", "exited with code 37"),
    "crash-loop-statefulset": failed("crash-loop", "web-0 exited with code 37"),
    "crash-loop-daemonset": failed("crash-loop", "exited with code 37"),
    "crash-loop-signal": failed("crash-loop", "exited with code 139 (SIGSEGV)"),
    "exited": failed("exited", "exited with code 0", "keep the app running"),
    "oom-killed": failed("oom-killed", "its limit of 32 MiB", "limits.memory"),
    "missing-secret": failed("missing-secret", "needs Secret tokens", "make Secret tokens"),
    "missing-configmap": failed("missing-configmap", "needs ConfigMap settings"),
    "missing-key": failed("missing-key", "the key mode", "ConfigMap settings"),
    "start-error": failed("start-error", '"pyhton": executable file not found'),
    "not-executable": failed("start-error", "permission denied"),
    "runs-as-root": failed("runs-as-root", "runAsNonRoot", "USER"),
    "init-crash": failed("crash-loop", "init container migrate of web-", "code 3"),
    "sidecar-crash": failed("crash-loop", "container proxy of web-", "code 4"),
    "unschedulable-cpu": failed("unschedulable-resources", "enough cpu left: it asks for 64"),
    "unschedulable-memory": failed("unschedulable-resources", "memory left: it asks for 900Gi"),
    "unschedulable-gpu": failed("unschedulable-resources", "example.com/gpu"),
    "unschedulable-selector": failed("unschedulable-affinity", "nodeSelector"),
    "unschedulable-affinity": failed("unschedulable-affinity", "affinity"),
    "unschedulable-apart": failed("unschedulable-affinity", "anti-affinity"),
    "claim-missing": failed("claim-missing", "PersistentVolumeClaim data"),
    "claim-unbound": failed("claim-unbound", 'storageclass.storage.k8s.io "nowhere" not found'),
    "quota": failed("quota", "Deployment web gets no pods", "the quota small", REFUSED),
    "quota-statefulset": failed("quota", "StatefulSet web gets no pods", REFUSED),
    "quota-daemonset": failed("quota", "DaemonSet web gets no pods", REFUSED),
    "quota-job": failed("quota", "Job web gets no pods", REFUSED),
    "quota-unstated": failed("quota", "limits.memory"),
    "limit-range": failed("limit-range", "maximum memory usage per Container is 64Mi"),
    "service-account-missing": failed("service-account-missing", "ServiceAccount robot"),
    "readiness-http": told("readiness-probe", "GET /healthz on port 8080", "statuscode: 404"),
    "readiness-wrong-port": told("readiness-probe", "on port 9090", "connection refused"),
    "readiness-command": told("readiness-probe", "sh -c", "not yet"),
    "readiness-slow": told("readiness-probe", "port 8080"),
    "readiness-loopback": told("readiness-probe", "port 8080", "connection refused"),
    "liveness-http": failed("liveness-probe", "GET /alive on port 8080", "restarted"),
    "liveness-tcp": failed("liveness-probe", "port 9090", "refused"),
    "startup-http": told("startup-probe", "GET /started on port 8080"),
    "progress-deadline": failed("readiness-probe", "GET /healthz", "has timed out progressing"),
    "mount-configmap": failed("mount-missing", "ConfigMap settings"),
    "mount-secret": failed("mount-missing", "Secret tokens"),
    "mount-key": failed("mount-missing", "the key mode of a ConfigMap"),
    "mount-host-path": failed("mount-failed", "/no/such is not a directory"),
    "job-backoff": failed("crash-loop", "exited with code 37", "backoff limit"),
    "job-deadline": failed("job-deadline", "longer than specified deadline"),
    "evicted": told("evicted", 'EmptyDir volume "data" exceeds the limit "1Mi"'),
    "service-selects-nothing": failed("service-no-endpoints", "app=wbe"),
    "service-port-unnamed": failed("service-wrong-port", "a port named web"),
    "service-port-closed": READY,  # until it is known what the pod listens on
    "ingress-service-missing": failed("ingress-no-service", "Service wbe"),
    "ingress-port-missing": failed("ingress-no-port", "port 8081 of Service web"),
    "update-deployment": failed("crash-loop", "exited with code 37"),
    "update-statefulset": failed("crash-loop", "exited with code 37"),
    "update-daemonset": failed("crash-loop", "exited with code 37"),
    "update-quota": told("quota", "used: pods=1, limited: pods=1"),
}
"""By the situation's name, once it has lasted (`recordings`)."""

AT_FIRST: dict[str, Expected] = {
    "image-unreachable.first": told("image-registry-unreachable", "connection refused"),
    "image-not-found.first": failed("image-not-found", "manifest unknown"),
}
"""Moments soon after the beginning: what may pass is told, yet not final."""

CONTAINERD: dict[str, Expected] = {
    f"{name}.containerd": EXPECTED[name]
    for name in (
        *("oom-killed", "start-error", "crash-loop", "init-crash"),
        *("image-unreachable", "image-tls", "image-plain-http"),
    )
} | {"image-not-found.containerd": failed("image-not-found", "nothing:1: not found")}
"""The same from a node with containerd 2.1.9 instead of docker."""

WITH_EVIDENCE: dict[str, Expected] = {
    "good": Expected("ready", "endpoint-unreachable", ("through Ingress web",)),
    "image-not-found": failed("image-not-found", "127.0.0.1:5000/nowhere"),
    "crash-loop": failed("crash-loop", "exited with code 37", "No module named 'flask'"),
    "init-crash": failed("crash-loop", "init container migrate of web-", "no database"),
    "sidecar-crash": failed("crash-loop", "container proxy of web-", "code 4", "bad"),
    "oom-killed": failed("oom-killed", "its limit of 32 MiB", "limit 32 MiB, use"),
    "readiness-wrong-port": failed("wrong-port", "listens on port 8080", "readiness", "9090"),
    "readiness-loopback": failed("listens-on-loopback", "127.0.0.1:8080", "0.0.0.0"),
    "service-port-closed": failed("service-wrong-port", "port 9090", "listens on 8080"),
}
"""What is said besides, or instead, once logs and open ports were asked for, of any runtime."""
