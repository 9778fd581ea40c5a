"""`redraft connect` on a real cluster: one local port over redeploys and deaths of pods."""

import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cluster import kubectl
from tests.integration.kube.deployed import Deployed
from tests.integration.redraft import fetch

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


@contextmanager
def connected(app: Deployed) -> Iterator["subprocess.Popen[str]"]:
    process = app.redraft.start("connect", "--output", "json")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        assert process.stdout
        process.stdout.close()


def next_open(process: "subprocess.Popen[str]", *, other_than: str = "") -> dict[str, Any]:
    """Wait until the port leads to a pod."""
    assert process.stdout
    for line in process.stdout:
        state: dict[str, Any] = json.loads(line)
        if state["status"] == "open" and state["pod"] != other_than:
            return state
    raise AssertionError("connect ended")


def test_the_local_port_stays_over_a_redeploy_and_the_death_of_a_pod(app: Deployed) -> None:
    app.up()
    with connected(app) as process:
        first = next_open(process)
        assert fetch(first["url"]) == "one"
        app.edit("two")
        app.up()
        second = next_open(process, other_than=first["pod"])
        assert second["url"] == first["url"]
        assert fetch(second["url"]) == "two"
        kubectl("-n", app.namespace, "delete", "pod", second["pod"], "--wait=false")
        third = next_open(process, other_than=second["pod"])
        assert third["url"] == first["url"]
        assert fetch(third["url"]) == "two"


def test_a_new_pod_is_led_to_as_soon_as_it_answers_however_late_its_kubelet_looks(
    app: Deployed,
) -> None:
    app.up()
    with connected(app) as process:
        first = next_open(process)
        template = app.project / "charts" / app.name / "templates" / "deployment.yaml"
        text = template.read_text()
        assert "periodSeconds: 1\n" in text
        template.write_text(text.replace("periodSeconds: 1\n", "periodSeconds: 3600\n", 1))
        app.settings(wait=False)
        app.edit("two")
        app.up()
        second = next_open(process, other_than=first["pod"])
        assert fetch(second["url"]) == "two"


def test_a_port_asked_for_that_is_taken_is_told(app: Deployed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app.settings(override_ports=[f"{port}:8080"])
    app.up()
    with connected(app) as process:
        assert next_open(process)["url"] == f"http://127.0.0.1:{port}"
        assert f"port {port} is taken" in app.fault("connect")


def test_after_a_delete_the_port_ends_what_connects_until_the_next_up(app: Deployed) -> None:
    app.up()
    with connected(app) as process:
        url = next_open(process)["url"]
        app.redraft.good("delete", "--yes")
        assert "nothing is released here" in waiting(process)
        with pytest.raises(ConnectionError):
            urllib.request.urlopen(url, timeout=15)
        app.up()
        assert next_open(process)["url"] == url
        assert fetch(url) == "one"


def waiting(process: "subprocess.Popen[str]") -> str:
    """Return why the port leads to no pod, once that is told."""
    assert process.stdout
    for line in process.stdout:
        state: dict[str, Any] = json.loads(line)
        if state["status"] == "waiting" and state["message"]:
            return str(state["message"])
    raise AssertionError("connect ended")
