from tui.cli.previewing import LONGEST, present_difference
from tui.model.images import FileDifference, ReleaseDifference, SettingDifference


def test_settings_and_diffs_are_told() -> None:
    diff = "--- app.py\n+++ app.py\n@@ -1 +1 @@\n-one\n+two\n"
    files = (FileDifference("app.py", "modified", diff), FileDifference("a.png", "added"))
    settings = (SettingDifference("replicas", "1", "2"), SettingDifference("env.A", "", "b"))
    assert present_difference(ReleaseDifference(files, settings)) == (
        "  replicas: 1 → 2",
        "  env.A: not set → b",
        "~ app.py modified",
        "  @@ -1 +1 @@",
        "  -one",
        "  +two",
        "+ a.png added",
        "  binary or too large to compare",
    )


def test_long_diffs_are_cut_and_nothing_is_said_to_be_nothing() -> None:
    diff = "--- a\n+++ a\n" + "+x\n" * (LONGEST + 5)
    told = present_difference(ReleaseDifference((FileDifference("a", "added", diff),), ()))
    assert (len(told), told[-1]) == (LONGEST + 2, "  … 5 more lines")
    (nothing,) = present_difference(ReleaseDifference((), ()))
    assert "nothing differs" in nothing
