from tui.cli.choosing import Choice
from tui.model.loglines import Level, LogFilter, LogLine
from tui.model.rollouts import Container, Pod, Rollout
from tui.model.state import State

RESTARTED = Pod("app-1", 3, "Running", (Container("app", restarts=2), Container("proxy")))
STATE = State(rollout=Rollout(3, 3, pods=(RESTARTED,)))


def line(container: str = "app", restart: int = 0, pod: str = "app-1") -> LogLine:
    return LogLine(1, 1, 3, pod, container, restart, "stdout", Level.INFO, "said")


def test_without_a_choice_every_line_is_kept() -> None:
    assert Choice().keeps(STATE)(line("any", 7))
    assert Choice().widened(LogFilter(include="x"), STATE) == LogFilter(include="x")


def test_the_present_revision_is_the_one_that_is_wanted_now() -> None:
    choice = Choice(present=True)
    assert choice.widened(LogFilter(), STATE).revisions == {3}
    assert choice.widened(LogFilter(), State()).revisions == frozenset()


def test_previous_keeps_the_run_that_ended_by_the_last_restart() -> None:
    keep = Choice(previous=True).keeps(STATE)
    assert [restart for restart in range(4) if keep(line(restart=restart))] == [1]


def test_a_container_that_never_restarted_has_no_previous_run() -> None:
    keep = Choice(previous=True).keeps(STATE)
    assert not keep(line("proxy"))
    assert not keep(line(pod="gone"))


def test_containers_are_chosen_by_name() -> None:
    keep = Choice(containers=frozenset({"proxy"})).keeps(STATE)
    assert keep(line("proxy"))
    assert not keep(line("app"))
