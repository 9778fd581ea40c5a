"""Small project trees, one a kind, written as the files that tell them apart."""

import json
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, str]

FLASK: Files = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "flask==3.1.*\n",
}
FASTAPI: Files = {
    "src/main.py": "import fastapi\n\napi: FastAPI = FastAPI()\n@api.get('/healthz')\n",
    "pyproject.toml": "[project]\nname = 'Greeter'\ndependencies = ['fastapi>=0.1']\n",
}
DJANGO: Files = {
    "manage.py": "import django\n",
    "requirements.txt": "Django>=5\n-r more/base.txt\n",
    "more/base.txt": "psycopg\n",
}
SCRIPT: Files = {"main.py": "print('once')\n"}
SERVER: Files = {"server.py": "import os\nport = int(os.environ.get('PORT', 9000))\n"}
EXPRESS: Files = {
    "package.json": json.dumps(
        {"scripts": {"start": "node server.js"}, "dependencies": {"express": "^4"}}
    ),
    "package-lock.json": "{}",
    "server.js": "app.listen(process.env.PORT || 4000)\n",
}
NODE: Files = {"package.json": '{"main": "main.js"}', "main.js": "server.listen(4100)\n"}
STATIC: Files = {"index.html": "<p>hello\n"}
PUBLIC: Files = {
    "public/index.html": "<p>hello\n",
    "package.json": '{"devDependencies": {"prettier": "3"}}',
}
PROCFILE: Files = {
    "Procfile": "release: echo no\r\nweb: FOO=1 gunicorn app:app\r\nworker: echo no\r\n",
    "requirements.txt": "gunicorn\n",
    "app.py": "app = 1\n",
}
DOCKERFILE: Files = {
    "Dockerfile": (
        "FROM python:3\nENV MODE=fast PORT=5000\nWORKDIR /srv\nEXPOSE 5000\n"
        'CMD ["gunicorn", "-b", "0.0.0.0:5000", "--config", "/srv/conf.py", "app:app"]\n'
    ),
    "requirements.txt": "gunicorn\n",
    "app.py": "app = 1\n",
}
TIE: Files = {**FLASK, **EXPRESS}

KINDS: Mapping[str, Files] = {
    "flask": FLASK,
    "fastapi": FASTAPI,
    "django": DJANGO,
    "script": SCRIPT,
    "server": SERVER,
    "express": EXPRESS,
    "node": NODE,
    "static": STATIC,
    "public": PUBLIC,
    "procfile": PROCFILE,
    "dockerfile": DOCKERFILE,
}


def plant(folder: Path, files: Files) -> Path:
    """Write the files into a folder and return it."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, newline="")
    return folder
