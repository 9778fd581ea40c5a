"""Telling a push: its layers as steps, with bytes and speed."""

import time

from tui.backends.images.speed import Speed
from tui.clients.docker.push import Layer
from tui.ports.telling import Steps


class LayerTelling:
    """Tells the layers of one image, over all its tags and all tries to push them."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._open: dict[str, tuple[str, float, Speed]] = {}
        self._tries: dict[str, int] = {}
        self._over: set[str] = set()

    def take(self, layer: Layer) -> None:
        """Tell how a layer is."""
        if layer.id in self._over:
            return
        match layer.state:
            case "there" if layer.id not in self._open:
                self._over.add(layer.id)
                self.steps.cached(self._name(layer.id))
            case "pushed" | "there":
                self._finish(layer.id)
            case "pushing" | "retrying":
                self._moved(layer)
            case "waiting":
                pass

    def close(self) -> None:
        """End the layers that are on their way still: the try is over."""
        for name, began, _ in self._open.values():
            self.steps.finished(name, time.monotonic() - began, "cancelled")
        self._open.clear()

    def _moved(self, layer: Layer) -> None:
        now = time.monotonic()
        if layer.id not in self._open:
            self._open[layer.id] = (self._name(layer.id), now, Speed(now))
            self.steps.started(self._open[layer.id][0])
        name, _, speed = self._open[layer.id]
        if layer.state == "retrying":
            self.steps.printed(name, (layer.said,))
        elif speed.measure(layer.done, now) or layer.done == layer.total:
            done = min(layer.done, layer.total)  # the engine counts what it wraps around, too
            self.steps.progressed(name, done, layer.total, "B", speed.value)

    def _finish(self, layer: str) -> None:
        self._over.add(layer)
        name, began, _ = self._open.pop(layer, (self._name(layer), time.monotonic(), None))
        self.steps.finished(name, time.monotonic() - began, "done")

    def _name(self, layer: str) -> str:
        """Return the step's name; one for every try, since a step ends but once."""
        self._tries[layer] = self._tries.get(layer, 0) + 1
        again = f" ({self._tries[layer]})" if self._tries[layer] > 1 else ""
        return f"layer {layer}{again}"
