"""The table of keys."""

from tui.view.actions import ACTIONS, bindings, present_key_table
from tui.view.keybar import keys_now, present_keys
from tui.view.verbs import Verbs

ABLE = dict.fromkeys((action.id for action in ACTIONS), "")
NO_LABELS: dict[str, str] = {}


def test_no_two_actions_share_a_key_or_a_name() -> None:
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_every_action_can_be_carried_out() -> None:
    assert all(callable(getattr(Verbs, action.id)) for action in ACTIONS)


def test_every_binding_can_be_rebound_by_its_name() -> None:
    assert {binding.id for binding in bindings()} == {a.id for a in ACTIONS} - {"palette"}


def test_the_table_for_the_readme_has_every_key() -> None:
    table = present_key_table()
    assert all(f"| `{action.key}` | {action.label} |" in table for action in ACTIONS)


def test_the_key_bar_has_all_words_where_there_is_room() -> None:
    bar = present_keys(keys_now(ABLE, {"watch": "Resume"}), 200).plain
    assert "u Up  r Rollback  w Resume" in bar
    assert bar.endswith("q Quit")


def test_the_key_bar_gives_up_words_but_no_key() -> None:
    bar = present_keys(keys_now(ABLE, NO_LABELS), 78)
    assert bar.cell_length <= 78
    assert all(f" {key}" in f" {bar.plain}" for key in "urwlhoce?q")
    assert "r Rollback" in bar.plain


def test_the_key_bar_hides_what_a_project_with_one_environment_has_no_use_for() -> None:
    refused = ABLE | {"environment": "only one", "held": "nothing is held"}
    shown = [key.action.id for key in keys_now(refused, NO_LABELS)]
    assert "environment" not in shown
    assert "held" not in shown


def test_held_changes_put_their_key_first() -> None:
    assert keys_now(ABLE, NO_LABELS)[0].action.id == "held"
