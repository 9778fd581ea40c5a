import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.clients.docker.progress import BuildWarning, Printed, Progress, Transfer, Vertex
from tui.clients.docker.rawjson import RawJson

RECORDED = Path(__file__).parent / "recorded"
"""What buildx 0.13 wrote while the BuildKit of Docker 20.10 built."""


def read(name: str, size: int = 1 << 20) -> tuple[list[Progress], list[str]]:
    data, reader = (RECORDED / name).read_bytes(), RawJson()
    found = []
    for start in range(0, len(data), size):
        found += reader.feed(data[start : start + size])
    return found + reader.close(), reader.lines


def vertices(found: list[Progress]) -> dict[str, Vertex]:
    return {one.name: one for one in found if isinstance(one, Vertex)}


def test_every_vertex_is_told_with_its_times() -> None:
    found, _ = read("failed-step.rawjson")
    step = vertices(found)["[2/4] RUN echo hi && sleep 1 && echo done x"]
    assert 1.0 < step.completed - step.started < 3.0
    assert not step.cached
    assert not step.error


def test_a_failed_vertex_says_why() -> None:
    found, lines = read("failed-step.rawjson")
    step = vertices(found)["[4/4] RUN for i in $(seq 40); do echo line $i; done; exit 3"]
    assert step.error.endswith("exit code: 3")
    assert [line for line in lines if line] == [f"ERROR: failed to solve: {step.error}"]


def test_output_is_what_the_step_printed() -> None:
    found, _ = read("failed-step.rawjson")
    failed = vertices(found)["[4/4] RUN for i in $(seq 40); do echo line $i; done; exit 3"]
    text = b"".join(p.text for p in found if isinstance(p, Printed) and p.vertex == failed.id)
    assert text == b"".join(b"line %d\n" % n for n in range(1, 41))


def test_the_context_is_a_transfer() -> None:
    found, _ = read("failed-step.rawjson")
    context = vertices(found)["[internal] load build context"]
    moved = [p.done for p in found if isinstance(p, Transfer) and p.vertex == context.id]
    assert moved == sorted(moved)
    assert moved[-1] > 0


def test_cached_vertices_are_told_as_such() -> None:
    found, lines = read("cached.rawjson")
    assert sum(vertex.cached for vertex in vertices(found).values()) == 3
    assert not any(lines)


def test_messages_on_one_line_are_read_as_well() -> None:
    reader = RawJson()
    message = {"warnings": [{"vertex": "v", "short": "d2h5", "range": [{"start": {"line": 7}}]}]}
    assert reader.feed(json.dumps(message).encode() + b"\n") == [BuildWarning("v", "why", (), 7)]


@given(st.integers(1, 400))
def test_it_does_not_matter_where_the_stream_is_cut(size: int) -> None:
    assert read("cached.rawjson", size) == read("cached.rawjson")


@given(st.binary() | st.text('{}[]":,\n\\ va1', min_size=1).map(str.encode))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    reader = RawJson()
    reader.feed(data)
    reader.close()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(["vertexes", "statuses", "logs", "warnings"]), values)
def test_no_message_makes_reading_fail(key: str, value: object) -> None:
    RawJson().feed(json.dumps({key: value}).encode() + b"\n")
