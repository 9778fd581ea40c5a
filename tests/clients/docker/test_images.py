import pytest

from tui.clients.docker.images import short


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("docker.io/library/greeter:1", "greeter:1"),
        ("docker.io/me/greeter:1", "me/greeter:1"),
        ("localhost/greeter:1", "greeter:1"),
        ("localhost:5000/greeter:1", "localhost:5000/greeter:1"),
        ("registry.example/greeter:1", "registry.example/greeter:1"),
    ],
)
def test_a_name_is_known_however_the_engine_lists_it(listed: str, asked: str) -> None:
    assert short(listed) == asked == short(asked)
