"""Situations a cluster can be in, each made for real by its manifests.

The same manifests serve the recordings in `tests/fixtures/cluster` (what the API server told of
them) and the live tests.
"""

from collections.abc import Callable
from typing import Any

from tests.situations import manifests as m
from tests.situations.manifests import FOREVER, SERVE, Object

Made = tuple[Object, ...]
TRACEBACK = (
    "import sys; print('starting', flush=True); "
    "sys.stderr.write(\"ModuleNotFoundError: No module named 'flask'\\n\"); sys.exit(37)"
)
PYTHON = "python:3.12-slim"
SEGV = "import ctypes; ctypes.string_at(0)"
EATER = "x = []\nwhile True: x.append(bytearray(1 << 20))"


def app(*command: str, **fields: Any) -> Made:
    """Return a Deployment with one container."""
    return (m.deployment(m.template(m.container(*(command or FOREVER), **fields))),)


def image(name: str, policy: str = "IfNotPresent") -> Made:
    """Return a Deployment of an image that is not there."""
    return app(image=name, imagePullPolicy=policy)


def env_from(**source: Any) -> Made:
    return app(env=[{"name": "KEY", "valueFrom": source}])


def asking(**requests: str) -> Made:
    return app(resources={"requests": requests})


def placed(**spec: Any) -> Made:
    return (m.deployment(m.template(m.container(*FOREVER), **spec)),)


def with_volume(*more: Object, **source: Any) -> Made:
    volume, mount = m.mounted("data", **source)
    pod = m.template(m.container(*FOREVER, volumeMounts=[mount]), volumes=[volume])
    return (*more, m.deployment(pod))


def probed(**probes: Object) -> Made:
    return app(*SERVE, ports=[{"containerPort": 8080, "name": "http"}], **probes)


def node_affinity() -> Object:
    term = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["nvme"]}]}
    required = {"nodeSelectorTerms": [term]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}


def apart() -> Object:
    term = {
        "labelSelector": {"matchLabels": {"app": "web"}},
        "topologyKey": "kubernetes.io/hostname",
    }
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


SERVING = m.template(
    m.container(*SERVE, ports=[{"containerPort": 8080, "name": "http"}], readinessProbe=m.http("/"))
)
CRASHING = m.template(m.container("python", "-c", TRACEBACK, image=PYTHON))
SERVE_LOCALLY = ("sh", "-c", "mkdir /w && exec httpd -f -p 127.0.0.1:8080 -h /w")
LIMITS: Object = {
    "apiVersion": "v1",
    "kind": "LimitRange",
    "metadata": {"name": "small"},
    "spec": {"limits": [{"type": "Container", "max": {"memory": "64Mi"}}]},
}
BIG = {"requests": {"memory": "128Mi"}, "limits": {"memory": "128Mi"}}
NOWHERE = "127.0.0.1:5000/nowhere/nothing:1"

