"""Planning reads charts, which may be large, where the loop can go on meanwhile."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.testbed import write_tree
from tui.backends.kubernetes import planning
from tui.backends.kubernetes.charts import chart_call
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.planning import Planner
from tui.clients.helm.verbs import ChartCall
from tui.config.environment import Environment
from tui.model.images import Image
from tui.model.releases import Release
from tui.ports.telling import Steps

ENVIRONMENT = Environment("development", "greeter")
RELEASE = Release(1, Image("r/greeter", "abc"))


async def test_a_chart_is_read_off_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"charts/a/Chart.yaml": "name: a\n"})
    threads = list[threading.Thread]()

    def noted(*arguments: Any) -> ChartCall:
        threads.append(threading.current_thread())
        return chart_call(*arguments)

    async def objects(call: ChartCall) -> tuple[RawObject, ...]:
        return ({"chart": call.chart.name},)

    monkeypatch.setattr(planning, "chart_call", noted)
    part: Any = SimpleNamespace(objects=objects)
    planner = Planner(tmp_path, part, part, part, part)
    await planner.release(ENVIRONMENT, RELEASE, "", Steps(1, "deploy", lambda _: None))
    assert await planner.objects(ENVIRONMENT) == ({"chart": "a"},)
    assert len(threads) == 2
    assert threading.main_thread() not in threads
