"""An app whose pods become ready when a test says so: what goes wrong meanwhile, does in a rollout.

It prints a number ten times a second, so that a line that is lost or repeated is seen.
"""

from tests.cluster import eventually, kubectl
from tests.integration.kube.deployed import Deployed
from tests.integration.kube.faults.running import Running

DOCKERFILE = """\
FROM busybox:latest
COPY index.html /www/index.html
COPY app.sh /app.sh
CMD ["sh", "/app.sh"]
"""
APP = """\
(i=0; while true; do i=$((i + 1)); echo "line $i"; usleep 100000; done) &
while [ ! -e /tmp/go ]; do usleep 50000; done
exec httpd -f -p "$PORT" -h /www
"""


def put_on_the_brake(app: Deployed) -> None:
    """Have the next revision's pods not become ready before `let_go`, nor be killed for that."""
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    (app.project / "app.sh").write_text(APP)
    template = app.project / "charts" / app.name / "templates" / "deployment.yaml"
    impatient, patient = template.read_text(), "failureThreshold: 1000"
    template.write_text(impatient.replace("failureThreshold: 6", patient))
    assert patient in template.read_text()


async def until_braked(one: Running, app: Deployed) -> None:
    """Wait until an `up` is in its rollout, and the pods are held."""
    await one.until_told("StageStarted", stage="rollout")
    await eventually(lambda: braked_pods(app))


def braked_pods(app: Deployed) -> list[str]:
    """Return the running pods that are not ready."""
    return [
        str(pod["metadata"]["name"])
        for pod in app.get("pods", "-l", f"app.kubernetes.io/instance={app.name}")["items"]
        if pod["status"]["phase"] == "Running"
        and not all(one["ready"] for one in pod["status"].get("containerStatuses", ()))
    ]


def let_go(app: Deployed) -> None:
    """Let the pods that are there become ready."""
    for name in braked_pods(app):
        kubectl("-n", app.namespace, "exec", name, "--", "touch", "/tmp/go")


def numbers(messages: list[str]) -> list[int]:
    """Return the numbers of the lines that such a pod printed."""
    return [int(one.removeprefix("line ")) for one in messages if one.startswith("line ")]
