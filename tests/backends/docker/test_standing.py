import pytest

from tui.backends.docker.standing import is_here
from tui.clients.docker.endpoint import Endpoint


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("unix:///var/run/docker.sock", True),
        ("tcp://127.0.0.1:2375", True),
        ("tcp://localhost:2376", True),
        ("tcp://build.example.com:2376", False),
        ("ssh://me@build.example.com", False),
    ],
)
def test_an_engine_is_here_or_elsewhere(host: str, here: bool) -> None:
    assert is_here(Endpoint(host)) is here
