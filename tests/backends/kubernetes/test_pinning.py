from pathlib import Path

import pytest

from tui.backends.kubernetes.pinning import Pin, place_of, read_pin, write_pin
from tui.clients.kube.kubeconfig import Context, Kubeconfig
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.model.places import Place

HERE = Context("here", "c", "u", "team", "https://127.0.0.1:6443")
FAR = Context("far", "c2", "u", "default", "https://cluster.example.com")
KUBECONFIG = Kubeconfig((), {"here": HERE, "far": FAR}, "far")


def environment(**keys: object) -> Environment:
    return Environment("development", "greeter", **keys)  # type: ignore[arg-type]


def test_draft_toml_says_where_whatever_is_current_or_pinned() -> None:
    place = place_of(
        environment(context="here", namespace="mine"), Pin("far", "pinned"), KUBECONFIG
    )
    assert (place.context, place.namespace) == ("here", "mine")


def test_a_pin_counts_before_what_is_current() -> None:
    place = place_of(environment(), Pin("here", "pinned"), KUBECONFIG)
    assert (place.context, place.namespace) == ("here", "pinned")


def test_before_the_first_up_it_is_the_current_context_and_its_namespace() -> None:
    place = place_of(environment(), Pin(), KUBECONFIG)
    assert (place.context, place.namespace) == ("far", "default")


def test_a_namespace_pinned_in_another_context_does_not_count() -> None:
    place = place_of(environment(context="here"), Pin("far", "pinned"), KUBECONFIG)
    assert place.namespace == "team"


def test_a_context_on_this_machine_is_free_and_another_one_asks_for_its_name() -> None:
    assert place_of(environment(context="here"), Pin(), KUBECONFIG).protection is None
    protection = place_of(environment(context="far"), Pin(), KUBECONFIG).protection
    assert protection is not None
    assert protection.name == "far"


def test_a_protected_environment_asks_for_its_own_name() -> None:
    protected = environment(context="here", protected=True)
    protection = place_of(protected, Pin(), KUBECONFIG).protection
    assert protection is not None
    assert protection.name == "development"


def test_without_any_context_those_there_are_are_shown() -> None:
    with pytest.raises(FaultError) as raised:
        place_of(environment(), Pin(), Kubeconfig((), {"here": HERE}, ""))
    assert raised.value.fault.code == "context-unset"
    assert raised.value.fault.evidence == ("here",)


def test_the_first_pin_stays(tmp_path: Path) -> None:
    assert read_pin(tmp_path) == Pin()
    write_pin(tmp_path, Place("here", "team"))
    write_pin(tmp_path, Place("far", "default"))
    assert read_pin(tmp_path) == Pin("here", "team")


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_a_damaged_pin_is_a_fault_and_not_a_guess(tmp_path: Path, text: str) -> None:
    (tmp_path / "place.json").write_text(text)
    with pytest.raises(FaultError) as raised:
        read_pin(tmp_path)
    assert raised.value.fault.code == "pin-unreadable"
