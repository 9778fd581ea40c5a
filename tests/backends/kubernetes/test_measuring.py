from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.backends.kubernetes.evidence.measuring import (
    METRICS,
    measure,
    use_in_metrics,
    use_in_summary,
)
from tui.backends.kubernetes.evidence.wanting import UseWanted
from tui.model.faults import Fault, FaultError

AT = "2026-11-25T14:02:11Z"
UNIX = 1795615331.0
MIB = 1 << 20
METRICS_TOLD = {
    "timestamp": AT,
    "containers": [
        {"name": "proxy", "usage": {"memory": "1Mi"}},
        {"name": "app", "usage": {"cpu": "1m", "memory": "65331Ki"}},
    ],
}
SUMMARY_TOLD = {
    "node": {"nodeName": "one"},
    "pods": [
        {"podRef": {"namespace": "other", "name": "web-1"}, "containers": [
            {"name": "app", "memory": {"time": AT, "workingSetBytes": 1}}]},
        {"podRef": {"namespace": "here", "name": "web-1"}, "containers": [
            {"name": "app", "memory": {"time": AT, "workingSetBytes": 60 * MIB}}]},
    ],
}  # fmt: skip
WANTED = UseWanted("web-1", "app", UNIX - 10, "one", UNIX + 1)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["pods", "podRef", "containers", "name", "memory", "usage", "time"]),
            inner,
        )
    ),
    max_leaves=12,
)


class Session:
    """Answers in place of a cluster: an object, or the code of the fault that is raised."""

    def __init__(self, metrics: Any, kubelet: Any, *, served: bool = True) -> None:
        self._metrics, self._kubelet, self._served = metrics, kubelet, served

    async def get(self, path: str, query: Any = None) -> Any:
        if path == METRICS:
            return self._told({} if self._served else "api-not-found")
        return self._told(self._metrics if path.startswith(METRICS) else self._kubelet)

    def _told(self, answer: Any) -> Any:
        if isinstance(answer, str):
            raise FaultError(Fault(answer, "no"))
        return answer


async def measured(wanted: UseWanted, *told: Any, served: bool = True) -> Any:
    session: Any = Session(*told, served=served)
    return await measure(session, "here", wanted)


async def test_the_metrics_api_goes_before_the_kubelet() -> None:
    use = await measured(WANTED, METRICS_TOLD, SUMMARY_TOLD)
    assert (use.used, use.measured, use.by) == (65331 << 10, UNIX, "the metrics API")


async def test_the_kubelet_is_asked_where_the_metrics_api_does_not_know() -> None:
    answers: tuple[Any, ...] = ("api-not-found", "api-forbidden", "api-unavailable", {})
    for unknown in answers:
        use = await measured(WANTED, unknown, SUMMARY_TOLD)
        assert (use.used, use.measured, use.by) == (60 * MIB, UNIX, "the kubelet")


@pytest.mark.parametrize(
    ("started", "finished"), [(UNIX + 1, UNIX + 9), (UNIX - 9, UNIX - 1)], ids=["before", "after"]
)
async def test_a_measure_of_another_incarnation_does_not_count(
    started: float, finished: float
) -> None:
    other = UseWanted("web-1", "app", started, "one", finished)
    use = await measured(other, METRICS_TOLD, SUMMARY_TOLD)
    assert use.used == 0
    assert use.unknown.count("did not measure it before it ended") == 2


async def test_a_measure_within_the_second_in_which_it_ended_counts() -> None:
    ended = UseWanted("web-1", "app", UNIX, "one", UNIX)
    assert (await measured(ended, METRICS_TOLD, SUMMARY_TOLD)).used


async def test_why_it_is_not_known_is_told_with_the_right_that_is_missing() -> None:
    use = await measured(WANTED, "api-not-found", "api-forbidden", served=False)
    assert use.unknown == "there is no metrics API, and `get nodes/proxy` is not allowed"
    assert not use.by, "nobody will know it later either"
    use = await measured(WANTED, "api-forbidden", "api-unavailable")
    told = "`get pods.metrics.k8s.io` is not allowed, and the kubelet does not answer"
    assert use.unknown == told
    assert use.by == "the kubelet"


@given(json)
def test_whatever_is_answered_is_read(told: Any) -> None:
    answer = told if isinstance(told, dict) else {"pods": told, "containers": told}
    use_in_metrics(answer, "app")
    use_in_summary(answer, "here", "web-1", "app")
