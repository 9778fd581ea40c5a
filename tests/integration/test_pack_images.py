"""Every pack's image is built by the real engine, and its container answers."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cluster import eventually
from tests.testbed import docker, fresh_name, remove_images, write_tree
from tui.backends.images.builder import ImageBuilder
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.ports.telling import Steps
from tui.scaffold.scaffolder import ProjectScaffolder

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("buildx"),
]

FLASK = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
    '@app.get("/")\ndef hello() -> str:\n    return "Hello"\n',
    "requirements.txt": "flask\n",
}
FASTAPI = {
    "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
    '@app.get("/")\ndef hello() -> str:\n    return "Hello"\n',
    "requirements.txt": "fastapi\n",
}
PLAIN = {
    "server.py": "import http.server, os\n\n\n"
    "class Hello(http.server.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(200)\n"
    "        self.end_headers()\n"
    '        self.wfile.write(b"Hello")\n\n\n'
    'address = (os.environ["HOST"], int(os.environ["PORT"]))\n'
    "http.server.HTTPServer(address, Hello).serve_forever()\n",
}
NODE = {
    "package.json": json.dumps({"main": "main.js", "dependencies": {"ms": "^2"}}),
    "main.js": 'require("ms"); require("http")'
    '.createServer((_, answer) => answer.end("Hello")).listen(process.env.PORT)\n',
}
PREPARED = {
    "package.json": json.dumps(
        {
            "main": "dist/main.js",
            "scripts": {"postinstall": "node checks.js", "prepare": "node make.js"},
            "dependencies": {"ms": "^2"},
        }
    ),
    "checks.js": 'require("fs").writeFileSync("checked", "")\n',
    "make.js": 'const fs = require("fs")\nfs.statSync("checked")\n'
    'fs.cpSync("main.js", "dist/main.js")\n',
    "main.js": NODE["main.js"],
}
STATIC = {"index.html": "Hello"}
PROCFILE = {**PLAIN, "Procfile": "web: python3 server.py\n"}


@pytest.fixture
def name() -> Iterator[str]:
    """The image's name; its containers and images are gone afterwards."""
    fresh = fresh_name()
    yield fresh
    remove_images(fresh)


@pytest.mark.parametrize(
    ("pack", "files"),
    [
        pytest.param("python", FLASK, id="flask"),
        pytest.param("python", FASTAPI, id="fastapi"),
        pytest.param("python", PLAIN, id="plain"),
        pytest.param("javascript", NODE, id="javascript"),
        pytest.param("javascript", PREPARED, id="javascript-prepared"),
        pytest.param("static", STATIC, id="static"),
        pytest.param("procfile", PROCFILE, id="procfile"),
    ],
)
async def test_the_image_of_a_pack_is_built_and_answers(
    tmp_path: Path, engine: Engine, name: str, pack: str, files: Mapping[str, str]
) -> None:
    project = write_tree(tmp_path / "project", files)
    scaffolder = ProjectScaffolder(project)
    proposal = scaffolder.propose(name=name, port=8123)
    assert proposal.pack == pack
    scaffolder.write(proposal)
    builder = ImageBuilder(project, tmp_path / "state", engine)
    steps = Steps(1, "build", lambda event: None)
    image = await builder.build(Environment("development", name), steps)
    docker("run", "--detach", "--name", name, "--publish", "127.0.0.1::8123", image.reference)
    await eventually(lambda: answer(docker("port", name, "8123")), 60)


def answer(address: str) -> bool:
    """Whether the container answers as it should."""
    try:
        with urllib.request.urlopen(f"http://{address.strip()}/", timeout=5) as response:
            return b"Hello" in response.read()
    except (OSError, ValueError, urllib.error.URLError):
        return False
