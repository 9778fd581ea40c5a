"""What the engine's refusals and failures mean to the user.

The SDK lets through what lies below it: requests' exceptions, which are OSErrors, and urllib3's
where a stream breaks. What really happened is found among their causes.
"""

import ssl

from docker.errors import APIError, DockerException
from urllib3.exceptions import HTTPError

from tui.model.faults import Fault

LONGEST = 2_000
"""Characters of an error's text that are shown."""


def engine_fault(error: Exception, host: str, ssh_said: str = "") -> Fault:
    """Return the fault of an SDK call that failed."""
    if isinstance(error, APIError):
        return _answered(error)
    causes = _causes(error)
    if any(isinstance(cause, PermissionError) for cause in causes):
        return _not_allowed(error, host)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return _no_tls(error, host)
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return _silent(host)
    if any(isinstance(cause, HTTPError | OSError) for cause in causes):
        return _unreachable(ssh_said or str(error), host)
    return _odd(error)


def is_sdk_error(error: BaseException) -> bool:
    """Whether an exception is one of those that `engine_fault` explains."""
    return isinstance(error, DockerException | HTTPError | OSError)


def _causes(error: BaseException) -> list[BaseException]:
    """Return an exception and what it wraps, as causes, contexts or arguments."""
    found: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or one in found:
            continue
        found.append(one)
        left += [one.__cause__, one.__context__]
        inside = (*one.args, getattr(one, "reason", None))
        left += [one for one in inside if isinstance(one, BaseException)]
    return found


def _answered(error: APIError) -> Fault:
    said = error.explanation
    text = (
        said.decode(errors="replace") if isinstance(said, bytes) else said or str(error)
    ).strip()
    status = error.status_code or 0
    if status in {401, 403}:
        return Fault(
            "engine-refused",
            "the engine refused the call",
            evidence=(text[:LONGEST],),
            remedy="log in to it, or use an engine that you may use",
        )
    return Fault(
        "engine-failed",
        "the engine could not do it",
        "unreachable" if status >= 500 else "failed",
        (text[:LONGEST],),
        remedy="read what it says; `journalctl -u docker` tells more on the engine's machine",
    )


def _not_allowed(error: Exception, host: str) -> Fault:
    return Fault(
        "engine-refused",
        f"you may not use the engine at {host}",
        evidence=(str(error)[:LONGEST],),
        remedy="join the group docker (`sudo usermod -aG docker $USER`, then log in anew), "
        "or use rootless Docker",
    )


def _no_tls(error: Exception, host: str) -> Fault:
    return Fault(
        "engine-tls",
        f"the engine at {host} did not prove who it is",
        "usage",
        (str(error)[:LONGEST],),
        remedy="put its ca.pem, and your cert.pem and key.pem, into DOCKER_CERT_PATH or the "
        "docker context",
    )


def _silent(host: str) -> Fault:
    return Fault(
        "engine-silent",
        f"the engine at {host} does not answer in time",
        "unreachable",
        remedy="look whether it hangs: `docker info`; then try again",
    )


def _unreachable(said: str, host: str) -> Fault:
    return Fault(
        "engine-unreachable",
        f"no engine answers at {host}",
        "unreachable",
        (said[:LONGEST],),
        remedy="start Docker (or Podman's socket), or name another engine by DOCKER_HOST or a "
        "docker context",
    )


def _odd(error: Exception) -> Fault:
    return Fault(
        "engine-failed",
        "the engine's answer makes no sense to redraft",
        evidence=(f"{type(error).__name__}: {error}"[:LONGEST],),
        remedy="see `docker version`: engines older than Docker 20.10 are not supported",
    )
