"""The rollout panel: workloads, pods, and the verdict with its cause."""

from textual.content import Content

from tui.model.printing import seconds
from tui.model.rollouts import Container, Pod, Rollout, Verdict, Workload
from tui.model.state import State
from tui.view.panels.panel import Panel
from tui.view.present import BAD, MUTED, WARN, icon, joined, lines, plain

PHASES = {"Running": "ready", "Pending": "pending", "Failed": "failed", "Succeeded": "done"}


class RolloutPanel(Panel):
    """Shows the rollout of a state."""

    HELP = """
## Rollout
The wanted revision: how many pods are ready, each pod's phase, restarts and age; pods of an older
revision are set apart. When it fails: cause, evidence and what to do. Enter or `i` shows all of it.
"""

    def show(self, state: State, now: float) -> None:
        """Show a state at a Unix time."""
        rollout = state.rollout
        if rollout is None or not rollout.revision:
            self.present(Content("Rollout"), Content.styled("nothing runs yet", MUTED))
            return
        title = Content(f"Rollout {rollout.revision} ── {state.verdict.outcome}")
        self.present(title, present_rollout(rollout, state.verdict, now))


def present_rollout(rollout: Rollout, verdict: Verdict, now: float) -> Content:
    """Return the text of the panel."""
    new = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    old = [pod for pod in rollout.pods if pod.revision != rollout.revision]
    return lines(
        [
            *present_verdict(verdict),
            *(present_workload(workload) for workload in rollout.workloads),
            *(present_pod(pod, now) for pod in new),
            *(present_pod(pod, now).stylize(MUTED) for pod in old),
        ]
    )


def present_verdict(verdict: Verdict) -> list[Content]:
    """Return cause, evidence and remedy; nothing while all is well."""
    if not verdict.cause:
        return []
    style = BAD if verdict.outcome == "failed" else WARN
    proof = [plain(f"  │ {line}", MUTED) for line in verdict.evidence[-4:]]
    remedy = [plain(f"  → {verdict.remedy}", WARN)] if verdict.remedy else []
    head = Content.assemble(icon(verdict.outcome), " ", plain(verdict.sentence, f"bold {style}"))
    return [head, *remedy, *proof]


def present_workload(workload: Workload) -> Content:
    """Return a workload's line."""
    ready = workload.ready >= workload.desired
    return joined(
        [
            icon("ready" if ready else "progressing"),
            plain(f"{workload.kind} {workload.name}", "bold"),
            f"{workload.ready}/{workload.desired} ready",
            Content.styled(f"{workload.updated} updated", MUTED),
        ],
        " ",
    )


def present_pod(pod: Pod, now: float) -> Content:
    """Return a pod's line: revision, name, state, restarts, age."""
    state, outcome = pod_state(pod)
    restarts = f"{pod.restarts} restarts" if pod.restarts else ""
    return joined(
        [
            Content.styled(f"{pod.revision:>3}", MUTED),
            plain(pod.name),
            joined([icon(outcome), plain(state)], " "),
            Content.styled(restarts, WARN),
            Content.styled(seconds(now - pod.created) if pod.created else "", MUTED),
            *(_retry(container, now) for container in pod.containers),
        ],
        " ",
    )


def pod_state(pod: Pod) -> tuple[str, str]:
    """Return a pod's state in a word, and the outcome whose icon goes with it."""
    if pod.phase == "Terminating":
        return "stopping", "pending"
    waiting = next((c.waiting for c in pod.containers if c.waiting), "")
    if waiting:
        return waiting, "failed" if "BackOff" in waiting or "Error" in waiting else "pending"
    if pod.phase == "Running" and not pod.ready:
        return "Running, not ready", "pending"
    return pod.phase, PHASES.get(pod.phase, "none")


def _retry(container: Container, now: float) -> Content:
    if container.retry_at > now:
        return Content.styled(f"again in {seconds(container.retry_at - now)}", MUTED)
    return plain(container.probe_message, MUTED)
