import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.draft_toml import KEYS, environment_names, load_environment
from tui.config.environment import BuildSecret, Environment, Sync
from tui.model.faults import Fault, FaultError

HEAD = "[environments.development]\n"


def written(folder: Path, text: str) -> Path:
    (folder / "draft.toml").write_text(text, encoding="utf-8")
    return folder


def fault_of(folder: Path, text: str | None = None, environment: str = "development") -> Fault:
    """The fault that loading raises; every one is of kind usage and tells a way out."""
    if text is not None:
        written(folder, text)
    with pytest.raises(FaultError) as caught:
        load_environment(folder, environment)
    fault = caught.value.fault
    assert fault.kind == "usage"
    assert fault.remedy
    assert fault.place.split(":")[0] in {"draft.toml", ".draft-tasks.toml"}
    return fault


def test_every_default_of_a_drafts_own_minimal_file(tmp_path: Path) -> None:
    loaded = load_environment(written(tmp_path, HEAD + 'name = "greeter"'))
    assert loaded == Environment(environment="development", name="greeter")
    assert loaded.backend == "kubernetes"


FULL = """
[environments.staging]
name = "greeter"
backend = "docker"
namespace = "team-a"
create-namespace = true
pull-secret = true
registry = "registry.example/team"
context = "kind-dev"
pack = "python"
command = ["python", "app.py"]
port = 8080
probe-path = "/healthz"
replicas = 3
env = { GREETING = "Hi", WORKERS = 4 }
set = ["a.b=c", "d="]
values = ["values/staging.yaml"]
manifests = ["k8s/*.yaml"]
chart = "charts/greeter"
dockerfile = "docker/Dockerfile"
custom-tags = ["latest", "v1.2"]
image-keys = ["web.image", "image"]
target = "runtime"
platforms = ["linux/amd64", "linux/arm/v7"]
build-secrets = ["id=npm,src=.npmrc", "id=token,env=NPM_TOKEN"]
cache-from = ["registry.example/team/greeter:cache"]
cache-to = ["type=local,dest=/tmp/cache"]
builder = "cluster"
push = "never"
wait = false
watch = false
watch-delay = 2
override-ports = ["8080:80"]
auto-connect = true
rollback-on-failure = true
protected = true
[environments.staging.image-build-args]
VERSION = "1"
[environments.staging.sync]
"src/*.py" = "/app/src"
[environments.staging.tasks]
pre-up = "make assets"
post_up = ["echo one", "echo two"]
cleanup = { first = "rm -r out" }
"""


def test_every_key_reaches_its_field(tmp_path: Path) -> None:
    assert load_environment(written(tmp_path, FULL), "staging") == Environment(
        environment="staging",
        name="greeter",
        backend="docker",
        namespace="team-a",
        create_namespace=True,
        pull_secret=True,
        registry="registry.example/team",
        context="kind-dev",
        pack="python",
        command=("python", "app.py"),
        port=8080,
        probe_path="/healthz",
        replicas=3,
        env={"GREETING": "Hi", "WORKERS": "4"},
        set=("a.b=c", "d="),
        values=("values/staging.yaml",),
        manifests=("k8s/*.yaml",),
        chart="charts/greeter",
        image_keys=("web.image", "image"),
        dockerfile="docker/Dockerfile",
        image_build_args={"VERSION": "1"},
        custom_tags=("latest", "v1.2"),
        target="runtime",
        platforms=("linux/amd64", "linux/arm/v7"),
        build_secrets=(
            BuildSecret("npm", "file", ".npmrc"),
            BuildSecret("token", "variable", "NPM_TOKEN"),
        ),
        cache_from=("registry.example/team/greeter:cache",),
        cache_to=("type=local,dest=/tmp/cache",),
        builder="cluster",
        push="never",
        wait=False,
        watch=False,
        watch_delay=2.0,
        override_ports=("8080:80",),
        auto_connect=True,
        rollback_on_failure=True,
        protected=True,
        sync=(Sync("src/*.py", "/app/src"),),
        tasks={
            "pre-up": ("make assets",),
            "post-up": ("echo one", "echo two"),
            "cleanup": ("rm -r out",),
        },
    )


