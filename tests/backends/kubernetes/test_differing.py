from typing import Any

from tui.backends.kubernetes.differing import objects_difference
from tui.model.masking import MASK


def deployment(image: str, **env: str) -> dict[str, Any]:
    variables = [{"name": name, "value": value} for name, value in env.items()]
    container = {"name": "app", "image": image, "env": variables}
    spec = {"template": {"spec": {"containers": [container]}}}
    return {"kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def secret(value: str) -> dict[str, Any]:
    return {"kind": "Secret", "metadata": {"name": "keys"}, "data": {"user": value}}


def rows(old: list[Any], new: list[Any]) -> list[tuple[str, str, str]]:
    return [(one.key, one.old, one.new) for one in objects_difference(old, new)]


def test_one_changed_leaf_is_one_row_and_list_items_are_told_by_name() -> None:
    app = "Deployment web spec.template.spec.containers[app]"
    assert rows([deployment("a:1", LOG="x")], [deployment("a:2", MORE="1", LOG="x")]) == [
        (f"{app}.env[MORE].name", "", "MORE"),
        (f"{app}.env[MORE].value", "", "1"),
        (f"{app}.image", "a:1", "a:2"),
    ]


def test_an_object_that_comes_or_goes_is_told() -> None:
    assert ("Deployment web", "present", "") in rows([deployment("a:1")], [])
    assert ("Deployment web", "", "present") in rows([], [deployment("a:1")])


def test_that_a_secret_changed_is_told_but_not_from_what_to_what() -> None:
    assert rows([secret("b25l")], [secret("dHdv")]) == [("Secret keys data.user", MASK, MASK)]


def test_a_variable_named_like_a_secret_is_masked() -> None:
    (row,) = rows([deployment("a", API_TOKEN="one")], [deployment("a", API_TOKEN="two")])
    assert row[1:] == (MASK, MASK)


def test_credentials_in_a_url_are_masked() -> None:
    old, new = deployment("a", DB="pg://u:one@db/x"), deployment("a", DB="pg://u:two@db/y")
    (row,) = rows([old], [new])
    assert row[1:] == (f"pg://u:{MASK}@db/x", f"pg://u:{MASK}@db/y")


def test_equal_objects_do_not_differ_and_our_own_labels_do_not_count() -> None:
    old, new = deployment("a"), deployment("a")
    new["metadata"]["labels"] = {"redraft.dev/release": "web"}
    assert rows([old], [new]) == []
