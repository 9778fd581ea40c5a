"""Words of real builders: BuildKit 0.8 (Docker 20.10) and newer, the classic one, Podman 4.3's."""

import pytest

from tui.clients.docker.failures import FailedStep, build_fault, plain_error
from tui.clients.docker.progress import Unsolved

TEXT = "FROM python:3.12-slim\nRUN pip install -r requirements.txt\nCOPY . /app\n"
FRONTEND = (
    "ERROR: failed to solve: rpc error: code = Unknown desc = failed to solve with frontend "
    "dockerfile.v0: failed to create LLB definition: "
)


@pytest.mark.parametrize(
    ("said", "code", "place"),
    [
        (f"{FRONTEND}dockerfile parse error line 2: unknown instruction: RUNN", "syntax", ":2"),
        (
            "ERROR: failed to build: failed to solve: dockerfile parse error on line 3: unknown "
            "instruction: COPPY (did you mean COPY?)",
            "syntax",
            ":3",
        ),
        (f"{FRONTEND}file with no instructions", "syntax", ""),
        ("building: no stages to build", "syntax", ""),
        ("dockerfile parse error line 1: unknown instruction: FORM", "syntax", ":1"),
    ],
)
def test_a_dockerfile_that_cannot_be_read_is_told_by_its_line(
    said: str, code: str, place: str
) -> None:
    fault = build_fault(Unsolved((said,)), None, "Dockerfile", TEXT)
    assert (fault.code, fault.place, fault.kind) == (
        f"dockerfile-{code}",
        f"Dockerfile{place}",
        "usage",
    )


def test_podmans_unknown_instruction_is_told_with_the_line_of_its_step() -> None:
    said = 'building at STEP "RUNN ": Build error: Unknown instruction: "RUNN" &imagebuilder.Step{}'
    fault = build_fault(Unsolved((said,), line=2), None, "Dockerfile", TEXT)
    assert (fault.code, fault.place) == ("dockerfile-syntax", "Dockerfile:2")
    assert fault.sentence.endswith("unknown instruction: RUNN")
    assert fault.evidence == ("RUN pip install -r requirements.txt",)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("docker.io/library/python:3.12-slim: not found", "missing"),
        ("manifest unknown: manifest unknown", "missing"),
        (
            "pull access denied, repository does not exist or may require authorization: server "
            "message: insufficient_scope: authorization failed",
            "denied",
        ),
        ("unexpected status from HEAD request to https://r.example/v2/: 403 Forbidden", "denied"),
        ("no match for platform in manifest: not found", "platform"),
        ("no matching manifest for linux/arm64 in the manifest list entries", "platform"),
        ("failed to do request: Head ...: x509: certificate signed by unknown authority", "tls"),
        (
            'failed to do request: Head "https://registry-1.docker.io/v2/library/python/manifests/'
            '3.12-slim": dial tcp: lookup registry-1.docker.io: no such host',
            "unreachable",
        ),
        ("unexpected status code: 503 Service Unavailable", "unreachable"),
    ],
)
def test_a_base_image_that_is_not_to_be_had_is_told_by_its_reason(error: str, code: str) -> None:
    name = "[internal] load metadata for docker.io/library/python:3.12-slim"
    said = Unsolved((f"ERROR: failed to solve: {error}",))
    fault = build_fault(said, FailedStep(name, error, ()), "Dockerfile", TEXT)
    assert (fault.code, fault.place) == (f"base-image-{code}", "Dockerfile:1")
    assert "python:3.12-slim" in fault.sentence
    assert fault.kind == ("unreachable" if code == "unreachable" else "failed")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (
            "ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the "
            "docker daemon running?",
            "engine-unreachable",
        ),
        (
            "ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading "
            "from server: EOF",
            "engine-unreachable",
        ),
        (f"{FRONTEND}target stage nope could not be found", "build-target-missing"),
        ('The target "nope" was not found in the provided Dockerfile', "build-target-missing"),
        ("ERROR: failed to stat .npmrc: no such file or directory", "build-secret-missing"),
        ("secret required but no secret with id npm found", "build-secret-missing"),
        ('ERROR: no builder "nope" found', "builder-missing"),
        (
            "ERROR: Multi-platform build is not supported for the docker driver.",
            "build-platforms",
        ),
        ("the --mount option requires BuildKit.", "buildx-missing"),
        ("ERROR: failed to solve: write /x: no space left on device", "engine-disk-full"),
        ("ERROR: something nobody has seen", "build-failed"),
    ],
)
def test_what_is_not_the_projects_fault_has_a_code_of_its_own(said: str, code: str) -> None:
    fault = build_fault(Unsolved((said,)), None, "Dockerfile", TEXT)
    assert fault.code == code
    assert said in fault.evidence


