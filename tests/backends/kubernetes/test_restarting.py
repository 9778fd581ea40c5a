from tui.backends.kubernetes.records import Record
from tui.backends.kubernetes.restarting import may_be_synced
from tui.model.images import Image
from tui.model.releases import Release


def record(revision: int, tag: str, *, synced: bool = False) -> Record:
    return Record(Release(revision, Image("app", tag), synced=synced))


def test_pods_of_an_image_are_made_anew_when_files_were_ever_synced_beside_it() -> None:
    planned = Release(4, Image("app", "aaa"))
    failed_since = (record(1, "aaa", synced=True), record(2, "bbb"))
    assert may_be_synced(planned, failed_since)
    assert not may_be_synced(planned, (record(1, "aaa"), record(2, "bbb", synced=True)))
    assert not may_be_synced(planned, ())
