from tui.backends.kubernetes.helm_storage import revision_of
from tui.clients.helm.releases import HelmRevision


def test_a_secret_tells_number_status_and_when_the_revision_was_begun() -> None:
    labels = {"owner": "helm", "name": "web", "status": "pending-upgrade", "version": "17"}
    told = revision_of({"creationTimestamp": "1970-01-01T00:02:00Z", "labels": labels})
    assert told == HelmRevision(17, "pending-upgrade", 120.0)
    assert told.pending


def test_a_secret_that_is_not_helms_tells_nothing() -> None:
    assert revision_of({"labels": {"version": "new"}}) == HelmRevision(0, "")
    assert revision_of({"labels": None}) == HelmRevision(0, "")
