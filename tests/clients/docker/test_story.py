from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clients.docker.progress import Printed, Progress, Solved, Transfer, Unsolved, Vertex
from tui.clients.docker.story import Story

TEXT = "FROM busybox\nENV A=1\nRUN one && \\\n  two\n"
DOCKER: list[dict[str, Any]] = [
    {"stream": "Step 1/3 : FROM busybox"},
    {"stream": "\n"},
    {"status": "Pulling from library/busybox", "id": "latest"},
    {"status": "Downloading", "progressDetail": {"current": 5, "total": 9}, "id": "a"},
    {"stream": " ---> f9f651ab6674\n"},
    {"stream": "Step 2/3 : ENV A=1"},
    {"stream": "\n"},
    {"stream": " ---> Using cache\n"},
    {"stream": " ---> 0123456789ab\n"},
    {"stream": "Step 3/3 : RUN one &&   two"},
    {"stream": "\n"},
    {"stream": " ---> Running in 74ea71756a90\n"},
    {"stream": "printed\n"},
    {"stream": "Removing intermediate container 74ea71756a90\n"},
    {"aux": {"ID": "sha256:d"}},
    {"stream": "Successfully built 41e10590de57\n"},
    {"stream": "Successfully tagged greeter:1\n"},
]
PODMAN: list[dict[str, Any]] = [
    {"stream": "STEP 1/3: FROM busybox\n"},
    {"stream": "STEP 2/3: ENV A=1\n"},
    {"stream": "--> Using cache 0123456789ab\n"},
    {"stream": "STEP 3/3: RUN one &&   two\n"},
    {"stream": "printed\n"},
    {"stream": "COMMIT docker.io/library/greeter:1\n"},
    {"stream": "--> 41e10590de57\n"},
    {"stream": "Successfully tagged docker.io/library/greeter:1\n"},
    {"stream": "41e10590de57aca61c71311638df637974a4cfb3a26609fefdacb7d6bfa02052\n"},
    {"aux": {"ID": "sha256:d"}},
    {"stream": "Successfully built 41e10590de57\n"},
]
STAGES = "ARG V=3\nFROM python:$V AS one\nRUN x\n\nFROM busybox\nCOPY --from=one /x /y\n"
PODMAN_STAGES: list[dict[str, Any]] = [
    {"stream": "[1/2] STEP 1/2: FROM python:3 AS one\n"},
    {"stream": "[1/2] STEP 2/2: RUN x\n"},
    {"stream": "--> ff5db8c7080\n"},
    {"stream": "[2/2] STEP 1/2: FROM busybox\n"},
    {"stream": "[2/2] STEP 2/2: COPY --from=one /x /y\n"},
    {"errorDetail": {"message": 'copier: stat: "/x": no such file or directory\n'}},
]
FAILED: list[dict[str, Any]] = [
    {
        "errorDetail": {"code": 7, "message": "The command 'x' returned a non-zero code: 7"},
        "error": "The command 'x' returned a non-zero code: 7",
    }
]


def told(messages: list[dict[str, Any]], text: str = TEXT) -> list[Progress]:
    story = Story(text)
    found = [p for now, message in enumerate(messages, 1) for p in story.take(message, float(now))]
    return found + story.close(100.0)


@pytest.mark.parametrize("messages", [DOCKER, PODMAN], ids=["docker", "podman"])
def test_steps_are_told_as_buildkit_tells_them(messages: list[dict[str, Any]]) -> None:
    found = told(messages)
    ended = [p for p in found if isinstance(p, Vertex) and p.completed]
    assert [(vertex.name, vertex.cached) for vertex in ended] == [
        ("[1/3] FROM busybox", False),
        ("[2/3] ENV A=1", True),
        ("[3/3] RUN one &&   two", False),
    ]
    assert [p.text for p in found if isinstance(p, Printed)] == [b"printed\n"]
    assert found[-1] == Solved()


def test_a_base_images_layers_are_transfers() -> None:
    assert [p for p in told(DOCKER) if isinstance(p, Transfer)] == [
        Transfer("step-1", "Downloading a", 5, 9)
    ]


def test_the_step_that_failed_has_the_error_and_the_line() -> None:
    found = told(DOCKER[:13] + FAILED)
    (failed,) = (p for p in found if isinstance(p, Vertex) and p.error)
    assert failed.name.startswith("[3/3]")
    assert found[-1] == Unsolved(("The command 'x' returned a non-zero code: 7",), 3)


def test_podmans_stages_are_told_apart_though_it_counts_each_ones_steps_anew() -> None:
    found = told(PODMAN_STAGES, STAGES)
    ended = [p for p in found if isinstance(p, Vertex) and p.completed]
    assert [vertex.name for vertex in ended] == [
        "[stage-0 1/2] FROM python:3 AS one",
        "[stage-0 2/2] RUN x",
        "[stage-1 1/2] FROM busybox",
        "[stage-1 2/2] COPY --from=one /x /y",
    ]
    assert len({vertex.id for vertex in ended}) == 4
    assert found[-1] == Unsolved(('copier: stat: "/x": no such file or directory',), 6)


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.dictionaries(st.sampled_from(["total", "current", "message"]), inner),
    max_leaves=4,
)
keys = st.sampled_from(["stream", "status", "id", "progressDetail", "aux", "error", "errorDetail"])


@given(st.lists(st.dictionaries(keys, values), max_size=5))
def test_no_message_makes_reading_fail(messages: list[dict[str, Any]]) -> None:
    told([{"stream": "Step 1/1 : FROM x"}, *messages])
