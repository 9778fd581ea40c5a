"""Manifests of the situations: small objects for `kubectl apply -f -`, as dicts."""

from typing import Any

Object = dict[str, Any]

BUSYBOX = "busybox:latest"
SERVE = ("sh", "-c", "mkdir -p /w && echo hello > /w/index.html && exec httpd -f -p 8080 -h /w")
FOREVER = ("sleep", "1000000")


def container(*command: str, name: str = "app", image: str = BUSYBOX, **fields: Any) -> Object:
    """Return a container that is never pulled again."""
    made: Object = {"name": name, "image": image, "imagePullPolicy": "IfNotPresent"}
    if command:
        made["command"] = list(command)
    return made | fields


def template(*containers: Object, app: str = "web", **spec: Any) -> Object:
    """Return a pod template that stops at once."""
    return {
        "metadata": {"labels": {"app": app}},
        "spec": {"containers": list(containers), "terminationGracePeriodSeconds": 0, **spec},
    }


def deployment(pod: Object, name: str = "web", replicas: int = 1, **spec: Any) -> Object:
    return workload("Deployment", pod, name, replicas=replicas, **spec)


def workload(kind: str, pod: Object, name: str = "web", **spec: Any) -> Object:
    """Return a workload of apps/v1."""
    selector = {"matchLabels": pod["metadata"]["labels"]}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": {"selector": selector, "template": pod, **spec},
    }


def job(pod: Object, name: str = "web", **spec: Any) -> Object:
    pod = {**pod, "spec": {"restartPolicy": "Never", **pod["spec"]}}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"template": pod, **spec},
    }


def service(target: int | str = 8080, name: str = "web", app: str = "web") -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": target}]},
    }


def ingress(service_name: str = "web", port: int = 80, name: str = "web") -> Object:
    backend = {"service": {"name": service_name, "port": {"number": port}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": name},
        "spec": {"rules": [{"host": "web.localhost", "http": {"paths": [path]}}]},
    }


def quota(**hard: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "small"},
        "spec": {"hard": hard},
    }


def claim(name: str = "data", **spec: Any) -> Object:
    resources = {"requests": {"storage": "1Mi"}}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": resources, **spec},
    }


def mounted(name: str, **source: Any) -> tuple[Object, Object]:
    """Return a volume and its mount below /v."""
    return {"name": name, **source}, {"name": name, "mountPath": f"/v/{name}"}


def http(path: str, port: int | str = 8080, **fields: Any) -> Object:
    """Return an HTTP probe that is impatient."""
    return {"httpGet": {"path": path, "port": port}, "periodSeconds": 1, **fields}


def tcp(port: int, **fields: Any) -> Object:
    return {"tcpSocket": {"port": port}, "periodSeconds": 1, **fields}
