"""`redraft status` and `redraft why`: what runs, and what is the matter with it."""

import asyncio
import contextlib
import time
from typing import Any

import click

from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.telling import answer, answer_json
from tui.config.environment import Environment
from tui.model.places import Place
from tui.model.plain import to_plain
from tui.model.podstates import new_and_old, pod_state, ready_count, workload_counts
from tui.model.releases import Release, present_synced
from tui.model.rollouts import Pod, Rollout, Verdict, Workload
from tui.model.routes import Endpoint
from tui.model.verdicts import judge
from tui.ports.backend import Backend

ANSWERS = 4.0
"""Seconds that a picture may wait for the answers of endpoints."""


@click.command()
@shared_options
def status(call: Call) -> None:
    """Tell what runs now."""
    from tui.config.draft_toml import load_environment

    environment = load_environment(call.project, call.environment)
    place, rollout, releases = run(_look(call))
    now = time.time()
    verdict = judge(rollout, now)
    serving = next((one for one in releases if one.revision == rollout.serving), None)
    if call.json:
        synced = serving is not None and serving.synced
        answer_json(status_fields(environment, place, rollout, verdict) | {"synced": synced})
        return
    for line in present_status(environment, place, rollout, verdict, now):
        answer(line)
    if serving is not None and serving.synced:
        answer(present_synced(serving))


async def _look(call: Call) -> tuple[Place, Rollout, tuple[Release, ...]]:
    from tui.wiring.opening import open_backend

    async with open_backend(call.project, call.environment) as backend:
        return backend.place, await reached_picture(backend), await backend.releases()


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
        return backend.place, await reached_picture(backend)


async def first_picture(backend: Backend) -> Rollout:
    """Return what runs now."""
    async for rollout in backend.observe():
        return rollout
    return Rollout(0)


async def reached_picture(backend: Backend) -> Rollout:
    """Return what runs now, with what its endpoints answer if that comes soon."""
    rollout = Rollout(0)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None) as patience:
            async for rollout in backend.observe():
                if not awaits_answers(rollout):
                    break
                if patience.when() is None:
                    patience.reschedule(asyncio.get_running_loop().time() + ANSWERS)
    return rollout


def awaits_answers(rollout: Rollout) -> bool:
    """Whether an endpoint of what serves was asked and has not answered yet."""
    serves = rollout.serving == rollout.revision
    return serves and any(endpoint.reach == "unknown" for endpoint in rollout.endpoints)


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
        "endpoints": to_plain(rollout.endpoints),
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
    environment: Environment, place: Place, rollout: Rollout, verdict: Verdict, now: float
) -> list[str]:
    """Return the lines of `status` at Unix time `now`."""
    parts = (environment.name, environment.environment, environment.backend)
    head = " · ".join(filter(None, (*parts, place.context, place.namespace)))
    if not rollout.revision:
        return [head, "nothing was released yet: `redraft up` begins"]
    lines = [head, f"revision {rollout.revision} {verdict.outcome}"]
    if rollout.serving and rollout.serving != rollout.revision:
        lines.append(f"revision {rollout.serving} goes on serving")
    if rollout.url:
        lines.append(rollout.url)
    lines += [_present_endpoint(endpoint) for endpoint in rollout.endpoints]
    lines += _present_rollout(rollout, now)
    return lines + (present_verdict(rollout, verdict) if verdict.cause else [])


def _present_endpoint(endpoint: Endpoint) -> str:
    answer = endpoint.answer or "not answered yet"
    return "  ".join(filter(None, (endpoint.label, endpoint.url, answer)))


def _present_rollout(rollout: Rollout, now: float) -> list[str]:
    new, old = new_and_old(rollout)
    lines = [_present_workload(workload, now) for workload in rollout.workloads]
    lines += [_present_pod(pod, now) for pod in new]
    earlier = [_present_pod(pod, now) for pod in old]
    return [*lines, "earlier revisions:", *earlier] if earlier else lines


def _present_workload(workload: Workload, now: float) -> str:
    counts = workload_counts(workload)
    return "  ".join([workload.label, *counts, *_age(workload.created, now)])


def _present_pod(pod: Pod, now: float) -> str:
    ready, lasting = ready_count(pod)
    parts = [
        f"  {pod.name}",
        f"revision {pod.revision or 'unknown'}",
        pod_state(pod)[0],
        f"{ready}/{lasting} ready",
        f"restarts {pod.restarts}",
        *([pod.node] if pod.node else []),
        *_age(pod.created, now),
        *(c.probe_message for c in pod.containers if c.probe_message and not c.ready),
    ]
    return "  ".join(parts)


def _age(since: float, now: float) -> list[str]:
    return [f"{max(0, round(now - since))} s old"] if since else []


def present_verdict(rollout: Rollout, verdict: Verdict) -> list[str]:
    """Return the lines of `why`."""
    match verdict.outcome:
        case "none":
            return ["nothing was released yet"]
        case "ready" if not verdict.cause:
            return [f"revision {rollout.revision} is ready"]
    lines = [f"{verdict.sentence} [{verdict.cause or verdict.outcome}]"]
    lines += [f"  | {line}" for line in verdict.evidence]
    return lines + ([f"  → {verdict.remedy}"] if verdict.remedy else [])
