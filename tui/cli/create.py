"""`redraft create`: write the scaffold, after showing it."""

import difflib
from typing import Any

import click

from tui.cli.options import Call, shared_options, yes_option
from tui.cli.telling import answer, answer_json, tell
from tui.model.proposals import Backend, FilePlan, Proposal, Target

CHANGE = "to change the choice: --pack NAME, --name NAME, --port PORT, --command TEXT"


@click.command()
@click.option("--pack", default="", help="Use this pack instead of the detected one.")
@click.option(
    "--name", default="", help="The app's name; by default the manifest's or the folder's."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port it listens on.")
@click.option("--command", default="", help="How the app is started.")
@click.option(
    "--backend",
    type=click.Choice(["local", "docker", "kubernetes"]),
    default="local",
    help="Where it is to run.",
)
@click.option("--context", default="", help="The kube or docker context; else the current one.")
@click.option("--namespace", default="", help="The namespace in the cluster.")
@click.option("--registry", default="", help="Where the image is pushed: HOST/PATH.")
@click.option("--manifests", is_flag=True, help="Plain manifests instead of a chart.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@yes_option
@shared_options
def create(
    call: Call,
    pack: str,
    name: str,
    port: int,
    command: str,
    backend: Backend,
    context: str,
    namespace: str,
    registry: str,
    manifests: bool,
    force: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Detect the language and write draft.toml, Dockerfile and a chart."""
    from tui.scaffold.scaffolder import ProjectScaffolder

    target = Target(backend, context, namespace, registry, manifests)
    scaffolder = ProjectScaffolder(call.project)
    proposal = scaffolder.propose(pack, name, port, command, target)
    show(call, proposal)
    if dry_run:
        return
    if not yes:
        from tui.cli.confirming import agree

        agree("Write these files?", default=True)
    for path in scaffolder.write(proposal, force):
        tell(f"✔ {path}")
    tell("Next: `redraft up`, or `redraft` for the cockpit.")


def show(call: Call, proposal: Proposal) -> None:
    """Show what create found and would write."""
    if call.json:
        answer_json(proposal_fields(proposal))
        return
    for line in present_choice(proposal):
        tell(line)
    for file in proposal.files:
        for line in present_diff(file):
            answer(line)


def proposal_fields(proposal: Proposal) -> dict[str, Any]:
    """Return `create --output json`."""
    from tui.model.plain import to_plain

    fields: dict[str, Any] = to_plain(proposal)
    return fields


def present_choice(proposal: Proposal) -> list[str]:
    """Return the lines that tell the choice and the evidence for it."""
    framework = f" ({proposal.framework})" if proposal.framework else ""
    lines = [f"{proposal.name}: {proposal.pack}{framework}, port {proposal.port or 'none'}"]
    if proposal.command:
        lines.append(f"  starts by: {proposal.command}")
    for candidate in proposal.candidates:
        name = f"{candidate.pack} {candidate.framework}".strip()
        lines.append(f"  {name} weighs {candidate.weight}")
        lines += [f"    {clue.path} {clue.says} +{clue.weight}" for clue in candidate.clues]
    return [*lines, *(f"  {note}" for note in (CHANGE, *proposal.notes))]


def present_diff(file: FilePlan) -> list[str]:
    """Return the unified diff from the file as it is to the file as it would be."""
    if not file.differs:
        return []
    before = (file.existing or "").splitlines()
    source = f"a/{file.path}" if file.existing is not None else "/dev/null"
    diff = difflib.unified_diff(
        before, file.content.splitlines(), source, f"b/{file.path}", lineterm=""
    )
    return list(diff)
