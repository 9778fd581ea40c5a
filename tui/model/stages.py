"""Stages and steps of an iteration, and how each may end."""

from typing import Literal

StageName = Literal["build", "push", "deploy", "rollout"]
StepOutcome = Literal["done", "cached", "failed", "cancelled"]
IterationOutcome = Literal["ready", "unchanged", "failed", "superseded", "interrupted"]
