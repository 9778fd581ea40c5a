"""A small project deployed to the real cluster by the command `redraft`."""

import json
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.cluster import kubectl
from tests.integration.redraft import Redraft
from tests.testbed import remove_images

DOCKERFILE = """\
FROM busybox:latest
COPY index.html /www/index.html
CMD ["sh", "-c", "exec httpd -f -p $PORT -h /www"]
"""


@dataclass(frozen=True, slots=True)
class Deployed:
    """One project, one namespace."""

    redraft: Redraft
    namespace: str
    name: str
    registry: str

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.redraft.project

    def settings(self, **keys: Any) -> None:
        """Write draft.toml with these keys besides those that every test needs."""
        common = {
            "name": self.name,
            "backend": "kubernetes",
            "namespace": self.namespace,
            "registry": self.registry,
            "watch": False,
        }
        lines = [f"{key.replace('_', '-')} = {toml(one)}" for key, one in (common | keys).items()]
        text = "[environments.development]\n" + "\n".join(lines) + "\n"
        (self.project / "draft.toml").write_text(text)

    def edit(self, text: str) -> None:
        """Change what the app answers."""
        (self.project / "index.html").write_text(text)

    def up(self) -> str:
        """Bring it up, which must succeed; return what was told."""
        done = self.redraft("up")
        assert done.returncode == 0, done.stderr
        return done.stderr

    def fault(self, *arguments: str) -> str:
        """Run a command that must fail; return what was told."""
        done = self.redraft(*arguments)
        assert done.returncode, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def get(self, *arguments: str) -> Any:
        """Ask kubectl for JSON."""
        return json.loads(kubectl("-n", self.namespace, "get", *arguments, "-o", "json"))

    def image(self) -> str:
        """Return the image that the Deployment asks for."""
        spec = self.get("deployment", self.name)["spec"]["template"]["spec"]
        image: str = spec["containers"][0]["image"]
        return image

    def answer(self) -> str:
        """Ask the app through its Service; an old pod may still be among its endpoints a moment."""
        service = f"/api/v1/namespaces/{self.namespace}/services/{self.name}:http/proxy/"
        deadline = time.monotonic() + 15
        while True:
            try:
                return kubectl("get", "--raw", service)
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise

    def answer_by_pod(self) -> str:
        """Ask one of the pods itself, where there is no Service."""
        pods = self.get("pods", "-l", f"redraft.dev/release={self.name}")["items"]
        name = pods[0]["metadata"]["name"]
        path = f"/api/v1/namespaces/{self.namespace}/pods/{name}:8080/proxy/"
        return kubectl("get", "--raw", path)

    def history(self) -> list[dict[str, Any]]:
        """Return `history --output json`."""
        return self.redraft.json("history")

    def elsewhere(self) -> "Deployed":
        """Return the same project as another machine has it: another folder, another home."""
        folder = self.project.with_name("elsewhere")
        shutil.copytree(self.project, folder)
        home = self.redraft.home.with_name("home-elsewhere")
        return replace(self, redraft=replace(self.redraft, project=folder, home=home))

    def with_env(self, **variables: str) -> "Deployed":
        """Return the same project with other environment variables."""
        return replace(self, redraft=replace(self.redraft, variables=variables))

    def close(self) -> None:
        """Remove its images."""
        remove_images(f"{self.registry}/{self.name}")


def deployed(folder: Path, namespace: str, registry: str, dockerfile: str = DOCKERFILE) -> Deployed:
    """Write a project with a chart of `redraft create`, and its Dockerfile where none is given."""
    project = folder / "project"
    project.mkdir()
    if dockerfile:
        (project / "Dockerfile").write_text(dockerfile)
        (project / ".dockerignore").write_text("charts\nk8s\ndraft.toml\n")
    (project / "index.html").write_text("one")
    name = f"redraft-test-{secrets.token_hex(4)}"
    one = Deployed(Redraft(project, folder / "home"), namespace, name, registry)
    one.redraft.good("create", "--yes", "--name", name, "--port", "8080")
    one.settings()
    return one


def toml(value: Any) -> str:
    """Write a value as TOML, which but for tables is JSON."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
        )
    return json.dumps(value)
