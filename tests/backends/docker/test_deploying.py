from typing import Any

import pytest

from tui.backends.docker.deploying import app_for, port_inside, release_spec
from tui.backends.docker.naming import app_digest, container_plan
from tui.clients.docker.images import ImageSettings
from tui.config.environment import Environment
from tui.model.images import Image
from tui.model.releases import Release, ReleaseSpec


def image(env: dict[str, str] | None = None, exposed: tuple[int, ...] = ()) -> ImageSettings:
    return ImageSettings("sha256:1", env or {}, exposed)


@pytest.mark.parametrize(
    ("spec", "settings", "port"),
    [
        ({"env": (("PORT", "9000"),)}, image({"PORT": "1"}, (2,)), 9000),
        ({}, image({"PORT": "5000"}, (8000, 9000)), 8000),
        ({}, image({"PORT": "5000"}), 5000),
        ({"port": 7000}, image(), 7000),
        ({"probe_path": "/healthz"}, image(), 8080),
        ({}, image(), 0),
        ({"env": (("PORT", "none"),)}, image(), 0),
    ],
)
def test_the_port_inside_is_found_in_order(
    spec: dict[str, Any], settings: ImageSettings, port: int
) -> None:
    assert port_inside(ReleaseSpec(**spec), settings) == port


def test_draft_toml_means_what_it_means_for_processes() -> None:
    environment = Environment(
        "development",
        "greeter",
        command=("python", "app.py"),
        port=8080,
        probe_path="/healthz",
        replicas=3,
        env={"GREETING": "Hello"},
    )
    release = Release(4, Image("registry.example/team/greeter", "t"), release_spec(environment))
    app = app_for(release, image(exposed=(8000,)))
    assert (app.name, app.revision, app.replicas, app.port) == ("greeter", 4, 3, 8080)
    assert (app.argv, app.probe_path, app.inside) == (("python", "app.py"), "/healthz", 8000)
    assert app.env == (("GREETING", "Hello"), ("PORT", "8000"))


def test_a_worker_is_given_no_port() -> None:
    app = app_for(Release(1, Image("worker", "t")), image())
    assert (app.opens_port, app.inside, app.env, app.probe_path) == (False, 0, (), "")
    assert container_plan(app, 1, "e" * 16).port == 0


def test_a_container_is_of_use_only_for_the_app_it_was_made_for() -> None:
    one = app_for(Release(1, Image("app", "t")), image(exposed=(80,)))
    other = app_for(Release(1, Image("app", "t")), image(exposed=(81,)))
    assert app_digest(one) != app_digest(other)
