"""Fixtures of all tests that look for packs: no pack folder and no project but their own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_pack_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The user's pack folder, empty and of this test alone."""
    config = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    monkeypatch.setenv("HOME", str(config))
    return config


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project folder."""
    folder = tmp_path / "greeter"
    folder.mkdir()
    return folder
