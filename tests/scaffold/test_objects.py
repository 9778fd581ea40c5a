import pytest

from tui.scaffold.objects import holds_json_objects, holds_objects

NAMED = "apiVersion: v1\nkind: Secret\n"


@pytest.mark.parametrize(
    ("text", "does"),
    [
        (f"{NAMED}metadata: {{ labels: {{}}, name: web }}\n", True),
        (f"{NAMED}metadata:\n\n  labels:\n    app: web\n  'name': web\n", True),
        (f"{NAMED}metadata: # what it is\r\n  name: web\r\n", True),
        (f"{NAMED}metadata:\n  generateName: web-\n", False),
        (f"{NAMED}metadata: {{}}\nspec:\n  name: web\n", False),
        (f"{NAMED}spec:\n  name: web\n", False),
        ("kind: Secret\nmetadata:\n  name: web\n", False),
        ("apiVersion: v1\nmetadata:\n  name: web\n", False),
        ('apiVersion: "v1"\nkind: "SecretList"\nitems:\n- {}\n', True),
        ("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: web\n", False),
        (f"%YAML 1.1\n---\n{NAMED}metadata:\n  name: web\n---\n...\n---\n# nothing\n", True),
        ("---\n# nothing\n...\n", False),
        ("", False),
    ],
)
def test_only_a_text_all_of_whose_documents_a_cluster_takes_holds_objects(
    text: str, does: bool
) -> None:
    assert holds_objects(text) is does


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ('{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}}', True),
        ('{"apiVersion": "v1", "kind": "Secret", "metadata": {}}', False),
        ('{"kind": "List", "items": []}', False),
        ('{"kind": "List", "items": [{"a": 1}]}', False),
        ('["a"]', False),
        ("[" * 100_000, False),
        ("{", False),
    ],
)
def test_only_a_json_text_of_objects_of_a_cluster_holds_them(text: str, does: bool) -> None:
    assert holds_json_objects(text) is does
