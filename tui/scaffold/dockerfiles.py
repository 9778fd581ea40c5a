"""Dockerfiles: how an existing one says that its container is started. Pure.

The local backend has no container, so what is taken from the last stage is translated: paths below
WORKDIR become relative, the exposed port becomes `$PORT`, and 0.0.0.0 becomes 127.0.0.1, for
nothing of an unfinished app should be reachable from outside.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.model.dockerfiles import instructions

VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")
OUR_OWN = frozenset({"PATH", "PORT", "HOST", "VIRTUAL_ENV", "NODE_PATH"})
"""Variables that mean something else outside of the container."""


@dataclass(slots=True)
class Stage:
    """What counts of a build stage once it runs."""

    env: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    exposed: int = 0
    entrypoint: str = ""
    cmd: str = ""


def last_stage(text: str) -> Stage:
    """Return what the Dockerfile's last stage says, with what it takes over from earlier ones."""
    stages: dict[str, Stage] = {}
    stage, arguments = Stage(), {}
    for instruction in instructions(text):
        word, rest = instruction.word, instruction.rest
        if word == "FROM":
            stage = _begin(rest, stages)
        elif word == "ARG":
            name, _, value = rest.partition("=")
            arguments[name.strip()] = value.strip("'\" ")
        else:
            _apply(stage, word, rest, arguments)
    return stage


def local_command(stage: Stage) -> str:
    """Return the shell text that starts what the container would start; empty when it says none."""
    words = _exec_form(stage.entrypoint)
    if stage.entrypoint and words is None:
        return _local_text(stage.entrypoint, stage)
    cmd = _exec_form(stage.cmd)
    if words is None and cmd is None:
        return _local_text(stage.cmd, stage)
    if stage.cmd and cmd is None:
        cmd = ["sh", "-c", stage.cmd]
    words = [*(words or ()), *(cmd or ())]
    script = _script(words)
    if script is not None:
        return _local_text(script, stage)
    return " ".join(_local_word(word, stage) for word in words)


def local_env(stage: Stage) -> dict[str, str]:
    """Return the variables of the stage that mean the same outside of a container."""
    return {key: value for key, value in stage.env.items() if key not in OUR_OWN}


def _script(words: list[str]) -> str | None:
    """Return the text of `sh -c TEXT`; None for any other command."""
    if len(words) == 3 and words[0] in {"sh", "/bin/sh"} and words[1] == "-c":
        return words[2]
    return None


def _begin(rest: str, stages: dict[str, Stage]) -> Stage:
    words = [word for word in rest.split() if not word.startswith("--")]
    base = stages.get(words[0].lower()) if words else None
    stage = Stage()
    if base:
        stage = Stage(dict(base.env), base.workdir, base.exposed, base.entrypoint, base.cmd)
    if len(words) == 3 and words[1].lower() == "as":
        stages[words[2].lower()] = stage
    return stage


def _apply(stage: Stage, word: str, rest: str, arguments: Mapping[str, str]) -> None:
    known = {**arguments, **stage.env}
    match word:
        case "ENV":
            stage.env.update(_pairs(rest, known))
        case "WORKDIR":
            folder = _expanded(rest.strip("'\" "), known)
            stage.workdir = folder if folder.startswith("/") else f"{stage.workdir}/{folder}"
        case "EXPOSE":
            stage.exposed = stage.exposed or _port(_expanded(rest, known))
        case "ENTRYPOINT":
            stage.entrypoint, stage.cmd = rest.strip(), ""
        case "CMD":
            stage.cmd = rest.strip()


def _pairs(rest: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of an ENV line, `KEY=value ...` or the old `KEY value`."""
    if "=" not in rest.split(maxsplit=1)[0]:
        key, _, value = rest.partition(" ")
        return {key: _expanded(value.strip(), known)}
    try:
        words = shlex.split(rest)
    except ValueError:
        return {}
    pairs = (word.partition("=") for word in words if "=" in word)
    return {key: _expanded(value, known) for key, _, value in pairs}


def _expanded(text: str, known: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        return known.get(match[1] or match[3]) or match[2] or ""

    return VARIABLE.sub(value, text)


def _port(text: str) -> int:
    match = re.match(r"\d{1,5}", text.strip())
    number = int(match[0]) if match else 0
    return number if number < 65536 else 0


def _exec_form(text: str) -> list[str] | None:
    """Return the words of `["a", "b"]`; None for the shell form, which is a text."""
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return words
    return None


def _local_word(word: str, stage: Stage) -> str:
    """Quote a word for the shell, all but the port, which becomes `$PORT`."""
    parts = _port_split(_inside(word, stage.workdir).replace("0.0.0.0", "127.0.0.1"), stage)
    return '"$PORT"'.join(shlex.quote(part) if part else "" for part in parts) or "''"


def _local_text(text: str, stage: Stage) -> str:
    text = text.replace("0.0.0.0", "127.0.0.1")
    if stage.workdir != "/":
        text = re.sub(rf"(?<![\w.]){re.escape(stage.workdir.rstrip('/'))}/", "./", text)
    return "$PORT".join(_port_split(text, stage))


def _port_split(text: str, stage: Stage) -> list[str]:
    if not stage.exposed:
        return [text]
    return re.split(rf"(?<![\w.]){stage.exposed}(?![\w.])", text)


def _inside(word: str, workdir: str) -> str:
    folder = workdir.rstrip("/")
    return f".{word[len(folder) :]}" if folder and word.startswith(f"{folder}/") else word
