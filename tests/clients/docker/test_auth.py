import base64
import json
import logging
from pathlib import Path

import pytest

from tui.clients.docker.auth import all_credentials, credentials_for, pull_secret
from tui.model.faults import FaultError

HELPER = """#!/bin/sh
read server
[ "$server" = r.example ] || { echo credentials not found in native keychain; exit 1; }
echo '{"ServerURL": "r.example", "Username": "me", "Secret": "hunter2"}'
"""


def configured(folder: Path, helper: str = "", **settings: object) -> dict[str, str]:
    """Return an environment with such a config.json, and a helper `docker-credential-test`."""
    (folder / "config.json").write_text(json.dumps(settings))
    program = folder / "docker-credential-test"
    program.write_text(helper)
    program.chmod(0o755)
    return {"DOCKER_CONFIG": str(folder), "PATH": f"{folder}:/usr/bin:/bin"}


AUTHS = {"r.example": {"auth": base64.b64encode(b"me:hunter2").decode()}}


async def test_a_password_of_the_config_file_is_for_its_registry_alone(tmp_path: Path) -> None:
    environ = configured(tmp_path, auths=AUTHS)
    found = await credentials_for("r.example/team/greeter", environ)
    assert (found.registry, found.settings["password"]) == ("r.example", "hunter2")
    assert not (await credentials_for("other.example/greeter", environ)).settings
    assert (await credentials_for("greeter", environ)).registry == "docker.io"


@pytest.mark.parametrize(
    "settings", [{"credsStore": "test"}, {"credHelpers": {"r.example": "test"}}]
)
async def test_a_helper_is_asked(tmp_path: Path, settings: dict[str, object]) -> None:
    environ = configured(tmp_path, HELPER, **settings)
    assert (await credentials_for("r.example/greeter", environ)).settings["Password"] == "hunter2"
    assert not (await credentials_for("other.example/greeter", environ)).settings


async def test_a_helper_that_fails_is_told_in_its_words(tmp_path: Path) -> None:
    environ = configured(tmp_path, "#!/bin/sh\necho keyring is locked\nexit 1\n", credsStore="test")
    with pytest.raises(FaultError) as raised:
        await credentials_for("r.example/greeter", environ)
    assert raised.value.fault.code == "registry-credentials"
    assert "keyring is locked" in raised.value.fault.evidence[0]


async def test_a_helper_that_does_not_answer_is_told_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.docker.credential_stores.PATIENCE", 0.2)
    environ = configured(tmp_path, "#!/bin/sh\nexec sleep 1000\n", credsStore="test")
    with pytest.raises(FaultError) as raised:
        await credentials_for("r.example/greeter", environ)
    assert raised.value.fault.evidence == ("docker-credential-test gave no answer in 0 s",)


STORE = """#!/bin/sh
if [ "$1" = list ]; then echo '{"r.example": "me", "gone.example": "me"}'; exit; fi
read server
[ "$server" = gone.example ] && { echo credentials not found in native keychain; exit 1; }
echo "{\\"Username\\": \\"me\\", \\"Secret\\": \\"of $server\\"}"
"""


async def test_a_build_is_given_what_every_store_and_the_config_file_have(tmp_path: Path) -> None:
    helpers = {"helped.example": "test"}
    written = {"w.example": AUTHS["r.example"]}
    environ = configured(tmp_path, STORE, credsStore="test", credHelpers=helpers, auths=written)
    found = await all_credentials(environ)
    assert found.keys() == {"r.example", "helped.example", "w.example"}
    assert found["helped.example"]["Password"] == "of helped.example"
    assert found["w.example"]["password"] == "hunter2"


async def test_a_build_does_not_wait_for_a_helper_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.docker.credential_stores.PATIENCE", 0.2)
    environ = configured(tmp_path, "#!/bin/sh\nexec sleep 1000\n", credsStore="test")
    with pytest.raises(FaultError, match="base images") as raised:
        await all_credentials(environ)
    assert raised.value.fault.evidence == ("docker-credential-test gave no answer in 0 s",)


async def test_an_identity_token_is_one(tmp_path: Path) -> None:
    told = json.dumps({"ServerURL": "r.example", "Username": "<token>", "Secret": "t"})
    environ = configured(tmp_path, f"#!/bin/sh\necho '{told}'\n", credsStore="test")
    found = await credentials_for("r.example/greeter", environ)
    assert found.settings == {"ServerAddress": "r.example", "IdentityToken": "t"}


async def test_what_no_helper_has_is_taken_from_the_config_file(tmp_path: Path) -> None:
    helper = "#!/bin/sh\necho credentials not found in native keychain\nexit 1\n"
    environ = configured(tmp_path, helper, credsStore="test", auths=AUTHS)
    found = await credentials_for("r.example/greeter", environ)
    assert found.settings["password"] == "hunter2"


async def test_the_hub_is_asked_for_by_its_address(tmp_path: Path) -> None:
    helper = '#!/bin/sh\nread server\necho "no keyring for $server"\nexit 1\n'
    environ = configured(tmp_path, helper, credsStore="test")
    with pytest.raises(FaultError) as raised:
        await credentials_for("greeter", environ)
    assert "no keyring for https://index.docker.io/v1/" in raised.value.fault.evidence[0]


async def test_a_helper_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as raised:
        await credentials_for("r.example/greeter", configured(tmp_path, credsStore="none"))
    assert "docker-credential-none" in raised.value.fault.evidence[0]


async def test_nothing_of_them_is_shown_or_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        found = await credentials_for("r.example/greeter", configured(tmp_path, auths=AUTHS))
    assert "hunter2" not in repr(found) + caplog.text


async def test_a_pull_secret_is_what_kubelets_read(tmp_path: Path) -> None:
    found = await credentials_for("r.example/greeter", configured(tmp_path, auths=AUTHS))
    entry = json.loads(pull_secret(found))["auths"]["r.example"]
    assert (entry["username"], entry["password"]) == ("me", "hunter2")
    assert base64.b64decode(entry["auth"]) == b"me:hunter2"


async def test_without_a_password_there_is_no_pull_secret(tmp_path: Path) -> None:
    token = {"r.example": {"identitytoken": "t"}}
    found = await credentials_for("r.example/greeter", configured(tmp_path, auths=token))
    with pytest.raises(FaultError) as raised:
        pull_secret(found)
    assert raised.value.fault.code == "registry-no-password"