SITUATIONS: dict[str, Callable[[], Made]] = {
    # ready
    "good": lambda: (m.deployment(SERVING, replicas=2), m.service("http"), m.ingress()),
    "good-statefulset": lambda: (
        m.workload("StatefulSet", SERVING, serviceName="web"),
        m.service("http"),
    ),
    "good-daemonset": lambda: (m.workload("DaemonSet", SERVING),),
    "good-job": lambda: (m.job(m.template(m.container("true"))),),
    "scaled-to-zero": lambda: (m.deployment(SERVING, replicas=0),),
    "paused": lambda: (m.deployment(SERVING, paused=True),),
    # images
    "image-not-found": lambda: image(NOWHERE),
    "image-unreachable": lambda: image("127.0.0.1:9/greeter:1"),
    "image-unknown-host": lambda: image("registry.invalid/greeter:1"),
    "image-name-invalid": lambda: image("Greeter:No Such Name"),
    "image-never-pulled": lambda: image(NOWHERE, "Never"),
    # containers
    "crash-loop": lambda: (m.deployment(CRASHING),),
    "crash-loop-statefulset": lambda: (m.workload("StatefulSet", CRASHING, serviceName="web"),),
    "crash-loop-daemonset": lambda: (m.workload("DaemonSet", CRASHING),),
    "crash-loop-signal": lambda: app("python", "-c", SEGV, image=PYTHON),
    "exited": lambda: app("echo", "done"),
    "oom-killed": lambda: app(
        "python", "-c", EATER, image=PYTHON, resources={"limits": {"memory": "32Mi"}}
    ),
    "missing-secret": lambda: env_from(secretKeyRef={"name": "tokens", "key": "api"}),
    "missing-configmap": lambda: env_from(configMapKeyRef={"name": "settings", "key": "mode"}),
    "missing-key": lambda: (
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "settings"},
            "data": {"x": "1"},
        },
        *env_from(configMapKeyRef={"name": "settings", "key": "mode"}),
    ),
    "start-error": lambda: app("pyhton", "app.py"),
    "not-executable": lambda: app("/etc/hostname"),
    "runs-as-root": lambda: app(securityContext={"runAsNonRoot": True}),
    "init-crash": lambda: (
        m.deployment(
            m.template(
                m.container(*FOREVER),
                initContainers=[
                    m.container("sh", "-c", "echo no database; exit 3", name="migrate")
                ],
            )
        ),
    ),
    "sidecar-crash": lambda: (
        m.deployment(
            m.template(
                m.container(*FOREVER), m.container("sh", "-c", "echo bad; exit 4", name="proxy")
            )
        ),
    ),
    # scheduling
    "unschedulable-cpu": lambda: asking(cpu="64"),
    "unschedulable-memory": lambda: asking(memory="900Gi"),
    "unschedulable-gpu": lambda: app(
        resources={"limits": {"example.com/gpu": "1"}, "requests": {"example.com/gpu": "1"}}
    ),
    "unschedulable-selector": lambda: placed(nodeSelector={"disk": "nvme"}),
    "unschedulable-affinity": lambda: placed(affinity=node_affinity()),
    "unschedulable-apart": lambda: (
        m.deployment(m.template(m.container(*FOREVER), affinity=apart()), replicas=2),
    ),
    "claim-missing": lambda: with_volume(persistentVolumeClaim={"claimName": "data"}),
    "claim-unbound": lambda: with_volume(
        m.claim(storageClassName="nowhere"), persistentVolumeClaim={"claimName": "data"}
    ),
    # admission
    "quota": lambda: (m.quota(pods="0"), m.deployment(SERVING)),
    "quota-statefulset": lambda: (
        m.quota(pods="0"),
        m.workload("StatefulSet", SERVING, serviceName="web"),
    ),
    "quota-daemonset": lambda: (m.quota(pods="0"), m.workload("DaemonSet", SERVING)),
    "quota-job": lambda: (m.quota(pods="0"), m.job(m.template(m.container("true")))),
    "quota-unstated": lambda: (m.quota(**{"limits.memory": "1Gi"}), m.deployment(SERVING)),
    "limit-range": lambda: (LIMITS, *app(resources=BIG)),
    "service-account-missing": lambda: placed(serviceAccountName="robot"),
    # probes
    "readiness-http": lambda: probed(readinessProbe=m.http("/healthz")),
    "readiness-wrong-port": lambda: probed(readinessProbe=m.http("/", 9090)),
    "readiness-command": lambda: probed(
        readinessProbe={
            "exec": {"command": ["sh", "-c", "echo not yet; exit 1"]},
            "periodSeconds": 1,
        }
    ),
    "readiness-slow": lambda: app(
        "sh",
        "-c",
        "while true; do nc -l -p 8080 -e sleep 5; done",
        readinessProbe=m.http("/", timeoutSeconds=1),
    ),
    "liveness-http": lambda: probed(livenessProbe=m.http("/alive", failureThreshold=2)),
    "liveness-tcp": lambda: probed(livenessProbe=m.tcp(9090, failureThreshold=2)),
    "startup-http": lambda: probed(
        startupProbe=m.http("/started", failureThreshold=3), readinessProbe=m.http("/")
    ),
    "readiness-loopback": lambda: app(
        *SERVE_LOCALLY, readinessProbe=m.http("/"), ports=[{"containerPort": 8080}]
    ),
    "progress-deadline": lambda: (
        m.deployment(
            m.template(m.container(*SERVE, readinessProbe=m.http("/healthz"))),
            progressDeadlineSeconds=3,
        ),
    ),
    # volumes
    "mount-configmap": lambda: with_volume(configMap={"name": "settings"}),
    "mount-secret": lambda: with_volume(secret={"secretName": "tokens"}),
    "mount-key": lambda: with_volume(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "settings"},
            "data": {"x": "1"},
        },
        configMap={"name": "settings", "items": [{"key": "mode", "path": "mode"}]},
    ),
    "mount-host-path": lambda: with_volume(hostPath={"path": "/no/such", "type": "Directory"}),
    # jobs and evictions
    "job-backoff": lambda: (m.job(CRASHING, backoffLimit=0),),
    "job-deadline": lambda: (
        m.job(m.template(m.container(*FOREVER)), activeDeadlineSeconds=3, backoffLimit=0),
    ),
    "evicted": lambda: (
        m.deployment(
            m.template(
                m.container(
                    "sh",
                    "-c",
                    "dd if=/dev/zero of=/v/data/x bs=1M count=20; exec sleep 1000",
                    volumeMounts=[{"name": "data", "mountPath": "/v/data"}],
                ),
                volumes=[{"name": "data", "emptyDir": {"sizeLimit": "1Mi"}}],
            )
        ),
    ),
    # network
    "service-selects-nothing": lambda: (m.deployment(SERVING), m.service("http", app="wbe")),
    "service-port-unnamed": lambda: (m.deployment(SERVING), m.service("web")),
    "service-port-closed": lambda: (m.deployment(SERVING), m.service(9090)),
    "ingress-service-missing": lambda: (
        m.deployment(SERVING),
        m.service("http"),
        m.ingress("wbe"),
    ),
    "ingress-port-missing": lambda: (
        m.deployment(SERVING),
        m.service("http"),
        m.ingress("web", 8081),
    ),
}

NEXT: dict[str, Callable[[], Made]] = {
    # what is applied over a good release, so that there are old pods and new ones
    "update-deployment": lambda: (m.deployment(CRASHING),),
    "update-statefulset": lambda: (m.workload("StatefulSet", CRASHING, serviceName="web"),),
    "update-daemonset": lambda: (m.workload("DaemonSet", CRASHING),),
    "update-quota": lambda: (m.quota(pods="1"), m.deployment(CRASHING)),
}
BEFORE: dict[str, Callable[[], Made]] = {
    "update-deployment": lambda: (m.deployment(SERVING),),
    "update-statefulset": SITUATIONS["good-statefulset"],
    "update-daemonset": SITUATIONS["good-daemonset"],
    "update-quota": lambda: (m.deployment(SERVING),),
}
