"""The cockpit's own two themes; Textual's stay in the palette."""

from textual.theme import Theme

DARK = Theme(
    name="redraft",
    primary="#7aa2f7",
    secondary="#9d7cd8",
    accent="#7dcfff",
    success="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
    foreground="#c8d0e8",
    background="#16181f",
    surface="#1b1e27",
    panel="#232735",
    dark=True,
)
LIGHT = Theme(
    name="redraft-light",
    primary="#2e5cc5",
    secondary="#7747b3",
    accent="#0f7b9f",
    success="#3f7a1e",
    warning="#9a6700",
    error="#c4314b",
    foreground="#2a2f3d",
    background="#f4f5f8",
    surface="#ffffff",
    panel="#e6e9f0",
    dark=False,
)
OWN = {theme.name: theme for theme in (DARK, LIGHT)}
