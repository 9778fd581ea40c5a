"""Saved files copied into the running pods of a real cluster."""

from pathlib import Path

import pytest

from tests.cluster import kubectl
from tests.integration.kube.accounts import as_service_account
from tests.integration.kube.deployed import Deployed
from tests.integration.watching import until, watching
from tests.testbed import docker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
DOCKERFILE = """\
FROM busybox:latest
COPY --chown=10001 site /site
USER 10001
CMD ["sh", "-c", "exec httpd -f -p $PORT -h /site"]
"""
WITHOUT_TAR = """\
FROM python:3.12-slim
COPY --chown=10001 site /site
RUN rm "$(command -v tar)"
USER 10001
CMD ["sh", "-c", "exec python -m http.server -d /site $PORT"]
"""
RULES = {"site/**": "/site"}


@pytest.fixture
def site(app: Deployed) -> Deployed:
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    (app.project / "site").mkdir()
    (app.project / "index.html").rename(app.project / "site" / "index.html")
    (app.project / "site" / "other.html").write_text("other")
    app.settings(replicas=2, watch_delay=0.2, sync=RULES)
    return app


def page(app: Deployed, text: str) -> None:
    (app.project / "site" / "index.html").write_text(text)


def pods(app: Deployed) -> list[str]:
    """Return the pods that are there and do not go."""
    items = app.get("pods")["items"]
    here = [one["metadata"] for one in items if "deletionTimestamp" not in one["metadata"]]
    return sorted(one["name"] for one in here)


def served(app: Deployed, pod: str, path: str = "index.html") -> str:
    """Ask a pod itself."""
    url = f"/api/v1/namespaces/{app.namespace}/pods/{pod}:8080/proxy/{path}"
    return kubectl("get", "--raw", url)


def inside(app: Deployed, pod: str, *argv: str) -> str:
    return kubectl("-n", app.namespace, "exec", pod, "--", *argv)


def images(app: Deployed) -> str:
    return docker("images", "-q", f"{app.registry}/{app.name}")


def test_a_saved_file_is_served_by_every_pod_without_a_new_pod_or_image(site: Deployed) -> None:
    with watching(site.redraft) as told:
        before, built = pods(site), images(site)
        assert len(before) == 2
        page(site, "two")
        (site.project / "site" / "deep").mkdir()
        (site.project / "site" / "deep" / "new.html").write_text("new")
        told.until("FilesSynced")
        for pod in before:
            assert served(site, pod) == "two"
            assert served(site, pod, "deep/new.html") == "new"
        (site.project / "site" / "other.html").unlink()
        told.until("FilesSynced", 2)
        for pod in before:
            assert "other.html" not in inside(site, pod, "ls", "/site")
        assert (pods(site), images(site)) == (before, built)
        assert len(told.of("IterationStarted")) == 1
    assert [(one["revision"], one["synced"]) for one in site.history()] == [(1, True)]
    assert site.redraft.json("status")[0]["synced"] is True


def test_a_pod_in_place_of_another_has_the_tree_built(site: Deployed) -> None:
    with watching(site.redraft) as told:
        page(site, "two")
        told.until("FilesSynced")
        kubectl("-n", site.namespace, "delete", "pod", pods(site)[0], "--wait=false")
        assert told.until("SyncedFilesLost")["paths"] == ["site/index.html"]
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
        assert [served(site, pod) for pod in pods(site)] == ["two", "two"]


def test_an_up_that_finds_the_images_tree_again_makes_new_pods(site: Deployed) -> None:
    with watching(site.redraft) as told:
        page(site, "two")
        told.until("FilesSynced")
    page(site, "one")  # what the image holds, not what the pods do
    before = pods(site)
    assert "nothing changed" not in site.up()
    until(lambda: not set(pods(site)) & set(before), lambda: str(pods(site)))
    assert [served(site, pod) for pod in pods(site)] == ["one", "one"]
    assert "nothing changed" in site.up()


def test_a_rollback_after_a_sync_runs_the_image_alone(site: Deployed) -> None:
    with watching(site.redraft) as told:
        page(site, "two")
        told.until("FilesSynced")
        (site.project / "README.md").write_text("read me")
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
    done = site.redraft("rollback", "--yes")
    assert done.returncode == 0, done.stderr
    assert [served(site, pod) for pod in pods(site)] == ["one", "one"]


@pytest.mark.parametrize(
    ("dockerfile", "helm", "words"),
    [
        (DOCKERFILE.replace("--chown=10001 ", ""), (), "ermission denied"),
        (DOCKERFILE, ("securityContext.readOnlyRootFilesystem=true",), "ead-only"),
        (WITHOUT_TAR, (), "tar: not found"),
    ],
    ids=["folder of root", "read-only", "no tar"],
)
def test_what_cannot_be_copied_is_told_and_built(
    site: Deployed, dockerfile: str, helm: tuple[str, ...], words: str
) -> None:
    (site.project / "Dockerfile").write_text(dockerfile)
    site.settings(watch_delay=0.2, sync=RULES, set=list(helm))
    with watching(site.redraft) as told:
        page(site, "two")
        fault = told.until("SyncFailed")["fault"]
        assert fault["code"] == "sync-failed"
        assert any(words in line for line in fault["evidence"]), fault
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
        until(lambda: len(pods(site)) == 1, lambda: str(pods(site)))
        assert served(site, pods(site)[0]) == "two"


def test_without_the_right_to_run_a_command_it_is_named_and_the_tree_is_built(
    site: Deployed, tmp_path: Path
) -> None:
    everything = "pods,pods/log,services,endpoints,events,configmaps,secrets,persistentvolumeclaims"
    grouped = "*.apps,*.batch,*.networking.k8s.io,*.coordination.k8s.io"
    for command in (
        ("serviceaccount", "dev"),
        ("role", "dev", "--verb=*", f"--resource={everything},{grouped}"),
        ("rolebinding", "dev", "--role=dev", f"--serviceaccount={site.namespace}:dev"),
    ):
        kubectl("-n", site.namespace, "create", *command)
    config = as_service_account(site.namespace, tmp_path, "dev")
    with watching(site.with_env(KUBECONFIG=str(config)).redraft) as told:
        page(site, "two")
        evidence = told.until("SyncFailed")["fault"]["evidence"]
        assert any("you may not get pods/exec" in line for line in evidence), evidence
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
