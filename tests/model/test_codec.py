import json

import pytest
from hypothesis import given

from tests.strategies import stamped
from tui.model.codec import EVENT_TYPES, event_from_json, event_to_json
from tui.model.events import Stamped, StepPrinted
from tui.model.plain import from_plain, to_plain
from tui.model.releases import Release


@given(stamped)
def test_every_event_survives_being_written_and_read_back(event: Stamped) -> None:
    line = event_to_json(event)
    assert "\n" not in line
    assert event_from_json(line) == event


def test_a_line_names_its_event_its_number_and_its_time() -> None:
    line = event_to_json(Stamped(7, 1.5, StepPrinted(3, "build", "pip", ("a", "b"))))
    assert json.loads(line) == {
        "event": "StepPrinted",
        "number": 7,
        "time": 1.5,
        "iteration": 3,
        "stage": "build",
        "step": "pip",
        "lines": ["a", "b"],
    }


def test_the_table_of_events_holds_every_event_once() -> None:
    assert len(EVENT_TYPES) == 39
    assert all(name == kind.__name__ for name, kind in EVENT_TYPES.items())


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "{}",
        '{"event": "NoSuchEvent"}',
        '{"event": "StepPrinted", "iteration": 3}',
        '{"event": "StageStarted", "iteration": "3", "stage": "build"}',
        '{"event": "StageStarted", "iteration": 3, "stage": "lunch"}',
        '{"event": "StageStarted", "iteration": 3, "stage": "build", "more": 1}',
        '{"event": "StepPrinted", "iteration": 3, "stage": "build", "step": "x", "lines": "ab"}',
    ],
)
def test_damaged_lines_are_value_errors(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        event_from_json(line)


def test_fields_left_out_take_their_defaults() -> None:
    image = {"name": "app", "tag": "abc"}
    release = from_plain(Release, {"revision": 2, "image": image})
    assert release.outcome == "pending"
    assert to_plain(release)["image"]["digest"] == ""
