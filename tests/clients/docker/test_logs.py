from types import SimpleNamespace

import pytest

from tui.clients.docker.logs import _chunks


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "No such container: cf701da5749e"),
        (409, "can not get logs from container which is dead or marked for removal"),
    ],
)
def test_a_container_that_is_gone_or_going_has_no_log(status: int, said: str) -> None:
    """The words are those of dockerd 28.5; somebody else removed the container."""
    answer = SimpleNamespace(status_code=status, ok=False, text=f'{{"message":"{said}"}}')
    client = SimpleNamespace(base_url="http://x", api_version="1.51", get=lambda *_, **__: answer)
    assert not list(_chunks(client, "cf701da5749e", {}))  # type: ignore[arg-type]
