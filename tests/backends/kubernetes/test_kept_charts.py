import json

from tui.backends.kubernetes.kept_charts import kept_chart
from tui.backends.kubernetes.records import Content

OBJECTS = ({"kind": "Secret", "data": {"a": "hunter2"}}, {"kind": "Service", "note": "{{ x }}"})


def test_what_was_recorded_is_given_as_a_value_and_never_a_file() -> None:
    with kept_chart(Content(OBJECTS)) as call:
        files = [path.read_text() for path in call.chart.rglob("*") if path.is_file()]
        assert len(files) == 2
        assert "hunter2" not in str(files)
        documents = call.values["objects"].split("\n---\n")
        assert tuple(json.loads(one) for one in documents) == OBJECTS
        folder = call.chart.parent
    assert not folder.exists()
