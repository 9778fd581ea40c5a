"""Making texts of states: total, in line, and harmless."""

import string
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from tests import strategies as _  # noqa: F401 - says what numbers events may hold
from tests.view import situations
from tests.view.scripted import START, ScriptedEngine
from tui.model.faults import Fault
from tui.model.images import ReleaseDifference
from tui.model.proposals import Proposal
from tui.model.releases import Release
from tui.model.rollouts import Pod, Rollout
from tui.model.state import SeenChange, State
from tui.view.columns import folded, hung, padded, path_within, spread
from tui.view.header import present_header
from tui.view.panels.build import BuildPanel, present_build
from tui.view.panels.changes import ChangesPanel, present_change, present_strip
from tui.view.panels.panel import Room
from tui.view.panels.rollout import RolloutPanel, present_rollout
from tui.view.present import age, plain, present_fault
from tui.view.screens.history import present_detail, present_row
from tui.view.screens.proposing import overwritten, present_proposal
from tui.view.screens.rollback import present_difference

WIDTHS = st.integers(1, 220)
TEXTS = st.text(st.characters(), max_size=60)
PANELS = (ChangesPanel, BuildPanel, RolloutPanel)


def harmless(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)


def state_after(told: tuple[tuple[float, object], ...]) -> State:
    return ScriptedEngine(told).state  # type: ignore[arg-type]  # events, as situations tell them


@given(st.from_type(State), st.from_type(float), WIDTHS, st.integers(0, 60))
def test_every_state_can_be_shown_and_shows_no_control_characters(
    state: State, now: float, width: int, height: int
) -> None:
    for panel in PANELS:
        picture = panel().picture(state, now, Room(width, height))
        assert harmless(picture.text.plain)
        assert harmless(picture.title.plain + picture.foot.plain)
    assert harmless(present_header(state, width).plain)


@given(st.from_type(Fault), WIDTHS)
def test_every_fault_can_be_shown(fault: Fault, width: int) -> None:
    assert all(harmless(line.plain) for line in present_fault(fault, width))


@given(st.from_type(Release), st.booleans())
def test_every_release_can_be_shown(release: Release, current: bool) -> None:
    assert harmless("".join(present_row(release, current=current)))
    assert harmless(present_detail(release).plain)


@given(st.from_type(ReleaseDifference))
def test_every_difference_can_be_shown(difference: ReleaseDifference) -> None:
    assert harmless(present_difference(difference).plain)


@given(st.from_type(Proposal))
def test_every_proposal_can_be_shown(proposal: Proposal) -> None:
    assert harmless(present_proposal(proposal).plain)


@given(TEXTS, TEXTS, WIDTHS)
def test_a_spread_line_never_is_wider_than_it_may(left: str, right: str, width: int) -> None:
    assert spread(plain(left), plain(right), width).cell_length <= width


@given(TEXTS, WIDTHS)
def test_a_padded_line_is_exactly_as_wide_as_it_should(text: str, width: int) -> None:
    assert padded(plain(text), width).cell_length == width


@given(st.text(), st.integers(12, 80))
@example("e\u0301" * 20, 12)
@example("0000000\u11600", 12)
def test_evidence_is_cut_into_lines_that_fit_and_nothing_is_lost(text: str, width: int) -> None:
    shown = plain(text)
    rows = folded(Content("  │ "), shown, width)
    assert all(row.cell_length <= width for row in rows)
    assert "".join(row.plain[4:] for row in rows) == shown.plain


@given(st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), min_size=1), WIDTHS)
def test_a_hung_text_keeps_all_its_words(words: list[str], width: int) -> None:
    rows = hung(Content("✖ "), Content(" ".join(words)), width)
    assert "".join("".join(row.plain for row in rows).split()) == "✖" + "".join(words)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40), WIDTHS)
def test_a_path_that_is_too_long_keeps_its_end(path: str, width: int) -> None:
    short = path_within(path, max(width, 3))
    assert cell_len(short) <= max(width, 3)
    assert path.endswith(short.removeprefix("…"))


