"""What is deployed beside the image is found without looking at all the rest."""

import os
from pathlib import Path

import pytest

from tests.testbed import write_tree
from tui.clients.files.beside import paths_beside
from tui.clients.files.ignoring import load_rules


@pytest.fixture
def looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the folders of the project that are looked into from now on."""
    folders, scandir = set[str](), os.scandir

    def noted(path: str | Path) -> "os._ScandirIterator[str]":
        folders.add(Path(path).relative_to(tmp_path).as_posix())
        return scandir(str(path))

    monkeypatch.setattr(os, "scandir", noted)
    return folders


@pytest.mark.parametrize(
    ("named", "found", "folders"),
    [
        ("*.yaml", {"web.yaml"}, {"."}),
        ("*/live/*.yaml", {"k8s/live/web.yaml"}, {".", "docs", "k8s", "k8s/live"}),
        (
            "**/*.yaml",
            {"web.yaml", "docs/deep/own.yaml", "k8s/live/web.yaml"},
            {".", "docs", "docs/deep", "k8s", "k8s/live"},
        ),
        ("k8s", {"k8s/live/web.yaml", "k8s/notes.txt"}, {"k8s", "k8s/live"}),
        ("web.yaml", {"web.yaml"}, set()),
        (".", {"k8s/notes.txt"}, {".", "docs", "docs/deep", "k8s", "k8s/live"}),
    ],
)
def test_only_folders_that_lead_to_it_and_that_no_rule_passes_over_are_looked_into(
    tmp_path: Path, named: str, found: set[str], folders: set[str], looked_into: set[str]
) -> None:
    files = (
        *("web.yaml", "docs/deep/own.yaml", "k8s/live/web.yaml", "k8s/notes.txt"),
        *(".git/config.yaml", "node_modules/x/y/web.yaml"),
    )
    write_tree(tmp_path, {**dict.fromkeys(files, ""), ".gitignore": "node_modules/\n"})
    rules = load_rules(tmp_path)
    looked_into.clear()
    assert found <= set(paths_beside(tmp_path, (named,), rules))
    assert looked_into - {"web.yaml"} == folders
