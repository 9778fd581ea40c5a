"""Which rights a release needs: those of its kinds, besides what is always needed."""

from tui.backends.kubernetes.rights import ALWAYS, needed
from tui.clients.kube.resources import Resource

SERVICE = Resource("v1", "Service", "services", namespaced=True)
INGRESS = Resource("networking.k8s.io/v1", "Ingress", "ingresses", namespaced=True)
ROLE = Resource("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", namespaced=False)


def told(made: list[Resource] | None, *, pull_secret: bool = False) -> set[str]:
    return {str(right) for right in needed(made, pull_secret=pull_secret)}


def test_what_is_made_may_be_made_changed_and_removed() -> None:
    wanted = {f"{verb} services" for verb in ("create", "patch", "delete")}
    assert wanted <= told([SERVICE])
    assert "create ingresses.networking.k8s.io" not in told([SERVICE])
    assert "create ingresses.networking.k8s.io" in told([SERVICE, INGRESS])


def test_what_is_not_made_is_not_asked_for_but_followed() -> None:
    assert told([]) == {str(right) for right in ALWAYS}
    assert "create deployments.apps" not in told([SERVICE])
    assert "watch deployments.apps" in told([SERVICE])


def test_what_is_outside_of_the_namespace_is_left_to_who_may_make_it() -> None:
    assert told([ROLE]) == told([])


def test_a_release_that_is_not_known_is_taken_for_a_usual_one() -> None:
    assert {"patch deployments.apps", "create services", "patch configmaps"} <= told(None)


def test_a_pull_secret_is_applied() -> None:
    assert told([], pull_secret=True) - told([]) == {"patch secrets"}


def test_no_right_is_asked_for_twice() -> None:
    rights = needed([SERVICE, SERVICE], pull_secret=True)
    assert len(rights) == len(set(rights))
