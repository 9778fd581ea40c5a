"""README is true: what is generated from the code is fresh."""

import re
from pathlib import Path

from tui.cli.main import COMMANDS
from tui.config.draft_toml import KEYS, REFUSED
from tui.view.actions import present_key_table

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_table_of_keys_is_the_one_the_code_makes() -> None:
    between = re.search(r"<!-- keys.*?-->\n(.*?)<!-- /keys -->", README, re.DOTALL)
    assert between is not None
    assert between[1].strip() == present_key_table().strip()


def test_every_command_is_described() -> None:
    for command in COMMANDS:
        assert re.search(rf"^\| `{command}\b", README, re.MULTILINE), command


def test_every_key_of_draft_toml_is_described() -> None:
    for key in (*KEYS, *REFUSED):
        assert f"`{key}`" in README, key


def test_every_picture_is_there() -> None:
    for path in re.findall(r"\]\((screenshots/[^)]+)\)", README):
        assert (Path(__file__).parents[1] / path).is_file(), path
