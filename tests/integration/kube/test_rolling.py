"""A rolling update on a real cluster, with requests all the while."""

import threading
import urllib.request
from pathlib import Path

import pytest

from tests.integration.kube.deployed import Deployed, deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


class Asker(threading.Thread):
    """Asks a URL again and again, each time by a new connection."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.failures: list[str] = []
        self.answers: list[str] = []
        self._stop_asking = threading.Event()

    def run(self) -> None:
        while not self._stop_asking.wait(0.01):
            try:
                with urllib.request.urlopen(self.url, timeout=5) as response:
                    self.answers.append(response.read().decode())
            except OSError as error:
                self.failures.append(str(error))

    def end(self) -> None:
        self._stop_asking.set()
        self.join()


@pytest.fixture
def site(tmp_path: Path, namespace: str, registry: str, engine: object) -> Deployed:
    """Return a static site as `redraft create` makes it, on a NodePort."""
    return deployed(tmp_path, namespace, registry, dockerfile="")


def test_no_request_fails_while_a_new_revision_takes_over(site: Deployed) -> None:
    site.settings(set=["service.type=NodePort"])
    site.up()
    port = site.get("service", site.name)["spec"]["ports"][0]["nodePort"]
    asker = Asker(f"http://127.0.0.1:{port}/")
    asker.start()
    try:
        site.edit("two")
        site.up()
        site.redraft.good("rollback", "--yes")
    finally:
        asker.end()
        site.close()
    assert asker.failures == []
    assert {"one", "two"} <= set(asker.answers)
