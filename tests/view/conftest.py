import time
from collections.abc import Iterator

import pytest
from pytest_textual_snapshot import (  # type: ignore[import-untyped]  # ships no types
    SVGImageExtension,
)

SVGImageExtension.file_extension = "svg"
"""The plugin sets it by the name it had in an older syrupy; without it the pictures are `.raw`."""


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Show times as in UTC, wherever the tests run."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
