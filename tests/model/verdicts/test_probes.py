from dataclasses import replace

import pytest

from tests.model.verdicts.pictures import NOW, RUNNING, judged, pod
from tui.model.rollouts import Container, Probe

REFUSED = "dial tcp 10.0.0.9:8080: connect: connection refused"
READINESS = replace(
    RUNNING,
    failing_probe="readiness",
    probe_message=REFUSED,
    probes=(Probe("readiness", 8080, "/healthz"), Probe("liveness", 8080)),
)
LIVENESS = replace(READINESS, failing_probe="liveness")


@pytest.mark.parametrize(
    ("container", "outcome", "cause"),
    [
        (READINESS, "progressing", "readiness-probe"),
        (replace(READINESS, restarts=9), "progressing", "readiness-probe"),
        (LIVENESS, "progressing", "liveness-probe"),
        (replace(LIVENESS, restarts=1), "failed", "liveness-probe"),
        (replace(READINESS, listening=(9090,)), "failed", "wrong-port"),
        (replace(READINESS, listening_locally=(8080,)), "failed", "listens-on-loopback"),
        (replace(READINESS, listening_locally=(9090,)), "failed", "wrong-port"),
        (replace(READINESS, listening=(8080,)), "progressing", "readiness-probe"),
    ],
)
def test_probes_are_told_apart_and_by_what_really_listens(
    container: Container, outcome: str, cause: str
) -> None:
    verdict = judged(pod(container))
    assert (verdict.outcome, verdict.cause) == (outcome, cause)
    assert REFUSED in verdict.evidence


def test_a_command_that_says_nothing_is_told_without_a_blank() -> None:
    silent = replace(
        READINESS,
        failing_probe="startup",
        probe_message="",
        probes=(Probe("startup", command=("test", "-e", "/up")),),
        restarts=1,
    )
    verdict = judged(pod(silent))
    assert verdict.sentence.endswith("fails: test -e /up, restarted once")
    assert verdict.evidence == ()


def test_a_port_that_may_still_be_opened_is_not_final() -> None:
    young = replace(READINESS, started=NOW - 1, listening=(9090,))
    verdict = judged(pod(young))
    assert (verdict.outcome, verdict.cause) == ("progressing", "wrong-port")


def test_a_readiness_probe_is_final_with_the_deadline() -> None:
    verdict = judged(pod(READINESS), deadline=NOW)
    assert (verdict.outcome, verdict.cause) == ("failed", "readiness-probe")
    assert verdict.evidence[-1].startswith("not ready within")


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("HTTP probe failed with statuscode: 404", "make /healthz answer 200 to 399"),
        (REFUSED, "listen on port 8080 of all addresses"),
        ("context deadline exceeded (Client.Timeout exceeded", "timeoutSeconds"),
        ("strange", "make the container answer"),
    ],
)
def test_the_remedy_follows_from_what_the_probe_saw(said: str, remedy: str) -> None:
    assert remedy in judged(pod(replace(READINESS, probe_message=said))).remedy


def test_of_what_a_command_prints_the_sentence_has_the_error_and_the_evidence_the_lines() -> None:
    script = ("sh", "-c", "set -e\nexec check " + "x" * 200)
    printed = (
        "Traceback (most recent call last):\n"
        "    return opener.open(url, data, timeout)\n\n"
        "urllib.error.HTTPError: HTTP Error 503: Service Unavailable\n"
    )
    container = replace(
        RUNNING,
        failing_probe="readiness",
        probe_message=printed,
        probes=(Probe("readiness", command=script),),
    )
    verdict = judged(pod(container))
    assert verdict.sentence.endswith(
        "x…: urllib.error.HTTPError: HTTP Error 503: Service Unavailable"
    )
    assert "sh -c set -e exec check" in verdict.sentence
    assert "\n" not in verdict.sentence
    assert verdict.evidence == tuple(line for line in printed.splitlines() if line)
    assert verdict.remedy.startswith("run the probe's command")
