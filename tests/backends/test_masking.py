import pytest

from tui.backends.masking import masked_files
from tui.model.images import FileDifference
from tui.model.masking import MASK, SecretValue


def shown(path: str, diff: str, *secrets: str) -> str:
    values = [SecretValue("user", one.encode()) for one in secrets]
    (file,) = masked_files([FileDifference(path, "modified", diff)], values)
    return file.diff


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("k8s/all.yaml", "-stringData: {{password: {}}}"),
        ("values.yaml", "+  dbPassword: {}"),
        ("values.yaml", "+  authToken: '{}'"),
        ("draft.toml", '+set = ["db.password={}", "replicas=2"]'),
        ("draft.toml", '+API_TOKEN = "{}"'),
        (".env", "-SECRET_KEY={}"),
        ("prod.env", "-DB_PWD={}"),
        ("config.json", '+  "apiKey": "{}",'),
        ("config.json", '+  "url": "postgres://me:{}@db/x",'),
    ],
)
def test_what_looks_secret_in_a_file_of_settings_is_masked(path: str, line: str) -> None:
    assert shown(path, line.format("hunter2")) == line.format(MASK)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app.py", "+token = request.headers"),
        ("values.yaml", "+replicaCount: 2"),
        ("k8s/all.yaml", "+    secretKeyRef: {name: creds, key: password}"),
        ("k8s/all.yaml", "+imagePullSecrets:"),
    ],
)
def test_all_else_is_shown(path: str, line: str) -> None:
    assert shown(path, line) == line


def test_a_value_known_to_be_secret_is_masked_wherever_it_stands() -> None:
    diff = "-  user: czNjcjN0LXVzZXI=\n+x = connect('s3cr3t-user')\n+y = 'abc'"
    masked = f"-  user: {MASK}\n+x = connect('{MASK}')\n+y = 'abc'"
    assert shown("app.py", diff, "s3cr3t-user", "abc") == masked
