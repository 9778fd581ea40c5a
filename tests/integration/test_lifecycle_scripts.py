"""A JavaScript project whose own scripts need its sources, on the local backend."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.redraft import Redraft
from tests.testbed import lacking, write_tree

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

SERVER = (
    'const greeting = require("./dist/greeting.json")\n'
    'require("http").createServer((_, answer) => answer.end(greeting))'
    '.listen(process.env.PORT, "127.0.0.1")\n'
)
PROJECT = {
    "package.json": json.dumps(
        {
            "name": "greeter",
            "version": "1.0.0",
            "main": "server.js",
            "scripts": {"postinstall": "node src/check.js", "prepare": "node src/make.js"},
        }
    ),
    "package-lock.json": json.dumps(
        {
            "name": "greeter",
            "version": "1.0.0",
            "lockfileVersion": 3,
            "packages": {"": {"name": "greeter", "version": "1.0.0", "hasInstallScript": True}},
        }
    ),
    "server.js": SERVER,
    "src/greeting.json": '"hello one"',
    "src/check.js": 'require("fs").writeFileSync("checked", "")\n',
    "src/make.js": 'const fs = require("fs")\nfs.statSync("checked")\n'
    'fs.cpSync("src/greeting.json", "dist/greeting.json")\n',
}


@pytest.fixture
def created(tmp_path: Path) -> Iterator[Redraft]:
    if shutil.which("npm") is None:
        lacking("npm is not installed")
    one = Redraft(write_tree(tmp_path / "greeter", PROJECT), tmp_path / "home")
    one.good("create", "--yes")
    yield one
    one("delete", "--yes")


def test_its_own_scripts_see_the_sources_at_each_save(created: Redraft) -> None:
    created.good("up")
    assert created.answer() == "hello one"
    (created.project / "src/greeting.json").write_text('"hello two"')
    created.good("up")
    assert created.answer() == "hello two"
    created.good("rollback", "--yes")
    assert created.answer() == "hello one"


def test_one_that_fails_is_told_by_its_own_words(created: Redraft) -> None:
    (created.project / "src/make.js").write_text('throw new Error("no such greeting")\n')
    failed = created("up")
    assert failed.returncode == 1
    assert "npm run prepare" in failed.stderr
    assert "no such greeting" in failed.stderr
