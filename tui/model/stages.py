"""Stages and steps of an iteration, and how each may end."""

from typing import Literal

StageName = Literal["pre-up", "build", "push", "deploy", "rollout", "post-up"]
"""`pre-up` and `post-up` only where there are such tasks; `post-deploy` ones run in `post-up`."""
StepOutcome = Literal["done", "cached", "failed", "cancelled"]
Cut = Literal["superseded", "aborted", "interrupted"]
"""Ended early: by something newer, by the user, or with redraft."""
IterationOutcome = Literal["ready", "deployed", "unchanged", "failed", Cut]
"""`deployed` where the rollout is not waited for (`wait = false`): how it ends is not known yet."""
