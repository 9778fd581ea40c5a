"""`redraft status` and `redraft why`: what runs, and what is the matter with it."""

import time
from typing import Any

import click

from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.telling import answer, answer_json
from tui.config.environment import Environment
from tui.model.places import Place
from tui.model.plain import to_plain
from tui.model.rollouts import Container, Pod, Rollout, Verdict
from tui.model.verdicts import judge
from tui.ports.backend import Backend


@click.command()
@shared_options
def status(call: Call) -> None:
    """Tell what runs now."""
    from tui.config.draft_toml import load_environment

    environment = load_environment(call.project, call.environment)
    place, rollout = run(look(call))
    verdict = judge(rollout, time.time())
    if call.json:
        answer_json(status_fields(environment, place, rollout, verdict))
        return
    for line in present_status(environment, place, rollout, verdict):
        answer(line)


@click.command()
@shared_options
def why(call: Call) -> None:
    """Tell why the wanted revision is not up: cause, evidence, remedy."""
    _, rollout = run(look(call))
    verdict = judge(rollout, time.time())
    if call.json:
        answer_json(verdict_fields(verdict))
    else:
        for line in present_verdict(rollout, verdict):
            answer(line)
    if verdict.outcome == "failed":
        raise click.exceptions.Exit(1)


async def look(call: Call) -> tuple[Place, Rollout]:
    """Return where it runs and what runs there now."""
    from tui.wiring.opening import open_backend

    async with open_backend(call.project, call.environment) as backend:
        return backend.place, await first_picture(backend)


async def first_picture(backend: Backend) -> Rollout:
    """Return what runs now."""
    async for rollout in backend.observe():
        return rollout
    return Rollout(0)


def status_fields(
    environment: Environment, place: Place, rollout: Rollout, verdict: Verdict
) -> dict[str, Any]:
    """Return `status --output json`: its keys are stable and documented in the README."""
    return {
        "environment": environment.environment,
        "backend": environment.backend,
        "context": place.context,
        "namespace": place.namespace,
        "revision": rollout.revision,
        "serving": rollout.serving,
        "url": rollout.url,
        "watch": environment.watch,
        "workloads": to_plain(rollout.workloads),
        "pods": [pod_fields(pod) for pod in rollout.pods],
        "verdict": verdict_fields(verdict),
    }


def pod_fields(pod: Pod) -> dict[str, Any]:
    """Return a pod with what is derived from its containers."""
    fields: dict[str, Any] = to_plain(pod)
    return fields | {"ready": pod.ready, "restarts": pod.restarts}


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    """Return `why --output json`: verdict, cause, sentence, evidence, remedy."""
    fields: dict[str, Any] = to_plain(verdict)
    return {"verdict": fields.pop("outcome")} | fields


def present_status(
    environment: Environment, place: Place, rollout: Rollout, verdict: Verdict
) -> list[str]:
    """Return the lines of `status`."""
    parts = (environment.name, environment.environment, environment.backend)
    head = " · ".join(filter(None, (*parts, place.context, place.namespace)))
    if not rollout.revision:
        return [head, "nothing was released yet: `redraft up` begins"]
    lines = [head, f"revision {rollout.revision} {verdict.outcome}"]
    if rollout.serving and rollout.serving != rollout.revision:
        lines.append(f"revision {rollout.serving} goes on serving")
    if rollout.url:
        lines.append(rollout.url)
    lines += [_present_pod(pod) for pod in rollout.pods]
    return lines + (present_verdict(rollout, verdict) if verdict.outcome == "failed" else [])


def _present_pod(pod: Pod) -> str:
    ready = "ready" if pod.ready else "not ready"
    reasons = " ".join(filter(None, (_waiting(c) for c in pod.containers)))
    return f"  {pod.name}  {pod.phase}  {ready}  restarts {pod.restarts}  {reasons}".rstrip()


def _waiting(container: Container) -> str:
    return container.waiting or container.probe_message


def present_verdict(rollout: Rollout, verdict: Verdict) -> list[str]:
    """Return the lines of `why`."""
    match verdict.outcome:
        case "none":
            return ["nothing was released yet"]
        case "ready":
            return [f"revision {rollout.revision} is ready"]
    lines = [f"{verdict.sentence} [{verdict.cause or verdict.outcome}]"]
    lines += [f"  | {line}" for line in verdict.evidence]
    return lines + ([f"  → {verdict.remedy}"] if verdict.remedy else [])