def test_every_key_has_a_field_and_every_field_a_key() -> None:
    fields = set(Environment.__dataclass_fields__) - {"environment"}
    assert {key.replace("-", "_") for key in KEYS} == fields


def test_the_underscore_spelling_means_the_same(tmp_path: Path) -> None:
    dashes = load_environment(written(tmp_path, FULL), "staging")
    lines = FULL.splitlines()
    keys = tuple(key for key in KEYS if "-" in key)
    for index, line in enumerate(lines):
        for key in keys:
            if line.startswith((f"{key} =", f"[environments.staging.{key}]")):
                lines[index] = line.replace(key, key.replace("-", "_"))
    assert "watch_delay" in "\n".join(lines)
    assert load_environment(written(tmp_path, "\n".join(lines)), "staging") == dashes


def test_a_command_text_goes_to_the_shell(tmp_path: Path) -> None:
    loaded = load_environment(written(tmp_path, HEAD + 'command = "a | b"\nname = "x"'))
    assert loaded.command == ("sh", "-c", "a | b")


def test_without_a_name_the_folder_gives_it(tmp_path: Path) -> None:
    folder = tmp_path / "My ☕ App\n2"
    folder.mkdir()
    assert load_environment(written(folder, HEAD)).name == "my-app-2"


def test_the_environments_are_listed_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "[environments.staging]\n[environments.development]\n"
    assert environment_names(written(tmp_path, text)) == ("staging", "development")


def test_drafts_tasks_file_is_read_and_draft_toml_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / ".draft-tasks.toml").write_text(
        '[pre-up]\nassets = "make assets"\nmore = "make more"\n[cleanup]\nx = "old"\n'
    )
    loaded = load_environment(written(tmp_path, HEAD + 'tasks = { cleanup = ["new"] }'))
    assert loaded.tasks == {"pre-up": ("make assets", "make more"), "cleanup": ("new",)}


def test_a_wrong_hook_in_drafts_tasks_file_is_placed_there(tmp_path: Path) -> None:
    (tmp_path / ".draft-tasks.toml").write_text('[pre-up]\na = "b"\n[pre-upp]\na = "b"\n')
    fault = fault_of(tmp_path, HEAD)
    assert fault.code == "config-unknown-key"
    assert fault.place == ".draft-tasks.toml:3"


