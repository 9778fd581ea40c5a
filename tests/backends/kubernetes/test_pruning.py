from tui.backends.kubernetes.labels import ADOPTED
from tui.backends.kubernetes.pruning import is_made_by, prunable
from tui.backends.kubernetes.records import Ref

WEB = Ref("apps/v1", "Deployment", "team", "web")
OLD_WEB = Ref("apps/v1beta1", "Deployment", "team", "web")
MAP = Ref("v1", "ConfigMap", "team", "settings")
CLAIM = Ref("v1", "PersistentVolumeClaim", "team", "data")


def live(release: str, **annotations: str) -> dict[str, object]:
    labels = {"app.kubernetes.io/managed-by": "redraft", "redraft.dev/release": release}
    return {"metadata": {"labels": labels, "annotations": annotations}}


def test_what_is_wanted_no_more_goes_and_what_holds_data_stays() -> None:
    assert prunable({WEB, MAP, CLAIM}, {WEB}) == [MAP]


def test_the_same_object_in_another_version_of_its_api_is_not_another_one() -> None:
    assert prunable({OLD_WEB, MAP}, [WEB, MAP]) == []


def test_only_what_this_release_made_is_its_own() -> None:
    assert is_made_by(live("greeter"), "greeter")
    assert not is_made_by(live("other"), "greeter")
    assert not is_made_by(live("greeter", **{ADOPTED: "true"}), "greeter")
    assert not is_made_by({"metadata": {}}, "greeter")
