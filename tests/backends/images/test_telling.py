import pytest

from tui.backends.images.layers import LayerTelling
from tui.backends.images.speed import Speed
from tui.backends.images.telling import BuildTelling
from tui.clients.docker.progress import BuildWarning, Printed, Transfer, Vertex
from tui.clients.docker.push import Layer
from tui.model import events as e
from tui.ports.telling import Steps


class Told:
    """Collects events as short texts."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []
        self.build = BuildTelling(Steps(1, "build", self.events.append), lambda line: line)
        self.layers = LayerTelling(Steps(1, "push", self.events.append))

    def story(self) -> list[str]:
        return [text for event in self.events for text in _short(event)]


def _short(event: e.Event) -> list[str]:
    match event:
        case e.StepStarted():
            return [f"started {event.step}"]
        case e.StepFinished():
            return [f"{event.outcome} {event.step} {event.seconds:g}"]
        case e.StepPrinted():
            return [f"printed {line}" for line in event.lines]
        case e.StepProgressed():
            return [f"moved {event.done}/{event.total}"]
        case _:
            return []


def test_a_vertex_is_a_step() -> None:
    told = Told()
    told.build.take([Vertex("v", "RUN x")])
    told.build.take([Vertex("v", "RUN x", 10.0)])
    told.build.take([Printed("v", b"one\ntw"), Printed("v", b"o\n")])
    told.build.take([Vertex("v", "RUN x", 10.0, 12.5)])
    assert told.story() == ["started RUN x", "printed one", "printed two", "done RUN x 2.5"]


def test_a_vertex_that_goes_on_at_once_ends_once() -> None:
    told = Told()
    told.build.take([Vertex("v", "FROM x", 10.0, 10.1), Vertex("v", "FROM x", 10.1)])
    told.build.take([Vertex("v", "FROM x", 10.1, 12.1)])
    assert told.story() == ["started FROM x", "done FROM x 2.1"]


def test_two_vertices_of_one_name_are_two_steps() -> None:
    told = Told()
    told.build.take([Vertex("v", "RUN x", 1.0, 2.0), Vertex("w", "RUN x", 1.0, 2.0, cached=True)])
    assert told.story()[-2:] == ["done RUN x 1", "cached RUN x (2) 1"]


OTHER_ENDS = Vertex("other", "[2/3] RUN x", 5.0, 9.0)
OWN_ENDS = Vertex("own", "[2/3] RUN x", 9.0, 9.0, cached=True)


@pytest.mark.parametrize("ends", [[OTHER_ENDS, OWN_ENDS], [OWN_ENDS, OTHER_ENDS], [OWN_ENDS]])
def test_an_instruction_that_another_build_does_is_one_step(ends: list[Vertex]) -> None:
    told = Told()
    told.build.take([Vertex("own", "[2/3] RUN x")])
    told.build.take([Vertex("other", "[2/3] RUN x", 5.0), Printed("other", b"one\n")])
    for end in ends:
        told.build.take([end])
        assert "done [2/3] RUN x 4" in told.story()
    told.build.close("done")
    assert list(dict.fromkeys(told.story())) == [
        "started [2/3] RUN x",
        "printed one",
        "done [2/3] RUN x 4",
    ]


def test_the_failed_step_is_known_with_its_last_lines() -> None:
    told = Told()
    told.build.take([Vertex("w", "RUN y", 1.0), Vertex("v", "RUN x", 1.0)])
    told.build.take([Printed("v", b"".join(b"%d\n" % n for n in range(50)) + b"rest")])
    told.build.take(
        [
            Vertex("v", "RUN x", 1.0, 2.0, error="exit code: 1"),
            Vertex("w", "RUN y", 1.0, 2.0, error="context canceled"),
        ]
    )
    assert told.build.failed is not None
    assert told.build.failed.lines == (*(str(n) for n in range(21, 50)), "rest")
    assert told.story()[-3:] == ["cancelled RUN y 1", "printed rest", "failed RUN x 1"]


def test_what_is_open_at_the_end_is_ended() -> None:
    told = Told()
    told.build.take([Vertex("v", "RUN x", 1.0), Vertex("w", "RUN y")])
    told.build.close("cancelled")
    assert told.story() == ["started RUN x", "cancelled RUN x 0"]


def test_lines_that_redraw_themselves_are_told_as_they_look_at_last() -> None:
    told = Told()
    told.build.take([Vertex("v", "RUN x", 1.0), Printed("v", b"10 %\r50 %\r100 %\nnext\r\n")])
    assert told.story()[1:] == ["printed 100 %", "printed next"]


def test_bytes_of_all_parts_are_told_together_with_the_last_ones_at_least() -> None:
    told = Told()
    told.build.take([Vertex("v", "FROM x", 1.0), Transfer("v", "a", 5, 10)])
    told.build.take([Transfer("v", "b", 3, 3), Transfer("v", "a", 10, 10)])
    assert told.story()[-1] == "moved 13/13"


@pytest.mark.parametrize("said", ["old style", "old style (line 7)"], ids=["older", "dockerd 28"])
def test_a_warning_is_a_line_of_its_step_with_the_dockerfiles_line_once(said: str) -> None:
    told = Told()
    told.build.take([Vertex("v", "RUN x", 1.0), BuildWarning("v", said, (), 7)])
    assert told.story()[-1] == "printed warning: old style (line 7)"


def test_a_layer_is_a_step_over_all_tries() -> None:
    told = Told()
    told.layers.take(Layer("a", "there"))
    told.layers.take(Layer("b", "pushing", 1, 10))
    told.layers.close()
    told.layers.take(Layer("a", "there"))
    told.layers.take(Layer("b", "pushing", 10, 10))
    told.layers.take(Layer("b", "pushed"))
    told.layers.take(Layer("b", "there"))
    steps = [text.rpartition(" ")[0] for text in told.story() if "layer" in text]
    assert steps == [
        *("started layer", "cached layer a"),
        *("started layer", "cancelled layer b"),
        *("started layer b", "done layer b (2)"),
    ]


def test_speed_follows_and_is_not_measured_too_often() -> None:
    speed = Speed(0.0)
    assert not speed.measure(10, 0.05)
    assert speed.measure(1000, 1.0)
    assert speed.value == 1000
    assert speed.measure(1000, 2.0)
    assert 0 < speed.value < 1000
