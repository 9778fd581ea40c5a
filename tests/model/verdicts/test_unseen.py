"""What is said while what runs cannot be looked at."""

from dataclasses import replace

from tests.model.verdicts.test_judging import CRASHED, READY, RUNNING, rollout
from tui.model.faults import Fault
from tui.model.verdicts import judge

EXPIRED = Fault(
    "token-expired", "not accepted any more", "usage", ("Unauthorized",), remedy="login"
)


def test_what_was_ready_stays_so_and_is_told_to_be_an_old_picture() -> None:
    lost = replace(rollout(READY, serving=2), lost_since=200.0, lost_to=EXPIRED)
    verdict = judge(lost, 230.0)
    assert (verdict.outcome, verdict.cause) == ("ready", "token-expired")
    assert "30 s ago" in verdict.sentence
    assert (verdict.evidence, verdict.remedy) == (("Unauthorized",), "login")


def test_a_connection_that_is_made_anew_at_once_is_not_told() -> None:
    lost = replace(rollout(READY, serving=2), lost_since=200.0, lost_to=EXPIRED)
    assert judge(lost, 201.0).cause == ""


def test_what_was_seen_of_a_rollout_is_the_evidence_and_time_does_not_fail_it() -> None:
    held = replace(RUNNING, waiting="ContainerCreating")
    lost = replace(rollout(held), lost_since=110.0)
    verdict = judge(lost, 4e9)
    assert (verdict.outcome, verdict.cause) == ("progressing", "engine-unreachable")


def test_a_failure_that_was_seen_stays_one() -> None:
    crashed = replace(RUNNING, running=False, last=CRASHED, restarts=5, waiting="CrashLoopBackOff")
    seen = replace(rollout(crashed), lost_since=110.0, lost_to=EXPIRED)
    assert judge(seen, 130.0).cause == "crash-loop"
