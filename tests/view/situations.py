"""Situations the cockpit is looked at in, each told as the events that lead to it."""

from dataclasses import replace

from tests.view.scripted import START, Told
from tui.model import events as e
from tui.model.changes import Change, Commit
from tui.model.faults import Fault
from tui.model.images import FileDifference, Image, ReleaseDifference, SettingDifference
from tui.model.proposals import Candidate, Clue, FilePlan, Proposal
from tui.model.releases import Release, ReleaseSpec
from tui.model.rollouts import Container, Pod, Rollout, Termination, Verdict, Workload
from tui.model.routes import Endpoint
from tui.model.verdicts.endpoints import answering

URL = "http://127.0.0.1:8080"
COMMIT = Commit("4be1d6c2f0a91f3d7a5e", "main", dirty=True)
TAGS = ("5b91c07d2e6f3a18", "e2c4470fa6b81d90", "0f6d9a71c3b2e845", "9a13fe2277c05b6d")
SPEC = ReleaseSpec(replicas=2, port=8080, probe_path="/healthz", env=(("GREETING", "Hello"),))

OPENED: tuple[Told, ...] = (
    (
        -900.0,
        e.ProjectOpened(
            "/home/ada/src/greeter",
            "greeter",
            "development",
            "local",
            "this machine",
            "",
            environments=("development", "staging"),
            pack="python",
        ),
    ),
    (-900.0, e.HistoryLoaded(())),
    (-900.0, e.RolloutObserved(Rollout(0), Verdict("none"))),
    (-900.0, e.WatchStarted("native")),
    (-899.0, e.DiskMeasured(1_310_720, 28_311_552, 4_404_019)),
)


