"""What a failed build means: from the builder's words to a fault. Pure.

The words are BuildKit's own (moby/buildkit: solver, frontend/dockerfile; containerd's resolver for
registries), from 0.8 of Docker 20.10 to today's, the classic builder's, and Buildah's for Podman
(containers/buildah: imagebuildah; as 1.28 says them).
"""

import re

from tui.clients.docker.dockerfile_lines import line_of_base, line_of_step
from tui.clients.docker.progress import Unsolved
from tui.clients.docker.registry_faults import push_fault
from tui.model.faults import Fault, FaultKind
from tui.model.frozen import frozen

BASE = re.compile(r"(?:^\[internal\] load metadata for |\] FROM )(?:--\S+ )*(\S+)")
EXITED = re.compile(r"(?:exit code: |non-zero code: |exit status )(\d+)")
SYNTAX = re.compile(r"dockerfile parse error (?:on )?line (\d+): (.*)", re.IGNORECASE)
UNKNOWN = re.compile(r'Build error: Unknown instruction: "(\w+)"')
NO_INSTRUCTION = re.compile(
    r"file with no instructions|the Dockerfile .*cannot be empty|no stages to build"
)
NOT_IN_CONTEXT = re.compile(r'"(/[^"\n]*)":? (?:not found|no such file)')
PUSHING = re.compile(r"pushing (\S+) with docker")
"""The step in which buildx has the engine push."""
NOT_PUSHED = re.compile(r"failed to push (\S+): (.*)")
"""BuildKit's words where it pushes by itself."""
REACHING = ("[internal] booting buildkit", "[internal] waiting for connection")
"""The steps in which buildx gets at a builder."""
WRAPPED = re.compile(
    r"^(?:ERROR: )?(?:failed to solve(?: with frontend \S+)?: |rpc error: .*? desc = )+"
)


@frozen
class FailedStep:
    """The vertex that failed."""

    name: str
    error: str
    lines: tuple[str, ...]
    """Its last lines."""


@frozen
class Cause:
    """Words by which a cause is known."""

    words: re.Pattern[str]
    code: str
    sentence: str
    remedy: str
    kind: FaultKind = "failed"


BASE_IMAGE = (
    Cause(
        re.compile(r"no match for platform|no matching manifest"),
        "base-image-platform",
        "the base image {0} is not made for this platform",
        "set `platforms` in draft.toml to one it is made for, or choose another base image",
    ),
    Cause(
        re.compile(r"x509|certificate"),
        "base-image-tls",
        "the registry of the base image {0} did not prove who it is",
        "give its certificate authority to the engine: /etc/docker/certs.d/HOST/ca.crt",
    ),
    Cause(
        re.compile(r"denied|unauthorized|authorization failed|\b40[13]\b|no basic auth"),
        "base-image-denied",
        "the registry does not give out the base image {0}",
        "check its name; if it is private, run `docker login` for its registry",
    ),
    Cause(
        re.compile(r"not found|manifest unknown|does not exist"),
        "base-image-missing",
        "there is no base image {0}",
        "correct its name and tag",
    ),
    Cause(
        re.compile(r""),
        "base-image-unreachable",
        "the base image {0} cannot be fetched",
        "check the network, the proxy and the registry's name, then try again",
        "unreachable",
    ),
)
"""Why a base image is not to be had; the first whose words are there."""

BUILDER_GONE = Cause(
    re.compile(
        r"Cannot connect to the Docker daemon|error reading from server"
        r"|transport is closing|code = Unavailable|error during connect|connection refused"
    ),
    "engine-unreachable",
    "the engine or its builder went away, or does not answer",
    "start Docker, or the `builder` that draft.toml names, then build again; `docker version` and "
    "`docker buildx ls` tell which answers",
    "unreachable",
)
BUILDER = (
    BUILDER_GONE,
    Cause(
        re.compile(r"target (?:stage )?.* (?:could not be|was not) found"),
        "build-target-missing",
        "the Dockerfile has no such stage",
        "correct `target` in draft.toml: it names a stage, as in `FROM ... AS name`",
        "usage",
    ),
    Cause(
        re.compile(r"failed to stat .*|secret .*not found|no secret with id"),
        "build-secret-missing",
        "a build secret has no value",
        "make the file, or set the variable, that `build-secrets` in draft.toml names",
        "usage",
    ),
    Cause(
        re.compile(r"no builder .* found|failed to find .*builder"),
        "builder-missing",
        "there is no such builder",
        "correct `builder` in draft.toml; `docker buildx ls` shows them",
        "usage",
    ),
    Cause(
        re.compile(r"[Mm]ulti-platform build is not supported|exporting manifest lists"),
        "build-platforms",
        "this builder cannot make an image for several platforms",
        "name a `builder` in draft.toml that can (`docker buildx create`), with a `registry`",
        "usage",
    ),
    Cause(
        re.compile(r"requires BuildKit"),
        "buildx-missing",
        "this Dockerfile needs BuildKit, and buildx is not installed",
        "install docker's buildx plugin (0.13 or newer)",
        "usage",
    ),
    Cause(
        re.compile(r"no space left on device"),
        "engine-disk-full",
        "the engine has no room left",
        "free some: `docker system df` shows what takes it",
    ),
)
STEP = (
    (re.compile(r"exec format error"), "the image is of another platform: set `platforms`"),
    (
        NOT_IN_CONTEXT,
        "{0} is not in the build context: correct the path, or look into .dockerignore",
    ),
    (re.compile(r"(\S+): (?:command )?not found"), "install {0} in an earlier step"),
)


