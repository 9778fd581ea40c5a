"""Where a release on a real cluster is reached, asked end to end.

There is no ingress controller: a proxy of ours on a loopback address of its own stands in for one,
and its address is written into the Ingress as a controller does it.
"""

import json
import secrets
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed
from tests.integration.redraft import fetch

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
NODE_PORT = "service.type=NodePort"
INGRESS = "ingress.enabled=true"


class Proxy(ThreadingHTTPServer):
    """An ingress controller of the test's own: it leads on to `upstream`, or says 502."""

    daemon_threads = True

    def __init__(self, address: str) -> None:
        super().__init__((address, 80), Answering)
        self.address = address
        self.upstream = ""
        self.hosts: set[str] = set()


class Answering(BaseHTTPRequestHandler):
    """Answers for the proxy."""

    server: Proxy

    def do_GET(self) -> None:
        self.server.hosts.add(self.headers["Host"])
        content = fetch(self.server.upstream).encode() if self.server.upstream else b""
        self.send_response(200 if content else 502)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    address = f"127.{secrets.randbelow(99) + 100}.{secrets.randbelow(255)}.7"
    try:
        server = Proxy(address)
    except PermissionError:
        pytest.skip("port 80 may not be opened here")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def admit(app: Deployed, proxy: Proxy) -> None:
    """Write the proxy's address into the Ingress, as a controller does."""
    status = {"status": {"loadBalancer": {"ingress": [{"ip": proxy.address}]}}}
    path = f"/apis/networking.k8s.io/v1/namespaces/{app.namespace}/ingresses/{app.name}/status"
    live = json.loads(kubectl("get", "--raw", path))
    subprocess.run(
        ["kubectl", "replace", "--raw", path, "-f", "-"],
        input=json.dumps(live | status),
        text=True,
        check=True,
        capture_output=True,
    )


def status(app: Deployed) -> dict[str, Any]:
    (seen,) = app.redraft.json("status")
    return seen


def by_kind(seen: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["kind"]: one for one in seen["endpoints"]}


def test_a_node_port_is_the_url_and_has_answered(app: Deployed) -> None:
    app.settings(set=[NODE_PORT])
    done = app.redraft("up")
    assert done.returncode == 0, done.stderr
    assert fetch(done.stdout.strip()) == "one"
    seen = status(app)
    assert seen["url"] == done.stdout.strip()
    assert by_kind(seen)["NodePort"]["answer"] == "HTTP 200"
    assert seen["verdict"]["cause"] == ""
    assert f"NodePort {app.name}  {seen['url']}  HTTP 200" in app.redraft.good("status")


def test_ready_but_502_through_the_ingress_is_a_warning(app: Deployed, proxy: Proxy) -> None:
    app.settings(set=[NODE_PORT, INGRESS])
    app.up()
    admit(app, proxy)
    seen = status(app)
    verdict = seen["verdict"]
    assert (verdict["verdict"], verdict["cause"]) == ("ready", "endpoint-error")
    said = f"ready, but HTTP 502 by {proxy.address} through Ingress {app.name}"
    assert verdict["sentence"] == said
    assert by_kind(seen)["NodePort"]["reach"] == "answers"
    assert seen["url"] == by_kind(seen)["NodePort"]["url"]
    assert proxy.hosts == {f"{app.name}.localhost"}
    why = app.redraft("why")
    assert why.returncode == 0
    assert said in why.stdout


def test_a_load_balancer_that_nobody_provides_is_told_beside_its_node_port(app: Deployed) -> None:
    app.settings(set=["service.type=LoadBalancer"])
    app.up()
    seen = status(app)
    assert by_kind(seen)["LoadBalancer"]["cause"] == "endpoint-no-address"
    assert fetch(seen["url"]) == "one"
    assert seen["verdict"]["cause"] == ""


def test_a_plain_service_is_told_to_be_for_those_inside(app: Deployed) -> None:
    app.up()
    seen = status(app)
    assert by_kind(seen)["Service"]["url"] == f"http://{app.name}.{app.namespace}.svc"
    assert seen["url"] == ""


def test_an_ingress_is_followed_from_no_address_over_502_to_good(
    app: Deployed, proxy: Proxy
) -> None:
    app.settings(set=[NODE_PORT, INGRESS, f"ingress.host={proxy.address}.nip.invalid"])
    with watching(app) as until:
        node = until(lambda seen: by_kind(seen).get("NodePort", {}).get("reach") == "answers")
        admit(app, proxy)
        bad = until(lambda seen: by_kind(seen)["Ingress"]["cause"] == "endpoint-error")
        assert "HTTP 502" in by_kind(bad)["Ingress"]["answer"]
        proxy.upstream = by_kind(node)["NodePort"]["url"]
        good = until(lambda seen: by_kind(seen)["Ingress"]["reach"] == "answers")
        assert good["url"] == by_kind(good)["Ingress"]["url"]


Until = Callable[[Callable[[dict[str, Any]], bool]], dict[str, Any]]


@contextmanager
def watching(app: Deployed) -> Iterator[Until]:
    """Run `up --watch`, and give what waits for a rollout as it tells it."""
    process = app.redraft.start("up", "--watch", "--output", "json")
    assert process.stdout

    def until(condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for line in process.stdout or ():
            rollout: dict[str, Any] = json.loads(line).get("rollout") or {}
            if rollout.get("endpoints") and condition(rollout):
                return rollout
        raise AssertionError("it ended")

    try:
        yield until
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        process.stdout.close()
