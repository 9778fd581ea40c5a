"""Pod templates: told apart by a digest, so that a change by somebody else is noticed. Pure."""

import hashlib
import json

from tui.backends.kubernetes.objects import RawObject


def template_digest(workload: RawObject) -> str:
    """Return the digest of a workload's pod template, empty where it has none."""
    template = workload.get("spec", {}).get("template")
    return digest(template) if template else ""


def digest(template: RawObject) -> str:
    """Return the digest of a pod template as the API writes it."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()
