"""What the chronicle writes among the logs, and what it does not write again."""

from tui.engine.chronicle import Chronicler
from tui.model import events as e
from tui.model.faults import Fault
from tui.model.rollouts import Container, Pod, Rollout, Termination, Verdict

PIP = ("Collecting nosuch", "ERROR: No matching distribution found for nosuch")
TRACE = ("Traceback (most recent call last):", "ModuleNotFoundError: No module named 'redis'")


def told(*events: e.Event) -> list[str]:
    stamped = [e.Stamped(number, 0.0, event) for number, event in enumerate(events, start=1)]
    return [record.message for record in Chronicler().records(stamped)]


def failed(iteration: int, fault: Fault) -> e.IterationFinished:
    return e.IterationFinished(iteration, "failed", 1.0, fault=fault)


def started(iteration: int) -> e.IterationStarted:
    return e.IterationStarted(iteration, "command", ())


def test_what_a_step_printed_is_not_written_again_as_evidence() -> None:
    fault = Fault("step-failed", "pip install ended with exit code 1", evidence=PIP[-1:])
    lines = told(e.StepPrinted(1, "build", "pip install", PIP), failed(1, fault))
    assert [lines.count(line) for line in PIP] == [1, 1]
    assert lines[-1] == "ERROR step-failed: pip install ended with exit code 1"


def test_what_the_app_said_before_it_died_is_not_written_at_all_for_it_is_in_the_logs() -> None:
    container = Container("app", last=Termination(1, last_lines=TRACE))
    rollout = Rollout(1, pods=(Pod("app-1", 1, "Failed", (container,)),))
    fault = Fault("crash-loop", "app-1 ended with exit code 1", evidence=TRACE)
    lines = told(e.RolloutObserved(rollout, Verdict("failed")), failed(1, fault))
    assert not set(TRACE) & set(lines)


def test_evidence_that_stands_nowhere_else_is_written() -> None:
    fault = Fault("watch-failed", "files cannot be watched", evidence=("OSError: no watches left",))
    assert told(e.WatchFailed(fault))[-1] == "OSError: no watches left"


def test_a_fault_told_twice_is_written_once_and_again_in_the_next_iteration() -> None:
    fault = Fault("registry-unreachable", "the registry does not answer", evidence=("refused",))
    once = (failed(1, fault), e.FaultRaised(fault))
    assert told(started(1), *once).count("refused") == 1
    assert told(started(1), *once, started(2), failed(2, fault)).count("refused") == 2