def test_drafts_docker_builder_is_what_happens_anyway(tmp_path: Path) -> None:
    load_environment(written(tmp_path, HEAD + 'container-builder = "docker"'))


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        ("build-tar = 'a.tar'", "config-refused-key", "not supported"),
        ("chart_tar = 'a.tar'", "config-refused-key", "not supported"),
        ("container-builder = 'acrbuild'", "config-refused-key", "Azure"),
        ("resource-group-name = 'x'", "config-refused-key", "Azure"),
        ("prot = 1", "config-unknown-key", "'prot'"),
        ("name = 1", "config-wrong-type", "must be a text, not a whole number"),
        ("port = '80'", "config-wrong-type", "must be a whole number, not a text"),
        ("port = true", "config-wrong-type", "not true or false"),
        ("wait = 'yes'", "config-wrong-type", "must be true or false"),
        ("env = ['a']", "config-wrong-type", "must be a table"),
        ("env = { A = true }", "config-wrong-type", "'A'"),
        ("set = 'a=b'", "config-wrong-type", "must be a list"),
        ("set = ['a']", "config-bad-value", "key=value"),
        ("image-keys = ['web..image']", "config-bad-value", "path of keys"),
        ("image-keys = ['app.image', 'b', 'app']", "config-bad-value", "'app.image', which is in"),
        ("manifests = ['k8s/[z-a].yaml']", "config-bad-value", "cannot be read"),
        ("manifests = ['**.yaml']", "config-bad-value", "not a whole folder"),
        ("manifests = ['../k8s']", "config-bad-value", "outside the project"),
        ("command = 3", "config-wrong-type", "a text or a list of texts"),
        ("watch-delay = '1'", "config-wrong-type", "seconds"),
        ("watch-delay = nan", "config-bad-value", "out of range"),
        ("watch-delay = -1", "config-bad-value", "out of range"),
        ("name = 'My App'", "config-name", "DNS label"),
        ("port = 65536", "config-port", "out of range"),
        ("port = -1", "config-port", "out of range"),
        ("replicas = 0", "config-bad-value", "out of range"),
        ("push = 'perhaps'", "config-bad-value", "none of its choices"),
        ("dockerfile = '../Dockerfile'", "config-bad-value", "outside the project"),
        ("chart = '/charts'", "config-bad-value", "outside the project"),
        ("probe-path = 'healthz'", "config-bad-value", "path of a URL"),
        ("override-ports = ['80']", "config-port", "two ports"),
        ("custom-tags = ['-a']", "config-bad-value", "image tag"),
        ("registry = 'https://r.example'", "config-bad-value", "no registry"),
        ("registry = 'r.example/Team'", "config-bad-value", "no registry"),
        ("registry = '-x'", "config-bad-value", "no registry"),
        ("target = '--load'", "config-bad-value", "no name"),
        ("builder = 'a b'", "config-bad-value", "no name"),
        ("platforms = ['arm64']", "config-bad-value", "no platform"),
        ("build-secrets = ['npm']", "config-bad-value", "no build secret"),
        ("build-secrets = ['id=npm,env=']", "config-bad-value", "no build secret"),
        ("build-secrets = ['id=npm,value=x']", "config-bad-value", "no build secret"),
        ("cache-from = ['--push']", "config-bad-value", "no cache"),
        ("tasks = { before = ['a'] }", "config-unknown-key", "'before'"),
        ("tasks = { pre-up = 3 }", "config-wrong-type", "pre-up"),
        ("sync = { '*.py' = 'app' }", "config-bad-value", "absolute path"),
        ("sync = { '*.py' = '/app/../etc' }", "config-bad-value", "out of the folder"),
        ("sync = { '../*.py' = '/app' }", "config-bad-value", "outside the project"),
        ("sync = { '[z-a].py' = '/app' }", "config-bad-value", "cannot be read"),
        ("registry = 1979-05-27", "config-wrong-type", "a date or time"),
        ('context = "a\\u0000"', "config-bad-value", "NUL"),
        ('env = { A = "a\\u0000" }', "config-bad-value", "NUL"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(
    tmp_path: Path, line: str, code: str, part: str
) -> None:
    fault = fault_of(tmp_path, f"# comment\n{HEAD}\n{line}\n")
    assert fault.code == code
    assert part in fault.sentence
    assert fault.place == "draft.toml:4"


def test_the_nearest_key_is_named(tmp_path: Path) -> None:
    assert "`watch-delay`" in fault_of(tmp_path, HEAD + "watch_dely = 1").remedy
    assert "`environments`" in fault_of(tmp_path, "[environment.development]").remedy


def test_a_label_is_proposed_for_a_name_that_is_none(tmp_path: Path) -> None:
    assert '"my-app"' in fault_of(tmp_path, HEAD + 'name = "My App"').remedy


def test_one_key_in_both_spellings_is_a_contradiction(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, HEAD + "watch-delay = 1\nwatch_delay = 2\n")
    assert (fault.code, fault.place) == ("config-duplicate-key", "draft.toml:3")


def test_a_missing_environment_names_the_nearest_and_those_there(tmp_path: Path) -> None:
    text = "[environments.staging]\n[environments.development]\n"
    fault = fault_of(tmp_path, text, "stagin")
    assert fault.code == "environment-missing"
    assert "use -e staging" in fault.remedy
    assert fault.evidence == ("environments there: staging, development",)


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "[environments]\n"])
def test_an_empty_file_is_told_as_such(tmp_path: Path, text: str) -> None:
    assert fault_of(tmp_path, text).code == "draft-toml-empty"


