"""Small real projects for tests: apps that behave and apps that do not."""

import textwrap
from pathlib import Path

SERVER = """
import http.server, os, sys

GREETING = "hello one"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(GREETING.encode())

    def log_message(self, format, *values):
        print("INFO", self.path, flush=True)


if __name__ == "__main__":
    print("INFO listening", flush=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    server.serve_forever()
"""

DRAFT = """
[environments.development]
name = "{name}"
backend = "local"
command = ["python3", "app.py"]
watch-delay = 0.2
"""


def write_server(folder: Path, name: str = "greeter", extra: str = "") -> Path:
    """Write a web app that needs nothing but Python, with its draft.toml; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(SERVER.lstrip())
    (folder / "draft.toml").write_text(DRAFT.format(name=name).lstrip() + extra)
    return folder


def write_app(folder: Path, source: str, extra: str = "") -> Path:
    """Write an app of the test's own beside a draft.toml; return the folder."""
    write_server(folder, extra=extra)
    (folder / "app.py").write_text(textwrap.dedent(source).lstrip())
    return folder


def greet(folder: Path, greeting: str) -> None:
    """Edit the app as a user would: it greets otherwise from the next revision on."""
    app = folder / "app.py"
    lines = app.read_text().splitlines(keepends=True)
    changed = [f"GREETING = {greeting!r}\n" if x.startswith("GREETING") else x for x in lines]
    app.write_text("".join(changed))
