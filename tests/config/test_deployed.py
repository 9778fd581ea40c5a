import pytest

from tui.config.deployed import deployed_by, root_of
from tui.config.environment import Environment


def test_what_is_deployed_besides_the_image_is_the_chart_with_its_values_or_the_manifests() -> None:
    plain = Environment("development", "greeter")
    assert deployed_by(plain) == ("charts",)
    charted = Environment("development", "greeter", chart="helm", values=("dev.yaml",))
    assert deployed_by(charted) == ("helm", "dev.yaml")
    applied = Environment("development", "greeter", manifests=("k8s/*.yaml",), chart="helm")
    assert deployed_by(applied) == ("k8s/*.yaml",)
    assert deployed_by(Environment("development", "greeter", backend="docker")) == ()


@pytest.mark.parametrize(
    ("named", "root"),
    [("k8s/", "k8s"), ("k8s/*.yaml", "k8s"), ("k8s/**/x.yaml", "k8s"), ("*.yaml", "."), (".", ".")],
)
def test_all_that_a_path_of_draft_toml_names_lies_in_its_fixed_folders(
    named: str, root: str
) -> None:
    assert root_of(named) == root
