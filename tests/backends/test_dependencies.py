"""The folders of dependencies, where others act on them as well."""

from pathlib import Path

import pytest

from tui.backends.local.dependencies import Dependencies
from tui.clients.files.snapshots import Snapshots
from tui.model.faults import FaultError


def test_dependencies_that_were_removed_while_they_were_installed_are_a_fault(
    tmp_path: Path,
) -> None:
    dependencies = Dependencies(tmp_path, Snapshots(tmp_path))
    with pytest.raises(FaultError, match="keeping the dependencies failed"):
        dependencies.finish("key")
    assert not dependencies.complete("key")
