from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.environment import BackendName, Environment, Sync
from tui.config.syncing import sync_target


def to(path: str, *rules: tuple[str, str], backend: BackendName = "docker", **more: Any) -> str:
    settings = Environment(
        "development", "app", backend, sync=tuple(Sync(*rule) for rule in rules), **more
    )
    return sync_target(settings, path)


@pytest.mark.parametrize(
    ("glob", "path", "target"),
    [
        ("templates/**", "templates/a.html", "/app/a.html"),
        ("templates/**", "templates/a/b.html", "/app/a/b.html"),
        ("templates/**", "other/a.html", ""),
        ("web/static/**/*.css", "web/static/css/a.css", "/app/css/a.css"),
        ("web/static/**/*.css", "web/static/a.css", "/app/a.css"),
        ("web/static/**/*.css", "web/static/a.js", ""),
        ("*.py", "app.py", "/app/app.py"),
        ("*.py", "shop/app.py", ""),
        ("**/*.py", "shop/app.py", "/app/shop/app.py"),
        ("**", "a/b/c.html", "/app/a/b/c.html"),
        ("*/static/*", "shop/static/a.css", "/app/shop/static/a.css"),
        ("pages/index.html", "pages/index.html", "/app/index.html"),
        ("pages", "pages/de/index.html", "/app/de/index.html"),
        ("pages/", "pages/index.html", "/app/index.html"),
        ("./pages/**", "pages/index.html", "/app/index.html"),
        ("page", "pages/index.html", ""),
        (".", "pages/index.html", "/app/pages/index.html"),
        ("a[0-9].txt", "a1.txt", "/app/a1.txt"),
    ],
)
def test_a_file_keeps_its_path_below_the_globs_fixed_folders(
    glob: str, path: str, target: str
) -> None:
    assert to(path, (glob, "/app")) == target


def test_the_first_rule_that_matches_counts() -> None:
    rules = (("a/*.txt", "/first"), ("a/**", "/second"))
    assert to("a/b.txt", *rules) == "/first/b.txt"
    assert to("a/b.css", *rules) == "/second/b.css"


@pytest.mark.parametrize(
    "path",
    ["draft.toml", ".draft-tasks.toml", "Dockerfile", "a/.gitignore", "Dockerfile.dockerignore"],
)
def test_what_decides_the_build_is_built(path: str) -> None:
    assert to(path, ("**", "/app")) == ""


def test_another_dockerfile_decides_too() -> None:
    assert to("docker/Web", ("**", "/app"), dockerfile="docker/Web") == ""
    assert to("Dockerfile", ("**", "/app"), dockerfile="docker/Web") == "/app/Dockerfile"


def test_what_is_deployed_besides_the_image_is_deployed() -> None:
    everything = ("**", "/app")
    chart: dict[str, Any] = {"backend": "kubernetes", "values": ("values/dev.yaml",)}
    assert to("charts/app/Chart.yaml", everything, **chart) == ""
    assert to("values/dev.yaml", everything, **chart) == ""
    assert to("deploy/app/Chart.yaml", everything, backend="kubernetes", chart="deploy/app") == ""
    assert to("charts/app.js", everything) == "/app/charts/app.js"
    manifests: dict[str, Any] = {"backend": "kubernetes", "manifests": ("k8s/*.yaml", "more")}
    assert to("k8s/app.yaml", everything, **manifests) == ""
    assert to("more/deep/app.yaml", everything, **manifests) == ""
    assert to("charts/app.js", everything, **manifests) == "/app/charts/app.js"


NAMES = st.text(st.sampled_from("ab*?[].\\"), min_size=1, max_size=6)
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)


@given(PATHS, PATHS)
def test_no_file_leaves_the_folder_that_its_rule_leads_to(glob: str, path: str) -> None:
    try:
        found = to(path, (glob, "/srv/app"))
    except ValueError:  # a glob that draft.toml refuses
        return
    assert found == "" or PurePosixPath(found).is_relative_to("/srv/app")
    assert ".." not in found.split("/")
