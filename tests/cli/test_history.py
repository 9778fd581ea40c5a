from tui.cli.history import present_release
from tui.model.images import Image
from tui.model.releases import Release


def test_a_release_whose_seconds_nobody_counted_is_told_without_any() -> None:
    counted = Release(1, Image("app", "t"), seconds=2.34, outcome="ready")
    assert present_release(counted, False).endswith("    2.3 s  ready")
    assert present_release(Release(1, Image("app", "t"), outcome="failed"), False).endswith(
        "        -  failed"
    )
