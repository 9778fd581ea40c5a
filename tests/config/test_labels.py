import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.labels import dns_label, is_dns_label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("greeter", "greeter"),
        ("My App", "my-app"),
        ("Café ☕", "cafe"),
        ("2048", "app-2048"),
        ("a\nb", "a-b"),
        ("☕", "app"),
        ("--x--", "x"),
        ("", "app"),
    ],
)
def test_the_nearest_label_of_a_folder_name(text: str, label: str) -> None:
    assert dns_label(text) == label


@given(st.text())
def test_what_is_made_is_always_a_label_and_stays_as_it_is(text: str) -> None:
    label = dns_label(text)
    assert is_dns_label(label)
    assert dns_label(label) == label


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a.b", "a_b", "a" * 64, "a\n", "é"])
def test_what_no_cluster_accepts_is_no_label(text: str) -> None:
    assert not is_dns_label(text)
