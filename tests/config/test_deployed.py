import pytest

from tui.config.deployed import deployed_by, leads_to, names, root_of
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


@pytest.mark.parametrize(
    ("named", "led", "others"),
    [
        ("deploy/chart/", {"deploy", "deploy/chart", "deploy/chart/templates"}, {"docs", "chart"}),
        ("*.yaml", set(), {"node_modules", "k8s"}),
        ("k8s/*/web.yaml", {"k8s", "k8s/live"}, {"k8s/live/old", "docs/live"}),
        ("k8s/**/*.yaml", {"k8s", "k8s/live", "k8s/live/old"}, {"docs"}),
        ("k8s/live**.yaml", {"k8s", "k8s/live/old"}, {"docs"}),
        (".", {"docs", "docs/old"}, set()),
    ],
)
def test_a_folder_leads_to_what_may_lie_in_it_or_below(
    named: str, led: set[str], others: set[str]
) -> None:
    assert {folder for folder in led | others if leads_to(named, folder)} == led


@pytest.mark.parametrize(
    ("named", "path", "is_named"),
    [
        ("./deploy/chart/", "deploy/chart/templates/web.yaml", True),
        ("deploy/chart", "deploy/charts/web.yaml", False),
        ("*.yaml", "web.yaml", True),
        ("*.yaml", "k8s/web.yaml", False),
        ("k8s/**/*.yaml", "k8s/web.yaml", True),
        ("deploy/[web]", "deploy/[web]/web.yaml", True),
        (".", "web.yaml", True),
    ],
)
def test_a_file_is_named_by_itself_by_its_folder_or_by_a_glob(
    named: str, path: str, is_named: bool
) -> None:
    assert names(named, path) is is_named