def release(revision: int, **fields: object) -> Release:
    """Return a good release, otherwise as told."""
    made = Release(
        revision,
        Image("greeter", TAGS[revision % len(TAGS)]),
        SPEC,
        COMMIT,
        changed=("app.py", "templates/index.html")[: 1 + revision % 2],
        trigger="save",
        user="ada",
        host="lovelace",
        started=START - 900 + 60 * revision,
        seconds=1.4 + 0.1 * revision,
        outcome="ready",
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # names and values are the caller's


HISTORY = (
    release(11, trigger="first", changed=()),
    release(12),
    release(13, outcome="failed", cause="crash-loop", seconds=6.2),
    release(14),
)
RUN_BEFORE: tuple[Told, ...] = (*OPENED, (-890.0, e.HistoryLoaded(HISTORY)))


def pod(name: str, revision: int, age: float, **fields: object) -> Pod:
    """Return a ready pod, otherwise as told."""
    container = Container("app", ready=True, running=True, started=START - age)
    made = Pod(name, revision, "Running", (container,), START - age, "127.0.0.1:41311")
    return replace(made, **fields)  # type: ignore[arg-type]  # names and values are the caller's


def rollout(revision: int, pods: tuple[Pod, ...], serving: int | None = None) -> Rollout:
    """Return a picture of two wanted replicas."""
    new = [p for p in pods if p.revision == revision]
    ready = sum(p.ready for p in new)
    workload = Workload("App", "greeter", 2, len(new), ready, ready)
    answers = revision if serving is None else serving
    return Rollout(revision, answers, (workload,), pods, URL, START - 30)


def iteration(number: int, at: float, *paths: str) -> tuple[Told, ...]:
    """Tell a save of these files, taken up by an iteration."""
    changes = tuple(Change(path, "modified") for path in paths)
    return (
        (at, e.FilesChanged(changes, COMMIT)),
        (at + 0.3, e.IterationStarted(number, "save", paths, START + at, COMMIT)),
    )


def built(number: int, at: float) -> tuple[Told, ...]:
    """Tell a build with cached dependencies."""
    return (
        (at, e.StageStarted(number, "build")),
        (at, e.StepStarted(number, "build", "context")),
        (at, e.StepFinished(number, "build", "context", 0.012, "done", "38 files")),
        (at, e.StepStarted(number, "build", "snapshot")),
        (at, e.StepFinished(number, "build", "snapshot", 0.02, "done", "2,114 bytes added")),
        (at, e.StepStarted(number, "build", "python -m venv")),
        (at, e.StepFinished(number, "build", "python -m venv", 0.0, "cached")),
        (at, e.StepStarted(number, "build", "pip install")),
        (at, e.StepFinished(number, "build", "pip install", 0.0, "cached")),
        (at + 0.1, e.ImageBuilt(number, Image("greeter", TAGS[number % len(TAGS)], size=2114))),
        (at + 0.1, e.StageFinished(number, "build", 0.09, "done")),
    )


def deployed(number: int, at: float) -> tuple[Told, ...]:
    """Tell a deploy up to the release being under way."""
    return (
        (at, e.StageStarted(number, "deploy")),
        (at, e.StepStarted(number, "deploy", "copy")),
        (at, e.StepFinished(number, "deploy", "copy", 0.031, "done")),
        (at, e.StepStarted(number, "deploy", "start")),
        (at + 0.1, e.StepFinished(number, "deploy", "start", 0.08, "done")),
        (at + 0.1, e.StageFinished(number, "deploy", 0.13, "done")),
        (at + 0.1, e.ReleaseStarted(number, release(number, outcome="pending", seconds=0.0))),
        (at + 0.1, e.StageStarted(number, "rollout")),
    )


def finished(number: int, at: float, seconds: float = 1.5) -> tuple[Told, ...]:
    """Tell that an iteration became ready."""
    pods = (
        pod(f"greeter-{number}-1", number, 20 - at),
        pod(f"greeter-{number}-2", number, 20 - at),
    )
    return (
        (at, e.RolloutObserved(rollout(number, pods), Verdict("ready"))),
        (at, e.StageFinished(number, "rollout", seconds - 0.3, "done")),
        (at, e.ReleaseFinished(number, release(number, seconds=seconds))),
        (at, e.IterationFinished(number, "ready", seconds, number)),
    )


def earlier_turns() -> tuple[Told, ...]:
    """Tell some good turns, so that there are latencies to compare."""
    told: list[Told] = []
    for turn, seconds in enumerate((1.9, 1.5, 1.6, 3.1, 1.4, 1.5, 1.3)):
        at = -800 + 60.0 * turn
        told += iteration(20 + turn, at, "app.py")
        told += ((at + seconds, e.IterationFinished(20 + turn, "ready", seconds, 14)),)
    return tuple(told)


SAVES: tuple[Told, ...] = (
    (
        -31.0,
        e.FilesChanged(
            (
                Change("README.md", "modified"),
                Change("app.py~", "added", ".dockerignore:3", in_context=False),
                Change("static/logo.svg", "added"),
            ),
            COMMIT,
        ),
    ),
    (-30.9, e.IterationStarted(29, "save", ("README.md",), START - 31, COMMIT)),
    (-30.8, e.IterationFinished(29, "unchanged", 0.1, 14)),
)

FRESH = OPENED

BUILDING: tuple[Told, ...] = (
    *RUN_BEFORE,
    *earlier_turns(),
    *SAVES,
    (
        -2.0,
        e.RolloutObserved(
            rollout(14, (pod("greeter-14-1", 14, 840), pod("greeter-14-2", 14, 838))),
            Verdict("ready"),
        ),
    ),
    *iteration(15, -1.6, "requirements.txt", "app.py"),
    (-1.3, e.StageStarted(15, "build")),
    (-1.3, e.StepStarted(15, "build", "context")),
    (-1.2, e.StepFinished(15, "build", "context", 0.012, "done", "38 files")),
    (-1.2, e.StepStarted(15, "build", "snapshot")),
    (-1.2, e.StepFinished(15, "build", "snapshot", 0.02, "done", "2,114 bytes added")),
    (-1.2, e.StepStarted(15, "build", "python -m venv")),
    (-1.1, e.StepFinished(15, "build", "python -m venv", 0.0, "cached")),
    (-1.1, e.StepStarted(15, "build", "pip install")),
    (
        -0.6,
        e.StepPrinted(
            15,
            "build",
            "pip install",
            (
                "Collecting flask==3.1.2",
                "  Using cached flask-3.1.2-py3-none-any.whl (103 kB)",
                "Collecting werkzeug>=3.1.0",
                "  Downloading werkzeug-3.1.3-py3-none-any.whl (224 kB)",
            ),
        ),
    ),
    (-0.4, e.StepProgressed(15, "build", "pip install", 5, 7, "packages")),
)

GOOD: tuple[Told, ...] = (
    *RUN_BEFORE,
    *earlier_turns(),
    *SAVES,
    *iteration(15, -5.0, "app.py"),
    *built(15, -4.7),
    *deployed(15, -4.5),
    *finished(15, -3.5),
)

ENDPOINTS = (
    Endpoint(
        "Ingress",
        "greeter",
        "http://greeter.test",
        "failing",
        "HTTP 502 by 10.0.0.9",
        "endpoint-error",
    ),
    Endpoint("NodePort", "greeter", "http://127.0.0.1:30080", "answers", "HTTP 200"),
)
_REACHED = replace(
    rollout(15, (pod("greeter-15-1", 15, 20), pod("greeter-15-2", 15, 20))),
    endpoints=ENDPOINTS,
    url=ENDPOINTS[1].url,
)
REACHED: tuple[Told, ...] = (*GOOD, (-1.0, e.RolloutObserved(_REACHED, answering(_REACHED))))

CRASH_LINES = (
    "Traceback (most recent call last):",
    '  File "/revisions/16/app.py", line 12, in <module>',
    "    import redis",
    "ModuleNotFoundError: No module named 'redis'",
)
CRASHED = Container(
    "app",
    waiting="CrashLoopBackOff",
    restarts=3,
    started=START - 4,
    retry_at=START + 6,
    last=Termination(1, reason="Error", finished=START - 3, last_lines=CRASH_LINES),
)
CRASH_VERDICT = Verdict(
    "failed",
    "crash-loop",
    "greeter-16-1 exited with code 1, 4 times",
    CRASH_LINES,
    "add redis to requirements.txt",
)
CRASH_FAULT = Fault(
    "crash-loop", CRASH_VERDICT.sentence, evidence=CRASH_LINES, remedy=CRASH_VERDICT.remedy
)
CRASHING: tuple[Told, ...] = (
    *GOOD,
    *iteration(16, -2.9, "app.py"),
    *built(16, -2.6),
    *deployed(16, -2.4),
    (
        -0.4,
        e.RolloutObserved(
            rollout(
                16,
                (
                    pod("greeter-16-1", 16, 4, phase="Pending", containers=(CRASHED,)),
                    pod("greeter-15-1", 15, 23),
                    pod("greeter-15-2", 15, 23, phase="Terminating"),
                ),
                serving=15,
            ),
            CRASH_VERDICT,
        ),
    ),
    (-0.4, e.StageFinished(16, "rollout", 2.0, "failed")),
    (
        -0.4,
        e.ReleaseFinished(16, release(16, outcome="failed", cause="crash-loop", seconds=2.4)),
    ),
    (-0.4, e.IterationFinished(16, "failed", 2.5, 16, CRASH_FAULT)),
)

PIP_LINES = (
    "Collecting flask==3.1.2",
    "  Using cached flask-3.1.2-py3-none-any.whl (103 kB)",
    "ERROR: Could not find a version that satisfies the requirement reddis (from versions: none)",
    "ERROR: No matching distribution found for reddis",
)
BUILD_FAILED: tuple[Told, ...] = (
    *GOOD,
    *iteration(16, -1.9, "requirements.txt"),
    (-1.6, e.StageStarted(16, "build")),
    (-1.6, e.StepStarted(16, "build", "context")),
    (-1.6, e.StepFinished(16, "build", "context", 0.012, "done", "38 files")),
    (-1.5, e.StepStarted(16, "build", "pip install")),
    (-1.0, e.StepPrinted(16, "build", "pip install", PIP_LINES)),
    (-0.8, e.StepFinished(16, "build", "pip install", 0.7, "failed")),
    (-0.8, e.StageFinished(16, "build", 0.8, "failed")),
    (
        -0.8,
        e.IterationFinished(
            16,
            "failed",
            1.1,
            0,
            Fault(
                "build-step-failed",
                "the build step `pip install` exited with code 1",
                evidence=PIP_LINES,
                remedy="read its last lines, correct the cause and save",
            ),
        ),
    ),
)

DIFFERENCE = ReleaseDifference(
    (
        FileDifference(
            "app.py",
            "modified",
            "--- app.py\n+++ app.py\n@@ -9,5 +9,4 @@\n app = Flask(__name__)\n \n"
            "-import redis\n-GREETING = os.environ['GREETING']\n"
            "+GREETING = os.environ.get('GREETING', 'Hello')\n \n",
        ),
        FileDifference("static/logo.png", "added"),
        FileDifference(
            "templates/old.html", "deleted", "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-<h1>\n-</h1>\n"
        ),
    ),
    (SettingDifference("replicas", "2", "3"), SettingDifference("env GREETING", "Hello", "")),
)

PROPOSAL = Proposal(
    "greeter",
    "python",
    "flask",
    5000,
    "python -m flask --app app run --port $PORT",
    (
        Candidate(
            "python",
            "flask",
            110,
            (
                Clue("python", "requirements.txt", "lists pip's dependencies", 60),
                Clue("python", "app.py", "makes a Flask object", 50),
            ),
        ),
        Candidate("static", "", 20, (Clue("static", "index.html", "is a page", 20),)),
    ),
    (
        FilePlan(
            "draft.toml",
            '[environments.development]\nname = "greeter"\nbackend = "local"\npack = "python"\n',
        ),
        FilePlan("Dockerfile", "FROM python:3.12-slim\n", "FROM python:3.9\nUSER app\n"),
        FilePlan(".dockerignore", ".git\n", ".git\n"),
    ),
    ("Another pack: type its name above, or run create --pack NAME",),
)

NEW = replace(PROPOSAL, files=PROPOSAL.files[:1])
"""A proposal that overwrites nothing."""

HOSTILE = "[bold]x\x1b]0;boo\x07\n[/b]\u202e.py"
"""A file name that is markup, an escape sequence, a line break and a change of direction."""