@pytest.mark.parametrize("text", ["environments = 3", "[environments]\ndevelopment = 3"])
def test_an_environment_that_is_no_table_is_told_as_such(tmp_path: Path, text: str) -> None:
    assert fault_of(tmp_path, text).code == "config-wrong-type"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD + "name = greeter\n", "draft.toml:2"),
        (HEAD + 'name = "greeter\n', "draft.toml:2"),
        (HEAD + "name =", "draft.toml:2"),
        (HEAD + "name = 'a'\nname = 'b'\n", "draft.toml:3"),
        ("a = " + "[" * 100_000, "draft.toml"),
        ("a = " + "9" * 10_000, "draft.toml:1"),
    ],
)
def test_what_is_no_toml_is_placed(tmp_path: Path, text: str, place: str) -> None:
    fault = fault_of(tmp_path, text)
    assert fault.code == "draft-toml-syntax"
    assert fault.place == place


def test_a_missing_file_invites_to_create(tmp_path: Path) -> None:
    fault = fault_of(tmp_path)
    assert fault.code == "draft-toml-missing"
    assert fault.remedy == "press c or run `redraft create`"
    assert "folder" in fault_of(tmp_path / "nowhere").sentence


def test_five_megabytes_are_not_read(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, "#" * 5_000_000)
    assert fault.code == "draft-toml-too-large"
    assert "4.8 MiB" in fault.sentence


def test_what_is_not_utf8_is_placed(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_bytes(HEAD.encode() + b'name = "\xff"\n')
    fault = fault_of(tmp_path)
    assert (fault.code, fault.place) == ("draft-toml-not-utf8", "draft.toml:2")
    assert "0xff" in fault.evidence[0]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert environment_names(tmp_path) == ("development",)


def test_a_folder_or_a_pipe_named_draft_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").mkdir()
    assert fault_of(tmp_path).code == "draft-toml-not-a-file"
    (tmp_path / "draft.toml").rmdir()
    os.mkfifo(tmp_path / "draft.toml")
    assert fault_of(tmp_path).code == "draft-toml-not-a-file"


def test_a_file_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").symlink_to("draft.toml")
    fault = fault_of(tmp_path)
    assert fault.code == "draft-toml-unreadable"
    assert "symbolic links" in fault.sentence


def test_a_file_without_read_permission_is_told(tmp_path: Path) -> None:
    written(tmp_path, HEAD).joinpath("draft.toml").chmod(0)
    if os.access(tmp_path / "draft.toml", os.R_OK):
        pytest.skip("this user reads every file whatever its mode (root)")
    assert fault_of(tmp_path).code == "draft-toml-unreadable"


words = st.sampled_from([*KEYS, "environments", "development", "build-tar", "x"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
plain = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(k)} = {as_toml(v)}" for k, v in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, str | bool | int):
        return json.dumps(value)
    return repr(value) if isinstance(value, float) else "''"


def loads_or_faults(folder: Path, content: bytes) -> None:
    (folder / "draft.toml").write_bytes(content)
    fault = None
    try:
        load_environment(folder)
    except FaultError as error:
        fault = error.fault
    assert fault is None or (fault.kind == "usage" and fault.sentence.isprintable())


@given(st.dictionaries(words, plain, max_size=5))
def test_no_valid_toml_raises_anything_but_a_fault(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, object]
) -> None:
    lines = [f"{key} = {as_toml(value)}" for key, value in table.items()]
    content = HEAD + "\n".join(lines)
    loads_or_faults(tmp_path_factory.getbasetemp(), content.encode(errors="ignore"))


@given(st.binary() | st.text().map(lambda text: text.encode(errors="surrogatepass")))
def test_no_bytes_raise_anything_but_a_fault(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    loads_or_faults(tmp_path_factory.getbasetemp(), content)
    loads_or_faults(tmp_path_factory.getbasetemp(), HEAD.encode() + content)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'{HEAD}name = "a"\nname = "b"\n', 3),
        (f'{HEAD}name = "a"\n{HEAD}port = 80\n', 3),
        (f"{HEAD}env = {{ A = '1', A = '2' }}\n", 2),
    ],
)
def test_what_is_set_twice_is_said_to_be(tmp_path: Path, text: str, line: int) -> None:
    fault = fault_of(tmp_path, text)
    assert fault.code == "draft-toml-syntax"
    assert "set above already" in fault.sentence
    assert fault.place == f"draft.toml:{line}"
    assert fault.remedy == "keep one of the two"
