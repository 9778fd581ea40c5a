"""redraft: a terminal cockpit for the inner development loop."""

__version__ = "0.1.0"
