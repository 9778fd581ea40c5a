from pathlib import Path

from tui.clients.helm.faults import helm_failed
from tui.clients.helm.program import surroundings
from tui.clients.helm.verbs import ChartCall


def test_variables_that_would_lead_helm_to_another_cluster_are_kept_from_it() -> None:
    own = {
        "PATH": "/bin",
        "KUBECONFIG": "/k",
        "HELM_KUBEAPISERVER": "https://elsewhere",
        "HELM_KUBECONTEXT": "other",
        "HELM_NAMESPACE": "other",
        "HELM_DRIVER": "configmap",
    }
    assert surroundings(own) == {"PATH": "/bin", "KUBECONFIG": "/k", "HELM_DRIVER": "configmap"}


def test_our_values_come_on_stdin_and_what_the_user_sets_wins() -> None:
    call = ChartCall(Path("c"), (Path('a,"b.yaml'),), {"env": {"TOKEN": "s3"}}, ("x=1,y=2",))
    assert call.arguments() == ['--values="a,""b.yaml"', "--values=-", "--set=x=1,y=2"]
    assert call.stdin() == '{"env": {"TOKEN": "s3"}}'


def test_a_refused_object_is_told_without_its_dump_and_but_once() -> None:
    said = 'Job.batch "m" is invalid: spec.template: Invalid value: {}: field is immutable'
    dumped = said.format('core.PodTemplateSpec{Labels:map[string]string{"a":"b: c"}}')
    logged = f'level=WARN msg="upgrade failed" name=web error="{dumped}"'
    fault = helm_failed("deploy it", f"{logged}\nError: UPGRADE FAILED: {dumped}\n")
    assert fault.evidence == ("Error: UPGRADE FAILED: " + said.format("…"),)
    assert fault.remedy.startswith("delete the object")


def test_a_refused_value_of_several_lines_is_not_told() -> None:
    words = "Error: failed to create typed patch object: .data: expected map, got "
    fault = helm_failed("deploy the chart demo", f"{words}&{{-----BEGIN\n123456\n}}\n")
    assert fault.evidence == (f"{words}…",)


def test_helms_words_are_the_evidence_and_tell_the_remedy() -> None:
    fault = helm_failed(
        "deploy it", "\nError: found in Chart.yaml, but missing in charts/ directory: x"
    )
    assert fault.code == "helm-failed"
    assert fault.evidence == ("Error: found in Chart.yaml, but missing in charts/ directory: x",)
    assert "helm dependency build" in fault.remedy


def test_a_namespace_that_is_being_deleted_is_no_missing_right() -> None:
    words = "unable to create new content in namespace shop because it is being terminated"
    fault = helm_failed("deploy it", f'Error: secrets "x" is forbidden: {words}')
    assert fault.remedy.startswith("wait until the namespace is gone")
