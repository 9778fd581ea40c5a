"""An open environment stays where it is; settings that name another place are told."""

from pathlib import Path

import pytest

from tui.config.draft_toml import load_environment
from tui.model.faults import Fault, FaultError
from tui.model.places import PLACE_CHANGED
from tui.wiring.backends import backend_of
from tui.wiring.staying import DraftToml, Home, home_of

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: here
clusters:
- {name: c, cluster: {server: "https://127.0.0.1:6443"}}
- {name: far, cluster: {server: "https://cluster.example.com"}}
users: [{name: u, user: {}}]
contexts:
- {name: here, context: {cluster: c, user: u, namespace: team}}
- {name: other, context: {cluster: c, user: u}}
- {name: far, context: {cluster: far, user: u}}
"""
CLUSTER = '[environments.development]\nname = "greeter"\nbackend = "kubernetes"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "kubeconfig").write_text(KUBECONFIG)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return tmp_path


def opened(project: Path, text: str) -> Home:
    (project / "draft.toml").write_text(text)
    return home_of(project, load_environment(project))


def refused(home: Home, text: str) -> Fault:
    (home.project / "draft.toml").write_text(text)
    with pytest.raises(FaultError) as raised:
        home.load()
    return raised.value.fault


@pytest.mark.parametrize(
    ("added", "place", "sentence"),
    [
        (
            'namespace = "prod"\n',
            "draft.toml:4",
            "another namespace, prod: what is open he",
        ),
        ('context = "far"\n', "draft.toml:4", "another context, far: what is open here is here"),
        ('context = "other"\n', "draft.toml:4", "another context, other"),
    ],
)
def test_another_place_on_clusters_is_refused_with_its_line_and_what_to_do(
    project: Path, added: str, place: str, sentence: str
) -> None:
    fault = refused(opened(project, CLUSTER), CLUSTER + added)
    assert (fault.code, fault.place) == (PLACE_CHANGED, place)
    assert sentence in fault.sentence
    assert "open it again (e)" in fault.remedy


def test_another_backend_is_refused(project: Path) -> None:
    fault = refused(opened(project, CLUSTER), CLUSTER.replace("kubernetes", "local"))
    assert (fault.code, fault.place) == (PLACE_CHANGED, "draft.toml:3")
    assert "another backend, local: what is open here is kubernetes" in fault.sentence


@pytest.mark.parametrize(
    ("kept", "keeper", "named"),
    [
        (("releases/1.json",), "local", "docker"),
        (("releases/1.json",), "local", "kubernetes"),
        (("releases/1.json", "engine"), "docker", "local"),
    ],
)
def test_what_one_backend_runs_is_not_opened_by_another(
    project: Path, kept: tuple[str, ...], keeper: str, named: str
) -> None:
    home = opened(project, CLUSTER.replace("kubernetes", keeper))
    for name in kept:
        (home.state / name).parent.mkdir(parents=True, exist_ok=True)
        (home.state / name).touch()
    text = CLUSTER.replace("kubernetes", named)
    assert refused(home, text).code == "backend-changed"
    with pytest.raises(FaultError) as raised:
        opened(project, text)
    assert raised.value.fault.place == "draft.toml:3"
    assert f'put `backend = "{keeper}"` back' in raised.value.fault.remedy
    assert opened(project, CLUSTER.replace("kubernetes", keeper)).opened.backend == keeper


def test_a_release_on_a_cluster_goes_by_its_name_and_a_local_app_does_not(project: Path) -> None:
    fault = refused(opened(project, CLUSTER), CLUSTER.replace("greeter", "shop"))
    assert (fault.code, fault.place) == (PLACE_CHANGED, "draft.toml:2")
    local = opened(project, CLUSTER.replace("kubernetes", "local"))
    (project / "draft.toml").write_text(
        CLUSTER.replace("kubernetes", "local").replace("greeter", "shop")
    )
    assert local.load().name == "shop"


def test_naming_the_place_that_is_open_is_no_other_place(project: Path) -> None:
    home = opened(project, CLUSTER)
    (project / "draft.toml").write_text(f'{CLUSTER}context = "here"\nnamespace = "team"\n')
    assert home.load().context == "here"


def test_another_current_context_changes_nothing(project: Path) -> None:
    home = opened(project, CLUSTER)
    (project / "kubeconfig").write_text(KUBECONFIG.replace("current-context: here", ""))
    (project / "draft.toml").write_text(f"{CLUSTER}replicas = 2\n")
    assert home.load().replicas == 2


def test_another_docker_context_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(project / "docker"))
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/here.sock")
    text = CLUSTER.replace("kubernetes", "docker")
    home = opened(project, text)
    fault = refused(home, f'{text}context = "remote"\n')
    assert fault.code == "engine-context-missing"
    fault = refused(home, f'{text}context = "default"\n')
    assert (fault.code, fault.place) == (PLACE_CHANGED, "draft.toml:4")


@pytest.mark.parametrize("backend", ["local", "docker", "kubernetes"])
def test_every_backend_honours_that_an_environment_is_protected(
    project: Path, backend: str
) -> None:
    text = CLUSTER.replace("kubernetes", backend)
    home = opened(project, f"{text}protected = true\n")
    place = backend_of(home).place
    assert place.protection == home.place.protection
    assert place.protection is not None
    assert place.protection.name == "development"
    (project / "draft.toml").write_text(text)
    assert home.read().protection is None


def test_what_was_read_last_and_was_right_is_kept(project: Path) -> None:
    source = DraftToml(opened(project, CLUSTER))
    (project / "draft.toml").write_text(f"{CLUSTER}replicas = 2\nprotected = true\n")
    now = source.read()
    assert now.environment.replicas == 2
    assert now.protection is not None
    (project / "draft.toml").write_text("[environments.staging]\n")
    with pytest.raises(FaultError):
        source.read()
    assert source.now == now
    assert source.names() == ("staging",)
    (project / "draft.toml").write_text("[")
    assert source.names() == ()