def build_fault(unsolved: Unsolved, failed: FailedStep | None, dockerfile: str, text: str) -> Fault:
    """Return the fault of a build; `dockerfile` is the file's name as users know it."""
    said = "\n".join(unsolved.lines)
    if match := SYNTAX.search(said):
        return _syntax(match[2], f"{dockerfile}:{match[1]}", text, int(match[1]))
    if match := UNKNOWN.search(said):
        place = _place(dockerfile, unsolved.line)
        return _syntax(f"unknown instruction: {match[1]}", place, text, unsolved.line)
    if NO_INSTRUCTION.search(said):
        return _syntax("it holds no instruction", dockerfile, text, 0)
    line = unsolved.line or (line_of_step(text, failed.name) if failed else 0)
    if failed and EXITED.search(failed.error):
        return _step(unsolved, failed, _place(dockerfile, line))
    if failed and (match := BASE.search(failed.name)):
        image = match[1]
        place = _place(dockerfile, line or line_of_base(text, image))
        return _by_cause(_first(BASE_IMAGE, failed.error), image, (failed.error,), place)
    if failed and (push := _push(failed)):
        return push
    reaching = failed is not None and failed.name in REACHING
    cause = BUILDER_GONE if reaching else _first(BUILDER, said)
    if cause is not None:
        return _by_cause(cause, "", unsolved.lines, _place(dockerfile, line) if line else "")
    return _step(unsolved, failed, _place(dockerfile, line))


def plain_error(line: str) -> str:
    """Return an error without the names of the layers it came through."""
    return WRAPPED.sub("", line)


def _first(causes: tuple[Cause, ...], said: str) -> Cause | None:
    return next((cause for cause in causes if cause.words.search(said)), None)


def _by_cause(cause: Cause | None, subject: str, evidence: tuple[str, ...], place: str) -> Fault:
    if cause is None:
        raise AssertionError("the last cause of a table fits every text")
    sentence = cause.sentence.format(subject)
    return Fault(cause.code, sentence, cause.kind, evidence, place, cause.remedy)


def _push(failed: FailedStep) -> Fault | None:
    if match := PUSHING.fullmatch(failed.name):
        image, said = match[1], failed.error
    elif match := NOT_PUSHED.search(failed.error):
        image, said = match.groups()
    else:
        return None
    return push_fault(said, image.partition("/")[0], image)


def _syntax(why: str, place: str, text: str, line: int) -> Fault:
    lines = text.splitlines()
    evidence = (lines[line - 1].strip(),) if 0 < line <= len(lines) else ()
    return Fault(
        "dockerfile-syntax",
        f"the Dockerfile cannot be read: {why}",
        "usage",
        evidence,
        place,
        "correct the line and save",
    )


def _step(unsolved: Unsolved, failed: FailedStep | None, place: str) -> Fault:
    if failed is None:
        return Fault("build-failed", "the build failed", "failed", unsolved.lines[-30:], place)
    error = plain_error(failed.error)
    said = "\n".join((*failed.lines, error))
    return Fault(
        "build-failed",
        f"the build step `{failed.name}` failed{_exit_code(error)}",
        evidence=failed.lines or (error,),
        place=place,
        remedy=_remedy(said),
    )


def _exit_code(error: str) -> str:
    match = EXITED.search(error)
    return f" with exit code {match[1]}" if match else ""


def _remedy(said: str) -> str:
    for words, remedy in STEP:
        if match := words.search(said):
            return remedy.format(*match.groups())
    return "read its last lines, correct the cause and save"


def _place(dockerfile: str, line: int) -> str:
    return f"{dockerfile}:{line}" if line else dockerfile
