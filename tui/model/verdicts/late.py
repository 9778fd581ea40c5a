"""Late: who gave up waiting, and what is said when no rule knows why. Pure."""

from tui.model.rollouts import Pod, Verdict, Workload
from tui.model.verdicts.probes import port_of
from tui.model.verdicts.scene import Scene, trouble, well

LOOK = "look at the pods' logs and events"


def given_up(at: Scene) -> Verdict | None:
    """Return the verdict of whoever waits no longer: a Job, a Deployment, or redraft."""
    for workload in at.rollout.workloads:
        if workload.failed:
            return _job(workload)
        if workload.stalled and workload.observed:
            sentence = f"{workload.label} made no progress in time: {workload.stalled}"
            return trouble(True, "progress-deadline", sentence, _states(at), LOOK)
    rollout = at.rollout
    if rollout.lost_since or not rollout.deadline or at.now < rollout.deadline:
        return None
    seconds = round(rollout.deadline - rollout.started)
    return _silent(at, seconds) or trouble(
        True, "deadline", f"not ready within {seconds} s", _states(at), LOOK
    )


def _job(workload: Workload) -> Verdict:
    late = workload.failed.startswith("DeadlineExceeded")
    return trouble(
        True,
        "job-deadline" if late else "job-failed",
        f"{workload.label} gave up: {workload.failed}",
        (),
        "raise `activeDeadlineSeconds`, or make it faster"
        if late
        else "correct the cause and deploy again; `backoffLimit` tells how often it tries",
    )


def _states(at: Scene) -> tuple[str, ...]:
    return tuple(f"{pod.name}: {_state(pod, at.now)}" for pod in at.pods)


def _state(pod: Pod, now: float) -> str:
    if pod.containers and all(well(container, now) for container in pod.containers):
        return "ready"
    return next((c.waiting for c in pod.containers if c.waiting), pod.phase)


def _silent(at: Scene, seconds: int) -> Verdict | None:
    """Tell a container that runs, declares no probe, and was not found to answer."""
    for pod, container in at.containers():
        if not container.running or container.probes or pod.owner:
            continue
        evidence = (container.probe_message,) if container.probe_message else ()
        if port_of(pod.address) in container.listening or "HTTP" in container.probe_message:
            return trouble(
                True,
                "probe-failed",
                f"{pod.name} runs but its probe still fails after {seconds} s",
                evidence,
                "make the probed path answer below 400, or set `probe-path` in draft.toml",
            )
        return trouble(
            True,
            "port-closed",
            f"{pod.name} runs but opened no port within {seconds} s",
            evidence,
            "listen on 127.0.0.1 at the port that the environment variable PORT names",
        )
    return None
