"""Charts made of records: what a release asked for, where helm does not keep it any more.

What was rendered is a value and not a file: values go to helm on stdin, and objects may be Secrets.
Its one template prints that value as it is, so that nothing in it is taken for a template again.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tui.backends.kubernetes.records import Content
from tui.clients.helm.verbs import ChartCall

NAME = "kept-by-redraft"
FILES = {
    "Chart.yaml": f"apiVersion: v2\nname: {NAME}\nversion: 0.0.0\n",
    "templates/objects.yaml": "{{ .Values.objects }}\n",
}


@contextmanager
def kept_chart(content: Content) -> Iterator[ChartCall]:
    """Have a chart that renders to what a record holds while the `with` lasts."""
    with TemporaryDirectory(prefix="redraft-chart-") as folder:
        chart = Path(folder, NAME)
        for name, text in FILES.items():
            (chart / name).parent.mkdir(parents=True, exist_ok=True)
            (chart / name).write_text(text)
        objects = "\n---\n".join(json.dumps(one) for one in content.documents)
        yield ChartCall(chart, values={"objects": objects})
