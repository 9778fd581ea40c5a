from dataclasses import replace
from datetime import datetime

import pytest

from tests.model.verdicts.pictures import NOW, READY, RUNNING, judged, pod, waiting
from tui.model.rollouts import Container, MemoryUse, Termination

ENDED = Termination(1, reason="Error", finished=NOW - 5, last_lines=("boom",))
CRASHED = replace(RUNNING, running=False, waiting="CrashLoopBackOff", last=ENDED, restarts=1)


def test_a_jobs_crash_is_final_only_when_the_job_gives_up() -> None:
    verdict = judged(pod(CRASHED, owner="Job web"))
    assert (verdict.outcome, verdict.cause) == ("progressing", "crash-loop")


def test_a_job_that_is_done_has_not_crashed_nor_have_its_sidecars_that_are_ended_then() -> None:
    done = replace(RUNNING, running=False, last=replace(ENDED, exit_code=0, reason="Completed"))
    proxy = replace(RUNNING, name="proxy", kind="sidecar", ready=True)
    assert judged(pod(proxy, done, owner="Job web")).cause == ""
    ended = replace(proxy, running=False, ready=False, last=replace(ENDED, exit_code=143))
    assert judged(pod(ended, done, owner="Job web")).cause == ""
    assert judged(pod(ended, RUNNING, owner="Job web")).cause == "crash-loop"


@pytest.mark.parametrize(("restarts", "outcome"), [(1, "progressing"), (2, "failed")])
def test_a_crash_goes_on_being_told_while_the_container_is_up_again_for_a_moment(
    restarts: int, outcome: str
) -> None:
    again = replace(
        RUNNING, last=ENDED, restarts=restarts, started=NOW - 2, probe_message="refused"
    )
    again = replace(again, failing_probe="readiness")
    verdict = judged(pod(again))
    assert (verdict.outcome, verdict.cause) == (outcome, "crash-loop")
    assert verdict.sentence.endswith("code 1, 2 times" if restarts == 2 else "code 1")
    proven = replace(again, started=NOW - 11)
    assert judged(pod(proven)).cause == "readiness-probe"


def test_of_several_containers_the_one_that_crashed_is_named_with_its_lines() -> None:
    proxy = replace(CRASHED, name="proxy", kind="sidecar")
    verdict = judged(pod(READY, proxy))
    assert verdict.sentence == "sidecar proxy of web-1 exited with code 1, 2 times"
    assert verdict.evidence == ("boom",)


def test_memory_beyond_the_limit_is_told_with_the_limit() -> None:
    killed = replace(ENDED, exit_code=137, signal=9, reason="OOMKilled")
    limited = replace(CRASHED, last=killed, memory_limit=32 << 20)
    assert "its limit of 32 MiB" in judged(pod(limited)).sentence
    assert "the node ran out" in judged(pod(replace(limited, memory_limit=0))).sentence


def test_the_last_known_use_is_told_with_its_time_and_else_why_it_is_not_known() -> None:
    killed = replace(ENDED, exit_code=137, signal=9, reason="OOMKilled")
    limited = replace(CRASHED, last=killed, memory_limit=64 << 20)

    def evidence(memory: MemoryUse | None, container: Container = limited) -> tuple[str, ...]:
        return judged(pod(replace(container, last=replace(killed, memory=memory)))).evidence

    assert evidence(None) == ("boom",)
    noon = datetime(2026, 11, 25, 14, 2, 11).timestamp()  # noqa: DTZ001 - the user's own time
    known = MemoryUse(66_899_968, noon, "the kubelet")
    assert evidence(known) == (
        "limit 64 MiB, used 63.8 MiB at 14:02:11, measured by the kubelet",
        "boom",
    )
    without_limit = replace(limited, memory_limit=0)
    assert evidence(known, without_limit)[0].startswith("used 63.8 MiB at")
    unknown = MemoryUse(unknown="there is no metrics API")
    assert evidence(unknown)[0] == "limit 64 MiB, use not known: there is no metrics API"


@pytest.mark.parametrize("said", ["exec /app: exec format error", "exec format error"])
def test_a_program_for_another_platform_is_told_as_such(said: str) -> None:
    by_shell = replace(CRASHED, last=replace(ENDED, last_lines=(said,)))
    assert judged(pod(by_shell)).cause == "image-platform"
    not_begun = replace(CRASHED, last=replace(ENDED, reason="StartError", message=said))
    assert judged(pod(not_begun)).cause == "image-platform"


def test_what_the_runtime_says_first_is_left_out() -> None:
    said = (
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
        "runc create failed: unable to start container process: error during container init: "
        'exec: "pyhton": executable file not found in $PATH: unknown'
    )
    verdict = judged(pod(replace(CRASHED, last=replace(ENDED, reason="StartError", message=said))))
    assert verdict.sentence.endswith('started: exec: "pyhton": executable file not found in $PATH')


def test_a_container_that_was_ended_by_its_probe_did_not_crash() -> None:
    killed = replace(ENDED, exit_code=137, signal=9)
    probed = replace(CRASHED, last=killed, restarts=2, failing_probe="liveness")
    assert judged(pod(probed)).cause == "liveness-probe"
    by_itself = replace(probed, last=ENDED)
    assert judged(pod(by_itself)).cause == "crash-loop"


def test_an_init_container_that_succeeded_is_no_trouble() -> None:
    done = Container("migrate", kind="init", last=replace(ENDED, exit_code=0, reason="Completed"))
    assert judged(pod(done, RUNNING)).cause == ""


def test_a_final_trouble_is_told_before_one_that_may_pass() -> None:
    unreachable = waiting("ErrImagePull", "dial tcp: i/o timeout")
    assert judged(unreachable).outcome == "progressing"
    verdict = judged(unreachable, pod(CRASHED, name="web-2"))
    assert (verdict.outcome, verdict.cause) == ("failed", "crash-loop")


def test_a_container_without_a_probe_is_believed_only_after_a_while() -> None:
    fresh = replace(READY, started=NOW, steady_at=NOW + 1)
    assert judged(pod(fresh), serving=2).outcome == "progressing"
    assert judged(pod(fresh), serving=2, now=NOW + 1).outcome == "ready"
