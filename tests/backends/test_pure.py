"""The decisions of the local backend that need no process."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.backends.differing import settings_difference
from tui.backends.local.entries import LocalEntry
from tui.backends.local.placeholders import Folders, app_environment, step_environment
from tui.backends.observing import entries_to_restore
from tui.backends.retention import IMAGES_KEPT, retained
from tui.model.images import Image
from tui.model.masking import MASK
from tui.model.recipes import LocalRecipe
from tui.model.releases import Outcome, Release, ReleaseSpec

FOLDERS = Folders(Path("/a"), Path("/d"), "/usr/bin/python3", "/usr/bin:/bin")
RECIPE = LocalRecipe("plain", (), ("true",))


def entry(revision: int, outcome: Outcome = "ready") -> LocalEntry:
    release = Release(revision, Image("app", f"{revision:040d}"), outcome=outcome)
    return LocalEntry(release, recipe=RECIPE)


def test_placeholders_are_filled_inside_arguments() -> None:
    command = ("{python}", "--config={app}/{dependencies}/x", "{port}", "{other} {}")
    filled = ("/usr/bin/python3", "--config=/a//d/x", "{port}", "{other} {}")
    assert FOLDERS.fill_command(command) == filled


def test_a_text_for_the_shell_is_left_alone() -> None:
    command = ("sh", "-c", "echo {app} ${port}")
    assert FOLDERS.fill_command(command) == command


def test_a_filled_value_is_not_filled_again() -> None:
    folders = Folders(Path("/{python}"), Path("/d"), "py", "")
    assert folders.fill("{app}") == "/{python}"


def test_an_app_gets_no_more_of_our_environment_than_it_needs() -> None:
    own = {"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "x", "https_proxy": "p", "LC_ALL": "C"}
    given = app_environment(own | {"PIP_INDEX_URL": "https://user:word@host"})
    assert given.keys() == {"PATH", "https_proxy", "LC_ALL", "PYTHONUNBUFFERED"}


def test_a_step_gets_the_settings_of_installers_as_well() -> None:
    own = {"PIP_INDEX_URL": "x", "npm_config_registry": "y", "DATABASE_URL": "z"}
    assert step_environment(own).keys() - {"PYTHONUNBUFFERED"} == {
        "PIP_INDEX_URL",
        "npm_config_registry",
    }


def test_settings_that_differ_are_named() -> None:
    old = ReleaseSpec(replicas=1, env=(("COLOR", "red"), ("OLD", "1")), command=("run", "me"))
    new = ReleaseSpec(replicas=2, env=(("COLOR", "blue"),), command=("run", "you"))
    told = {(d.key, d.old, d.new) for d in settings_difference(old, new)}
    assert told == {
        ("replicas", "1", "2"),
        ("env.COLOR", "red", "blue"),
        ("env.OLD", "1", ""),
        ("command", "run me", "run you"),
    }


@given(st.sampled_from(["API_KEY", "DB_PASSWORD", "Secret", "AUTH_HEADER", "GH_TOKEN"]))
def test_what_looks_secret_is_masked(name: str) -> None:
    (told,) = settings_difference(
        ReleaseSpec(env=((name, "hunter2"),)), ReleaseSpec(env=((name, "hunter3"),))
    )
    assert (told.old, told.new) == (MASK, MASK)


def test_a_password_inside_an_address_is_masked() -> None:
    env = (("DATABASE_URL", "postgres://me:hunter2@db/app"),)
    (told,) = settings_difference(ReleaseSpec(), ReleaseSpec(env=env))
    assert told.new == f"postgres://me:{MASK}@db/app"


@given(st.lists(st.sampled_from(["ready", "failed", "pending"]), max_size=40), st.data())
def test_enough_is_retained(outcomes: list[Outcome], data: st.DataObject) -> None:
    entries = [entry(n + 1, outcome) for n, outcome in enumerate(outcomes)]
    running = data.draw(st.sets(st.integers(1, max(1, len(entries))), max_size=2))
    kept = {e.release.revision for e in retained(entries, running)}
    good = [e.release.revision for e in entries if e.release.outcome == "ready"]
    assert kept >= set(range(1, len(entries) + 1)[-IMAGES_KEPT:])
    assert kept >= (running if entries else set())
    assert not good or good[-1] in kept
    assert len(kept) <= IMAGES_KEPT + len(running) + 1


def test_what_served_is_restored_before_what_was_still_coming_up() -> None:
    entries = (entry(1), entry(2), entry(3, "failed"), entry(4, "pending"))
    assert [e.release.revision for e in entries_to_restore(entries, 2)] == [2, 4]


def test_a_failed_release_is_not_restored() -> None:
    entries = (entry(1), entry(2, "failed"))
    assert [e.release.revision for e in entries_to_restore(entries, 1)] == [1]
    assert entries_to_restore((), 0) == []
