from tui.backends.kubernetes.evidence.masking import hidden, with_masked
from tui.model.masking import MASK, Mask, SecretValue, mask_of
from tui.model.rollouts import Container, Pod, Rollout, Termination, WarningEvent

SAID = "it is k9#Fq2!xLw"
MASKING = mask_of([SecretValue("value", b"k9#Fq2!xLw")])
LAST = Termination(1, message=SAID, last_lines=("begin", SAID))
CONTAINER = Container("app", message=SAID, probe_message=SAID, last=LAST)
POD = Pod(
    "web",
    1,
    "Running",
    (CONTAINER, Container("young")),
    message=SAID,
    warnings=(WarningEvent("Unhealthy", SAID),),
)
ROLLOUT = Rollout(1, pods=(POD,))


def test_whatever_a_pod_and_the_cluster_say_of_it_is_masked() -> None:
    masked = with_masked(ROLLOUT, MASKING)
    assert "k9" not in repr(masked)
    assert repr(masked).count(f"it is {MASK}") == repr(ROLLOUT).count(SAID)
    assert masked.pods[0].containers[1] == Container("young")


def test_where_nothing_is_secret_the_picture_stays_the_very_same() -> None:
    assert with_masked(ROLLOUT, Mask()) is ROLLOUT


def test_where_it_is_not_known_what_is_secret_all_is_hidden() -> None:
    masked = with_masked(ROLLOUT, hidden)
    assert "it is" not in repr(masked)
    assert masked.pods[0].containers[1] == Container("young")