@pytest.mark.parametrize(
    ("step", "error", "code"),
    [
        # the BuildKit of dockerd 28, as a remote builder
        (
            "exporting to image",
            "failed to push r.example/x:1: unauthorized: authentication required",
            "registry-denied",
        ),
        (
            "exporting to image",
            "failed to push r.example/x:1: unknown: unknown error - disk on fire",
            "registry-failed",
        ),
        (
            "exporting to image",
            'failed to push r.example/x:1: failed to do request: Head "https://r.example/v2/x/blobs/'
            'sha256:9e35": dial tcp 127.0.0.1:1: connect: connection refused',
            "registry-unreachable",
        ),
        # buildx 0.13 and 0.29, with the builder of the engine's own context
        (
            "pushing r.example/x:1 with docker",
            "received unexpected HTTP status: 500 Internal Server Error",
            "registry-failed",
        ),
    ],
)
def test_a_push_by_the_builder_is_told_as_a_push(step: str, error: str, code: str) -> None:
    said = Unsolved((f"ERROR: failed to build: failed to solve: {error}",))
    fault = build_fault(said, FailedStep(step, error, ()), "Dockerfile", TEXT)
    assert fault.code == code
    assert "r.example " in f"{fault.sentence} "
    assert fault.evidence[0] in error


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("[internal] waiting for connection", "context deadline exceeded"),
        (
            "[internal] booting buildkit",
            'Error response from daemon: Get "https://registry-1.docker.io/v2/": no such host',
        ),
    ],
)
def test_a_builder_that_buildx_does_not_get_at_is_out_of_reach(step: str, error: str) -> None:
    said = Unsolved((f"ERROR: failed to build: {error}",))
    fault = build_fault(said, FailedStep(step, error, ()), "Dockerfile", TEXT)
    assert (fault.code, fault.kind) == ("engine-unreachable", "unreachable")
    assert (fault.place, fault.evidence) == ("", said.lines)
    assert "docker buildx ls" in fault.remedy


def failed(error: str, *lines: str) -> FailedStep:
    return FailedStep("[2/3] RUN pip install -r requirements.txt", error, lines)


@pytest.mark.parametrize(
    "error",
    [
        "executor failed running [/bin/sh -c pip install]: exit code: 7",
        'process "/bin/sh -c pip install" did not complete successfully: exit code: 7',
        "The command '/bin/sh -c pip install' returned a non-zero code: 7",
        'building at STEP "RUN pip install": while running runtime: exit status 7',
    ],
)
def test_a_step_that_ended_badly_shows_what_it_printed(error: str) -> None:
    step = failed(error, "connection refused", "last")
    fault = build_fault(Unsolved((error,)), step, "docker/Other", TEXT)
    assert (fault.code, fault.place) == ("build-failed", "docker/Other:2")
    assert fault.evidence == ("connection refused", "last")
    assert fault.sentence.endswith("failed with exit code 7")


def test_the_builders_own_line_goes_before_the_one_that_is_guessed() -> None:
    step = failed("exit code: 1")
    fault = build_fault(Unsolved(("ERROR",), line=9), step, "Dockerfile", TEXT)
    assert fault.place == "Dockerfile:9"


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("sh: gcc: not found", "install gcc in an earlier step"),
        ("/bin/sh: 1: make: not found", "install make in an earlier step"),
        ("exec /bin/sh: exec format error", "the image is of another platform: set `platforms`"),
        ("anything", "read its last lines, correct the cause and save"),
    ],
)
def test_well_known_words_have_a_remedy(line: str, remedy: str) -> None:
    step = failed("exit code: 127", line)
    assert build_fault(Unsolved(("x",)), step, "Dockerfile", TEXT).remedy == remedy


@pytest.mark.parametrize(
    "error",
    [
        'failed to compute cache key: "/settings.py" not found: not found',
        'checking on sources under "/x": copier: stat: "/settings.py": no such file or directory',
    ],
)
def test_a_file_that_is_not_in_the_context_is_named(error: str) -> None:
    step = FailedStep("[3/3] COPY settings.py /app", error, ())
    fault = build_fault(Unsolved((error,)), step, "Dockerfile", TEXT)
    assert fault.place == "Dockerfile:3"
    assert fault.remedy.startswith("/settings.py is not in the build context")


def test_an_error_is_shown_without_the_layers_it_came_through() -> None:
    assert plain_error(f"{FRONTEND}why") == "failed to create LLB definition: why"
