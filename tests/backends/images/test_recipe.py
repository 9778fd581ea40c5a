from dataclasses import replace

import pytest

from tui.backends.images.recipe import image_tag, repository
from tui.clients.files.manifest import Entry, manifest_of
from tui.config.environment import BuildSecret, Environment

PLAIN = Environment("development", "greeter")
MANIFEST = manifest_of([Entry("Dockerfile", 0o644, "a" * 64, 1), Entry("x", 0o644, "b" * 64, 1)])
WITHOUT = manifest_of([Entry("x", 0o644, "b" * 64, 1)])


def test_the_tag_is_the_contexts_own_where_that_decides_all() -> None:
    assert image_tag(PLAIN, MANIFEST, b"FROM x") == MANIFEST.tag
    undecided = replace(
        PLAIN,
        build_secrets=(BuildSecret("a", "file", "b"),),
        cache_from=("c",),
        cache_to=("c",),
        builder="d",
    )
    assert image_tag(undecided, MANIFEST, b"FROM x") == MANIFEST.tag


@pytest.mark.parametrize(
    "environment",
    [
        replace(PLAIN, image_build_args={"A": "1"}),
        replace(PLAIN, target="first"),
        replace(PLAIN, platforms=("linux/arm64",)),
        replace(PLAIN, dockerfile="Other"),
    ],
)
def test_whatever_decides_the_image_decides_the_tag(environment: Environment) -> None:
    tag = image_tag(environment, MANIFEST, b"FROM x")
    assert tag != MANIFEST.tag
    assert len(tag) == len(MANIFEST.tag)


def test_an_ignored_dockerfile_decides_as_well() -> None:
    assert image_tag(PLAIN, WITHOUT, b"FROM x") != image_tag(PLAIN, WITHOUT, b"FROM y")


def test_the_order_of_settings_decides_nothing() -> None:
    one = replace(PLAIN, image_build_args={"A": "1", "B": "2"})
    other = replace(PLAIN, image_build_args={"B": "2", "A": "1"})
    assert image_tag(one, MANIFEST, b"") == image_tag(other, MANIFEST, b"")


@pytest.mark.parametrize(
    ("registry", "name"),
    [("", "greeter"), ("r.example/team", "r.example/team/greeter"), ("r:5000/", "r:5000/greeter")],
)
def test_an_image_is_named_in_its_registry(registry: str, name: str) -> None:
    assert repository(replace(PLAIN, registry=registry)) == name
