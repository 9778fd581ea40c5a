"""What is removed of a state folder."""

from pathlib import Path

from tui.backends.removing import remove_kept


def test_only_what_is_named_and_the_supervisors_files_go(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "1.json").write_text("{}")
    for name in ("port", "supervisor.json", "logs.db"):
        (tmp_path / name).write_text("x")
    remove_kept(tmp_path, ("releases", "port", "never-made"))
    assert [path.name for path in tmp_path.iterdir()] == ["logs.db"]
