from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import strategies as _  # noqa: F401 - says what numbers pictures may hold
from tui.model.faults import Fault
from tui.model.remedies import remedy_for
from tui.model.rollouts import (
    NO_VERDICT,
    Container,
    Pod,
    Rollout,
    Termination,
    Verdict,
    Workload,
)
from tui.model.verdicts import judge

RUNNING = Container("app", running=True, started=100.0)
READY = replace(RUNNING, ready=True)
CRASHED = Termination(1, last_lines=("Traceback", "ModuleNotFoundError: No module named 'flask'"))


def rollout(*containers: Container, serving: int = 0, desired: int = 1) -> Rollout:
    """Return revision 2 with one pod a container, beside an old pod that crashed."""
    pods = tuple(
        Pod(f"app-2-{n}", 2, "Running", (container,), address="127.0.0.1:4000")
        for n, container in enumerate(containers)
    )
    old = Pod("app-1-0", 1, "Running", (Container("app", last=CRASHED, restarts=9),))
    return Rollout(
        2,
        serving,
        (Workload("App", "app", desired),),
        (old, *pods),
        started=100.0,
        deadline=160.0,
    )


def test_nothing_released_means_no_verdict() -> None:
    assert judge(Rollout(0), 1.0) == NO_VERDICT


def test_all_pods_ready_and_serving_is_ready_whatever_old_pods_do() -> None:
    assert judge(rollout(READY, serving=2), 101.0).outcome == "ready"


def test_a_revision_whose_deploy_failed_is_judged_by_that_whatever_else_runs() -> None:
    fault = Fault(
        "helm-failed", "helm could not deploy", evidence=("no matches",), remedy="correct"
    )
    verdict = judge(replace(rollout(READY, serving=1), failed=fault), 101.0)
    assert verdict == Verdict("failed", "helm-failed", fault.sentence, fault.evidence, fault.remedy)


def test_ready_pods_that_do_not_serve_yet_are_progress() -> None:
    assert judge(rollout(READY, serving=1), 101.0).outcome == "progressing"


def test_a_replica_that_was_ready_and_hangs_is_told_in_the_words_of_its_probe() -> None:
    hangs = replace(
        RUNNING, first_ready=101.0, probe_message="no answer within 5 s from port 4000/"
    )
    verdict = judge(rollout(READY, hangs, serving=2, desired=2), 500.0)
    assert (verdict.outcome, verdict.cause) == ("failed", "probe-lost")
    assert verdict.sentence.startswith("app-2-1 was ready")
    assert verdict.evidence == ("no answer within 5 s from port 4000/",)
    assert judge(rollout(READY, READY, serving=2, desired=2), 501.0).outcome == "ready"


def test_fewer_ready_pods_than_desired_are_progress() -> None:
    verdict = judge(rollout(READY, RUNNING, serving=2, desired=2), 101.0)
    assert (verdict.outcome, verdict.sentence) == ("progressing", "1 of 2 ready")


def test_a_first_crash_is_told_at_once_but_is_not_final() -> None:
    crashed = Container("app", last=CRASHED, waiting="CrashLoopBackOff")
    verdict = judge(rollout(crashed), 101.0)
    assert (verdict.outcome, verdict.cause) == ("progressing", "crash-loop")
    assert verdict.evidence == CRASHED.last_lines


def test_a_module_that_python_was_to_run_and_lacks_is_a_dependency_too() -> None:
    ended = Termination(1, last_lines=("/srv/venv/bin/python3: No module named uvicorn",))
    assert (
        remedy_for(ended) == "add uvicorn to the dependencies: requirements.txt or pyproject.toml"
    )


def test_who_printed_nothing_is_not_to_be_read() -> None:
    assert "printed nothing" in remedy_for(Termination(3))


def test_a_program_that_may_not_be_executed_has_a_remedy_of_its_own() -> None:
    refused = Termination(126, reason="StartError", message="./app.py: Permission denied")
    verdict = judge(rollout(Container("app", last=refused)), 101.0)
    assert verdict.cause == "start-error"
    assert "chmod +x" in verdict.remedy


def test_a_second_crash_is_final_with_cause_evidence_and_remedy() -> None:
    crashed = Container("app", last=CRASHED, restarts=1, waiting="CrashLoopBackOff")
    verdict = judge(rollout(crashed, serving=1), 103.0)
    assert (verdict.outcome, verdict.cause) == ("failed", "crash-loop")
    assert verdict.sentence == "app-2-0 exited with code 1, 2 times"
    assert verdict.remedy == "add flask to the dependencies: requirements.txt or pyproject.toml"


@pytest.mark.parametrize(
    ("last", "cause", "sentence"),
    [
        (Termination(0), "exited", "app-2-0 exited with code 0, 3 times"),
        (Termination(None, signal=9), "crash-loop", "app-2-0 was ended by SIGKILL, 3 times"),
        (Termination(None, signal=250), "crash-loop", "app-2-0 was ended by signal 250, 3 times"),
    ],
)
def test_endings_are_named(last: Termination, cause: str, sentence: str) -> None:
    verdict = judge(rollout(Container("app", last=last, restarts=2)), 101.0)
    assert (verdict.cause, verdict.sentence) == (cause, sentence)
    assert verdict.remedy


def test_a_command_that_cannot_be_started_is_final_at_once() -> None:
    last = Termination(127, reason="StartError", message="pyhton: not found")
    verdict = judge(rollout(Container("app", last=last)), 100.1)
    assert (verdict.outcome, verdict.cause) == ("failed", "start-error")
    assert "pyhton: not found" in verdict.sentence


def test_an_app_on_another_port_is_told_both_ports_after_a_while() -> None:
    elsewhere = replace(RUNNING, listening=(5000,))
    assert judge(rollout(elsewhere), 101.0).outcome == "progressing"
    verdict = judge(rollout(elsewhere), 104.0)
    assert (verdict.outcome, verdict.cause) == ("failed", "wrong-port")
    assert "5000" in verdict.sentence
    assert "4000" in verdict.sentence


def test_an_app_that_also_listens_where_it_should_is_not_blamed() -> None:
    assert judge(rollout(replace(RUNNING, listening=(4000, 5000))), 104.0).outcome == "progressing"


@pytest.mark.parametrize(
    ("container", "cause"),
    [
        (RUNNING, "port-closed"),
        (replace(RUNNING, probe_message="HTTP 500 from /healthz"), "probe-failed"),
        (replace(RUNNING, listening=(4000,)), "probe-failed"),
    ],
)
def test_after_the_deadline_it_failed_and_says_how(container: Container, cause: str) -> None:
    assert judge(rollout(container), 159.9).outcome == "progressing"
    verdict = judge(rollout(container), 160.0)
    assert (verdict.outcome, verdict.cause) == ("failed", cause)


@given(st.from_type(Rollout), st.floats(0, 4e9))
def test_any_picture_gets_a_verdict_and_a_failed_one_says_why(picture: Rollout, now: float) -> None:
    verdict = judge(picture, now)
    if verdict.outcome == "failed":
        assert verdict.cause
        assert verdict.sentence
