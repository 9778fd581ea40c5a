import hashlib
import json
from pathlib import Path

import pytest

from tui.clients.docker.endpoint import Endpoint, Tls, command_environment, find_endpoint
from tui.model.faults import FaultError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose docker folder is the test's own."""
    return {"HOME": str(tmp_path)}


def write_context(home: dict[str, str], name: str, host: str, *tls: str) -> Path:
    """Write a context as docker keeps it; return its TLS folder."""
    place = hashlib.sha256(name.encode()).hexdigest()
    contexts = Path(home["HOME"]) / ".docker" / "contexts"
    meta, material = contexts / "meta" / place, contexts / "tls" / place / "docker"
    meta.mkdir(parents=True)
    endpoints = {"docker": {"Host": host, "SkipTLSVerify": False}}
    said = {"Name": name, "Metadata": {}, "Endpoints": endpoints}
    (meta / "meta.json").write_text(json.dumps(said))
    for file in tls:
        material.mkdir(parents=True, exist_ok=True)
        (material / file).touch()
    return material


def write_config(home: dict[str, str], **settings: object) -> None:
    folder = Path(home["HOME"]) / ".docker"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(settings))


def test_docker_host_goes_before_the_current_context(home: dict[str, str]) -> None:
    write_context(home, "far", "tcp://far:2376")
    write_config(home, currentContext="far")
    assert find_endpoint(home).host == "tcp://far:2376"
    assert find_endpoint(home | {"DOCKER_HOST": "unix:///s"}) == Endpoint("unix:///s")


def test_a_context_that_is_asked_for_goes_before_all(home: dict[str, str]) -> None:
    material = write_context(home, "far", "tcp://far:2376", "ca.pem", "cert.pem", "key.pem")
    write_context(home, "other", "unix:///other")
    env = home | {"DOCKER_HOST": "unix:///s", "DOCKER_CONTEXT": "other"}
    files = (str(material / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    assert find_endpoint(env, "far") == Endpoint("tcp://far:2376", "far", Tls(*files))
    del env["DOCKER_HOST"]
    assert find_endpoint(env) == Endpoint("unix:///other", "other")


def test_an_authority_without_a_certificate_of_ours_is_tls_all_the_same(
    home: dict[str, str],
) -> None:
    material = write_context(home, "far", "tcp://far:2376", "ca.pem")
    assert find_endpoint(home, "far").tls == Tls(str(material / "ca.pem"))


def test_tls_of_the_environment_is_in_its_folder(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    env = home | {
        "DOCKER_HOST": "tcp://far:2376",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": str(tmp_path),
    }
    assert find_endpoint(env).tls == Tls(str(tmp_path / "ca.pem"))


def test_podmans_socket_is_taken_where_docker_has_none(
    home: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.docker.endpoint.DEFAULT_SOCKET", str(tmp_path / "none"))
    (tmp_path / "podman").mkdir()
    (tmp_path / "podman" / "podman.sock").touch()
    env = home | {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert find_endpoint(env).host == f"unix://{tmp_path}/podman/podman.sock"


def test_a_context_that_is_not_there_is_told(home: dict[str, str]) -> None:
    with pytest.raises(FaultError) as raised:
        find_endpoint(home, "nowhere")
    assert raised.value.fault.code == "engine-context-missing"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"Endpoints": {}}', '{"Endpoints": 1}'])
def test_a_broken_context_is_told(home: dict[str, str], text: str) -> None:
    write_context(home, "far", "tcp://far:2376")
    (file,) = Path(home["HOME"]).rglob("meta.json")
    file.write_text(text)
    with pytest.raises(FaultError) as raised:
        find_endpoint(home, "far")
    assert raised.value.fault.code == "engine-context-broken"


def test_programs_of_docker_are_pointed_at_the_same_engine(home: dict[str, str]) -> None:
    env = home | {"DOCKER_HOST": "unix:///s", "DOCKER_CONTEXT": "other"}
    by_context = command_environment(env, Endpoint("tcp://far:2376", "far"))
    assert by_context == home | {"DOCKER_CONTEXT": "far"}
    assert command_environment(env, Endpoint("unix:///s")) == home | {"DOCKER_HOST": "unix:///s"}


def test_programs_of_docker_verify_whoever_speaks_tls() -> None:
    endpoint = Endpoint("tcp://far:2376", tls=Tls("ca.pem"))
    assert command_environment({"DOCKER_TLS": "1"}, endpoint)["DOCKER_TLS_VERIFY"] == "1"
