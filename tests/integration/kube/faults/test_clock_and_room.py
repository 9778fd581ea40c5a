"""Clocks that differ by a minute, and a node without room."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.kube.deployed import Deployed
from tests.integration.kube.faults.braking import numbers, put_on_the_brake
from tests.integration.kube.faults.running import running

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
SHIFT = """\
import time
seconds, nanoseconds = time.time, time.time_ns
time.time = lambda: seconds() + {by}
time.time_ns = lambda: nanoseconds() + {by} * 10**9
"""
CRASH = 'FROM busybox:latest\nCMD ["sh", "-c", "echo cannot go on; exit 37"]\n'


@pytest.mark.parametrize("by", [60, -60])
def test_a_clock_that_differs_by_a_minute_changes_no_verdict_and_no_line(
    app: Deployed, tmp_path: Path, by: int
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SHIFT.format(by=by))
    skewed = replace(app, redraft=replace(app.redraft, variables={"PYTHONPATH": str(tmp_path)}))
    put_on_the_brake(skewed)
    (app.project / "app.sh").write_text("seq 1 50 | sed 's/^/line /'; exec httpd -f -p $PORT\n")
    skewed.up()
    said = [line["message"] for line in skewed.redraft.json("logs")]
    assert numbers(said) == list(range(1, 51))
    (clock,) = [one for one in skewed.redraft.json("doctor") if one["subject"] == "cluster clock"]
    assert clock["outcome"] == "warning"

    deployment = app.project / "charts" / app.name / "templates" / "deployment.yaml"
    whole = deployment.read_text()
    lacking = "          envFrom: [{secretRef: {name: absent}}]\n          env:\n"
    deployment.write_text(whole.replace("          env:\n", lacking))
    told = [line for line in skewed.fault("up").splitlines() if "needs Secret absent" in line]
    assert [(line[0], line.split()[-1]) for line in told] == [("✖", "[missing-secret]")]
    deployment.write_text(whole)

    (app.project / "Dockerfile").write_text(CRASH)
    assert "[crash-loop]" in skewed.fault("up")
    assert "cannot go on" in str(skewed.redraft.json("why"))
    assert [row["verdict"] for row in skewed.history()] == ["ready", "failed", "failed"]


async def test_a_node_without_room_is_told_and_what_runs_goes_on(app: Deployed) -> None:
    app.up()
    app.edit("two")
    app.settings(set=["resources.requests.cpu=1000000m"])
    async with running(app.redraft, "up") as one:
        assert await one.end() == 1
        fault = one.fault()
        assert fault["code"] == "unschedulable-resources"
        assert "enough cpu" in fault["sentence"]
    assert app.answer() == "one"
    app.settings()
    app.up()
    assert app.answer() == "two"
