from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clients.kube.backoff import LONGEST, pause
from tui.clients.kube.watching import Gone, Store

NAMES = st.sampled_from("abcd")


def thing(uid: str, version: int) -> dict[str, Any]:
    return {"metadata": {"uid": uid, "resourceVersion": str(version)}}


@given(st.lists(NAMES), st.lists(st.tuples(st.sampled_from(["write", "delete"]), NAMES)))
def test_what_is_known_follows_what_the_server_has(
    listed: list[str], changes: list[tuple[str, str]]
) -> None:
    server = {uid: thing(uid, 1) for uid in listed}
    store = Store()
    store.replace(server.values(), "1")
    for version, (change, uid) in enumerate(changes, start=2):
        if change == "write":
            kind = "MODIFIED" if uid in server else "ADDED"
            server[uid] = thing(uid, version)
            assert store.apply({"type": kind, "object": server[uid]})
        elif server.pop(uid, None):
            assert store.apply({"type": "DELETED", "object": thing(uid, version)})
        else:
            assert not store.apply({"type": "BOOKMARK", "object": thing("", version)})
        assert store.version == str(version)
        assert store.objects == server


def test_an_error_is_made_good_by_a_list() -> None:
    store = Store()
    store.replace([thing("a", 1)], "1")
    with pytest.raises(Gone, match="too old"):
        store.apply({"type": "ERROR", "object": {"code": 410, "message": "too old"}})
    store.replace([thing("b", 9)], "9")
    assert store.objects == {"b": thing("b", 9)}


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_pauses_grow_to_the_longest_and_never_vanish(failures: int, chance: float) -> None:
    assert 0.1 < pause(failures, chance) <= LONGEST
    assert pause(failures, chance) <= pause(failures + 1, chance)


def test_two_clients_do_not_come_back_together() -> None:
    assert pause(3, 0.0) < pause(3, 0.5) < pause(3, 1.0)
