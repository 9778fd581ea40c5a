"""A small web app with a Dockerfile, under a name that nobody has."""

from pathlib import Path

from tests.testbed import fresh_name

SERVER = """
import http.server, os, signal, sys

GREETING = "hello one"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(GREETING.encode())

    def log_message(self, format, *values):
        print("INFO", self.path, flush=True)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


print("INFO listening", flush=True)
Server(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
"""
DOCKERFILE = """
FROM python:3.12-slim
WORKDIR /app
COPY . .
EXPOSE 8000
CMD ["python", "app.py"]
"""
DRAFT = """
[environments.development]
name = "{name}"
backend = "docker"
"""


def write_project(folder: Path, extra: str = "") -> Path:
    """Write it; return the folder."""
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(SERVER.lstrip())
    (folder / "Dockerfile").write_text(DOCKERFILE.lstrip())
    (folder / "draft.toml").write_text(DRAFT.format(name=fresh_name()).lstrip() + extra)
    return folder


def name_of(folder: Path) -> str:
    """Return the app's name."""
    return (folder / "draft.toml").read_text().split('"')[1]
