"""What a chart that redraft did not write is given for its image."""

from pathlib import Path
from typing import Any

import pytest

from tests.testbed import write_tree
from tui.backends.kubernetes.chart_images import (
    has_schema,
    image_unused,
    image_values,
    known_at,
    places,
    values_of,
)
from tui.model.images import Image

PUSHED = Image("127.0.0.1:5000/team/greeter", "abc", "sha256:1")
UNPUSHED = Image("greeter", "abc")


def given(tmp_path: Path, text: str, image: Image = PUSHED, *, strict: bool = True) -> Any:
    """Return what a chart with these values is given below `image`."""
    write_tree(tmp_path, {"values.yaml": text})
    return image_values(image, known_at(tmp_path, (), ("image",), values_of), strict=strict)


@pytest.mark.parametrize("text", ["", "image:\n", "- not values\n", "image: {{ broken\n"])
def test_a_chart_that_says_nothing_of_its_image_is_given_the_usual_keys(
    tmp_path: Path, text: str
) -> None:
    usual = {"repository": PUSHED.name, "tag": "abc", "digest": "sha256:1"}
    assert given(tmp_path, text, strict=False) == usual


def test_a_chart_that_knows_no_digest_is_given_none_where_its_schema_may_forbid_it(
    tmp_path: Path,
) -> None:
    known = "image: {repository: quay.io/prometheus/alertmanager, tag: '', pullPolicy: Always}\n"
    assert given(tmp_path, known, strict=True) == {"repository": PUSHED.name, "tag": "abc"}


@pytest.mark.parametrize(
    "schema",
    [
        "values.schema.json",
        "charts/web/values.schema.json",
        "charts/web/charts/db/values.schema.json",
    ],
)
def test_a_schema_of_a_sub_chart_may_forbid_keys_as_well(schema: str, tmp_path: Path) -> None:
    write_tree(tmp_path, {"node_modules/x/values.schema.json": "{}", "charts/x.tgz": ""})
    assert not has_schema(tmp_path)
    write_tree(tmp_path, {schema: "{}"})
    assert has_schema(tmp_path)


def test_the_digest_a_chart_has_is_replaced_even_by_none(tmp_path: Path) -> None:
    known = "image: {repository: nginx, tag: '1', digest: 'sha256:old'}\n"
    assert given(tmp_path, known)["digest"] == "sha256:1"
    assert given(tmp_path, known, UNPUSHED)["digest"] == ""


@pytest.mark.parametrize(
    ("image", "registry", "repository"),
    [
        (PUSHED, "127.0.0.1:5000", "team/greeter"),
        (Image("localhost/greeter", "abc"), "localhost", "greeter"),
        (Image("team/greeter", "abc"), "docker.io", "team/greeter"),
        (UNPUSHED, "docker.io", "library/greeter"),
    ],
)
def test_a_chart_with_the_registry_apart_is_given_it_apart(
    tmp_path: Path, image: Image, registry: str, repository: str
) -> None:
    given_now = given(tmp_path, "image: {registry: quay.io, repository: a/b, tag: ''}\n", image)
    assert given_now == {"registry": registry, "repository": repository, "tag": "abc"}


def test_a_chart_that_calls_the_repository_name_is_given_it_by_that(tmp_path: Path) -> None:
    assert given(tmp_path, "image: {name: a/b, tag: ''}\n") == {"name": PUSHED.name, "tag": "abc"}
    both = given(tmp_path, "image: {name: web, repository: a/b, tag: ''}\n")
    assert both == {"repository": PUSHED.name, "tag": "abc"}


@pytest.mark.parametrize("text", ["image: nginx:1.2\n", "image: ''\n"])
def test_a_chart_whose_image_is_a_text_is_given_a_text(tmp_path: Path, text: str) -> None:
    assert given(tmp_path, text) == f"{PUSHED.name}@sha256:1"
    assert given(tmp_path, text, UNPUSHED) == "greeter:abc"


def test_a_fault_tells_where_a_chart_and_its_sub_charts_seem_to_have_their_images(
    tmp_path: Path,
) -> None:
    values = "web: {image: {repository: a}}\njob: {image: b}\nport: {name: http}\nimage: ''\n"
    write_tree(
        tmp_path, {"values.yaml": values, "charts/db/values.yaml": "image: {name: c, tag: d}\n"}
    )
    assert places(tmp_path) == ("web.image", "job.image", "image", "db.image")
    fault = image_unused(PUSHED, tmp_path, ["a:1"])
    assert fault.evidence == ("image: a:1",)
    assert '"web.image", "job.image", "image", "db.image"' in fault.remedy


def test_what_is_known_is_the_charts_own_over_its_sub_charts_and_under_the_files(
    tmp_path: Path,
) -> None:
    write_tree(
        tmp_path,
        {
            "chart/values.yaml": "web: {image: {tag: parent}}\n",
            "chart/charts/web/values.yaml": "image: {registry: quay.io, tag: sub}\n",
            "mine.yaml": "web: {image: {digest: ''}}\n",
        },
    )
    known = known_at(tmp_path / "chart", (tmp_path / "mine.yaml",), ("web", "image"), values_of)
    assert known == {"registry": "quay.io", "tag": "parent", "digest": ""}
