from tui.cli.choosing import Choice, previous_runs
from tui.model.loglines import LogFilter
from tui.model.rollouts import Container, Pod, Rollout

RESTARTED = Pod("app-1", 3, "Running", (Container("app", restarts=2), Container("proxy")))
OLDER = Pod("app-0", 2, "Running", (Container("app"),))
ROLLOUT = Rollout(3, 3, pods=(RESTARTED, OLDER))
ASKED = LogFilter(include="x")


def test_without_a_choice_the_filter_stays_as_it_is() -> None:
    assert Choice().narrowed(ASKED, ROLLOUT) == ASKED
    assert Choice(present=True, previous=True).narrowed(ASKED, None) == ASKED


def test_the_present_revision_is_the_one_that_is_wanted_now_and_its_pods_from_before() -> None:
    narrowed = Choice(present=True).narrowed(ASKED, ROLLOUT)
    assert narrowed.include == "x"
    assert narrowed.revisions == {3}
    assert narrowed.running_on == {"app-1"}


def test_before_the_first_release_every_line_is_shown() -> None:
    assert Choice(present=True).narrowed(ASKED, Rollout(0)) == ASKED


def test_previous_is_the_run_that_ended_by_the_last_restart() -> None:
    assert previous_runs(ROLLOUT) == {("app-1", "app", 1)}


def test_where_nothing_restarted_there_is_no_previous_line() -> None:
    assert Choice(previous=True).narrowed(ASKED, Rollout(2, pods=(OLDER,))).runs == {("", "", 0)}
