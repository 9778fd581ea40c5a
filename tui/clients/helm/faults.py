"""What helm failed at, as faults; helm's own words are the evidence. Pure.

Helm tells errors in prose only. It is shown, and looked at for one thing: which of a few remedies
to name. Nothing is decided by it.
"""

import re

from tui.model.evidence import without_dumps
from tui.model.faults import Fault

LINES = 30
LOGGED = re.compile(r'level=WARN msg=".*failed')
REMEDIES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"missing in charts/ directory"), "run `helm dependency build` on the chart"),
    (re.compile(r"cannot be imported into the current release|already exists"),
     "something made without this release is in the way: remove it, or give it another name"),
    (re.compile(r"release name is invalid|DNS-1035 label"),
     "choose another `name` in draft.toml: at most 53 characters, the first one a letter"),
    (re.compile(r"because it is being terminated"),
     "wait until the namespace is gone and go again, or choose another `namespace`"),
    (re.compile(r"is forbidden"), "have the named right granted to you in this namespace"),
    (re.compile(r"no matches for kind"), "install what defines this kind, or correct apiVersion"),
    (re.compile(r"field is immutable|updates to statefulset spec"),
     "delete the object named, or give it another name; a Job that runs at each release is a hook"),
    (re.compile(r"template|YAML|yaml|values don't meet"), "correct the chart or its values"),
)  # fmt: skip


def helm_missing() -> Fault:
    """Return the fault of a machine without helm."""
    return Fault(
        "helm-missing",
        "helm is not installed, and this environment is deployed by a chart",
        kind="usage",
        remedy="install helm 3 or 4 (https://helm.sh), or list plain files in `manifests`",
    )


def helm_failed(doing: str, stderr: str) -> Fault:
    """Return the fault of a run that ended badly."""
    lines = told_lines(stderr)
    found = (remedy for pattern, remedy in REMEDIES if pattern.search(stderr))
    remedy = next(found, "read helm's words, correct the cause and go again")
    return Fault("helm-failed", f"helm could not {doing}", evidence=lines, remedy=remedy)


def helm_unreadable(doing: str, why: str) -> Fault:
    """Return the fault of an answer that is not what helm 3 and 4 give."""
    return Fault(
        "helm-answer",
        f"what helm answered when asked to {doing} cannot be read",
        evidence=(why,),
        remedy="use helm 3 or 4",
    )


def helm_running() -> Fault:
    """Return the fault of a helm, started by a redraft that is gone, that does not end."""
    return Fault(
        "helm-running",
        "a helm that an earlier redraft started for this environment is still at work",
        kind="unreachable",
        remedy="wait for it, or end the process `helm`, and go again",
    )


def told_lines(text: str) -> tuple[str, ...]:
    """Return the last lines of what helm said, each but once and without dumps of whole objects.

    Helm 4 logs the error that it tells then.
    """
    lines = without_dumps(text).splitlines()
    return tuple(line for line in lines if line.strip() and not LOGGED.match(line))[-LINES:]
