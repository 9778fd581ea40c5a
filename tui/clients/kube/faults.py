"""The API's refusals and broken connections as faults with stable codes."""

import re
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from tui.clients.kube.asking import Asked
from tui.clients.kube.terminating import REASON, namespace_terminating
from tui.model.evidence import without_dumps
from tui.model.faults import Fault, FaultKind

BROKEN = (aiohttp.ClientError, OSError, TimeoutError)
"""What a connection raises; `ssl.SSLError` is an OSError."""
MANAGER = re.compile(r'conflict with "([^"]+)"')
IMMUTABLE = re.compile(r"field is immutable|updates to statefulset spec")
UNDECLARED = "field not declared in schema"
NO_TEXT = "expected string, got"
UNFIT = re.compile("failed to create typed patch object|unable to convert unstructured object")
"""What a server-side apply is answered, with 500, whose fields are unknown or of another type, and
one whose values cannot be read, such as what is not base64 in the `data` of a Secret.
"""
Status = Mapping[str, Any]
"""The API's `Status` object; of another server's answer a mapping with `message` alone."""


def unreachable(server: str, error: BaseException) -> Fault:
    """Tell a connection that could not be made, or that broke."""
    if certificate := _certificate_error(error):
        return Fault(
            "api-untrusted",
            f"the certificate of {server} is not trusted",
            kind="usage",
            evidence=(certificate,),
            remedy="correct the cluster's certificate-authority or tls-server-name in the "
            "kubeconfig",
        )
    return Fault(
        "api-unreachable",
        f"the API server {server} cannot be reached",
        kind="unreachable",
        evidence=(_words(error),),
        remedy="start the cluster, or check network, VPN and proxy",
    )


def unreadable(server: str, content: bytes) -> Fault:
    """Tell an answer that the API cannot have given, such as the login page of a gateway."""
    said = content[:500].decode(errors="replace").strip()
    return Fault(
        "api-unreadable",
        f"what answers at {server} is no Kubernetes API",
        kind="unreachable",
        evidence=(said.partition("\n")[0],),
        remedy="look at the proxy or gateway on the way; it may want you to log in",
    )


def refused(status: int, body: Status, asked: Asked, context: str) -> Fault:
    """Tell an answer that is no success; the API's own words are the evidence."""
    message = without_dumps(_message(status, body))
    causes = map(without_dumps, _causes(body))
    said = [line.strip() for line in message.splitlines()]
    evidence = (*filter(None, said), *(cause for cause in causes if cause not in message))
    if status == 401:
        return _token_expired(context, evidence)
    if any(cause.get("reason") == REASON for cause in _cause_list(body)):
        return namespace_terminating(asked.namespace, *evidence)
    if status == 403:
        return _forbidden(asked, evidence)
    code, sentence, kind, remedy = _plain(status, body, asked)
    return Fault(code, sentence, kind, evidence, remedy=remedy)


def managers(body: Status) -> tuple[str, ...]:
    """Return who else owns the fields that a server-side apply wanted."""
    found = (MANAGER.search(str(cause.get("message", ""))) for cause in _cause_list(body))
    return tuple(dict.fromkeys(match[1] for match in found if match))


def _plain(status: int, body: Status, asked: Asked) -> tuple[str, str, FaultKind, str]:
    if status == 404:
        return "api-not-found", f"the cluster has no {asked.subject}", "failed", ""
    if status == 409:
        return _conflict(body, asked)
    if status == 410:
        return "api-gone", f"too old to {asked}", "unreachable", "start over"
    if status == 422 or UNFIT.search(str(body.get("message", ""))):
        remedy = _correction(str(body.get("message", "")))
        return "api-invalid", f"the cluster finds it invalid: {asked}", "failed", remedy
    if status == 429 or status >= 500:
        sentence = f"the API server could not {asked}"
        return "api-unavailable", sentence, "unreachable", "try again in a moment"
    return "api-refused", f"the API server refused to {asked}", "failed", ""


def _correction(message: str) -> str:
    if UNDECLARED in message:
        return "correct the field's name, or leave it out: this cluster's version knows none such"
    if NO_TEXT in message:
        return "put the value into quotes, so that it is a text"
    if IMMUTABLE.search(message):
        return "delete the object, or give it another name"
    return "correct it"


def _conflict(body: Status, asked: Asked) -> tuple[str, str, FaultKind, str]:
    if others := managers(body):
        names = " and ".join(f"`{name}`" for name in others)
        sentence = f"fields of {asked.resource} {asked.name} are managed by {names}"
        remedy = "leave these fields out of the manifest, or take them over by force"
        return "api-conflict", sentence, "failed", remedy
    if body.get("reason") == "AlreadyExists":
        return "api-exists", f"it is there already: {asked}", "failed", ""
    return "api-conflict", f"somebody else changed it meanwhile: {asked}", "failed", "try again"


def _forbidden(asked: Asked, evidence: tuple[str, ...]) -> Fault:
    refused_by_policy = "is forbidden: User" not in evidence[0]
    if refused_by_policy and asked.verb in {"create", "update", "patch"}:
        return Fault(
            "api-denied",
            f"a rule of the cluster does not allow to {asked}",
            evidence=evidence,
            remedy="change what the rule names: a quota, a limit or an admission policy",
        )
    return Fault(
        "api-forbidden",
        f"you may not {asked}",
        kind="usage",
        evidence=evidence,
        remedy=f"ask for a role with the verb {asked.verb} on {asked.resource}"
        + (f" in the API group {asked.group}" if asked.group else ""),
    )


def _token_expired(context: str, evidence: tuple[str, ...]) -> Fault:
    return Fault(
        "token-expired",
        f"the cluster does not accept the credentials of the context `{context}` any more",
        kind="usage",
        evidence=evidence,
        remedy="log in again with your cluster's tool",
    )


def _message(status: int, body: Status) -> str:
    return str(body.get("message") or f"HTTP {status}")


def _cause_list(body: Status) -> Sequence[Mapping[str, Any]]:
    details = body.get("details")
    return (details or {}).get("causes") or () if isinstance(details, Mapping | None) else ()


def _causes(body: Status) -> tuple[str, ...]:
    return tuple(
        f"{cause.get('field', '')}: {cause.get('message', '')}".removeprefix(": ")
        for cause in _cause_list(body)
    )


def _certificate_error(error: BaseException) -> str:
    """Return what verification found wrong, empty when it is something else."""
    inner = getattr(error, "certificate_error", error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return str(getattr(inner, "verify_message", "") or inner)
    return ""


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):  # its own text shows our TLS object
        return str(error.os_error)
    return str(error) or type(error).__name__
