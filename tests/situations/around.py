"""What must be around a situation besides its manifests: registries that misbehave, admission
webhooks, a taint. All of it listens on loopback addresses and is gone afterwards.
"""

import base64
import json
import secrets
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.situations.cluster import Cluster, kubectl
from tests.situations.manifests import Object
from tests.situations.table import Made, app, image

STRICT = "10.201.77.1"
"""A loopback address outside of 127.0.0.0/8, in which engines demand no TLS."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers to everything."""

    status: int
    body: Object
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, message: str, **headers: str) -> Reply:
    """Return a registry's error as the distribution specification writes it."""
    body = {"errors": [{"code": code, "message": message}]}
    return Reply(status, body, {key.replace("_", "-"): text for key, text in headers.items()})


OTHER_PLATFORM = Reply(
    200,
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
        "manifests": [
            {
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "size": 1000,
                "digest": f"sha256:{'0' * 64}",
                "platform": {"architecture": "s390x", "os": "linux"},
            }
        ],
    },
    {"Content-Type": "application/vnd.docker.distribution.manifest.list.v2+json"},
)


@contextmanager
def server(
    answer: Callable[[bytes], Reply], host: str = "127.0.0.1", certificate: Path | None = None
) -> Iterator[int]:
    """Serve one answer to everything; gives the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = Reply(200, {}) if self.path == "/v2/" else answer(body)
            text = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for key, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

        do_POST = do_HEAD = do_GET  # noqa: N815 - the handler's own names

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((host, 0), Handler) as serving:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            serving.socket = context.wrap_socket(serving.socket, server_side=True)
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving.server_port
        serving.shutdown()


@contextmanager
def certificate(host: str) -> Iterator[Path]:
    """Make a certificate that nobody has signed but itself, with its key in one file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        subject = ["-subj", "/CN=test", "-addext", f"subjectAltName=IP:{host}"]
        new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject]
        certified = [*new, "-keyout", str(path), "-out", f"{path}.crt"]
        subprocess.run(certified, check=True, capture_output=True)
        path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
        yield path


@contextmanager
def registry(reply: Reply, cluster: Cluster) -> Iterator[Made]:
    """Have an image in a registry that answers so."""
    with server(lambda _: reply) as port:
        yield image(f"127.0.0.1:{port}/greeter:1")


@contextmanager
def strict_registry(tls: bool, cluster: Cluster) -> Iterator[Made]:
    """Have an image in a registry whose certificate the engine must check; needs root."""
    subprocess.run(["ip", "address", "add", f"{STRICT}/32", "dev", "lo"], check=True)
    try:
        with (
            certificate(STRICT) as path,
            server(lambda _: OTHER_PLATFORM, STRICT, path if tls else None) as port,
        ):
            yield image(f"{STRICT}:{port}/greeter:1")
    finally:
        subprocess.run(["ip", "address", "delete", f"{STRICT}/32", "dev", "lo"], check=True)


def denial(request: bytes) -> Reply:
    """Answer an AdmissionReview: no."""
    uid = json.loads(request)["request"]["uid"]
    status = {"code": 403, "message": "images must come from the company's registry"}
    response = {"uid": uid, "allowed": False, "status": status}
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}
    return Reply(200, {**review, "response": response})


@contextmanager
def webhook(answers: bool, cluster: Cluster) -> Iterator[Made]:
    """Have a webhook asked about the pods of this namespace, which denies or does not answer."""
    with certificate("127.0.0.1") as path, server(denial, certificate=path) as port:
        name = f"test-{secrets.token_hex(4)}.redraft.test"
        made = webhook_configuration(name, cluster.namespace, port if answers else 9, path)
        kubectl("label", "namespace", cluster.namespace, f"webhook={cluster.namespace}")
        kubectl("apply", "-f", "-", stdin=json.dumps(made))
        try:
            yield app()
        finally:
            kubectl("delete", "validatingwebhookconfiguration", name)


def webhook_configuration(name: str, namespace: str, port: int, path: Path) -> Object:
    bundle = base64.b64encode(Path(f"{path}.crt").read_bytes()).decode()
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"]}
    hook = {
        "name": name,
        "clientConfig": {"url": f"https://127.0.0.1:{port}/", "caBundle": bundle},
        "rules": [{**rule, "resources": ["pods"]}],
        "namespaceSelector": {"matchLabels": {"webhook": namespace}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 2,
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [hook],
    }


@contextmanager
def tainted(cluster: Cluster) -> Iterator[Made]:
    """Taint all nodes: nothing else may begin on the cluster meanwhile."""
    kubectl("taint", "nodes", "--all", "dedicated=gpu:NoSchedule")
    try:
        yield app()
    finally:
        kubectl("taint", "nodes", "--all", "dedicated-")


Around = Callable[[Cluster], AbstractContextManager[Made]]
REALM = 'Basic realm="here"'
AROUND: dict[str, Around] = {
    "image-no-access": lambda c: registry(
        refusal(401, "UNAUTHORIZED", "authentication required", WWW_Authenticate=REALM), c
    ),
    "image-denied": lambda c: registry(refusal(403, "DENIED", "requested access is denied"), c),
    "image-rate-limited": lambda c: registry(
        refusal(429, "TOOMANYREQUESTS", "You have reached your pull rate limit"), c
    ),
    "image-registry-failed": lambda c: registry(refusal(500, "UNKNOWN", "disk full"), c),
    "image-platform": lambda c: registry(OTHER_PLATFORM, c),
    "image-tls": lambda c: strict_registry(True, c),
    "image-plain-http": lambda c: strict_registry(False, c),
    "webhook-denied": lambda c: webhook(True, c),
    "webhook-unreachable": lambda c: webhook(False, c),
    "unschedulable-taint": tainted,
}
"""By name, what gives the manifests once everything around them is there."""
