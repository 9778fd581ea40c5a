"""Stages and steps of an iteration, and how each may end."""

from typing import Literal

StageName = Literal["pre-up", "build", "push", "deploy", "rollout", "post-up"]
"""`pre-up` and `post-up` only where there are such tasks; `post-deploy` ones run in `post-up`."""
StepOutcome = Literal["done", "cached", "failed", "cancelled"]
IterationOutcome = Literal["ready", "unchanged", "failed", "superseded", "interrupted"]
