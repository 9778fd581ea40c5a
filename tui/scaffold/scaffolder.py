"""The scaffolder: proposes what create would write, and writes it."""

from pathlib import Path

from tui.config.draft_toml import FILE
from tui.config.labels import dns_label, is_dns_label
from tui.model.faults import Fault, FaultError
from tui.model.proposals import FilePlan, Proposal
from tui.scaffold.detecting import Found, choose, detect, find
from tui.scaffold.packs import Pack, built_in, load_pack, load_packs
from tui.scaffold.rendering import (
    command_of_dockerfile,
    render_chart,
    render_draft_toml,
    render_image,
)
from tui.scaffold.tree import Tree
from tui.scaffold.writing import write_files

CHANGE = "to change the choice: --pack NAME, --name NAME, --port PORT, --command TEXT"


class ProjectScaffolder:
    """Works on one project; implements `tui.ports.scaffold.Scaffolder`."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def propose(self, pack: str = "", name: str = "", port: int = 0, command: str = "") -> Proposal:
        """Look at the project and return what create would do; raises FaultError."""
        tree = Tree(self._project)
        packs = load_packs(self._project)
        found = detect(tree, packs)
        chosen = self._forced(tree, packs, pack) if pack else choose(found, tree)
        language = builder_of(chosen, found)
        label = self._name(name)
        started = command or start_command(chosen) or start_command(language)
        inside = port or chosen.port
        files = self._files(chosen, language, label, started, inside, port)
        return Proposal(
            label,
            chosen.pack.name,
            chosen.candidate.framework or language.candidate.framework,
            inside,
            started,
            tuple(dict.fromkeys(one.candidate for one in (chosen, *found))),
            files,
            self._notes(name, label, tree),
        )

    def write(self, proposal: Proposal, force: bool = False) -> tuple[str, ...]:
        """Write the proposal's files and return their paths; raises FaultError."""
        return write_files(self._project, proposal.files, force)

    def _forced(self, tree: Tree, packs: dict[str, Pack], name: str) -> Found:
        pack = packs.get(name)
        if pack is None and Path(name).is_dir():
            pack = load_pack(Path(name).resolve())
        if pack is None:
            raise FaultError(_unknown_pack(name, packs))
        found = find(tree, pack, forced=True)
        assert found is not None
        return found

    def _name(self, name: str) -> str:
        if name and not is_dns_label(name):
            raise FaultError(
                Fault(
                    "config-name",
                    f"{name!r} is no name for an app: it must be a DNS label",
                    kind="usage",
                    remedy=f"use --name {dns_label(name)}",
                )
            )
        return name or dns_label(self._project.resolve().name)

    def _files(
        self, chosen: Found, language: Found, name: str, command: str, inside: int, pinned: int
    ) -> tuple[FilePlan, ...]:
        pack = language.pack.name if chosen.pack.builds_with_language else chosen.pack.name
        rendered = [(FILE, render_draft_toml(name, pack, command, pinned))]
        if not (self._project / "Dockerfile").is_file():
            rendered += render_image(language.pack, command, inside)
        if not (self._project / "charts").is_dir():
            rendered += render_chart(chosen.pack, built_in(), name, inside)
        return tuple(self._plan(path, content) for path, content in rendered)

    def _plan(self, path: str, content: str) -> FilePlan:
        place = self._project / path
        try:
            existing = place.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            existing = None
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
        return FilePlan(path, content, existing)

    def _notes(self, asked: str, name: str, tree: Tree) -> tuple[str, ...]:
        notes = [CHANGE]
        folder = self._project.resolve().name
        if not asked and name != folder:
            notes.append(f"the folder's name {folder!r} is no DNS label: the app is called {name}")
        if (self._project / "Dockerfile").is_file():
            notes.append("the Dockerfile that is there is taken as it is")
        if tree.unreadable:
            notes.append(f"could not be read: {', '.join(tree.unreadable[:5])}")
        return tuple(notes)


def builder_of(chosen: Found, found: list[Found]) -> Found:
    """Return what builds the project: the chosen pack, or the language found beside it."""
    if not chosen.pack.builds_with_language:
        return chosen
    languages = (one for one in found if not one.pack.builds_with_language)
    return next(languages, chosen)


def start_command(found: Found) -> str:
    """Return the shell text that starts the project."""
    return command_of_dockerfile(found.command) if found.command else ""


def _unknown_pack(name: str, packs: dict[str, Pack]) -> Fault:
    return Fault(
        "pack-unknown",
        f"there is no pack {name!r}",
        kind="usage",
        evidence=tuple(f"{pack.name}: {pack.description}" for pack in packs.values()),
        remedy="choose one of these, or name a folder that holds a pack",
    )
