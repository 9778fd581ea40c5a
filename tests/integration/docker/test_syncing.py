"""Saved files copied into running containers of a real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.docker.project import name_of, write_project
from tests.integration.redraft import Redraft, fetch
from tests.integration.watching import until, watching
from tests.testbed import docker, engine_environment, remove_images

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
DOCKERFILE = """
FROM busybox:latest
COPY site /site
EXPOSE 8000
CMD ["sh", "-c", "trap exit TERM; busybox httpd -f -p $PORT -h /site & wait"]
"""
SETTINGS = """
replicas = 2
watch-delay = 0.2
sync = { "site/**" = "/site" }
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Redraft]:
    """Return redraft on a site in two containers; whatever it made is gone afterwards."""
    engine_environment()
    project = write_project(tmp_path / "site", SETTINGS)
    (project / "app.py").unlink()
    (project / "Dockerfile").write_text(DOCKERFILE.lstrip())
    (project / "site").mkdir()
    (project / "site" / "page.txt").write_text("one")
    (project / "site" / "other.txt").write_text("other")
    one = Redraft(project, tmp_path / "home")
    yield one
    one("delete", "--yes")
    remove_images(name_of(project))


def containers(redraft: Redraft) -> list[str]:
    """Return the containers that run, by their names."""
    listed = docker("ps", "--filter", f"name={name_of(redraft.project)}", "--format", "{{.Names}}")
    return sorted(listed.split())


def inside(container: str, path: str) -> str:
    return docker("exec", container, "cat", path)


def until_both_have(redraft: Redraft, content: str) -> None:
    """Wait until both containers, with those before them gone, have this page."""

    def pages() -> list[str]:
        return [inside(one, "/site/page.txt") for one in containers(redraft)]

    until(lambda: pages() == [content] * 2, lambda: str(pages()))


def page(redraft: Redraft) -> Path:
    return redraft.project / "site" / "page.txt"


def test_a_saved_file_is_in_every_container_without_an_image_or_a_release(site: Redraft) -> None:
    with watching(site) as told:
        before, images = containers(site), docker("images", "-q", name_of(site.project))
        page(site).write_text("two")
        (site.project / "site" / "deep").mkdir()
        (site.project / "site" / "deep" / "new.txt").write_text("new")
        synced = told.until("FilesSynced")
        assert synced["paths"] == ["site/deep/new.txt", "site/page.txt"]
        assert containers(site) == before
        for container in before:
            assert inside(container, "/site/page.txt") == "two"
            assert inside(container, "/site/deep/new.txt") == "new"
        (status,) = site.json("status")
        assert (status["revision"], status["synced"]) == (1, True)
        assert fetch(f"{status['url']}/page.txt") == "two"
        assert docker("images", "-q", name_of(site.project)) == images
        assert len(told.of("IterationStarted")) == 1
    assert [one["synced"] for one in site.json("history")] == [True]


def test_a_deleted_file_is_removed_and_one_without_a_rule_builds_the_whole_tree(
    site: Redraft,
) -> None:
    with watching(site) as told:
        (site.project / "site" / "other.txt").unlink()
        told.until("FilesSynced")
        for container in containers(site):
            assert docker("exec", container, "ls", "/site").split() == ["page.txt"]
        (site.project / "README.md").write_text("read me")
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
        page(site).write_text("three")
        assert told.until("FilesSynced", 2)["revision"] == 2
    (status,) = site.json("status")
    assert fetch(f"{status['url']}/page.txt") == "three"


def test_a_container_that_was_made_anew_has_the_tree_built(site: Redraft) -> None:
    with watching(site) as told:
        page(site).write_text("two")
        told.until("FilesSynced")
        docker("rm", "-f", containers(site)[0])
        lost = told.until("SyncedFilesLost")
        assert lost["paths"] == ["site/page.txt"]
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
    until_both_have(site, "two")
    assert [one["synced"] for one in site.json("history")] == [True, False]


def test_an_up_after_a_sync_is_never_told_as_unchanged(site: Redraft) -> None:
    with watching(site) as told:
        page(site).write_text("two")
        told.until("FilesSynced")
    page(site).write_text("one")  # what the image holds, not what the containers do
    site.good("up")
    until_both_have(site, "one")
    assert site.json("up")[-1]["outcome"] == "unchanged"


def test_a_rollback_after_a_sync_runs_the_image_alone(site: Redraft) -> None:
    with watching(site) as told:
        page(site).write_text("two")
        told.until("FilesSynced")
        (site.project / "README.md").write_text("read me")
        told.until("IterationFinished", 2)
        page(site).write_text("three")
        told.until("FilesSynced", 2)
    done = site("rollback", stdin="y\n")
    assert done.returncode == 0, done.stderr
    assert "files were synced into revision 2" in done.stderr
    until_both_have(site, "one")


def test_what_cannot_be_synced_is_told_and_built(site: Redraft) -> None:
    dockerfile = site.project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("EXPOSE", "RUN rm /bin/rm\nEXPOSE"))
    with watching(site) as told:
        (site.project / "site" / "other.txt").unlink()
        fault = told.until("SyncFailed")["fault"]
        assert fault["code"] == "sync-failed"
        assert any("rm" in line for line in fault["evidence"])
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
        assert not told.of("FilesSynced")


def test_a_link_and_a_file_too_large_are_built(site: Redraft) -> None:
    with watching(site) as told:
        (site.project / "site" / "link").symlink_to("/etc/passwd")
        assert told.until("SyncFailed")["fault"]["code"] == "sync-no-file"
        assert told.until("IterationFinished", 2)["outcome"] == "ready"
        (site.project / "site" / "large").write_bytes(bytes(9 << 20))
        assert told.until("SyncFailed", 2)["fault"]["code"] == "sync-too-large"
        assert told.until("IterationFinished", 3)["outcome"] == "ready"
    until(lambda: len(containers(site)) == 2, lambda: str(containers(site)))
