"""The scaffolder: proposes what create would write, and writes it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tui.config.draft_toml import FILE, check_text
from tui.config.labels import dns_label, is_dns_label, is_release_name
from tui.model.faults import Fault, FaultError
from tui.model.proposals import LOCAL, FilePlan, Proposal, Target
from tui.scaffold.brought import Brought, brought_by, runs
from tui.scaffold.detecting import Found, builder_of, choose, detect, find
from tui.scaffold.naming import Name, name_of
from tui.scaffold.packs import load_packs, pick
from tui.scaffold.releasing import render_chart, render_manifests
from tui.scaffold.rendering import (
    Choice,
    is_ours,
    render_classic,
    render_draft_toml,
    render_image,
)
from tui.scaffold.steps import script_notes
from tui.scaffold.tree import Tree
from tui.scaffold.writing import write_files


class ProjectScaffolder:
    """Works on one project; implements `tui.ports.scaffold.Scaffolder`."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def propose(
        self,
        pack: str = "",
        name: str = "",
        port: int = 0,
        command: str = "",
        target: Target = LOCAL,
    ) -> Proposal:
        """Look at the project and return what create would do; raises FaultError."""
        tree = Tree(self._project)
        packs = load_packs(self._project)
        found = detect(tree, packs)
        chosen = find(tree, pick(packs, self._project, pack)) if pack else choose(found, tree)
        builder = builder_of(chosen, found)
        called = self._called(tree, name, builder, target)
        there = self._deployed_by(tree, target)
        choice = Choice(
            name=called.label,
            chosen=chosen,
            builder=builder,
            pack=chosen.pack.name if chosen.pack.name in packs else pack,
            command=command or chosen.command or builder.command,
            asked=bool(command),
            port=port or chosen.port,
            pinned=0 if target.backend == "kubernetes" else port,
            target=target,
            rootless=self._is_rootless(builder),
            chart=there.chart,
            manifests=there.manifests,
        )
        files, kept = self._files(tree, choice)
        return Proposal(
            choice.name,
            chosen.pack.name,
            chosen.candidate.framework or builder.candidate.framework,
            choice.port,
            choice.command,
            tuple(dict.fromkeys(one.candidate for one in (chosen, *found))),
            files,
            (*filter(None, (called.why,)), *self._notes(tree, choice, kept), *_unseen(tree)),
        )

    def write(self, proposal: Proposal, force: bool = False) -> tuple[str, ...]:
        """Write the proposal's files and return their paths; raises FaultError."""
        return write_files(self._project, proposal.files, force)

    def _called(self, tree: Tree, name: str, builder: Found, target: Target) -> Name:
        """Return the name that was asked for, or else the one to propose; raises FaultError."""
        if name and not is_dns_label(name):
            raise FaultError(_no_name(name, "be a DNS label"))
        if name and target.backend == "kubernetes" and not is_release_name(name):
            raise FaultError(_no_name(name, "begin with a letter and have at most 53 characters"))
        if name:
            return Name(name)
        evidence = frozenset(clue.path for clue in builder.candidate.clues)
        return name_of(tree, self._project.resolve().name, evidence)

    def _files(self, tree: Tree, choice: Choice) -> tuple[tuple[FilePlan, ...], list[str]]:
        """Return the files to write, and those of the user's that are taken as they are."""
        settings = render_draft_toml(choice)
        _check(settings)
        plans = [self._plan(FILE, settings)]
        kept: list[str] = []
        for path, content in self._rendered(tree, choice):
            plan = self._plan(path, content)
            if plan.existing is None or is_ours(plan.existing) or not plan.differs:
                plans.append(plan)
            else:
                kept.append(path)
        return tuple(plans), kept

    def _rendered(self, tree: Tree, choice: Choice) -> Iterator[tuple[str, str]]:
        yield from render_image(tree, choice)
        if choice.target.manifests and not choice.manifests:
            yield from render_manifests(choice)
        elif not (choice.chart or choice.manifests or self._has_chart()):
            yield from render_chart(choice)
        if choice.chosen.pack.classic:
            yield from render_classic(choice.chosen.pack)

    def _deployed_by(self, tree: Tree, target: Target) -> Brought:
        """Return which of the user's own chart and manifests it is to be deployed by."""
        found = brought_by(tree)
        if target.manifests:
            return Brought(manifests=found.manifests)
        if self._has_chart():
            return Brought()
        return Brought(found.chart) if found.chart else found

    def _has_chart(self) -> bool:
        """Whether the project brings a chart that is not ours."""
        charts = (self._project / "charts").glob("*/Chart.yaml")
        texts = (self._existing(str(path.relative_to(self._project))) or "" for path in charts)
        return any(not is_ours(text) for text in texts)

    def _is_rootless(self, builder: Found) -> bool:
        """Whether the Dockerfile is one of ours, all of which name a user by its number."""
        pack = builder.pack
        there = self._existing("Dockerfile")
        ours = there is None or is_ours(there)
        return ours and not pack.classic and pack.file("Dockerfile") is not None

    def _plan(self, path: str, content: str) -> FilePlan:
        return FilePlan(path, content, self._existing(path))

    def _existing(self, path: str) -> str | None:
        try:
            return (self._project / path).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FaultError(
                Fault(
                    "project-unreadable",
                    f"{path} cannot be read: {error.strerror}",
                    kind="usage",
                    place=path,
                    remedy="move it away",
                )
            ) from error

    def _notes(self, tree: Tree, choice: Choice, kept: list[str]) -> Iterator[str]:
        if kept:
            yield f"taken as they are: {', '.join(kept)}"
        yield from self._deployment_notes(tree, choice)
        if not choice.command:
            yield "nothing says how it starts: give a command"
        if not choice.port:
            yield "it seems to open no port: give one if it does"
        for extra in choice.builder.extras:
            yield f"no manifest names {extra}: it is installed beside"
        if choice.target.backend == "local" or "Dockerfile" not in kept:
            yield from script_notes(tree, choice.builder.pack, choice.builder.extras)

    def _deployment_notes(self, tree: Tree, choice: Choice) -> Iterator[str]:
        if choice.chart:
            yield f"the chart in {choice.chart}/ is taken as it is"
        elif choice.manifests:
            yield f"these manifests are taken as they are: {', '.join(choice.manifests)}"
            registry = choice.target.registry.removesuffix("/")
            images = (choice.name, f"{registry}/{choice.name}")
            if not runs(tree, Brought(manifests=choice.manifests), images):
                yield f"the container that runs the app has to name it: `image: {choice.name}`"
        elif self._has_chart() and not choice.target.manifests:
            yield "the chart in charts/ is taken as it is"


def _check(settings: str) -> None:
    """Refuse what was asked for where no draft.toml may say it."""
    try:
        check_text(settings)
    except FaultError as error:
        raise FaultError(replace(error.fault, place="")) from error  # no such line is there yet


def _unseen(tree: Tree) -> Iterator[str]:
    if tree.unreadable:
        yield f"could not be read: {', '.join(tree.unreadable[:5])}"
    if tree.cut:
        yield f"only the first {len(tree.files)} files were looked at"


def _no_name(name: str, demand: str) -> Fault:
    return Fault(
        "config-name",
        f"{name!r} is no name for an app: it must {demand}",
        kind="usage",
        remedy=f"use --name {dns_label(name)}",
    )
