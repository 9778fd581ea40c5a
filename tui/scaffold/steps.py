"""Build steps: which of a pack's a project needs, for the local backend and for its Dockerfile."""

import shlex
from collections.abc import Iterable, Iterator, Mapping

from tui.model.recipes import LocalStep
from tui.scaffold.manifests import included, requirements
from tui.scaffold.pack import Pack, Step
from tui.scaffold.scripts import runs_also, scripts, worth_running
from tui.scaffold.tree import Tree


def steps_of(tree: Tree, pack: Pack, extras: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the pack's steps that the project needs, in order."""
    steps = [step for step in pack.steps if _applies(tree, step, extras)]
    installs = any(step.manifests and not step.prepares for step in steps)
    needed = [step for step in steps if installs or not step.prepares]
    return tuple(_without_repeated(needed, scripts(tree)))


def local_steps(tree: Tree, pack: Pack, extras: tuple[str, ...]) -> tuple[LocalStep, ...]:
    """Return the steps as the local backend takes them."""
    return tuple(
        LocalStep(
            step.name,
            _words(tree, step.command, extras),
            (*(_manifests(tree, step) or step.manifests), *_local_manifests(tree, step)),
        )
        for step in steps_of(tree, pack, extras)
    )


def image_steps(
    tree: Tree, pack: Pack, extras: tuple[str, ...], *, installing: bool
) -> Iterator[str]:
    """Yield the Dockerfile's lines of the steps that install, or of those that build."""
    copied: set[str] = set()
    for step in steps_of(tree, pack, extras):
        if step.image and bool(step.manifests) == installing:
            manifests = _manifests(tree, step)
            yield from _copies(path for path in manifests if path not in copied)
            copied.update(manifests)
            yield f"RUN {_filled(tree, step.image, extras)}"


def script_notes(tree: Tree, pack: Pack, extras: tuple[str, ...]) -> Iterator[str]:
    """Yield which scripts of package.json run after the install of the rest, and which do not."""
    steps = [step for step in steps_of(tree, pack, extras) if step.prepares]
    taken = [name for step in steps for name in step.scripts if name in scripts(tree)]
    ran = {step.runs for step in pack.steps if _applies(tree, step, extras)}
    if run := [name for name in taken if name in ran]:
        yield f"run once the sources are there: package.json's {', '.join(run)}"
    if left := [name for name in taken if name not in ran]:
        yield f"not run, as no app needs them: package.json's {', '.join(left)}"


def _applies(tree: Tree, step: Step, extras: tuple[str, ...]) -> bool:
    if step.needs and step.needs not in tree.files:
        return False
    if step.needs and not step.contains.search(tree.text(step.needs)):
        return False
    if step.unless and step.unless in tree.files:
        return False
    there = scripts(tree)
    if step.scripts and there.keys().isdisjoint(step.scripts):
        return False
    if step.runs and not worth_running(tree, there.get(step.runs, "")):
        return False
    if "{requirements}" in step.command:
        return bool(requirements(tree) or extras)
    return step.prepares or not step.manifests or any(name in tree.files for name in step.manifests)


def _without_repeated(steps: list[Step], there: Mapping[str, str]) -> Iterator[Step]:
    """Leave out what the script of an earlier step runs already."""
    earlier: list[str] = []
    for step in steps:
        if not any(runs_also(text, step.runs, there) for text in earlier):
            yield step
        if step.runs:
            earlier.append(there[step.runs])


def _words(tree: Tree, command: tuple[str, ...], extras: tuple[str, ...]) -> tuple[str, ...]:
    places = {"{requirements}": requirements(tree), "{extras}": extras}
    return tuple(word for one in command for word in places.get(one, (one,)))


def _filled(tree: Tree, text: str, extras: tuple[str, ...]) -> str:
    places = {"{requirements}": shlex.join(requirements(tree)), "{extras}": shlex.join(extras)}
    return " ".join(filter(None, (places.get(word, word) for word in text.split(" "))))


def _manifests(tree: Tree, step: Step) -> tuple[str, ...]:
    """Return a step's manifests that are there, with the files that they include."""
    return tuple(dict.fromkeys(path for name in step.manifests for path in included(tree, name)))


def _local_manifests(tree: Tree, step: Step) -> Iterator[str]:
    for pattern in step.local_manifests:
        yield from tree.matching(pattern)


def _copies(manifests: Iterable[str]) -> Iterator[str]:
    """Yield a COPY line for each folder that holds manifests, keeping their places."""
    folders: dict[str, list[str]] = {}
    for path in manifests:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in folders.items():
        yield f"COPY {' '.join(paths)} ./{folder + '/' if folder else ''}"
