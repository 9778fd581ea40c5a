from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests import strategies as _  # noqa: F401 - says what numbers pictures may hold
from tui.backends.kubernetes.evidence.listening import Listening, parse_listening
from tui.backends.kubernetes.evidence.merging import Answers, with_evidence
from tui.backends.kubernetes.evidence.wanting import (
    MOST,
    LogWanted,
    PortsWanted,
    UseWanted,
    is_passing,
    wanted_evidence,
)
from tui.model.rollouts import Container, MemoryUse, Pod, Probe, Rollout, Termination
from tui.model.routes import Service, ServicePort

PROC_NET_TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0
   2: 0A0011AC:0050 0101010A:C001 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:2382 00000000000000000000000000000000:0000 0A 0:0 00:0 0
   1: 00000000000000000000000001000000:2383 00000000000000000000000000000000:0000 0A 0:0 00:0 0
   2: 0000000000000000FFFF00000100007F:2384 00000000000000000000000000000000:0000 0A 0:0 00:0 0
"""
ENDED = Termination(37, reason="Error", finished=90.0)
CRASHED = Container("app", waiting="CrashLoopBackOff", restarts=1, last=ENDED)
ASKED = Container(
    "app",
    running=True,
    started=100.0,
    failing_probe="readiness",
    probes=(Probe("readiness", 8080, "/"),),
)


def picture(*containers: Container, **fields: object) -> Rollout:
    pod = Pod("web-1", 2, "Running", containers)
    return replace(Rollout(2, pods=(pod,)), **fields)  # type: ignore[arg-type]  # the caller's


def test_open_ports_are_told_apart_by_who_can_reach_them() -> None:
    assert parse_listening(PROC_NET_TCP) == Listening((80, 0x2382), (0x1F90, 0x2383, 0x2384))


def test_a_port_open_both_ways_is_open() -> None:
    lines = PROC_NET_TCP.splitlines()
    both = "\n".join((lines[1], lines[1].replace("0100007F", "00000000")))
    assert parse_listening(both) == Listening((0x1F90,), ())


@given(st.text())
def test_whatever_a_container_answers_is_read(text: str) -> None:
    parse_listening(text)


def test_the_end_of_a_container_is_wanted_from_the_incarnation_that_ended() -> None:
    assert [w.previous for w in logs(picture(CRASHED))] == [True]
    just_ended = replace(CRASHED, waiting="")
    assert [w.previous for w in logs(picture(just_ended))] == [False]
    assert logs(picture(just_ended)) == logs(picture(CRASHED))  # it is the same incarnation


def test_nothing_is_wanted_of_old_pods_and_of_containers_that_are_well_or_never_began() -> None:
    old = Pod("web-0", 1, "Running", (CRASHED,))
    never = replace(CRASHED, last=replace(ENDED, reason="StartError"))
    assert wanted_evidence(Rollout(2, pods=(old,))) == ()
    assert wanted_evidence(picture(replace(CRASHED, ready=True), never)) == ()


KILLED = replace(ENDED, reason="OOMKilled", started=80.0)
EATER = Container("app", running=True, started=95.0, restarts=1, last=KILLED)


def uses(rollout: Rollout) -> list[UseWanted]:
    return [one for one in wanted_evidence(rollout) if isinstance(one, UseWanted)]


def test_memory_is_measured_once_a_container_was_ended_for_it() -> None:
    pod = replace(picture(EATER).pods[0], node="one")
    ended, runs = uses(Rollout(2, pods=(pod,)))
    assert (ended.started, ended.finished, is_passing(ended)) == (80.0, 90.0, False)
    assert (runs.started, runs.finished, is_passing(runs)) == (95.0, 0.0, True)
    well = replace(EATER, last=ENDED)
    assert not uses(Rollout(2, pods=(replace(pod, containers=(well,)),)))
    assert not uses(picture(EATER)), "a pod without a node"


def test_the_use_is_told_of_the_incarnation_it_was_measured_in() -> None:
    rollout = Rollout(2, pods=(replace(picture(EATER).pods[0], node="one"),))
    ended = uses(rollout)[0]

    def told(use: MemoryUse) -> MemoryUse | None:
        last = with_evidence(rollout, {ended: use}).pods[0].containers[0].last
        return last.memory if last else None

    assert told(MemoryUse(1 << 20, 89.0)) == MemoryUse(1 << 20, 89.0)
    assert told(MemoryUse(1 << 20, 95.0)) is None, "measured after it ended"
    assert told(MemoryUse(unknown="why")) == MemoryUse(unknown="why")


def test_ports_are_wanted_while_a_probe_of_a_port_fails() -> None:
    assert wanted_evidence(picture(ASKED)) == (PortsWanted("web-1", "app", 100.0),)
    command = replace(ASKED, probes=(Probe("readiness", command=("true",)),))
    assert wanted_evidence(picture(command)) == ()


def test_ports_are_wanted_where_a_service_sends_requests_that_no_probe_asked_for() -> None:
    ready = replace(ASKED, ready=True, failing_probe=None)
    service = Service("web", (ServicePort(80, "9090", 9090),), (("app", "web"),), ("web-1",))
    proven = replace(service, ports=(ServicePort(80, "8080", 8080),))
    wanted = (PortsWanted("web-1", "app", 100.0),)
    assert wanted_evidence(picture(ready, services=(service,))) == wanted
    assert wanted_evidence(picture(ready, services=(proven,))) == ()


def test_many_failing_replicas_do_not_make_many_requests() -> None:
    pods = tuple(Pod(f"web-{n}", 2, "Running", (CRASHED,)) for n in range(100))
    assert len(wanted_evidence(Rollout(2, pods=pods))) == MOST


def test_answers_go_to_the_incarnation_they_were_asked_for() -> None:
    (wanted,) = logs(picture(CRASHED))
    told = with_evidence(picture(CRASHED), {wanted: ("boom",)})
    assert told.pods[0].containers[0].last == replace(ENDED, last_lines=("boom",))
    later = picture(replace(CRASHED, last=replace(ENDED, finished=99.0)))
    assert with_evidence(later, {wanted: ("boom",)}) == later


def test_all_running_containers_of_a_pod_share_its_ports() -> None:
    sidecar = replace(ASKED, name="proxy")
    answers: Answers = {PortsWanted("web-1", "app", 100.0): Listening((80,), (8080,))}
    told = with_evidence(picture(ASKED, sidecar, CRASHED), answers)
    ports = [(c.listening, c.listening_locally) for c in told.pods[0].containers]
    assert ports == [((80,), (8080,)), ((80,), (8080,)), ((), ())]


@given(st.from_type(Rollout))
def test_any_picture_says_what_it_wants(rollout: Rollout) -> None:
    assert with_evidence(rollout, {}) == rollout
    assert len(wanted_evidence(rollout)) <= MOST


def logs(rollout: Rollout) -> list[LogWanted]:
    return [wanted for wanted in wanted_evidence(rollout) if isinstance(wanted, LogWanted)]
