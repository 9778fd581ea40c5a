"""What is told of an app whose liveness probe begins to fail after it was ready."""

import pytest

from tests.integration.kube.deployed import Deployed
from tests.integration.test_following import told, watching

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
DOCKERFILE = """\
FROM busybox:latest
COPY index.html /www/index.html
CMD ["sh", "-c", "echo > /www/live; (sleep 10; rm /www/live) & exec httpd -f -p 8080 -h /www"]
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: NAME
        readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 2, failureThreshold: 2}
"""


def test_who_is_ended_by_its_liveness_probe_time_and_again_is_not_told_as_ready_in_between(
    app: Deployed,
) -> None:
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    (app.project / "k8s").mkdir()
    (app.project / "k8s" / "app.yaml").write_text(DEPLOYMENT.replace("NAME", app.name))
    app.settings(manifests=["k8s"])
    with watching(app.redraft) as process:
        verdicts, restarts = list[tuple[str, str]](), 0
        while restarts < 3:
            seen = told(process, "RolloutObserved")
            verdicts.append((seen["verdict"]["outcome"], seen["verdict"]["cause"]))
            restarts = sum(c["restarts"] for p in seen["rollout"]["pods"] for c in p["containers"])
        first = verdicts.index(("failed", "liveness-probe"))
        assert set(verdicts[first:]) == {("failed", "liveness-probe")}
        (why,) = app.redraft.json("why")
        assert (why["verdict"], why["cause"]) == ("failed", "liveness-probe")
        assert "GET /live on port 8080" in why["sentence"]
        assert app.redraft("why").returncode == 1