@given(st.from_type(SeenChange), st.integers(30, 120))
def test_a_change_fits_its_width(row: SeenChange, width: int) -> None:
    assert present_change(row, width)[0].cell_length <= width


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (4.9, "0 s"),
        (59.9, "55 s"),
        (119.9, "110 s"),
        (120, "2 m"),
        (7199, "119 m"),
        (7200, "2 h"),
        (172800, "2 d"),
    ],
)
def test_an_age_is_said_in_steps_as_coarse_as_it_is_old(seconds: float, said: str) -> None:
    assert age(seconds) == said


def test_a_clock_that_stepped_back_makes_no_negative_age() -> None:
    assert age(-5) == "0 s"


def test_an_ignored_file_names_the_rule_that_ignores_it() -> None:
    state = state_after(situations.GOOD)
    ignored = next(row for row in state.changes if row.change.ignored_by)
    (wide,) = present_change(ignored, 80)
    assert wide.plain.endswith("ignored by .dockerignore:3")
    narrow = present_change(ignored, 33)
    assert "by .dockerignore:3" in narrow[1].plain


def test_one_line_of_changes_leaves_out_what_is_ignored() -> None:
    state = state_after(situations.SAVES[:1])
    assert "app.py~" not in present_strip(state, 80).plain
    assert "README.md" in present_strip(state, 80).plain


def test_stages_that_are_done_shrink_until_the_build_fits() -> None:
    iteration = state_after(situations.GOOD).iteration
    assert iteration is not None
    assert len(present_build(iteration, START, Room(40, 40)).split()) == 10
    shrunk = present_build(iteration, START, Room(40, 6)).plain
    assert "4 steps, 2 cached" in shrunk
    assert "pip install" not in shrunk


def test_a_failed_step_shows_its_last_lines_whole() -> None:
    iteration = state_after(situations.BUILD_FAILED).iteration
    assert iteration is not None
    shown = present_build(iteration, START, Room(40, 8)).plain
    assert "reddi" in shown
    assert "→ read its last lines" in shown


def test_old_pods_come_after_the_new_ones() -> None:
    rollout = state_after(situations.CRASHING).rollout
    verdict = state_after(situations.CRASHING).verdict
    assert rollout is not None
    shown = present_rollout(rollout, verdict, START, Room(60, 30)).plain
    places = [shown.index(name) for name in ("greeter-16-1 ✖", "greeter-15-1", "greeter-15-2")]
    assert places == sorted(places)
    assert "CrashLoopBackOff 3×" in shown
    assert "started again in 6 s" in shown


@given(st.from_type(Pod), WIDTHS)
def test_every_pod_can_be_shown(pod: Pod, width: int) -> None:
    from tui.view.panels.pods import present_pod

    assert all(harmless(row.plain) for row in present_pod(pod, START, width, 12))


def test_the_header_keeps_its_order_and_gives_up_what_matters_least() -> None:
    state = state_after(situations.GOOD)
    wide, narrow = present_header(state, 160).plain, present_header(state, 78).plain
    parts = ["redraft", "greeter", "development", "local", "revision 15", "http", "disk", "●"]
    places = [wide.index(part) for part in parts]
    assert places == sorted(places)
    assert "disk" not in narrow
    assert {"greeter", "ready", situations.URL} <= set(narrow.split())


def test_before_the_cluster_has_answered_nothing_is_said_of_what_was_released() -> None:
    state = State(name="web", environment="development", backend="kubernetes")
    assert "looking at what runs" in present_header(state, 160).plain
    asked = replace(state, rollout=Rollout(0))
    assert "not released yet" in present_header(asked, 160).plain
    assert "not released yet" in present_header(replace(state, backend="local"), 160).plain


def test_a_cluster_and_its_namespace_stay_in_the_header_also_where_there_is_little_room() -> None:
    arn = "arn:aws:eks:eu-west-1:123456789012:cluster/prod"
    state = replace(
        state_after(situations.GOOD), backend="kubernetes", context=arn, namespace="shop"
    )
    assert "…t-1:123456789012:cluster/prod / shop"[-24:] in present_header(state, 80).plain
    assert "arn:aws" not in present_header(state, 200).plain


def test_an_engine_s_socket_is_told_by_its_path() -> None:
    socket = "unix:///var/run/docker.sock"
    state = replace(state_after(situations.GOOD), backend="docker", context=socket)
    assert "docker  /var/run/docker.sock  revision" in present_header(state, 200).plain


def test_create_knows_which_files_it_would_overwrite() -> None:
    assert overwritten(situations.PROPOSAL) == ("Dockerfile",)
